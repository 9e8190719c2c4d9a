// Runs of a page's client through a real gateway that takes on a few calls in a minute. Minutes pass a hundred times as fast
// here, for everybody in this process; connections are the system's own.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { QccClient } from "qcc-pro";
import { SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { bearer, gatewayFor } from "./support/gateway.mjs";
import { assertWhole, companies, ledger, market } from "./support/runs.mjs";

const SPEED = 100;
const { now } = Date;
const { setTimeout } = globalThis;

beforeEach(() => {
  const start = now();
  Date.now = () => start + (now() - start) * SPEED;
  globalThis.setTimeout = (f, ms, ...rest) => setTimeout(f, ms / SPEED, ...rest);
});
afterEach(() => {
  Date.now = now;
  globalThis.setTimeout = setTimeout;
});

/** A page's client of a gateway that takes on `perMinute` calls; what reached QCC, and when. */
async function pageOf(t, perMinute) {
  const times = [];
  const book = ledger();
  const { sandbox } = market({
    toleranceSeconds: 1e9,
    onCall(call) {
      times.push(Date.now());
      book.onCall(call);
    },
  });
  const qcc = { key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY, url: "http://sandbox.example" };
  // Deadlines are real work's, not waits': they must not pass a hundred times as fast.
  const patient = { deadlineMs: 3_600_000, timeoutMs: 3_600_000 };
  const gateway = await gatewayFor(t, qcc, { fetch: sandbox.fetch, maxCallsPerMinute: perMinute, ...patient });
  const events = [];
  const client = new QccClient({ gateway: gateway.url, headers: bearer(), deadlineMs: patient.deadlineMs, onEvent: (event) => events.push(event) });
  const waits = () => events.filter(({ type }) => type === "wait");
  return { sandbox, client, times, book, waits };
}

test("waits for as long as the gateway says, goes on, and pays for each call once", async (t) => {
  const { sandbox, client, times, waits } = await pageOf(t, 4);
  const names = companies(60);
  const report = await client.scan(names, { concurrency: 3 }).result();
  assertWhole(report, sandbox, names);
  assert.ok(report.calls > 8, "it has to be held back twice");
  assert.deepEqual([report.paid, sandbox.stats().calls, sandbox.stats().repeats], [report.calls, report.calls, 0]);
  for (const [index, start] of times.entries()) {
    const within = times.slice(index).filter((time) => time - start < 55_000).length;
    assert.ok(within <= 4, `${within} calls within a minute`);
  }
  assert.ok(waits().length >= 2);
  for (const { httpStatus, waitMs } of waits()) assert.ok(httpStatus === 429 && waitMs > 0 && waitMs <= 65_000, `${httpStatus} ${waitMs}`);
});

test("an abort ends the waiting at once, and what was paid for is in the report", async (t) => {
  const { client, times, waits } = await pageOf(t, 2);
  const controller = new AbortController();
  const scan = client.scan(companies(60), { signal: controller.signal });
  const result = scan.result();
  while (waits().length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const aborted = now();
  controller.abort();
  const report = await result;
  assert.ok(now() - aborted < 400, `${now() - aborted} ms`);
  assert.deepEqual([report.stopped, report.paid, times.length, report.failed], ["aborted", 2, 2, []]);
});
