// The sandbox in Node, Deno and Bun: the same program in each, as a function and as a server, has to see the same.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { fromNpm } from "./support/program.mjs";
import { PARTNERSHIP_SAMPLE, QUOTA_SAMPLE } from "./support/samples.mjs";
import { suites } from "./support/web.mjs";

const RUNTIMES = {
  Node: [process.execPath, []],
  Deno: [fromNpm("deno", "@deno"), ["run", "--allow-all", "--no-lock", "--node-modules-dir=manual"]],
  Bun: [fromNpm("bun", "@oven"), ["run"]],
};

const half = { "stall-body": "timeout", "no-answer": "timeout", reset: "failed", "cut-body": "failed" };
const whole = { "truncated-json": "200 broken", empty: "200 empty", html: "200 html" };

for (const [name, [file, before]] of Object.entries(RUNTIMES)) {
  test(`is the same in ${name}`, { concurrency: true }, async () => {
    const command = [...before, join(suites, "support/sandbox-program.mjs")];
    const options = { cwd: suites, timeout: 240_000, env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" } };
    const { stdout } = await promisify(execFile)(file, command, options);
    const seen = JSON.parse(stdout.trim().split("\n").at(-1));
    const [example, quota] = [PARTNERSHIP_SAMPLE.replace(/\s|\\n/g, ""), QUOTA_SAMPLE.replace(/\s/g, "")];
    assert.deepEqual(seen, {
      direct: example,
      request: quota,
      unsigned: "200 115",
      faultsOfFetch: { ...half, ...whole },
      faultsOfServer: { ...half, ...whole },
      served: example,
      dribbled: "200 200",
      dribbledForLong: true,
      stats: { calls: 2, billed: 2, byStatus: { 200: 2 } },
      closed: "failed",
    });
  });
}
