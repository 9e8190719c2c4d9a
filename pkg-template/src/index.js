/** qcc-pro: the client for 企查查专业版 (QCC Pro). */
export { init } from "#core";
export { QccClient } from "./client.js";
export { QccError } from "./error.js";
export { RelationGraph } from "./graph.js";
export { sign, statusInfo } from "./sign.js";
