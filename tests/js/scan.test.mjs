// Runs: every pair covered in as many paid calls as planned, bounds kept, and a report that leaves nothing out.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { RelationGraph } from "qcc-pro";
import { failure } from "./support/client.mjs";
import { assertExact, assertWhole, clientFor, companies, ledger, market, pairKey, pairKeys, pairsOf, relationsAmong, rowKeys } from "./support/runs.mjs";

test("finds every relation in as many paid calls as planned", async () => {
  for (const count of [2, 20, 21, 65, 100, 182]) {
    const { sandbox, client } = market();
    const names = companies(count);
    const scan = client.scan(names);
    const report = await scan.result();
    assertWhole(report, sandbox, names);
    const { calls, billed, repeats } = sandbox.stats();
    assert.deepEqual([calls, billed, repeats, report.paid, report.fromStore], [scan.plan.calls, scan.plan.calls, 0, calls, 0]);
  }
});

test("asks nothing before it is asked for its result, and asks once however often it is", async () => {
  const { sandbox, client } = market();
  const scan = client.scan(companies(30));
  await sleep(20);
  assert.equal(sandbox.stats().calls, 0);
  const [one, two] = await Promise.all([scan.result(), scan.result()]);
  assert.equal(one, two);
  assert.equal(sandbox.stats().calls, scan.plan.calls);
});

test("has the shapes that are promised", async () => {
  const { sandbox, client } = market();
  const report = await client.scan(companies(30)).result();
  const fields = ["calls", "done", "failed", "fromStore", "graph", "paid", "relations", "stopped", "uncovered", "unsupported"];
  assert.deepEqual(Object.keys(report).sort(), fields);
  assert.ok(report.graph instanceof RelationGraph);
  const [row] = report.relations;
  assert.deepEqual(Object.keys(row), ["companyName", "relatedCompanyName", "amount", "amountWan", "publicDate", "period", "source"]);
  const [direct] = (await client.findPartnershipRelation([row.companyName, row.relatedCompanyName], { store: null })).relations;
  assert.deepEqual(Object.keys(direct), Object.keys(row));
  const links = RelationGraph.from(sandbox.relationsAmong(companies(30))).links();
  assert.deepEqual(report.graph.links(), links);
});

test("takes the caller's spelling and gives it back, doubled names once", async () => {
  const { sandbox, client } = market({ density: 0.5 });
  const names = companies(24);
  const odd = names.map((name, index) => (index % 3 === 0 ? ` ${name}　\n` : name));
  const report = await client.scan([...odd, names[0], odd[3]]).result();
  assert.deepEqual(report.uncovered, []);
  const spelling = new Map(names.map((name, index) => [name, odd[index]]));
  const expected = sandbox.relationsAmong(names).map((row) => ({
    ...row,
    companyName: spelling.get(row.companyName),
    relatedCompanyName: spelling.get(row.relatedCompanyName),
  }));
  assert.deepEqual(rowKeys(report.relations), rowKeys(expected));
});

test("keeps the vendor's order of the two companies, and rows that one answer has twice", async () => {
  const names = companies(40);
  const row = (one, other, amount) => ({ companyName: names[one], relatedCompanyName: names[other], amount, publicDate: "2021", source: "招投标" });
  const relations = [row(3, 1, "5"), row(1, 3, "5"), row(8, 9, "7"), row(8, 9, "7"), row(39, 0, "1.10")];
  const { sandbox, client } = market({ relations, density: 0 });
  const report = await client.scan(names).result();
  assert.deepEqual(rowKeys(report.relations), rowKeys(relations));
  assert.equal(sandbox.stats().repeats, 0);
});

test("gives the same, whatever the order in which answers arrive", async () => {
  const names = companies(120);
  const reports = [];
  for (const seed of [1, 2]) {
    const { client, sandbox } = market({}, {});
    let state = seed;
    const shuffling = async (...request) => {
      const answer = await sandbox.fetch(...request);
      state = (state * 48271) % 2147483647;
      await sleep(state % 7);
      return answer;
    };
    reports.push(await clientFor(sandbox, { fetch: shuffling }).scan(names, { concurrency: 8 }).result());
    client.free();
  }
  const [one, two] = reports;
  assert.deepEqual(one.relations, two.relations);
  assert.equal(one.graph.toCSV(), two.graph.toCSV());
});

for (const [what, input, asked] of [
  ["between two lists", (names) => ({ between: [names.slice(0, 15), names.slice(15)] }), (names) => names.slice(0, 15).flatMap((one) => names.slice(15).map((other) => [one, other]))],
  ["of a hub", (names) => ({ hub: names[0], others: names.slice(1) }), (names) => names.slice(1).map((other) => [names[0], other])],
  ["that are listed", (names) => ({ pairs: names.slice(1).map((name, index) => [names[index], name]) }), (names) => names.slice(1).map((name, index) => [names[index], name])],
  ["among a list", (names) => ({ among: names }), pairsOf],
]) {
  test(`covers the pairs ${what}, and tells those that a budget leaves out`, async () => {
    const names = companies(60);
    const pairs = asked(names);
    const whole = market();
    const report = await whole.client.scan(input(names)).result();
    assert.deepEqual([report.uncovered, report.stopped], [[], null]);
    const found = new Set(rowKeys(report.relations));
    const wanted = new Set(pairKeys(pairs));
    for (const row of relationsAmong(whole.sandbox, names, (one, other) => wanted.has(pairKey(one, other)))) assert.ok(found.has(row), row);
    const book = ledger();
    const cut = market({ onCall: book.onCall });
    const half = await cut.client.scan(input(names), { maxCalls: 2 }).result();
    assertExact(half, cut.sandbox, names, book.answered, pairs);
    assert.deepEqual([half.stopped, half.paid], ["budget", 2]);
  });
}

test("asks no pair that is known", async () => {
  const { sandbox, client } = market();
  const names = companies(60);
  const known = pairsOf(names.slice(0, 50));
  const scan = client.scan(names, { known });
  assert.ok(scan.plan.calls < client.scan(names).plan.calls / 2);
  const report = await scan.result();
  assert.deepEqual(report.uncovered, []);
  const cut = await client.scan(names, { known, maxCalls: 0 }).result();
  assert.equal(cut.uncovered.length, pairsOf(names).length - known.length);
  assert.equal(sandbox.stats().calls, scan.plan.calls);
});

test("takes fewer names a call", async () => {
  const book = ledger();
  const { sandbox, client } = market({ onCall: book.onCall });
  const names = companies(25);
  assertWhole(await client.scan(names, { callSize: 5 }).result(), sandbox, names);
  assert.ok(book.calls.every((call) => call.names.length <= 5));
});

test("shares the plan among machines", async () => {
  const names = companies(90);
  const { sandbox, client } = market();
  const rows = new Set();
  let calls = 0;
  for (let index = 0; index < 3; index += 1) {
    const report = await client.scan(names, { shard: { index, count: 3 } }).result();
    assert.deepEqual([report.uncovered, report.stopped], [[], null]);
    for (const row of rowKeys(report.relations)) rows.add(row);
    calls += report.calls;
  }
  assert.equal(calls, client.scan(names).plan.calls);
  assert.deepEqual([...rows].sort(), [...new Set(relationsAmong(sandbox, names))]);
  assert.equal(sandbox.stats().repeats, 0);
});

test("a shard tells its own pairs only", async () => {
  const { client } = market();
  const names = companies(90);
  const shard = { index: 1, count: 3 };
  const report = await client.scan(names, { shard, maxCalls: 0 }).result();
  const own = new Set([...client.scan(names, { shard }).plan].flatMap((call) => pairKeys(pairsOf(call))));
  assert.deepEqual(pairKeys(report.uncovered), [...own].sort());
});

test("keeps so many calls under way, and no more", async () => {
  for (const concurrency of [1, 3, 8]) {
    let [open, most] = [0, 0];
    const { sandbox } = market();
    const counting = async (...request) => {
      most = Math.max(most, (open += 1));
      await sleep(2);
      open -= 1;
      return sandbox.fetch(...request);
    };
    await clientFor(sandbox, { fetch: counting }).scan(companies(100), { concurrency }).result();
    assert.equal(most, concurrency);
  }
});

test("starts no more calls in a second than it may", async () => {
  const starts = [];
  const { client } = market({ onCall: () => starts.push(performance.now()) });
  await client.scan(companies(60), { callsPerSecond: 40, concurrency: 8 }).result();
  // Timers may be late, which puts two starts closer; over the whole it evens out.
  const took = starts.at(-1) - starts[0];
  assert.ok(took >= ((starts.length - 1) / 40) * 1000 - 30, `${starts.length} calls in ${took} ms`);
});

for (const [what, faults, client] of [
  ["nothing else", [], {}],
  ["polls", [{ calls: { every: 3 }, status: 205 }], { pending: { maxPolls: 3, delayMs: 0 } }],
  ["answers that are lost and asked for again", [{ calls: { every: 4 }, transport: "reset" }], { retry: { maxRetries: 2, baseDelayMs: 0, resendWhenUnknown: true } }],
  ["answers that never come", [{ calls: { every: 5 }, transport: "reset" }], {}],
  ["both", [{ calls: { every: 3 }, status: 205 }, { calls: { every: 4 }, transport: "cut-body" }], { retry: { maxRetries: 2, baseDelayMs: 0, resendWhenUnknown: true }, pending: { maxPolls: 2, delayMs: 0 } }],
]) {
  test(`never oversteps its budget, with ${what} on the bill`, async () => {
    for (const maxCalls of [0, 1, 2, 3, 5, 8, 13]) {
      const book = ledger();
      const market_ = market({ faults, onCall: book.onCall }, client);
      const names = companies(80);
      const report = await market_.client.scan(names, { maxCalls, concurrency: 5 }).result();
      assert.ok(book.billed <= maxCalls, `${book.billed} of ${maxCalls}`);
      assert.ok(report.paid >= book.billed && report.paid <= maxCalls, `${report.paid}: ${book.billed} of ${maxCalls}`);
      assert.equal(report.stopped, "budget");
      const delivered = book.calls.filter(({ status, transport }) => transport === "deliver" && ["200", "201"].includes(status));
      assertExact(report, market_.sandbox, names, delivered.map((call) => call.names));
    }
  });
}

test("tells which questions were not paid for", async () => {
  const { client } = market();
  const names = companies(80);
  const unpaid = [];
  const scan = client.scan(names, { store: new Map(), maxCalls: 0 });
  for await (const event of scan) if (event.type === "unpaid") unpaid.push(event.companyNames);
  const sorted = (calls) => calls.map((call) => [...call].sort().join()).sort();
  assert.deepEqual(sorted(unpaid), sorted([...scan.plan]));
});

test("keeps what is under way when it is aborted, and says so", async () => {
  const book = ledger();
  const { sandbox } = market({ latencyMs: 20, onCall: book.onCall });
  const names = companies(80);
  const controller = new AbortController();
  const store = new Map();
  const scan = clientFor(sandbox).scan(names, { store, signal: controller.signal, concurrency: 4 });
  const running = scan.result();
  while (book.calls.length < 6) await sleep(1);
  controller.abort();
  const report = await running;
  assert.equal(report.stopped, "aborted");
  assert.equal(report.paid, book.calls.length);
  assert.ok(book.calls.length < 12);
  assertExact(report, sandbox, names, book.answered);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  assertWhole(await clientFor(sandbox).scan(names, { store }).result(), sandbox, names);
  assert.equal(sandbox.stats().repeats, 0);
});

test("pays for nothing where it is aborted before it begins", async () => {
  const { sandbox, client } = market();
  const report = await client.scan(companies(30), { signal: AbortSignal.abort() }).result();
  assert.deepEqual([report.stopped, report.paid, sandbox.stats().calls], ["aborted", 0, 0]);
  assert.equal(report.uncovered.length, pairsOf(companies(30)).length);
});

test("tells how far it is, and how long it will take", async () => {
  const { client } = market({ latencyMs: 3 });
  const seen = [];
  const scan = client.scan(companies(100), { onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(scan.progress(), { calls: scan.plan.calls, done: 0, paid: 0, fromStore: 0, failed: 0, relations: 0, etaMs: null });
  const report = await scan.result();
  for (const [index, progress] of seen.entries()) {
    const before = seen[index - 1] ?? progress;
    assert.ok(progress.done >= before.done && progress.paid >= before.paid && progress.relations >= before.relations);
  }
  assert.deepEqual(seen.at(-1), { calls: report.calls, done: report.calls, paid: report.calls, fromStore: 0, failed: 0, relations: report.relations.length, etaMs: 0 });
  const estimates = seen.filter(({ done }) => done > report.calls / 4 && done < report.calls);
  assert.ok(estimates.length > 0 && estimates.every(({ etaMs }) => etaMs > 0));
});

test("goes on although onProgress throws", async () => {
  const { sandbox, client } = market();
  const names = companies(40);
  const report = await client.scan(names, { onProgress: () => assert.fail("the listener's mistake") }).result();
  assertWhole(report, sandbox, names);
});

test("lets timers have their turn, although nothing has to be waited for", async () => {
  const { client } = market();
  const store = new Map();
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await client.scan(companies(400), { store }).result();
  clearInterval(timer);
  assert.ok(longest > 0 && longest < 400, `${longest} ms`);
});

test("is iterated: every answer, as it comes", async () => {
  const { sandbox, client } = market();
  const names = companies(60);
  const scan = client.scan(names);
  const rows = new Set();
  let answers = 0;
  for await (const event of scan) {
    assert.deepEqual(Object.keys(event), ["type", "companyNames", "relations", "meta"]);
    assert.deepEqual([event.type, event.meta.billed, event.meta.fromStore], ["answer", true, false]);
    for (const row of rowKeys(event.relations)) rows.add(row);
    answers += 1;
  }
  assert.equal(answers, scan.plan.calls);
  assert.deepEqual([...rows].sort(), [...new Set(relationsAmong(sandbox, names))]);
  assertWhole(await scan.result(), sandbox, names);
});

test("pays for nothing more when the loop is left", async () => {
  const { sandbox, client } = market({ latencyMs: 2 });
  const scan = client.scan(companies(200), { concurrency: 3 });
  let taken = 0;
  for await (const _ of scan) if ((taken += 1) === 5) break;
  const report = await scan.result();
  assert.equal(report.stopped, "aborted");
  const { calls } = sandbox.stats();
  assert.ok(calls <= 12, `${calls} calls`);
  assert.equal(report.paid, calls);
  await sleep(30);
  assert.equal(sandbox.stats().calls, calls);
});

test("a slow reader holds the run back", async () => {
  const { sandbox, client } = market();
  let taken = 0;
  for await (const _ of client.scan(companies(200), { concurrency: 4 })) {
    taken += 1;
    if (taken > 40) break;
    await sleep(1);
    assert.ok(sandbox.stats().calls <= taken + 16 + 2 * 4, `${sandbox.stats().calls} calls for ${taken} taken`);
  }
});

test("splits what has too many rows", async () => {
  const book = ledger();
  const { sandbox, client } = market({ density: 1, maxRows: 150, onCall: book.onCall });
  const names = companies(50);
  const events = [];
  const scan = client.scan(names);
  for await (const event of scan) events.push(event);
  const report = await scan.result();
  const { byStatus, repeats } = sandbox.stats();
  assert.ok(byStatus[207] > 0);
  assert.equal(repeats, 0);
  assertWhole({ ...report, uncovered: report.uncovered }, sandbox, names);
  const splits = events.filter(({ type }) => type === "split");
  assert.equal(splits.length, byStatus[207]);
  assert.ok(splits.every(({ companyNames, into }) => into === 3 && companyNames.length > 2));
});

for (const status of [208, 215, 218, 219]) {
  test(`isolates the companies at fault (${status}) in few calls and leaves them out`, async () => {
    const names = companies(100);
    const faulty = [names[13], names[77]];
    const book = ledger();
    const { sandbox, client } = market({ faults: [{ company: faulty, status }], onCall: book.onCall });
    const store = new Map();
    const events = [];
    const scan = client.scan(names, { store, concurrency: 4 });
    for await (const event of scan) events.push(event);
    const report = await scan.result();
    assert.deepEqual([...report.unsupported].sort(), [...faulty].sort());
    assert.deepEqual([report.failed, report.stopped, report.done], [[], null, report.calls]);
    assertExact(report, sandbox, names, book.answered);
    assert.equal(report.uncovered.length, 99 + 98);
    const found = events.filter(({ type }) => type === "unsupported").map(({ companyName }) => companyName);
    assert.deepEqual(found, report.unsupported);
    // For each: the refused call, three that were under way with it, five halvings, the rest.
    assert.ok(book.billed <= report.calls + 2 * (4 + 5 + 1), `${book.billed} for ${report.calls}`);
    assert.equal(sandbox.stats().repeats, 0);
    // What was found out is in the store, for this list and for any other.
    const again = await client.scan(names, { store }).result();
    assert.deepEqual([again.paid, [...again.unsupported].sort()], [0, [...faulty].sort()]);
    const before = book.calls.length;
    const other = await client.scan([faulty[0], ...companies(130).slice(100)], { store }).result();
    assert.deepEqual(other.unsupported, [faulty[0]]);
    assert.ok(book.calls.slice(before).every((call) => !call.names.includes(faulty[0])));
  });
}

for (const status of [102, 103, 106, 108, 109, 112, 116, 117, 119]) {
  test(`stops for ${status} and keeps what is done`, async () => {
    const book = ledger();
    const faults = [{ calls: { from: 8 }, status }];
    const { sandbox, client } = market({ faults, onCall: book.onCall, latencyMs: 1 });
    const names = companies(100);
    const store = new Map();
    const report = await client.scan(names, { store, concurrency: 3 }).result();
    assert.equal(report.stopped, "account");
    assert.ok(book.calls.length <= 7 + 3, `${book.calls.length} calls`);
    assert.ok(report.failed.length > 0 && report.failed.every(({ error }) => error.status === status));
    assertExact(report, sandbox, names, book.answered);
    sandbox.setFaults([]);
    const rest = await client.scan(names, { store }).result();
    assertWhole(rest, sandbox, names);
    assert.deepEqual([rest.fromStore, sandbox.stats().repeats], [7, 0]);
  });
}

test("lists what failed, goes on with the rest, and asks it again next time", async () => {
  const names = companies(100);
  const book = ledger();
  const { sandbox, client } = market({ faults: [{ calls: { every: 5 }, status: 199 }], onCall: book.onCall }, { retry: { maxRetries: 0 } });
  const store = new Map();
  const report = await client.scan(names, { store }).result();
  assert.equal(report.stopped, null);
  assert.equal(report.failed.length, report.calls - report.done);
  for (const { companyNames, error } of report.failed) {
    assert.deepEqual([error.status, error.kind, error.billed], [199, "server", false]);
    assert.ok(companyNames.every((name) => names.includes(name)));
  }
  assertExact(report, sandbox, names, book.answered);
  sandbox.setFaults([]);
  assertWhole(await client.scan(names, { store }).result(), sandbox, names);
  assert.equal(sandbox.stats().repeats, 0);
});

test("ends where nothing is answered any longer", async () => {
  const { sandbox, client } = market({ faults: [{ status: 199 }] }, { retry: { maxRetries: 0 } });
  const report = await client.scan(companies(200)).result();
  assert.equal(report.stopped, "failing");
  assert.ok(sandbox.stats().calls <= 24, `${sandbox.stats().calls}`);
});

test("works behind a client that was freed and cannot", async () => {
  const { client } = market();
  const scan = client.scan(companies(30));
  client.free();
  await failure(scan.result(), { kind: "config", billed: false });
});

const pair = companies(2);
for (const [what, input, options, kind = "invalid-argument", words = ""] of [
  ["nothing", undefined, {}],
  ["a text", "甲公司,乙公司", {}],
  ["an empty list", [], {}],
  ["one name", ["甲公司"], {}],
  ["one name twice", ["甲公司", " 甲公司"], {}],
  ["a name too short", [...pair, "甲"], {}, "invalid-argument", "甲"],
  ["a name with a comma", [...pair, "甲,乙公司"], {}, "invalid-argument", "甲,乙公司"],
  ["a name with a control character", [...pair, "甲\u0007公司"], {}],
  ["a name with a line break", [...pair, "甲公司\n乙公司"], {}],
  ["a name that is a number", [...pair, 7], {}, "invalid-argument", "company name 3 is number"],
  ["a name that is null", [...pair, null], {}, "invalid-argument", "company name 3 is null"],
  ["an object that says nothing", {}, {}],
  ["one list to go between", { between: [pair] }, {}],
  ["a hub without others", { hub: "甲公司", others: [] }, {}],
  ["a hub that is no name", { hub: 3, others: pair }, {}],
  ["pairs of three", { pairs: [[...pair, "丙公司"]] }, {}],
  ["no pairs", { pairs: [] }, {}],
  ["a call size of 1", pair, { callSize: 1 }],
  ["a call size of 21", pair, { callSize: 21 }],
  ["a call size in words", pair, { callSize: "20" }],
  ["a known pair of one", pair, { known: [["甲公司"]] }],
  ["a known name too short", pair, { known: [["甲公司", "乙"]] }],
  ["a shard beyond the last", pair, { shard: { index: 2, count: 2 } }],
  ["a shard of none", pair, { shard: { index: 0, count: 0 } }],
  ["a shard in words", pair, { shard: "1/2" }, "config"],
  ["no concurrency", pair, { concurrency: 0 }, "config", "concurrency"],
  ["a negative budget", pair, { maxCalls: -1 }, "config", "maxCalls"],
  ["a budget that is no number", pair, { maxCalls: NaN }, "config", "maxCalls"],
  ["no calls in a second", pair, { callsPerSecond: 0 }, "config", "callsPerSecond"],
  ["a listener that is none", pair, { onProgress: 7 }, "config", "onProgress"],
  ["a store that is none", pair, { store: {} }, "config", "store"],
  ["a signal that is none", pair, { signal: {} }, "config", "signal"],
  ["options that are none", pair, null, "config"],
]) {
  test(`refuses ${what} before anything is paid`, async () => {
    const { sandbox, client } = market();
    const error = await failure(() => client.scan(input, options), { kind, billed: false, attempts: 0 });
    assert.ok(error.message.includes(words), error.message);
    assert.equal(sandbox.stats().calls, 0);
  });
}
