// Pages for the browser suites: bundles made of a few lines of source, and a server on 127.0.0.1 that serves them.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** tests/js, from which the suites and the bundles resolve `qcc-pro`. */
export const suites = dirname(dirname(fileURLToPath(import.meta.url)));

/** The folder of the installed package. */
export const installed = dirname(createRequire(join(suites, "x.js")).resolve("qcc-pro/package.json"));

/** Bundles `source` for a browser, as an application would. */
export async function bundle(source, options = {}) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: suites, sourcefile: "page.js" },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "silent",
    ...options,
  });
  return outputFiles[0].text;
}

/** For a worker's bundle, as its deployment does: a `.wasm` that is imported is uploaded beside the script. */
export const wasmBeside = {
  name: "wasm",
  setup: (own) => own.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true })),
};

/** Those that such a bundle imports, for miniflare. */
export async function modules(script) {
  const names = new Set([...script.matchAll(/ from "\.\/(\w+\.wasm)"/g)].map(([, name]) => name));
  const read = async (path) => ({ type: "CompiledWasm", path, contents: await packaged(path) });
  return Promise.all([...names].map(read));
}

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm" };

/**
 * Serves `files` (path → text, bytes, or a function of the request that answers either) and an empty page at `/`.
 * @param {{ files?: Record<string, unknown>, headers?: Record<string, string> }} options
 */
export async function serve({ files = {}, headers = {} } = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    let body = files[pathname] ?? (pathname === "/" ? "<!doctype html><title>page</title>" : undefined);
    if (typeof body === "function") body = await body(request);
    const type = TYPES[pathname === "/" ? ".html" : extname(pathname)] ?? "text/plain";
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type, ...headers });
    response.end(body ?? "not here");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

/** A file of the installed package. */
export const packaged = (name) => readFile(join(installed, name));
