/** The two spreadsheet libraries, which are larger than the rest of the page, off its thread. */
import { readSheet } from "read-excel-file/web-worker";
import writeExcelFile from "write-excel-file/universal";

export type Cell = string | number | null;

export type ToSpreadsheetWorker = { type: "read"; file: Blob } | { type: "write"; head: string[]; rows: Cell[][] };

export type FromSpreadsheetWorker =
  | { type: "rows"; rows: Cell[][] }
  | { type: "file"; file: Blob }
  | { type: "failed"; message: string };

const tell = (message: FromSpreadsheetWorker) => postMessage(message);

onmessage = async ({ data: message }: MessageEvent<ToSpreadsheetWorker>) => {
  try {
    if (message.type === "read") {
      const rows = await readSheet(message.file);
      tell({ type: "rows", rows: rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell : cell === null ? null : String(cell)))) });
      return;
    }
    const head = message.head.map((value) => ({ value, type: String, fontWeight: "bold" as const }));
    const rows = message.rows.map((row) =>
      row.map((value) => (value === null ? null : typeof value === "number" ? { value, type: Number } : { value, type: String })),
    );
    const columns = [{ width: 34 }, { width: 34 }, { width: 18 }, { width: 20 }, { width: 16 }];
    tell({ type: "file", file: await writeExcelFile([head, ...rows], { columns, stickyRowsCount: 1 }).toBlob() });
  } catch (error) {
    tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};
