/**
 * `qcc-pro sign`: the two headers of one request, or a line for curl. The secret key is in neither. The company's key, which
 * has to be in the URL, is left to the shell to fill in (`$QCC_KEY`) and only written out where that is asked for.
 */
import { planCalls, sign } from "qcc-pro";
import { readAccess } from "../access.js";
import { EXIT, Problem } from "../exit.js";
import { planOf } from "../names.js";
import { quoted } from "../shell.js";
import { stdout } from "../terminal.js";
import { note } from "../warn.js";

const PARTNERSHIP = "/api/corp/correlation/findPartnershipRelation";
const QUOTA = "/api/company/quota/getQuota";
const MOST_NAMES = 20;

export async function run([names], options, { words }) {
  const { json, curl, showKey, timespan } = options;
  const question = questionOf(names, options, words);
  if (showKey && !curl) throw new Problem(words.sign.showKeyAlone);
  const { key, secretKey, baseUrl = "https://pro.qcc.com", inShell } = await readAccess(options, { words, json });
  const headers = sign({ key, secretKey, timespan });
  if (!curl) {
    if (json) stdout(JSON.stringify({ type: "signature", ...headers }));
    else for (const [name, value] of Object.entries(headers)) stdout(`${name}: ${value}`);
    return EXIT.done;
  }
  const url = baseUrl.replace(/\/+$/, "") + question.path;
  const line = curlLine(url, showKey ? quoted(`key=${key}`) : '"key=$QCC_KEY"', question.query, headers);
  stdout(json ? JSON.stringify({ type: "curl", line, ...headers }) : line);
  if (!showKey && !inShell) note(words.sign.notInShell, json);
  note(words.sign.atOnce, json);
  return EXIT.done;
}

function questionOf(names, { curl, path, query }, words) {
  if (!curl && (names.length > 0 || path !== undefined || query.length > 0)) throw new Problem(words.sign.onlyCurl);
  if (path !== undefined && names.length > 0) throw new Problem(words.usage.notBoth(words.sign.names, "--path"));
  if (path !== undefined && !/^\/[^?#\s]+$/.test(path)) throw new Problem(words.sign.path(path));
  const wrong = query.find((pair) => !/^[^=]+=/.test(pair) || /^key=/i.test(pair));
  if (wrong !== undefined) throw new Problem(words.sign.query(wrong));
  if (names.length === 0) return { path: path ?? QUOTA, query };
  // What the client would refuse is refused here.
  if (names.length > MOST_NAMES) throw new Problem(words.sign.tooMany(names.length, MOST_NAMES));
  const asked = [...new Set(names.map((name) => name.trim()))];
  planOf(
    asked.map((name, index) => ({ name, place: words.relations.argument(index + 1) })),
    planCalls,
    { words },
  );
  return { path: PARTNERSHIP, query: [`companyNames=${asked.join(",")}`, ...query] };
}

function curlLine(url, key, query, { Token, Timespan }) {
  const parts = [`curl -sSG ${quoted(url)}`, `-H ${quoted(`Token: ${Token}`)} -H ${quoted(`Timespan: ${Timespan}`)}`];
  for (const pair of [key, ...query.map(quoted)]) parts.push(`--data-urlencode ${pair}`);
  return parts.join(" \\\n  ");
}
