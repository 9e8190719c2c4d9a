/** When relations were published, a bar a month. What is known to the year alone stands behind its twelve months. */
import { picture } from "../engine";
import { words } from "../words";
import { Section } from "./section";

export function TimelineSection() {
  const text = words.value.timeline;
  const buckets = picture.value.timeline.flatMap(({ period, relationCount }) => {
    if (period === null) return [];
    const [year, month] = period.split("-").map(Number);
    return [{ period, year: year!, month: month ?? null, relationCount }];
  });
  if (buckets.length === 0) return null;
  const first = Math.min(...buckets.map(({ year }) => year));
  const last = Math.max(...buckets.map(({ year }) => year));
  const most = Math.max(...buckets.map(({ relationCount }) => relationCount));
  const peak = buckets.find(({ relationCount }) => relationCount === most)!;
  const count = last - first + 1;
  const every = Math.ceil(count / 12);
  const height = (value: number) => Math.max(1.5, (96 * value) / most);
  return (
    <Section id="timeline" title={text.title} hint={text.hint}>
      <figure>
        <svg
          class="timeline"
          viewBox={`0 0 ${12 * count} 100`}
          preserveAspectRatio="none"
          role="img"
          aria-label={text.describe(first, last, peak.period, most)}
        >
          {buckets.map(({ period, year, month, relationCount }) => (
            <rect
              key={period}
              class={month === null ? "of-year" : "of-month"}
              x={12 * (year - first) + (month === null ? 0.1 : month - 1 + 0.12)}
              width={month === null ? 11.8 : 0.76}
              y={100 - height(relationCount)}
              height={height(relationCount)}
            >
              <title>{text.bar(period, relationCount)}</title>
            </rect>
          ))}
        </svg>
        <figcaption class="years" aria-hidden="true">
          {Array.from({ length: count }, (_, index) => (
            <span key={index}>{index % every === 0 ? first + index : ""}</span>
          ))}
        </figcaption>
      </figure>
    </Section>
  );
}
