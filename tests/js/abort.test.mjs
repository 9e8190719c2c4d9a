// An abort ends a call wherever it happens to wait, with the signal's reason, and nothing is left behind.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { getEventListeners } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { child, clientOf, failure, serverFor } from "./support/client.mjs";
import { fromNpm } from "./support/program.mjs";
import { SAMPLE_NAMES } from "./support/samples.mjs";
import { suites } from "./support/web.mjs";

const ask = (client, options) => client.findPartnershipRelation(SAMPLE_NAMES, options);
const never = () => new Promise(() => {});

/** Until `condition` holds, at most five seconds. */
async function until(condition, what) {
  for (let tries = 0; tries < 500; tries += 1) {
    if (condition()) return;
    await sleep(10);
  }
  assert.fail(`never: ${what}`);
}

for (const [what, reason] of [
  ["an error", new Error("enough")],
  ["a text", "enough"],
  ["null", null],
  ["nought", 0],
]) {
  test(`rejects with the signal's reason where it is ${what}`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next({ stall: "headers" });
    const controller = new AbortController();
    const call = ask(clientOf(qcc), { signal: controller.signal });
    await until(() => qcc.inFlight === 1, "the request");
    controller.abort(reason);
    await assert.rejects(call.catch((thrown) => Promise.reject({ thrown })), { thrown: reason });
    await until(() => qcc.inFlight === 0, "the request ended");
  });
}

test("rejects as fetch does where the signal has no reason of its own", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ stall: "headers" }, { stall: "headers" });
  const controller = new AbortController();
  const call = ask(clientOf(qcc), { signal: controller.signal });
  setTimeout(() => controller.abort(), 20);
  await assert.rejects(call, { name: "AbortError" });
  await assert.rejects(ask(clientOf(qcc), { signal: AbortSignal.timeout(30) }), { name: "TimeoutError" });
});

test("sends nothing under a signal that is aborted already", async (t) => {
  const qcc = await serverFor(t);
  await assert.rejects(ask(clientOf(qcc), { signal: AbortSignal.abort(new Error("before")) }), { message: "before" });
  assert.equal(qcc.requests.length, 0);
});

test("says that it was aborted where an old signal has no reason at all", async (t) => {
  const qcc = await serverFor(t);
  const signal = Object.assign(new EventTarget(), { aborted: false });
  qcc.next({ stall: "headers" });
  const call = ask(clientOf(qcc), { signal });
  await until(() => qcc.inFlight === 1, "the request");
  signal.aborted = true;
  signal.dispatchEvent(new Event("abort"));
  await failure(call, { kind: "aborted", billed: "unknown" });
  await failure(ask(clientOf(qcc), { signal }), { kind: "aborted", billed: false });
});

const waiting = { retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 }, pending: { delayMs: 60_000 } };
for (const [stage, prepare, ready] of [
  ["the answer's headers", (qcc) => qcc.next({ stall: "headers" }), (qcc) => qcc.inFlight === 1],
  ["the body", (qcc) => qcc.next({ stall: "body" }), (qcc) => qcc.inFlight === 1],
  ["a retry", (qcc) => qcc.next({ http: 503, headers: { "retry-after": "50" } }), (_, events) => events.includes("retry")],
  ["what is pending", (qcc) => qcc.next({ code: 205 }), (_, events) => events.includes("wait")],
  ["the store's answer", () => ({ store: { get: never, set: never } }), () => true],
  ["the store's writing", () => ({ store: { get: () => {}, set: never }, deadlineMs: 2_000 }), (qcc) => qcc.billed === 1 && qcc.inFlight === 0],
]) {
  test(`ends a call that waits for ${stage}`, async (t) => {
    const qcc = await serverFor(t);
    const events = [];
    const prepared = prepare(qcc);
    const options = prepared === qcc ? {} : prepared;
    const client = clientOf(qcc, { ...waiting, ...options, onEvent: (event) => events.push(event.type) });
    const controller = new AbortController();
    const call = ask(client, { signal: controller.signal });
    await until(() => ready(qcc, events), stage);
    await sleep(20);
    const started = performance.now();
    controller.abort(new Error(stage));
    await assert.rejects(call, { message: stage });
    assert.ok(performance.now() - started < 1_000);
    await until(() => qcc.inFlight === 0, "the request ended");
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    // The client is none the worse for it.
    qcc.queue.length = 0;
    assert.equal((await ask(client, { store: null })).status, 200);
  });
}

test("can be aborted from a listener, from fetch and from the store", async (t) => {
  const qcc = await serverFor(t);
  for (const type of ["request", "response"]) {
    const controller = new AbortController();
    const onEvent = (event) => event.type === type && controller.abort(new Error(type));
    await assert.rejects(ask(clientOf(qcc, { onEvent }), { signal: controller.signal }), { message: type });
  }
  for (const place of ["fetch", "get", "set"]) {
    const controller = new AbortController();
    const abort = () => controller.abort(new Error(place));
    const fetch_ = (...given) => (place === "fetch" && abort(), fetch(...given));
    const store = { get: () => place === "get" && abort(), set: () => place === "set" && abort() };
    await assert.rejects(ask(clientOf(qcc, { fetch: fetch_, store }), { signal: controller.signal }), { message: place });
  }
  assert.equal((await ask(clientOf(qcc))).status, 200);
});

test("an abort after the end changes nothing", async (t) => {
  const qcc = await serverFor(t);
  const controller = new AbortController();
  const answer = await ask(clientOf(qcc), { signal: controller.signal });
  controller.abort();
  assert.equal(answer.relations.length, 1);
});

test("leaves no listener, no timer and no socket after 1,000 calls", async (t) => {
  const qcc = await serverFor(t);
  const controller = new AbortController();
  const { signal } = controller;
  const client = clientOf(qcc, { store: new Map(), timeoutMs: 600_000, deadlineMs: 900_000 });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
  await client.getQuota({ signal });
  const before = timers();
  let most = 0;
  for (let round = 0; round < 100; round += 1) {
    if (round % 10 === 0) qcc.next({ http: 503 }, { code: 199 }, { reset: "before" }, { code: 102 }, { html: true });
    const aborted = new AbortController();
    const calls = [0, 1, 2, 3, 4, 5, 6, 7].map((index) =>
      client.findPartnershipRelation([`第${round}号公司`, `第${index}号公司集团`], { signal }));
    calls.push(ask(client, { signal }), client.getQuota({ signal: aborted.signal }));
    aborted.abort();
    await Promise.allSettled(calls);
    most = Math.max(most, getEventListeners(signal, "abort").length);
    assert.equal(getEventListeners(aborted.signal, "abort").length, 0);
  }
  assert.equal(most, 0, "listeners on the signal between calls");
  // fetch keeps a few connections open for the next call, with timers of its own; not one for each call.
  assert.ok(timers() - before <= 3, `${timers() - before} timers more`);
  assert.ok(sockets() <= 40, `${sockets()} sockets`);
});

test("takes a signal for many calls at once without a warning", async () => {
  const code = `
    import { QccClient } from "qcc-pro";
    import { startQcc } from "./support/server.mjs";
    const qcc = await startQcc();
    const client = new QccClient({ key: qcc.key, secretKey: qcc.secretKey, baseUrl: qcc.url });
    const { signal } = new AbortController();
    const names = (index) => ["第" + index + "号公司", "甲公司"];
    await Promise.all(Array.from({ length: 8 }, (_, index) => client.findPartnershipRelation(names(index), { signal })));
    await qcc.close();`;
  const { code: ended, stderr } = await child(code);
  assert.deepEqual([ended, stderr], [0, ""]);
});

for (const [what, code] of [
  ["a call is answered", "await client.getQuota();"],
  ["a call has failed", "qcc.next({ code: 102 }); await client.getQuota().catch(() => {});"],
  ["a call has timed out", 'qcc.next({ stall: "headers" }); await client.getQuota({ timeoutMs: 50 }).catch(() => {});'],
  ["a body has stalled", 'qcc.next({ stall: "body" }); await client.getQuota({ timeoutMs: 50 }).catch(() => {});'],
  ["a call was aborted", 'qcc.next({ stall: "body" }); await client.getQuota({ signal: AbortSignal.timeout(50) }).catch(() => {});'],
  ["a wait was aborted", 'qcc.next({ code: 205 }); await client.getQuota({ signal: AbortSignal.timeout(50), pending: { delayMs: 100_000 } }).catch(() => {});'],
  ["a store hangs", "await client.findPartnershipRelation(names, { deadlineMs: 500, timeoutMs: 200, store: { get: () => new Promise(() => {}), set() {} } });"],
  ["a signal was given that never fires", "await client.getQuota({ signal: new AbortController().signal });"],
]) {
  test(`the process ends by itself when ${what}`, async () => {
    const started = `
      import { QccClient } from "qcc-pro";
      import { startQcc } from "./support/server.mjs";
      const qcc = await startQcc();
      const names = ["甲公司", "乙公司"];
      const client = new QccClient({ key: qcc.key, secretKey: qcc.secretKey, baseUrl: qcc.url });
      ${code}
      await qcc.close();
      const closed = Date.now();
      process.on("exit", () => console.log(Date.now() - closed));`;
    const ended = await child(started);
    assert.deepEqual([ended.code, ended.stderr], [0, ""]);
    assert.ok(Number(ended.stdout) < 2_000, `${ended.stdout} ms after the end`);
  });
}

test("leaves no connection of Deno's open where a user's fetch never settles", async () => {
  const command = ["test", "--no-check", "--allow-all", "--no-lock", "--node-modules-dir=manual", join(suites, "support/deno-abort.mjs")];
  const options = { cwd: suites, timeout: 240_000, env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" } };
  const { stdout } = await promisify(execFile)(fromNpm("deno", "@deno"), command, options);
  assert.match(stdout, /1 passed \| 0 failed/);
});
