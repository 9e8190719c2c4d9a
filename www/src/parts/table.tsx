/** A table that can be sorted by any column and is shown a page at a time, however many rows there are. */
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { words } from "../words";

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ComponentChildren;
  /** What it is sorted by; nothing comes last, whichever way. */
  by: (row: Row) => string | number | null;
  numeric?: boolean;
}

interface Properties<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  pageSize?: number;
}

interface Order {
  column: string;
  down: boolean;
}

export function Table<Row>({ caption, columns, rows, pageSize = 20 }: Properties<Row>) {
  const text = words.value.relations;
  const [order, setOrder] = useState<Order | null>(null);
  const [wanted, setPage] = useState(0);
  const by = columns.find((column) => column.id === order?.column)?.by;
  const sorted = useMemo(() => (by && order ? sort(rows, by, order.down) : rows), [rows, order]);
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = Math.min(wanted, pages - 1);
  const choose = (column: Column<Row>) => {
    // Figures are looked at from the largest on, words from the first.
    const down = order?.column === column.id ? !order.down : column.numeric === true;
    setOrder({ column: column.id, down });
    setPage(0);
  };
  return (
    <>
      <div class="table-frame" tabIndex={0} role="region" aria-label={caption}>
        <table>
          <caption class="unseen">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.id}
                  scope="col"
                  class={column.numeric ? "numeric" : undefined}
                  aria-sort={order?.column !== column.id ? "none" : order.down ? "descending" : "ascending"}
                >
                  <button type="button" title={text.sortBy(column.title)} onClick={() => choose(column)}>
                    {column.title}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(page * pageSize, (page + 1) * pageSize).map((row, index) => (
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column.id} data-title={column.title} class={column.numeric ? "numeric" : undefined}>
                    {column.cell(row) ?? text.missing}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <nav class="pages" aria-label={caption}>
          <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>
            {text.previous}
          </button>
          <span role="status">{text.page(page + 1, pages)}</span>
          <button type="button" disabled={page === pages - 1} onClick={() => setPage(page + 1)}>
            {text.next}
          </button>
        </nav>
      )}
    </>
  );
}

const collator = new Intl.Collator("zh-CN", { numeric: true });

function sort<Row>(rows: readonly Row[], by: Column<Row>["by"], down: boolean): Row[] {
  const sign = down ? -1 : 1;
  return rows
    .map((row) => ({ row, value: by(row) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      return sign * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(`${a}`, `${b}`));
    })
    .map(({ row }) => row);
}
