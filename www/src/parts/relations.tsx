/** What was found: how much it is, what it cost, and every relation in a table. */
import { found } from "../engine";
import type { Answered } from "../engine/messages";
import type { Problem } from "../engine/problem";
import type { Cost } from "../faults";
import { answer } from "../question";
import { run } from "../run";
import { words } from "../words";
import { Failure } from "./failure";
import { Section } from "./section";
import { RelationTable } from "./table";

export function RelationsSection() {
  const text = words.value.relations;
  const now = answer.value;
  const { relations, shown } = found.value;
  const ended = run.value.state === "ended";
  return (
    <Section
      id="relations"
      title={text.title}
      hint={now.state === "found" ? <Summary {...now} /> : text.count(shown, relations)}
    >
      {now.state === "failed" && <Failure problem={now.problem} />}
      {now.state === "asking" && <Notice>{words.value.companies.asking}</Notice>}
      {now.state === "none" && relations === 0 && !ended && <p class="notice">{text.before}</p>}
      {(now.state === "found" || ended) && relations === 0 && <Notice>{text.none}</Notice>}
      {relations > 0 && shown === 0 && <Notice>{text.filtered}</Notice>}
      {now.state !== "asking" && now.state !== "failed" && shown > 0 && <RelationTable />}
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

function Summary({ relations, companies, meta }: Exclude<Answered, { problem: Problem }>) {
  return (
    <span role="status">
      {words.value.relations.summary(relations, companies)}
      <br />
      {cost(meta)} · {Math.round(meta.durationMs)} ms
    </span>
  );
}

/** What a call cost, in words. */
export function cost({ fromStore, billed, billedCalls }: Cost): string {
  const text = words.value.billing;
  if (fromStore) return text.store;
  if (billed === "unknown") return text.unknown;
  if (!billed) return text.free;
  return billedCalls > 1 ? text.paidTimes(billedCalls) : text.paid;
}
