/**
 * What was found, and what of it is looked at. Counting and adding up is the package's; here rows are gathered, let through
 * or not, and put in order.
 */
import { type CompanyLink, type CompanyNode, type PartnershipRelation, RelationGraph } from "qcc-pro";
import { type Drawing, type Field, type Filter, type Found, OPEN, type Order, type Partners, type Picture } from "./messages";

/** As many companies as the page lists for the search; the ranking shows the first few. */
const MOST_RANKED = 60;
/** As many partners as are listed; the network and the table have all. */
const MOST_PARTNERS = 60;

const collator = new Intl.Collator("zh-CN", { numeric: true });

/** What of the rows one filter lets through, and their graph, which grows with them. */
class Part {
  rows: PartnershipRelation[] = [];
  /** How many of all rows were looked at. */
  #seen = 0;
  #graph = new RelationGraph();
  #inGraph = 0;
  #companies: CompanyNode[] | undefined;
  #links: CompanyLink[] | undefined;

  constructor(readonly filter: Filter) {}

  take(all: readonly PartnershipRelation[]) {
    for (; this.#seen < all.length; this.#seen += 1) {
      const row = all[this.#seen]!;
      if (passes(this.filter, row)) this.rows.push(row);
    }
  }

  get graph(): RelationGraph {
    if (this.#inGraph < this.rows.length) {
      this.#graph.add(this.rows.slice(this.#inGraph));
      this.#inGraph = this.rows.length;
      this.#companies = this.#links = undefined;
    }
    return this.#graph;
  }

  /** The one with most business first. */
  get companies(): CompanyNode[] {
    const { graph } = this;
    return (this.#companies ??= graph.companies().sort((a, b) => b.totalWan - a.totalWan || b.degree - a.degree));
  }

  get links(): CompanyLink[] {
    const { graph } = this;
    return (this.#links ??= graph.links());
  }

  /** Works out, step by step, what is asked for next; tells of each how long it took, in milliseconds. */
  *prepare(): Generator<number> {
    for (const step of [() => this.graph, () => this.companies, () => this.links]) {
      const begin = performance.now();
      step();
      yield performance.now() - begin;
    }
  }

  free() {
    this.#graph.free();
  }
}

function passes({ leastWan, source, from, to }: Filter, relation: PartnershipRelation): boolean {
  const { amountWan, period } = relation;
  if (leastWan > 0 && !(amountWan !== null && amountWan >= leastWan)) return false;
  if (source !== null && relation.source !== source) return false;
  if (from !== null && !(period && period.year >= from)) return false;
  return to === null || (period !== null && period.year <= to);
}

export class Results {
  #all: PartnershipRelation[] = [];
  /** Pairs that have their rows; one that another call has seen as well comes with the same ones. */
  #pairs = new Set<string>();
  #sources = new Set<string>();
  #years = new Set<number>();
  /** Kept while filters come and go, so that clearing them costs nothing. */
  #whole = new Part(OPEN);
  #part = this.#whole;
  #version = 0;
  /** Whether what was made ready last is no longer what is looked at. */
  isStale = false;
  #sorted: { version: number; order: Order; rows: PartnershipRelation[] } | undefined;

  /** Begins anew with these rows. */
  replace(rows: readonly PartnershipRelation[]) {
    const { filter } = this.#part;
    this.#drop();
    this.#whole.free();
    this.#all = [];
    this.#pairs.clear();
    this.#sources.clear();
    this.#years.clear();
    this.#part = this.#whole = new Part(OPEN);
    this.#append(rows);
    this.filter(filter);
  }

  /** Takes one call's rows. */
  add(rows: readonly PartnershipRelation[]) {
    const key = ({ companyName: a, relatedCompanyName: b }: PartnershipRelation) => (a < b ? `${a}\n${b}` : `${b}\n${a}`);
    const fresh = rows.filter((row) => !this.#pairs.has(key(row)));
    for (const row of fresh) this.#pairs.add(key(row));
    this.#append(fresh);
  }

  #append(rows: readonly PartnershipRelation[]) {
    if (rows.length === 0) return;
    for (const row of rows) {
      this.#all.push(row);
      if (row.source !== null) this.#sources.add(row.source);
      if (row.period) this.#years.add(row.period.year);
    }
    this.#version += 1;
  }

  filter(filter: Filter) {
    this.#drop();
    const { leastWan, source, from, to } = filter;
    const open = leastWan === 0 && source === null && from === null && to === null;
    this.#part = open ? this.#whole : new Part(filter);
    this.#version += 1;
  }

  #drop() {
    if (this.#part !== this.#whole) this.#part.free();
  }

  get #now(): Part {
    this.#part.take(this.#all);
    return this.#part;
  }

  get version() {
    return this.#version;
  }

  /** Makes the picture and the drawing ready, step by step; gives up where another filter has come in between. */
  *prepare(): Generator<number> {
    const part = this.#now;
    for (const took of part.prepare()) {
      yield took;
      if ((this.isStale = part !== this.#part)) return;
    }
  }

  get found(): Found {
    return {
      version: this.#version,
      relations: this.#all.length,
      shown: this.#now.rows.length,
      sources: [...this.#sources].sort(collator.compare),
      years: [...this.#years].sort((a, b) => a - b),
    };
  }

  get picture(): Picture {
    const { companies, links, graph } = this.#now;
    return {
      companies: companies.length,
      links: links.length,
      ranking: companies.slice(0, MOST_RANKED),
      timeline: graph.timeline("month"),
    };
  }

  get drawing(): Drawing {
    const { companies, links } = this.#now;
    const places = new Map(companies.map(({ name }, index) => [name, index]));
    const ends = new Uint32Array(2 * links.length);
    links.forEach(({ a, b }, index) => {
      ends[2 * index] = places.get(a)!;
      ends[2 * index + 1] = places.get(b)!;
    });
    return {
      type: "data",
      names: companies.map(({ name }) => name),
      degrees: Uint32Array.from(companies, ({ degree }) => degree),
      ends,
      weights: Float64Array.from(links, ({ totalWan }) => totalWan),
    };
  }

  /** The company meant: the very name, else the one with most business that holds what was typed. */
  find(typed: string): string | null {
    const { companies } = this.#now;
    const exact = companies.find(({ name }) => name === typed);
    return (exact ?? companies.find(({ name }) => name.includes(typed)))?.name ?? null;
  }

  partners(name: string): Partners {
    const links = this.#now.graph
      .neighbours(name)
      .map(({ a, b, ...link }) => ({ ...link, name: a === name ? b : a }))
      .sort((a, b) => b.totalWan - a.totalWan || b.relationCount - a.relationCount);
    return { name, count: links.length, links: links.slice(0, MOST_PARTNERS) };
  }

  /** `count` of the rows shown, from one of them on. */
  rows(order: Order | null, from: number, count: number): PartnershipRelation[] {
    const { rows } = this.#now;
    if (order === null) return rows.slice(from, from + count);
    const { version, order: known } = this.#sorted ?? {};
    if (version !== this.#version || known?.field !== order.field || known.down !== order.down) {
      this.#sorted = { version: this.#version, order, rows: sorted(rows, order) };
    }
    return this.#sorted!.rows.slice(from, from + count);
  }

  get graph(): RelationGraph {
    return this.#now.graph;
  }

  get shown(): readonly PartnershipRelation[] {
    return this.#now.rows;
  }
}

/** In order, whichever way; rows without the field last. */
function sorted(rows: readonly PartnershipRelation[], { field, down }: Order): PartnershipRelation[] {
  const rank = field === "amount" ? ({ amountWan }: PartnershipRelation) => amountWan : ranked(rows, field);
  const sign = down ? -1 : 1;
  return rows
    .map((row) => ({ row, value: rank(row) }))
    .sort(({ value: a }, { value: b }) =>
      a === null || b === null ? Number(a === null) - Number(b === null) : sign * (a - b),
    )
    .map(({ row }) => row);
}

/** Comparing as a language does costs much; each different text is compared but once. */
function ranked(rows: readonly PartnershipRelation[], field: Exclude<Field, "amount">) {
  const texts = new Set<string>();
  for (const row of rows) if (row[field] !== null) texts.add(row[field]);
  const ranks = new Map([...texts].sort(collator.compare).map((text, index) => [text, index]));
  return (row: PartnershipRelation) => (row[field] === null ? null : ranks.get(row[field])!);
}
