/** `qcc-pro relations`: a list in, a spreadsheet out, the price told before. */
import { stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { QccClient } from "qcc-pro";
import { readAccess } from "../access.js";
import { probe } from "../durable.js";
import { EXIT } from "../exit.js";
import { Keep, kept } from "../keep.js";
import { lock } from "../lock.js";
import { checkFormats } from "../output.js";
import { planFields, planLines } from "../planned.js";
import { startProgress } from "../progress.js";
import { readQuestion } from "../question.js";
import { tell } from "../report.js";
import { onStop } from "../stop.js";
import { colours, stderr, stdout } from "../terminal.js";
import { note, warn } from "../warn.js";

/** So many calls are paid for without asking. */
const UNASKED = 20;

export async function run([names], options, { words, argv }) {
  const { json, price, dryRun, out } = options;
  checkFormats(out, words);
  const { input, plan } = await readQuestion(names, options, words);
  if (!dryRun) for (const path of out) await probe(path);
  const access = await readAccess(options, { words, json }, !dryRun);
  const client = access && new QccClient({ key: access.key, secretKey: access.secretKey, baseUrl: access.baseUrl });
  const folder = await folderOf(options);
  const paid = await paidBefore(client, plan, folder);
  tellPlan(plan, paid, folder, options, words);
  if (dryRun) return EXIT.done;
  const most = Math.min(plan.calls - paid.count, options.maxCalls ?? Infinity);
  if (most > UNASKED && !options.yes) {
    const { askYes } = await import("../ask.js");
    const agreed = await askYes(words.relations.ask(most, price === undefined ? "" : words.money(most * price)), words);
    if (agreed === false) {
      note(words.relations.declined, json);
      return EXIT.part;
    }
  }
  const keep = folder === null ? null : await Keep.open(folder);
  const held = keep && (await lock(keep.folder, words));
  try {
    await keep?.sweep();
    const report = await ask(client, input, plan, keep ?? new Map(), options, words);
    return await tell(report, { plan, folder, failure: keep?.failure ?? null, options, words, argv });
  } finally {
    await held?.release();
    client.free();
  }
}

/** Runs the plan to its end, or to where the user or the account stops it. */
async function ask(client, input, plan, store, options, words) {
  const { json, price, maxCalls, concurrency, rate } = options;
  const stop = new AbortController();
  const bar = await startProgress({ calls: plan.calls, price, words, json });
  const done = onStop(() => {
    bar.stop();
    note(words.relations.stopping, json);
    stop.abort();
  });
  const scan = client.scan(input, {
    store,
    maxCalls,
    concurrency,
    ...(rate === undefined ? {} : { callsPerSecond: rate }),
    signal: stop.signal,
    onProgress: (progress) => !stop.signal.aborted && bar.update(progress),
  });
  try {
    return await scan.result();
  } finally {
    bar.stop();
    done();
  }
}

/** Beside the first output, so that the same line continues by itself; without one, in the folder one is in. */
async function folderOf({ resume, out }) {
  if (resume === false) return null;
  if (typeof resume === "string") return resume;
  const [first] = out;
  if (first === undefined || (await isSpecial(first))) return "qcc-pro.answers";
  return join(dirname(first), `${basename(first, extname(first))}.answers`);
}

const isSpecial = (path) =>
  stat(path).then(
    (known) => !known.isFile() && !known.isDirectory(),
    () => false,
  );

/** Which of the plan's calls need not be paid any more. */
async function paidBefore(client, plan, folder) {
  if (client === undefined || folder === null) return { count: 0, oldest: null };
  const keys = function* () {
    for (const call of plan) yield client.storeKey(call);
  };
  return kept(folder, keys());
}

function tellPlan(plan, paid, folder, { json, price, dryRun, maxCalls }, words) {
  if (json) {
    stdout(JSON.stringify({ type: "plan", ...planFields(plan, price), alreadyPaid: paid.count, folder }));
    return;
  }
  // What was asked for is the plan: then it is the output.
  const say = dryRun ? stdout : stderr;
  const { bold } = colours(dryRun ? process.stdout : process.stderr);
  const [size, calls] = planLines(plan, price, words);
  say(size);
  say(bold(calls));
  if (paid.count > 0) {
    const left = plan.calls - paid.count;
    const cost = price === undefined ? "" : words.money(left * price);
    say(words.relations.alreadyPaid(paid.count, left, cost, folder, words.date(paid.oldest)));
  }
  if (maxCalls !== undefined && maxCalls < plan.calls - paid.count) say(words.relations.budget(maxCalls));
  if (folder === null && !dryRun) warn(words.relations.unkept, json);
}
