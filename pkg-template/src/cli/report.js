/** What came of a run: files, or a table on a terminal, or lines in a pipe; then how it went and how it goes on. */
import { writeWhole } from "./durable.js";
import { EXIT } from "./exit.js";
import { contentOf } from "./output.js";
import { explain, exitCodeOf, sentence } from "./problem.js";
import { rounded } from "./planned.js";
import { typed } from "./shell.js";
import { colours, shown, stderr, stdout, table } from "./terminal.js";
import { warn } from "./warn.js";

/** How many failures and companies are named. */
const NAMED = 10;
/** Beyond so many pairs those that are not covered are not counted: each has to be looked at. */
const COUNTED = 2_000_000;

export async function tell(report, context) {
  const { options, words } = context;
  const whole =
    report.stopped === null &&
    report.failed.length === 0 &&
    report.unsupported.length === 0 &&
    report.done === report.calls;
  const files = await write(report, options, words);
  if (options.json) asLines(report, whole, files, context);
  else asText(report, whole, files, context);
  const refused = report.stopped === "account" || report.failed.some(({ error }) => exitCodeOf(error) === EXIT.refused);
  if (refused) return EXIT.refused;
  return whole && files.every(({ error }) => error === undefined) ? EXIT.done : EXIT.part;
}

/** Each by itself: where one cannot be written the others still are. */
async function write(report, { out }, words) {
  const files = [];
  for (const path of out) {
    try {
      await writeWhole(path, await contentOf(path, report, words));
      files.push({ path });
    } catch (error) {
      files.push({ path, error });
    }
  }
  return files;
}

function uncoveredOf(report, whole, plan) {
  if (whole) return 0;
  return plan.pairs <= COUNTED ? report.uncovered.length : null;
}

/** Whether the same line, typed again, can bring more. A company that is not served will not be the next time either. */
const canGoOn = (report, files) =>
  report.stopped !== null || report.failed.length > 0 || files.some(({ error }) => error !== undefined);

/** A list that came through a pipe has to come again. */
const goOnLine = (argv, { file }, words) => `${typed(argv)}${file === "-" ? ` < ${words.report.list}` : ""}`;

function asLines(report, whole, files, { plan, folder, failure, options, words, argv }) {
  const line = (fields) => stdout(JSON.stringify(fields));
  for (const relation of report.relations) line({ type: "relation", ...relation });
  for (const { companyNames, error } of report.failed) line({ type: "failed", companyNames, error: error.toJSON() });
  for (const companyName of report.unsupported) line({ type: "unsupported", companyName });
  if (!whole && plan.pairs <= COUNTED)
    for (const companyNames of report.uncovered) line({ type: "uncovered", companyNames });
  for (const { path, error } of files)
    line({ type: "file", path, ...(error ? { error: explain(error, words).lines[0] } : {}) });
  const { calls, done, paid, fromStore, stopped, graph } = report;
  line({
    type: "report",
    complete: whole,
    calls,
    done,
    paid,
    ...(options.price === undefined ? {} : { cost: rounded(paid * options.price) }),
    fromStore,
    relations: report.relations.length,
    companies: graph.companies().length,
    failed: report.failed.length,
    unsupported: report.unsupported.length,
    uncovered: uncoveredOf(report, whole, plan),
    stopped,
    ...(failure ? { reason: explain(failure, words).lines[0] } : {}),
    folder,
    goOn: canGoOn(report, files) ? goOnLine(argv, options, words) : null,
  });
}

function asText(report, whole, files, { plan, folder, failure, options, words, argv }) {
  const { green, yellow, bold, dim } = colours(process.stderr);
  const text = words.report;
  if (options.out.length === 0) printRelations(report, words);
  for (const { path, error } of files) {
    if (error === undefined) stderr(`${whole ? green("✓") : yellow("!")} ${text.wrote(path, whole)}`);
    else stderr(`${yellow("!")} ${explain(error, words).lines.join(words.semicolon)}`);
  }
  for (const { companyNames, error } of report.failed.slice(0, NAMED)) {
    stderr(`${yellow("!")} ${text.failed(sentence(error, words), companyNames.length, shown(companyNames[0]))}`);
    const { lines } = explain(error, words);
    if (lines.length > 1) stderr(`  ${dim(lines.slice(1).join(words.semicolon))}`);
  }
  if (report.failed.length > NAMED) stderr(`  ${text.moreFailed(report.failed.length - NAMED)}`);
  if (report.unsupported.length > 0) {
    warn(
      text.unsupported(report.unsupported.length, report.unsupported.slice(0, NAMED).map(shown).join(words.comma)),
      false,
    );
  }
  if (report.stopped !== null) stderr(`${yellow("!")} ${text.stopped[report.stopped]}`);
  if (failure !== null) stderr(`  ${explain(failure, words).lines[0]}`);
  const cost = options.price === undefined ? "" : words.money(report.paid * options.price);
  const { relations, graph, calls, done, paid, fromStore } = report;
  stderr(bold(text.found(relations.length, graph.companies().length)));
  stderr(text.paid(done, calls, paid, cost, fromStore));
  const uncovered = uncoveredOf(report, whole, plan);
  if (uncovered !== 0) stderr(text.uncovered(uncovered));
  if (folder !== null && (whole || paid + fromStore > 0)) stderr(dim(text.kept(folder)));
  if (folder !== null && canGoOn(report, files)) stderr(`${text.goOn}\n  ${goOnLine(argv, options, words)}`);
}

/** A table on a terminal; what a program can read in a pipe. */
function printRelations({ relations, graph }, words) {
  if (!process.stdout.isTTY) {
    process.stdout.write(graph.toCSV({ bom: false }));
    return;
  }
  if (relations.length === 0) return;
  const columns = words.report.columns.map((title, index) => ({
    title,
    right: index === 2,
    wrap: index !== 2 && index !== 3,
  }));
  const rows = relations.map((row) =>
    [row.companyName, row.relatedCompanyName, row.amount, row.publicDate, row.source].map((cell) => shown(cell ?? "—")),
  );
  stdout(table(columns, rows, { head: colours(process.stdout).bold }));
}
