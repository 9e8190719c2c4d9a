// The command line in a real terminal: what stands on its screen, what is asked, what the keys do.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { planCalls, RelationGraph } from "qcc-pro";
import { account, answersIn, companies, folder, listOf, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "./support/cli.mjs";
import { command, objects, onTerminal, piped } from "./support/terminal.mjs";

const CHINESE = { LC_ALL: "zh_CN.UTF-8" };
const EXAMPLE = ["企查查科技股份有限公司", "大连银行股份有限公司"];
const ESCAPES = /\u001b/;

/** Runs a command to its end and gives its screen. */
async function shown(t, words, options) {
  const terminal = onTerminal(t, words, options);
  const { code } = await terminal.exit;
  return { code, screen: terminal.screen(), raw: terminal.raw() };
}

const screens = (...lines) => lines.join("\n");

test("relations on a terminal is a table whose columns hold, in both languages", async (t) => {
  const { env } = await account(t);
  const cwd = await folder(t);
  const wide = await shown(t, ["relations", ...EXAMPLE, "--price", "0.5"], { cwd, env });
  assert.deepEqual(
    [wide.code, wide.screen],
    [
      0,
      screens(
        "2 companies, 1 pair",
        "1 call to pay; no plan has fewer; CNY 0.50",
        "company                 related company       CNY 10,000  date     source",
        "企查查科技股份有限公司  大连银行股份有限公司        34.8  2021-11  招投标",
        "1 relation between 2 companies",
        "1 of 1 call done, 1 paid now (CNY 0.50)",
        "Answers are kept in qcc-pro.answers: asked again, they cost nothing",
      ),
    ],
  );
  const narrow = await shown(t, ["relations", ...EXAMPLE, "--resume", "n"], {
    cwd,
    env: { ...env, ...CHINESE },
    columns: 60,
  });
  assert.deepEqual(
    narrow.screen,
    screens(
      "2 家企业，1 个企业对",
      "需付费 1 次；已达理论下限",
      "企业           关联企业        金额（万元）  日期     来源",
      "企查查科技股   大连银行股份有          34.8  2021-11  招投标",
      "份有限公司     限公司",
      "1 条关系，涉及 2 家企业",
      "完成 1/1 次调用，本次付费 1 次",
      "答案保存在 n，再次查询不再付费",
    ),
  );
});

test("status, plan, sign, quota and help as they stand on a screen", async (t) => {
  const { env } = await account(t);
  const [status, plan, quota, sign, help] = await Promise.all([
    shown(t, ["status", "116"], { env: CHINESE }),
    shown(t, ["plan", "23", "--price", "1"], { env: CHINESE }),
    shown(t, ["quota"], { env: { ...env, ...CHINESE } }),
    shown(t, ["sign", "--timespan", "0"], { env: { QCC_KEY: "k", QCC_SECRET_KEY: "s" } }),
    shown(t, ["help", "quota"], { env: CHINESE }),
  ]);
  assert.equal(
    status.screen,
    screens(
      "116  请求超过每日调用总量限制",
      "     不计费、再试无用、quota",
      "     今日调用次数已达上限，请明日继续；已付费的不会丢失。",
      "116  Over the daily call limit.",
      "     not billed, asking again does not help, quota",
      "     Go on tomorrow: nothing paid for is lost.",
    ),
  );
  const { calls } = planCalls(companies(23));
  assert.match(plan.screen, new RegExp(`^23 家企业，253 个企业对\n需付费 ${calls} 次.*；共 ${calls}\\.00 元`));
  assert.match(plan.screen, /\n次序 {2}家数 {2}企业\n {3}1 {4}\d\d {2}1 /);
  assert.equal(
    quota.screen,
    screens(
      "模块                                     已用  总额度  剩余  可删除",
      "风险监控-企业  █░░░░░░░░░░░░░░░░░░░░░░░     2      50    48      50",
      "股权穿透       █░░░░░░░░░░░░░░░░░░░░░░░     2     100    98      30",
      "自然人核验     ░░░░░░░░░░░░░░░░░░░░░░░░     0      50    50      15",
    ),
  );
  assert.equal(sign.screen, "Token: 50B0AF0C6779996E33FF803976C5F207\nTimespan: 0");
  assert.match(help.screen, /^用法： qcc-pro quota \[选项\]\n\n账户各模块的额度/);
  for (const { code } of [status, plan, quota, sign, help]) assert.equal(code, 0);
});

test("colours are on a terminal only, and not where NO_COLOR is set", async (t) => {
  const { env } = await account(t);
  const [plain, none, dumb, mistake, pipe] = await Promise.all([
    shown(t, ["quota"], { env }),
    shown(t, ["quota"], { env: { ...env, NO_COLOR: "1" } }),
    shown(t, ["plan", "nowhere"], { env: { TERM: "dumb" } }),
    shown(t, ["plan", "nowhere"]),
    piped(["quota"], { env }),
  ]);
  assert.match(plain.raw, ESCAPES);
  assert.doesNotMatch(none.raw + dumb.raw + pipe.out, ESCAPES);
  assert.match(mistake.raw, /\u001b\[31m✗/);
});

test("a long run shows how far it is; Ctrl-C ends it in order and prints the line that goes on", async (t) => {
  const { sandbox, env } = await account(t);
  const cwd = await folder(t, { "names.txt": listOf(60) });
  const { calls } = planCalls(companies(60));
  const words = ["relations", "--file", "names.txt", "--out", "graph.csv", "--price", "0.5", "--rate", "6"];
  const terminal = onTerminal(t, words, { cwd, env: { ...env, ...CHINESE } });
  const screen = await terminal.until(/\d\/\d+ 次 · 已付费 [2-9] 次/);
  assert.match(screen, new RegExp(`█+░+ \\d+/${calls} 次 · 已付费 \\d 次 \\d\\.\\d0 元 · \\d+ 条关系`));
  terminal.type("\x03");
  const { code } = await terminal.exit;
  assert.equal(code, 1);
  // The bar is gone, and what stands there is whole.
  assert.doesNotMatch(terminal.screen(), /█/);
  assert.match(
    terminal.screen(),
    /正在停止：已发出的查询会完成并保存。再按一次 Ctrl-C 立即退出。\n! graph\.csv（部分结果）\n! 已由您停止。\n[^]*继续请执行：\n {2}qcc-pro relations --file names\.txt --out graph\.csv --price 0\.5 --rate 6$/,
  );
  const { billed } = sandbox.stats();
  assert.equal(await answersIn(join(cwd, "graph.answers")), billed);
  const on = await shown(t, words.slice(0, 5), { cwd, env });
  assert.equal(on.code, 0);
  assert.match(on.screen, new RegExp(`${billed} answers paid for already in graph\\.answers[^]*✓ graph\\.csv`));
  assert.deepEqual([sandbox.stats().billed, sandbox.stats().repeats], [calls, 0]);
});

test("before more than 20 paid calls the price is asked for", async (t) => {
  const { sandbox, env } = await account(t);
  const cwd = await folder(t, { "names.txt": listOf(90) });
  const { calls } = planCalls(companies(90));
  assert.ok(calls > 20);
  const words = ["relations", "--file", "names.txt", "--out", "graph.csv", "--price", "1"];
  const asked = onTerminal(t, words, { cwd, env });
  await asked.until(new RegExp(`Pay for ${calls} calls \\(CNY ${calls}\\.00\\)\\? \\(?y/N`));
  asked.type("\r");
  assert.equal((await asked.exit).code, 1);
  assert.match(asked.screen(), /\? no\nNothing was sent\.$/);
  const left = onTerminal(t, words, { cwd, env: { ...env, ...CHINESE } });
  await left.until(new RegExp(`为 ${calls} 次调用付费（${calls}\\.00 元）？`));
  left.type("\x03");
  assert.equal((await left.exit).code, 1);
  assert.match(left.screen(), /没有作答，未发出任何查询。$/);
  assert.deepEqual([sandbox.stats().calls, await readdir(cwd)], [0, ["names.txt"]]);

  // The list comes through a pipe, the answer from the keyboard.
  const shell = `cat names.txt | "$0" "$1" relations --file - --out graph.csv`;
  const mixed = onTerminal(t, [], { cwd, env, shell });
  await mixed.until(/Pay for \d+ calls\?/);
  mixed.type("y\r");
  assert.equal((await mixed.exit).code, 0);
  assert.match(mixed.screen(), /✓ graph\.csv/);
  assert.deepEqual([sandbox.stats().billed, sandbox.stats().repeats], [calls, 0]);
  const yes = await shown(t, ["relations", "--file", "names.txt", "--resume", "other", "--yes", "--out", "x.json"], {
    cwd,
    env,
  });
  assert.equal(yes.code, 0);
});

test("a missing key and secret key are asked for and never shown", async (t) => {
  const { env } = await account(t);
  const { QCC_BASE_URL } = env;
  const terminal = onTerminal(t, ["quota"], { env: { QCC_BASE_URL, ...CHINESE } });
  await terminal.until(/公司 key 值：.*（输入不显示）/);
  terminal.type("\r");
  await terminal.until(/没有输入。/);
  terminal.type(`${SANDBOX_KEY}\r`);
  await terminal.until(/密钥：.*（输入不显示）/);
  terminal.type(`${SANDBOX_SECRET_KEY}\r`);
  assert.equal((await terminal.exit).code, 0);
  assert.match(terminal.screen(), /风险监控-企业/);
  for (const secret of [SANDBOX_KEY, SANDBOX_SECRET_KEY]) {
    for (let at = 0; at + 8 <= secret.length; at += 4) assert.ok(!terminal.raw().includes(secret.slice(at, at + 8)));
  }
  const left = onTerminal(t, ["quota"], { env: { QCC_BASE_URL } });
  await left.until(/Key .*\(not shown\)/);
  left.type("\x03");
  assert.equal((await left.exit).code, 1);
  assert.match(left.screen(), /Left without an answer; nothing was sent\.$/);
});

test("the servers say where they are and end with Ctrl-C", async (t) => {
  const { env } = await account(t);
  const cwd = await folder(t, { tokens: "0123456789abcdef0123\n" });
  const sandbox = onTerminal(t, ["sandbox", "--port", "0"], { env: CHINESE });
  const started = await sandbox.until(/按 Ctrl-C 结束。/);
  const vars = Object.fromEntries([...started.matchAll(/export (\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  assert.equal((await shown(t, ["quota"], { env: vars })).code, 0);
  await sandbox.until(/#1 getQuota：200，计费/);
  sandbox.type("\x03");
  assert.equal((await sandbox.exit).code, 0);
  assert.match(sandbox.screen(), /1 次调用，其中 1 次计费$/);
  const gateway = onTerminal(t, ["gateway", "--token-file", "tokens", "--port", "0"], { cwd, env });
  await gateway.until(/Signing for 1 caller at http:\/\/127\.0\.0\.1:\d+\nCtrl-C ends it\./);
  gateway.type("\x03");
  assert.equal((await gateway.exit).code, 0);
});

test("a table in a pipe out of a terminal is CSV, and completions are scripts", async (t) => {
  const { env } = await account(t);
  const cwd = await folder(t);
  const shell = `"$0" "$1" relations ${EXAMPLE.join(" ")} | cat`;
  const terminal = onTerminal(t, [], { cwd, env, shell });
  assert.equal((await terminal.exit).code, 0);
  const row = {
    companyName: EXAMPLE[0],
    relatedCompanyName: EXAMPLE[1],
    amount: "34.8",
    publicDate: "2021-11",
    source: "招投标",
  };
  for (const line of RelationGraph.from([row]).toCSV({ bom: false }).trim().split(/\r?\n/))
    assert.ok(terminal.screen().includes(line));
  const script = await shown(t, ["completion", "fish"], { columns: 300 });
  assert.match(script.screen, /^complete -c qcc-pro -n __fish_use_subcommand -f -a relations/);
  const json = await shown(t, ["status", "200", "--json"], { columns: 1000 });
  assert.equal(objects(json.screen)[0].code, 200);
  assert.match(command, /cli\/main\.js$/);
});
