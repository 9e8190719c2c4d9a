// The rows without a page: Node, Deno, Bun, workerd, a simulated document and two test runners.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { EXPECTED_OF_SERVER, LOST, WASM_FILES } from "./expected.mjs";
import { fromNpm } from "../support/program.mjs";
import { node, ownVersion, project, run, servers, tool, version, wasmFiles } from "./support.mjs";

const FILES = { "calls.mjs": "calls.mjs", "main.mjs": "main.mjs" };

/** Gives `ask` what a program is told, and checks what it answers. */
export async function answered(ask, sends = 1) {
  const row = await servers();
  try {
    const { lost, ...answers } = await ask(row.told);
    assert.deepEqual(answers, EXPECTED_OF_SERVER);
    // The gateway's question is one of the row's four; the repeated one came out of the store.
    assert.equal(row.qcc.requests.length, 4);
    assert.deepEqual(lost, LOST);
    assert.equal(row.unlucky.questions, sends, `a request was sent ${row.unlucky.questions} times: it may be paid as often`);
  } finally {
    await row.close();
  }
}

/** A row that prints its answers as JSON on its last line. */
function printed(name, release, files, command, sends) {
  return {
    name,
    version: release,
    async check() {
      const cwd = await project(name, files);
      await answered(async (told) => {
        const [file, ...rest] = await command(cwd);
        const lines = (await run(file, [...rest, JSON.stringify(told)], { cwd })).trim().split("\n");
        return JSON.parse(lines.at(-1));
      }, sends);
      const wasm = await wasmFiles(cwd);
      assert.equal(wasm, WASM_FILES.inlined);
      return { wasm };
    },
  };
}

const inNode = [20, 22, 24].flatMap((major) => {
  const { file, version: release } = node(major);
  const ways = { "import": "main.mjs", require: "main.cjs", "require(esm)": "require-esm.cjs" };
  return Object.entries(ways).map(([way, main]) =>
    printed(`Node ${major} ${way}`, release, { ...FILES, [main]: main }, () => [file, main]),
  );
});

const deno = fromNpm("deno", "@deno");
const { version: denoVersion } = JSON.parse(await readFile(join(dirname(deno), "package.json"), "utf8"));
// Before 2.9.6 Deno sends a lost request again by itself, whatever it is told: see HACKING.md.
const sendsOnce = denoVersion.localeCompare("2.9.6", "en", { numeric: true }) >= 0;

const others = [
  printed("Deno", denoVersion, { ...FILES, "deno.json": '{ "nodeModulesDir": "manual" }' }, async () => [
    deno, "run", "--allow-all", "--no-lock", "main.mjs",
  ], sendsOnce ? 1 : 2),
  printed("Bun import", ownVersion("bun"), FILES, async () => [fromNpm("bun", "@oven"), "run", "main.mjs"]),
  printed("Bun require", ownVersion("bun"), { ...FILES, "main.cjs": "main.cjs" }, async () => [
    fromNpm("bun", "@oven"), "run", "main.cjs",
  ]),
  printed("Node + DOM (jsdom)", version("jsdom"), { ...FILES, "jsdom.mjs": "jsdom.mjs" }, () => [node(24).file, "jsdom.mjs"]),
];

const workerd = {
  name: "workerd (miniflare)",
  version: ownVersion("workerd"),
  async check() {
    const cwd = await project("workerd", { "calls.mjs": "calls.mjs", "worker.js": "workerd.js" }, { wasm: true });
    await build({
      absWorkingDir: cwd,
      entryPoints: ["worker.js"],
      outdir: "dist",
      bundle: true,
      format: "esm",
      conditions: ["workerd"],
      // As a deployment does: a .wasm that is imported is uploaded beside the script.
      loader: { ".wasm": "copy" },
      logLevel: "silent",
    });
    const names = await readdir(join(cwd, "dist"));
    // The script first: it is the one that is started.
    const modules = names.sort((a, b) => a.endsWith(".wasm") - b.endsWith(".wasm")).map(async (path) => ({
      type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
      path,
      contents: await readFile(join(cwd, "dist", path)),
    }));
    const worker = new Miniflare({ modules: await Promise.all(modules), compatibilityDate: "2025-01-01" });
    try {
      await answered(async (told) => {
        const response = await worker.dispatchFetch("http://worker/", { method: "POST", body: JSON.stringify(told) });
        return response.json();
      });
    } finally {
      await worker.dispose();
    }
    const wasm = await wasmFiles(join(cwd, "dist"));
    assert.equal(wasm, WASM_FILES.workerd);
    return { wasm };
  },
};

/** A test runner: the program is a test in it, and hands its answers to us through a file. */
function runner(name, release, files, command) {
  return {
    name,
    version: release,
    async check() {
      const cwd = await project(name, { "calls.mjs": "calls.mjs", ...files });
      await answered(async (told) => {
        const env = { QCC_MATRIX: JSON.stringify({ told, answers: join(cwd, "answers.json") }) };
        await run(node(24).file, command, { cwd, env });
        return JSON.parse(await readFile(join(cwd, "answers.json"), "utf8"));
      });
      const wasm = await wasmFiles(cwd);
      assert.equal(wasm, WASM_FILES.inlined);
      return { wasm };
    },
  };
}

const VITEST = `
import { writeFile } from "node:fs/promises";
import { test } from "vitest";
import * as main from "qcc-pro";
import * as gateway from "qcc-pro/gateway";
import * as sandbox from "qcc-pro/sandbox";
import { calls } from "./calls.mjs";

test("asks", async () => {
  const { told, answers } = JSON.parse(process.env.QCC_MATRIX);
  await writeFile(answers, JSON.stringify(await calls({ main, gateway, sandbox }, told)));
}, 120_000);`;

const JEST = `
const { writeFile } = require("node:fs/promises");
const main = require("qcc-pro");
const gateway = require("qcc-pro/gateway");
const sandbox = require("qcc-pro/sandbox");
const { calls } = require("./calls.cjs");

test("asks", async () => {
  const { told, answers } = JSON.parse(process.env.QCC_MATRIX);
  await writeFile(answers, JSON.stringify(await calls({ main, gateway, sandbox }, told)));
}, 120_000);`;

const callsText = await readFile(new URL("./program/calls.mjs", import.meta.url), "utf8");
/** The same file as CommonJS, since Jest loads ES modules only behind a flag. */
const CALLS_CJS = `${callsText.replaceAll(/^export (const|async function)/gm, "$1")}\nmodule.exports = { calls };\n`;

const vitest = (environment) => [tool("vitest/vitest.mjs"), "run", "--root", ".", "--environment", environment];

const runners = [
  runner("Vitest (node)", version("vitest"), { "asks.test.mjs": VITEST }, vitest("node")),
  runner("Vitest (jsdom)", version("vitest"), { "asks.test.mjs": VITEST }, vitest("jsdom")),
  runner("Jest", version("jest"), { "asks.test.js": JEST, "calls.cjs": CALLS_CJS, "jest.config.json": "{}" }, [
    tool("jest/bin/jest.js"), "--config", "jest.config.json", "--ci",
  ]),
];

/** @type {{ name: string, version: string, check(): Promise<{ wasm: number }> }[]} */
export const rows = [...inNode, ...others, workerd, ...runners];
