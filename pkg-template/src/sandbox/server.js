/**
 * The sandbox as an HTTP server, on `node:http`, which Node, Deno and Bun have: of their servers it alone gives the
 * socket, and so connections that are really reset, cut and left hanging.
 */
import { pieces, wait } from "./transport.js";

/** @returns {Promise<{ url: string, port: number, close(): Promise<void> }>} */
export async function serve(answerTo, { port = 0, host = "127.0.0.1", gzip = false } = {}) {
  const { createServer } = await builtin("node:http");
  const gzipSync = gzip && (await builtin("node:zlib")).gzipSync;
  const sockets = new Set();
  const server = createServer((request, response) => {
    let answer;
    try {
      answer = answerTo(read(request));
    } catch {
      response.writeHead(400, { connection: "close" }).end();
      return;
    }
    if (gzipSync && /\bgzip\b/.test(request.headers["accept-encoding"])) answer = compressed(answer, gzipSync);
    // Also when the client goes away or the server is closed: nothing is waited for then.
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    send(answer, response, gone.signal).catch(() => response.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  let closed;
  return {
    url: `http://${urlHost(bound.address)}:${bound.port}`,
    port: bound.port,
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
      return closed;
    },
  };
}

function read({ method, url, headers }) {
  // A base, since a server is sent paths.
  return { method, url: new URL(url, "http://sandbox"), token: headers.token, timespan: headers.timespan };
}

/** The answer compressed; of one that does not arrive whole, half of the compressed bytes do. */
function compressed(answer, gzipSync) {
  const body = gzipSync(answer.body);
  const headers = answer.headers.map(([name, value]) => [name, name === "content-length" ? String(body.length) : value]);
  const arriving = answer.arriving === answer.body.length ? body.length : Math.floor(body.length / 2);
  return { ...answer, body, arriving, headers: [...headers, ["content-encoding", "gzip"], ["vary", "accept-encoding"]] };
}

async function send({ delayMs, bodyMs, httpStatus, headers, transport, body, arriving }, response, gone) {
  await wait(delayMs, gone);
  const { socket } = response;
  switch (transport) {
    case "no-answer":
      return;
    case "refuse":
    case "reset":
      if (typeof socket.resetAndDestroy === "function") socket.resetAndDestroy();
      else socket.destroy();
      return;
    default:
      response.writeHead(httpStatus, headers.flat());
      if (transport === "deliver" && bodyMs === 0) {
        response.end(body);
        return;
      }
      response.flushHeaders();
      for await (const piece of pieces(body.subarray(0, arriving), bodyMs, gone)) {
        await new Promise((resolve) => response.write(piece, resolve));
      }
      if (transport === "deliver") response.end();
      else if (transport === "cut-body") socket.destroy();
  }
}

/** An address as it stands in a URL; one that means every address is none to call. */
function urlHost(address) {
  if (address === "0.0.0.0") return "127.0.0.1";
  if (address === "::") return "[::1]";
  return address.includes(":") ? `[${address}]` : address;
}

async function builtin(name) {
  if (typeof globalThis.process?.versions?.node !== "string") {
    throw new Error("qcc-pro/sandbox: listen() needs Node, Deno or Bun; here, use sandbox.fetch in place of fetch");
  }
  // Neither `import("node:http")` nor a bare `process`: bundlers for browsers stumble over them, reached or not.
  return globalThis.process.getBuiltinModule?.(name) ?? import(/* webpackIgnore: true */ /* @vite-ignore */ name);
}
