/** A list of companies out of a file: text, CSV in whatever encoding spreadsheets write it, XLSX. */
import { readSheet } from "./spreadsheet";

/** The names in the file, as they stand there. */
export async function namesIn(file: File): Promise<string[]> {
  if (/\.xlsx$/i.test(file.name)) return columnOf(await readSheet(file));
  const text = decode(await file.arrayBuffer());
  if (!/\.(csv|tsv)$/i.test(file.name)) return text.split(/\r\n?|\n/);
  const { default: Papa } = await import("papaparse");
  return columnOf(Papa.parse<string[]>(text, { skipEmptyLines: "greedy" }).data);
}

/** UTF-8 or UTF-16 where it is; else what Chinese spreadsheets write. */
function decode(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

const HEADING = /^((企业|公司|单位|客户|供应商|机构|主体)?(名称|全称|名单)|企业|公司|单位|客户|供应商|compan(y|ies)|(company[ _-]?)?names?)$/i;
const COMPANY = /(公司|集团|银行|厂|店|中心|合作社|事务所|研究院)[)）]?$|\b(co|ltd|inc|corp|company|group)\b/i;

/** The column that holds most companies, without its heading. */
function columnOf(rows: readonly (readonly unknown[])[]): string[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, column) => rows.map((row) => String(row[column] ?? "").trim()));
  const companies = (column: string[]) => column.filter((cell) => COMPANY.test(cell)).length;
  const [best] = columns.sort((a, b) => companies(b) - companies(a));
  if (best === undefined) return [];
  const [heading, ...rest] = best;
  return heading !== undefined && HEADING.test(heading) ? rest : best;
}
