// The matrix: the packed package in every runtime, bundler and framework, as one table. Each row is a project of its own
// that makes the same calls against a server of its own and has to get the same answer.
//
//   node run.mjs [WORD]   only the rows whose names have the word
import { closeBrowsers, rows as pages } from "./pages.mjs";
import { answered, rows as runtimes } from "./runtimes.mjs";
import { rows as types } from "./types.mjs";

const word = (process.argv[2] ?? "").toLowerCase();
const rows = [...runtimes, ...pages(answered), ...types].filter(({ name }) => name.toLowerCase().includes(word));
if (rows.length === 0) throw new Error(`no row has the word ${word}`);

/** Most of a row is waiting, or a bundler that keeps one core busy. */
const AT_ONCE = 2;

const begin = Date.now();
const results = new Map();
const waiting = [...rows];
async function work() {
  for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
    const start = Date.now();
    const result = await row.check().then((seen) => ({ ok: true, ...seen }), (error) => ({ ok: false, error }));
    results.set(row, { ...result, seconds: (Date.now() - start) / 1000 });
    if (!result.ok) console.error(`\n${row.name}: ${result.error.stack ?? result.error}`);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
await closeBrowsers();

const line = (...cells) => cells.map((cell, i) => String(cell).padEnd([66, 14, 8, 7][i] ?? 0)).join("").trimEnd();
console.log(`\n${line("where", "version", "answer", ".wasm", "seconds")}`);
for (const row of rows) {
  const { ok, wasm = "?", seconds } = results.get(row);
  console.log(line(row.name, row.version, ok ? "right" : "FAILED", wasm, seconds.toFixed(1)));
}
const failed = [...results.values()].filter(({ ok }) => !ok).length;
console.log(`${((Date.now() - begin) / 1000).toFixed(0)} s\nmatrix: ${rows.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
