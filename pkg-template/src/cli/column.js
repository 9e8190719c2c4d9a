/** Which column of a table has the companies. */
import { Problem } from "./exit.js";

const HEADING =
  /^((企业|公司|单位|客户|供应商|机构|主体)?(名称|全称|名单)|企业|公司|单位|客户|供应商|compan(y|ies)|(company[ _-]?)?names?)$/i;
const COMPANY = /(公司|集团|银行|厂|店|中心|合作社|事务所|研究院)[)）]?$|\b(co|ltd|inc|corp|company|group)\b/i;

/**
 * The column that is asked for, by heading, letter or number; else the one that holds most companies. Without its heading.
 * @param {unknown[][]} rows
 * @returns {{ text: string, row: number }[]} rows count from 1
 */
export function columnOf(rows, { column, what, words }) {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const cells = (index) => rows.map((row, at) => ({ text: String(row[index] ?? "").trim(), row: at + 1 }));
  const first = rows.findIndex((row) => row.some((cell) => String(cell ?? "").trim() !== ""));
  const headings = Array.from({ length: width }, (_, index) => String(rows[first]?.[index] ?? "").trim());
  if (column !== undefined) {
    const named = headings.findIndex((heading) => heading.toLowerCase() === column.trim().toLowerCase());
    if (named >= 0) return cells(named).slice(first + 1);
    const index = numbered(column.trim());
    if (index >= width || index < 0)
      throw new Problem(words.list.noColumn(what, column), { hint: there(headings, words) });
    return withoutHeading(cells(index), first);
  }
  const companies = headings.map((_, index) => cells(index).filter(({ text }) => COMPANY.test(text)).length);
  const most = Math.max(0, ...companies);
  const best = headings.findIndex((heading, index) => companies[index] === most && (most > 0 || HEADING.test(heading)));
  if (best < 0 && width > 1) throw new Problem(words.list.whichColumn(what), { hint: there(headings, words) });
  return withoutHeading(cells(Math.max(best, 0)), first);
}

function withoutHeading(cells, first) {
  return HEADING.test(cells[first]?.text ?? "") ? cells.slice(first + 1) : cells;
}

/** `2` and `B` are the second column. */
function numbered(column) {
  if (/^\d+$/.test(column)) return Number(column) - 1;
  if (!/^[A-Za-z]{1,3}$/.test(column)) return -1;
  return [...column.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

const there = (headings, words) =>
  words.list.columns(
    headings
      .map((heading) => heading || "—")
      .slice(0, 20)
      .join(words.comma),
  );
