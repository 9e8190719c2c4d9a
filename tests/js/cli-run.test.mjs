// Runs from the command line, for real: what is asked, paid, kept, written and said, whatever ends the run. The sandbox counts.
import assert from "node:assert/strict";
import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import xlsx from "@e965/xlsx";
import { planCalls, RelationGraph } from "qcc-pro";
import {
  account,
  answersIn,
  companies,
  folder,
  listOf,
  rowsOf,
  SANDBOX_KEY,
  SANDBOX_SECRET_KEY,
} from "./support/cli.mjs";
import { drawing } from "./support/client.mjs";
import { ended, objects, piped, startPiped } from "./support/terminal.mjs";

const CHINESE = { LC_ALL: "zh_CN.UTF-8" };
const COUNT = 60;
const CALLS = planCalls(companies(COUNT)).calls;
const RUN = ["relations", "--file", "names.txt"];

/** A run's last object, and the relations it printed. */
function reportOf({ out }) {
  const all = objects(out);
  return { ...all.at(-1), rows: rowsOf(all.filter(({ type }) => type === "relation")), all };
}

test("a list in, every format out, each whole", async (t) => {
  const { sandbox, env } = await account(t);
  const cwd = await folder(t, { "names.txt": listOf(COUNT) });
  const expected = sandbox.relationsAmong(companies(COUNT));
  const graph = RelationGraph.from(expected);
  const outs = ["graph.csv", "graph.json", "graph.gexf", "graph.graphml", "graph.xlsx"];
  const words = [...RUN, "--price", "0.5", ...outs.flatMap((name) => ["--out", name])];
  const { code, out, err } = await piped(words, { cwd, env });
  assert.deepEqual([code, out], [0, ""], err);
  assert.match(err, new RegExp(`^60 companies, 1,770 pairs\n${CALLS} calls to pay.*; CNY ${(CALLS / 2).toFixed(2)}`));
  assert.match(
    err,
    new RegExp(
      `${expected.length} relations between \\d+ companies\n${CALLS} of ${CALLS} calls done, ${CALLS} paid now`,
    ),
  );
  const read = (name) => readFile(join(cwd, name), "utf8");
  assert.equal(await read("graph.csv"), graph.toCSV());
  assert.deepEqual(JSON.parse(await read("graph.json")), graph.toJSON());
  assert.equal(await read("graph.gexf"), graph.toGEXF());
  assert.equal(await read("graph.graphml"), graph.toGraphML());
  const book = xlsx.read(await readFile(join(cwd, "graph.xlsx")));
  assert.deepEqual(book.SheetNames, ["relations", "companies"]);
  const sheet = xlsx.utils.sheet_to_json(book.Sheets.relations, { header: 1 }).slice(1);
  assert.equal(sheet.length, expected.length);
  const amounts = (all) => all.flatMap((amount) => (amount == null ? [] : [Number(amount)])).sort((a, b) => a - b);
  assert.deepEqual(amounts(sheet.map((row) => row[2])), amounts(expected.map((row) => row.amount)));
  assert.equal(xlsx.utils.sheet_to_json(book.Sheets.companies).length, graph.companies().length);
  // Nothing is left over beside the files, and the answers are nobody else's business.
  assert.deepEqual((await readdir(cwd)).sort(), [...outs, "graph.answers", "names.txt"].sort());
  assert.equal((await stat(join(cwd, "graph.answers"))).mode & 0o077, 0);

  const again = await piped([...RUN, "--out", "graph.xlsx"], { cwd, env: { ...env, ...CHINESE } });
  assert.equal(again.code, 0);
  assert.match(
    again.err,
    new RegExp(`graph\\.answers 中已有 ${CALLS} 个付过费的答案（最早为 20\\d\\d-\\d\\d-\\d\\d），还需付费 0 次`),
  );
  assert.deepEqual(xlsx.read(await readFile(join(cwd, "graph.xlsx"))).SheetNames, ["合作关系", "企业"]);
  assert.deepEqual(sandbox.stats(), { calls: CALLS, billed: CALLS, byStatus: sandbox.stats().byStatus, repeats: 0 });
  for (const text of [SANDBOX_KEY, SANDBOX_SECRET_KEY]) {
    assert.ok(!(err + again.err).includes(text));
    for (const name of await readdir(cwd, { recursive: true })) {
      const path = join(cwd, name);
      if ((await stat(path)).isFile()) assert.ok(!(await readFile(path, "latin1")).includes(text), name);
    }
  }
});

test("a pipe is given CSV, or an object a line", async (t) => {
  const { sandbox, env } = await account(t);
  const cwd = await folder(t, { "names.txt": listOf(COUNT) });
  const plain = await piped(RUN, { cwd, env });
  const expected = sandbox.relationsAmong(companies(COUNT));
  assert.equal(plain.out, RelationGraph.from(expected).toCSV({ bom: false }));
  const json = await piped([...RUN, "--json", "--price", "0.3"], { cwd, env });
  const { rows, all, ...report } = reportOf(json);
  assert.deepEqual(rows, rowsOf(expected));
  assert.equal(all[0].type, "plan");
  assert.deepEqual([all[0].alreadyPaid, all[0].cost], [CALLS, Number((CALLS * 0.3).toFixed(4))]);
  const { complete, paid, cost, fromStore, uncovered, stopped, goOn } = report;
  assert.deepEqual([complete, paid, cost, fromStore, uncovered, stopped, goOn], [true, 0, 0, CALLS, 0, null, null]);
  objects(json.err);
});

test("a dry run asks nothing and needs no account", async (t) => {
  const { sandbox, env } = await account(t);
  const cwd = await folder(t, { "names.txt": listOf(COUNT) });
  for (const given of [{}, env]) {
    const { code, out, err } = await piped([...RUN, "--dry-run", "--price", "0.5", "--out", "g.csv"], {
      cwd,
      env: given,
    });
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, new RegExp(`${CALLS} calls to pay.*CNY ${(CALLS / 2).toFixed(2)}`));
  }
  assert.equal(sandbox.stats().calls, 0);
  assert.deepEqual(await readdir(cwd), ["names.txt"]);
});

test("only pairs with a hub, or across two lists", async (t) => {
  const { sandbox, env } = await account(t);
  const names = companies(40);
  const [left, right] = [names.slice(0, 15), names.slice(15)];
  const cwd = await folder(t, { "a.csv": left.join("\n"), "b.csv": right.join("\n"), "names.txt": names.join("\n") });
  const all = sandbox.relationsAmong(names);
  // What the same answers tell about other pairs was paid for too.
  const assertHas = ({ rows, complete }, wanted) => {
    const expected = rowsOf(
      all.filter(({ companyName, relatedCompanyName }) => wanted(companyName, relatedCompanyName)),
    );
    assert.ok(complete && expected.length > 0);
    assert.deepEqual(
      expected.filter((row) => !rows.includes(row)),
      [],
    );
    assert.deepEqual(
      rows.filter((row) => !rowsOf(all).includes(row)),
      [],
    );
  };
  const between = ["relations", "--between", "a.csv", "b.csv", "--json", "--resume", "x"];
  assertHas(reportOf(await piped(between, { cwd, env })), (one, other) => left.includes(one) !== left.includes(other));
  const paidBetween = sandbox.stats().billed;
  assert.equal(paidBetween, planCalls({ between: [left, right] }).calls);
  const hub = ["relations", "--hub", names[3], "--file", "names.txt", "--json", "--resume", "y"];
  assertHas(reportOf(await piped(hub, { cwd, env })), (one, other) => one === names[3] || other === names[3]);
  assert.equal(sandbox.stats().billed - paidBetween, planCalls({ hub: names[3], others: names }).calls);
});

test("a budget is kept to, and the line that is printed goes on", async (t) => {
  const { sandbox, env } = await account(t);
  const cwd = await folder(t, { "names.txt": listOf(COUNT) });
  const words = [...RUN, "--out", "it's.csv", "--max-calls", "5"];
  const first = await piped(words, { cwd, env });
  assert.equal(first.code, 1);
  assert.match(first.err, /it's\.csv \(in part\)/);
  assert.match(first.err, /The budget is spent[^]*5 of \d+ calls done, 5 paid now[^]*pairs not asked about/);
  assert.match(first.err, /To go on:\n {2}qcc-pro relations --file names\.txt --out 'it'\\''s\.csv' --max-calls 5\n/);
  let last = first;
  for (let times = 0; last.code === 1 && times < CALLS; times += 1) last = await piped(words, { cwd, env });
  assert.equal(last.code, 0, last.err);
  const { billed, repeats } = sandbox.stats();
  assert.deepEqual([billed, repeats], [CALLS, 0]);
  const expected = RelationGraph.from(sandbox.relationsAmong(companies(COUNT))).toCSV();
  assert.equal(await readFile(join(cwd, "it's.csv"), "utf8"), expected);
  const npx = await piped([...RUN, "--max-calls", "0", "--resume", "new"], {
    cwd,
    env: { ...env, ...CHINESE, npm_command: "exec" },
  });
  assert.match(npx.err, /继续请执行：\n {2}npx qcc-pro relations/);
  const stdin = { cwd, env, input: listOf(COUNT) };
  const fromPipe = await piped(["relations", "--file", "-", "--max-calls", "0", "--resume", "new"], stdin);
  assert.match(fromPipe.err, /To go on:\n {2}qcc-pro relations --file - --max-calls 0 --resume new < LIST\n/);
});

test("killed again and again it loses nothing but what was in flight", async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 100_000);
  const draw = drawing(seed);
  const count = 160;
  const { sandbox, env } = await account(t, { latencyMs: 15 });
  const cwd = await folder(t, { "names.txt": listOf(count) });
  const words = [...RUN, "--out", "graph.csv", "--concurrency", "3", "--yes"];
  let lost = 0;
  for (let kill = 0; kill < 5; kill += 1) {
    const before = sandbox.stats().calls;
    const child = startPiped(words, { cwd, env });
    const end = ended(child);
    const target = before + 1 + Math.floor(draw() * 8);
    while (sandbox.stats().calls < target && child.exitCode === null) await sleep(2);
    await sleep(draw() * 12);
    child.kill("SIGKILL");
    assert.equal((await end).signal, "SIGKILL", `it had ended before kill ${kill}; seed ${seed}`);
    await sleep(30);
    const kept = await answersIn(join(cwd, "graph.answers"));
    const missing = sandbox.stats().billed - lost - kept;
    assert.ok(missing >= 0 && missing <= 3, `${missing} were lost at kill ${kill}; seed ${seed}`);
    lost += missing;
  }
  // As a kill leaves it in the middle of a write.
  const answers = join(cwd, "graph.answers");
  const [shelf] = (await readdir(answers)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  await writeFile(join(answers, shelf, ".half.json.1-1.part"), '{"qccPro":1,');
  const { code, err } = await piped(words, { cwd, env });
  assert.equal(code, 0, err);
  assert.deepEqual(
    (await readdir(answers, { recursive: true })).filter((name) => name.endsWith(".part")),
    [],
  );
  const { billed, repeats } = sandbox.stats();
  const { calls } = planCalls(companies(count));
  assert.deepEqual([billed, repeats], [calls + lost, lost], `seed ${seed}`);
  const expected = RelationGraph.from(sandbox.relationsAmong(companies(count))).toCSV();
  assert.equal(await readFile(join(cwd, "graph.csv"), "utf8"), expected);
  assert.deepEqual((await readdir(cwd)).sort(), ["graph.answers", "graph.csv", "names.txt"]);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  test(`${signal} lets what is in flight end, keeps it, and a second one quits at once`, async (t) => {
    const { sandbox, env } = await account(t, { latencyMs: 100 });
    const cwd = await folder(t, { "names.txt": listOf(COUNT) });
    const words = [...RUN, "--out", "graph.csv", "--concurrency", "2"];
    const child = startPiped(words, { cwd, env });
    const end = ended(child);
    while (sandbox.stats().calls < 3) await sleep(5);
    child.kill(signal);
    const { code, err } = await end;
    assert.equal(code, 1, err);
    assert.match(
      err,
      /Stopping: what is under way ends and is kept[^]*Stopped by you[^]*To go on:\n {2}qcc-pro relations/,
    );
    const { billed } = sandbox.stats();
    assert.ok(billed < CALLS);
    assert.equal(await answersIn(join(cwd, "graph.answers")), billed);
    assert.equal((await piped(words, { cwd, env })).code, 0);
    assert.deepEqual([sandbox.stats().billed, sandbox.stats().repeats], [CALLS, 0]);

    sandbox.setFaults([{ delayMs: 60_000 }]);
    const slow = startPiped([...RUN, "--resume", "other"], { cwd, env });
    const quit = ended(slow);
    const before = sandbox.stats().calls;
    while (sandbox.stats().calls === before) await sleep(5);
    slow.kill(signal);
    // The first has to have been heard, or the two are one.
    await new Promise((resolve) => slow.stderr.on("data", (text) => String(text).includes("Stopping") && resolve()));
    slow.kill(signal);
    assert.equal((await quit).code, { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
  });
}

test("two runs at once do not pay for the same calls", async (t) => {
  const { sandbox, env } = await account(t, { latencyMs: 60 });
  const cwd = await folder(t, { "names.txt": listOf(COUNT) });
  const first = startPiped([...RUN, "--out", "graph.csv"], { cwd, env });
  const end = ended(first);
  while (sandbox.stats().calls === 0) await sleep(5);
  // However long the second takes to start, the first is not done.
  first.kill("SIGSTOP");
  const second = await piped([...RUN, "--out", "graph.csv"], { cwd, env });
  first.kill("SIGCONT");
  assert.equal(second.code, 2);
  assert.match(second.err, /Another run is using .*graph\.answers/);
  assert.equal((await end).code, 0);
  assert.deepEqual([sandbox.stats().billed, sandbox.stats().repeats], [CALLS, 0]);
});

test("an account that is refused stops the run with 3, and it goes on when that is mended", async (t) => {
  const { sandbox, env } = await account(t);
  const cwd = await folder(t, { "names.txt": listOf(COUNT) });
  for (const [status, pattern] of [
    [116, /请求超过每日调用总量限制/],
    [101, /当前的 KEY 无效/],
    [214, /./],
  ]) {
    sandbox.setFaults([{ calls: { from: 3 }, status }]);
    const { code, err } = await piped([...RUN, "--out", "graph.csv"], { cwd, env: { ...env, ...CHINESE } });
    assert.equal(code, 3, err);
    assert.match(err, pattern);
    assert.match(err, /账户或签名被企查查拒绝，已立即停止。[^]*继续请执行：/);
  }
  sandbox.setFaults([]);
  assert.equal((await piped([...RUN, "--out", "graph.csv"], { cwd, env })).code, 0);
  assert.deepEqual([sandbox.stats().billed, sandbox.stats().repeats], [CALLS, 0]);
  const wrong = await piped([...RUN, "--resume", "new", "--json"], { cwd, env: { ...env, QCC_SECRET_KEY: "WRONG" } });
  const { stopped, paid } = reportOf(wrong);
  assert.deepEqual([wrong.code, stopped, paid], [3, "account", 0]);
});

test("companies that are not served, and calls that fail, are told by name", async (t) => {
  const { sandbox, env } = await account(t);
  const names = companies(30);
  const cwd = await folder(t, { "names.txt": names.join("\n") });
  sandbox.setFaults([{ company: names[4], status: 208 }]);
  const { code, err } = await piped([...RUN, "--out", "graph.xlsx"], { cwd, env });
  assert.equal(code, 1);
  assert.match(err, new RegExp(`QCC does not serve 1 company: ${names[4]}[^]*29 pairs not asked about`));
  assert.doesNotMatch(err, /To go on/);
  const book = xlsx.read(await readFile(join(cwd, "graph.xlsx")));
  assert.deepEqual(xlsx.utils.sheet_to_json(book.Sheets["not served"], { header: 1 }), [["company"], [names[4]]]);

  sandbox.setFaults([{ calls: 1, transport: "truncated-json" }]);
  const failed = await piped([...RUN, "--resume", "other", "--json"], { cwd, env });
  const report = reportOf(failed);
  assert.deepEqual([failed.code, report.failed, report.complete], [1, 1, false]);
  const [{ error, companyNames }] = report.all.filter(({ type }) => type === "failed");
  assert.equal(error.kind, "malformed-response");
  assert.ok(companyNames.length > 1);
  assert.equal(report.all.filter(({ type }) => type === "uncovered").length, report.uncovered);
});

test("without a folder nothing is kept, which is said", async (t) => {
  const { env } = await account(t);
  const cwd = await folder(t, { "names.txt": listOf(25) });
  const { code, err } = await piped([...RUN, "--no-resume", "--out", "g.json"], { cwd, env });
  assert.equal(code, 0, err);
  assert.match(err, /Answers are not kept \(--no-resume\)/);
  assert.deepEqual((await readdir(cwd)).sort(), ["g.json", "names.txt"]);
});

test("a full disk costs nothing: not where answers are kept, not where the output is written", async (t) => {
  const { sandbox, env } = await account(t);
  const cwd = await folder(t, { "names.txt": listOf(COUNT) });
  // No file may grow: what a full disk says, without a disk of one's own.
  const none = await piped([...RUN, "--out", "graph.gexf"], { cwd, env, shell: "ulimit -f 0;" });
  assert.equal(none.code, 1);
  assert.match(none.err, /Answers cannot be kept[^]*larger than files may be here/);
  assert.equal(sandbox.stats().billed, 0);
  // Files may grow to what an answer needs, and no further.
  await writeFile(join(cwd, "graph.gexf"), "the one before");
  const some = await piped([...RUN, "--out", "graph.gexf", "--out", "graph.csv"], { cwd, env, shell: "ulimit -f 20;" });
  assert.equal(some.code, 1);
  assert.match(some.err, /graph\.gexf would be larger than files may be here[^]*To go on:/);
  assert.equal(await readFile(join(cwd, "graph.gexf"), "utf8"), "the one before");
  assert.equal(sandbox.stats().billed, CALLS);
  const whole = await piped([...RUN, "--out", "graph.gexf"], { cwd, env });
  assert.equal(whole.code, 0);
  assert.deepEqual([sandbox.stats().billed, sandbox.stats().repeats], [CALLS, 0]);
  assert.deepEqual(
    (await readdir(cwd)).filter((name) => name.includes(".part")),
    [],
  );
});

test("standard output that is full or gone is told, and what was paid for is kept", async (t) => {
  const { sandbox, env } = await account(t);
  const cwd = await folder(t, { "names.txt": listOf(COUNT) });
  const gone = startPiped(RUN, { cwd, env });
  gone.stdout.destroy();
  const [code] = await new Promise((resolve) => gone.once("exit", (...all) => resolve(all)));
  assert.equal(code, 0);
  if (process.platform === "linux") {
    const full = await piped([...RUN], { cwd, env, shell: "exec >/dev/full;" });
    assert.equal(full.code, 1);
    assert.match(full.err, /stdout: .*ENOSPC/);
  }
  assert.deepEqual([sandbox.stats().billed, sandbox.stats().repeats], [CALLS, 0]);
});
