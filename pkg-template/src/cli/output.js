/** What a run found, as files. */
import { extname } from "node:path";
import { Problem } from "./exit.js";

/** A sheet of Excel has no more rows. */
const MOST_ROWS = 1_048_575;

const FORMATS = {
  ".csv": ({ graph }) => graph.toCSV(),
  ".json": ({ graph }) => `${JSON.stringify(graph.toJSON(), null, 1)}\n`,
  ".gexf": ({ graph }) => graph.toGEXF(),
  ".graphml": ({ graph }) => graph.toGraphML(),
  ".xlsx": workbook,
};

const formatOf = (path) => FORMATS[extname(path).toLowerCase()];

/** Before anything is paid for. */
export function checkFormats(paths, words) {
  const wrong = paths.find((path) => formatOf(path) === undefined);
  if (wrong !== undefined) {
    throw new Problem(words.out.unknown(wrong), { hint: words.out.formats(Object.keys(FORMATS).join(words.comma)) });
  }
}

/** @returns {Promise<string | Uint8Array>} */
export const contentOf = async (path, report, words) => formatOf(path)(report, words);

async function workbook({ relations, graph, unsupported }, words) {
  if (relations.length > MOST_ROWS) throw new Problem(words.out.tooManyRows(relations.length, MOST_ROWS));
  const { default: write } = await import("write-excel-file/node");
  const { sheets, columns } = words.out;
  const rows = relations.map((row) => [
    text(row.companyName),
    text(row.relatedCompanyName),
    number(row.amountWan) ?? text(row.amount),
    text(row.publicDate),
    text(row.source),
  ]);
  const companies = graph.companies();
  const nodes = companies.map((one) => [
    text(one.name),
    number(one.degree),
    number(one.relationCount),
    number(one.totalWan),
  ]);
  const sheet = (name, titles, data, widths) => ({
    sheet: name,
    data: [titles.map((value) => ({ value, type: String, fontWeight: "bold" })), ...data],
    columns: widths.map((width) => ({ width })),
    stickyRowsCount: 1,
  });
  const made = [
    sheet(sheets.relations, columns.relations, rows, [36, 36, 18, 20, 16]),
    sheet(sheets.companies, columns.companies, nodes, [36, 12, 12, 18]),
  ];
  if (unsupported.length > 0)
    made.push(
      sheet(
        sheets.unsupported,
        columns.unsupported,
        unsupported.map((name) => [text(name)]),
        [36],
      ),
    );
  return write(made).toBuffer();
}

/** A cell of text is never run as a formula. */
const text = (value) => (value === null ? null : { value, type: String });
const number = (value) => (value === null ? null : { value, type: Number });
