/** Spreadsheets, read and written in a worker that is loaded when the first one comes. */
import type { Cell, FromSpreadsheetWorker, ToSpreadsheetWorker } from "./spreadsheet.worker";

async function inWorker(message: ToSpreadsheetWorker): Promise<FromSpreadsheetWorker> {
  const { default: SpreadsheetWorker } = await import("./spreadsheet.worker?worker");
  const worker = new SpreadsheetWorker();
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<FromSpreadsheetWorker>) =>
        data.type === "failed" ? reject(new Error(data.message)) : resolve(data);
      worker.onerror = (event) => reject(new Error(event.message || "the spreadsheet worker failed"));
      worker.postMessage(message);
    });
  } finally {
    worker.terminate();
  }
}

/** The cells of the first sheet. */
export async function readSheet(file: Blob): Promise<Cell[][]> {
  const answer = await inWorker({ type: "read", file });
  return answer.type === "rows" ? answer.rows : [];
}

/** A workbook of one sheet. */
export async function writeSheet(head: string[], rows: Cell[][]): Promise<Blob | undefined> {
  const answer = await inWorker({ type: "write", head, rows });
  return answer.type === "file" ? answer.file : undefined;
}
