// Which answers are asked for again, how often, and after which wait.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf, failure, HASTY, serverFor } from "./support/client.mjs";
import { QUOTA_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";

const ask = (client, options) => client.findPartnershipRelation(SAMPLE_NAMES, options);

/** By the documents (sections 7.1 and 7.2): code, whether it counts, kind, how often it is sent, whether later may help. */
const CODES = [
  [101, false, "auth", 1, false],
  [102, false, "account", 1, false],
  [103, false, "account", 1, false],
  [104, false, "auth", 1, false],
  [105, true, "unknown-status", 1, false],
  [106, false, "blocked", 1, false],
  [107, false, "auth", 1, false],
  [108, false, "blocked", 1, false],
  [109, false, "quota", 1, false],
  [110, true, "server", 1, true],
  [111, false, "permission", 1, false],
  [112, false, "account", 1, false],
  [113, false, "permission", 1, false],
  [114, false, "permission", 1, false],
  [115, false, "auth", 1, false],
  [116, false, "quota", 1, false],
  [117, false, "blocked", 1, false],
  [118, false, "permission", 1, false],
  [119, false, "account", 1, false],
  [120, false, "server", 3, true],
  [122, false, "server", 3, true],
  [199, false, "server", 3, true],
  [202, true, "invalid-argument", 1, false],
  [203, false, "server", 3, true],
  [205, true, "pending", 4, true],
  [207, true, "too-many-rows", 1, false],
  [208, true, "unsupported", 1, false],
  [209, true, "invalid-argument", 1, false],
  [213, true, "invalid-argument", 1, false],
  [214, false, "permission", 1, false],
  [215, true, "unsupported", 1, false],
  [218, true, "unsupported", 1, false],
  [219, true, "unsupported", 1, false],
  [223, false, "permission", 1, false],
  [500, false, "server", 3, true],
];

for (const [code, billed, kind, attempts, retryable] of CODES) {
  test(`ends with ${kind} after ${attempts} of code ${code}`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next(...Array(attempts + 2).fill({ code }));
    const fields = { status: code, kind, billed, attempts, retryable, billedCalls: billed ? attempts : 0, httpStatus: 200 };
    const error = await failure(ask(clientOf(qcc, { pending: { delayMs: 0 } })), fields);
    assert.equal(qcc.requests.length, attempts);
    assert.ok(error.message.startsWith(`QCC ${code}: `) && error.hint.length > 0);
    assert.ok(error.body.includes(`"${code}"`));
  });
}

/** HTTP status without an answer of QCC's: how often it is sent, whether it was billed, whether later may help. */
for (const [http, attempts, billed, retryable] of [
  [301, 1, false, false],
  [302, 1, false, false],
  [307, 1, false, false],
  [400, 1, false, false],
  [401, 1, false, false],
  [403, 1, false, false],
  [404, 1, false, false],
  [408, 1, false, false],
  [413, 1, false, false],
  [429, 3, false, true],
  [500, 1, "unknown", true],
  [501, 1, "unknown", true],
  [502, 3, "unknown", true],
  [503, 3, false, true],
  [504, 3, "unknown", true],
  [599, 1, "unknown", true],
]) {
  test(`ends with http after ${attempts} of HTTP ${http}`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next(...Array(attempts + 2).fill({ http, html: true }));
    const fields = { kind: "http", httpStatus: http, status: null, attempts, billed, retryable };
    const error = await failure(ask(clientOf(qcc)), fields);
    assert.equal(qcc.requests.length, attempts);
    assert.match(error.body, /<!DOCTYPE html>/);
  });
}

test("does not follow a redirect: the signature would travel along", async (t) => {
  const [qcc, other] = [await serverFor(t), await serverFor(t)];
  for (const http of [301, 302, 303, 307, 308]) {
    qcc.next({ http, headers: { location: `${other.url}/api/company/quota/getQuota?key=${qcc.key}` }, body: "" });
    const error = await failure(clientOf(qcc).getQuota(), { kind: "http", httpStatus: http, billed: false, attempts: 1 });
    assert.match(error.message, /redirect/);
  }
  assert.equal(other.requests.length, 0);
});

for (const [what, entry] of [
  ["a code that passes", { code: 199 }],
  ["a busy server", { http: 503 }],
  ["too many requests", { http: 429, html: true }],
]) {
  test(`answers after ${what}, signed anew`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next(entry, entry);
    const { meta, relations } = await ask(clientOf(qcc));
    assert.deepEqual([meta.attempts, meta.billed, meta.billedCalls, relations.length], [3, true, 1, 1]);
    assert.ok(qcc.requests.every(({ headers }) => /^[0-9A-F]{32}$/.test(headers.token)));
  });
}

test("retries as often as it is told to, by the client or by the call", async (t) => {
  const qcc = await serverFor(t);
  for (const [client, call, attempts] of [
    [0, undefined, 1],
    [5, undefined, 6],
    [5, 1, 2],
    [0, 3, 4],
  ]) {
    qcc.queue.length = 0;
    qcc.next(...Array(10).fill({ code: 500 }));
    const options = call === undefined ? {} : { retry: { maxRetries: call } };
    await failure(ask(clientOf(qcc, { retry: { ...HASTY, maxRetries: client } }), options), { attempts });
  }
});

test("waits between attempts, no longer than the doubling allows", async (t) => {
  const qcc = await serverFor(t);
  const waits = [];
  const onEvent = (event) => event.type === "retry" && waits.push(event.waitMs);
  const client = clientOf(qcc, { retry: { maxRetries: 4, baseDelayMs: 20, maxDelayMs: 60 }, onEvent });
  qcc.next(...Array(10).fill({ http: 503 }));
  const started = performance.now();
  await failure(ask(client), { attempts: 5 });
  const took = performance.now() - started;
  assert.equal(waits.length, 4);
  waits.forEach((wait, index) => assert.ok(wait >= 0 && wait <= Math.min(20 * 2 ** index, 60), `${waits}`));
  const sum = waits.reduce((total, wait) => total + wait, 0);
  // A timer may be a fraction of a millisecond early.
  assert.ok(took >= sum - 4, `${took} ms for waits of ${sum}`);
});

for (const [what, value] of [
  ["seconds", () => "1"],
  ["a date", () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000).toUTCString()],
]) {
  test(`waits as long as Retry-After says in ${what}`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next(() => ({ http: 429, headers: { "retry-after": value() } }));
    const { meta } = await ask(clientOf(qcc));
    const between = qcc.requests[1].at - qcc.requests[0].at;
    assert.ok(between >= 900 && between < 10_000, `${between} ms`);
    assert.equal(meta.attempts, 2);
  });
}

test("measures a Retry-After date by the server's own clock", async (t) => {
  const qcc = await serverFor(t, { clockOffset: 7200 });
  const inOneSecond = () => new Date(Date.now() + 7_201_000).toUTCString();
  qcc.next(() => ({ http: 503, headers: { "retry-after": inOneSecond() } }), { code: 201 });
  const started = performance.now();
  assert.equal((await ask(clientOf(qcc))).meta.attempts, 2);
  assert.ok(performance.now() - started < 10_000);
});

for (const [what, value] of [
  ["61 seconds", "61"],
  ["three days", "259200"],
  ["more digits than any number has", "9".repeat(400)],
  ["a date in three days", new Date(Date.now() + 259_200_000).toUTCString()],
]) {
  test(`does not wait for a Retry-After of ${what}`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next({ http: 429, headers: { "retry-after": value } });
    const started = performance.now();
    await failure(ask(clientOf(qcc)), { kind: "http", httpStatus: 429, attempts: 1, retryable: true, billed: false });
    assert.ok(performance.now() - started < 5_000);
  });
}

for (const value of ["soon", "-5", "", "1.5", "0", new Date(0).toUTCString(), "Sun, 31 Foo 2021 00:00:00 GMT"]) {
  test(`goes its own way with a Retry-After of «${value}»`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next({ http: 503, headers: { "retry-after": value } });
    assert.equal((await ask(clientOf(qcc))).meta.attempts, 2);
  });
}

test("asks again for what is pending, and counts every asking", async (t) => {
  const qcc = await serverFor(t);
  const events = [];
  const client = clientOf(qcc, { pending: { delayMs: 30 }, onEvent: (event) => events.push(event) });
  qcc.next({ code: 205 }, { code: 205 });
  const { meta, relations } = await ask(client);
  assert.deepEqual([meta.attempts, meta.billed, meta.billedCalls, relations.length], [3, true, 3, 1]);
  assert.equal(qcc.billed, 3);
  assert.deepEqual(events.filter((event) => event.type === "wait").map((event) => event.waitMs), [30, 30]);
  assert.ok(qcc.requests[1].at - qcc.requests[0].at >= 25);
});

test("asks for what is pending as often as it is told to", async (t) => {
  const qcc = await serverFor(t);
  for (const maxPolls of [0, 1, 5]) {
    qcc.queue.length = 0;
    qcc.next(...Array(9).fill({ code: 205 }));
    const pending = { maxPolls, delayMs: 0 };
    const fields = { kind: "pending", attempts: maxPolls + 1, billed: true, billedCalls: maxPolls + 1, retryable: true };
    await failure(ask(clientOf(qcc, { pending })), fields);
    await failure(ask(clientOf(qcc, { pending: { delayMs: 0 } }), { pending: { maxPolls: 0 } }), { attempts: 1 });
  }
});

test("remembers what it paid for when the end is a failure", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ code: 205 }, { reset: "before" });
  await failure(ask(clientOf(qcc, { pending: { delayMs: 0 } })), { kind: "network", billed: true, billedCalls: 1, attempts: 2 });
  qcc.next({ code: 205 }, { code: 102 });
  await failure(ask(clientOf(qcc, { pending: { delayMs: 0 } })), { kind: "account", billed: true, billedCalls: 1 });
});

test("does not wait beyond the deadline", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ code: 205 }, { http: 503, headers: { "retry-after": "30" } });
  const started = performance.now();
  await failure(ask(clientOf(qcc, { deadlineMs: 1_000 })), { kind: "pending", attempts: 1, billed: true });
  await failure(ask(clientOf(qcc, { deadlineMs: 1_000 })), { kind: "http", attempts: 1, billed: false });
  assert.ok(performance.now() - started < 5_000);
});

test("tells each step as an event, in order", async (t) => {
  const qcc = await serverFor(t);
  const events = [];
  qcc.next({ code: 199 }, { http: 502 });
  await clientOf(qcc, { onEvent: (event) => events.push(event) }).getQuota();
  const seen = events.map(({ type, attempt, status, httpStatus, billed }) => ({ type, attempt, status, httpStatus, billed }));
  const event = (type, attempt, more = {}) => ({ type, attempt, status: undefined, httpStatus: undefined, billed: undefined, ...more });
  assert.deepEqual(seen, [
    event("request", 1),
    event("response", 1, { status: 199, httpStatus: 200, billed: false }),
    event("retry", 1),
    event("request", 2),
    event("response", 2, { httpStatus: 502, billed: "unknown" }),
    event("retry", 2),
    event("request", 3),
    event("response", 3, { status: 200, httpStatus: 200, billed: true }),
  ]);
  assert.ok(events.every((one) => one.endpoint === "getQuota"));
  assert.ok(events.filter((one) => one.type === "response").every((one) => one.durationMs >= 0));
});

test("returns the answer though a listener throws", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ code: 199 });
  const onEvent = () => {
    throw new Error("the listener's mistake");
  };
  assert.equal((await clientOf(qcc, { onEvent }).getQuota()).raw, QUOTA_SAMPLE);
});
