/** `qcc-pro status`: what a status code means, in both languages. */
import { statusInfo } from "qcc-pro";
import { EXIT, Problem } from "../exit.js";
import { stdout, table } from "../terminal.js";
import { wordsOf } from "../language.js";

export async function run([codes], { json }, { words }) {
  const infos = codes.length === 0 ? all() : codes.map((code) => known(code, words));
  if (json) {
    for (const info of infos) stdout(JSON.stringify({ type: "status", ...info }));
  } else if (codes.length === 0) {
    const columns = words.status.columns.map((title, index) => ({ title, right: index === 0, wrap: index === 2 }));
    const rows = infos.map((info) => [
      String(info.code),
      words.status.counts(info.billed),
      info[words.lang],
      info.kind,
    ]);
    stdout(table(columns, rows));
  } else {
    const both = [await wordsOf("zh"), await wordsOf("en")];
    stdout(infos.map((info) => both.map((one) => explained(info, one)).join("\n")).join("\n\n"));
  }
  return EXIT.done;
}

function explained(info, words) {
  const { status, problem } = words;
  const hint = words.lang === "en" || info.kind === "success" ? info.hint : problem.advice[info.kind];
  const about = [status.counts(info.billed), status.retryable(info.retryable), info.kind].join(words.comma);
  return [
    `${info.code}  ${info[words.lang]}`,
    `     ${about}`,
    ...(hint && info.kind !== "success" ? [`     ${hint}`] : []),
  ].join("\n");
}

function known(text, words) {
  const info = /^\d{1,9}$/.test(text) ? statusInfo(Number(text)) : null;
  if (info === null) throw new Problem(words.status.unknown(text), { hint: words.status.unknownHint });
  return info;
}

/** The table has no list of its codes; they have three digits. */
const all = () => Array.from({ length: 900 }, (_, index) => statusInfo(100 + index)).filter((info) => info !== null);
