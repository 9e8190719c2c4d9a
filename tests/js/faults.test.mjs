// Every fault of a connection and of a body: the right error, the right word about the money, and nothing that may have
// been paid is sent again.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { clientOf, failure, HASTY, serverFor } from "./support/client.mjs";
import { PARTNERSHIP_SAMPLE, QUOTA_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";

const ask = (client, options) => client.findPartnershipRelation(SAMPLE_NAMES, options);

/** A port at which nobody listens. */
async function closedPort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

for (const [what, address] of [
  ["refused", async () => `http://127.0.0.1:${await closedPort()}`],
  ["unresolved", async () => "http://nowhere.invalid"],
]) {
  test(`tries a ${what} connection again: it never ran`, async (t) => {
    const qcc = await serverFor(t);
    const events = [];
    const client = clientOf(qcc, { baseUrl: await address(), onEvent: (event) => events.push(event) });
    const error = await failure(ask(client), { kind: "network", billed: false, billedCalls: 0, attempts: 3, retryable: true });
    assert.match(error.message, /never sent/);
    assert.match(error.cause.code, /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/);
    assert.deepEqual(events.map((event) => event.type), ["request", "response", "retry", "request", "response", "retry", "request", "response"]);
    assert.ok(events.every((event) => event.type !== "response" || event.billed === false));
  });
}

test("answers when the connection is made at last", async (t) => {
  const qcc = await serverFor(t);
  const baseUrl = `http://127.0.0.1:${await closedPort()}`;
  let calls = 0;
  const fetch_ = (url, init) => fetch(calls++ === 0 ? url : url.replace(baseUrl, qcc.url), init);
  const { meta } = await ask(clientOf(qcc, { baseUrl, fetch: fetch_ }));
  assert.deepEqual([meta.attempts, meta.billed, meta.billedCalls, meta.unknownCalls], [2, true, 1, 0]);
});

for (const [what, options] of [
  ["a port that fetch refuses", { baseUrl: "http://127.0.0.1:6000", fetch: globalThis.fetch }],
  ["a server that speaks no TLS", {}],
]) {
  test(`does not try ${what} again`, async (t) => {
    const qcc = await serverFor(t);
    const client = clientOf(qcc, { baseUrl: qcc.url.replace("http:", "https:"), ...options });
    await failure(ask(client), { kind: "network", attempts: 1, billed: false, retryable: false });
    assert.equal(qcc.requests.length, 0);
  });
}

test("does not send again what a reset connection may have delivered", async (t) => {
  for (const reset of ["before", "after"]) {
    const qcc = await serverFor(t);
    qcc.next({ reset });
    const error = await failure(ask(clientOf(qcc)), { kind: "network", billed: "unknown", billedCalls: 0, attempts: 1, retryable: true });
    assert.match(error.message, /not known whether the request reached/);
    assert.match(error.hint, /getQuota.*resendWhenUnknown/);
    assert.equal(qcc.requests.length, 1);
  }
});

for (const [what, entry] of [
  ["a connection closed after the headers", { cut: 0 }],
  ["a body cut in the middle", { cut: 100 }],
  ["a cut body in pieces without a length", { cut: 100, headers: { "content-length": null } }],
  ["a body that is no gzip though it says so", { body: "plain", headers: { "content-encoding": "gzip" } }],
]) {
  test(`does not send again after ${what}`, async (t) => {
    const qcc = await serverFor(t);
    const client = clientOf(qcc);
    qcc.next(entry);
    const error = await failure(ask(client), { billed: "unknown", attempts: 1 });
    assert.ok(["network", "malformed-response"].includes(error.kind), error.kind);
    assert.equal(qcc.requests.length, 1);
    assert.equal((await ask(client)).relations.length, 1);
  });
}

test("sends again what may have been paid only if it is told to, and counts it", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ reset: "after" }, { cut: 100 });
  const client = clientOf(qcc, { retry: { ...HASTY, resendWhenUnknown: true } });
  const { meta } = await ask(client);
  assert.deepEqual([meta.attempts, meta.billed, meta.billedCalls, meta.unknownCalls], [3, true, 1, 2]);
  assert.equal(qcc.billed, 3);
  qcc.next({ reset: "after" });
  await failure(ask(client, { retry: { resendWhenUnknown: false } }), { billed: "unknown", attempts: 1 });
});

for (const stall of ["headers", "body"]) {
  test(`ends an attempt whose ${stall} stall, in time`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next({ stall });
    const started = performance.now();
    await failure(ask(clientOf(qcc, { timeoutMs: 250 })), { kind: "timeout", billed: "unknown", attempts: 1, retryable: true });
    const took = performance.now() - started;
    assert.ok(took >= 240 && took < 5_000, `${took} ms`);
    assert.equal(qcc.requests.length, 1);
  });
}

test("times the body too, however slowly it comes", async (t) => {
  const qcc = await serverFor(t);
  // A byte now and then keeps every idle timeout from firing.
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{");
    const drip = setInterval(() => socket.write(" "), 20);
    socket.on("close", () => clearInterval(drip));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  const started = performance.now();
  await failure(ask(clientOf(qcc, { baseUrl, timeoutMs: 300 })), { kind: "timeout", billed: "unknown" });
  assert.ok(performance.now() - started < 5_000);
});

test("takes a call's own timeout before the client's", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ stall: "headers" }, { delayMs: 120 });
  await failure(ask(clientOf(qcc), { timeoutMs: 60 }), { kind: "timeout" });
  assert.equal((await ask(clientOf(qcc, { timeoutMs: 60 }), { timeoutMs: 30_000 })).status, 200);
});

test("ends a call with all its attempts by its deadline", async (t) => {
  const qcc = await serverFor(t);
  qcc.next(...Array(50).fill({ http: 503, delayMs: 60 }));
  const client = clientOf(qcc, { retry: { maxRetries: 1000, baseDelayMs: 20, maxDelayMs: 40 }, deadlineMs: 500 });
  const started = performance.now();
  const error = await failure(ask(client));
  const took = performance.now() - started;
  // Which of the two it is depends on where the deadline falls; one that cut off an attempt cannot know.
  assert.ok(["http false", "timeout false", "timeout unknown"].includes(`${error.kind} ${error.billed}`), error.kind);
  assert.ok(took < 3_000 && error.attempts > 1 && error.attempts < 50, `${took} ms, ${error.attempts} attempts`);
});

for (const encoding of ["gzip", "deflate", "br"]) {
  test(`reads ${encoding}`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next({ encoding });
    assert.equal((await ask(clientOf(qcc))).raw, PARTNERSHIP_SAMPLE);
  });
}

test("reads a body in pieces, cut inside characters", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ chunks: Buffer.byteLength(PARTNERSHIP_SAMPLE) });
  assert.equal((await ask(clientOf(qcc))).raw, PARTNERSHIP_SAMPLE);
});

test("reads a byte order mark, other types and other cases of the names", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  qcc.next(
    { body: `\ufeff${PARTNERSHIP_SAMPLE}` },
    { body: PARTNERSHIP_SAMPLE, headers: { "content-type": "text/html" } },
    { body: PARTNERSHIP_SAMPLE, headers: { "content-type": null } },
    { body: ` \r\n${PARTNERSHIP_SAMPLE}\r\n\t ` },
    { body: PARTNERSHIP_SAMPLE.replace('"status"', '"STATUS"').replace('"200"', "200.0").replace('"result"', '"Result"') },
    { body: PARTNERSHIP_SAMPLE, http: 201 },
    // Escaped instead of UTF-8.
    { body: PARTNERSHIP_SAMPLE.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`) },
  );
  for (let round = 0; round < 7; round += 1) {
    const { relations, companyNames } = await ask(client);
    assert.deepEqual([relations.length, relations[0].source, companyNames], [1, "招投标", SAMPLE_NAMES], `round ${round}`);
  }
});

test("believes QCC's code before the HTTP status", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ http: 500, json: { status: "102", msg: "欠费" } }, { http: 401, body: QUOTA_SAMPLE });
  await failure(clientOf(qcc).getQuota(), { kind: "account", status: 102, httpStatus: 500, attempts: 1, billed: false });
  assert.equal((await clientOf(qcc).getQuota()).meta.httpStatus, 401);
});

test("reads an answer of 5,000 rows", async (t) => {
  const rows = Array.from({ length: 5_000 }, (_, index) => ({
    companyName: `第${index % 20}号公司`,
    relatedCompanyName: `第${(index + 1) % 20}号公司`,
    amount: String(index / 10),
    publicDate: `20${10 + (index % 15)}-0${1 + (index % 9)}`,
    source: index % 2 ? "招投标" : "年报",
  }));
  const qcc = await serverFor(t, { relations: () => rows });
  const names = Array.from({ length: 20 }, (_, index) => `第${index}号公司`);
  const { relations } = await clientOf(qcc).findPartnershipRelation(names);
  assert.equal(relations.length, 5_000);
  relations.forEach((relation, index) => {
    assert.deepEqual([relation.companyName, relation.amount, relation.amountWan], [rows[index].companyName, rows[index].amount, index / 10]);
  });
});

test("reads an answer of 50 MB, and goes on", async (t) => {
  const qcc = await serverFor(t);
  // The server makes and reads them in this process too, on a machine that may be busy.
  const client = clientOf(qcc, { timeoutMs: 240_000, deadlineMs: 240_000 });
  const row = { companyName: "甲公司", relatedCompanyName: "乙公司", amount: "1", publicDate: "2021", source: "x".repeat(1_000_000) };
  const rows = Array.from({ length: 50 }, (_, index) => ({ ...row, amount: String(index) }));
  const result = { partnershipRelationList: rows };
  qcc.next({ json: { status: "200", msg: "", result } }, { body: "[".repeat(50_000_000) }, { body: Buffer.alloc(50_000_000, " ") });
  const { relations } = await client.findPartnershipRelation(["甲公司", "乙公司"]);
  assert.deepEqual([relations.length, relations[49].amount, relations[49].source.length], [50, "49", 1_000_000]);
  for (let round = 0; round < 2; round += 1) await failure(ask(client), { kind: "malformed-response" });
  assert.equal((await ask(client)).relations.length, 1);
});
