// A fetch of the user's own: whatever it does, the call ends, with an answer or a QccError that has what was thrown.
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import vm from "node:vm";
import { childJson, clientOf, failure, HASTY, serverFor } from "./support/client.mjs";
import { PARTNERSHIP_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";
import { tokenOf } from "./support/server.mjs";

const ask = (client, options) => client.findPartnershipRelation(SAMPLE_NAMES, options);
const bytes = (text) => new TextEncoder().encode(text).buffer;

test("is called as fetch is, with an address and an init", async (t) => {
  const qcc = await serverFor(t);
  const calls = [];
  const own = function (...given) {
    calls.push({ given, self: this });
    return fetch(...given);
  };
  assert.equal((await ask(clientOf(qcc, { fetch: own }))).relations.length, 1);
  const [{ given, self }] = calls;
  assert.equal(given.length, 2);
  const [url, { method, headers, signal, redirect, body }] = given;
  assert.ok(url.startsWith(`${qcc.url}/api/corp/correlation/findPartnershipRelation?key=`));
  assert.deepEqual([method, redirect, body, self], ["GET", "manual", undefined, undefined]);
  assert.equal(headers.get("token"), tokenOf(qcc.key, headers.get("timespan"), qcc.secretKey));
  assert.ok(signal instanceof AbortSignal);
  assert.ok(new Request(url, given[1]) instanceof Request);
});

test("uses the global fetch of the moment", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  const { fetch: original } = globalThis;
  t.after(() => (globalThis.fetch = original));
  globalThis.fetch = async () => new Response(PARTNERSHIP_SAMPLE);
  assert.equal((await ask(client)).relations.length, 1);
  assert.equal(qcc.requests.length, 0);
});

test("works with a fetch made of node:http that knows neither signals nor Headers' get", async (t) => {
  const qcc = await serverFor(t);
  const own = (url, { headers }) =>
    new Promise((resolve, reject) => {
      request(url, { headers: Object.fromEntries(headers) }, async (response) => {
        const chunks = await response.toArray();
        const body = Uint8Array.from(Buffer.concat(chunks)).buffer;
        resolve({ status: response.statusCode, arrayBuffer: async () => body });
      })
        .on("error", reject)
        .end();
    });
  assert.equal((await ask(clientOf(qcc, { fetch: own }))).relations.length, 1);
});

for (const [what, answer] of [
  ["a Response", () => new Response(PARTNERSHIP_SAMPLE)],
  ["no promise but a Response", () => new Response(PARTNERSHIP_SAMPLE)],
  ["a thenable", () => ({ then: (resolve) => resolve(new Response(PARTNERSHIP_SAMPLE)) })],
  ["an object that has what is needed", () => ({ status: 200, headers: new Map(), arrayBuffer: () => bytes(PARTNERSHIP_SAMPLE) })],
  ["a body of another realm", () => {
    const array = vm.runInNewContext(`new Uint8Array([${new Uint8Array(bytes(PARTNERSHIP_SAMPLE))}]).buffer`);
    return { status: 200, arrayBuffer: async () => array };
  }],
]) {
  test(`takes ${what}`, async (t) => {
    const qcc = await serverFor(t);
    const { relations, raw } = await ask(clientOf(qcc, { fetch: answer }));
    assert.deepEqual([relations.length, raw], [1, PARTNERSHIP_SAMPLE]);
  });
}

const throwing = (value) => () => {
  throw value;
};
for (const [what, value] of [
  ["an error", new Error("mine")],
  ["a text", "offline"],
  ["a number", 7],
  ["null", null],
  ["undefined", undefined],
  ["false", false],
  ["a plain object", { code: 1, message: 2, cause: 3, errors: 4 }],
  ["a frozen object", Object.freeze({ why: "mine" })],
  ["a symbol", Symbol("mine")],
  ["an AbortError", new DOMException("gone", "AbortError")],
  ["an object without prototype", Object.create(null)],
  ["an object whose fields throw", new Proxy({}, { get: throwing(new Error("trap")), has: throwing(new Error("trap")) })],
  ["an error whose cause is itself", (() => { const error = new Error("round"); error.cause = error; return error; })()],
]) {
  for (const [how, own] of [["throws", throwing(value)], ["rejects with", () => Promise.reject(value)]]) {
    test(`ends with a QccError when fetch ${how} ${what}`, async (t) => {
      const qcc = await serverFor(t);
      const error = await failure(ask(clientOf(qcc, { fetch: own })), { kind: "network", attempts: 1, billed: "unknown" });
      assert.ok(error.cause === value, "the cause is not what was thrown");
    });
  }
}

for (const [what, answer] of [
  ["nothing", undefined],
  ["null", null],
  ["a text", PARTNERSHIP_SAMPLE],
  ["a number", 200],
  ["an empty object", {}],
  ["an object with a status alone", { status: 200 }],
  ["a body without a status", { arrayBuffer: async () => bytes("{}") }],
  ["a status as text", { status: "200", arrayBuffer: async () => bytes("{}") }],
  ["a body that is text", { status: 200, arrayBuffer: async () => PARTNERSHIP_SAMPLE }],
  ["a body that is nothing", { status: 200, arrayBuffer: async () => undefined }],
  ["a body that is a view", { status: 200, arrayBuffer: async () => new Uint8Array(8) }],
  ["a body that throws", { status: 200, arrayBuffer: throwing(new Error("mine")) }],
  ["a body that rejects", { status: 200, arrayBuffer: async () => Promise.reject(new Error("mine")) }],
  ["headers that throw", { status: 200, headers: { get: throwing(new Error("mine")) }, arrayBuffer: async () => bytes("nonsense") }],
  ["headers that are nonsense", { status: 200, headers: { get: () => 7 }, arrayBuffer: async () => bytes("nonsense") }],
  ["a status that is none", { status: NaN, arrayBuffer: async () => bytes("nonsense") }],
  ["a detached body", { status: 200, arrayBuffer: async () => { const body = new ArrayBuffer(8); structuredClone(body, { transfer: [body] }); return body; } }],
  ["a Response whose body was read", (() => { const response = new Response("x"); void response.text(); return response; })()],
]) {
  test(`ends with a QccError when fetch answers ${what}`, async (t) => {
    const qcc = await serverFor(t);
    const client = clientOf(qcc, { fetch: async () => answer, timeoutMs: 2_000 });
    const error = await failure(ask(client), { attempts: 1, billed: "unknown" });
    assert.ok(["network", "malformed-response", "http"].includes(error.kind), error.kind);
  });
}

test("takes a paid answer whatever its headers do", async (t) => {
  const qcc = await serverFor(t);
  const headers = { get: throwing(new Error("mine")) };
  const client = clientOf(qcc, { fetch: async () => ({ status: 200, headers, arrayBuffer: async () => bytes(PARTNERSHIP_SAMPLE) }) });
  const { relations, meta } = await ask(client);
  assert.deepEqual([relations.length, meta.billed], [1, true]);
});

for (const [what, own] of [
  ["fetch never answers", () => new Promise(() => {})],
  ["the body never comes", async () => ({ status: 200, arrayBuffer: () => new Promise(() => {}) })],
  ["a thenable never resolves", () => ({ then() {} })],
]) {
  test(`ends in time though ${what} and no signal is known there`, async (t) => {
    const qcc = await serverFor(t);
    await failure(ask(clientOf(qcc, { fetch: own, timeoutMs: 100 })), { kind: "timeout", billed: "unknown" });
    const signal = AbortSignal.timeout(50);
    await assert.rejects(ask(clientOf(qcc, { fetch: own }), { signal }), { name: "TimeoutError" });
  });
}

test("what comes too late does no harm", async (t) => {
  const qcc = await serverFor(t);
  let late;
  const own = () => new Promise((resolve, reject) => (late = { resolve, reject }));
  const client = clientOf(qcc, { fetch: own, timeoutMs: 30 });
  await failure(ask(client), { kind: "timeout" });
  late.reject(new Error("late"));
  await failure(ask(client), { kind: "timeout" });
  late.resolve(new Response(PARTNERSHIP_SAMPLE));
  await new Promise((resolve) => setTimeout(resolve, 20));
});

for (const [code, syscall, attempts, billed] of [
  ["ECONNREFUSED", "connect", 3, false],
  ["ETIMEDOUT", "connect", 3, false],
  ["UND_ERR_CONNECT_TIMEOUT", undefined, 3, false],
  ["ENOTFOUND", "getaddrinfo", 3, false],
  ["CERT_HAS_EXPIRED", undefined, 1, false],
  ["ERR_INVALID_URL", undefined, 1, false],
  ["ECONNRESET", "read", 1, "unknown"],
  ["ETIMEDOUT", "read", 1, "unknown"],
  ["EPIPE", "write", 1, "unknown"],
  ["UND_ERR_HEADERS_TIMEOUT", undefined, 1, "unknown"],
  ["UND_ERR_BODY_TIMEOUT", undefined, 1, "unknown"],
  ["UND_ERR_SOCKET", undefined, 1, "unknown"],
  ["UND_ERR_ABORTED", undefined, 1, "unknown"],
  ["SOMETHING_NEW", undefined, 1, "unknown"],
]) {
  test(`sends ${attempts} times when a cause says ${code}${syscall ? ` at ${syscall}` : ""}`, async (t) => {
    const qcc = await serverFor(t);
    const cause = Object.assign(new Error("x"), { code, syscall });
    for (const thrown of [new TypeError("fetch failed", { cause }), cause]) {
      const own = () => Promise.reject(thrown);
      const error = await failure(ask(clientOf(qcc, { fetch: own })), { kind: "network", attempts, billed });
      assert.equal(error.cause, thrown);
    }
  });
}

test("several addresses that were tried must all have failed before anything was sent", async (t) => {
  const qcc = await serverFor(t);
  const failed = (code, syscall) => Object.assign(new Error("x"), { code, syscall });
  for (const [errors, attempts] of [
    [[failed("ECONNREFUSED", "connect"), failed("EHOSTUNREACH", "connect")], 3],
    [[failed("ECONNREFUSED", "connect"), failed("ECONNRESET", "read")], 1],
  ]) {
    const cause = Object.assign(new AggregateError(errors), { code: "ECONNREFUSED" });
    await failure(ask(clientOf(qcc, { fetch: () => Promise.reject(new TypeError("fetch failed", { cause })) })), { attempts });
  }
});

test("says that there is no fetch, and sends nothing", async () => {
  const code = `
    delete globalThis.fetch;
    const { QccClient, QccError } = await import("qcc-pro");
    const client = new QccClient({ key: "k", secretKey: "s" });
    const error = await client.getQuota().catch((error) => error);
    console.log(JSON.stringify({ is: QccError.is(error), ...error.toJSON(), cause: error.cause.message }));`;
  const error = await childJson(code);
  assert.deepEqual([error.is, error.kind, error.billed, error.retryable], [true, "network", false, false]);
  assert.match(error.cause, /there is no fetch/);
});

test("gives a copy of what was thrown, the key masked, where the key stands in it", async (t) => {
  const qcc = await serverFor(t, { key: "键+/ 9bc448a2ff6511e8" });
  for (const make of [
    (url) => new Error(`error sending request for url (${url})`),
    (url) => new TypeError("failed", { cause: Object.assign(new Error(`at ${url}`), { code: "ECONNRESET" }) }),
    (url) => `failed: ${url}`,
    (url) => new AggregateError([new Error(url)], "all failed"),
    () => new Error(`key ${qcc.key}`),
  ]) {
    let thrown;
    const own = (url) => Promise.reject((thrown = make(url)));
    const error = await failure(ask(clientOf(qcc, { fetch: own, retry: { ...HASTY, maxRetries: 0 } })), { kind: "network" });
    assert.notEqual(error.cause, thrown);
    const { inspect } = await import("node:util");
    const shown = inspect(error, { showHidden: true, depth: 10 }) + error.stack;
    for (const part of [qcc.key, encodeURIComponent(qcc.key), "9bc448a2ff6511e8"]) assert.ok(!shown.includes(part), shown);
    if (thrown instanceof Error) {
      assert.equal(error.cause.name, thrown.name);
      assert.equal(error.cause.cause?.code, thrown.cause?.code);
    }
  }
});
