// The rows with a page: each bundler's output, and the package as it is, in Chromium and in Firefox. Every page asks on
// its main thread and in a web worker.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { launch as launchChromium } from "../support/chromium.mjs";
import { launch as launchFirefox } from "../support/firefox.mjs";
import { EXPECTED, WASM_FILES } from "./expected.mjs";
import { matrix, node, ownVersion, project, run, servers, serving, startCollector, startStatic, tool, version, wasmFiles } from "./support.mjs";

const browsers = {};
/** One of each for all rows. */
const browser = (name) => (browsers[name] ??= name === "Chromium" ? launchChromium() : launchFirefox());
export const closeBrowsers = () => Promise.all(Object.values(browsers).map(async (one) => (await one).close()));

/**
 * A page without anything in it. Firefox may lose one while it opens it, when another row closes one of its own at that
 * moment (puppeteer/puppeteer#13360): then another is opened, once.
 */
async function newPage(browser) {
  try {
    return await browser.newPage();
  } catch (error) {
    if (!/DiscardedBrowsingContextError|currentWindowGlobal is null/.test(error)) throw error;
    console.log(`Firefox lost a page while opening it, another is opened: ${error.message.split("\n")[0]}`);
    return browser.newPage();
  }
}

/**
 * Opens `url` in a browser, telling the page where it may ask; gives what the page posts. What it throws and does not catch
 * fails the row, unless `refused`: Firefox reports what a policy blocks in the same way.
 */
async function opened(name, url, told, { refused = false } = {}) {
  const collector = await startCollector();
  const page = await newPage(await browser(name));
  try {
    const broken = new Promise((_, reject) => page.on("pageerror", (error) => refused || reject(new Error(`in ${name}: ${error}`))));
    broken.catch(() => {});
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`in ${name}: nothing came`)), 120_000);
    });
    const address = `${url}?with=${encodeURIComponent(JSON.stringify({ server: told, report: collector.url }))}`;
    await page.goto(address);
    return await Promise.race([collector.report, broken, late]).finally(() => clearTimeout(timer));
  } finally {
    await page.close();
    await collector.close();
  }
}

/** Checks what the page at `url` answers in both browsers, `threads` being where it asks. */
async function answeredByPage(url, threads = ["page", "worker"]) {
  for (const name of ["Chromium", "Firefox"]) {
    const { qcc, told, close } = await servers({ cors: true });
    try {
      // A page cannot keep its browser from sending again, so it is not asked to.
      const answers = await opened(name, url, { ...told, resets: undefined });
      assert.deepEqual(answers, Object.fromEntries(threads.map((thread) => [thread, EXPECTED])), `in ${name}`);
      assert.equal(qcc.requests.length, 3 * threads.length);
    } finally {
      await close();
    }
  }
}

const files = (startWorker) => ({
  "src/main.js": "page.js",
  "src/worker.js": "worker.js",
  "src/calls.mjs": "calls.mjs",
  "src/start-worker.js": `start-worker.${startWorker}.js`,
  "index.html": '<!doctype html><meta charset="utf-8"><title>page</title><script type="module" src="./src/main.js"></script>\n',
});

/** A bundler's row: what it leaves in dist/ is served by a plain static server. */
const bundled = (title, name, release, startWorker) => ({
  name: title,
  version: release,
  async check() {
    const cwd = await project(name, files(startWorker));
    await run(node(24).file, [join(matrix, "bundle.mjs"), name], { cwd });
    const site = await startStatic(join(cwd, "dist"));
    try {
      await answeredByPage(site.url);
    } finally {
      await site.close();
    }
    const wasm = await wasmFiles(join(cwd, "dist"));
    assert.equal(wasm, WASM_FILES.inlined);
    return { wasm };
  },
});

const viteDev = {
  name: "Vite dev",
  version: version("vite"),
  async check() {
    const cwd = await project("vite-dev", files("bundled"));
    const server = await serving(node(24).file, [join(matrix, "vite-dev.mjs")], { cwd });
    try {
      await answeredByPage(server.url);
    } finally {
      await server.close();
    }
    const wasm = await wasmFiles(cwd);
    assert.equal(wasm, WASM_FILES.inlined);
    return { wasm };
  },
};

const IMPORT_MAP = `<!doctype html><meta charset="utf-8"><title>page</title>
<script type="importmap">{ "imports": {
  "qcc-pro": "/node_modules/qcc-pro/esm/index.js", "qcc-pro/sandbox": "/node_modules/qcc-pro/esm/sandbox.js"
} }</script>`;

/** Import maps do not reach into workers. */
const BARE = { "page.js": "page.js", "calls.mjs": "calls.mjs", "start-worker.js": "start-worker.none.js" };

/** A page served as files lie there. `wasm` is how many `.wasm` files each browser asks for. */
const served = (name, index, wasm) => ({
  name,
  version: "",
  async check() {
    const cwd = await project(name, { ...BARE, "index.html": `${IMPORT_MAP}${index}` }, { wasm: wasm > 0 });
    const site = await startStatic(cwd);
    try {
      await answeredByPage(site.url, ["page"]);
      assert.equal(site.wasm, 2 * wasm, "asked for once by each browser");
    } finally {
      await site.close();
    }
    return { wasm };
  },
});

/** No bundler at all: an import map and the package's own files. */
const plain = served('plain <script type="module">', '<script type="module" src="/page.js"></script>', WASM_FILES.inlined);

/** As from a CDN: the module is loaded by hand from its address, for the main entry; the sandbox keeps its own. */
const loaded = served(
  "init(core.wasm) from a server",
  `<script type="module">
import { init } from "qcc-pro";
await init("/node_modules/qcc-pro/core.wasm");
await import("/page.js");
</script>`,
  WASM_FILES.loaded,
);

const serviceWorker = {
  name: "service worker",
  version: "",
  async check() {
    const cwd = await project("service-worker", {
      "calls.mjs": "calls.mjs",
      "service-worker.js": "service-worker.js",
      "dist/index.html": `<!doctype html><meta charset="utf-8"><title>page</title><script type="module">
const { server, report } = JSON.parse(new URLSearchParams(location.search).get("with"));
const post = (answers) => fetch(report, { method: "POST", body: JSON.stringify(answers) });
navigator.serviceWorker.onmessage = ({ data }) => post(data.failed ? data : { worker: data });
try {
  await navigator.serviceWorker.register("/service-worker.js");
  (await navigator.serviceWorker.ready).active.postMessage(server);
} catch (error) {
  post({ failed: String(error) });
}
</script>`,
    });
    // In one piece and as a classic script: Firefox takes no modules there.
    await build({ absWorkingDir: cwd, entryPoints: ["service-worker.js"], bundle: true, format: "iife", outdir: "dist", logLevel: "error" });
    const site = await startStatic(join(cwd, "dist"));
    try {
      await answeredByPage(site.url, ["worker"]);
    } finally {
      await site.close();
    }
    const wasm = await wasmFiles(join(cwd, "dist"));
    assert.equal(wasm, WASM_FILES.inlined);
    return { wasm };
  },
};

const POLICY = "default-src 'none'; script-src 'self'; connect-src http://127.0.0.1:*; img-src 'self'";

/** A strict content security policy: the error names the word it lacks, and with that word all is well. */
const policy = {
  name: "strict CSP",
  version: "",
  async check() {
    const cwd = await project("policy", { ...files("plain"), "src/worker.js": "worker.js" });
    await run(node(24).file, [join(matrix, "bundle.mjs"), "esbuild"], { cwd });
    const dist = join(cwd, "dist");
    const strict = await startStatic(dist, { "content-security-policy": POLICY });
    try {
      for (const name of ["Chromium", "Firefox"]) {
        const nowhere = { url: "http://127.0.0.1:1", key: "k", secretKey: "s" };
        const { failed } = await opened(name, strict.url, nowhere, { refused: true });
        assert.match(failed, /^QccError: .*'wasm-unsafe-eval' in script-src/, `in ${name}`);
      }
    } finally {
      await strict.close();
    }
    const enough = POLICY.replace("'self'", "'self' 'wasm-unsafe-eval'").concat("; worker-src 'self'");
    const site = await startStatic(dist, { "content-security-policy": enough });
    try {
      await answeredByPage(site.url);
    } finally {
      await site.close();
    }
    return { wasm: await wasmFiles(dist) };
  },
};

const NEXT = {
  "app/layout.jsx": "export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n",
  "app/calls.mjs": await readFile(join(matrix, "program/calls.mjs"), "utf8"),
  "app/page.jsx": `"use client";
import { useEffect } from "react";
import * as main from "qcc-pro";
import * as sandbox from "qcc-pro/sandbox";
import { calls } from "./calls.mjs";

export default function Page() {
  useEffect(() => {
    const { server, report } = JSON.parse(new URLSearchParams(location.search).get("with"));
    calls({ main, sandbox }, server)
      .then((page) => ({ page }), (error) => ({ failed: String(error) }))
      .then((answers) => fetch(report, { method: "POST", body: JSON.stringify(answers) }));
  }, []);
  return <p>{main.statusInfo(200).zh}</p>;
}
`,
  "app/api/asks/route.js": `import * as main from "qcc-pro";
import * as gateway from "qcc-pro/gateway";
import * as sandbox from "qcc-pro/sandbox";
import { calls } from "../../calls.mjs";

export async function POST(request) {
  return Response.json(await calls({ main, gateway, sandbox }, await request.json()));
}
`,
};

/** @param {(ask: (told: object) => Promise<object>) => Promise<void>} answeredByServer from runtimes.mjs */
export const rows = (answeredByServer) => [
  bundled("esbuild", "esbuild", ownVersion("esbuild"), "plain"),
  bundled("Rollup", "rollup", version("rollup"), "plain"),
  bundled("Vite build", "vite", version("vite"), "bundled"),
  viteDev,
  bundled("webpack", "webpack", version("webpack"), "bundled"),
  bundled("Parcel", "parcel", version("@parcel/core"), "bundled"),
  bundled("Rspack", "rspack", version("@rspack/core"), "bundled"),
  plain,
  loaded,
  serviceWorker,
  policy,
  {
    name: "Next.js (route and component)",
    version: version("next"),
    async check() {
      const config = `export default { turbopack: { root: ${JSON.stringify(matrix)} } };\n`;
      const cwd = await project("next", { ...NEXT, "next.config.mjs": config });
      const next = [tool("next/dist/bin/next")];
      await run(node(24).file, [...next, "build"], { cwd });
      const server = await serving(node(24).file, [...next, "start", "--port", "0", "--hostname", "127.0.0.1"], { cwd });
      try {
        await answeredByServer(async (told) => {
          const response = await fetch(`${server.url}api/asks`, { method: "POST", body: JSON.stringify(told) });
          return response.json();
        });
        await answeredByPage(server.url, ["page"]);
      } finally {
        await server.close();
      }
      const wasm = await wasmFiles(join(cwd, ".next"));
      assert.equal(wasm, WASM_FILES.inlined);
      return { wasm };
    },
  },
];
