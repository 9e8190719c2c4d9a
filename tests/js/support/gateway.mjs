// A gateway on node:http in front of the tests' own server, and requests to it that no client library would send.
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { createGateway, toNodeHandler } from "qcc-pro/gateway";
import { HASTY } from "./client.mjs";

/** What lets a request in at these gateways: `bearer(NAME)`, by which the caller is NAME. */
export const bearer = (name = "tester") => ({ authorization: `Bearer let-me-in ${name}` });

export const authorize = (request) => /^Bearer let-me-in (\w+)$/.exec(request.headers.get("authorization") ?? "")?.[1];

/** A gateway that ends with the test `t`: its `url` (mounted under /api/qcc), and what it told of itself. */
export async function gatewayFor(t, qcc, options = {}) {
  const { key, secretKey, url: baseUrl } = qcc;
  const events = [];
  const onEvent = (event) => events.push(event);
  const handler = createGateway({ key, secretKey, baseUrl, authorize, retry: HASTY, onEvent, ...options });
  const server = createServer(toNodeHandler(handler));
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => (server.close(), server.closeAllConnections()));
  const { port } = server.address();
  return { url: `http://127.0.0.1:${port}/api/qcc`, port, handler, events };
}

/** Sends these very bytes, which must ask for the connection to be closed, and reads all that comes back. */
export async function raw(port, text) {
  const socket = connect(port, "127.0.0.1");
  socket.write(Buffer.from(text, "latin1"));
  const chunks = [];
  for await (const chunk of socket) chunks.push(chunk);
  const said = Buffer.concat(chunks).toString("utf8");
  const [head, ...body] = said.split("\r\n\r\n");
  const [line, ...fields] = head.split("\r\n");
  const headers = new Headers(fields.map((field) => field.split(/: (.*)/s).slice(0, 2)));
  return { status: Number(line.split(" ")[1]), headers, body: body.join("\r\n\r\n"), said };
}
