/** What was found: how much it is, what it cost, and every relation in a table. */
import type { PartnershipRelation, ResultMeta } from "qcc-pro";
import { answer } from "../question";
import { run } from "../run";
import { shown } from "../results";
import { words } from "../words";
import { Failure } from "./failure";
import { Section } from "./section";
import { type Column, Table } from "./table";

export function RelationsSection() {
  const text = words.value.relations;
  const now = answer.value;
  const rows = shown.value;
  const ended = run.value.state === "ended";
  return (
    <Section id="relations" title={text.title} hint={now.state === "found" ? <Summary {...now} /> : text.count(rows.length)}>
      {now.state === "failed" && <Failure error={now.error} />}
      {now.state === "asking" && <Notice>{words.value.companies.asking}</Notice>}
      {now.state === "none" && rows.length === 0 && !ended && <p class="notice">{text.before}</p>}
      {(now.state === "found" || ended) && rows.length === 0 && <Notice>{text.none}</Notice>}
      {now.state !== "asking" && now.state !== "failed" && rows.length > 0 && <RelationTable relations={rows} />}
    </Section>
  );
}

function Notice({ children }: { children: string }) {
  return (
    <p class="notice" role="status">
      {children}
    </p>
  );
}

function Summary({ relations, meta }: { relations: PartnershipRelation[]; meta: ResultMeta }) {
  const companies = new Set(relations.flatMap((relation) => [relation.companyName, relation.relatedCompanyName]));
  return (
    <span role="status">
      {words.value.relations.summary(relations.length, companies.size)}
      <br />
      {cost(meta)} · {Math.round(meta.durationMs)} ms
    </span>
  );
}

/** What a call cost, in words. */
export function cost({ fromStore, billed, billedCalls }: ResultMeta): string {
  const text = words.value.billing;
  if (fromStore) return text.store;
  if (billed === "unknown") return text.unknown;
  if (!billed) return text.free;
  return billedCalls > 1 ? text.paidTimes(billedCalls) : text.paid;
}

export function RelationTable({ relations }: { relations: readonly PartnershipRelation[] }) {
  const text = words.value.relations;
  const columns: Column<PartnershipRelation>[] = [
    { id: "companyName", title: text.companyName, cell: (row) => row.companyName, by: (row) => row.companyName },
    {
      id: "relatedCompanyName",
      title: text.relatedCompanyName,
      cell: (row) => row.relatedCompanyName,
      by: (row) => row.relatedCompanyName,
    },
    {
      id: "amount",
      title: `${text.amount} (${text.unit})`,
      numeric: true,
      cell: (row) => row.amountWan?.toLocaleString(words.value.locale, { maximumFractionDigits: 6 }) ?? row.amount,
      by: (row) => row.amountWan,
    },
    { id: "publicDate", title: text.publicDate, cell: (row) => row.publicDate, by: (row) => row.publicDate },
    { id: "source", title: text.source, cell: (row) => row.source, by: (row) => row.source },
  ];
  return <Table caption={text.caption} columns={columns} rows={relations} />;
}
