// The examples of runs in tests/js/examples, each run as it stands against a sandbox.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { RelationGraph } from "qcc-pro";
import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { startRedis } from "./support/redis.mjs";
import { companies } from "./support/runs.mjs";
import { startSandbox } from "./support/sandbox-process.mjs";
import { suites } from "./support/web.mjs";

const MARKET = { density: 0.1, seed: 9 };
const names = companies(60);
const expected = RelationGraph.from(createSandbox(MARKET).relationsAmong(names));
const environment = ({ url }) => ({ ...process.env, QCC_KEY: SANDBOX_KEY, QCC_SECRET_KEY: SANDBOX_SECRET_KEY, QCC_BASE_URL: url });

function start(name, arguments_, env) {
  const script = join(suites, "examples", name);
  return spawn(process.execPath, [script, ...arguments_], { env, stdio: ["ignore", "pipe", "inherit"] });
}

test("examples/overnight.mjs, out of budget, interrupted, and started again", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "qcc-pro-overnight-"));
  t.after(() => rm(folder, { recursive: true }));
  const sandbox = await startSandbox(t, { ...MARKET, latencyMs: 20 });
  const files = ["names.txt", "answers", "graph.csv"].map((name) => join(folder, name));
  await writeFile(files[0], `${names.join("\r\n")}\n\n`);
  const run = (env = {}) => {
    const child = start("overnight.mjs", files, { ...environment(sandbox), ...env });
    const text = child.stdout.setEncoding("utf8").toArray();
    const ended = once(child, "exit").then(async ([code]) => ({ code, text: (await text).join("") }));
    return { child, ended };
  };
  const first = await run({ MAX_CALLS: "3" }).ended;
  assert.equal(first.code, 1);
  assert.match(first.text, /3 calls paid, 0 already there\n\d+ pairs are not covered \(budget\); run it again to go on/);
  const { child, ended } = run();
  await sandbox.called(5);
  child.kill("SIGINT");
  const second = await ended;
  assert.equal(second.code, 1);
  assert.match(second.text, /3 already there\n\d+ pairs are not covered \(aborted\)/);
  const last = await run().ended;
  assert.equal(last.code, 0, last.text);
  assert.equal(await readFile(files[2], "utf8"), expected.toCSV());
  assert.equal((await sandbox.stats()).repeats, 0);
});

test("examples/dashboard.mjs", async (t) => {
  const sandbox = await startSandbox(t, MARKET);
  const env = { ...environment(sandbox), REDIS_URL: await startRedis(t), PORT: "0" };
  const server = start("dashboard.mjs", [], env);
  t.after(() => server.kill());
  const [url] = await once(createInterface({ input: server.stdout }), "line");
  const ask = async (path, init) => {
    const response = await fetch(url + path, init);
    return [response.status, await response.json()];
  };
  const post = (list) => ask("/scans", { method: "POST", body: JSON.stringify(list) });
  const [status, { id, calls, queued }] = await post(names);
  assert.deepEqual([status, queued], [202, calls]);
  for (;;) {
    const [, { done, uncovered }] = await ask(`/scans/${id}`);
    if (done === calls) break;
    assert.ok(uncovered > 0);
    await sleep(100);
  }
  const { calls: _, ...rest } = (await ask(`/scans/${id}`))[1];
  assert.deepEqual(rest, { done: calls, uncovered: 0, unsupported: [], stopped: null, failed: [] });
  assert.deepEqual(await ask(`/scans/${id}/graph`), [200, JSON.parse(JSON.stringify(expected.toJSON()))]);
  assert.deepEqual(await post(names), [202, { id, calls, queued: 0 }]);
  assert.deepEqual([(await sandbox.stats()).calls, (await sandbox.stats()).repeats], [calls, 0]);
  const [refused, error] = await post(["甲公司", "乙,公司"]);
  assert.deepEqual([refused, error.kind], [400, "invalid-argument"]);
  assert.equal((await ask("/scans/none"))[0], 404);
});
