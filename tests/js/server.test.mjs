// The tests' own server does what the suites rely on: asked here with plain fetch and signatures made by coreutils'
// md5sum or node:crypto, without the package.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { PARTNERSHIP_SAMPLE, QUOTA_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";
import { startQcc, tokenOf } from "./support/server.mjs";

const PARTNERSHIP = "/api/corp/correlation/findPartnershipRelation";
const QUOTA = "/api/company/quota/getQuota";

let qcc;
before(async () => (qcc = await startQcc()));
after(() => qcc.close());
beforeEach(() => {
  qcc.requests.length = qcc.queue.length = qcc.billed = 0;
  qcc.clockOffset = 0;
});

function ask(path = QUOTA, query = {}, { timespan = Math.floor(Date.now() / 1000), headers = {}, ...init } = {}) {
  const url = `${qcc.url}${path}?${new URLSearchParams({ key: qcc.key, ...query })}`;
  const signed = { Token: tokenOf(qcc.key, timespan, qcc.secretKey), Timespan: String(timespan), ...headers };
  return fetch(url, { headers: signed, ...init });
}
const code = async (response) => (await (await response).json()).status;

test("signs as md5sum does", () => {
  assert.equal(tokenOf("键", "1700000000", "密钥"), "A9ED43833521694F5A1984FCF55CE70C");
});

test("answers the documents' samples word for word", async () => {
  assert.equal(await (await ask()).text(), QUOTA_SAMPLE);
  assert.equal(await (await ask(PARTNERSHIP, { companyNames: SAMPLE_NAMES.join() })).text(), PARTNERSHIP_SAMPLE);
  assert.equal(qcc.billed, 2);
  assert.equal(JSON.parse(PARTNERSHIP_SAMPLE).result.partnershipRelationList[0].amount, "34.8");
});

test("refuses what the documents say is refused, and bills only what they say counts", async () => {
  assert.equal(await code(ask(QUOTA, { key: "other" })), "101");
  assert.equal(await code(ask(QUOTA, {}, { headers: { Token: "0".repeat(32) } })), "107");
  assert.equal(await code(ask(QUOTA, {}, { timespan: 1587693600 })), "115");
  assert.equal(await code(ask("/api/other")), "113");
  assert.equal(await code(ask(QUOTA, {}, { method: "POST" })), "118");
  assert.equal(qcc.billed, 0);
  assert.equal(await code(ask(PARTNERSHIP)), "202");
  assert.equal(await code(ask(PARTNERSHIP, { companyNames: Array(21).fill("公司").join() })), "209");
  assert.equal(await code(ask(PARTNERSHIP, { companyNames: "公司,司" })), "213");
  assert.equal(await code(ask(PARTNERSHIP, { companyNames: "公司,另一公司" })), "201");
  assert.equal(qcc.billed, 4);
  assert.deepEqual(qcc.requests.map((request) => request.code), [101, 107, 115, 113, 118, 202, 209, 213, 201]);
});

test("has a clock of its own", async () => {
  qcc.clockOffset = 3600;
  const response = await ask();
  assert.ok(Math.abs(Date.parse(response.headers.get("date")) - Date.now() - 3_600_000) < 5_000);
  assert.equal(await code(response), "115");
});

test("answers as scripted, one entry for one request", async () => {
  qcc.next({ http: 503, headers: { "retry-after": "7", date: null } }, { code: 199 }, { html: true }, { json: { a: 1 } });
  const busy = await ask();
  assert.deepEqual([busy.status, busy.headers.get("retry-after"), busy.headers.get("date")], [503, "7", null]);
  assert.equal(await code(ask()), "199");
  assert.match(await (await ask()).text(), /^<!DOCTYPE html>/);
  assert.deepEqual(await (await ask()).json(), { a: 1 });
  assert.equal(await code(ask()), "200");
});

test("encodes and cuts up bodies", async () => {
  for (const encoding of ["gzip", "deflate", "br"]) {
    qcc.next({ encoding });
    assert.equal(await (await ask()).text(), QUOTA_SAMPLE);
  }
  qcc.next({ chunks: 7 });
  const chunked = await ask();
  assert.equal(chunked.headers.get("content-length"), null);
  assert.equal(await chunked.text(), QUOTA_SAMPLE);
});

test("breaks off, resets and stalls", async () => {
  qcc.next({ cut: 20 }, { reset: "before" }, { reset: "after" });
  await assert.rejects(async () => (await ask()).text());
  assert.equal(qcc.billed, 1);
  await assert.rejects(ask());
  assert.equal(qcc.billed, 1);
  await assert.rejects(ask());
  assert.equal(qcc.billed, 2);
  for (const stall of ["headers", "body"]) {
    qcc.next({ stall });
    await assert.rejects(async () => (await ask(QUOTA, {}, { signal: AbortSignal.timeout(200) })).text(), {
      name: "TimeoutError",
    });
  }
  assert.equal(qcc.requests.length, 5);
});
