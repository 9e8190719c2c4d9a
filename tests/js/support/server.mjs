// A QCC Pro of our own for the tests, made of node:http and node:crypto only: it shares no code with the package, so a
// mistake in signing, parameters or parsing cannot cancel itself out.
//
// By itself it does what the documents say: checks `key`, `Token`, `Timespan` and the parameters, answers the
// documents' samples word for word, and 201 for other companies (or the rows that `relations` gives). What the next
// requests meet instead is put into its queue:
//
//   const qcc = await startQcc();
//   qcc.next({ http: 503, headers: { "retry-after": "1" } }, { code: 199 }, { stall: "body" });
//   … the client's calls at qcc.url with qcc.key and qcc.secretKey …
//   qcc.requests.length, qcc.billed, qcc.openSockets, qcc.peak
//   await qcc.close();
//
// One entry of the queue serves one request. Its fields:
//   code      a status code in the documents' envelope
//   json      a value as the body; body: text or bytes as the body; without these, what the server answers by itself
//   http      the HTTP status (200); headers: more headers, or with null fewer
//   html      true: an HTML page as a proxy sends it
//   delayMs   waits before the answer
//   stall     "headers": never answers · "body": sends half the body, then nothing more, the connection stays open
//   cut       sends so many bytes of the body (of what Content-Length promised), then breaks the connection off
//   reset     "before": the connection is reset unanswered and the request counts as never run · "after": it ran, and
//             is billed, but its answer is lost
//   encoding  "gzip", "deflate" or "br"
//   chunks    sends the body in so many pieces without Content-Length
// A function in the queue is called with the request and returns such an entry.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { PARTNERSHIP_SAMPLE, QUOTA_SAMPLE, SAMPLE_KEY, SAMPLE_NAMES } from "./samples.mjs";

const PARTNERSHIP = "/api/corp/correlation/findPartnershipRelation";
const QUOTA = "/api/company/quota/getQuota";
const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
const MESSAGES = { 200: "查询成功", 201: "查询无结果", 202: "查询参数错误，请检查", 209: "企业数量超过上限", 213: "参数长度不能小于 2" };

/** The documents' envelope. Codes that begin with 2, but for 203, 214 and 223, are 有效请求: they count. */
export function counts(code) {
  return String(code).startsWith("2") && ![203, 214, 223].includes(Number(code));
}

export function envelope(code, result) {
  const prefix = counts(code) ? "【有效请求】" : "【无效请求】";
  return { status: String(code), msg: prefix + (MESSAGES[code] ?? `代码 ${code}`), ...(result === undefined ? {} : { result }) };
}

/** `Token` by node's own MD5. */
export function tokenOf(key, timespan, secretKey) {
  return createHash("md5").update(`${key}${timespan}${secretKey}`, "utf8").digest("hex").toUpperCase();
}

/**
 * @param {object} [options]
 * @param {string} [options.key] @param {string} [options.secretKey]
 * @param {number} [options.toleranceSeconds] how far `Timespan` may be off (300)
 * @param {number} [options.clockOffset] seconds by which this server's clock is ahead; may be changed on the result
 * @param {(names: string[]) => object[]} [options.relations] rows for other companies than the sample's
 * @param {boolean} [options.cors] lets pages of other origins call, as the real one is not known to
 */
export async function startQcc(options = {}) {
  const qcc = {
    url: "",
    key: SAMPLE_KEY,
    secretKey: "0123456789ABCDEF0123456789ABCDEF",
    toleranceSeconds: 300,
    clockOffset: 0,
    relations: () => [],
    cors: false,
    ...options,
    /** Every request that came: method, path, query, headers, the code it was answered with (null: not by a code). */
    requests: [],
    /** How many were answered with a code that counts, whether or not the answer arrived. */
    billed: 0,
    /** Requests being answered now, and the most there ever were. */
    inFlight: 0,
    peak: 0,
    openSockets: 0,
    queue: [],
    next(...entries) {
      qcc.queue.push(...entries);
      return qcc;
    },
    close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };
  const server = createServer((request, response) => {
    qcc.inFlight += 1;
    qcc.peak = Math.max(qcc.peak, qcc.inFlight);
    response.on("close", () => (qcc.inFlight -= 1));
    handle(qcc, request, response).catch((error) => {
      // A mistake in a test's script: loud, and never a hang.
      console.error(error);
      response.destroy(error);
    });
  });
  server.on("connection", (socket) => {
    qcc.openSockets += 1;
    socket.on("close", () => (qcc.openSockets -= 1));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  qcc.url = `http://127.0.0.1:${server.address().port}`;
  return qcc;
}

async function handle(qcc, request, response) {
  const url = new URL(request.url, "http://localhost");
  const record = {
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    /** The client's, by which connections are told apart. */
    port: request.socket.remotePort,
    at: Date.now(),
    code: null,
  };
  const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "token,timespan" };
  if (qcc.cors && request.method === "OPTIONS") {
    response.writeHead(204, cors).end();
    return;
  }
  qcc.requests.push(record);
  const scripted = qcc.queue.shift();
  const entry = (typeof scripted === "function" ? await scripted(record) : scripted) ?? {};

  if (entry.delayMs) await sleep(entry.delayMs);
  if (entry.reset === "before") {
    request.socket.resetAndDestroy();
    return;
  }
  let { body } = entry;
  if (entry.html) body = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>";
  else if (entry.json !== undefined) body = JSON.stringify(entry.json);
  else if (entry.code !== undefined) body = JSON.stringify(envelope(entry.code));
  else if (body === undefined && (entry.http ?? 200) < 400) body = answer(qcc, record, url.searchParams);
  body = Buffer.from(body ?? "");
  record.code = codeOf(body);
  if (counts(record.code)) qcc.billed += 1;
  if (entry.reset === "after") {
    request.socket.resetAndDestroy();
    return;
  }
  if (entry.stall === "headers") return;

  const headers = {
    "content-type": entry.html ? "text/html; charset=utf-8" : "application/json;charset=UTF-8",
    date: new Date(Date.now() + qcc.clockOffset * 1000).toUTCString(),
    ...(qcc.cors ? cors : {}),
  };
  if (entry.encoding) {
    body = ENCODERS[entry.encoding](body);
    headers["content-encoding"] = entry.encoding;
  }
  if (!entry.chunks) headers["content-length"] = body.length;
  for (const [name, value] of Object.entries(entry.headers ?? {})) {
    if (value === null) delete headers[name];
    else headers[name] = value;
  }
  if (headers.date === undefined) response.sendDate = false;
  response.writeHead(entry.http ?? 200, headers);
  if (entry.cut !== undefined || entry.stall === "body") {
    // Only once the part is with the system may the connection be broken off.
    const part = body.subarray(0, entry.cut ?? Math.floor(body.length / 2));
    response.flushHeaders();
    await new Promise((resolve) => (part.length > 0 ? response.write(part, resolve) : setImmediate(resolve)));
    if (entry.cut !== undefined) request.socket.destroySoon();
    return;
  }
  if (entry.chunks) {
    const size = Math.ceil(body.length / entry.chunks);
    for (let start = 0; start < body.length; start += size) {
      await new Promise((resolve) => response.write(body.subarray(start, start + size), resolve));
    }
    response.end();
    return;
  }
  response.end(body);
}

/** What the documents say is answered. */
function answer(qcc, { method, path, headers }, query) {
  const refused = (code) => JSON.stringify(envelope(code));
  if (path !== PARTNERSHIP && path !== QUOTA) return refused(113);
  if (method !== "GET") return refused(118);
  if (query.get("key") !== qcc.key) return refused(101);
  const { token, timespan } = headers;
  if (!/^\d{1,12}$/.test(timespan ?? "")) return refused(115);
  if (token !== tokenOf(qcc.key, timespan, qcc.secretKey)) return refused(107);
  if (Math.abs(Date.now() / 1000 + qcc.clockOffset - Number(timespan)) > qcc.toleranceSeconds) return refused(115);
  if (path === QUOTA) return QUOTA_SAMPLE;
  const companyNames = query.get("companyNames");
  if (!companyNames) return refused(202);
  const names = companyNames.split(",");
  if (names.length > 20) return refused(209);
  if (names.some((name) => [...name].length < 2)) return refused(213);
  if (names.length === 2 && SAMPLE_NAMES.every((name) => names.includes(name))) return PARTNERSHIP_SAMPLE;
  const rows = qcc.relations(names);
  const result = { requestId: "0", key: qcc.key, companyNames, partnershipRelationList: rows };
  return JSON.stringify(rows.length > 0 ? envelope(200, result) : envelope(201));
}

function codeOf(body) {
  try {
    const { status, Status } = JSON.parse(body);
    return Number(status ?? Status) || null;
  } catch {
    return null;
  }
}
