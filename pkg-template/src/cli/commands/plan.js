/** `qcc-pro plan`: how many calls a list takes, and which. Nothing is asked and no account is needed. */
import { access } from "node:fs/promises";
import { planCalls } from "qcc-pro";
import { EXIT, Problem } from "../exit.js";
import { readList } from "../list.js";
import { planOf } from "../names.js";
import { planFields, planLines } from "../planned.js";
import { colours, shown, stdout, table } from "../terminal.js";

/** How many calls are shown without --all. */
const SHOWN = 20;
const MOST = 200_000;

export async function run([list], options, { words }) {
  const { json, all, price, column, callSize } = options;
  const count = /^\d+$/.test(list) && !(await exists(list)) ? Number(list) : undefined;
  if (count !== undefined && (count < 2 || count > MOST)) throw new Problem(words.plan.count(MOST));
  // A count has no names: the companies are numbered.
  const plan =
    count === undefined
      ? planOf(await readList(list, { column, words }), (names) => planCalls(names, { callSize }), { words })
      : planCalls(numbers(count), { callSize });
  const name = count === undefined ? shown : (text) => String(Number(text));
  if (json) {
    stdout(JSON.stringify({ type: "plan", ...planFields(plan, price) }));
    for (const [index, call] of calls(plan, plan.calls))
      stdout(JSON.stringify({ type: "call", number: index + 1, companyNames: call.map(name) }));
    return EXIT.done;
  }
  const { bold, dim } = colours(process.stdout);
  for (const line of planLines(plan, price, words)) stdout(line);
  stdout(dim(words.plan.method(plan.method)));
  const most = all ? plan.calls : Math.min(plan.calls, SHOWN);
  const columns = words.plan.columns.map((title, index) => ({ title, right: index < 2, wrap: index === 2 }));
  const rows = [...calls(plan, most)].map(([index, call]) => [
    words.number(index + 1),
    words.number(call.length),
    call.map(name).join(count === undefined ? words.comma : " "),
  ]);
  stdout("");
  stdout(table(columns, rows, { head: bold }));
  if (most < plan.calls) stdout(dim(words.plan.more(plan.calls - most)));
  return EXIT.done;
}

/** Of the same length, so that they are sorted as numbers, and long enough for names. */
const numbers = (count) => Array.from({ length: count }, (_, index) => String(index + 1).padStart(6, "0"));

function* calls(plan, most) {
  for (let index = 0; index < most; index += 1) yield [index, plan.call(index)];
}

async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
