/** qcc-pro: the client for 企查查专业版 (QCC Pro). */
export { QccClient } from "./client.js";
export { QccError } from "./error.js";
export { RelationGraph } from "./graph.js";
export { init } from "./init.js";
export { CallPlan, planCalls } from "./plan.js";
export { Scan } from "./scan.js";
export { sign } from "./sign.js";
export { statusInfo } from "./status.js";
