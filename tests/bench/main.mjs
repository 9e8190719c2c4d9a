// Everything side by side in one run.
//
//   cargo xtask bench [--only WORD] [--rounds N] [--calls N]
//
// Prints a table, and writes it after each suite to target/bench/bench.md and with every figure to target/bench/bench.json,
// so that a run that is cut short leaves what it has measured. A complete run writes both to results.md and results.json
// beside this file too, where the README takes its table from. A ratio is ours over theirs, so less is better, except for
// calls per second; goals are those of the project's founding plan. Nothing fails here because a goal is missed: times are
// no test.
import * as crypto from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { browser } from "./suites/browser.mjs";
import { calls } from "./suites/calls.mjs";
import { copies } from "./suites/copies.mjs";
import { memory } from "./suites/memory.mjs";
import { planning } from "./suites/planning.mjs";
import { processes } from "./suites/processes.mjs";
import { arriving, reading } from "./suites/reading.mjs";
import { signing } from "./suites/signing.mjs";
import { weight } from "./suites/weight.mjs";

const { values } = parseArgs({
  options: { only: { type: "string" }, rounds: { type: "string" }, calls: { type: "string" } },
});
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
const options = rounds === undefined ? {} : { rounds };
const signer = await readFile(createRequire(import.meta.url).resolve("qcc-pro/core.wasm").replace("core.wasm", "sign.wasm"));

const SUITES = {
  // First, while no instance has been made yet: it watches the one it makes.
  memory: () => memory(values.calls === undefined ? {} : { calls: Number(values.calls) }),
  weight: () => weight(),
  signing: () => signing(crypto, signer, options),
  planning: () => planning(options),
  reading: () => reading(options),
  arriving: () => arriving(),
  copies: () => copies(),
  processes: () => processes(options),
  calls: () => calls(options),
  browser: () => browser(options),
};

const CALL = "findPartnershipRelation, fetch stubbed";
const JSON_PARSE = "JSON.parse of the decoded text";

/** `[where, what, beside, goal, figures, ours, theirs]` */
const ratios = (measured) => [
  ["Node", "sign()", "js-md5", 0.4, measured.signing, "sign()", "js-md5"],
  ["Node", "sign()", "node:crypto createHash", 0.4, measured.signing, "sign()", "node:crypto createHash"],
  ["Node", "sign()", "node:crypto hash()", 0.8, measured.signing, "sign()", "node:crypto hash()"],
  ...["spark-md5", "@noble/hashes", "hash-wasm"].map((name) => ["Node", "sign()", name, undefined, measured.signing, "sign()", name]),
  ["Node", "signing inside the client", "js-md5", 0.2, measured.signing, "inside the client", "js-md5"],
  ["Node", "signing inside the client", "node:crypto createHash", 0.25, measured.signing, "inside the client", "node:crypto createHash"],
  ["Node", "signing inside the client", "node:crypto hash()", 0.4, measured.signing, "inside the client", "node:crypto hash()"],
  ["Chromium", "sign()", "js-md5", 0.3, measured.browser?.signing, "sign()", "js-md5"],
  ["Chromium", "signing inside the client", "js-md5", undefined, measured.browser?.signing, "inside the client", "js-md5"],
  ...[
    ["Node", "5,000 rows", JSON_PARSE, 0.3],
    ["Node", "5,000 rows", "TextDecoder + JSON.parse", 0.12],
    ["Node", "5,000 rows", "zod, with the derived fields", 0.06],
    ["Node", "5,000 rows", "valibot, with the derived fields", undefined],
    ["Node", "5,000 rows", "ajv, with the derived fields", undefined],
    ["Node", "5,000 rows", "typebox, with the derived fields", undefined],
    ["Node", "5,000 rows", "response.json()", 0.25],
    ["Node", "5,000 rows, 10,000 names", JSON_PARSE, 0.6],
    ["Node", "one row", "TextDecoder + JSON.parse", undefined],
    ["Chromium", "5,000 rows", JSON_PARSE, 0.5],
    ["Chromium", "5,000 rows", "response.json()", undefined],
  ].map(([where, title, beside, goal]) => {
    const figures = (where === "Node" ? measured.reading : measured.browser?.reading)?.[title];
    return [where, `${title}, the whole call with fetch stubbed`, beside, goal, figures, CALL, beside];
  }),
  ["Node", "one row, from the body's arrival to the objects", "TextDecoder + JSON.parse", 0.8, measured.arriving, "the body arrives in findPartnershipRelation", "TextDecoder + JSON.parse"],
  ["Node", "import and first signature, new process", "axios + crypto-js + zod", 0.05, measured.processes, "qcc-pro", "axios + crypto-js + zod"],
  ["Node", "import and first signature, new process", "ky + spark-md5 + valibot", undefined, measured.processes, "qcc-pro", "ky + spark-md5 + valibot"],
  ["Node", "import and first signature, new process", "js-md5", 1.3, measured.processes, "qcc-pro", "js-md5"],
  ["bytes", 'import { QccClient }, esbuild, brotli', "axios + crypto-js/md5 + zod", 0.8, measured.weight, 'import { QccClient } from "qcc-pro"', "axios + crypto-js/md5 + zod"],
  ["bytes", 'import { QccClient }, esbuild, brotli', "ky + spark-md5 + valibot", undefined, measured.weight, 'import { QccClient } from "qcc-pro"', "ky + spark-md5 + valibot"],
];

function table(measured) {
  const rows = ratios(measured)
    .filter(([, , , , figures, , theirs]) => figures?.[theirs] !== undefined)
    .map(([where, what, beside, goal, figures, ours, theirs]) => {
      const ratio = figures[ours] / figures[theirs];
      return { where, what, beside, ratio, goal, reached: goal === undefined ? null : ratio <= goal };
    });
  for (const [concurrency, rates] of Object.entries(measured.calls ?? {})) {
    const what = `calls per second, ${concurrency} at once (more is better)`;
    for (const [beside, rate] of Object.entries(rates).slice(1)) {
      const ratio = rates["qcc-pro"] / rate;
      const goal = beside.startsWith("fetch") ? 0.95 : undefined;
      rows.push({ where: "Node", what, beside, ratio, goal, reached: goal === undefined ? null : ratio >= goal });
    }
  }
  for (const [count, figures] of Object.entries(measured.planning ?? {})) {
    const add = (what, beside, ratio, goal) =>
      rows.push({ where: "Node", what, beside, ratio, goal, reached: goal === undefined ? null : ratio <= goal });
    const number = Number(count).toLocaleString("en");
    const { plan, list, copy, calls: ours, callsByHand, "by hand": hand } = figures;
    add(`planning ${number} companies`, "copying their names into WebAssembly", plan / copy, count === "1000" ? 20 : undefined);
    add(`planning ${number} companies and listing the calls`, "halves of ten by hand", (plan + list) / hand);
    add(`calls for ${number} companies`, "halves of ten by hand", ours / callsByHand);
  }
  return rows;
}

const require = createRequire(import.meta.url);
const { dependencies } = require("./package.json");
const peers = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
const folder = new URL("../../target/bench/", import.meta.url);

/** Writes what there is so far. */
async function write(measured, complete) {
  const rows = table(measured);
  const said = { true: "yes", false: "no", null: "" };
  const lines = [
    "| where | what | beside | ratio | goal | reached |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map(
      ({ where, what, beside, ratio, goal, reached }) =>
        `| ${where} | ${what} | ${beside} | ${ratio.toFixed(2)} | ${goal ?? ""} | ${said[reached]} |`,
    ),
  ];
  if (measured.weight) lines.push("", `core.wasm: ${measured.weight["core.wasm"]} bytes brotli`);
  if (measured.planning) {
    const ms = (ns) => (ns / 1e6).toFixed(ns < 1e6 ? 3 : 1);
    lines.push("", "| companies | planned in ms | calls | all listed in ms | names copied in ms | by hand in ms | calls by hand |");
    lines.push("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (const [count, { plan, calls: ours, list, copy, "by hand": hand, callsByHand }] of Object.entries(measured.planning)) {
      lines.push(`| ${count} | ${ms(plan)} | ${ours} | ${ms(list)} | ${ms(copy)} | ${ms(hand)} | ${callsByHand} |`);
    }
  }
  if (measured.copies) {
    lines.push("", "| one reading of | by | bytes allocated in JavaScript | bytes decoded | in so many pieces | bytes copied into WebAssembly |");
    lines.push("| --- | --- | ---: | ---: | ---: | ---: |");
    for (const [what, candidates] of Object.entries(measured.copies)) {
      for (const [by, { allocated, decoded, pieces, copied }] of Object.entries(candidates)) {
        lines.push(`| ${what} | ${by} | ${allocated} | ${decoded} | ${pieces} | ${copied} |`);
      }
    }
  }
  if (measured.memory) {
    const { calls: count, afterFirst, afterLast } = measured.memory;
    lines.push("", `WebAssembly memory: ${afterFirst} bytes after the first call, ${afterLast} after ${count} (5,000 rows each)`);
  }
  const runtimes = [`Node ${process.version}`, ...(measured.browser ? [`Chromium ${measured.browser.version}`] : [])];
  const machine = `${runtimes.join(", ")}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}`;
  const { version } = JSON.parse(await readFile(new URL("./node_modules/qcc-pro/package.json", import.meta.url), "utf8"));
  lines.push("", `${machine}, load ${loadavg()[0].toFixed(0)} at the end, rounds: ${rounds ?? "the usual"}`, "", `qcc-pro ${version} beside ${peers.join(", ")}`);
  const text = lines.join("\n");
  const json = JSON.stringify({ date: new Date().toISOString().slice(0, 10), machine, peers, load: loadavg()[0], rows, measured }, null, 2);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL("bench.md", folder), `${text}\n`);
  await writeFile(new URL("bench.json", folder), `${json}\n`);
  if (complete) {
    await writeFile(new URL("results.md", import.meta.url), `${text}\n`);
    await writeFile(new URL("results.json", import.meta.url), `${json}\n`);
  }
  return text;
}

const measured = {};
let text = "";
for (const [name, run] of Object.entries(SUITES)) {
  if (values.only !== undefined && !name.includes(values.only)) continue;
  const start = performance.now();
  measured[name] = await run();
  console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  text = await write(measured, values.only === undefined && Object.keys(measured).length === Object.keys(SUITES).length);
}
console.log(`\n${text}`);
