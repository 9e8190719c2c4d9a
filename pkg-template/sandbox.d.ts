/**
 * `qcc-pro/sandbox`: an emulator of QCC Pro (企查查专业版) for trying and testing without an account. It checks `key`,
 * `Token`, `Timespan` and the parameters as the vendor's documents say, answers in the vendor's shapes and words, and
 * fails in every way a server or a network can, on request.
 *
 * It never talks to QCC. Runs in Node, Deno, Bun, edge workers and browsers.
 *
 * @example
 * ```js
 * import { QccClient } from "qcc-pro";
 * import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
 *
 * const sandbox = createSandbox({ faults: [{ calls: 1, http: 503, retryAfter: 1 }] });
 * const client = new QccClient({ key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY, fetch: sandbox.fetch });
 * const { relations } = await client.findPartnershipRelation(["企查查科技股份有限公司", "大连银行股份有限公司"]);
 * ```
 */

/** The key of a sandbox that is given none: the one the vendor's own example prints. */
export declare const SANDBOX_KEY: string;

/** The secret key of a sandbox that is given none. As long as a real one, and plainly none. */
export declare const SANDBOX_SECRET_KEY: string;

/**
 * Makes an emulated QCC Pro with one account.
 *
 * @throws TypeError naming the option that cannot be meant.
 */
export declare function createSandbox(options?: SandboxOptions): Sandbox;

/**
 * Names of companies that do not exist and look as if they did, of twelve industries, all distinct: `西安邦沃智能科技有限公司`.
 * The same for the same seed; fewer of them are the first ones of more.
 *
 * @param count 0 to 100,000.
 * @param seed A whole number. Default 0.
 * @throws RangeError for another `count` or `seed`.
 */
export declare function sampleCompanies(count: number, seed?: number): string[];

/** What a sandbox can be told. */
export interface SandboxOptions {
  /**
   * The key that is let in.
   * @default SANDBOX_KEY
   */
  key?: string | undefined;
  /**
   * The secret key its calls are signed with.
   * @default SANDBOX_SECRET_KEY
   */
  secretKey?: string | undefined;
  /**
   * How far `Timespan` may be off, either way, in seconds; beyond it is 115. The vendor does not say how far.
   * @default 300
   */
  toleranceSeconds?: number | undefined;
  /**
   * How long every answer takes, in milliseconds.
   * @default 0
   */
  latencyMs?: number | undefined;
  /** What goes wrong, and when. */
  faults?: readonly Fault[] | undefined;
  /**
   * The relations there are, and no others are drawn then unless `density` is given too. What a client returned
   * (`PartnershipRelation`) can be given as it is. The pair of the vendor's example has the example's relation unless
   * one is given for it here.
   */
  relations?: readonly SandboxRelation[] | undefined;
  /**
   * The share of pairs that have relations, 0 to 1. Which ones depends on the two names and the seed alone, so that
   * any plan of calls finds the same graph. The graph is scale-free, as supply chains are: few companies have many
   * partners.
   * @default 0.02, and 0 where `relations` is given
   */
  density?: number | undefined;
  /**
   * What relations and chances are drawn from: a whole number from 0.
   * @default 0
   */
  seed?: number | undefined;
  /** What the account may do before it is refused. Default: anything. */
  limits?: SandboxLimits | undefined;
  /**
   * The most rows one answer may have; one more is 207.
   * @default 5000
   */
  maxRows?: number | undefined;
  /**
   * Whether `stats()` tells `repeats`. Takes some ten bytes of memory for each billed question.
   * @default false
   */
  trackRepeats?: boolean | undefined;
  /**
   * The server's clock: Unix time in milliseconds. For tests that make time pass.
   * @default Date.now
   */
  now?: (() => number) | undefined;
  /** Told of every call as it comes, before its answer travels. For logs: neither secret nor Token are in it. */
  onCall?: ((call: SandboxCall) => void) | undefined;
}

/** A row as the vendor writes it. */
export interface SandboxRelation {
  /** 公司名称. */
  companyName: string;
  /** 关联公司名称. */
  relatedCompanyName: string;
  /** 合作金额, in 万元 (10,000 yuan), as text. Default `null`. */
  amount?: string | null | undefined;
  /** 报告期/公开时间: `2021`, `2021-11` or `2021-11-08`. Default `null`. */
  publicDate?: string | null | undefined;
  /** 公开来源: `招投标`, `企业公告`, `企业年报`, `司法数据` … Default `null`. */
  source?: string | null | undefined;
  /** Further fields of the row, to try what a client does with fields it does not know. */
  extra?: Record<string, unknown> | undefined;
  /** A client's reading of `amount`; not sent. */
  amountWan?: number | null | undefined;
  /** A client's reading of `publicDate`; not sent. */
  period?: unknown;
}

/** What the account may do before it is refused. */
export interface SandboxLimits {
  /** Calls answered in any one second; one more is 120. */
  callsPerSecond?: number | undefined;
  /** Calls being answered at once; one more is 122. A call is being answered for as long as its latency lasts. */
  concurrency?: number | undefined;
  /**
   * Billed calls in one day (of China, UTC+8); one more is `dailyStatus`. getQuota then has one more module beside those
   * of the document's example: `daily_calls`, with how many of them are used, itself included. The name is the sandbox's
   * own, the documents having none.
   */
  dailyCalls?: number | undefined;
  /**
   * What is answered once `dailyCalls` are used up. 109 and 116 end with the day; 112, a balance, does not.
   * @default 116
   */
  dailyStatus?: 109 | 112 | 116 | undefined;
}

/**
 * One thing that goes wrong: when (every condition that is given must hold; none: always) and what.
 *
 * All faults that match a call act on it: delays, body times and clock offsets add up. Of those that set `status`, `http` or
 * `transport` only the first acts.
 *
 * @example
 * ```js
 * const faults = [
 *   { calls: 3, status: 109 },                                   // the third call: over the daily limit
 *   { calls: { every: 10 }, http: 429, retryAfter: 2 },          // every tenth: asked to slow down
 *   { company: "某某大学", status: 208 },                         // a company the endpoint does not support
 *   { probability: 0.01, transport: "reset" },                   // one in a hundred: the connection is reset
 *   { delayMs: 300 },                                            // all: slow
 *   { clockOffsetSeconds: -3600 },                               // all: the server's clock is an hour behind
 * ];
 * ```
 */
export interface Fault {
  /** When: in the calls with these numbers, the first being 1. `{ every: 10 }` is the calls 10, 20, 30 … */
  calls?: number | readonly number[] | CallRange | undefined;
  /** When: with this probability, 0 to 1, drawn from the seed and the call's number. */
  probability?: number | undefined;
  /** When: in calls that name this company (one of these companies), letter for letter. */
  company?: string | readonly string[] | undefined;
  /** When: in calls to this path, such as `/api/company/quota/getQuota`. */
  path?: string | undefined;
  /** When: no more than so many times. */
  times?: number | undefined;

  /**
   * What: this status code, and no result. Any number, known or not. It is an answer of the server's: a call that is not
   * signed rightly does not get so far.
   */
  status?: number | undefined;
  /** The `msg` that goes with `status`. Default: the vendor's words. */
  message?: string | undefined;
  /**
   * What: this HTTP status (200 to 599, but none that has no body), with an HTML page, answered by something in front of
   * the server, which never sees the call.
   */
  http?: number | undefined;
  /** The header `Retry-After` that goes with `http`: seconds, or a date as HTTP writes it. */
  retryAfter?: number | string | undefined;
  /** What: how the answer fails to arrive, or to be JSON. */
  transport?: TransportFault | undefined;
  /**
   * With the transports `reset`, `no-answer` and `html`: whether the server saw the call, and so billed it like any
   * other. Default: as {@link TransportFault} says.
   */
  billed?: boolean | undefined;
  /** What: the answer comes so many milliseconds later. */
  delayMs?: number | undefined;
  /**
   * What: the body dribbles in, in small pieces spread over so many milliseconds, the headers before it. With a
   * `transport` that ends it halfway, only its first half.
   */
  bodyMs?: number | undefined;
  /**
   * What: the server's clock is ahead (behind, if negative) by so many seconds, in its check of `Timespan` as in its
   * header `Date`.
   */
  clockOffsetSeconds?: number | undefined;
}

/** The calls `from`, `from + every`, … up to and with `to`. */
export interface CallRange {
  /** The first. Default: `every`. */
  from?: number | undefined;
  /** The last. Default: none. */
  to?: number | undefined;
  /** Default 1. */
  every?: number | undefined;
}

/**
 * How an answer fails to arrive, or to be JSON:
 *
 * - `refuse`: the connection is refused (`ECONNREFUSED`); the server never sees the call. Over `listen()` there is a
 *   connection already: it is reset, and the server never sees the call.
 * - `reset`: the server answers, and the connection is reset (`ECONNRESET`) before anything of it arrives.
 * - `no-answer`: the server answers, nothing of it arrives, and the connection stays open.
 * - `cut-body`: the body breaks off halfway, the connection being closed.
 * - `stall-body`: the body stops halfway, and the connection stays open.
 * - `truncated-json`: the body arrives whole and is half of the JSON.
 * - `empty`: the body arrives whole and is empty.
 * - `html`: HTML with HTTP status 200, from something in front of the server, which never sees the call.
 *
 * Where the server sees the call, it bills it like any other.
 */
export type TransportFault =
  | "refuse"
  | "reset"
  | "no-answer"
  | "cut-body"
  | "stall-body"
  | "truncated-json"
  | "empty"
  | "html";

/** One call as `onCall` is told of it. */
export interface SandboxCall {
  /** The first is 1. */
  number: number;
  /** The path, without query. */
  path: string;
  /** The parameter `companyNames` as it came, `null` where there is none. */
  companyNames: string | null;
  /** What became of it, as in {@link SandboxStats.byStatus}. */
  status: string;
  /** Whether it counted against the account. */
  billed: boolean;
  /** How long its answer is held back, in milliseconds. */
  delayMs: number;
  /** How its answer travels. */
  transport: "deliver" | "refuse" | "reset" | "no-answer" | "cut-body" | "stall-body";
}

/** Counts since the sandbox was made or reset. */
export interface SandboxStats {
  /** Calls that came, whatever became of them. */
  calls: number;
  /** Calls that count against the account (有效请求). */
  billed: number;
  /**
   * Calls by what became of them; adds up to `calls`. The status code the server answered with, whether or not the answer
   * arrived (`"200"`), the HTTP status of what stood in front of it (`"HTTP 503"`), or `"lost"` where neither was asked.
   */
  byStatus: Record<string, number>;
  /**
   * Billed calls to findPartnershipRelation that asked, in whatever order, what a billed call had asked before: paid for
   * twice. Pending answers (205) aside. There only with `trackRepeats`.
   */
  repeats?: number;
}

/** An emulated QCC Pro. */
export interface Sandbox {
  /**
   * Answers as `fetch` would, whatever host the request names: takes a `Request`, or a URL and init. Bound, so that it can
   * be handed over: `new QccClient({ fetch: sandbox.fetch })`.
   *
   * Transport faults show as they do with Node's `fetch`: a rejection with a `TypeError` whose `cause` has a `code`, a body
   * that errors while it is read, a promise that settles only when the request's signal is aborted.
   *
   * With [Mock Service Worker](https://mswjs.io), which knows one network error only:
   * ```js
   * http.all("https://pro.qcc.com/*", ({ request }) => sandbox.fetch(request).catch(() => HttpResponse.error()));
   * ```
   */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
  /**
   * Puts other faults in the place of those there are, from the next call on, which they count as call 1.
   *
   * @throws TypeError naming the one that cannot be meant; the old ones stay then.
   */
  setFaults(faults: readonly Fault[]): void;
  /** What was called and billed since the sandbox was made or reset. */
  stats(): SandboxStats;
  /** As if nothing had been called: counts, limits and the faults' `times` begin anew. Relations stay as they are. */
  reset(): void;
  /**
   * Every relation among these companies: what any plan of calls that covers all their pairs has to find. Costs no call
   * and knows no limit; doubled names count once. A hundred million pairs (14,000 names) take some seconds.
   */
  relationsAmong(companyNames: Iterable<string>): SandboxRelation[];
  /**
   * Serves over HTTP, the transport faults being real ones of the connection. Node, Deno and Bun only.
   *
   * @throws Error elsewhere, and where the port cannot be had.
   */
  listen(options?: ListenOptions): Promise<SandboxServer>;
}

/** Where to listen. */
export interface ListenOptions {
  /**
   * The port; 0 for any that is free.
   * @default 0
   */
  port?: number | undefined;
  /**
   * The address. The default is not to be reached from other machines.
   * @default "127.0.0.1"
   */
  host?: string | undefined;
  /**
   * Whether answers are compressed for clients that take it (`Accept-Encoding: gzip`), as servers do. What breaks off is
   * the compressed body then. Called as a function, `sandbox.fetch` answers uncompressed, as `fetch` does.
   * @default false
   */
  gzip?: boolean | undefined;
}

/** A sandbox that listens. Keeps the process alive until it is closed. */
export interface SandboxServer {
  /** What to give a client as `baseUrl`: `http://127.0.0.1:40123`. */
  readonly url: string;
  /** The port. */
  readonly port: number;
  /** Closes the server and every connection, answered or not. Calling it again does nothing more. */
  close(): Promise<void>;
}
