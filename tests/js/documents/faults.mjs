// The table of faults in «Billing and retries»: what a client and a run do about each. Nothing in it is written down but
// the names of the faults: every row is what happened when the sandbox was told to fail so.
import { QccClient, QccError, statusInfo } from "qcc-pro";
import { createSandbox, sampleCompanies, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";

/** No code of the table is above it. */
const HIGHEST = 999;

/** Every code the package knows, ascending. */
export const CODES = Array.from({ length: HIGHEST + 1 }, (_, code) => statusInfo(code)).filter(Boolean);

/** Faults that are no code of QCC's, and what they are called. */
const OTHERS = [
  [{ transport: "refuse" }, "connection refused, name not resolved", "连接被拒绝、域名解析失败"],
  [{ transport: "reset" }, "connection reset while waiting", "等待中连接被重置"],
  [{ transport: "no-answer" }, "no answer within `timeoutMs`", "`timeoutMs` 内没有应答"],
  [{ transport: "cut-body" }, "connection closed in the middle of the answer", "应答读到一半连接被关闭"],
  [{ transport: "stall-body" }, "answer stops halfway and stays open", "应答停在一半不再继续"],
  [{ transport: "truncated-json" }, "half of the JSON", "JSON 只有一半"],
  [{ transport: "empty" }, "an empty body", "应答为空"],
  [{ transport: "html" }, "HTML in place of JSON (HTTP 200)", "返回 HTML 而非 JSON（HTTP 200）"],
  ...[403, 404, 429, 500, 502, 503, 504].map((http) => [{ http }, `HTTP ${http} without QCC's JSON`, `HTTP ${http}，没有企查查的 JSON`]),
  [{ http: 429, retryAfter: 61 }, "HTTP 429, `Retry-After` above 60 s", "HTTP 429，`Retry-After` 超过 60 秒"],
  [{ clockOffsetSeconds: 3600 }, "our clock is off (107, 115), and `Date` shows it", "本机时钟不准（107、115），且 `Date` 表明如此"],
  [{ status: 777, message: "【有效请求】" }, "unknown code, message 【有效请求】", "未知状态码，消息含【有效请求】"],
  [{ status: 777, message: "【无效请求】" }, "unknown code, message 【无效请求】", "未知状态码，消息含【无效请求】"],
  [{ status: 777, message: "" }, "unknown code, message without either", "未知状态码，消息两者皆无"],
];

const QUICK = { retry: { baseDelayMs: 0 }, pending: { delayMs: 0 } };
const access = (sandbox) => ({ key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY, fetch: sandbox.fetch, ...QUICK });
const silent = (fault) => ["no-answer", "stall-body"].includes(fault.transport);

/** One question while the fault lasts: how often it was sent, and how it ended. */
async function call(fault) {
  const sandbox = createSandbox({ faults: [fault] });
  const client = new QccClient({ ...access(sandbox), ...(silent(fault) && { timeoutMs: 40 }) });
  const outcome = await client.findPartnershipRelation(["甲公司", "乙公司"]).then(
    ({ meta }) => ({ kind: null, billed: meta.billed, attempts: meta.attempts }),
    (error) => {
      if (!QccError.is(error)) throw error;
      return error;
    },
  );
  client.free();
  const { kind, billed, attempts } = outcome;
  if (billed === false && sandbox.stats().billed > 0) throw new Error(`billed unseen: ${JSON.stringify(fault)}`);
  return { kind, billed, attempts };
}

/** A run of several calls in which the fault meets one: what becomes of the run. */
async function run(fault) {
  const names = sampleCompanies(60, 1);
  const faults = "clockOffsetSeconds" in fault ? [fault] : [{ ...fault, company: names[0] }];
  const sandbox = createSandbox({ faults, trackRepeats: true });
  // A run that is held back would wait for as long as it is told to: it is enough to see that it does.
  const held = new AbortController();
  const onEvent = ({ type, status, httpStatus }) =>
    type === "wait" && ([120, 122].includes(status) || httpStatus === 429) && held.abort();
  const client = new QccClient({ ...access(sandbox), ...(silent(fault) && { timeoutMs: 40 }), onEvent });
  const scan = client.scan(names, { concurrency: 1, signal: held.signal });
  let divided = false;
  for await (const { type } of scan) divided ||= type === "split";
  const report = await scan.result();
  const { repeats } = sandbox.stats();
  client.free();
  if (held.signal.aborted) return "held";
  if (report.stopped) return report.stopped;
  if (divided) return "split";
  if (report.unsupported.length > 0) return "unsupported";
  if (report.failed.length > 0) return "failed";
  if (report.uncovered.length > 0 || repeats > 0) throw new Error(`a run lost or repeated something: ${JSON.stringify(fault)}`);
  return "whole";
}

let known;
/** Every fault with what was seen of it. Codes that fare alike share a row. */
export const seen = () => (known ??= watch());

async function watch() {
  const faults = [
    ...OTHERS.map(([fault, en, zh]) => ({ fault, en, zh })),
    ...CODES.map(({ code }) => ({ fault: { status: code }, code })),
  ];
  const rows = [];
  for (const { fault, en, zh, code } of faults) {
    const row = { en, zh, ...(await call(fault)), run: await run(fault) };
    const alike = code && rows.find((other) => other.codes && ["kind", "billed", "attempts", "run"].every((of) => other[of] === row[of]));
    if (alike) alike.codes.push(code);
    else rows.push(code ? { ...row, codes: [code] } : row);
  }
  return rows;
}
