// What one reading of an answer takes: bytes allocated on the JavaScript heap, bytes decoded and in how many pieces, bytes copied
// into WebAssembly. Prints JSON. In a process of its own, whose heap is so wide that nothing is collected meanwhile, and whose
// functions are replaced by ones that count.
import { PerformanceObserver } from "node:perf_hooks";
import { QccClient } from "qcc-pro";
import { body, derived, names } from "./answers.mjs";

let counts;
const reset = () => { counts = { pieces: 0, decoded: 0, copied: 0 }; };
reset();
const { decode } = TextDecoder.prototype;
TextDecoder.prototype.decode = function (bytes, options) {
  counts.pieces += 1;
  counts.decoded += bytes.byteLength;
  return decode.call(this, bytes, options);
};
// In Node ours makes its texts by Buffer.
const { toString } = Buffer.prototype;
Buffer.prototype.toString = function (encoding, start = 0, end = this.length) {
  counts.pieces += 1;
  counts.decoded += end - start;
  return toString.call(this, encoding, start, end);
};
const { set } = Uint8Array.prototype;
Uint8Array.prototype.set = function (from, at) {
  counts.copied += from.byteLength ?? from.length;
  return set.call(this, from, at);
};
let collections = 0;
new PerformanceObserver((list) => { collections += list.getEntries().length; }).observe({ entryTypes: ["gc"] });
/** Collections are told a turn later. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

const results = {};
for (const [title, count, distinct] of [["5,000 rows", 5000, false], ["5,000 rows, 10,000 names", 5000, true], ["one row", 1, false]]) {
  const bytes = body(count, { distinct });
  const decoder = new TextDecoder();
  const response = { status: 200, headers: new Headers(), arrayBuffer: async () => bytes.buffer };
  const client = new QccClient({ key: "k", secretKey: "s", fetch: async () => response });
  const json = () => JSON.parse(decoder.decode(bytes));
  const candidates = {
    "findPartnershipRelation, fetch stubbed": async () => (await client.findPartnershipRelation(names)).relations,
    "TextDecoder + JSON.parse": async () => json().result.partnershipRelationList,
    "by hand, with the derived fields": async () => json().result.partnershipRelationList.map(derived),
  };
  results[title] = {};
  for (const [name, once] of Object.entries(candidates)) {
    // Compiled, and WebAssembly's memory as large as it gets.
    for (let warm = 0; warm < 200; warm += 1) await once();
    await turn();
    globalThis.gc();
    await turn();
    collections = 0;
    reset();
    const before = process.memoryUsage().heapUsed;
    const rows = await once();
    const allocated = process.memoryUsage().heapUsed - before;
    const counted = counts;
    await turn();
    if (rows.length !== count) throw new Error(`${title}, ${name}: ${rows.length} rows`);
    if (collections > 0) throw new Error(`${title}, ${name}: collected meanwhile, nothing can be told`);
    results[title][name] = { allocated, ...counted };
  }
  client.free();
}
console.log(JSON.stringify(results));
