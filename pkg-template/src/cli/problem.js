/** What went wrong, in the user's language: lines for people, fields for `--json`, and the exit code. */
import { QccError, statusInfo } from "qcc-pro";
import { EXIT, Problem } from "./exit.js";
import { shown } from "./terminal.js";

/** Kinds that mean that account or signature were refused. */
const REFUSED = ["auth", "account", "quota", "blocked", "permission"];

/** What the system says of a file, a folder or an address that was named wrongly. */
const MISNAMED = [
  "ENOENT",
  "EISDIR",
  "ENOTDIR",
  "EACCES",
  "EPERM",
  "EROFS",
  "ENAMETOOLONG",
  "EADDRINUSE",
  "EADDRNOTAVAIL",
  "ENOTFOUND",
];

export function exitCodeOf(error) {
  if (error instanceof Problem) return error.code;
  if (!QccError.is(error)) return MISNAMED.includes(error?.code) ? EXIT.usage : EXIT.part;
  if (REFUSED.includes(error.kind)) return EXIT.refused;
  return error.kind === "config" || error.kind === "invalid-argument" ? EXIT.usage : EXIT.part;
}

/** @returns {{ lines: string[], code: number, fields: object }} */
export function explain(error, words) {
  const code = exitCodeOf(error);
  if (QccError.is(error)) {
    const lines = qccLines(error, words);
    return { lines, code, fields: error.toJSON() };
  }
  const lines = error instanceof Problem ? [error.message, error.hint] : systemLines(error, words);
  const [message, hint] = lines.map((line) => line && shown(line).replaceAll("\ufffd", " "));
  return { lines: [message, hint].filter(Boolean), code, fields: { message, ...(hint ? { hint } : {}) } };
}

/** The sentence of a failed call, and what to do about it. */
function qccLines(error, words) {
  const info = error.status === null ? null : statusInfo(error.status);
  const said = info === null ? ownWords(error.message, words) : info[words.lang];
  const head = error.status === null ? said : words.problem.refused(error.status, said);
  const advice = words.lang === "en" ? error.hint : words.problem.advice[error.kind];
  const billed = error.attempts > 0 ? words.problem.billed[String(error.billed)] : "";
  const request = error.requestId ? words.problem.request(error.requestId) : "";
  return [head, advice, billed, request].filter(Boolean).map(shown);
}

/** The package says everything twice: 中文 (English). */
function ownWords(message, words) {
  const both = /^([^(]*\p{Script=Han}[^(]*?) \((.*)\)$/su.exec(message);
  return both === null || words.lang === "zh" ? message : both[2];
}

/** One sentence about a failed call, for lists of them. */
export const sentence = (error, words) => qccLines(error, words)[0];

const systemLines = (error, words) => [systemSentence(error, words)];

function systemSentence(error, words) {
  const known = words.system[error?.code];
  const place = error?.path ?? error?.dest ?? error?.address ?? "";
  if (known !== undefined) return known(place === "" ? error.syscall : place, error.port);
  if (typeof error?.code === "string" && typeof error.syscall === "string") return words.system.other(error.message);
  return words.problem.bug(error?.message ?? String(error));
}

/** The parser's own words are English; what it quotes is kept. */
export function usageMessage(error, words) {
  const quoted = [...error.message.matchAll(/'([^']*)'/g)].map(([, text]) => shown(text));
  // Of an argument it quotes the value first, of an option the option.
  const [one = "", other = ""] = /command-argument/.test(error.message) ? [`<${quoted[1]}>`, quoted[0]] : quoted;
  const [, similar] = /\(Did you mean (.*)\?\)/s.exec(error.message) ?? [];
  const [, choices] = /Allowed choices are (.*)\.$/s.exec(error.message) ?? [];
  const [, own = ""] = / is invalid\. (.*)$/s.exec(error.message) ?? [];
  const reason = choices === undefined ? own : words.usage.choices(choices.replaceAll(", ", words.comma));
  const told = words.parser[error.code.replace("commander.", "")];
  const message = told === undefined ? error.message : told(one, other, reason);
  const hint = similar === undefined ? words.usage.seeHelp : words.usage.didYouMean(similar);
  return { lines: [message, hint], code: EXIT.usage, fields: { message, hint } };
}
