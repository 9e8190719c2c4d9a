/** A fetch handler for `node:http` and what is built on it (Express, Connect, Fastify's raw requests). */

/**
 * The method and target as they came over the wire. A Request's are tidied up: `/a/../b` is `/b` there, and there is no
 * Request with the method TRACE.
 * @type {WeakMap<Request, { method: string, target: string }>}
 */
const asSent = /* @__PURE__ */ new WeakMap();

export function targetOf(request) {
  return asSent.get(request) ?? { method: request.method, target: request.url.replace(/^[^:/?#]+:\/\/[^/?#]*/, "") };
}

/** @param {(request: Request) => Promise<Response>} handler */
export function toNodeHandler(handler) {
  return async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on("close", () => outgoing.writableFinished || gone.abort());
    try {
      const response = await handler(toRequest(incoming, gone.signal));
      const body = new Uint8Array(await response.arrayBuffer());
      if (outgoing.destroyed) return;
      outgoing.statusCode = response.status;
      for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
      outgoing.end(body);
    } catch {
      // What the handler threw is nobody's business outside.
      if (!outgoing.headersSent) outgoing.statusCode = 500;
      outgoing.end();
    }
  };
}

function toRequest(incoming, signal) {
  // Express has taken the mount path off `url`.
  const target = incoming.originalUrl ?? incoming.url;
  const headers = new Headers();
  const raw = incoming.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) if (!raw[i].startsWith(":")) headers.append(raw[i], raw[i + 1]);
  const plain = ["GET", "HEAD", "OPTIONS"].includes(incoming.method);
  const request = new Request(addressOf(incoming, target), { method: plain ? incoming.method : "GET", headers, signal });
  asSent.set(request, { method: incoming.method, target });
  return request;
}

/** The address the caller has called, as far as it can be told. */
function addressOf({ headers, socket }, target) {
  const scheme = socket?.encrypted ? "https" : "http";
  const host = headers.host ?? headers[":authority"] ?? "localhost";
  const url = `${scheme}://${host}${target.startsWith("/") ? target : "/"}`;
  return URL.canParse(url) && !new URL(url).username ? url : `${scheme}://localhost/`;
}
