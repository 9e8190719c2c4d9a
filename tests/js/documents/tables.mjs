// The tables that the pages show, made from the package: `NAME: (language) => Markdown`.
import { readFileSync } from "node:fs";
import { planCalls } from "qcc-pro";
import { sampleCompanies } from "qcc-pro/sandbox";
import { CODES, seen } from "./faults.mjs";
import { root } from "./pages.mjs";

const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
const choose = (language, en, zh) => (language === "zh" ? zh : en);
const number = (value) => new Intl.NumberFormat("en").format(value);

/** What each kind of error means, in the order of the types. */
const KINDS = {
  "invalid-argument": ["The input cannot be sent (nothing was), or QCC refused it as wrong.", "输入不能发送（什么也没发出），或被企查查判为参数错误。"],
  auth: ["Key, secret key, signature or IP address refused.", "key、密钥、签名或 IP 被拒绝。"],
  account: ["Arrears, suspension, no balance.", "欠费、停用、余额不足。"],
  quota: ["A daily limit is reached.", "达到每日上限。"],
  blocked: ["QCC blocks the account for what it sent before.", "企查查因先前的请求封禁了账号。"],
  permission: ["The account may not use this endpoint in this way.", "账号无权这样使用该接口。"],
  unsupported: ["A company or keyword that the endpoint does not serve.", "接口不支持的企业或关键字。"],
  "too-many-rows": ["The answer would have more than 5,000 rows.", "结果超过 5000 条。"],
  pending: ["Still being processed after all polls.", "多次轮询后仍在处理中。"],
  server: ["QCC failed inside.", "企查查内部出错。"],
  http: ["An HTTP status other than 2xx without QCC's answer.", "非 2xx 的 HTTP 状态，且没有企查查的应答。"],
  network: ["No connection, or one that broke.", "连接不上，或连接中断。"],
  timeout: ["No answer in time.", "没有及时应答。"],
  aborted: ["Aborted by a signal that gave no reason.", "被没有给出原因的信号中止。"],
  "malformed-response": ["The answer is not what the documents describe.", "应答与文档所述不符。"],
  "unknown-status": ["A code that is in no table, or that QCC's documents do not explain.", "表中没有、或文档未作解释的状态码。"],
  config: ["The client is set up wrongly.", "客户端配置有误。"],
  internal: ["A trap inside our WebAssembly; the next call works on a fresh instance.", "WebAssembly 内部陷阱；下一次调用会在新实例上进行。"],
};

function kinds(language) {
  const types = readFileSync(`${root}pkg-template/index.d.ts`, "utf8");
  const declared = [...types.match(/type QccErrorKind =\n(.*?)";\n/s)[1].matchAll(/\| "([a-z-]+)/g)].map(([, kind]) => kind);
  if (declared.join() !== Object.keys(KINDS).join()) throw new Error(`the kinds of errors are ${declared.join()}`);
  const codes = (kind) => CODES.filter((info) => info.kind === kind).map(({ code }) => code).join(", ") || "—";
  const head = choose(language, ["`kind`", "codes", "what it means"], ["`kind`", "状态码", "含义"]);
  return table(head, declared.map((kind) => [`\`${kind}\``, codes(kind), choose(language, ...KINDS[kind])]));
}

function codes(language) {
  const yes = choose(language, "yes", "是");
  const no = choose(language, "no", "否");
  const head = choose(language, ["code", "what it means", "vendor's words", "billed", "`kind`"], ["状态码", "含义", "英文说明", "计费", "`kind`"]);
  return table(head, CODES.map(({ code, en, zh, billed, kind }) => [code, ...choose(language, [en, zh], [zh, en]), billed ? yes : no, `\`${kind}\``]));
}

const AGAIN = {
  1: ["no", "否"],
  2: ["once, with the clock put right", "校正时钟后一次"],
  3: ["yes, up to 2 times", "是，最多 2 次"],
  4: ["asked for again, up to 3 times", "再次询问，最多 3 次"],
};
const BILLED = { true: ["yes", "是"], false: ["no", "否"], unknown: ["`\"unknown\"`", "`\"unknown\"`"] };
const RUNS = {
  whole: ["goes on", "继续"],
  failed: ["goes on; the question is in `failed`", "继续；该查询列入 `failed`"],
  held: ["waits as long as it is told to (8 s if it is not), goes on", "按要求等待（未说明则 8 秒），再继续"],
  split: ["asks in smaller calls", "拆成更小的调用"],
  unsupported: ["finds the company, leaves it out", "找出该企业并排除"],
  account: ["stops at once", "立即停止"],
};

async function faults(language) {
  const say = (words) => choose(language, ...words);
  const head = choose(
    language,
    ["what happens", "sent again", "billed", "ends as `kind`", "a run"],
    ["发生了什么", "是否重发", "是否计费", "结果的 `kind`", "批量查询"],
  );
  const name = ({ codes, en, zh }) => {
    if (!codes) return choose(language, en, zh);
    // A 200 whose result is not there: the sandbox's answer to being told this code.
    if (codes.includes(200)) return choose(language, "200 without the result that belongs to it", "200，但没有应有的结果");
    return codes.join(", ");
  };
  const ends = (kind) => (kind === null ? choose(language, "an answer", "正常应答") : `\`${kind}\``);
  const rows = (await seen()).map((row) => [name(row), say(AGAIN[row.attempts]), say(BILLED[row.billed]), ends(row.kind), say(RUNS[row.run])]);
  return table(head, rows);
}

function plans(language) {
  const head = choose(language, ["companies", "pairs", "by hand", "`planCalls`", "no plan has fewer than"], ["企业数", "企业对", "手工", "`planCalls`", "任何方案不少于"]);
  const rows = [20, 50, 100, 200, 500, 1000].map((count) => {
    const plan = planCalls(sampleCompanies(count, 1));
    return [count, plan.pairs, plan.naiveCalls, plan.calls, plan.lowerBound].map(number);
  });
  return table(head, rows);
}

/** Chinese for what the bench calls its comparisons. */
const MEASURED = [
  ["the whole call with fetch stubbed", "整次调用（fetch 为桩）"],
  ["signing inside the client", "客户端内签名"],
  ["import and first signature, new process", "新进程里 import 并首次签名"],
  ["5,000 rows, 10,000 names", "5000 行、10000 个不同名称"],
  ["5,000 rows", "5000 行"],
  ["one row", "一行"],
  ["JSON.parse of the decoded text", "对已解码文本 JSON.parse"],
  ["with the derived fields", "含派生字段"],
  ["calls per second", "每秒调用次数"],
  ["more is better", "越大越好"],
  [" at once", " 并发"],
  ["planning 1,000 companies", "为 1000 家企业求方案"],
  ["planning 10,000 companies", "为 10000 家企业求方案"],
  ["copying their names into WebAssembly", "把名称复制进 WebAssembly"],
  ["halves of ten by hand", "手工按十家一组配对"],
];

function performance(language) {
  let results;
  try {
    results = JSON.parse(readFileSync(`${root}tests/bench/results.json`, "utf8"));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return choose(
      language,
      "No complete run of the bench is kept in this repository yet: `cargo xtask bench` makes one on your machine.",
      "本仓库尚未收录完整的基准结果：可用 `cargo xtask bench` 在您的机器上测得。",
    );
  }
  const say = (text) => (language === "zh" ? MEASURED.reduce((so, [en, zh]) => so.replaceAll(en, zh), text) : text);
  const head = choose(language, ["where", "what", "beside", "ours / theirs", "goal"], ["环境", "项目", "对照", "本包 / 对照", "目标"]);
  // What a goal was set for; the rest stands in tests/bench/results.md.
  const rows = results.rows.filter(({ goal }) => typeof goal === "number").map(({ where, what, beside, ratio, goal }) => [where, say(what), say(beside), ratio.toFixed(2), goal]);
  const { machine, date } = results;
  return `${table(head, rows)}\n\n${choose(language, "Measured", "测于")} ${date}: ${machine}.`;
}

export const TABLES = { codes, kinds, faults, plans, performance };
