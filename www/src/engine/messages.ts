/** What the page and its engine, a worker, tell one another. */
import type {
  CompanyLink,
  CompanyNode,
  ResultMeta,
  ScanProgress,
  ScanReport,
  TimelineBucket,
} from "qcc-pro";
import type { Problem } from "./problem";

/** A plan's figures, and which companies its first calls hold: by their places in the list, `width` to a call. */
export interface PlanFigures {
  companies: number;
  pairs: number;
  calls: number;
  lowerBound: number;
  naiveCalls: number;
  drawn: Uint32Array;
  width: number;
}

/** Where a call has fewer companies than `width`. */
export const NO_COMPANY = 0xffffffff;

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

/** The relations there are, and what can be filtered by. */
export interface Found {
  /** Another one whenever rows or filter have changed. */
  version: number;
  /** Of all, and of those the filter lets through. */
  relations: number;
  shown: number;
  sources: string[];
  years: number[];
}

/** The graph of the relations shown. */
export interface Picture {
  companies: number;
  links: number;
  /** The companies that do most business, by what it comes to; not all. */
  ranking: CompanyNode[];
  timeline: TimelineBucket[];
}

export type Field = "companyName" | "relatedCompanyName" | "amount" | "publicDate" | "source";

export interface Order {
  field: Field;
  down: boolean;
}

/** The links of one company, the weightiest first; not all of them. */
export interface Partners {
  name: string;
  count: number;
  links: (Omit<CompanyLink, "a" | "b"> & { name: string })[];
}

export type Answered =
  | { relations: number; companies: number; meta: ResultMeta; problem?: never }
  | { problem: Problem };

export type Report = Pick<ScanReport, "calls" | "done" | "unsupported" | "stopped"> & {
  failed: number;
  /** The first of them. */
  problems: Problem[];
};

/** What did not go as planned, and what was done about it. */
export type Detour = { type: "split"; companies: number; into: number } | { type: "unsupported"; company: string };

export type EngineEvent =
  | { type: "found"; found: Found }
  | { type: "picture"; picture: Picture }
  | { type: "progress"; progress: ScanProgress; detours: Detour[] };

/** The graph, for the worker that draws it: links by the companies' places in the list. */
export interface Drawing {
  type: "data";
  names: string[];
  degrees: Uint32Array;
  ends: Uint32Array;
  weights: Float64Array;
}
