// What cannot be sent is refused by name, and nothing is sent: the server counts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { QccClient } from "qcc-pro";
import { childJson, clientOf, failure } from "./support/client.mjs";
import { startQcc } from "./support/server.mjs";

let qcc;
before(async () => (qcc = await startQcc()));
after(() => qcc.close());

const unsent = { billed: false, billedCalls: 0, attempts: 0, retryable: false, status: null, httpStatus: null, fromStore: false };

const many = Array.from({ length: 21 }, (_, index) => `第${index}号公司`);
for (const [what, names, said] of [
  ["no list", undefined, /must be an array of names, not undefined/],
  ["null", null, /not null/],
  ["one text", "甲公司", /not string/],
  ["a number", 7, /not number/],
  ["an object that is no list", { 0: "甲公司", length: 1 }, /not object/],
  ["an empty list", [], /企业名称为空.*no company name/],
  ["21 names", many, /企业数量超过上限.*21 company names.*scan\(\)/],
  ["a name of one character", ["甲公司", "乙"], /company name 2, "乙", has fewer than 2 characters/],
  ["a name that is one character once trimmed", [" 乙\u3000"], /company name 1, "乙"/],
  ["an empty name", ["甲公司", ""], /company name 2, ""/],
  ["an ASCII comma", ["Foo Co., Ltd."], /company name 1, "Foo Co\., Ltd\.", has an ASCII comma/],
  ["a control character", ["甲公司", "丙\u0007公司"], /company name 2, "丙\\u0007公司", has a control character/i],
  ["a line break inside", ["甲公司\n乙公司"], /company name 1, "甲公司\\n乙公司", has a control character/],
  ["a lone surrogate", ["甲\ud800公司"], /company name 1, .* decoded wrongly/],
  ["text that was decoded wrongly", ["甲\ufffd公司"], /decoded wrongly/],
  ["a number among names", ["甲公司", 7], /company name 2 is number, not a string/],
  ["null among names", [null], /company name 1 is null/],
  ["a list among names", [["甲公司"]], /company name 1 is an array/],
  ["a hole in the list", [, "甲公司"], /company name 1 is undefined/],
  ["a String object", [new String("甲公司")], /company name 1 is object/],
]) {
  test(`refuses ${what}`, async () => {
    const { length } = qcc.requests;
    const error = await failure(clientOf(qcc).findPartnershipRelation(names), { kind: "invalid-argument", ...unsent });
    assert.match(error.message, said);
    assert.ok(error.hint.length > 0);
    assert.equal(qcc.requests.length, length);
  });
}

test("takes 20 names, doubled ones not counted", async () => {
  const { length } = qcc.requests;
  const names = [...many.slice(0, 20), many[0], ` ${many[1]}`];
  const { companyNames } = await clientOf(qcc).findPartnershipRelation(names);
  assert.deepEqual([companyNames, qcc.requests.length], [many.slice(0, 20), length + 1]);
});

test("names no more of a long name than helps", async () => {
  const error = await failure(clientOf(qcc).findPartnershipRelation([`,${"长".repeat(100_000)}`]));
  assert.ok(error.message.length < 300, error.message.length);
});

for (const [what, path, params, said] of [
  ["a path without a slash", "api/x", {}, /start with a slash/],
  ["another host", "//evil.example/x", {}, /host/],
  ["a path with a query", "/api/x?key=1", {}, /query/],
  ["a fragment", "/api/x#y", {}, /fragment/],
  ["a path that climbs", "/api/../x", {}, /climb/],
  ["an escaped path", "/api/%2e%2e/x", {}, /percent/],
  ["white space", "/api/ x", {}, /white space/],
  ["no path", undefined, {}, /path.*undefined/],
  ["a number for a path", 7, {}, /path.*number/],
  ["a key of the caller's", "/api/x", { key: "other" }, /its own/],
  ["the same in capitals", "/api/x", { KEY: "other" }, /its own/],
  ["a parameter without a name", "/api/x", { "": "x" }, /without a name/],
  ["a number for a parameter", "/api/x", { page: 1 }, /"page" is number/],
  ["undefined for a parameter", "/api/x", { page: undefined }, /"page" is undefined/],
  ["null for a parameter", "/api/x", { page: null }, /"page" is null/],
  ["null for the parameters", "/api/x", null, /not null/],
  ["text for the parameters", "/api/x", "page=1", /not string/],
]) {
  test(`refuses ${what} for another endpoint`, async () => {
    const { length } = qcc.requests;
    const error = await failure(clientOf(qcc).request(path, params), { kind: "invalid-argument", ...unsent });
    assert.match(error.message, said);
    assert.equal(qcc.requests.length, length);
  });
}

for (const [what, options, said] of [
  ["null for options", null, /options must be an object/],
  ["text for options", "key", /options must be an object/],
  ["a number for a key", { key: 7 }, /option key must be a string, not number/],
  ["an empty key", { key: "" }, /missing: key/],
  ["a blank secret", { secretKey: " " }, /option secretKey is empty/],
  ["a line break inside a key", { key: "a\nb" }, /option key has a control character/],
  ["a baseUrl that is none", { baseUrl: "pro.qcc.com" }, /option baseUrl is not a URL/],
  ["a baseUrl of another scheme", { baseUrl: "file:///etc" }, /http or https/],
  ["a baseUrl with a user", { baseUrl: "http://u:p@127.0.0.1" }, /without user/],
  ["a baseUrl with a query", { baseUrl: "http://127.0.0.1/?a=1" }, /without user, query/],
  ["a negative timeout", { timeoutMs: -1 }, /timeoutMs/],
  ["no time at all", { timeoutMs: 0 }, /timeoutMs/],
  ["a timeout that is no number", { timeoutMs: NaN }, /timeoutMs/],
  ["a timeout as text", { timeoutMs: "30000" }, /timeoutMs must be a number, not string/],
  ["a negative deadline", { deadlineMs: -5 }, /deadlineMs/],
  ["half a retry", { retry: { maxRetries: 0.5 } }, /retry\.maxRetries/],
  ["a retry that is none", { retry: 3 }, /option retry must be an object, not number/],
  ["null for retry", { retry: null }, /option retry must be an object, not null/],
  ["a list for retry", { retry: [] }, /option retry must be an object, not an array/],
  ["resendWhenUnknown as text", { retry: { resendWhenUnknown: "yes" } }, /resendWhenUnknown must be a boolean/],
  ["negative polls", { pending: { maxPolls: -1 } }, /pending\.maxPolls/],
  ["a fetch that is none", { fetch: {} }, /option fetch must be a function, not object/],
  ["a store that is none", { store: {} }, /store must have get and set/],
  ["text for a store", { store: "redis://" }, /store must have get and set/],
  ["a ttl that is none", { storeTtlMs: 0 }, /storeTtlMs/],
  ["headers that are none", { headers: "a: b" }, /option headers must be an object/],
  ["a header no request can carry", { headers: { "a b": "c" } }, /header "a b"/],
  ["a header value with a line break", { headers: { a: "b\r\nToken: c" } }, /header a/],
  ["a header in Chinese", { headers: { a: "企业" } }, /header a/],
  ["a signature of the caller's", { headers: { Token: "x" } }, /header "Token"/],
  ["the same in small letters", { headers: { timespan: "1" } }, /header "timespan"/],
  ["a listener that is none", { onEvent: [] }, /onEvent must be a function, not an array/],
]) {
  test(`refuses ${what} when the client is made`, async () => {
    const options_ = options === null || typeof options === "string" ? options : { key: "k", secretKey: "s", ...options };
    const error = await failure(() => new QccClient(options_), { kind: "config", ...unsent });
    assert.match(error.message, said);
  });
}

for (const [what, options, said] of [
  ["null", null, /options of a call/],
  ["text", "x", /options of a call/],
  ["no time", { timeoutMs: 0 }, /timeoutMs/],
  ["half a retry", { retry: { maxRetries: 1.5 } }, /retry\.maxRetries/],
  ["a store that is none", { store: 1 }, /get and set/],
  ["a signal that is none", { signal: {} }, /signal/],
  ["a controller for a signal", { signal: new AbortController() }, /signal/],
]) {
  test(`refuses ${what} as options of a call`, async () => {
    const { length } = qcc.requests;
    const error = await failure(clientOf(qcc).getQuota(options), { kind: "config", ...unsent });
    assert.match(error.message, said);
    assert.equal(qcc.requests.length, length);
  });
}

const tryIt = `
  import { QccClient, QccError } from "qcc-pro";
  const tried = (options) => {
    try { new QccClient(options); return "made"; } catch (error) { return { is: QccError.is(error), ...error.toJSON() }; }
  };`;

test("says which of the credentials is missing and where they can come from", async () => {
  const print = (options) => `console.log(JSON.stringify(tried(${options})));`;
  const both = await childJson(tryIt + print(""));
  assert.deepEqual([both.is, both.kind, both.billed, both.attempts], [true, "config", false, 0]);
  assert.match(both.message, /missing: key and secretKey/);
  for (const word of ["QCC_KEY", "QCC_SECRET_KEY", "设置中心 → 我的公司", "gateway"]) assert.ok(both.hint.includes(word), word);
  const secret = await childJson(tryIt + print(""), { env: { QCC_KEY: "k" } });
  assert.match(secret.message, /missing: secretKey/);
  const key = await childJson(tryIt + print('{ secretKey: "s" }'), { env: { QCC_KEY: "" } });
  assert.match(key.message, /missing: key\b(?! and)/);
});

test("takes credentials and address from the environment, and options before them", async () => {
  const code = `
    import { QccClient } from "qcc-pro";
    const answers = [await new QccClient().getQuota()];
    answers.push(await new QccClient({ key: undefined, secretKey: undefined, baseUrl: undefined }).getQuota());
    const other = await new QccClient({ key: "other" }).getQuota().catch((error) => error.status);
    console.log(JSON.stringify([...answers.map((answer) => answer.quotas.length), other]));`;
  const env = { QCC_KEY: `${qcc.key} `, QCC_SECRET_KEY: qcc.secretKey, QCC_BASE_URL: `${qcc.url}/` };
  assert.deepEqual(await childJson(code, { env }), [3, 3, 101]);
});
