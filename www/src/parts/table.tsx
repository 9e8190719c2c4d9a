/** The relations in a table that can be sorted by any column: a page at a time, which the engine hands out. */
import { effect, signal } from "@preact/signals";
import type { PartnershipRelation } from "qcc-pro";
import { engine, found } from "../engine";
import type { Field, Order } from "../engine/messages";
import { words } from "../words";

const PAGE_SIZE = 20;

const lastPage = (shown: number) => Math.max(0, Math.ceil(shown / PAGE_SIZE) - 1);

const order = signal<Order | null>(null);
const wanted = signal(0);
const rows = signal<PartnershipRelation[]>([]);

let asked = 0;

effect(() => {
  const { shown } = found.value;
  const page = Math.min(wanted.value, lastPage(shown));
  const sorting = order.value;
  const number = ++asked;
  if (shown === 0) {
    rows.value = [];
    return;
  }
  void engine.rows(sorting, page * PAGE_SIZE, PAGE_SIZE).then((got) => {
    // Others may have been wanted meanwhile.
    if (number === asked) rows.value = got;
  });
});

interface Column {
  field: Field;
  title: string;
  numeric?: boolean;
}

export function RelationTable() {
  const { relations: text, locale } = words.value;
  const columns: Column[] = [
    { field: "companyName", title: text.companyName },
    { field: "relatedCompanyName", title: text.relatedCompanyName },
    { field: "amount", title: `${text.amount} (${text.unit})`, numeric: true },
    { field: "publicDate", title: text.publicDate },
    { field: "source", title: text.source },
  ];
  const cell = (row: PartnershipRelation, field: Field) =>
    (field === "amount" ? row.amountWan?.toLocaleString(locale, { maximumFractionDigits: 6 }) : null) ?? row[field] ?? text.missing;
  return (
    <>
      <div class="table-frame" tabIndex={0} role="region" aria-label={text.caption}>
        <table>
          <caption class="unseen">{text.caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Heading key={column.field} {...column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.value.map((row, index) => (
              <tr key={index}>
                {columns.map(({ field, title, numeric }) => (
                  <td key={field} data-title={title} class={numeric ? "numeric" : undefined}>
                    {cell(row, field)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pages />
    </>
  );
}

function Heading({ field, title, numeric }: Column) {
  const sorting = order.value?.field === field ? order.value : null;
  const choose = () => {
    // Figures are looked at from the largest on, words from the first.
    order.value = { field, down: sorting ? !sorting.down : numeric === true };
    wanted.value = 0;
  };
  return (
    <th
      scope="col"
      class={numeric ? "numeric" : undefined}
      aria-sort={sorting === null ? "none" : sorting.down ? "descending" : "ascending"}
    >
      <button type="button" title={words.value.relations.sortBy(title)} onClick={choose}>
        {title}
      </button>
    </th>
  );
}

function Pages() {
  const text = words.value.relations;
  const last = lastPage(found.value.shown);
  const page = Math.min(wanted.value, last);
  if (last === 0) return null;
  return (
    <nav class="pages" aria-label={text.caption}>
      <button type="button" disabled={page === 0} onClick={() => (wanted.value = page - 1)}>
        {text.previous}
      </button>
      <span role="status">{text.page(page + 1, last + 1)}</span>
      <button type="button" disabled={page === last} onClick={() => (wanted.value = page + 1)}>
        {text.next}
      </button>
    </nav>
  );
}
