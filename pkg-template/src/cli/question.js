/** What `qcc-pro relations` is to find out: the names, and which of their pairs. */
import { planCalls } from "qcc-pro";
import { Problem } from "./exit.js";
import { readList } from "./list.js";
import { listed, planOf, unfit } from "./names.js";
import { warn } from "./warn.js";

/** @returns {Promise<{ input: import("qcc-pro").ScanInput, plan: import("qcc-pro").CallPlan }>} */
export async function readQuestion(names, options, words) {
  const lists = await readLists(names, options, words);
  if (options.skipInvalid) lists.forEach((list, index) => (lists[index] = fit(list, options, words)));
  const plain = lists.map((list) => list.map(({ name }) => name));
  const input = shaped(plain, options);
  const hub = options.hub === undefined ? [] : [{ name: options.hub, place: "--hub" }];
  const plan = planOf([...hub, ...lists.flat()], () => planCalls(input), { words });
  if (plan.pairs === 0) throw new Problem(words.relations.tooFew, { hint: words.relations.tooFewHint });
  return { input, plan };
}

function shaped(lists, { hub, between }) {
  if (between !== undefined) return { between: lists };
  return hub === undefined ? { among: lists[0] } : { hub, others: lists[0] };
}

async function readLists(names, { file, between, hub, column }, words) {
  if (between !== undefined) {
    const other =
      names.length > 0 ? words.relations.named : file !== undefined ? "--file" : hub !== undefined ? "--hub" : null;
    if (other !== null) throw new Problem(words.usage.notBoth("--between", other));
    if (between.length !== 2) throw new Problem(words.relations.between(between.length));
    return [await readList(between[0], { column, words }), await readList(between[1], { column, words })];
  }
  const typed = names.map((name, index) => ({ name: name.trim(), place: words.relations.argument(index + 1) }));
  const read = file === undefined ? [] : await readList(file, { column, words });
  if (typed.length + read.length === 0)
    throw new Problem(words.relations.noNames, { hint: words.relations.noNamesHint });
  return [[...typed, ...read]];
}

/** Without the names that cannot be asked for, which are told. */
function fit(list, { json }, words) {
  const wrong = unfit(list);
  if (wrong.length === 0) return list;
  warn(words.names.skipped(wrong.length, listed(wrong, words)), json);
  const places = new Set(wrong.map(({ place }) => place));
  return list.filter(({ place }) => !places.has(place));
}
