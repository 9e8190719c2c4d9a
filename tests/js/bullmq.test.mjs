// A run on many machines: jobs on a real Redis, workers in processes of their own, one of them killed.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import KeyvRedis from "@keyv/redis";
import { Queue, Worker } from "bullmq";
import Keyv from "keyv";
import { QccClient } from "qcc-pro";
import { collect, enqueue, jobId, processor } from "qcc-pro/bullmq";
import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { failure } from "./support/client.mjs";
import { startRedis } from "./support/redis.mjs";
import { assertExact, assertWhole, clientFor, companies, ledger, market, pairsOf } from "./support/runs.mjs";
import { startSandbox } from "./support/sandbox-process.mjs";

// The suite's own; it ends with the last test.
const redis = await startRedis({ after });

/** A queue and a store of the test's own, closed with it. */
function shared(t, name) {
  const connection = { url: redis };
  const queue = new Queue(name, { connection });
  const store = new Keyv({ store: new KeyvRedis(redis), namespace: name });
  t.after(() => Promise.all([queue.close(), store.disconnect()]));
  return { queue, store, connection };
}

/** Until nothing is left to do, or nothing may be done. */
async function drained(queue) {
  for (;;) {
    const { wait, active, delayed } = await queue.getJobCounts("wait", "active", "delayed");
    if (active === 0 && ((wait === 0 && delayed === 0) || (await queue.isPaused()))) return;
    await sleep(20);
  }
}

/** Works a queue off in this process. */
async function work(t, { queue, store, connection }, client, options = {}) {
  const limiter = options.limiter;
  const worker = new Worker(queue.name, processor(client, { queue, store, limiter }), { connection, concurrency: 4, ...options });
  worker.on("error", () => {});
  try {
    await drained(queue);
  } finally {
    await worker.close();
  }
}

test("gives the report of a run on one machine, and pays for each call once", async (t) => {
  const place = shared(t, "whole");
  const { sandbox, client } = market();
  const names = companies(80);
  const { calls, queued } = await enqueue(place.queue, client, names, place);
  assert.deepEqual([calls, queued], [client.scan(names).plan.calls, calls]);
  const early = await collect(place.queue, client, names, place);
  assert.deepEqual([early.stopped, early.uncovered.length, early.paid], [null, pairsOf(names).length, 0]);
  await work(t, place, client);
  const report = await collect(place.queue, client, names, place);
  assertWhole(report, sandbox, names);
  const alone = await market().client.scan(names).result();
  assert.deepEqual(report.relations, alone.relations);
  assert.deepEqual([report.paid, report.fromStore], [0, calls]);
  assert.deepEqual([sandbox.stats().calls, sandbox.stats().repeats], [calls, 0]);
});

test("queues nothing twice, and nothing that the store answers", async (t) => {
  const place = shared(t, "twice");
  const { sandbox, client } = market();
  const names = companies(80);
  await client.findPartnershipRelation(client.scan(names).plan.call(2), place);
  const { calls, queued } = await enqueue(place.queue, client, names, place);
  assert.equal(queued, calls - 1);
  await enqueue(place.queue, client, [...names].reverse(), place);
  assert.equal((await place.queue.getJobCounts("wait")).wait, calls - 1);
  const first = client.scan(names).plan.call(0);
  assert.deepEqual((await place.queue.getJob(jobId(client, first))).data, { companyNames: first });
  assert.equal(jobId(client, first).replaceAll(".", ":"), client.storeKey(first));
  await work(t, place, client);
  assert.deepEqual(await enqueue(place.queue, client, names, place), { calls, queued: 0 });
  assert.deepEqual([sandbox.stats().calls, sandbox.stats().repeats], [calls, 0]);
});

test("splits and isolates as a run does", async (t) => {
  const names = companies(90);
  const faulty = names[31];
  const book = ledger();
  const place = shared(t, "split");
  const { sandbox, client } = market({ density: 1, maxRows: 150, faults: [{ company: faulty, status: 208 }], onCall: book.onCall });
  await enqueue(place.queue, client, names, place);
  await work(t, place, client);
  const report = await collect(place.queue, client, names, place);
  assert.deepEqual([report.unsupported, report.failed, report.stopped], [[faulty], [], null]);
  assert.ok(sandbox.stats().byStatus[207] > 0);
  assert.equal(report.uncovered.length, names.length - 1);
  assertExact(report, sandbox, names, book.answered);
  assert.equal(sandbox.stats().repeats, 0);
  // The refused call, three that were under way with it, and one search.
  assert.ok(sandbox.stats().byStatus[208] <= 4 + 5, JSON.stringify(sandbox.stats().byStatus));
});

test("finds what a job had answered, though it took a split and a search in one of its parts", async (t) => {
  const place = shared(t, "part");
  const names = companies(60);
  const faulty = names[7];
  const { sandbox } = market({ faults: [{ company: faulty, status: 208 }] });
  const asked = new Map();
  const answered = [];
  // More than 14 names are too many rows; so the company at fault is met in a part of each call that has it.
  const fetch = async (url, init) => {
    const called = new URL(url).searchParams.get("companyNames").split(",");
    const key = [...called].sort().join();
    asked.set(key, (asked.get(key) ?? 0) + 1);
    if (called.length > 14) return Response.json({ status: "207", msg: "" });
    if (!called.includes(faulty)) answered.push(called);
    return sandbox.fetch(url, init);
  };
  const client = clientFor(sandbox, { fetch });
  await enqueue(place.queue, client, names, place);
  await work(t, place, client);
  const calls = asked.size;
  const report = await collect(place.queue, client, names, place);
  assert.deepEqual([report.stopped, report.failed, report.unsupported], [null, [], [faulty]]);
  assert.equal(report.uncovered.length, names.length - 1);
  assertExact(report, sandbox, names, answered);
  // The same for a run on one machine that goes on from this store, and for jobs queued again.
  const again = await client.scan(names, place).result();
  assert.deepEqual([again.paid, again.uncovered.length], [0, names.length - 1]);
  assert.equal((await enqueue(place.queue, client, names, place)).queued, 0);
  assert.deepEqual([asked.size, Math.max(...asked.values())], [calls, 1]);
});

test("pauses the queue for what concerns the account, and goes on when it is resumed", async (t) => {
  const place = shared(t, "account");
  const { sandbox, client } = market({ faults: [{ calls: { from: 6 }, status: 112 }] });
  const names = companies(90);
  await enqueue(place.queue, client, names, place);
  await work(t, place, client);
  assert.equal(await place.queue.isPaused(), true);
  assert.ok(sandbox.stats().calls <= 5 + 4, `${sandbox.stats().calls} calls`);
  const report = await collect(place.queue, client, names, place);
  assert.deepEqual([report.stopped, report.fromStore], ["account", 5]);
  assert.ok(report.failed.length > 0);
  for (const { companyNames, error } of report.failed) {
    assert.deepEqual([error.status, error.kind, error.billed, companyNames.length > 1], [112, "account", false, true]);
  }
  const text = JSON.stringify(await place.queue.getFailed());
  assert.ok(!text.includes(SANDBOX_KEY) && !text.includes(SANDBOX_SECRET_KEY));
  sandbox.setFaults([]);
  await enqueue(place.queue, client, names, place);
  await place.queue.resume();
  await work(t, place, client);
  assertWhole(await collect(place.queue, client, names, place), sandbox, names);
  assert.equal(sandbox.stats().repeats, 0);
});

test("shares the rate limit", async (t) => {
  const place = shared(t, "limit");
  const starts = [];
  const { client } = market({ onCall: () => starts.push(performance.now()) });
  await enqueue(place.queue, client, companies(60), place);
  const limiter = { max: 5, duration: 250 };
  await Promise.all([work(t, place, client, { limiter }), work(t, place, client, { limiter })]);
  const took = starts.at(-1) - starts[0];
  const least = (Math.ceil(starts.length / 5) - 1) * 250;
  assert.ok(took >= least - 60, `${starts.length} calls in ${took} ms, which may not be under ${least}`);
});

test("a store that fails costs nothing: no job pays without it", async (t) => {
  const place = shared(t, "store");
  const { sandbox, client } = market();
  const names = companies(60);
  await enqueue(place.queue, client, names, place);
  const broken = { get: () => Promise.reject(new Error("gone")), set: () => {} };
  await work(t, { ...place, store: broken }, client);
  assert.equal(sandbox.stats().calls, 0);
  const report = await collect(place.queue, client, names, place);
  assert.deepEqual([report.failed.length, report.failed[0].error.kind], [report.calls, "config"]);
  await failure(enqueue(place.queue, client, names, { store: broken }), { kind: "config" });
  await failure(enqueue(place.queue, client, names, {}), { kind: "config" });
  await failure(enqueue(place.queue, client, ["甲公司"], place), { kind: "invalid-argument" });
  await failure(() => processor(client, { store: place.store }), { kind: "config" });
});

test("three workers, one of them killed in mid-run: the graph is exact, no call is paid twice", async (t) => {
  const MARKET = { density: 0.02, seed: 5, latencyMs: 15 };
  const sandbox = await startSandbox(t, MARKET);
  const name = "killed";
  const { queue, connection } = shared(t, name);
  // The workers' own: without a namespace.
  const store = new Keyv({ store: new KeyvRedis(redis) });
  t.after(() => store.disconnect());
  const client = new QccClient({ key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY, baseUrl: sandbox.url });
  const names = companies(300);
  const { calls } = await enqueue(queue, client, names, { store });
  const env = { ...process.env, QCC_KEY: SANDBOX_KEY, QCC_SECRET_KEY: SANDBOX_SECRET_KEY, QCC_BASE_URL: sandbox.url };
  const script = fileURLToPath(new URL("support/worker-process.mjs", import.meta.url));
  const workers = Array.from({ length: 3 }, () => fork(script, [redis, name], { env }));
  t.after(() => workers.forEach((worker) => worker.kill()));
  // In the midst of its work: right when it has begun its twentieth job.
  for (let begun = 0; begun < 20; begun += 1) await once(workers[1], "message");
  workers[1].kill("SIGKILL");
  await once(workers[1], "exit");
  const killed = sandbox.calls.length;
  // Until what the others had under way is in the store; a dead worker's jobs are given on after three seconds only.
  await sleep(1_000);
  let lost = 0;
  for (const call of sandbox.calls.slice(0, killed)) {
    if ((await store.get(client.storeKey(call.names))) === undefined) lost += 1;
  }
  assert.ok(killed < calls, "it was killed when all was done");
  assert.ok(lost <= 3, `${lost} lost`);
  await drained(queue);
  const report = await collect(queue, client, names, { store });
  assertWhole(report, createSandbox(MARKET), names);
  const { billed, repeats } = await sandbox.stats();
  t.diagnostic(`${calls} calls, ${lost} in flight in the killed worker and paid for again`);
  assert.deepEqual([repeats, billed], [lost, calls + lost]);
  assert.deepEqual(await queue.getFailed(), []);
});
