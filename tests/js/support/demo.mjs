// The demo page as `cargo xtask demo` serves it: www/server.mjs in a process of its own, told where QCC Pro is and what
// the account is through its environment alone. And as a plain static host serves it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { createInterface } from "node:readline";
import { suites } from "./web.mjs";

const www = join(suites, "../../www");
const dist = join(www, "dist");

function builtPage() {
  if (!existsSync(join(dist, "index.html"))) {
    throw new Error(`there is no built page in ${dist}: \`npm ci && npm run build\` in www/ makes one`);
  }
}

/** Starts the page's server for the account of `qcc` (see server.mjs). */
export async function startDemo(qcc) {
  builtPage();
  const { PATH, HOME, SystemRoot } = process.env;
  const server = spawn(process.execPath, [join(www, "server.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH, HOME, SystemRoot, QCC_BASE_URL: qcc.url, QCC_KEY: qcc.key, QCC_SECRET_KEY: qcc.secretKey },
  });
  const exited = new Promise((resolve) => server.once("exit", resolve));
  const started = (async () => {
    for await (const line of createInterface({ input: server.stdout })) {
      const url = /https?:\/\/\S+/.exec(line)?.[0];
      if (url) return url;
    }
  })();
  const url = await Promise.race([started, exited]);
  if (typeof url !== "string") throw new Error("the page's server ended before it was ready");
  return {
    url,
    close: () => {
      server.kill();
      return exited;
    },
  };
}

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** Serves the built page from a folder, as any static host would: `/demo/` here, so that no path may begin at the root. */
export async function startStatic() {
  builtPage();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const path = normalize(pathname.replace(/\/$/, "/index.html"));
    try {
      if (!path.startsWith("/demo/")) throw new Error("not here");
      const body = await readFile(join(dist, path.slice("/demo".length)));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end("not here");
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/demo/`,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

/** Opens the page at `url`, keeping what is sent, what comes and what the console says. */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({ locale: "zh-CN", ...options });
  const page = await context.newPage();
  const traffic = [];
  const problems = [];
  const hosts = new Set();
  const bodies = [];
  page.on("request", (request) => {
    if (/^https?:/.test(request.url())) hosts.add(new URL(request.url()).host);
    traffic.push(request.url(), request.postData() ?? "", JSON.stringify(request.headers()));
  });
  page.on("response", (response) => {
    traffic.push(JSON.stringify(response.headers()));
    bodies.push(response.text().then((text) => traffic.push(text), () => {}));
  });
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(url, { waitUntil: "networkidle" });
  return {
    page,
    /** Errors and warnings of the console, and what was thrown and not caught. */
    problems,
    /** Every host anything was asked of. */
    hosts,
    /** All that travelled: addresses, headers and bodies, both ways. */
    traffic: async () => (await Promise.all(bodies), traffic.join("\n")),
    close: () => context.close(),
  };
}
