/**
 * What was found, and what of it is looked at: the filters, the graph of the rest, the company selected. Counting and
 * adding up is the package's; here rows are only let through or not.
 */
import { computed, signal } from "@preact/signals";
import { type PartnershipRelation, RelationGraph } from "qcc-pro";

export interface Filter {
  /** 万元; relations without a readable amount pass only at 0. */
  leastWan: number;
  /** Null: all. */
  source: string | null;
  /** Years, both included; null: open. Relations without a date pass only where both are. */
  from: number | null;
  to: number | null;
}

export const OPEN: Filter = { leastWan: 0, source: null, from: null, to: null };

export const found = signal<readonly PartnershipRelation[]>([]);
export const filter = signal<Filter>(OPEN);
export const selected = signal<string | null>(null);

export const sources = computed(() =>
  [...new Set(found.value.flatMap((relation) => relation.source ?? []))].sort((a, b) => a.localeCompare(b, "zh-CN")),
);

export const years = computed(() =>
  [...new Set(found.value.flatMap((relation) => relation.period?.year ?? []))].sort((a, b) => a - b),
);

export const shown = computed(() => {
  const { leastWan, source, from, to } = filter.value;
  if (filter.value === OPEN) return found.value;
  return found.value.filter(({ amountWan, period, ...relation }) => {
    if (leastWan > 0 && !(amountWan !== null && amountWan >= leastWan)) return false;
    if (source !== null && relation.source !== source) return false;
    if (from !== null && !(period && period.year >= from)) return false;
    return to === null || (period !== null && period.year <= to);
  });
});

/** What a run has found so far, while it runs; the filters wait for its end. */
export const growing = signal<RelationGraph | null>(null);

export const graph = computed(() => growing.value ?? RelationGraph.from(shown.value));
export const nodes = computed(() => graph.value.companies());
export const links = computed(() => graph.value.links());
export const timeline = computed(() => graph.value.timeline("month"));

/** The companies that do most business, by what it comes to. */
export const ranking = computed(() => [...nodes.value].sort((a, b) => b.totalWan - a.totalWan || b.degree - a.degree));

/** The links of the company selected, the weightiest first. */
export const neighbours = computed(() => {
  const name = selected.value;
  if (name === null) return [];
  return links.value
    .filter(({ a, b }) => a === name || b === name)
    .map(({ a, b, ...link }) => ({ ...link, name: a === name ? b : a }))
    .sort((a, b) => b.totalWan - a.totalWan || b.relationCount - a.relationCount);
});
