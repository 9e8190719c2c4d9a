/**
 * qcc-pro: the client for 企查查专业版 (QCC Pro, `pro.qcc.com`): signed, billed questions about Chinese companies.
 *
 * @packageDocumentation
 */

declare global {
  // For compilers before 5.2 and projects without lib `esnext.disposable`; where it is declared this says the same.
  interface SymbolConstructor {
    /** Names the method that ends the use of an object. */
    readonly dispose: unique symbol;
  }
  // For projects without the types of a page: there, a type of this name has no more in it either.
  namespace WebAssembly {
    /** A compiled module. */
    interface Module {}
  }
}

/** The two headers that sign one request. Both come from one reading of the clock: use them at once, and once. */
export interface SigningHeaders {
  /** 32 upper-case hexadecimal characters: the MD5 of key + Timespan + SecretKey. */
  Token: string;
  /** Unix time in whole seconds, as decimal text. */
  Timespan: string;
}

/**
 * The headers `Token` and `Timespan` for one request.
 *
 * @param input.key 公司 key 值, from 设置中心 → 我的公司
 * @param input.secretKey 密钥, from the same page; it takes part in the hash and goes nowhere
 * @param input.timespan Unix time in seconds; now, if left out
 * @throws {QccError} of kind `config` where one of them cannot sign
 * @example
 * const response = await fetch(url, { headers: { ...sign({ key, secretKey }) } });
 */
export function sign(input: { key: string; secretKey: string; timespan?: number }): SigningHeaders;

/** What kind of answer or failure something is: what a program branches on. */
export type QccErrorKind =
  /** The input cannot be sent (nothing was), or QCC refused it as wrong (202, 209, 213). */
  | "invalid-argument"
  /** Key, secret, signature or IP address refused (101, 104, 107, 115). */
  | "auth"
  /** Arrears, suspension, no balance (102, 103, 112, 119). */
  | "account"
  /** A daily limit is reached (109, 116). */
  | "quota"
  /** QCC blocks the account for what it sent before (106, 108, 117). */
  | "blocked"
  /** The account may not use this endpoint in this way (111, 113, 114, 118, 214, 223). */
  | "permission"
  /** A company or keyword that the endpoint does not serve (208, 215, 218, 219). */
  | "unsupported"
  /** The answer would have more than 5000 rows (207). */
  | "too-many-rows"
  /** Still being processed after all polls (205). */
  | "pending"
  /** QCC failed inside (199, 203, 500, 110, 120, 122). */
  | "server"
  /** An HTTP status other than 2xx without an answer of QCC's. */
  | "http"
  /** No connection, or one that broke. */
  | "network"
  /** No answer in time. */
  | "timeout"
  /** Aborted by a signal that gave no reason. */
  | "aborted"
  /** The answer is not what the documents describe. */
  | "malformed-response"
  /** A code that is in no table. */
  | "unknown-status"
  /** The client is set up wrongly. */
  | "config"
  /** A trap inside our WebAssembly; the instance was replaced and the next call works. */
  | "internal";

/** Whether something was billed; `"unknown"` where the request may have reached the server and nobody can tell. */
export type Billed = boolean | "unknown";

/** The one error of this package. Neither key nor secret is in any of its texts. */
export class QccError extends Error {
  private constructor();
  /** Tells it apart from other errors, where `QccError.is` is not at hand. */
  readonly name: "QccError";
  /** What a program branches on. */
  readonly kind: QccErrorKind;
  /** QCC's code, where there is one. */
  readonly status: number | null;
  /** The HTTP status, where there was an answer. */
  readonly httpStatus: number | null;
  /** Whether anything of this call was billed. */
  readonly billed: Billed;
  /** How many of its attempts were billed for certain. */
  readonly billedCalls: number;
  /** Would the same call have a chance later? */
  readonly retryable: boolean;
  /** The vendor's number of the request, for asking 400-928-2212 about it. */
  readonly requestId: string | null;
  /** How many attempts were sent. */
  readonly attempts: number;
  /** What to do about it, one sentence. */
  readonly hint: string;
  /** The start of what came, at most 2 KiB, with keys masked. */
  readonly body: string | null;
  /** Whether the refusal was paid for earlier and came out of the store. */
  readonly fromStore: boolean;
  /** What fetch threw, or Node's own HTTP. */
  readonly cause?: unknown;
  /** Everything above but the cause and the stack. */
  toJSON(): Record<string, unknown>;
  /** Whether `value` is a QccError of this copy of the package or of any other. */
  static is(value: unknown): value is QccError;
}

/** One row of the table of status codes. */
export interface StatusInfo {
  /** QCC's code. */
  code: number;
  /** What kind of answer it is. */
  kind: QccErrorKind | "success";
  /** Whether it counts against the account (有效请求). */
  billed: boolean;
  /** Would the same call have a chance later? */
  retryable: boolean;
  /** The vendor's words. */
  zh: string;
  /** The same in English. */
  en: string;
  /** What to do about it, one sentence. */
  hint: string;
}

/** The table's row for `code`, or null for a code it does not have. */
export function statusInfo(code: number): StatusInfo | null;

/**
 * A place where answers that were paid for are kept. A `Map` and a Keyv fit as they are.
 *
 * A store that fails costs no answer: the call is made, or its answer returned, and `onEvent` told. One that hangs is waited
 * for: when it is read, for `timeoutMs` or half of `deadlineMs`; when it is written, until the call's deadline, since an
 * answer (or the error of a call that was billed) is kept before anybody sees it. So give a store on another machine a time
 * limit of its own. A run ends, with `stopped: "store"`, rather than pay for what may be lost.
 */
export interface QccStore {
  /** The text kept under `key`, or a promise of it; anything but a text counts as nothing kept. */
  get(key: string): unknown;
  /** Keeps `value`, for `ttlMs` milliseconds where given; the answer is counted once the promise is fulfilled. */
  set(key: string, value: string, ttlMs?: number): unknown;
}

/** When a call is sent again. Only what was not billed and passes by itself ever is, unless `resendWhenUnknown`. */
export interface RetryOptions {
  /** How often a call is sent again at most. @default 2 */
  maxRetries?: number | undefined;
  /** The longest wait before the first retry; it doubles with each, and the wait is drawn evenly up to it. @default 500 */
  baseDelayMs?: number | undefined;
  /** What the doubling ends at. @default 8000 */
  maxDelayMs?: number | undefined;
  /** Whether a call that may have reached the server is sent again: it may then be paid twice. @default false */
  resendWhenUnknown?: boolean | undefined;
}

/** How long an answer «being processed» (205) is asked for. Each asking may be billed. */
export interface PendingOptions {
  /** How often it is asked for again. @default 3 */
  maxPolls?: number | undefined;
  /** The wait before each asking. @default 2000 */
  delayMs?: number | undefined;
}

/** Something that happened, for logs and metrics. No secret, key, Token or company name is in it. */
export interface QccEvent {
  /** `request` and `response`: an attempt; `retry`, `wait`, `skew`: why there will be another; `store`: the store failed; `abort`. */
  type: "request" | "response" | "retry" | "wait" | "skew" | "store" | "abort";
  /** The endpoint's name, or the path of one we do not know. */
  endpoint: string;
  /** Which attempt of the call, from 1 on. */
  attempt: number;
  /** QCC's code. */
  status?: number;
  /** The HTTP status of a `response`. */
  httpStatus?: number;
  /** Whether the attempt (for `abort`: the call) was billed. */
  billed?: Billed;
  /** How long the attempt took. */
  durationMs?: number;
  /** How long will be waited. */
  waitMs?: number;
  /** By how much the server's clock is ahead of ours. */
  offsetMs?: number;
  /** What happened, in words. */
  message?: string;
}

/** Options of a client. */
export interface QccClientOptions {
  /** 公司 key 值. @default the environment's QCC_KEY */
  key?: string | undefined;
  /** 密钥. Never give it to a browser. @default the environment's QCC_SECRET_KEY */
  secretKey?: string | undefined;
  /** Where QCC Pro is. @default the environment's QCC_BASE_URL, else https://pro.qcc.com */
  baseUrl?: string | undefined;
  /** The URL of a qcc-pro gateway, on a page also relative: then neither key nor secretKey is given here. */
  gateway?: string | undefined;
  /** One attempt, its body included. @default 30000 */
  timeoutMs?: number | undefined;
  /** The whole call with its retries and waits. @default 120000 */
  deadlineMs?: number | undefined;
  /** When a call is sent again. */
  retry?: RetryOptions | undefined;
  /** How long an answer «being processed» (205) is asked for. */
  pending?: PendingOptions | undefined;
  /**
   * Called with a URL and an init, as the global one is. In Node, left out, requests go through `node:http` and `node:https`: they are
   * quicker, and tell whether anything was sent. The global fetch is used there all the same where somebody has replaced it or
   * has set a dispatcher for it (a proxy, a mock); `fetch: globalThis.fetch` always means fetch. @default the global fetch; in Node its own HTTP
   */
  fetch?: typeof globalThis.fetch | undefined;
  /** Answers paid for are kept here and read from here. */
  store?: QccStore | undefined;
  /** How long a kept answer is used. @default for ever */
  storeTtlMs?: number | undefined;
  /** Further headers for every request. */
  headers?: Record<string, string> | undefined;
  /** Told of every attempt, wait and failure of a store. What it throws is ignored. */
  onEvent?: ((event: QccEvent) => void) | undefined;
  /** A secretKey in a browser is refused without it: anybody who opens the page can read it. @default false */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** Options of one call. */
export interface RequestOptions {
  /** Its reason is what an aborted call rejects with. */
  signal?: AbortSignal | null | undefined;
  /** One attempt, its body included. @default the client's */
  timeoutMs?: number | undefined;
  /** The whole call with its retries and waits. @default the client's */
  deadlineMs?: number | undefined;
  /** When this call is sent again. @default the client's */
  retry?: RetryOptions | undefined;
  /** How long an answer «being processed» (205) is asked for. @default the client's */
  pending?: PendingOptions | undefined;
  /** Another store for this call, or null for none. */
  store?: QccStore | null | undefined;
}

/** What stands beside an answer. Equal questions that are asked at once share a call; each of them tells what it cost. */
export interface ResultMeta {
  /** How many attempts were sent; 0 for an answer out of the store. */
  attempts: number;
  /** Whether this call was billed; false for an answer out of the store. */
  billed: Billed;
  /** How many of its attempts were billed for certain: polls count too. */
  billedCalls: number;
  /** How many more may have been billed; other than 0 only with `resendWhenUnknown` or after a 502 or 504. */
  unknownCalls: number;
  /** Whether the answer was paid for earlier. */
  fromStore: boolean;
  /** The HTTP status of the answer. */
  httpStatus: number;
  /** From the question to the answer. */
  durationMs: number;
  /** The second it was signed for, Unix time. */
  timespan: number;
}

/** A part of a year in which something was published or reported, as exact as the vendor's text is. Frozen: rows share it. */
export interface Period {
  /** Of the Gregorian calendar, four digits. */
  readonly year: number;
  /** 1 to 12 */
  readonly month: number | null;
  /** 1 to 31 */
  readonly day: number | null;
}

/** Two companies that supply one another. No field tells supplier from customer: the order is the vendor's. */
export interface PartnershipRelation {
  /** One of the two companies, in the caller's spelling where it was asked for. */
  companyName: string;
  /** The other one. */
  relatedCompanyName: string;
  /** 合作金额(万元), as it came. */
  amount: string | null;
  /** The same as a number, in 万元 (10,000 yuan); null where it is no plain number. */
  amountWan: number | null;
  /** 报告期/公开时间, as it came. */
  publicDate: string | null;
  /** The same read as a date; null where it is none. */
  period: Period | null;
  /** 公开来源, for example 招投标. */
  source: string | null;
  /** Fields this version does not know. */
  extra?: Record<string, unknown>;
}

/** The answer to findPartnershipRelation. */
export interface PartnershipResult {
  /** 200, or 201 for nothing found. */
  status: number;
  /** The vendor's words. */
  message: string;
  /** The vendor's number of the request, for asking 400-928-2212 about it. */
  requestId: string | null;
  /** The companies that were asked for, each once, in the caller's spelling. */
  companyNames: string[];
  /** The relations among these companies; empty with 201. */
  relations: PartnershipRelation[];
  /** Fields this version does not know. */
  extra?: Record<string, unknown>;
  /** What the call took and cost. */
  meta: ResultMeta;
  /** The body as it came; made on first reading, not enumerable. It echoes the company's key. */
  readonly raw: string;
}

/** What one module of the account has left. */
export interface ModuleQuota {
  /** `radar_id`, `natural_person_id`, `bene_id`, or one the document does not know. */
  id: string;
  /** 风险监控-企业, 自然人核验, 股权穿透; the id for an unknown one. */
  name: string;
  /** 模块总额度 */
  totalCount: number;
  /** 模块消耗额度 */
  consumedCount: number;
  /** 模块可删除额度 */
  canDeletedCount: number;
  /** totalCount - consumedCount */
  remainingCount: number;
  /** Fields this version does not know. */
  extra?: Record<string, unknown>;
}

/** The answer to getQuota. */
export interface QuotaResult {
  /** QCC's code, 200. */
  status: number;
  /** The vendor's words. */
  message: string;
  /** The vendor's number of the request, where it gives one. */
  requestId: string | null;
  /** One for each module of the account. */
  quotas: ModuleQuota[];
  /** Fields this version does not know. */
  extra?: Record<string, unknown>;
  /** What the call took and cost. */
  meta: ResultMeta;
  /** The body as it came; made on first reading, not enumerable. */
  readonly raw: string;
}

/** The answer of any other endpoint. */
export interface QccResult<T> {
  /** QCC's code. */
  status: number;
  /** The vendor's words. */
  message: string;
  /** The vendor's number of the request, where it gives one. */
  requestId: string | null;
  /** `result` as it came. */
  result: T;
  /** Fields of the envelope this version does not know. */
  extra?: Record<string, unknown>;
  /** What the call took and cost. */
  meta: ResultMeta;
  /** The body as it came; made on first reading, not enumerable. */
  readonly raw: string;
}

/**
 * A client of one account.
 *
 * @example
 * const client = new QccClient(); // QCC_KEY and QCC_SECRET_KEY
 * const { relations } = await client.findPartnershipRelation(["企查查科技股份有限公司", "大连银行股份有限公司"]);
 */
export class QccClient {
  /**
   * A client, ready at once: nothing is asked yet.
   *
   * @throws {QccError} of kind `config` where something is missing or wrong.
   */
  constructor(options?: QccClientOptions);

  /**
   * 合作关系挖掘查询: which of up to 20 companies are each other's supplier or customer. One call, billed once.
   *
   * @param companyNames 1 to 20 registered names; each at least 2 characters, without ASCII comma
   * @throws {QccError} (as a rejection) of any kind; `invalid-argument` before anything is sent
   */
  findPartnershipRelation(companyNames: readonly string[], options?: RequestOptions): Promise<PartnershipResult>;

  /** 额度查询: what the account's modules have left. Never kept in a store. */
  getQuota(options?: RequestOptions): Promise<QuotaResult>;

  /**
   * Any other GET endpoint of QCC Pro, signed the same way.
   *
   * @param path starts with a slash, has no query
   * @param params the query without `key`
   */
  request<T = unknown>(path: string, params?: Record<string, string>, options?: RequestOptions): Promise<QccResult<T>>;

  /**
   * Takes a list of any size through findPartnershipRelation in as few paid calls as can be found. Nothing is asked before
   * {@link Scan.result} is called or the scan is iterated.
   *
   * With a store every answer is kept before it is counted: killed and started again with the same list and store, the run
   * pays only for what is missing.
   *
   * @throws {QccError} of kind `invalid-argument` for names that cannot be sent
   * @example
   * const scan = client.scan(names, { store, maxCalls: 500 });
   * const { graph, uncovered } = await scan.result();
   */
  scan(input: ScanInput, options?: ScanOptions): Scan;

  /** The key under which a store keeps the answer about these companies, in whatever order they are named. */
  storeKey(companyNames: readonly string[]): string;

  /** Wipes the secret from memory; the client cannot be used any longer. */
  free(): void;
  /** Frees the client at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/** A company that has at least one relation. */
export interface CompanyNode {
  /** The company's name, as the relations spell it. */
  name: string;
  /** With how many other companies it has a relation. */
  degree: number;
  /** How many relations it takes part in. */
  relationCount: number;
  /** What those relations come to, 万元: the exact sum of every amount that could be read. */
  totalWan: number;
  /** Of how many relations the amount could be read. */
  amountCount: number;
}

/** All relations between two companies, whichever of the two a row names first. */
export interface CompanyLink {
  /** The company whose name comes first by code points. */
  a: string;
  /** The other one. */
  b: string;
  /** How many relations there are between the two. */
  relationCount: number;
  /** What they come to, 万元: the exact sum of every amount that could be read. */
  totalWan: number;
  /** Of how many relations the amount could be read. */
  amountCount: number;
  /** The earliest period, as exact as it is known: `2021`, `2021-11` or `2021-11-05`; null where no date could be read. */
  first: string | null;
  /** The latest period. */
  last: string | null;
  /** The public sources, sorted, each once. */
  sources: string[];
}

/** The relations of one month or year. */
export interface TimelineBucket {
  /**
   * `2021-11` or `2021`. By months, a bucket `2021` holds what is known to the year alone (a yearly report); null, what has
   * no date that could be read. Buckets add up to the whole.
   */
  period: string | null;
  /** How many relations are of that time. */
  relationCount: number;
  /** What they come to, 万元: the exact sum of every amount that could be read. */
  totalWan: number;
  /** Of how many relations the amount could be read. */
  amountCount: number;
}

/** What a graph reads of a relation; a {@link PartnershipRelation} has it all. */
export interface RelationInput {
  /** One of the two companies. */
  companyName: string;
  /** The other one. */
  relatedCompanyName: string;
  /** 万元 */
  amount?: string | number | null | undefined;
  /** As the vendor writes it: `2021`, `2021-11`, `2021-11-05` … */
  publicDate?: string | null | undefined;
  /** The public source, for example 招投标. */
  source?: string | null | undefined;
  /** Whatever else is to be carried along, as JSON can write it. */
  extra?: unknown;
}

/** Node-link data, as D3 and NetworkX (`edges="links"`) read it. */
export interface NodeLinkData {
  /** No field tells supplier from customer. */
  directed: false;
  /** One link for each pair of companies. */
  multigraph: false;
  /** Attributes of the whole: none. */
  graph: Record<string, never>;
  /** The companies, by name. */
  nodes: (Omit<CompanyNode, "name"> & { id: string })[];
  /** The links between them. */
  links: (Omit<CompanyLink, "a" | "b"> & { source: string; target: string })[];
}

/**
 * Relations and the graph they make. Lists and files are sorted: the same relations, added in whatever order, give the same.
 *
 * @example
 * const graph = RelationGraph.from(relations);
 * await writeFile("graph.gexf", graph.toGEXF());
 */
export class RelationGraph {
  /** An empty graph. */
  constructor();
  /** A graph of these relations. @throws {QccError} of kind `invalid-argument` where a row is no relation */
  static from(relations: Iterable<RelationInput>): RelationGraph;
  /** Adds relations; equal ones count each. Where one row is wrong, none is added. */
  add(relations: Iterable<RelationInput>): this;
  /** The companies, by name. */
  companies(): CompanyNode[];
  /** The links, by the names of their companies. */
  links(): CompanyLink[];
  /** The links of one company; none for a name without relations. */
  neighbours(name: string): CompanyLink[];
  /** The names of companies that are connected with one another, directly or by way of others; the largest group first. */
  components(): string[][];
  /** The relations by month or year, ascending, only those that have any. */
  timeline(unit: "month" | "year"): TimelineBucket[];
  /**
   * One line for each relation, with the vendor's field names and `amountWan`. No cell of it is run as a formula.
   *
   * @param options.bom the mark in front by which Excel knows UTF-8. Default true
   */
  toCSV(options?: { bom?: boolean | undefined }): string;
  /** GEXF 1.3, for Gephi, graphology, NetworkX. */
  toGEXF(): string;
  /** GraphML, for igraph, Cytoscape, yEd, Gephi. */
  toGraphML(): string;
  /** The graph as `JSON.stringify` writes it. */
  toJSON(): NodeLinkData;
  /** Gives its memory back at once; otherwise that happens when nobody holds it any more. */
  free(): void;
  /** Frees the graph at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/** Which pairs are asked for. Names may be of any number and come doubled. */
export type ScanInput =
  /** All pairs. */
  | readonly string[]
  | { among: readonly string[] }
  /** Only pairs across the two lists. */
  | { between: readonly [readonly string[], readonly string[]] }
  /** Only pairs with the hub. */
  | { hub: string; others: readonly string[] }
  /** Only these pairs. */
  | { pairs: Iterable<readonly [string, string]> };

/**
 * The calls that cover every pair, in as few as can be found: a covering design. The same names give the same plan on every
 * machine, whatever their order.
 *
 * @param options.callSize how many names a call takes, 2 to 20. @default 20
 * @param options.known pairs that need not be asked again
 * @throws {QccError} of kind `invalid-argument`
 * @example
 * const plan = planCalls(names);
 * console.log(`${plan.calls} calls instead of ${plan.naiveCalls}`);
 */
export function planCalls(
  input: ScanInput,
  options?: { callSize?: number | undefined; known?: Iterable<readonly [string, string]> | undefined },
): CallPlan;

/** A plan. Its calls are made when they are asked for: a plan for 100,000 companies holds none of them. */
export class CallPlan implements Iterable<string[]> {
  private constructor();
  /** How many different companies. */
  readonly companies: number;
  /** How many pairs are asked for. */
  readonly pairs: number;
  /** How many calls will be paid. */
  readonly calls: number;
  /** No plan can have fewer: Schönheim's bound, improved where a better one is proved. */
  readonly lowerBound: number;
  /** Halves of a call paired with each other: what people do by hand. */
  readonly naiveCalls: number;
  /** The construction that won, in words. */
  readonly method: string;
  /** The names of one call, found without listing the others. @throws {QccError} where there is no such call */
  call(index: number): string[];
  /** One of `count` disjoint parts that together are the whole; `index` counts from 0. */
  shard(index: number, count: number): CallPlan;
  /** The names of each call, one after another. */
  [Symbol.iterator](): Iterator<string[]>;
}

/** Options of a run. */
export interface ScanOptions {
  /** How many calls may be under way at once. @default 4 */
  concurrency?: number | undefined;
  /** How many calls may be started in a second. @default no bound */
  callsPerSecond?: number | undefined;
  /** How many calls may be billed at most, retries and polls among them. What the store has is read all the same. */
  maxCalls?: number | undefined;
  /** Where answers and the run's record are kept. @default the client's */
  store?: QccStore | null | undefined;
  /** Nothing more is started once it aborts; what is under way ends by itself and is kept. */
  signal?: AbortSignal | undefined;
  /** Called whenever something has changed. */
  onProgress?: ((progress: ScanProgress) => void) | undefined;
  /** This machine's part of the plan. */
  shard?: { index: number; count: number } | undefined;
  /** Pairs that need not be asked again. */
  known?: Iterable<readonly [string, string]> | undefined;
  /** How many names a call takes, 2 to 20. @default 20 */
  callSize?: number | undefined;
}

/** How far a run is. */
export interface ScanProgress {
  /** The plan's calls. */
  calls: number;
  /** Those of them that are dealt with. */
  done: number;
  /** How many calls were billed, or may have been. */
  paid: number;
  /** How many answers came out of the store. */
  fromStore: number;
  /** How many questions failed for good. */
  failed: number;
  /** How many relations were found. */
  relations: number;
  /** How long it will take, in milliseconds; null where that cannot be told yet. */
  etaMs: number | null;
}

/** Something that happened in a run. */
export type ScanEvent =
  | { type: "answer"; companyNames: string[]; relations: PartnershipRelation[]; meta: ResultMeta }
  | { type: "failed"; companyNames: string[]; error: QccError }
  /** Too many rows (207): the call was divided into so many that still cover its pairs. */
  | { type: "split"; companyNames: string[]; into: number }
  /** A company that QCC does not serve (208, 215, 218, 219): left out from here on. */
  | { type: "unsupported"; companyName: string }
  /** A question that the store does not answer and that was not asked, `maxCalls` being spent. */
  | { type: "unpaid"; companyNames: string[] };

/** What came of a run. */
export interface ScanReport {
  /** Each relation once, however many calls saw it; rows that one answer had twice are two. In an order of their own. */
  relations: PartnershipRelation[];
  /** The graph the relations make. */
  graph: RelationGraph;
  /** The plan's calls. */
  calls: number;
  /** Those of them that were dealt with whole. */
  done: number;
  /** How many calls were billed, or may have been. */
  paid: number;
  /** How many answers came out of the store. */
  fromStore: number;
  /** Questions that failed for good. */
  failed: { companyNames: string[]; error: QccError }[];
  /** Companies that QCC does not serve. */
  unsupported: string[];
  /** Exactly the pairs that no answer covers; found out when it is read. */
  readonly uncovered: [string, string][];
  /**
   * Why the run ended before its plan: `maxCalls` spent, aborted, account or permission refused, the store failing (what would
   * be paid for could be lost), or twenty failures in a row (or as many waits, with nothing taken on between them).
   */
  stopped: null | "budget" | "aborted" | "account" | "store" | "failing";
}

/**
 * A run. Iterate it to see what happens while it happens (the run waits for a slow reader, and leaving the loop ends it), or
 * await its result.
 *
 * Where QCC or the gateway wants to be asked more slowly (HTTP 429, and the codes 120 and 122, none of which count), the run
 * tells `onEvent` (`wait`), keeps still for as long as `Retry-After` says, an hour at the most, and goes on.
 */
export class Scan implements AsyncIterable<ScanEvent> {
  private constructor();
  /** The plan; once the run has begun, the one the store's record says it began with. */
  readonly plan: CallPlan;
  /** Runs to the end. Rejects only for a mistake of the caller; everything else is in the report. */
  result(): Promise<ScanReport>;
  /** Starts nothing more; what is under way ends by itself and is kept. */
  stop(): void;
  /** How far it is. */
  progress(): ScanProgress;
  /** The graph of what was found so far. */
  graph(): RelationGraph;
  /** Starts the run, if that was not done, and gives what happens in it. */
  [Symbol.asyncIterator](): AsyncIterator<ScanEvent>;
}

/** Where {@link init} can have the module from: compiled, as bytes, or an answer or address of `qcc-pro/core.wasm`. */
export type ModuleSource = WebAssembly.Module | ArrayBuffer | ArrayBufferView | Response | URL | string;

/**
 * Loads the WebAssembly modules without blocking. Nobody has to call it: without it each is instantiated on first use.
 *
 * @param source the client's module, its bytes, an answer or address of `qcc-pro/core.wasm`; the copy in the package, if left out
 */
export function init(
  source?: ModuleSource | Promise<ModuleSource>,
): Promise<void>;
