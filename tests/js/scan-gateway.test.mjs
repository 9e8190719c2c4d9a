// Runs of a page's client through a real gateway that takes on a few calls in a minute. A wait of seconds is not waited for:
// the clock of everybody in this process is put forward by it. Connections are the system's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { QccClient } from "qcc-pro";
import { SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { bearer, gatewayFor } from "./support/gateway.mjs";
import { assertWhole, companies, market } from "./support/runs.mjs";

/** The longest that the gateway ever asks for; timers beyond it are deadlines. */
const LONGEST_WAIT = 65_000;

/** Until the test `t` ends, puts the clock forward instead of waiting. */
function skipWaits(t) {
  const { now } = Date;
  const { setTimeout } = globalThis;
  t.after(() => {
    Date.now = now;
    globalThis.setTimeout = setTimeout;
  });
  let ahead = 0;
  Date.now = () => now() + ahead;
  globalThis.setTimeout = (f, ms, ...rest) => {
    if (!(ms >= 1_000 && ms <= LONGEST_WAIT)) return setTimeout(f, ms, ...rest);
    const due = Date.now() + ms;
    const skip = () => {
      ahead = Math.max(ahead, due - now());
      f(...rest);
    };
    return setTimeout(skip, 5);
  };
}

/** A page's client of a gateway that takes on `perMinute` calls, and how often it was held back. */
async function pageOf(t, perMinute) {
  const { sandbox } = market({ toleranceSeconds: 1e9 });
  const qcc = { key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY, url: "http://sandbox.example" };
  // Waits that are skipped must not use up the time of what is real.
  const patient = { deadlineMs: 3_600_000, timeoutMs: 3_600_000 };
  const gateway = await gatewayFor(t, qcc, { fetch: sandbox.fetch, maxCallsPerMinute: perMinute, ...patient });
  const events = [];
  const client = new QccClient({ gateway: gateway.url, headers: bearer(), deadlineMs: patient.deadlineMs, onEvent: (event) => events.push(event) });
  const waits = () => events.filter(({ type }) => type === "wait");
  return { sandbox, client, waits };
}

test("waits for as long as the gateway says, goes on, and pays for each call once", async (t) => {
  skipWaits(t);
  const { sandbox, client, waits } = await pageOf(t, 4);
  const names = companies(60);
  const started = Date.now();
  const report = await client.scan(names, { concurrency: 3 }).result();
  const minutes = (Date.now() - started) / 60_000;
  assertWhole(report, sandbox, names);
  assert.ok(report.calls > 8, "it has to be held back twice");
  assert.deepEqual([report.paid, sandbox.stats().calls, sandbox.stats().repeats], [report.calls, report.calls, 0]);
  assert.ok(minutes >= Math.ceil(report.calls / 4) - 1, `${report.calls} calls in ${minutes} minutes`);
  assert.ok(waits().length >= 2);
  for (const { httpStatus, waitMs } of waits()) assert.ok(httpStatus === 429 && waitMs > 0 && waitMs <= LONGEST_WAIT, `${httpStatus} ${waitMs}`);
});

test("an abort ends the waiting at once, and what was paid for is in the report", async (t) => {
  const { sandbox, client, waits } = await pageOf(t, 2);
  const controller = new AbortController();
  const scan = client.scan(companies(60), { signal: controller.signal });
  const result = scan.result();
  while (waits().length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const aborted = Date.now();
  controller.abort();
  const report = await result;
  // It would have waited a minute.
  assert.ok(Date.now() - aborted < 20_000, `${Date.now() - aborted} ms`);
  assert.deepEqual([report.stopped, report.paid, sandbox.stats().calls, report.failed], ["aborted", 2, 2, []]);
});
