// Both endpoints and `request`, against the tests' own server: what is sent, and what becomes of what comes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { QccClient, QccError, statusInfo } from "qcc-pro";
import { clientOf, failure, serverFor } from "./support/client.mjs";
import { PARTNERSHIP_SAMPLE, QUOTA_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";
import { envelope, tokenOf } from "./support/server.mjs";

const PATH = "/api/corp/correlation/findPartnershipRelation";

test("asks as the document says", async (t) => {
  const qcc = await serverFor(t);
  const before = Math.floor(Date.now() / 1000);
  await clientOf(qcc, { headers: { "X-Dashboard": "one" } }).findPartnershipRelation(SAMPLE_NAMES);
  const [{ method, path, query, headers }] = qcc.requests;
  assert.deepEqual([method, path], ["GET", PATH]);
  assert.deepEqual(query, { key: qcc.key, companyNames: SAMPLE_NAMES.join() });
  assert.equal(headers.token, tokenOf(qcc.key, headers.timespan, qcc.secretKey));
  assert.ok(Number(headers.timespan) >= before && Number(headers.timespan) <= Date.now() / 1000);
  assert.deepEqual([headers["x-dashboard"], headers.accept], ["one", "application/json"]);
  assert.ok(!JSON.stringify(qcc.requests).includes(qcc.secretKey));
});

test("every answer has its own raw text, behind a proxy or a prototype too", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  const answers = [await client.findPartnershipRelation(SAMPLE_NAMES), await client.getQuota()];
  assert.deepEqual(answers.map(({ raw }) => raw), [PARTNERSHIP_SAMPLE, QUOTA_SAMPLE]);
  for (const answer of answers) {
    assert.equal(new Proxy(answer, {}).raw, answer.raw);
    assert.equal(Object.create(answer).raw, answer.raw);
    assert.ok(!("raw" in { ...answer }) && !JSON.stringify(answer).includes(qcc.key));
  }
  // Of one shape, or whatever reads answers becomes slow.
  const [first, second] = answers.map((answer) => Object.getOwnPropertyDescriptor(answer, "raw").get);
  assert.equal(first, second);
});

test("reads the document's relations to the last field", async (t) => {
  const qcc = await serverFor(t);
  const answer = await clientOf(qcc).findPartnershipRelation(SAMPLE_NAMES);
  const { durationMs, timespan } = answer.meta;
  assert.ok(durationMs >= 0 && durationMs < 60_000);
  assert.equal(String(timespan), qcc.requests[0].headers.timespan);
  assert.equal(answer.raw, PARTNERSHIP_SAMPLE);
  assert.deepEqual(answer, {
    status: 200,
    message: "【有效请求】查询成功",
    requestId: "535d3329cf664265bfa6cb00a0185a53",
    companyNames: SAMPLE_NAMES,
    relations: [
      {
        companyName: "企查查科技股份有限公司",
        relatedCompanyName: "大连银行股份有限公司",
        amount: "34.8",
        amountWan: 34.8,
        publicDate: "2021-11",
        period: { year: 2021, month: 11, day: null },
        source: "招投标",
      },
    ],
    meta: {
      attempts: 1,
      billed: true,
      billedCalls: 1,
      unknownCalls: 0,
      fromStore: false,
      httpStatus: 200,
      durationMs,
      timespan,
    },
  });
});

test("reads the document's quotas to the last field", async (t) => {
  const qcc = await serverFor(t);
  const { quotas, status, message, requestId, raw } = await clientOf(qcc).getQuota();
  assert.deepEqual([status, message, requestId, raw], [200, "查询成功", null, QUOTA_SAMPLE]);
  assert.deepEqual(qcc.requests[0].query, { key: qcc.key });
  const module = (id, name, totalCount, consumedCount, canDeletedCount) => ({
    id,
    name,
    totalCount,
    consumedCount,
    canDeletedCount,
    remainingCount: totalCount - consumedCount,
  });
  assert.deepEqual(quotas, [
    module("radar_id", "风险监控-企业", 50, 2, 50),
    module("bene_id", "股权穿透", 100, 2, 30),
    module("natural_person_id", "自然人核验", 50, 0, 15),
  ]);
});

test("reads quotas as the document's table has them: one object, Id, numbers as text", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({
    json: { Status: 200, Message: "好", Result: { Id: "new_id", TotalCount: "7", consumedCount: 9, canDeletedCount: "0", soon: [1] } },
  });
  const { quotas, status, message } = await clientOf(qcc).getQuota();
  assert.deepEqual([status, message], [200, "好"]);
  const expected = { id: "new_id", name: "new_id", totalCount: 7, consumedCount: 9, canDeletedCount: 0, remainingCount: -2 };
  assert.deepEqual(quotas, [{ ...expected, extra: { soon: [1] } }]);
});

test("sends names as registered ones are written, each once, and gives back the caller's spelling", async (t) => {
  const row = (companyName, relatedCompanyName) => ({ companyName, relatedCompanyName });
  const qcc = await serverFor(t, {
    relations: () => [row("华为（中国）有限公司", "甲公司"), row("Foo (China) Ltd", "丙公司"), row("é公司", "华为（中国）有限公司")],
  });
  const names = [" 华为(中国)有限公司\u3000", "甲公司", "华为（中国）有限公司", "甲公司 ", "Foo (China) Ltd", "e\u0301公司"];
  const given = [...names];
  const { companyNames, relations } = await clientOf(qcc).findPartnershipRelation(names);
  assert.equal(qcc.requests[0].query.companyNames, "华为（中国）有限公司,甲公司,Foo (China) Ltd,é公司");
  assert.deepEqual(names, given);
  assert.deepEqual(companyNames, [given[0], given[1], given[4], given[5]]);
  assert.deepEqual(
    relations.map((relation) => [relation.companyName, relation.relatedCompanyName]),
    [
      [given[0], given[1]],
      [given[4], "丙公司"],
      [given[5], given[0]],
    ],
  );
});

test("takes any iterable of names, and one name", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  await client.findPartnershipRelation(new Set(SAMPLE_NAMES));
  await client.findPartnershipRelation(
    (function* names() {
      yield* SAMPLE_NAMES;
    })(),
  );
  await client.findPartnershipRelation(["大连银行股份有限公司"]);
  assert.deepEqual(
    qcc.requests.map((request) => request.query.companyNames),
    [SAMPLE_NAMES.join(), SAMPLE_NAMES.join(), "大连银行股份有限公司"],
  );
});

test("escapes what a query cannot carry", async (t) => {
  const qcc = await serverFor(t);
  const names = ["A&B=C 公司#?", "100%+公司/\"<>", "🏢企业"];
  await clientOf(qcc).findPartnershipRelation(names);
  assert.equal(qcc.requests[0].query.companyNames, names.join());
});

test("takes 201 for an empty answer that was paid for", async (t) => {
  const qcc = await serverFor(t);
  const answer = await clientOf(qcc).findPartnershipRelation(["甲公司", "乙公司"]);
  assert.deepEqual([answer.status, answer.relations, answer.companyNames], [201, [], ["甲公司", "乙公司"]]);
  assert.deepEqual([answer.meta.billed, answer.meta.billedCalls, answer.requestId], [true, 1, null]);
});

test("keeps unknown fields, and what came where a type is not the documents'", async (t) => {
  const rows = [
    { companyName: "甲公司", relatedCompanyName: "乙公司", amount: 12.5, publicDate: null, source: null, ratio: { a: [1, "二"] } },
    { companyName: "甲公司", relatedCompanyName: "乙公司", amount: "1,234.50", publicDate: "2020年报", source: "年报" },
    { companyName: "甲公司", relatedCompanyName: "丙公司", amount: "约三亿", publicDate: "2021-06-30" },
    { companyName: "甲公司", relatedCompanyName: "丙公司", amount: null, publicDate: 2019, source: 7 },
  ];
  const qcc = await serverFor(t);
  const list = { requestId: 42, key: qcc.key, companyNames: "x", partnershipRelationList: rows, page: 1 };
  qcc.next({ json: { Status: 200, Message: "ok", orderNumber: "P-1", Result: list } });
  const answer = await clientOf(qcc).findPartnershipRelation(["甲公司", "乙公司", "丙公司"]);
  assert.deepEqual([answer.requestId, answer.extra], ["42", { orderNumber: "P-1", page: 1 }]);
  const seen = answer.relations.map(({ amount, amountWan, publicDate, period, source, extra }) =>
    [amount, amountWan, publicDate, period?.year ?? null, source, extra]);
  assert.deepEqual(seen, [
    ["12.5", 12.5, null, null, null, { ratio: { a: [1, "二"] } }],
    ["1,234.50", 1234.5, "2020年报", 2020, "年报", undefined],
    ["约三亿", null, "2021-06-30", 2021, null, undefined],
    [null, null, "2019", 2019, "7", undefined],
  ]);
  assert.deepEqual(answer.relations[2].period, { year: 2021, month: 6, day: 30 });
  assert.throws(() => { answer.relations[2].period.year = 2022; }, TypeError, "rows share their periods");
  assert.ok(!JSON.stringify(answer).includes(qcc.key), "the echoed key is in the answer");
});

test("reads every kind of text right", async (t) => {
  const texts = ["", "引号\"反斜\\斜/", "\u0000\u001f", "🏢 \u{10FFFF}", "\u2028\u2029", "x".repeat(70_000), "甲公司", "é e\u0301"];
  const rows = texts.map((text) => ({ companyName: "甲公司", relatedCompanyName: text, amount: text, publicDate: text, source: text }));
  const qcc = await serverFor(t, { relations: () => rows });
  const { relations } = await clientOf(qcc).findPartnershipRelation(["甲公司", "乙公司"]);
  assert.deepEqual(relations.map((relation) => relation.source), texts);
  assert.deepEqual(relations.map((relation) => relation.relatedCompanyName), texts);
});

test("makes answers that can be cloned, changed and serialised", async (t) => {
  const qcc = await serverFor(t);
  const answer = await clientOf(qcc).findPartnershipRelation(SAMPLE_NAMES);
  assert.deepEqual(structuredClone(answer), answer);
  assert.deepEqual(JSON.parse(JSON.stringify(answer)), answer);
  answer.relations[0].amount = "1";
  answer.relations.push(answer.relations[0]);
  assert.equal(answer.relations.length, 2);
});

test("asks any other endpoint, signed the same way", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ json: { Status: "200", Message: "查询成功", OrderNumber: "E1", Result: { deep: [1, { x: null }] }, Paging: { n: 1 } } });
  const answer = await clientOf(qcc).request("/api/other/getIt", { keyword: "小米 & 科技", "页": "1" });
  const [{ path, query, headers }] = qcc.requests;
  assert.deepEqual([path, query], ["/api/other/getIt", { key: qcc.key, keyword: "小米 & 科技", "页": "1" }]);
  assert.equal(headers.token, tokenOf(qcc.key, headers.timespan, qcc.secretKey));
  assert.deepEqual([answer.status, answer.message, answer.result], [200, "查询成功", { deep: [1, { x: null }] }]);
  assert.deepEqual(answer.extra, { OrderNumber: "E1", Paging: { n: 1 } });
  assert.match(answer.raw, /"OrderNumber":"E1"/);
});

test("asks the known endpoints by their paths too", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  const { result } = await client.request(PATH, { companyNames: SAMPLE_NAMES.join() });
  assert.equal(result.partnershipRelationList[0].amount, "34.8");
  const quota = await client.request("/api/company/quota/getQuota");
  assert.equal(quota.result.length, 3);
});

test("keeps a path of the base address", async (t) => {
  const qcc = await serverFor(t);
  await failure(clientOf(qcc, { baseUrl: `${qcc.url}/proxy/qcc/` }).getQuota(), { status: 113 });
  assert.equal(qcc.requests[0].path, "/proxy/qcc/api/company/quota/getQuota");
});

test("gives the table's row for a code", () => {
  assert.equal(statusInfo(200).kind, "success");
  assert.deepEqual(Object.keys(statusInfo(107)), ["code", "kind", "billed", "retryable", "zh", "en", "hint"]);
  assert.match(statusInfo(112).zh, /剩余使用量已不足/);
  for (const unknown of [0, 777, -1, 200.5, NaN, Infinity, "x", null, undefined, {}]) assert.equal(statusInfo(unknown), null);
});

test("cannot be used once it is freed, and says so", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  client.free();
  client.free();
  await failure(client.getQuota(), { kind: "config", billed: false });
  const other = clientOf(qcc);
  other[Symbol.dispose]();
  await failure(other.getQuota(), { kind: "config" });
  assert.equal(qcc.requests.length, 0);
});

test("finishes a call that was under way when the client was freed", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ delayMs: 50 });
  const client = clientOf(qcc);
  const call = client.getQuota();
  client.free();
  assert.equal((await call).quotas.length, 3);
});

test("knows the errors of another copy of the package", async (t) => {
  const { QccError: Other, QccClient: OtherClient } = await import("./node_modules/qcc-pro/cjs/index.cjs");
  assert.notEqual(Other, QccError);
  const qcc = await serverFor(t);
  const theirs = await new OtherClient({ key: "k", secretKey: "s", baseUrl: qcc.url }).getQuota().catch((error) => error);
  assert.equal(theirs.status, 101);
  assert.ok(!(theirs instanceof QccError) && QccError.is(theirs) && Other.is(theirs));
  assert.ok(theirs instanceof Error);
  for (const other of [null, undefined, 1, "x", {}, new Error("x"), QccClient]) assert.equal(QccError.is(other), false);
});

test("tells a refusal with all that is known about it", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ json: { ...envelope(208), result: { requestId: "r-1", key: qcc.key } } });
  const error = await failure(clientOf(qcc).findPartnershipRelation(SAMPLE_NAMES), {
    name: "QccError",
    kind: "unsupported",
    status: 208,
    httpStatus: 200,
    billed: true,
    billedCalls: 1,
    retryable: false,
    requestId: "r-1",
    attempts: 1,
    fromStore: false,
    cause: undefined,
  });
  assert.match(error.message, /^QCC 208: .*— This endpoint does not support/);
  assert.match(error.hint, /\w/);
  assert.deepEqual(error.toJSON(), JSON.parse(JSON.stringify(error)));
  const fields = ["name", "message", "kind", "status", "httpStatus", "billed", "billedCalls", "retryable", "requestId", "attempts", "hint", "body", "fromStore"];
  assert.deepEqual(Object.keys(error.toJSON()), fields);
});
