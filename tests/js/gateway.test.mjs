// The gateway on node:http, asked by the client as a page asks it: same results, same errors, the same word about the
// money, and neither key nor secret on the page's side.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { QccClient } from "qcc-pro";
import { createGateway, toNodeHandler } from "qcc-pro/gateway";
import { clientOf, failure, HASTY, serverFor } from "./support/client.mjs";
import { authorize, bearer, gatewayFor } from "./support/gateway.mjs";
import { SAMPLE_NAMES } from "./support/samples.mjs";

const PARTNERSHIP = "/api/corp/correlation/findPartnershipRelation";
const QUOTA = "/api/company/quota/getQuota";

const ask = (client, options) => client.findPartnershipRelation(SAMPLE_NAMES, options);
const pageOf = (gateway, options = {}) => new QccClient({ gateway: gateway.url, headers: bearer(), ...options });

/** An answer or an error without what differs from call to call, and without what a gateway keeps to itself. */
async function outcome(promise) {
  try {
    const { meta, raw, ...result } = await promise;
    const { durationMs, timespan, ...spent } = meta;
    assert.ok(durationMs >= 0 && timespan > 1_700_000_000);
    return { ...result, ...spent };
  } catch (error) {
    const { body, message, ...fields } = error.toJSON();
    // Where in a body the reading ended is another place without the key.
    return { ...fields, message: message.replace(/: expected .*/, "") };
  }
}

const FAST = { retry: HASTY, pending: { maxPolls: 2, delayMs: 1 } };
const twice = (entry) => [entry, entry];

/** What the server meets a call with, entry by entry. */
const SCRIPTS = {
  "an answer": [],
  "nothing found": [{ code: 201 }],
  "a code as a number, in the other spelling": [{ json: { Status: 200, Message: "x", Result: {}, OrderNumber: "7" } }],
  "pending, then an answer": twice({ code: 205 }),
  "pending to the end": [...twice({ code: 205 }), { code: 205 }],
  "failed inside, then an answer": [{ code: 199 }],
  "failed inside to the end": [...twice({ code: 500 }), { code: 500 }],
  "busy, then an answer": [{ http: 503 }],
  "busy to the end": [...twice({ http: 503 }), { http: 503 }],
  "too many requests to the end": [...twice({ http: 429 }), { http: 429 }],
  "a bad gateway of theirs": [...twice({ http: 502, html: true }), { http: 502, html: true }],
  "a page of a proxy": [{ http: 403, html: true }],
  "a page in place of JSON": [{ html: true }],
  "a redirect": [{ http: 302, headers: { location: "https://elsewhere.example/" } }],
  "half an answer": [{ cut: 40 }],
  "half of the JSON": [{ body: '{"status":"200","msg":"' }],
  "a result that is none": [{ json: { status: "200", msg: "x", result: 7 } }],
  "a reset connection": [{ reset: "after" }],
  "no answer": [{ stall: "headers" }],
  "a body that stops": [{ stall: "body" }],
  "an unknown code": [{ json: { status: "777", msg: "【有效请求】新" } }],
  "an unknown code that does not tell": [{ json: { status: "777", msg: "新" } }],
  ...Object.fromEntries(
    [101, 102, 103, 104, 106, 107, 108, 109, 111, 112, 113, 115, 116, 117, 118, 119, 202, 207, 208, 209, 213, 214, 215, 218, 219, 223].map(
      (code) => [`code ${code}`, [{ code }]],
    ),
  ),
};

for (const [what, script] of Object.entries(SCRIPTS)) {
  test(`is the same as without it: ${what}`, async (t) => {
    const qcc = await serverFor(t);
    const options = script.some((entry) => entry.stall) ? { ...FAST, timeoutMs: 500 } : FAST;
    const page = pageOf(await gatewayFor(t, qcc, options));
    const direct = clientOf(qcc, options);
    const seen = [];
    for (const client of [direct, page]) {
      qcc.requests.length = qcc.queue.length = qcc.billed = 0;
      qcc.next(...script);
      seen.push({ ...(await outcome(ask(client))), requests: qcc.requests.length, billedThere: qcc.billed });
    }
    assert.deepEqual(seen[1], seen[0]);
  });
}

test("is the same as without it: an endpoint asked by its path, and what is asked wrongly", async (t) => {
  const qcc = await serverFor(t);
  const page = pageOf(await gatewayFor(t, qcc));
  const direct = clientOf(qcc);
  assert.deepEqual(await outcome(page.getQuota()), await outcome(direct.getQuota()));
  assert.deepEqual(await outcome(page.request(QUOTA)), await outcome(direct.request(QUOTA)));
  const names = { companyNames: SAMPLE_NAMES.join() };
  const [one, two] = await Promise.all([page, direct].map((client) => client.request(PARTNERSHIP, names)));
  const { key, ...others } = two.result;
  assert.equal(key, qcc.key);
  assert.deepEqual(one.result, others);
  qcc.requests.length = 0;
  for (const list of [[], ["键"], ["Foo Co., Ltd."], Array.from({ length: 21 }, (_, i) => `公司${i}`)]) {
    assert.deepEqual(await outcome(page.findPartnershipRelation(list)), await outcome(direct.findPartnershipRelation(list)));
  }
  assert.equal(qcc.requests.length, 0);
});

test("signs every call anew and passes nothing of the caller's on", async (t) => {
  const qcc = await serverFor(t);
  const gateway = await gatewayFor(t, qcc, { headers: { "x-ours": "1" } });
  const headers = { ...bearer(), cookie: "session=COOKIE", "x-theirs": "THEIRS", "x-forwarded-for": "1.2.3.4", referer: "https://page.example/" };
  const names = ["华为(中国)有限公司", "A&B=C #1%"];
  await pageOf(gateway, { headers }).findPartnershipRelation(names);
  const [{ method, path, query, headers: sent }] = qcc.requests;
  assert.deepEqual([method, path, query], ["GET", PARTNERSHIP, { key: qcc.key, companyNames: "华为（中国）有限公司,A&B=C #1%" }]);
  assert.match(sent.token, /^[0-9A-F]{32}$/);
  assert.ok(Math.abs(Number(sent.timespan) - Date.now() / 1000) < 60);
  assert.equal(sent["x-ours"], "1");
  assert.doesNotMatch(JSON.stringify(sent), /COOKIE|THEIRS|Bearer|let-me-in|1\.2\.3\.4|page\.example/);
});

test("says neither key nor secret, whatever the server says", async (t) => {
  const qcc = await serverFor(t);
  const gateway = await gatewayFor(t, qcc, FAST);
  const { key, secretKey } = qcc;
  const escaped = [...key].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const bodies = [
    undefined,
    JSON.stringify({ status: "101", msg: `KEY ${key} 无效`, key, result: { key, list: [key, { [key]: key }] } }),
    `{"status":"200","msg":"x","result":{"KEY":"${escaped}","partnershipRelationList":[{"companyName":"${escaped}","x":"a${escaped}"}]}}`,
    `<html>${key} /api?key=${key} ${secretKey}</html>`,
    `{"status":"200","msg":"${key}`,
  ];
  for (const body of bodies) {
    for (const http of [200, 404, 502]) {
      qcc.queue.length = 0;
      qcc.next(...Array(3).fill(body === undefined ? {} : { http, body }));
      const response = await fetch(`${gateway.url}${PARTNERSHIP}?companyNames=${SAMPLE_NAMES}`, { headers: bearer() });
      const said = JSON.stringify([...response.headers]) + (await response.text());
      assert.ok(!said.includes(key) && !said.includes(secretKey) && !said.includes(escaped), said);
      assert.doesNotMatch(said, /<html>|127\.0\.0\.1|node_modules|at .*\.js/);
    }
  }
  assert.doesNotMatch(JSON.stringify(gateway.events), new RegExp(`${key}|${secretKey}`));
});

test("puts no answer into a cache and lets no page of another origin read it", async (t) => {
  const qcc = await serverFor(t);
  const gateway = await gatewayFor(t, qcc, { origins: ["https://page.example"] });
  const get = (headers, init = {}) => fetch(gateway.url + QUOTA, { headers: { ...bearer(), ...headers }, ...init });
  const own = await get({});
  assert.deepEqual([own.status, own.headers.get("vary"), own.headers.get("cache-control")], [200, "Origin", "no-store"]);
  assert.equal(own.headers.get("x-content-type-options"), "nosniff");
  assert.equal(own.headers.get("access-control-allow-origin"), null);
  const listed = await get({ origin: "https://page.example" });
  assert.equal(listed.headers.get("access-control-allow-origin"), "https://page.example");
  assert.match(listed.headers.get("access-control-expose-headers"), /QCC-Meta/);
  const other = await get({ origin: "https://evil.example" });
  assert.deepEqual([other.status, other.headers.get("access-control-allow-origin")], [403, null]);
  const ask = { "access-control-request-method": "GET", "access-control-request-headers": "authorization" };
  const may = await get({ origin: "https://page.example", ...ask }, { method: "OPTIONS" });
  assert.deepEqual([may.status, may.headers.get("access-control-allow-headers")], [204, "authorization"]);
  const mayNot = await get({ origin: "https://evil.example", ...ask }, { method: "OPTIONS" });
  assert.deepEqual([mayNot.status, mayNot.headers.get("access-control-allow-headers")], [403, null]);
  assert.equal(qcc.requests.length, 2);
});

test("lets nobody in whom authorize does not", async (t) => {
  const qcc = await serverFor(t);
  const throws = () => {
    throw new Error("the database of sessions is down");
  };
  const nobody = [false, undefined, null, 0, 1, "", {}, [], "true " && NaN, () => true, new Response("no")];
  for (const said of [...nobody.map((value) => () => value), ...nobody.map((value) => async () => value), throws, async () => throws()]) {
    const gateway = await gatewayFor(t, qcc, { authorize: said });
    const error = await failure(ask(pageOf(gateway)), { kind: "auth", httpStatus: 401, billed: false, attempts: 0, status: null });
    assert.match(error.message, /网关.*gateway/);
    assert.doesNotMatch(JSON.stringify(error), /database/);
    assert.equal(gateway.events.length, 1);
    assert.deepEqual([gateway.events[0].type, gateway.events[0].httpStatus], ["refused", 401]);
    if (said === throws) assert.match(gateway.events[0].message, /the database of sessions is down/);
  }
  assert.equal(qcc.requests.length, 0);
  for (const yes of [true, "an id"]) await ask(pageOf(await gatewayFor(t, qcc, { authorize: async () => yes })));
  assert.equal(qcc.requests.length, 2);
});

test("is not made without authorize, nor with options that cannot be meant", async () => {
  const access = { key: "k", secretKey: "s", authorize };
  for (const options of [
    undefined,
    null,
    {},
    { ...access, authorize: undefined },
    { ...access, authorize: true },
    { ...access, secretKey: "" },
    { ...access, origins: "https://page.example" },
    { ...access, origins: ["*"] },
    { ...access, origins: ["null"] },
    { ...access, origins: ["https://page.example/"] },
    { ...access, origins: ["page.example"] },
    { ...access, endpoints: ["/api/other"] },
    { ...access, endpoints: "getQuota" },
    { ...access, maxCallsPerMinute: 0 },
    { ...access, maxCallsPerMinute: 1.5 },
    { ...access, maxResponseBytes: -1 },
    { ...access, timeoutMs: -1 },
  ]) {
    await failure(async () => createGateway(options), { kind: "config", billed: false });
  }
});

test("limits each caller by itself, and says so as quota", async (t) => {
  const qcc = await serverFor(t);
  const gateway = await gatewayFor(t, qcc, { maxCallsPerMinute: 2 });
  const one = pageOf(gateway, { headers: bearer("one") });
  await ask(one);
  await one.getQuota();
  const error = await failure(one.getQuota(), { kind: "quota", httpStatus: 429, retryable: true, billed: false, attempts: 0, status: null });
  assert.match(error.message, /网关.*gateway/);
  const response = await fetch(gateway.url + QUOTA, { headers: bearer("one") });
  const seconds = Number(response.headers.get("retry-after"));
  assert.ok(response.status === 429 && seconds > 50 && seconds <= 65, String(seconds));
  await ask(pageOf(gateway, { headers: bearer("two") }));
  assert.equal(qcc.requests.length, 3);
});

test("says auth and quota also of what stands in front of a gateway", async () => {
  for (const [http, kind] of [[401, "auth"], [403, "auth"], [429, "quota"]]) {
    let calls = 0;
    const page = new QccClient({ gateway: "http://gateway.example", fetch: async () => (calls++, new Response("<html>", { status: http })) });
    const error = await failure(ask(page), { kind, httpStatus: http, billed: false });
    assert.match(error.message, /gateway/);
    assert.equal(calls, 1);
  }
});

test("sends nothing again that a gateway may have paid for", async () => {
  for (const answer of [() => new Response("<html>", { status: 502 }), () => new Response("<html>", { status: 504 }), () => new Response("{")]) {
    let calls = 0;
    const page = new QccClient({ gateway: "http://gateway.example", retry: HASTY, fetch: async () => (calls++, answer()) });
    await failure(ask(page), { billed: "unknown", attempts: 1 });
    assert.equal(calls, 1);
  }
  let calls = 0;
  const page = new QccClient({ gateway: "http://gateway.example", retry: HASTY, fetch: async () => (calls++, new Response("", { status: 503 })) });
  await failure(ask(page), { billed: false });
  assert.equal(calls, 3);
});

test("asks once for equal questions in flight, whoever asks, and serves the next from its store", async (t) => {
  const qcc = await serverFor(t);
  const gateway = await gatewayFor(t, qcc, { store: new Map() });
  qcc.next({ delayMs: 200 });
  const pages = ["one", "two", "three"].map((name) => pageOf(gateway, { headers: bearer(name) }));
  const answers = await Promise.all(pages.map((page) => ask(page)));
  assert.equal(qcc.requests.length, 1);
  for (const { relations } of answers) assert.equal(relations.length, 1);
  const stored = await pages[0].findPartnershipRelation(SAMPLE_NAMES.toReversed());
  const { meta } = stored;
  assert.deepEqual([meta.fromStore, meta.billed, meta.billedCalls, meta.attempts, meta.httpStatus], [true, false, 0, 0, 200]);
  assert.equal(meta.timespan, answers[0].meta.timespan);
  assert.deepEqual(stored.companyNames, SAMPLE_NAMES.toReversed());
  assert.ok(!stored.raw.includes('"key"') && !stored.raw.includes("****"), stored.raw);
  assert.equal(qcc.requests.length, 1);
});

test("serves a refusal from its store as a client does from its own", async (t) => {
  const qcc = await serverFor(t);
  const page = pageOf(await gatewayFor(t, qcc, { store: new Map() }));
  const direct = clientOf(qcc, { store: new Map() });
  for (const client of [direct, page]) {
    qcc.next({ code: 208 });
    await failure(ask(client), { kind: "unsupported", status: 208, billed: true, fromStore: false });
  }
  const [one, two] = await Promise.all([direct, page].map((client) => outcome(ask(client))));
  assert.deepEqual(two, one);
  assert.deepEqual([two.fromStore, two.billed, two.attempts], [true, false, 0]);
  assert.equal(qcc.requests.length, 2);
});

test("keeps in a page's own store what the gateway answered", async (t) => {
  const qcc = await serverFor(t);
  const store = new Map();
  const page = pageOf(await gatewayFor(t, qcc), { store });
  const first = await ask(page);
  const again = await ask(page);
  assert.deepEqual([again.meta.fromStore, again.meta.timespan], [true, first.meta.timespan]);
  assert.deepEqual(again.relations, first.relations);
  assert.equal(qcc.requests.length, 1);
  assert.doesNotMatch(JSON.stringify([...store]), new RegExp(qcc.key));
});

test("cuts off an answer that is too large, and asks for it no second time", async (t) => {
  const qcc = await serverFor(t, { relations: ([a, b]) => Array(2000).fill({ companyName: a, relatedCompanyName: b }) });
  const gateway = await gatewayFor(t, qcc, { maxResponseBytes: 100_000, retry: { ...HASTY, resendWhenUnknown: true } });
  const names = ["甲公司", "乙公司"];
  const error = await failure(pageOf(gateway).findPartnershipRelation(names), { kind: "malformed-response", billed: "unknown", attempts: 1 });
  assert.match(error.message, /at byte 100000/);
  assert.equal(qcc.requests.length, 1);
  const wide = await gatewayFor(t, qcc, { maxResponseBytes: 1_000_000 });
  assert.equal((await pageOf(wide).findPartnershipRelation(names)).relations.length, 2000);
});

test("gives a call up with its page, unless a store can keep what it has paid for", async (t) => {
  for (const store of [undefined, new Map()]) {
    const qcc = await serverFor(t);
    const gateway = await gatewayFor(t, qcc, { store });
    qcc.next({ delayMs: 150 });
    const page = pageOf(gateway);
    await assert.rejects(ask(page, { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
    await sleep(600);
    const answered = gateway.events.some((event) => event.type === "response" && event.status === 200);
    assert.equal(answered, store !== undefined);
    if (store) assert.equal((await ask(page)).meta.fromStore, true);
    assert.equal(qcc.requests.length, 1);
  }
});

test("waits for a gateway as long as for the whole call, not as for one attempt", async (t) => {
  const qcc = await serverFor(t);
  const gateway = await gatewayFor(t, qcc, { retry: { maxRetries: 2, baseDelayMs: 0 } });
  qcc.next({ http: 503, delayMs: 60 }, { http: 503, delayMs: 60 }, { delayMs: 60 });
  const { meta } = await ask(pageOf(gateway));
  assert.equal(meta.attempts, 3);
  qcc.next({ delayMs: 500 });
  await failure(ask(pageOf(gateway, { deadlineMs: 100 })), { kind: "timeout", billed: "unknown", attempts: 1 });
  qcc.next({ delayMs: 500 });
  await failure(ask(pageOf(gateway, { timeoutMs: 100 })), { kind: "timeout", billed: "unknown", attempts: 1 });
});

test("never rejects, and tells the server's log why it failed", async (t) => {
  const qcc = await serverFor(t);
  const { handler, events } = await gatewayFor(t, qcc);
  const broken = { method: "GET", url: `http://localhost${QUOTA}`, headers: { get: () => { throw new Error("SECRET inside"); } } };
  const response = await handler(broken);
  const body = await response.text();
  assert.deepEqual([response.status, JSON.parse(body).error.kind], [500, "server"]);
  assert.doesNotMatch(body, /SECRET/);
  assert.match(events[0].message, /SECRET inside/);
});

test("takes any handler onto node:http", async (t) => {
  const { createServer } = await import("node:http");
  const seen = [];
  const handler = async (request) => {
    seen.push(`${request.method} ${request.url} ${request.headers.get("x-a")}`);
    if (request.url.endsWith("/boom")) throw new Error("SECRET inside");
    const headers = new Headers([["set-cookie", "a=1"], ["set-cookie", "b=2"]]);
    return new Response("甲", { status: 201, headers });
  };
  const server = createServer(toNodeHandler(handler));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => (server.close(), server.closeAllConnections()));
  const url = `http://127.0.0.1:${server.address().port}`;
  const response = await fetch(`${url}/x?y=1`, { headers: { "x-a": "1" } });
  assert.deepEqual([response.status, await response.text(), response.headers.getSetCookie()], [201, "甲", ["a=1", "b=2"]]);
  const failed = await fetch(`${url}/boom`);
  assert.deepEqual([failed.status, await failed.text()], [500, ""]);
  assert.deepEqual(seen, [`GET ${url}/x?y=1 1`, `GET ${url}/boom null`]);
});
