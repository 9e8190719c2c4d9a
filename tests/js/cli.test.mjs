// The command line's small commands, in pipes: what they print, in which language, and how they end.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { planCalls, QccClient, statusInfo } from "qcc-pro";
import { en } from "../../pkg-template/src/cli/words/en.js";
import { zh } from "../../pkg-template/src/cli/words/zh.js";
import { account, companies, folder, listOf, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "./support/cli.mjs";
import { ended, objects, piped, startPiped } from "./support/terminal.mjs";
import { packaged } from "./support/web.mjs";

const manifest = createRequire(import.meta.url)("qcc-pro/package.json");
const COMMANDS = ["relations", "quota", "plan", "sandbox", "gateway", "sign", "status", "completion"];
const CHINESE = { LC_ALL: "zh_CN.UTF-8" };

test("its words are the same in both languages", () => {
  const shape = (value) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shape(one)]))
      : Array.isArray(value)
        ? value.length
        : typeof value;
  // English has the parser's own headings and the vendor's modules no names but Chinese ones.
  const own = (words) => ({ ...words, help: { ...words.help, titles: {} }, quota: { ...words.quota, names: {} } });
  assert.deepEqual(shape(own(zh)), shape(own(en)));
});

test("help tells every command and option in both languages", async () => {
  const all = await Promise.all(
    [[], ...COMMANDS.map((name) => [name])].flatMap((words) =>
      [{}, CHINESE].map(async (env) => ({ words, env, ...(await piped([...words, "--help"], { env })) })),
    ),
  );
  for (const { words, env, code, out, err } of all) {
    const label = `${words} ${env.LC_ALL ?? "en"}:\n${out}`;
    assert.deepEqual([code, err], [0, ""], label);
    assert.equal(/Usage:|Options:|\(default:|Generate /.test(out), env !== CHINESE, label);
    assert.equal(/用法：|选项：/.test(out), env === CHINESE, label);
    assert.ok(!/undefined|\[object|=>/.test(out), label);
    // Every option has a description.
    const listed = out.split(/^(?:Options:|选项：)\n/m)[1].split("\n\n")[0];
    for (const line of listed.split("\n").filter((text) => /^ {2}-/.test(text))) {
      assert.match(line, /^ {2}(-\w, )?--[\w-]+( [<[][^>\]]+[>\]])?( {2,}\S|$)/u, label);
    }
  }
  const help = all.find(({ words, env }) => words.length === 0 && env === CHINESE).out;
  for (const name of COMMANDS) assert.ok(help.includes(`\n  ${name} `), name);
});

test("the version is the package's", async () => {
  const { code, out } = await piped(["--version"]);
  assert.deepEqual([code, out], [0, `${manifest.version}\n`]);
});

const MISTAKES = [
  [[], /Usage: qcc-pro/, /用法： qcc-pro/],
  [["relation"], /no command «relation».*relations/s, /没有命令 “relation”.*relations/s],
  [["quota", "--keys"], /no option --keys/, /没有选项 --keys/],
  [["quota", "--secret-key", "x"], /no option --secret-key/, /没有选项 --secret-key/],
  [["quota", "x"], /quota takes fewer/, /quota 的参数过多/],
  [["plan"], /<list> is missing/, /缺少参数 <list>/],
  [["plan", "1"], /2 to 200,000/, /2 至 200,000/],
  [["plan", "20", "--call-size", "x"], /«x» will not do.*from 2/s, /“x” 不可用。须为不小于 2/],
  [["relations", "--price"], /--price <yuan> needs a value/, /--price <yuan> 缺少值/],
  [["relations", "--lang", "fr"], /«fr» will not do. There are zh, en/, /“fr” 不可用。可用的有 zh、en/],
  [["gateway"], /--token-file <file> is needed/, /必须给出选项 -t, --token-file/],
  [["status", "999"], /999 is in no table/, /没有 999/],
  [["status", "abc"], /abc is in no table/, /没有 abc/],
  [["sign", "甲公司"], /for --curl/, /只用于 --curl/],
  [["sign", "--show-key"], /for --curl/, /只用于 --curl/],
  [["sign", "--curl", "--path", "x"], /begins with \//, /以 \/ 开头/],
  [["sign", "--curl", "--query", "key=1"], /NAME=VALUE/, /名称=值/],
  [["sign", "--curl", "a,b公司", "甲公司"], /1 name cannot.*a,b公司/, /a,b公司/],
  [["sandbox", "--port", "65536"], /0 to 65535/, /0 至 65535/],
  [["sandbox", "--fault", "nonsense"], /This is no fault: nonsense/, /这不是故障：nonsense/],
  [["sandbox", "--fault", "calls=1,statu=1"], /This is no fault/, /这不是故障/],
  [["sandbox", "--fault", "{"], /This is no fault/, /这不是故障/],
  [["sandbox", "--faults", "/nowhere.json"], /no \/nowhere\.json/, /\/nowhere\.json 不存在/],
  [["quota", "-e", "/nowhere"], /no \/nowhere/, /\/nowhere 不存在/],
  [["quota"], /QCC_KEY and QCC_SECRET_KEY missing/, /缺少 QCC_KEY 与 QCC_SECRET_KEY/],
  [["completion", "cmd"], /<shell>: «cmd» will not do. There are bash/, /<shell>：“cmd” 不可用。可用的有 bash/],
];

test("every mistake is told in both languages, and is wrong usage", async () => {
  const cases = MISTAKES.flatMap(([words, english, chinese]) => [
    [words, {}, english],
    [words, CHINESE, chinese],
  ]);
  // A few at a time: each is a process.
  for (let at = 0; at < cases.length; at += 4) {
    await Promise.all(
      cases.slice(at, at + 4).map(async ([words, env, pattern]) => {
        const { code, out, err } = await piped(words, { env });
        assert.deepEqual([code, out], [2, ""], `${words}: ${err}`);
        assert.match(err, pattern);
        assert.ok(!/undefined|\[object|Error:|\n {4}at /.test(err), err);
      }),
    );
  }
});

test("--json tells mistakes as objects too", async () => {
  const { code, out, err } = await piped(["plan", "/nowhere.txt", "--json"]);
  assert.deepEqual([code, out], [2, ""]);
  assert.deepEqual(objects(err), [{ type: "error", exitCode: 2, message: "There is no /nowhere.txt." }]);
});

test("the language follows the locale as POSIX orders it, and --lang before it", async () => {
  const cases = [
    [{ LANG: "zh_CN.UTF-8" }, [], "zh"],
    [{ LANG: "zh_TW" }, [], "zh"],
    [{ LANG: "zh_CN.UTF-8", LC_ALL: "C" }, [], "en"],
    [{ LANG: "en_US.UTF-8", LC_MESSAGES: "zh_CN" }, [], "zh"],
    [{ LANG: "de_DE.UTF-8" }, [], "en"],
    [{ LANG: "zh_CN.UTF-8" }, ["--lang", "en"], "en"],
    [{ LANG: "en_US.UTF-8" }, ["--lang=zh"], "zh"],
  ];
  await Promise.all(
    cases.map(async ([env, words, expected]) => {
      const { err } = await piped(["status", "1", ...words], { env });
      assert.equal(/状态码/.test(err) ? "zh" : "en", expected, JSON.stringify(env));
    }),
  );
});

test("status explains codes in both languages, or lists them all", async () => {
  const one = await piped(["status", "207", "107"]);
  assert.equal(one.code, 0);
  for (const code of [207, 107]) {
    const info = statusInfo(code);
    for (const text of [String(code), info.zh, info.en, info.kind]) assert.ok(one.out.includes(text), text);
  }
  const all = objects((await piped(["status", "--json"])).out);
  assert.deepEqual(all[0], { type: "status", ...statusInfo(101) });
  assert.ok(all.length >= 37);
  assert.equal((await piped(["status"], { env: CHINESE })).out.trim().split("\n").length, all.length + 1);
});

test("plan tells what the planner plans", async (t) => {
  const cwd = await folder(t, { "names.txt": listOf(60) });
  const plan = planCalls(companies(60));
  const { code, out } = await piped(["plan", "names.txt", "--json", "--price", "0.1"], { cwd });
  const [first, ...calls] = objects(out);
  assert.equal(code, 0);
  const { companies: count, pairs, lowerBound, naiveCalls, method } = plan;
  const cost = { price: 0.1, cost: Number((plan.calls * 0.1).toFixed(4)) };
  assert.deepEqual(first, {
    type: "plan",
    companies: count,
    pairs,
    calls: plan.calls,
    lowerBound,
    naiveCalls,
    method,
    ...cost,
  });
  assert.deepEqual(
    calls.map(({ companyNames }) => companyNames),
    [...plan],
  );

  const text = await piped(["plan", "500", "--price", "0.5"]);
  const { calls: many } = planCalls(companies(500));
  assert.match(text.out, new RegExp(`${many} calls to pay.*CNY ${(many / 2).toFixed(2)}`));
  assert.match(text.out, new RegExp(`and ${many - 20} more calls`));
  const numbers = objects((await piped(["plan", "21", "--json"])).out)
    .slice(1)
    .flatMap(({ companyNames }) => companyNames);
  assert.deepEqual(
    [...new Set(numbers)].map(Number).sort((a, b) => a - b),
    Array.from({ length: 21 }, (_, i) => i + 1),
  );
});

test("sign gives the headers and never the secret", async () => {
  const env = { QCC_KEY: "键", QCC_SECRET_KEY: "密钥" };
  const plain = await piped(["sign", "--timespan", "1700000000"], { env });
  assert.deepEqual(
    [plain.code, plain.out, plain.err],
    [0, "Token: A9ED43833521694F5A1984FCF55CE70C\nTimespan: 1700000000\n", ""],
  );
  const [object] = objects((await piped(["sign", "--json"], { env })).out);
  assert.ok(Math.abs(object.Timespan - Date.now() / 1000) < 30);
  const expected = createHash("md5").update(`键${object.Timespan}密钥`).digest("hex").toUpperCase();
  assert.equal(object.Token, expected);
});

/** A `curl` that tells what it was called with. */
const CURL = `#!${process.execPath}\nprocess.stdout.write(JSON.stringify(process.argv.slice(2)));\n`;

test("sign --curl gives a line that a shell runs as it is", async (t) => {
  const { sandbox, url, env } = await account(t);
  const bin = await folder(t, { curl: CURL });
  await chmod(join(bin, "curl"), 0o755);
  const names = ["企查查科技股份有限公司", "大连银行股份有限公司", "It's $HOME `x` 公司"];
  for (const [words, path] of [
    [names, "/api/corp/correlation/findPartnershipRelation"],
    [[], "/api/company/quota/getQuota"],
  ]) {
    for (const showKey of [false, true]) {
      const { code, out, err } = await piped(["sign", "--curl", ...words, ...(showKey ? ["--show-key"] : [])], { env });
      assert.equal(code, 0);
      assert.ok(!(out + err).includes(SANDBOX_SECRET_KEY));
      assert.equal((out + err).includes(SANDBOX_KEY), showKey);
      assert.match(err, /signature expires/);
      const shell = spawn("/bin/sh", ["-c", out], { env: { PATH: bin, ...(showKey ? {} : { QCC_KEY: SANDBOX_KEY }) } });
      const given = JSON.parse((await ended(shell)).out);
      assert.deepEqual(given.slice(0, 2), ["-sSG", url + path]);
      const values = (option) => given.filter((_, at) => given[at - 1] === option);
      const headers = Object.fromEntries(values("-H").map((line) => line.split(": ")));
      const query = new URLSearchParams(
        values("--data-urlencode").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
      );
      if (words.length > 0) assert.equal(query.get("companyNames"), names.join(","));
      const answer = await sandbox.fetch(`${given[1]}?${query}`, { headers });
      assert.match((await answer.json()).status, /^20[01]$/);
    }
  }
});

test("quota shows bars, or objects", async (t) => {
  const { env } = await account(t);
  const { quotas } = await new QccClient({
    key: SANDBOX_KEY,
    secretKey: SANDBOX_SECRET_KEY,
    baseUrl: env.QCC_BASE_URL,
  }).getQuota();
  const [plain, json] = await Promise.all([
    piped(["quota"], { env: { ...env, ...CHINESE } }),
    piped(["quota", "--json"], { env }),
  ]);
  assert.deepEqual([plain.code, plain.err, json.err], [0, "", ""]);
  assert.match(plain.out, /风险监控-企业 {2}█░{23} +2 +50 +48 +50\n/);
  assert.deepEqual(
    objects(json.out),
    quotas.map((quota) => ({ type: "quota", ...quota })),
  );
});

test("credentials come from a file, which is warned about where others may read it", async (t) => {
  const { env } = await account(t);
  const lines = Object.entries(env).map(([name, value]) => `${name}="${value}"`);
  const cwd = await folder(t, { ".env": `# ours\n${lines.join("\r\n")}\n`, "empty.env": "A=1\n" });
  await chmod(join(cwd, ".env"), 0o644);
  const open = await piped(["quota", "--env-file", ".env"], { cwd, env: { QCC_KEY: "another" } });
  assert.equal(open.code, 0, open.err);
  assert.match(open.err, /may read \.env: chmod 600 \.env/);
  await chmod(join(cwd, ".env"), 0o600);
  const closed = await piped(["quota", "--env-file", ".env"], { cwd });
  assert.deepEqual([closed.code, closed.err], [0, ""]);
  const empty = await piped(["quota", "--env-file", "empty.env"], { cwd });
  assert.equal(empty.code, 2);
  assert.match(empty.err, /neither QCC_KEY nor QCC_SECRET_KEY/);
});

test("a refused account ends with 3, a network that fails with 1, and no secret is told", async (t) => {
  const { env, sandbox } = await account(t);
  const secretKey = "A-VERY-SECRET-SECRET-KEY";
  const wrong = await piped(["quota"], { env: { ...env, QCC_SECRET_KEY: secretKey } });
  assert.equal(wrong.code, 3);
  assert.match(wrong.err, /QCC answered 107: .*\n.*\n.*not billed/);
  const json = await piped(["quota", "--json"], { env: { ...env, ...CHINESE, QCC_SECRET_KEY: secretKey } });
  const [error] = objects(json.err);
  assert.deepEqual([json.code, error.type, error.exitCode, error.kind, error.status], [3, "error", 3, "auth", 107]);
  sandbox.setFaults([{ status: 112 }]);
  const account112 = await piped(["quota"], { env: { ...env, ...CHINESE } });
  assert.equal(account112.code, 3);
  assert.match(account112.err, /企查查回应 112：您的账号剩余使用量已不足或已过期/);
  const nobody = await piped(["quota"], { env: { ...env, QCC_BASE_URL: "http://127.0.0.1:1" } });
  assert.equal(nobody.code, 1);
  const nonsense = await piped(["quota"], { env: { ...env, QCC_BASE_URL: "nonsense" } });
  assert.equal(nonsense.code, 2);
  for (const { out, err } of [wrong, json, account112, nobody, nonsense]) {
    assert.ok(![secretKey, SANDBOX_KEY, SANDBOX_SECRET_KEY].some((text) => (out + err).includes(text)), err);
  }
});

/** The lines a server prints until one fits. */
async function lineOf(child, pattern) {
  let text = "";
  for await (const chunk of child.stdout) {
    text += chunk;
    if (pattern.test(text)) return text;
  }
  throw new Error(`it ended with:\n${text}`);
}

test("sandbox serves with the faults it is told, and counts", async (t) => {
  const cwd = await folder(t, { "faults.json": '[{ "calls": 3, "http": 503, "retryAfter": 1 }]' });
  const words = ["sandbox", "--port", "0", "--json", "--fault", "calls=2,status=109", "--faults", "faults.json"];
  const child = startPiped(words, { cwd });
  t.after(() => child.kill("SIGKILL"));
  child.stdout.setEncoding("utf8");
  const out = [];
  child.stdout.on("data", (text) => out.push(text));
  while (!out.join("").includes("\n")) await once(child.stdout, "data");
  const [{ env, url, port }] = objects(out.join(""));
  assert.equal(url, `http://127.0.0.1:${port}`);
  const codes = [];
  for (let call = 0; call < 4; call += 1) codes.push((await piped(["quota"], { env })).code);
  // The third is sent again after the 503.
  assert.deepEqual(codes, [0, 3, 0, 0]);
  const taken = await piped(["sandbox", "--port", String(port)]);
  assert.equal(taken.code, 2);
  assert.match(taken.err, new RegExp(`Port ${port} at 127\\.0\\.0\\.1 is in use`));
  child.kill("SIGINT");
  assert.deepEqual(await once(child, "exit"), [0, null]);
  const told = objects(out.join(""));
  assert.deepEqual(told.at(-1), { type: "stats", calls: 5, billed: 3, byStatus: { 109: 1, 200: 3, "HTTP 503": 1 } });
  assert.equal(told.filter(({ type }) => type === "call").length, 5);
});

test("gateway lets in whoever has a token, and nobody else", async (t) => {
  const { env, sandbox } = await account(t);
  const token = "0123456789abcdef0123456789abcdef";
  const cwd = await folder(t, { tokens: `# pages\nfront ${token}\n`, short: "abc\n", none: "#\n", many: "a b c\n" });
  await Promise.all(["tokens", "short", "none", "many"].map((name) => chmod(join(cwd, name), 0o600)));
  for (const [name, pattern] of [
    ["short", /short, line 1: a token has 16/],
    ["none", /none has no token/],
    ["many", /many, line 1/],
    ["absent", /There is no absent/],
  ]) {
    const { code, err } = await piped(["gateway", "--token-file", name], { cwd, env });
    assert.equal(code, 2);
    assert.match(err, pattern);
  }
  const child = startPiped(["gateway", "--token-file", "tokens", "--port", "0", "--keep", "answers", "--json"], {
    cwd,
    env,
  });
  t.after(() => child.kill("SIGKILL"));
  const output = ended(child);
  const [chunk] = await once(child.stdout, "data");
  const [{ url }] = objects(String(chunk));
  const names = companies(5);
  const ask = (headers) => new QccClient({ gateway: url, headers }).findPartnershipRelation(names);
  await assert.rejects(ask({}), { httpStatus: 401 });
  await assert.rejects(ask({ Authorization: `Bearer ${token}x` }), { httpStatus: 401 });
  for (let time = 0; time < 2; time += 1) await ask({ Authorization: `Bearer ${token}` });
  assert.equal(sandbox.stats().billed, 1);
  child.kill("SIGTERM");
  const { code, out, err } = await output;
  assert.equal(code, 0, err);
  assert.deepEqual(
    objects(out)
      .filter(({ type }) => type === "gateway-refused")
      .map(({ httpStatus }) => httpStatus),
    [401, 401],
  );
  assert.ok(![SANDBOX_SECRET_KEY, SANDBOX_KEY, token].some((text) => (out + err).includes(text)));
});

test("bash completes commands, options and their values", async (t) => {
  const { out: script } = await piped(["completion", "bash"]);
  const complete = async (line) => {
    const words = line.split(" ");
    const ask = `${script}
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
      _qcc_pro
      printf '%s\\n' "\${COMPREPLY[@]}"
      complete -p qcc-pro`;
    const { out, err } = await ended(
      spawn("bash", ["--norc"], { stdio: ["pipe", "pipe", "pipe"] }).on("spawn", function () {
        this.stdin.end(ask);
      }),
    );
    assert.equal(err, "");
    const lines = out.trim().split("\n");
    assert.equal(lines.pop(), "complete -o default -F _qcc_pro qcc-pro");
    return lines.filter(Boolean);
  };
  const asked = [
    "qcc-pro ",
    "qcc-pro relations --ma",
    "qcc-pro relations --lang ",
    "qcc-pro completion f",
    "qcc-pro relations --file ",
  ];
  const [commands, options, values, fishes, files] = await Promise.all(asked.map(complete));
  assert.deepEqual(commands.sort(), ["help", ...COMMANDS].sort());
  assert.deepEqual([options, values, fishes], [["--max-calls"], ["zh", "en"], ["fish"]]);
  // Left to the shell, which completes files then.
  assert.deepEqual(files, []);
});

test("zsh and fish are told every command and option", async () => {
  const [zshScript, fishScript, program] = await Promise.all([
    piped(["completion", "zsh"]),
    piped(["completion", "fish"], { env: CHINESE }),
    piped(["relations", "--help"]),
  ]);
  const options = [...program.out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name);
  assert.ok(options.length > 15);
  for (const name of COMMANDS) {
    assert.match(zshScript.out, new RegExp(`^ {8}${name}\\) _arguments `, "m"));
    assert.match(fishScript.out, new RegExp(`__fish_use_subcommand -f -a ${name} -d '[^']*\\p{Script=Han}`, "u"));
  }
  for (const name of options) {
    assert.ok(zshScript.out.includes(name), name);
    assert.ok(fishScript.out.includes(`-l ${name.slice(2)} `), name);
  }
});

test("the man page tells every command and option", async () => {
  const page = String(await packaged(manifest.man));
  assert.match(page, /^\.TH QCC\\-PRO 1 /);
  for (const name of COMMANDS) assert.ok(page.includes(`.SS qcc\\-pro ${name}`), name);
  const source = await readFile(new URL("../../pkg-template/src/cli/program.js", import.meta.url), "utf8");
  const options = [...source.matchAll(/"(?:-\w, )?(--[a-z-]+)/g)].map(([, name]) => name);
  assert.ok(options.length > 40);
  for (const name of options) assert.ok(page.includes(name.replaceAll("-", "\\-")), name);
});

test("the libraries inside are named with their licences", async () => {
  const text = String(await packaged("cli/LICENSES.txt"));
  for (const name of [
    "commander",
    "cli-progress",
    "papaparse",
    "read-excel-file",
    "write-excel-file",
    "string-width",
    "dotenv",
  ]) {
    assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\([\\w.-]+\\)$`, "m"));
  }
  assert.equal(manifest.dependencies, undefined);
});
