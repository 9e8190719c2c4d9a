/** The two spreadsheet libraries, which are larger than the rest of the page: loaded when the first sheet comes. */

type Cell = string | number | null;

/** The cells of the first sheet. */
export async function readSheet(file: Blob): Promise<unknown[][]> {
  const { readSheet } = await import("read-excel-file/web-worker");
  return readSheet(file);
}

/** A workbook of one sheet. */
export async function writeSheet(head: string[], rows: Cell[][]): Promise<Blob> {
  const { default: writeExcelFile } = await import("write-excel-file/universal");
  const titles = head.map((value) => ({ value, type: String, fontWeight: "bold" as const }));
  const cells = rows.map((row) =>
    row.map((value) => (value === null ? null : typeof value === "number" ? { value, type: Number } : { value, type: String })),
  );
  const columns = [{ width: 34 }, { width: 34 }, { width: 18 }, { width: 20 }, { width: 16 }];
  return writeExcelFile([titles, ...cells], { columns, stickyRowsCount: 1 }).toBlob();
}
