// What the rows of the matrix share: empty projects with the packed package installed, programs started in them, and
// servers of their own for each.
import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startQcc } from "../support/server.mjs";
import { installed } from "../support/web.mjs";

export const matrix = dirname(fileURLToPath(import.meta.url));

/** A file of one of the tools. */
export const tool = (path) => join(matrix, "node_modules", path);

/** The version of a tool. */
export const version = (name) => JSON.parse(readFileSync(tool(`${name}/package.json`), "utf8")).version;

/** The version of one of the tools in tests/js. */
export const ownVersion = (name) => version(join("../../node_modules", name));

/** The Node of a major version, from npm's packages. */
export function node(major) {
  const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const file = tool(`node${major}-${platform}/bin/${process.platform === "win32" ? "node.exe" : "node"}`);
  return { file, version: version(`node${major}-${platform}`) };
}

/**
 * An empty project in which nothing but the package is installed. Without the package's `.wasm` files, unless `wasm`:
 * where they are not asked for they cannot be needed.
 * @param {string} name @param {Record<string, string>} files path → text, or the name of a file in program/
 */
export async function project(name, files, { wasm = false, manifest = {} } = {}) {
  const folder = join(matrix, "projects", name.replace(/\W+/g, "-"));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const own = { name: "empty", private: true, dependencies: { "qcc-pro": "*" }, ...manifest };
  await writeFile(join(folder, "package.json"), JSON.stringify(own));
  await cp(installed, join(folder, "node_modules/qcc-pro"), {
    recursive: true,
    filter: (path) => wasm || !path.endsWith(".wasm"),
  });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const known = /^\S+\.[cm]?[jt]s$/.test(text);
    await writeFile(join(folder, path), known ? await readFile(join(matrix, "program", text)) : text);
  }
  return folder;
}

/** Runs a program to its end and gives what it printed; what it said where it failed. */
export function run(file, arguments_, { cwd, env = {}, timeout = 240_000 } = {}) {
  const { QCC_KEY, QCC_SECRET_KEY, QCC_BASE_URL, NODE_OPTIONS, NODE_TEST_CONTEXT, ...others } = process.env;
  const quiet = { CI: "1", NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", NEXT_TELEMETRY_DISABLED: "1" };
  const options = { cwd, env: { ...others, ...quiet, ...env }, timeout, maxBuffer: 1 << 24 };
  return new Promise((resolve, reject) => {
    execFile(file, arguments_, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.killed ? "took too long: " : ""}${stdout.slice(-3000)}\n${stderr.slice(-3000)}`));
    });
  });
}

/** Starts a server and waits for the first line in which it names its address. */
export async function serving(file, arguments_, { cwd, env = {} }) {
  const child = spawn(file, arguments_, { cwd, env: { ...process.env, NO_COLOR: "1", ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  let said = "";
  const url = await new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk;
      const found = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    exited.then(() => reject(new Error(`it ended: ${said}`)));
  });
  return { url: `${url}/`, close: () => (child.kill(), exited) };
}

/** How many `.wasm` files there are in a folder. */
export async function wasmFiles(folder) {
  return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".wasm")).length;
}

/** A QCC Pro of the row's own, and a server that resets every connection on which a question about companies comes. */
export async function servers(options) {
  const qcc = await startQcc(options);
  const unlucky = await startResetting(options);
  return {
    qcc,
    unlucky,
    /** What the row's program is told. */
    told: { url: qcc.url, resets: unlucky.url, key: qcc.key, secretKey: qcc.secretKey },
    close: () => Promise.all([qcc.close(), unlucky.close()]),
  };
}

/**
 * Bare TCP, so that no server's own manners are in the way: answers the quota, and resets the connection when it reads
 * the other question, which it counts.
 */
async function startResetting({ cors = false } = {}) {
  const sockets = new Set();
  const unlucky = { url: "", questions: 0 };
  const server = createServer((socket) => {
    sockets.add(socket);
    let unread = "";
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      unread += chunk.toString("latin1");
      for (let end = unread.indexOf("\r\n\r\n"); end >= 0; end = unread.indexOf("\r\n\r\n")) {
        const head = unread.slice(0, end);
        unread = unread.slice(end + 4);
        if (head.startsWith("GET") && head.includes("findPartnershipRelation")) {
          unlucky.questions += 1;
          socket.resetAndDestroy();
          return;
        }
        const body = JSON.stringify({ status: "200", msg: "", result: [] });
        const lines = ["HTTP/1.1 200 OK", `content-length: ${body.length}`, "content-type: application/json"];
        if (cors) lines.push("access-control-allow-origin: *", "access-control-allow-headers: token,timespan");
        socket.write([...lines, "", body].join("\r\n"));
      }
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  unlucky.url = `http://127.0.0.1:${server.address().port}`;
  unlucky.close = () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    return closed;
  };
  return unlucky;
}

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".css": "text/css" };

/** Serves a folder as any static host would, and counts the `.wasm` files asked for. */
export async function startStatic(folder, headers = {}) {
  const site = { url: "", wasm: 0 };
  const server = createHttpServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname).replace(/\/$/, "/index.html");
    if (path.endsWith(".wasm")) site.wasm += 1;
    const body = path.includes("..") ? null : await readFile(join(folder, path)).catch(() => null);
    response.writeHead(body === null ? 404 : 200, { "content-type": TYPES[extname(path)] ?? "text/plain", ...headers });
    response.end(body ?? "not here");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  site.url = `http://127.0.0.1:${server.address().port}/`;
  site.close = () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections()));
  return site;
}

/** Takes what one page posts. */
export async function startCollector() {
  let arrived;
  const report = new Promise((resolve) => (arrived = resolve));
  const server = createHttpServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    response.writeHead(200, { "access-control-allow-origin": "*" }).end();
    arrived(JSON.parse(Buffer.concat(chunks)));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    report,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}
