// The demo page's server: serves the built page and mounts the signing gateway beside it. Key and secret come through
// the environment (QCC_KEY, QCC_SECRET_KEY, QCC_BASE_URL) and stay in this process.
//
//   PORT=8080 HOST=127.0.0.1 node server.mjs
import { randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { createGateway, toNodeHandler } from "qcc-pro/gateway";
import sirv from "sirv";

const { PORT = "0", HOST = "127.0.0.1", QCC_KEY, QCC_SECRET_KEY, QCC_BASE_URL } = process.env;
const MOUNT = "/api/qcc";
const dist = fileURLToPath(new URL("dist/", import.meta.url));

const page = await readFile(`${dist}index.html`, "utf8").catch(() => {
  console.error(`error: there is no built page in ${dist}; run \`npm run build\` first`);
  process.exit(1);
});
// The page asks where it finds the gateway, and runs a sandbox in itself where it finds none.
const html = page.replace("<head>", `<head>\n    <meta name="qcc-gateway" content="${MOUNT}" />`);

// Every call may be billed, so only a browser that got the page from here may cause one: the page comes with a cookie
// that no script and no other site can read or send.
const session = randomBytes(32).toString("hex");
const cookie = `qcc-demo=${session}; HttpOnly; SameSite=Strict; Path=${MOUNT}`;

function authorize(request) {
  const given = /(?:^|;\s*)qcc-demo=([0-9a-f]{64})(?:;|$)/.exec(request.headers.get("cookie") ?? "")?.[1];
  return given !== undefined && timingSafeEqual(Buffer.from(given), Buffer.from(session));
}

const gateway = toNodeHandler(
  createGateway({ key: QCC_KEY, secretKey: QCC_SECRET_KEY, baseUrl: QCC_BASE_URL, authorize, maxCallsPerMinute: 6000 }),
);

// The page's own policy, a <meta> in it, for its workers as well, which go by the headers they come with; and what a
// <meta> cannot say.
const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1].replaceAll("&#39;", "'");
if (!policy) {
  console.error(`error: the page in ${dist} has no content security policy; run \`npm run build\` again`);
  process.exit(1);
}
const headers = {
  "content-security-policy": `${policy}; frame-ancestors 'none'`,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const files = sirv(dist, {
  etag: true,
  // Their names change with their contents.
  setHeaders: (response, path) => path.startsWith("/assets/") && response.setHeader("cache-control", "public, max-age=31536000, immutable"),
});

// The documents, once `cargo xtask docs` has built them: each of their pages has a policy of its own in a <meta>.
const DOCS = "/docs/";
const built = fileURLToPath(new URL("../docs/.vitepress/dist/", import.meta.url));
const documents = existsSync(built) ? sirv(built, { etag: true }) : undefined;

function absent(response) {
  response.writeHead(404, { "content-type": "text/plain; charset=utf-8" });
  response.end("404\n");
}

const server = createServer((request, response) => {
  const [path] = request.url.split("?", 1);
  if (path === MOUNT || path.startsWith(`${MOUNT}/`)) {
    gateway(request, response);
    return;
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (path === "/" || path === "/index.html") {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("cache-control", "no-store");
    response.setHeader("set-cookie", cookie);
    response.end(request.method === "HEAD" ? undefined : html);
    return;
  }
  if (documents && path.startsWith(DOCS)) {
    response.setHeader("content-security-policy", "frame-ancestors 'none'");
    request.url = request.url.slice(DOCS.length - 1);
    documents(request, response, () => absent(response));
    return;
  }
  files(request, response, () => absent(response));
});

server.on("error", (error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
server.listen(Number(PORT), HOST, () => {
  const { address, family, port } = server.address();
  const url = `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  console.log(`The page is at ${url}/`);
  if (documents) console.log(`The documents are at ${url}${DOCS}`);
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
