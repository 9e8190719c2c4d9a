/** Names of companies out of a file: text, CSV in whatever encoding spreadsheets write it, XLSX, or standard input. */
import { open } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { extname } from "node:path";
import { columnOf } from "./column.js";
import { Problem } from "./exit.js";

/**
 * @param {string} path `-` for standard input
 * @returns {Promise<{ name: string, place: string }[]>} each name and where it stands
 */
export async function readList(path, { column, words }) {
  const bytes = path === "-" ? await fromInput(words) : await fromFile(path);
  const what = path === "-" ? words.list.input : path;
  if (bytes.length === 0) throw new Problem(words.list.empty(what), { hint: words.list.kinds });
  const cells = await cellsOf(bytes, path, column, what, words);
  const names = cells.filter(({ name }) => name !== "");
  if (names.length === 0) throw new Problem(words.list.noNames(what), { hint: words.list.kinds });
  return names;
}

async function cellsOf(bytes, path, column, what, words) {
  const place = (row) => words.list.place(what, row);
  const named = (rows) =>
    columnOf(rows, { column, what, words }).map(({ text, row }) => ({ name: text, place: place(row) }));
  // By what it is, not by what it is called: a workbook is a ZIP archive.
  if (bytes.subarray(0, 4).equals(Buffer.from("PK\x03\x04"))) return named(await sheet(bytes, what, words));
  if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) throw new Problem(words.list.oldExcel(what));
  if (extname(path).toLowerCase() === ".xlsx") throw new Problem(words.list.noWorkbook(what));
  const text = decode(bytes, what, words);
  const lines = text.split(/\r\n?|\n/).map((line) => line.trim());
  // What is copied out of a spreadsheet has tabs, which no name has.
  const isTable = column !== undefined || /\.(csv|tsv)$/i.test(path) || lines.some((line) => line.includes("\t"));
  if (!isTable) return lines.map((line, index) => ({ name: line, place: place(index + 1) }));
  const { default: Papa } = await import("papaparse");
  return named(Papa.parse(text).data);
}

async function fromInput(words) {
  if (process.stdin.isTTY) throw new Problem(words.list.typed, { hint: words.list.kinds });
  return buffer(process.stdin);
}

async function fromFile(path) {
  const file = await open(path);
  try {
    return await file.readFile();
  } catch (error) {
    error.path ??= path;
    throw error;
  } finally {
    await file.close();
  }
}

async function sheet(bytes, what, words) {
  const { readSheet } = await import("read-excel-file/node");
  try {
    return await readSheet(bytes);
  } catch (cause) {
    throw new Problem(words.list.noWorkbook(what), { cause });
  }
}

/** UTF-8 or UTF-16 where it is; else GB18030, which has all of GBK: what Chinese spreadsheets write. */
function decode(bytes, what, words) {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  for (const encoding of ["utf-8", "gb18030"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Tried as the next one.
    }
  }
  throw new Problem(words.list.encoding(what), { hint: words.list.kinds });
}
