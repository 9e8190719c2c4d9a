// What is not the answer the documents describe: the start of it is shown, keys masked, and the client goes on.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { QccClient } from "qcc-pro";
import { clientOf, drawing, failure, serverFor } from "./support/client.mjs";
import { PARTNERSHIP_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";

const malformed = { kind: "malformed-response", billed: "unknown", billedCalls: 0, attempts: 1, retryable: false };

/** One client asks, gets `entry`, and then a proper answer. */
async function answered(t, entry, fields, ask = (client) => client.findPartnershipRelation(SAMPLE_NAMES)) {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  qcc.next(typeof entry === "function" ? entry(qcc) : entry);
  const error = await failure(ask(client), fields);
  assert.equal(qcc.requests.length, 1);
  assert.ok(Buffer.byteLength(error.body) <= 2048, "more than 2 KiB are shown");
  assert.ok(!JSON.stringify(error).includes(qcc.key), "the key is shown");
  assert.equal((await client.findPartnershipRelation(SAMPLE_NAMES)).relations.length, 1);
  return error;
}

for (const [what, body] of [
  ["nothing", ""],
  ["white space", " \r\n\t"],
  ["plain text", "Service is starting, please wait"],
  ["JavaScript", "{status:'200'}"],
  ["a number", "200"],
  ["a string", '"200"'],
  ["null", "null"],
  ["an array", "[1,2]"],
  ["an empty object", "{}"],
  ["two texts", '{"status":"200"} {"status":"200"}'],
  ["a stray comma", '{"status":"200",}'],
  ["bytes that are no UTF-8", Buffer.from('{"status":"200","msg":"\xff\xfe","result":{"partnershipRelationList":[]}}', "latin1")],
  ["GBK", Buffer.from([0x7b, 0x22, 0x73, 0x74, 0x61, 0x74, 0x75, 0x73, 0x22, 0x3a, 0x22, 0x32, 0x30, 0x30, 0x22, 0x2c, 0x22, 0x6d, 0x73, 0x67, 0x22, 0x3a, 0x22, 0xb2, 0xe9, 0xd1, 0xaf, 0x22, 0x7d])],
  ["UTF-16", Buffer.from(PARTNERSHIP_SAMPLE, "utf16le")],
  ["gzip that nobody announced", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
  ["nought bytes", Buffer.alloc(5000)],
  ["200,000 brackets", "[".repeat(200_000)],
  ["200,000 brackets in a proper answer", `{"status":"200","msg":"","result":${"[".repeat(200_000)}${"]".repeat(200_000)}}`],
  ["200,000 objects", '{"a":'.repeat(200_000)],
  ["a status that is no number", '{"status":"OK","msg":"","result":{}}'],
  ["a status too long for a number", `{"status":"${"9".repeat(400)}"}`],
]) {
  test(`names ${what} as no answer`, async (t) => {
    const error = await answered(t, { body }, { ...malformed, httpStatus: 200, status: null });
    assert.match(error.message, /无法解析返回内容/);
    const shown = Buffer.from(body).subarray(0, 1000).toString();
    assert.equal(error.body.slice(0, 900), shown.slice(0, 900));
  });
}

test("tells where the reading ended", async (t) => {
  const error = await answered(t, { body: '{"status":"200",}' }, malformed);
  assert.match(error.message, /expected .* at byte 16/);
});

test("names an HTML page with HTTP 200 as no answer", async (t) => {
  const error = await answered(t, { html: true }, { ...malformed, httpStatus: 200 });
  assert.match(error.body, /^<!DOCTYPE html>.*502 Bad Gateway/);
  assert.match(error.hint, /baseUrl/);
});

test("names an answer cut at any byte as none", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  const whole = Buffer.from(PARTNERSHIP_SAMPLE);
  for (let end = 1; end < whole.length; end += 7) {
    qcc.next({ body: whole.subarray(0, end) });
    const error = await failure(client.findPartnershipRelation(SAMPLE_NAMES), { kind: "malformed-response", billed: "unknown" });
    assert.ok(!error.body.includes(qcc.key), `cut at ${end}`);
  }
  assert.equal((await client.findPartnershipRelation(SAMPLE_NAMES)).relations.length, 1);
});

for (const [what, result] of [
  ["no result", undefined],
  ["null for a result", null],
  ["text for a result", "none"],
  ["an array for a result", []],
  ["an object for the list", { partnershipRelationList: {} }],
  ["text for the list", { partnershipRelationList: "none" }],
  ["a row that is none", { partnershipRelationList: [[]] }],
  ["text for a row", { partnershipRelationList: ["x"] }],
]) {
  test(`refuses ${what} under code 200, which was paid for`, async (t) => {
    const json = { status: "200", msg: "好", result };
    await answered(t, { json }, { ...malformed, status: 200, billed: true, billedCalls: 1 });
  });
}

test("takes a missing list for an empty one only where the code says there is nothing", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  for (const result of [undefined, null, {}, [], "无", { partnershipRelationList: null }]) {
    qcc.next({ json: { status: 201, msg: "无结果", result } });
    assert.deepEqual((await client.findPartnershipRelation(SAMPLE_NAMES)).relations, []);
  }
});

for (const [what, result] of [
  ["text", "x"],
  ["a list of texts", ["x"]],
  ["a count that is no number", [{ id: "radar_id", totalCount: "many", consumedCount: 1, canDeletedCount: 1 }]],
  ["half a count", [{ id: "radar_id", totalCount: 1.5, consumedCount: 1, canDeletedCount: 1 }]],
]) {
  test(`refuses ${what} for quotas`, async (t) => {
    const entry = { json: { status: "200", msg: "", result } };
    await answered(t, entry, { kind: "malformed-response", status: 200 }, (client) => client.getQuota());
  });
}

test("masks the key however often and wherever the server says it", async (t) => {
  const error = await answered(
    t,
    (qcc) => ({ body: `<p>${qcc.key}</p> key=${qcc.key}&`.repeat(100) }),
    malformed,
  );
  assert.match(error.body, /^<p>9bc4\*+\S*<\/p>|^<p>\S*\*+\S*<\/p>/);
});

test("masks a key that stands across the end of what is shown", async (t) => {
  for (const length of [2016, 2030, 2047]) {
    const error = await answered(t, (qcc) => ({ body: "x".repeat(length) + qcc.key }), malformed);
    assert.ok(!error.body.includes("9bc448"), error.body.slice(2000));
  }
});

test("shows whole characters only", async (t) => {
  for (const start of ["", "x", "xx"]) {
    const error = await answered(t, { body: start + "键".repeat(2000) }, malformed);
    assert.ok(!error.body.includes("\ufffd") && error.body.length > 680);
  }
});

test("carries a code that is in no table, and believes its message about the money", async (t) => {
  for (const [code, msg, billed] of [
    [4711, "【有效请求】新状态", true],
    [4712, "【无效请求】新状态", false],
    [4713, "新状态", "unknown"],
    [-1, "x", "unknown"],
    [0, "", "unknown"],
  ]) {
    const error = await answered(t, { json: { status: code, msg } }, { kind: "unknown-status", status: code, billed, retryable: false });
    assert.ok(error.message.startsWith(msg ? `QCC ${code}: ${msg} — ` : `QCC ${code} — `), error.message);
  }
});

// Texts are decoded piece by piece (pkg-template/src/answer.js): in Node by its Buffer, elsewhere by TextDecoder.
for (const decoder of ["Buffer", "TextDecoder"]) {
  test(`reads every text as JSON.parse does, wherever a piece ends, by ${decoder}`, async () => {
    const worker = new Worker(new URL("support/texts-worker.mjs", import.meta.url), { workerData: { decoder } });
    const [{ ours, theirs, decoded }] = await once(worker, "message");
    assert.ok(decoded > 10, `${decoder} is not what decodes`);
    assert.equal(ours.length, theirs.length);
    for (const [i, row] of theirs.entries()) assert.deepEqual(ours[i], row, `row ${i}`);
  });
}

// The module reads texts sixteen bytes at a time, which Rust's own tests do not run: theirs go character by character.
test("reads texts of every script, length and place as JSON.parse does, and refuses what is no UTF-8", async (t) => {
  const seed = (Math.random() * 2 ** 32) >>> 0;
  t.diagnostic(`seed ${seed}`);
  let state = seed;
  const below = (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  // Of three bytes and of one; then those of three that begin with 0xE0 or 0xED, of two, of four, and what JSON escapes.
  const scripts = ["甲乙供应链管理有限公司一鿿（）。\uffff\u1000", "09azAZ ~-.", "\u0800\u0fff\ud7ff\ud000", "é\u07ff", "😀", '"\\\n\u0001'];
  const text = () => {
    let made = "";
    for (let runs = below(5); runs >= 0; runs -= 1) {
      const letters = [...scripts[below(below(9) === 0 ? scripts.length : 2)]];
      for (let length = below(9); length > 0; length -= 1) made += letters[below(letters.length)];
    }
    return made;
  };
  let bytes;
  const fetch = async () => ({ status: 200, headers: new Headers(), arrayBuffer: async () => bytes.buffer });
  const client = new QccClient({ key: "k", secretKey: "s", fetch });
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const fields = ({ companyName, relatedCompanyName, amount, publicDate, source }) =>
    [companyName, relatedCompanyName, amount, publicDate, source];
  const outcomes = { read: 0, refused: 0 };
  for (let round = 0; round < 2000; round += 1) {
    const row = () => ({ companyName: text(), relatedCompanyName: text(), amount: text(), publicDate: text(), source: text() });
    const partnershipRelationList = Array.from({ length: 1 + below(4) }, row);
    bytes = new TextEncoder().encode(JSON.stringify({ status: "200", msg: "", result: { partnershipRelationList } })).slice();
    const at = below(bytes.length);
    // Every other one with another byte in a character that is not ASCII.
    if (round % 2 === 1 && bytes[at] > 0x7f) bytes[at] = 0x80 + below(0x80);
    let whole;
    try {
      whole = strict.decode(bytes);
    } catch {
      outcomes.refused += 1;
      await failure(client.findPartnershipRelation(SAMPLE_NAMES), { kind: "malformed-response" });
      continue;
    }
    outcomes.read += 1;
    const { relations } = await client.findPartnershipRelation(SAMPLE_NAMES);
    assert.deepEqual(relations.map(fields), JSON.parse(whole).result.partnershipRelationList.map(fields), whole);
  }
  client.free();
  assert.ok(outcomes.read > 1000 && outcomes.refused > 50, JSON.stringify(outcomes));
});

// A text is kept once for each of the roles it plays: what is done to a name (the caller's spelling) or a date (its period) must
// not be done to an equal text elsewhere.
test("tells a name, a date and a source apart that are the same text", async (t) => {
  const seed = (Math.random() * 2 ** 32) >>> 0;
  t.diagnostic(`seed ${seed}`);
  const draw = drawing(seed);
  const of = (list) => list[Math.floor(draw() * list.length)];
  const asked = ["华为(中国)有限公司", " 2021-11 ", "2022"];
  const spelling = new Map([["华为（中国）有限公司", asked[0]], ["2021-11", asked[1]], ["2022", asked[2]]]);
  const pool = [...spelling.keys(), "", "2021-11-05", "7", "丙公司", "换\n行"];
  let body;
  const fetch = async () => ({ status: 200, headers: new Headers(), arrayBuffer: async () => new TextEncoder().encode(body).buffer });
  const client = new QccClient({ key: "k", secretKey: "s", fetch });
  const period = (text) => {
    const parts = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text ?? "");
    return parts && { year: Number(parts[1]), month: parts[2] ? Number(parts[2]) : null, day: parts[3] ? Number(parts[3]) : null };
  };
  let respelt = 0;
  for (let round = 0; round < 300; round += 1) {
    const odd = round % 2 === 1;
    const text = () => (odd && draw() < 0.2 ? of([null, undefined, 2022, 7]) : of(pool));
    const extra = () => (odd && draw() < 0.3 ? { more: of(pool) } : {});
    const row = () => ({ companyName: text(), relatedCompanyName: text(), amount: text(), publicDate: text(), source: text(), ...extra() });
    const rows = Array.from({ length: 1 + Math.floor(draw() * 12) }, row);
    body = JSON.stringify({ status: "200", msg: "", result: { partnershipRelationList: rows } });
    const { relations } = await client.findPartnershipRelation(asked);
    const said = (value) => (value === undefined || value === null ? null : String(value));
    const name = (value) => spelling.get(said(value)) ?? said(value) ?? "";
    const expected = rows.map((one) => ({
      companyName: name(one.companyName),
      relatedCompanyName: name(one.relatedCompanyName),
      amount: said(one.amount),
      amountWan: /^\d+$/.test(one.amount ?? "") ? Number(one.amount) : null,
      publicDate: said(one.publicDate),
      period: period(said(one.publicDate)),
      source: said(one.source),
      ...("more" in one ? { extra: { more: one.more } } : {}),
    }));
    assert.deepEqual(relations, expected, body);
    respelt += relations.filter(({ companyName, source }) => companyName === asked[1] && source === "2021-11").length;
  }
  client.free();
  assert.ok(respelt > 5, `only ${respelt} rows have one text as a name and as a source`);
});
