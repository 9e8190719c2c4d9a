// `sign`, against the vectors made with coreutils' md5sum and against node:crypto.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sign } from "qcc-pro";
import { drawing, failure } from "./support/client.mjs";
import { tokenOf } from "./support/server.mjs";

const KEY = "9bc448a2ff6511e8890a6c92bf31542f";

for (const [key, timespan, secretKey, Token] of [
  [KEY, 1587693600, "0123456789ABCDEF0123456789ABCDEF", "E2F39D1F595AD80C9694D29D5075AB95"],
  ["k", 0, "s", "50B0AF0C6779996E33FF803976C5F207"],
  ["键", 1700000000, "密钥", "A9ED43833521694F5A1984FCF55CE70C"],
]) {
  test(`signs as md5sum does: ${key} at ${timespan}`, () => {
    assert.deepEqual(sign({ key, secretKey, timespan }), { Token, Timespan: String(timespan) });
  });
}

test("signs any text as node:crypto does", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const draw = drawing(seed);
  const alphabet = ["a", "Z", "0", "-", "键", "é", "🏢", "\u{10FFFF}", " ", "%", "\u00a0x"];
  const text = () => `x${Array.from({ length: draw() * 200 }, () => alphabet[Math.floor(draw() * alphabet.length)]).join("")}x`;
  for (let round = 0; round < 500; round += 1) {
    const [key, secretKey, timespan] = [text(), text(), Math.floor(draw() * 2 ** 40)];
    const expected = { Token: tokenOf(key, timespan, secretKey), Timespan: String(timespan) };
    assert.deepEqual(sign({ key, secretKey, timespan }), expected, `seed ${seed}, round ${round}`);
  }
});

test("writes a Timespan of any length, in any order", () => {
  const timespans = [0, 999_999_999, 1e9, 1e9, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 9_999_999_999, 1e10, 7, 1_700_000_000, 1e10, 2 ** 53 - 1];
  for (const timespan of [...timespans, ...timespans.reverse()]) {
    const expected = { Token: tokenOf(KEY, timespan, "secret"), Timespan: String(timespan) };
    assert.deepEqual(sign({ key: KEY, secretKey: "secret", timespan }), expected);
  }
});

test("signs for now, and cuts off white space around what was copied", () => {
  const before = Math.floor(Date.now() / 1000);
  const { Token, Timespan } = sign({ key: ` ${KEY}\n`, secretKey: "\tsecret " });
  assert.ok(Number(Timespan) >= before && Number(Timespan) <= Date.now() / 1000);
  assert.equal(Token, tokenOf(KEY, Timespan, "secret"));
});

test("is ready to be spread into fetch", () => {
  const headers = new Headers({ ...sign({ key: "k", secretKey: "s", timespan: 0 }) });
  assert.deepEqual([...headers.keys()], ["timespan", "token"]);
});

for (const [what, input, said] of [
  ["nothing", undefined, /key and secretKey/],
  ["null", null, /key and secretKey/],
  ["no secret", { key: "k" }, /key and secretKey/],
  ["a number for a key", { key: 1, secretKey: "s" }, /key and secretKey/],
  ["an empty key", { key: " ", secretKey: "s" }, /option key is empty/],
  ["an empty secret", { key: "k", secretKey: "" }, /option secretKey is empty/],
  ["a line break inside the secret", { key: "k", secretKey: "TOP\nSECRET" }, /option secretKey has a control character/],
  ["milliseconds with a fraction", { key: "k", secretKey: "s", timespan: 1.5 }, /whole seconds/],
  ["a time before 1970", { key: "k", secretKey: "s", timespan: -1 }, /whole seconds/],
  ["no number", { key: "k", secretKey: "s", timespan: NaN }, /whole seconds/],
  ["a time as text", { key: "k", secretKey: "s", timespan: "0" }, /whole seconds/],
]) {
  test(`refuses ${what}`, async () => {
    const error = await failure(() => sign(input), { kind: "config", billed: false, attempts: 0 });
    assert.match(error.message, said);
    assert.ok(!error.message.includes("SECRET"));
  });
}
