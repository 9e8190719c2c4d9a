// The blocks of a page, run as they are printed, each in the runtime its fence names, in a folder where the package is
// installed and with an account of a sandbox in the environment.
//
//   js node, js test     a Node program; a file of tests
//   js server, js next   a server on PORT; a route handler of Next.js: asked by a client, without and with a session
//   js worker            the same in workerd; where it is no gateway, its answer is what it prints
//   js browser           a page, whose client asks a gateway at /api/qcc (in browser/documents.test.mjs)
//   js file NAME         a file beside the others, for them to import or read
//   sh                   commands in bash; what they say on standard error (progress, times) is not compared
//   text                 what the block before it prints, to the letter
//   sh setup             installs packages or works on this repository: not run here
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { QccClient } from "qcc-pro";
import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { SAMPLE_NAMES } from "../support/samples.mjs";
import { installed, modules, packaged, suites, wasmBeside } from "../support/web.mjs";
import { fences, languageOf, read } from "./pages.mjs";

const run = promisify(execFile);

/** Where a page's blocks run. */
export class Bench {
  static async open(environment = {}, language = "en") {
    const bench = new Bench();
    bench.sandbox = createSandbox();
    bench.server = await bench.sandbox.listen();
    bench.top = await mkdtemp(join(tmpdir(), "qcc-pro-blocks-"));
    // What is installed is found in the folder above, and the package's commands in the folder itself, as npx looks there.
    await symlink(join(suites, "node_modules"), join(bench.top, "node_modules"), "dir");
    bench.folder = join(bench.top, "project");
    await mkdir(join(bench.folder, "node_modules/.bin"), { recursive: true });
    for (const [name, path] of Object.entries((await packageJson()).bin ?? {})) {
      await symlink(join(installed, path), join(bench.folder, "node_modules/.bin", name));
    }
    // What npx would find and start, without the second that npm takes to begin.
    const npx = await bench.write("bin/npx", '#!/bin/sh\nname=$1\nshift\nexec "node_modules/.bin/$name" "$@"\n');
    await chmod(npx, 0o755);
    // Nothing of the test runner's own: a block may be a file of tests.
    const { NODE_TEST_CONTEXT, NODE_OPTIONS, ...outer } = process.env;
    bench.env = {
      ...outer, PATH: join(bench.folder, "bin") + delimiter + outer.PATH, LC_ALL: language === "zh" ? "zh_CN.UTF-8" : "C.UTF-8", NO_COLOR: "1",
      QCC_KEY: SANDBOX_KEY, QCC_SECRET_KEY: SANDBOX_SECRET_KEY, QCC_BASE_URL: bench.server.url,
      ...environment,
    };
    return bench;
  }

  async write(name, text) {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  /** Runs a program to its end. */
  run(program, ...given) {
    return run(program, given, { cwd: this.folder, env: this.env, timeout: 120_000 });
  }

  /** Runs a file with Node and gives what it printed; it has nothing to complain of. */
  async node(...given) {
    const { stdout, stderr } = await this.run(process.execPath, ...given);
    assert.equal(stderr, "");
    return stdout;
  }

  async close() {
    await this.server.close();
    await rm(this.top, { recursive: true, force: true });
  }
}

const packageJson = async () => JSON.parse(await packaged("package.json"));

/** A client at `gateway` is refused without a session, and has the documents' answer with one. */
async function ask(bench, gateway, options = {}) {
  const before = bench.sandbox.stats().calls;
  const stranger = new QccClient({ gateway, ...options });
  await assert.rejects(stranger.findPartnershipRelation(SAMPLE_NAMES), { kind: "auth", httpStatus: 401, billed: false });
  assert.equal(bench.sandbox.stats().calls, before);
  const headers = { cookie: "session=a-session", authorization: "Bearer a-session" };
  const client = new QccClient({ gateway, headers, ...options });
  const { relations, meta } = await client.findPartnershipRelation(SAMPLE_NAMES);
  assert.deepEqual([relations[0].amountWan, meta.billed], [34.8, true]);
}

/** A port nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** Until something answers at `url`. */
export async function answering(url, child) {
  const late = Date.now() + 60_000;
  while (Date.now() < late) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    if (await fetch(url).then((response) => response.body?.cancel() ?? true, () => false) !== false) return;
    await sleep(20);
  }
  throw new Error(`nothing answers at ${url}`);
}

/** Starts `file` as a server of its own on a free port. */
export async function serve(bench, file) {
  const port = await freePort();
  const env = { ...bench.env, PORT: String(port) };
  const child = spawn(process.execPath, [file], { cwd: bench.folder, env, stdio: ["ignore", "ignore", "inherit"] });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const ended = child.exitCode === null && once(child, "exit");
    child.kill();
    await ended;
  };
  await answering(url, child).catch(async (error) => {
    await stop();
    throw error;
  });
  return { url, port, stop };
}

/** One way to run a block for each kind; what it gives is what was printed. */
const RUN = {
  "js node": async (bench, { code, line }) => bench.node(await bench.write(`block-${line}.mjs`, code)),

  "js test": async (bench, { code, line }) => {
    const path = await bench.write(`block-${line}.test.mjs`, code);
    const printed = await bench.node("--test", "--test-reporter=tap", path);
    assert.match(printed, /^# pass [1-9]/m);
    assert.match(printed, /^# fail 0$/m);
  },

  "js server": async (bench, { code, line }) => {
    const { url, stop } = await serve(bench, await bench.write(`block-${line}.mjs`, code));
    await ask(bench, `${url}/api/qcc`).finally(stop);
  },

  // As Next.js calls it: a Request, and a context whose parameters are a promise.
  "js next": async (bench, { code, name }) => {
    await bench.write(name, code);
    const host = `import { createServer } from "node:http";
      import { toNodeHandler } from "qcc-pro/gateway";
      import { GET } from ${JSON.stringify(`./${name}`)};
      const route = (request) => GET(request, { params: Promise.resolve({ path: [] }) });
      createServer(toNodeHandler(route)).listen(Number(process.env.PORT), "127.0.0.1");`;
    const { url, stop } = await serve(bench, await bench.write("next.mjs", host));
    await ask(bench, `${url}/api/qcc`).finally(stop);
  },

  "js worker": async (bench, { code, line }) => {
    const { outputFiles } = await build({
      entryPoints: [await bench.write(`block-${line}.mjs`, code)],
      bundle: true,
      format: "esm",
      conditions: ["workerd"],
      nodePaths: [join(suites, "node_modules")],
      write: false,
      plugins: [wasmBeside],
    });
    const { QCC_KEY, QCC_SECRET_KEY, QCC_BASE_URL } = bench.env;
    const miniflare = new Miniflare({
      modules: [
        { type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text },
        ...(await modules(outputFiles[0].text)),
      ],
      compatibilityDate: "2025-01-01",
      kvNamespaces: ["ANSWERS"],
      bindings: { QCC_KEY, QCC_SECRET_KEY, QCC_BASE_URL, GATEWAY_TOKEN: "a-session" },
    });
    try {
      const url = String(await miniflare.ready).replace(/\/$/, "");
      if (!code.includes("createGateway")) return `${await (await fetch(url)).text()}\n`;
      await ask(bench, url);
    } finally {
      await miniflare.dispose();
    }
  },

  "js file": (bench, { code, name }) => void bench.write(name, code),

  sh: async (bench, { code }) => (await bench.run("bash", "-euo", "pipefail", "-c", code)).stdout,
};

/** Kinds of blocks that this does not run: a page for a browser has a suite of its own, the other cannot run in a test. */
export const ELSEWHERE = ["js browser", "sh setup"];

/**
 * Runs every block of `page`.
 * @param told what to do with what a block printed and what the page says it prints, if anything
 */
export async function runPage(page, environment, told) {
  const all = fences(read(page));
  const bench = await Bench.open(environment, languageOf(page));
  try {
    for (const [index, block] of all.entries()) {
      const place = `${page}:${block.line}`;
      if (block.kind === "text") {
        assert.notEqual(all[index - 1]?.kind ?? "text", "text", `${place} follows no block that prints`);
        continue;
      }
      if (ELSEWHERE.includes(block.kind)) continue;
      assert.ok(block.kind in RUN, `${place}: there is no way to run «${block.kind}»`);
      try {
        const printed = await RUN[block.kind](bench, block);
        const next = all[index + 1];
        told({ place, printed, expected: next?.kind === "text" ? next : undefined });
      } catch (error) {
        throw new Error(`${place}: ${error.message}`, { cause: error });
      }
    }
  } finally {
    await bench.close();
  }
}
