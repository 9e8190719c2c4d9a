// A run holds what it has found, not what it has asked: the small edition of support/memory.mjs.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("a run's memory does not grow with its calls", (t) => {
  const script = fileURLToPath(new URL("support/memory.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", script, "2500"], { encoding: "utf8" });
  t.diagnostic(stdout.trim().split("\n").slice(-3).join("; "));
  assert.equal(status, 0, stdout + stderr);
});

// Optimised code that points at an object of one answer (a closure, a shape) dies with it, and the next answers are read by the
// interpreter: three times as slow, and seen by no benchmark that never collects.
test("what the engine has compiled for reading outlives the answers it was compiled with", () => {
  const script = `
    import { QccClient } from "qcc-pro";
    const row = (i) => ({ companyName: "甲公司" + (i % 99), relatedCompanyName: "乙公司", amount: String(i), publicDate: "2021-11", source: "年报" });
    const result = { partnershipRelationList: Array.from({ length: 3000 }, (_, i) => row(i)) };
    const { buffer } = new TextEncoder().encode(JSON.stringify({ status: "200", msg: "", result }));
    const response = { status: 200, headers: new Headers(), arrayBuffer: async () => buffer };
    const client = new QccClient({ key: "k", secretKey: "s", fetch: async () => response });
    for (let round = 0; round < 4; round += 1) {
      for (let i = 0; i < 60; i += 1) await client.findPartnershipRelation(["甲公司", "乙公司"]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      gc();
    }
  `;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--expose-gc", "--trace-opt", "--trace-deopt", "--input-type=module", "--eval", script],
    { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /completed optimizing \S+ <JSFunction listTexts\b/, "nothing was compiled that could be lost");
  assert.deepEqual(stdout.match(/SharedFunctionInfo \w+>.*weak objects/g), null);
});
