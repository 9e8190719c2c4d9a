// Runs and their store: what was paid for is read from it and never asked again, and a store that fails ends the run.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { levelStore } from "./support/level.mjs";
import { assertExact, assertWhole, clientFor, companies, ledger, market } from "./support/runs.mjs";

test("reads what is in the store although the budget is spent", async () => {
  const { sandbox, client } = market();
  const names = companies(80);
  const store = new Map();
  const { paid } = await client.scan(names, { store, maxCalls: 10 }).result();
  assert.equal(paid, 10);
  const report = await client.scan(names, { store, maxCalls: 0 }).result();
  assert.deepEqual([report.paid, report.fromStore, report.done, report.stopped], [0, 10, 10, "budget"]);
  const rest = await client.scan(names, { store }).result();
  assertWhole(rest, sandbox, names);
  assert.deepEqual([rest.paid, rest.fromStore], [rest.calls - 10, 10]);
  // Everything is there: nothing has to be paid for, so no budget is missed.
  assertWhole(await client.scan(names, { store, maxCalls: 0 }).result(), sandbox, names);
  assert.equal(sandbox.stats().repeats, 0);
});

for (const what of ["get", "set"]) {
  for (const after of [0, 1, 2, 9]) {
    test(`pays for nothing more once the store's ${what} has failed (after ${after})`, async () => {
      const kept = new Map();
      let left = after;
      const failing = (name) => async (...values) => {
        if (name === what && (left -= 1) < 0) throw new Error("the disk is full");
        return kept[name](...values);
      };
      const book = ledger();
      const { sandbox, client } = market({ onCall: book.onCall });
      const names = companies(100);
      const store = { get: failing("get"), set: failing("set") };
      const report = await client.scan(names, { store, concurrency: 2 }).result();
      assert.equal(report.stopped, "store");
      assertExact(report, sandbox, names, book.answered);
      // Of what was paid for, only what was under way can have missed the store.
      const lost = book.billed - [...kept.keys()].filter((key) => key.includes("findPartnershipRelation")).length;
      assert.ok(lost <= (what === "set" ? 2 : 0), `${lost} lost`);
      const rest = await client.scan(names, { store: kept }).result();
      assertWhole(rest, sandbox, names);
      assert.equal(sandbox.stats().repeats, lost);
    });
  }
}

test("a store that hangs when it is written holds what is under way until its deadline, and ends the run", async () => {
  const kept = new Map();
  let writes = 0;
  const set = (key, value) => ((writes += 1) > 4 ? new Promise(() => {}) : void kept.set(key, value));
  const book = ledger();
  const { sandbox, client } = market({ onCall: book.onCall }, { deadlineMs: 400, timeoutMs: 300 });
  const names = companies(100);
  const started = performance.now();
  const report = await client.scan(names, { store: { get: (key) => kept.get(key), set }, concurrency: 2 }).result();
  const took = performance.now() - started;
  assert.ok(took >= 350 && took < 5_000, `${took} ms`);
  // The plan's record and three answers were written; of the others, two at once could be paid for.
  assert.deepEqual([report.stopped, report.failed], ["store", []]);
  assert.ok(book.calls.length <= 3 + 2, `${book.calls.length} calls`);
  assert.equal(report.paid, book.calls.length);
  assertExact(report, sandbox, names, book.answered);
});

test("goes on from a database in files, opened by somebody who knows nothing of the first run", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "qcc-pro-run-"));
  t.after(() => rm(folder, { recursive: true }));
  const { sandbox } = market();
  const names = companies(100);
  const run = async (maxCalls) => {
    const { store, close } = levelStore(join(folder, "answers"));
    try {
      return await clientFor(sandbox).scan(names, { store, maxCalls }).result();
    } finally {
      await close();
    }
  };
  assert.equal((await run(9)).paid, 9);
  const rest = await run();
  assertWhole(rest, sandbox, names);
  assert.deepEqual([rest.fromStore, rest.paid + 9, sandbox.stats().repeats], [9, rest.calls, 0]);
});

test("goes on with the plan that it began with, whatever this version would plan", async () => {
  const names = companies(100);
  const { sandbox, client } = market();
  const store = new Map();
  const { calls } = await client.scan(names, { store, maxCalls: 0 }).result();
  const [[key, record]] = [...store].filter(([name]) => name.includes(":scan:"));
  const { plan } = JSON.parse(record);
  // Another version's plan for the same names: the one for calls of 19, as it stands in a record of its own.
  const other = new Map();
  await client.scan(names, { store: other, maxCalls: 0, callSize: 19 }).result();
  const [[, otherRecord]] = [...other].filter(([name]) => name.includes(":scan:"));
  assert.notEqual(JSON.parse(otherRecord).plan, plan);
  store.set(key, otherRecord);
  const scan = client.scan(names, { store });
  const report = await scan.result();
  assertWhole(report, sandbox, names);
  assert.ok(report.calls > calls);
  assert.deepEqual([scan.plan.calls, sandbox.stats().calls], [report.calls, report.calls]);
  // A damaged record is none, and is replaced.
  store.set(key, record.slice(0, 40));
  assert.equal((await client.scan(names, { store, maxCalls: 0 }).result()).calls, calls);
  assert.equal(store.get(key), record);
});

test("has neither name nor key in the store's keys, and no secret in its values", async () => {
  const { client } = market({ faults: [{ company: companies(40)[5], status: 208 }] });
  const store = new Map();
  await client.scan(companies(40), { store }).result();
  for (const [key, value] of store) {
    assert.match(key, /^qcc-pro:1:[0-9a-f]{16}:(findPartnershipRelation|scan|search|unsupported):[0-9a-f]{32}$/);
    assert.ok(!/SANDBOX|9bc448a2ff6511e8/.test(value), value.slice(0, 200));
  }
});

test("ad-hoc calls and runs share the store", async () => {
  const { sandbox } = market();
  const store = new Map();
  const client = clientFor(sandbox, { store });
  const names = companies(60);
  const scan = client.scan(names);
  const { meta } = await client.findPartnershipRelation(scan.plan.call(3));
  assert.equal(meta.fromStore, false);
  const report = await scan.result();
  assert.deepEqual([report.fromStore, report.paid], [1, report.calls - 1]);
  assert.equal((await client.findPartnershipRelation(scan.plan.call(5).reverse())).meta.fromStore, true);
  assert.ok(store.has(client.storeKey(scan.plan.call(5))));
  assert.equal(client.storeKey(scan.plan.call(5)), client.storeKey(scan.plan.call(5).reverse()));
  assert.equal(sandbox.stats().calls, report.calls);
});

test("two runs of one client at once pay for each call once", async () => {
  const { sandbox } = market({ latencyMs: 1 });
  const client = clientFor(sandbox, { store: new Map() });
  const names = companies(60);
  const reports = await Promise.all([client.scan(names).result(), client.scan([...names].reverse()).result()]);
  for (const report of reports) assertWhole(report, sandbox, names);
  assert.deepEqual([sandbox.stats().calls, sandbox.stats().repeats], [reports[0].calls, 0]);
});

test("uses no store where it is told so", async () => {
  const { sandbox } = market();
  const store = new Map();
  await clientFor(sandbox, { store }).scan(companies(30), { store: null }).result();
  assert.equal(store.size, 0);
});
