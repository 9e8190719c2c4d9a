/**
 * What was found, and what of it is looked at: the filters, the graph of the rest, the company selected. Counting and
 * adding up is the package's; here rows are only let through or not.
 */
import { computed, signal } from "@preact/signals";
import {
  type CompanyLink,
  type CompanyNode,
  type PartnershipRelation,
  RelationGraph,
  type TimelineBucket,
} from "qcc-pro";

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

/** A graph and its lists, each made when it is first asked for. */
class GraphView {
  #companies: CompanyNode[] | undefined;
  #links: CompanyLink[] | undefined;
  #timeline: TimelineBucket[] | undefined;

  constructor(readonly graph: RelationGraph) {}

  get companies() {
    return (this.#companies ??= this.graph.companies());
  }

  get links() {
    return (this.#links ??= this.graph.links());
  }

  get timeline() {
    return (this.#timeline ??= this.graph.timeline("month"));
  }
}

/** Kept while filters come and go, so that clearing them costs nothing. */
const whole = computed(() => new GraphView(RelationGraph.from(found.value)));

const view = computed(() => {
  if (growing.value) return new GraphView(growing.value);
  return filter.value === OPEN ? whole.value : new GraphView(RelationGraph.from(shown.value));
});

export const graph = computed(() => view.value.graph);
export const nodes = computed(() => view.value.companies);
export const links = computed(() => view.value.links);
export const timeline = computed(() => view.value.timeline);

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
