// Measures what a run holds while it goes on: its memory may grow with the relations found, not with calls or pairs.
//
//   node --expose-gc tests/js/support/memory.mjs 10000        (over 260,000 calls against the sandbox, in this process)
//
// Prints a line at every twelfth of the run and fails where the second half of it holds more than the relations explain.
import { QccClient } from "qcc-pro";
import { createSandbox, sampleCompanies, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";

const companies = Number(process.argv[2] ?? 10_000);
/** What one relation may take: its row in Rust, and its texts. */
const PER_RELATION = 400;
/** What a heap may breathe between two measurements. */
const SLACK = 6e6;

if (typeof gc !== "function") throw new Error("run it with node --expose-gc");
const sandbox = createSandbox({ density: 0.0002 });
const client = new QccClient({ key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY, fetch: sandbox.fetch });

const started = performance.now();
const samples = [];
function sample({ done, calls, relations }) {
  gc();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  samples.push({ relations, held: heapUsed + external, rss });
  const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const seconds = (performance.now() - started) / 1000;
  const figures = [`heap ${mb(heapUsed)}`, `outside ${mb(external)}`, `buffers ${mb(arrayBuffers)}`, `process ${mb(rss)}`];
  console.log(`${done} of ${calls} calls, ${relations} relations, ${seconds.toFixed(0)} s: ${figures.join(", ")}`);
}

const scan = client.scan(sampleCompanies(companies), {
  concurrency: 8,
  onProgress: (progress) => {
    if (progress.done >= (samples.length + 1) * (progress.calls / 12)) sample(progress);
  },
});
const report = await scan.result();
const seconds = (performance.now() - started) / 1000;
console.log(`${report.calls} calls in ${seconds.toFixed(1)} s: ${((seconds / report.calls) * 1e6).toFixed(0)} µs for each, the sandbox's part included`);

if (report.done !== report.calls || report.uncovered.length > 0) throw new Error("the run is not complete");
const expected = sandbox.relationsAmong(sampleCompanies(companies)).length;
if (report.relations.length !== expected) throw new Error(`${report.relations.length} relations, not ${expected}`);
const [middle, end] = [samples[5], samples.at(-1)];
const allowed = SLACK + PER_RELATION * (end.relations - middle.relations);
for (const what of ["held", "rss"]) {
  const grown = end[what] - middle[what];
  console.log(`${what === "held" ? "heap and outside" : "process"}: ${(grown / 1e6).toFixed(2)} MB more at the end than in the middle, ${(allowed / 1e6).toFixed(2)} MB allowed`);
  // The process's own size is the allocator's matter too; it may keep what it once needed.
  if (grown > allowed * (what === "rss" ? 4 : 1)) process.exitCode = 1;
}
