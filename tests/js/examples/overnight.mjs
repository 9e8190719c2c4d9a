// A list of any size, overnight: node overnight.mjs names.txt answers graph.csv
//
// Every answer is kept in the folder before it is counted. Stopped (Ctrl-C), killed or out of budget, it is started again the
// same way and pays only for what is missing. Key and secret key come from the environment: QCC_KEY, QCC_SECRET_KEY; the
// budget too: MAX_CALLS.
import { readFile, writeFile } from "node:fs/promises";
import { ClassicLevel } from "classic-level";
import { QccClient } from "qcc-pro";

const [list, folder, graph] = process.argv.slice(2);
const names = (await readFile(list, "utf8")).split("\n").map((name) => name.trim()).filter(Boolean);
const answers = new ClassicLevel(folder);
const store = { get: (key) => answers.get(key), set: (key, answer) => answers.put(key, answer, { sync: true }) };

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

let told = 0;
const scan = new QccClient().scan(names, {
  store,
  signal: stop.signal,
  callsPerSecond: 5,
  maxCalls: process.env.MAX_CALLS && Number(process.env.MAX_CALLS),
  onProgress({ calls, done, paid, etaMs }) {
    if (Date.now() - told < 10_000) return;
    told = Date.now();
    console.log(`${done} of ${calls} calls, ${paid} paid now, ${etaMs === null ? "?" : Math.ceil(etaMs / 60_000)} min left`);
  },
});
console.log(`${scan.plan.companies} companies, ${scan.plan.calls} calls instead of ${scan.plan.naiveCalls}`);

const report = await scan.result();
await answers.close();
await writeFile(graph, report.graph.toCSV());
console.log(`${report.relations.length} relations in ${graph}; ${report.paid} calls paid, ${report.fromStore} already there`);
for (const name of report.unsupported) console.log(`QCC does not serve ${name}`);
for (const { companyNames, error } of report.failed) console.log(`${error.message}: ${companyNames.join("、")}`);
if (report.uncovered.length > 0) {
  console.log(`${report.uncovered.length} pairs are not covered (${report.stopped ?? "see above"}); run it again to go on`);
  process.exitCode = 1;
}
