// The package under require(), in the same words as everywhere.
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { sign } = require("qcc-pro");

test("signs as coreutils' md5sum does", () => {
  const signed = sign({ key: "键", secretKey: "密钥", timespan: 1700000000 });
  assert.equal(signed.Token, "A9ED43833521694F5A1984FCF55CE70C");
  assert.equal(signed.Timespan, "1700000000");
});
