/**
 * `qcc-pro/gateway`: lets a page ask QCC Pro through its own server, which signs. A standard fetch handler; what it lets
 * through and what it answers is decided in Rust (src/gateway/, in a WebAssembly module of its own), and the calls are the
 * client's own.
 */
import { QccClient } from "./client.js";
import { guarded, living } from "./gateway/instance.js";
import { targetOf } from "./gateway/node.js";
import { limitSize } from "./gateway/size.js";
import { readAccess, readFunction } from "./options.js";
import { relay } from "./relay.js";
import { configError } from "./unsent.js";

export { toNodeHandler } from "./gateway/node.js";

/** Less than a client's own deadline, so that what the gateway has to say arrives in time. */
const DEADLINE_MS = 110_000;
const CALLS_PER_MINUTE = 60;
const RESPONSE_BYTES = 16 * 1024 * 1024;
const AUTHORIZE_MS = 30_000;

const META = "QCC-Meta";

/** Options that are the client's. */
const PASSED_ON = ["key", "secretKey", "baseUrl", "store", "storeTtlMs", "timeoutMs", "retry", "pending", "headers", "onEvent"];

export function createGateway(options) {
  const authorize = readAuthorize(options);
  const origins = readOrigins(options.origins);
  const endpoints = readEndpoints(options.endpoints);
  const mostCalls = readMost(options, "maxCallsPerMinute", CALLS_PER_MINUTE, 0xffffffff);
  const mostBytes = readMost(options, "maxResponseBytes", RESPONSE_BYTES, Number.MAX_SAFE_INTEGER);
  const onEvent = readFunction(options, "onEvent");
  const passedOn = Object.fromEntries(PASSED_ON.map((name) => [name, options[name]]));
  const { key } = readAccess(passedOn);
  const client = new QccClient({
    ...passedOn,
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    fetch: limitSize(readFunction(options, "fetch"), mostBytes),
  });
  const gate = living((core) => new core.CoreGateway(endpoints, origins, mostCalls, key));
  gate((live) => live);

  const tell = (httpStatus, message) => {
    try {
      onEvent?.({ type: "refused", endpoint: "", attempt: 0, httpStatus, message });
    } catch {
      // A listener's mistake lets nobody in and keeps nobody out.
    }
  };

  /** @param {Request} request */
  return async function gateway(request) {
    let common = [];
    const refuse = ([status, body, headers, meta], reason) => {
      if (status !== 204) tell(status, reason ?? JSON.parse(body).error.message);
      return respond(status, body, [...common, ...pairs(headers)], meta);
    };
    try {
      const { method, target } = targetOf(request);
      const checked = gate((live, core) => live.check(method, target, lookedAt(core, request.headers)));
      const [status, endpoint, headers, names] = checked;
      if (status !== 0) return refuse(checked);
      common = pairs(headers);
      const { caller, reason } = await callerOf(authorize, request);
      const refusal = gate((live) => live.admit(caller, Date.now()));
      if (refusal) return refuse(refusal, reason);
      // Where there is a store a call that was paid for is kept, whether or not its page still waits.
      const signal = options.store ? undefined : request.signal;
      const [meta, body, failed] = await client[relay](endpoint, names, signal);
      if (failed !== undefined) return respond(failed, body, common, meta);
      const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
      const [answered, shown, told] = gate((live) => live.answer(bytes, meta));
      return respond(answered, shown, common, told);
    } catch (error) {
      return refuse(guarded((core) => core.CoreGateway.failed()), String(error?.message ?? error));
    }
  };
}

/** Names and values by turns of the headers that are looked at; all others stay outside. */
function lookedAt(core, headers) {
  return core.CoreGateway.lookedAt().flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [name, value];
  });
}

/** The caller's id, empty where `authorize` gave `true`; undefined, and why, where nobody is let in. */
async function callerOf(authorize, request) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${AUTHORIZE_MS} ms`)), AUTHORIZE_MS);
  });
  try {
    const said = await Promise.race([authorize(request), late]);
    if (said === true) return { caller: "" };
    return typeof said === "string" && said !== "" ? { caller: said } : {};
  } catch (error) {
    return { reason: `authorize failed: ${error?.message ?? error}` };
  } finally {
    clearTimeout(timer);
  }
}

function respond(status, body, headers, meta) {
  return new Response(body, { status, headers: meta === undefined ? headers : [...headers, [META, meta]] });
}

function pairs(flat) {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
}

function readAuthorize(options) {
  if (typeof options?.authorize === "function") return options.authorize;
  throw configError(
    "网关须有 authorize (the option authorize is missing: nobody is let in by default)",
    "createGateway({ authorize: async (request) => … true, or the caller's id, for those who may spend your calls })",
  );
}

function readList(name, list) {
  if (Array.isArray(list) && list.every((item) => typeof item === "string")) return list;
  throw configError(`配置错误 (the option ${name} must be an array of strings)`, "Leave it out for the default.");
}

function readEndpoints(endpoints) {
  return endpoints === undefined ? undefined : readList("endpoints", endpoints);
}

/** Origins as browsers write them; none that everybody has. */
function readOrigins(origins = []) {
  for (const origin of readList("origins", origins)) {
    if (!/^https?:\/\//.test(origin) || !URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw configError(
        `配置错误 (the option origins has ${JSON.stringify(origin)}, which is no origin of a page)`,
        "Write it as https://page.example: no path, no slash at the end, no star.",
      );
    }
  }
  return origins;
}

/** A whole number; undefined for `Infinity`, no limit. */
function readMost(options, name, usual, highest) {
  const most = options[name] ?? usual;
  if (most === Infinity) return undefined;
  if (Number.isInteger(most) && most > 0 && most <= highest) return most;
  throw configError(`配置错误 (the option ${name} must be a whole number above 0)`, "Or Infinity, for no limit.");
}
