// A clock that is off is told by the server's Date: the call is signed again once, and the offset is remembered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf, failure, serverFor } from "./support/client.mjs";
import { SAMPLE_NAMES } from "./support/samples.mjs";

const ask = (client) => client.findPartnershipRelation(SAMPLE_NAMES);
const seconds = () => Math.floor(Date.now() / 1000);

for (const clockOffset of [3600, -3600, 86_400 * 3000, 31, -31]) {
  test(`signs again once with a server ${clockOffset} s ahead, and remembers it`, async (t) => {
    const qcc = await serverFor(t, { clockOffset, toleranceSeconds: 15 });
    const events = [];
    const client = clientOf(qcc, { onEvent: (event) => events.push(event) });
    const { meta } = await ask(client);
    assert.deepEqual([meta.attempts, meta.billed, meta.billedCalls], [2, true, 1]);
    assert.ok(Math.abs(meta.timespan - seconds() - clockOffset) <= 3, `${meta.timespan}`);
    const [skew] = events.filter((event) => event.type === "skew");
    assert.ok(Math.abs(skew.offsetMs / 1000 - clockOffset) <= 3, `${skew.offsetMs}`);
    assert.deepEqual(qcc.requests.map((request) => request.code), [115, 200]);
    // The next call knows.
    assert.equal((await ask(client)).meta.attempts, 1);
    assert.equal((await client.getQuota()).meta.attempts, 1);
    assert.equal(qcc.requests.length, 4);
  });
}

test("follows a clock that is set right again", async (t) => {
  const qcc = await serverFor(t, { clockOffset: 3600 });
  const client = clientOf(qcc);
  assert.equal((await ask(client)).meta.attempts, 2);
  qcc.clockOffset = 0;
  assert.equal((await ask(client)).meta.attempts, 2);
  assert.equal((await ask(client)).meta.attempts, 1);
});

for (const code of [107, 115]) {
  test(`tells code ${code} at once where both clocks agree`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next({ code }, { code });
    await failure(ask(clientOf(qcc)), { kind: "auth", status: code, attempts: 1, billed: false, retryable: false });
    assert.equal(qcc.requests.length, 1);
  });

  const date = (ms) => new Date(Date.now() + ms).toUTCString();
  for (const [what, headers] of [
    ["of small difference", () => ({ date: date(20_000) })],
    ["out of a cache with an Age", () => ({ date: date(-3_600_000), age: "3600" })],
    ["out of a cache with an Age of nought", () => ({ date: date(-3_600_000), age: "0" })],
    ["out of a cache that says so", () => ({ date: date(-3_600_000), "x-cache": "HIT from edge" })],
    ["nobody can read", () => ({ date: "yesterday" })],
    ["missing", () => ({ date: null })],
  ]) {
    test(`does not sign again for code ${code} with a Date ${what}`, async (t) => {
      const qcc = await serverFor(t);
      qcc.next(() => ({ code, headers: headers() }), { code });
      await failure(ask(clientOf(qcc)), { status: code, attempts: 1 });
      assert.equal(qcc.requests.length, 1);
    });
  }
}

test("signs again for no other code, whatever the Date", async (t) => {
  const qcc = await serverFor(t, { clockOffset: 3600 });
  for (const code of [101, 102, 104, 111, 112]) {
    qcc.next({ code });
    await failure(ask(clientOf(qcc)), { status: code, attempts: 1 });
  }
});

test("tells a wrong secret at once where the clock is right", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc, { secretKey: "WRONG" });
  const error = await failure(ask(client), { kind: "auth", status: 107, attempts: 1, billed: false });
  assert.match(error.hint, /secret key.*clock/);
  assert.equal(qcc.requests.length, 1);
});

test("tells a wrong secret after one correction where the clock is off too, and never loops", async (t) => {
  const qcc = await serverFor(t, { clockOffset: 3600 });
  const client = clientOf(qcc, { secretKey: "WRONG" });
  for (let round = 1; round <= 3; round += 1) {
    await failure(ask(client), { kind: "auth", status: 107, attempts: 2, billed: false });
    assert.equal(qcc.requests.length, 2 * round);
  }
});

test("never loops with a server whose Date wanders", async (t) => {
  const qcc = await serverFor(t);
  let wandered = 0;
  qcc.next(...Array(20).fill(() => ({ code: 107, headers: { date: new Date(Date.now() + (wandered += 3_600_000)).toUTCString() } })));
  await failure(ask(clientOf(qcc)), { kind: "auth", attempts: 2 });
  assert.equal(qcc.requests.length, 2);
});

test("takes Token and Timespan from one reading of the clock in every attempt", async (t) => {
  const { tokenOf } = await import("./support/server.mjs");
  const qcc = await serverFor(t, { clockOffset: 500_000 });
  qcc.next({ http: 503 });
  await ask(clientOf(qcc));
  assert.equal(qcc.requests.length, 3);
  for (const { headers } of qcc.requests) assert.equal(headers.token, tokenOf(qcc.key, headers.timespan, qcc.secretKey));
});
