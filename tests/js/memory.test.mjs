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
