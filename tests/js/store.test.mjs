// Answers that were paid for are kept and read again; equal questions share one call; a store that fails loses nothing.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import KeyvRedis from "@keyv/redis";
import Keyv from "keyv";
import { clientOf, failure, serverFor } from "./support/client.mjs";
import { levelStore } from "./support/level.mjs";
import { startRedis } from "./support/redis.mjs";
import { PARTNERSHIP_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";

const ask = (client, options) => client.findPartnershipRelation(SAMPLE_NAMES, options);

/** Everything of an answer but its meta and its raw text. */
const content = ({ meta, ...answer }) => answer;

async function keepsAndReads(t, store) {
  const qcc = await serverFor(t);
  const paid = await ask(clientOf(qcc, { store }));
  const kept = await ask(clientOf(qcc, { store }));
  assert.deepEqual(content(kept), content(paid));
  const { durationMs, ...meta } = kept.meta;
  const { timespan } = paid.meta;
  const expected = { attempts: 0, billed: false, billedCalls: 0, unknownCalls: 0, fromStore: true, httpStatus: 200, timespan };
  assert.deepEqual(meta, expected);
  assert.deepEqual([paid.meta.fromStore, paid.meta.billedCalls, qcc.requests.length], [false, 1, 1]);
  assert.deepEqual(JSON.parse(kept.raw), JSON.parse(paid.raw.replace(qcc.key, "9b****2f")), kept.raw);
  return qcc;
}

test("keeps answers in a Map", (t) => keepsAndReads(t, new Map()));

test("keeps answers in a Keyv", (t) => keepsAndReads(t, new Keyv()));

/** A Keyv over `adapter` for the time of `use`. */
async function connected(adapter, use) {
  const store = new Keyv({ store: adapter });
  try {
    return await use(store);
  } finally {
    // One that is left open tries to connect for ever.
    await store.disconnect();
  }
}

/** `opened(use)` opens the store anew each time. */
async function keepsAndFinds(t, opened) {
  const qcc = await opened((store) => keepsAndReads(t, store));
  const { meta } = await opened((store) => ask(clientOf(qcc, { store })));
  assert.deepEqual([meta.fromStore, qcc.requests.length], [true, 1]);
}

test("keeps answers in LevelDB, and finds them in its files again", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "qcc-pro-level-"));
  t.after(() => rm(folder, { recursive: true }));
  await keepsAndFinds(t, async (use) => {
    const { store, close } = levelStore(join(folder, "answers"));
    try {
      return await use(store);
    } finally {
      await close();
    }
  });
});

test("keeps answers in a Keyv on Redis, and finds them from elsewhere", async (t) => {
  const address = await startRedis(t);
  await keepsAndFinds(t, (use) => connected(new KeyvRedis(address), use));
});

test("gives back the asker's spelling out of the store too", async (t) => {
  const store = new Map();
  const row = { companyName: "甲（北京）公司", relatedCompanyName: "乙公司" };
  const qcc = await serverFor(t, { relations: () => [row] });
  const client = clientOf(qcc, { store });
  await client.findPartnershipRelation(["甲（北京）公司", "乙公司"]);
  const { companyNames, relations, meta } = await client.findPartnershipRelation([" 乙公司", "甲(北京)公司", "乙公司"]);
  assert.deepEqual([meta.fromStore, companyNames], [true, [" 乙公司", "甲(北京)公司"]]);
  assert.deepEqual([relations[0].companyName, relations[0].relatedCompanyName], ["甲(北京)公司", " 乙公司"]);
  assert.equal(store.size, 1);
});

test("has neither key nor secret in what it stores", async (t) => {
  const store = new Map();
  const qcc = await serverFor(t);
  await ask(clientOf(qcc, { store }));
  await clientOf(qcc, { store }).request("/api/corp/correlation/findPartnershipRelation", { companyNames: SAMPLE_NAMES.join() });
  const text = JSON.stringify([...store]);
  for (const secret of [qcc.key, qcc.secretKey, qcc.requests[0].headers.token]) assert.ok(!text.includes(secret));
  for (const key of store.keys()) {
    assert.match(key, /^qcc-pro:1:[0-9a-f]{16}:[\w/]+:[0-9a-f]{32}$/i);
    assert.ok(!SAMPLE_NAMES.some((name) => key.includes(name)));
  }
});

test("keeps accounts and hosts apart", async (t) => {
  const store = new Map();
  const [qcc, other] = [await serverFor(t), await serverFor(t)];
  const twin = await serverFor(t, { key: "another company's key" });
  for (const server of [qcc, other, twin]) await ask(clientOf(server, { store }));
  assert.equal(store.size, 3);
  assert.deepEqual([qcc, other, twin].map((server) => server.requests.length), [1, 1, 1]);
});

test("keeps refusals that were paid for, and nothing that passes", async (t) => {
  for (const [code, kept] of [
    [201, true],
    [202, true],
    [207, true],
    [208, true],
    [205, false],
    [199, false],
    [102, false],
    [107, false],
    [4711, false],
  ]) {
    const store = new Map();
    const qcc = await serverFor(t);
    qcc.next(...Array(4).fill({ code }));
    const client = clientOf(qcc, { store, pending: { maxPolls: 0 }, retry: { maxRetries: 0 } });
    const first = await ask(client).catch((error) => error);
    assert.equal(first.status, code);
    assert.equal(store.size, kept ? 1 : 0, `code ${code}`);
    const again = await ask(client).catch((error) => error);
    assert.deepEqual([again.status, again.kind, qcc.requests.length], [code, first.kind, kept ? 1 : 2]);
    if (kept && code !== 201) assert.deepEqual([again.fromStore, again.billed, again.attempts], [true, false, 0]);
  }
});

test("never keeps quotas", async (t) => {
  const store = new Map();
  const qcc = await serverFor(t);
  const client = clientOf(qcc, { store });
  await client.getQuota();
  await client.getQuota();
  await client.request("/api/company/quota/getQuota");
  assert.deepEqual([store.size, qcc.requests.length], [0, 3]);
});

test("uses a call's own store, or none", async (t) => {
  const [store, own] = [new Map(), new Map()];
  const qcc = await serverFor(t);
  const client = clientOf(qcc, { store });
  await ask(client, { store: own });
  await ask(client, { store: null });
  assert.deepEqual([store.size, own.size, qcc.requests.length], [0, 1, 2]);
  await ask(client, { store: undefined });
  assert.deepEqual([store.size, qcc.requests.length], [1, 3]);
});

test("uses no answer older than the ttl, and gives the store the ttl", async (t) => {
  const store = new Map();
  const ttls = [];
  const noting = { get: (key) => store.get(key), set: (key, value, ttlMs) => (ttls.push(ttlMs), store.set(key, value)) };
  const qcc = await serverFor(t);
  const client = clientOf(qcc, { store: noting, storeTtlMs: 3_600_000 });
  await ask(client);
  assert.equal((await ask(client)).meta.fromStore, true);
  // As if it had been asked two hours ago.
  for (const [key, value] of store) store.set(key, value.replace(/"timespan":(\d+)/, (_, second) => `"timespan":${second - 7200}`));
  assert.equal((await ask(client)).meta.fromStore, false);
  assert.deepEqual([ttls, qcc.requests.length], [[3_600_000, 3_600_000], 2]);
  const eternal = clientOf(qcc, { store: noting });
  for (const [key, value] of store) store.set(key, value.replace(/"timespan":\d+/, '"timespan":1'));
  assert.equal((await ask(eternal)).meta.fromStore, true);
});

const never = () => new Promise(() => {});
const thrown = () => {
  throw new Error("the store's mistake");
};
const rejected = async () => thrown();
for (const [what, broken, said] of [
  ["throws when read", { get: thrown, set: () => {} }, /could not be read/],
  ["rejects when read", { get: rejected, set: () => {} }, /could not be read/],
  ["throws when written", { get: () => undefined, set: thrown }, /could not be written/],
  ["rejects when written", { get: () => undefined, set: rejected }, /could not be written/],
  ["rejects with nothing", { get: () => Promise.reject(undefined), set: () => {} }, /could not be read/],
  ["hangs when read", { get: never, set: () => {} }, /did not answer in time; the call is made/],
  ["hangs when written", { get: () => undefined, set: never }, /did not answer in time; the answer is returned/],
  ["holds nonsense", { get: () => "nonsense", set: () => {} }, /held something that is not this answer/],
  ["holds half an answer", { get: () => '{"qccPro":1,"timespan":7,"question":"', set: () => {} }, /held something/],
]) {
  test(`answers with a store that ${what}, and says so`, async (t) => {
    const qcc = await serverFor(t);
    const events = [];
    const client = clientOf(qcc, { store: broken, timeoutMs: 400, deadlineMs: 1_500, onEvent: (event) => events.push(event) });
    const { relations, meta, raw } = await ask(client);
    assert.deepEqual([relations.length, meta.billed, meta.fromStore, raw], [1, true, false, PARTNERSHIP_SAMPLE]);
    const told = events.filter((event) => event.type === "store");
    assert.equal(told.length, 1);
    assert.match(told[0].message, said);
    assert.equal(qcc.requests.length, 1);
  });
}

for (const value of [null, 7, {}, [], true, Buffer.from("x"), Symbol("x"), () => "x"]) {
  test(`takes ${typeof value} ${Object.prototype.toString.call(value)} in a store for nothing`, async (t) => {
    const qcc = await serverFor(t);
    assert.equal((await ask(clientOf(qcc, { store: { get: () => value, set: () => {} } }))).meta.fromStore, false);
  });
}

test("takes no other question's answer out of the store", async (t) => {
  const store = new Map();
  const qcc = await serverFor(t);
  const client = clientOf(qcc, { store });
  await ask(client);
  const [value] = store.values();
  const mixed = { get: () => value, set: () => {} };
  const { meta, relations } = await client.findPartnershipRelation(["丙公司", "丁公司"], { store: mixed });
  assert.deepEqual([meta.fromStore, relations], [false, []]);
});

test("waits for the store before it answers, so that nothing paid is lost when the process ends", async (t) => {
  const qcc = await serverFor(t);
  const store = new Map();
  const slow = { get: (key) => store.get(key), set: async (key, value) => (await sleep(100), store.set(key, value)) };
  await ask(clientOf(qcc, { store: slow }));
  assert.equal(store.size, 1);
});

test("shares one call among equal questions", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ delayMs: 100 });
  const events = [];
  const client = clientOf(qcc, { onEvent: (event) => events.push(event) });
  const [one, two, three] = await Promise.all([
    ask(client),
    client.findPartnershipRelation([...SAMPLE_NAMES].reverse()),
    client.findPartnershipRelation([` ${SAMPLE_NAMES[0]}`, SAMPLE_NAMES[1], SAMPLE_NAMES[0]]),
  ]);
  assert.equal(qcc.requests.length, 1);
  assert.deepEqual(two.companyNames, [...SAMPLE_NAMES].reverse());
  assert.equal(three.relations[0].companyName, ` ${SAMPLE_NAMES[0]}`);
  assert.notEqual(one.relations, two.relations);
  // Each tells what the one call cost; how often it was paid, the events tell.
  assert.deepEqual([one, two, three].map(({ meta }) => [meta.billed, meta.billedCalls, meta.attempts]), Array(3).fill([true, 1, 1]));
  assert.equal(events.filter((event) => event.type === "response" && event.billed).length, 1);
});

test("shares no call among different questions, endpoints or clients", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  await Promise.all([
    ask(client),
    client.findPartnershipRelation([...SAMPLE_NAMES, "丙公司"]),
    client.getQuota(),
    ask(clientOf(qcc)),
  ]);
  assert.equal(qcc.requests.length, 4);
});

test("shares a failure too, and asks anew afterwards", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ code: 112, delayMs: 50 });
  const client = clientOf(qcc);
  const errors = await Promise.all([failure(ask(client), { status: 112 }), failure(ask(client), { status: 112 })]);
  assert.notEqual(errors[0], errors[1]);
  assert.equal(qcc.requests.length, 1);
  assert.equal((await ask(client)).status, 200);
});

test("writes into each sharer's own store", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ delayMs: 100 });
  const client = clientOf(qcc);
  const [one, two] = [new Map(), new Map()];
  await Promise.all([ask(client, { store: one }), ask(client, { store: two }), ask(client, { store: null })]);
  assert.deepEqual([one.size, two.size, qcc.requests.length], [1, 1, 1]);
});

test("one sharer's abort leaves the others their call", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ delayMs: 150 });
  const client = clientOf(qcc);
  for (const first of [true, false]) {
    qcc.next({ delayMs: 150 });
    const controller = new AbortController();
    const calls = [ask(client, first ? { signal: controller.signal } : {}), ask(client, first ? {} : { signal: controller.signal })];
    const results = Promise.allSettled(calls);
    await sleep(40);
    controller.abort(new Error("enough"));
    const [aborted, answered] = first ? await results : (await results).reverse();
    assert.equal(aborted.reason?.message, "enough");
    assert.equal(answered.value?.relations.length, 1, String(answered.reason));
  }
  assert.equal(qcc.requests.length, 2);
});

test("gives up the shared call when the last one has gone", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ stall: "headers" });
  const events = [];
  const client = clientOf(qcc, { onEvent: (event) => events.push(event) });
  const controller = new AbortController();
  const calls = Promise.allSettled([ask(client, { signal: controller.signal }), ask(client, { signal: controller.signal })]);
  await sleep(60);
  controller.abort();
  assert.ok((await calls).every(({ reason }) => reason.name === "AbortError"));
  await sleep(60);
  assert.equal(qcc.inFlight, 0);
  const told = events.filter((event) => event.type === "abort");
  assert.deepEqual(told.map((event) => event.billed), ["unknown"]);
});
