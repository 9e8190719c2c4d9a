/**
 * The sandbox as an HTTP server, on `node:http`, which Node, Deno and Bun have: of their servers it alone gives the
 * socket, and so connections that are really reset, cut and left hanging.
 */

/** @returns {Promise<{ url: string, port: number, close(): Promise<void> }>} */
export async function serve(answerTo, { port = 0, host = "127.0.0.1" } = {}) {
  const { createServer } = await nodeHttp();
  const sockets = new Set();
  const server = createServer((request, response) => {
    let answer;
    try {
      answer = answerTo(read(request));
    } catch {
      response.writeHead(400, { connection: "close" }).end();
      return;
    }
    const timer = setTimeout(() => send(answer, response), answer.delayMs);
    // Also when the client goes away or the server is closed.
    response.on("close", () => clearTimeout(timer));
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

function send({ httpStatus, headers, transport, body, arriving }, response) {
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
      if (transport === "deliver") response.end(body);
      else response.write(body.subarray(0, arriving), () => transport === "cut-body" && socket.destroy());
  }
}

/** An address as it stands in a URL; one that means every address is none to call. */
function urlHost(address) {
  if (address === "0.0.0.0") return "127.0.0.1";
  if (address === "::") return "[::1]";
  return address.includes(":") ? `[${address}]` : address;
}

async function nodeHttp() {
  const name = "node:http";
  if (typeof globalThis.process?.versions?.node !== "string") {
    throw new Error("qcc-pro/sandbox: listen() needs Node, Deno or Bun; here, use sandbox.fetch in place of fetch");
  }
  // Not `import("node:http")`: bundlers for browsers stumble over it, reached or not.
  return process.getBuiltinModule?.(name) ?? import(/* webpackIgnore: true */ /* @vite-ignore */ name);
}
