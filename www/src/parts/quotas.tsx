/** The account's modules as gauges. */
import type { ModuleQuota } from "qcc-pro";
import { quotas, refreshQuotas } from "../quotas";
import { words } from "../words";
import { Failure } from "./failure";
import { Section } from "./section";

export function QuotaSection() {
  const text = words.value.quotas;
  const now = quotas.value;
  return (
    <Section id="quotas" title={text.title} hint={text.hint}>
      {now.state === "failed" && <Failure problem={now.problem} />}
      {now.state === "known" && (
        <ul class="gauges">
          {now.quotas.map((quota) => (
            <Gauge key={quota.id} quota={quota} />
          ))}
        </ul>
      )}
      <button type="button" disabled={now.state === "asking"} onClick={() => void refreshQuotas()}>
        {now.state === "none" ? text.ask : text.refresh}
      </button>
    </Section>
  );
}

function Gauge({ quota }: { quota: ModuleQuota }) {
  const text = words.value.quotas;
  const { id, totalCount, consumedCount, canDeletedCount, remainingCount } = quota;
  const count = (value: number) => value.toLocaleString(words.value.locale);
  const name = text.names[id] ?? quota.name;
  const used = totalCount > 0 ? Math.min(1, Math.max(0, consumedCount / totalCount)) : 0;
  return (
    <li class="gauge">
      <h3>{name}</h3>
      <p class="figure">
        <span class="number">{count(remainingCount)}</span> {text.left}
      </p>
      <svg class="meter" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
        <rect class="meter-all" width="100" height="2" />
        <rect class="meter-used" width={100 * used} height="2" />
      </svg>
      <p class="facts">
        {text.of(count(consumedCount), count(totalCount))} · {text.deletable(canDeletedCount)}
      </p>
    </li>
  );
}
