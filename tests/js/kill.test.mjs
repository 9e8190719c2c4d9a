// A run whose process is killed (SIGKILL) again and again, for real: with its answers in a file it pays only for what is
// missing. The sandbox, which counts, is a process of its own.
//
// Lost can be only what was in flight at the kill: a call that was sent and whose answer had not been written to the store.
// There are never more of those than calls under way at once; each of them, and nothing else, is paid for again.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { QccClient } from "qcc-pro";
import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { drawing } from "./support/client.mjs";
import { assertWhole, companies } from "./support/runs.mjs";
import { levelStore } from "./support/level.mjs";
import { startSandbox } from "./support/sandbox-process.mjs";

const KILLS = 20;
const COMPANIES = 400;
const CONCURRENCY = 4;
const MARKET = { density: 0.01, seed: 3, latencyMs: 4 };

test(`loses nothing and pays nothing twice when it is killed ${KILLS} times`, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 100_000);
  const draw = drawing(seed);
  const folder = await mkdtemp(join(tmpdir(), "qcc-pro-kill-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "answers");
  const sandbox = await startSandbox(t, MARKET);
  const client = new QccClient({ key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY, baseUrl: sandbox.url });
  const names = companies(COMPANIES);

  const begin = () => {
    const env = { ...process.env, QCC_KEY: SANDBOX_KEY, QCC_SECRET_KEY: SANDBOX_SECRET_KEY, QCC_BASE_URL: sandbox.url };
    const script = fileURLToPath(new URL("support/run-process.mjs", import.meta.url));
    const run = spawn(process.execPath, [script, file, COMPANIES, CONCURRENCY], { env, stdio: ["ignore", "pipe", "inherit"] });
    const text = run.stdout.setEncoding("utf8").toArray();
    return { run, ended: once(run, "exit"), text };
  };

  let lost = 0;
  let seen = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { run, ended } = begin();
    // Now and then before it has asked anything, else at some moment among the next calls.
    if (draw() < 0.1) await sleep(draw() * 300);
    else await Promise.race([sandbox.called(seen + 1 + Math.floor(draw() * 15)), ended]);
    await sleep(draw() * 8);
    run.kill("SIGKILL");
    const [code, signal] = await ended;
    assert.deepEqual([code, signal], [null, "SIGKILL"], `the run had ended before kill ${kill}; seed ${seed}`);
    // What the killed process had sent is on its way to the sandbox, and is told to us, for a little while yet.
    await sleep(50);
    const { store, close } = levelStore(file);
    let missing = 0;
    for (const call of sandbox.calls.slice(seen)) {
      if ((await store.get(client.storeKey(call.names))) === undefined) missing += 1;
    }
    await close();
    assert.ok(missing <= CONCURRENCY, `${missing} were lost at kill ${kill}; seed ${seed}`);
    lost += missing;
    seen = sandbox.calls.length;
  }

  const { ended, text } = begin();
  assert.deepEqual(await ended, [0, null], `seed ${seed}`);
  const report = JSON.parse((await text).join(""));
  assertWhole(report, createSandbox(MARKET), names);
  const { billed, repeats } = await sandbox.stats();
  t.diagnostic(`${KILLS} kills, ${report.calls} calls: ${report.fromStore} of them before the last start, ${lost} were in flight at a kill and paid for again; seed ${seed}`);
  assert.deepEqual([repeats, billed], [lost, report.calls + lost], `seed ${seed}`);
  assert.ok(report.fromStore >= 2 * KILLS, `${report.fromStore} of ${report.calls}`);
});
