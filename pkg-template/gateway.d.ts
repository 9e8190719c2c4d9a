/**
 * `qcc-pro/gateway`: lets a page ask QCC Pro (企查查专业版) through its own server, which signs. Key and secret key stay on
 * the server; the page's client is made with the gateway's URL and has the same methods, results and errors:
 *
 * @example
 * ```js
 * // The server: any that takes a fetch handler.
 * const gateway = createGateway({ authorize: async (request) => (await session(request))?.userId });
 * export const GET = gateway; // Next.js: app/api/qcc/[...path]/route.js
 *
 * // The page:
 * const client = new QccClient({ gateway: "/api/qcc" });
 * ```
 *
 * Runs in Node, Deno, Bun and edge workers.
 *
 * @packageDocumentation
 */
import type { PendingOptions, QccEvent, QccStore, RetryOptions } from "./index.js";

/** Something that happened in a gateway: a call's events, and every request that went no further. */
export type GatewayEvent =
  | QccEvent
  | {
      type: "refused";
      endpoint: "";
      attempt: 0;
      /** What the caller was answered. */
      httpStatus: number;
      /** Why; for the server's own log, since it may have what `authorize` threw. */
      message: string;
    };

/** What a gateway can be told. */
export interface GatewayOptions {
  /**
   * Who may spend your calls. Only `true` lets a request in, or the caller's id (any text but the empty one), by which
   * calls are limited; callers let in with `true` share one limit. Whatever else it gives or throws lets nobody in, and
   * so does an answer that takes more than 30 s.
   *
   * It is called for requests that are otherwise in order, with cookies and all. A page of another origin sends cookies
   * only with `credentials: "include"` in a `fetch` of its own.
   */
  authorize: (request: Request) => boolean | string | null | undefined | Promise<boolean | string | null | undefined>;
  /** 公司 key 值. @default the environment's QCC_KEY */
  key?: string | undefined;
  /** 密钥. @default the environment's QCC_SECRET_KEY */
  secretKey?: string | undefined;
  /**
   * What is passed on, by name or path; never anything that is not listed.
   * @default ["findPartnershipRelation", "getQuota"]
   */
  endpoints?: readonly string[] | undefined;
  /**
   * Pages of other origins that may ask, as browsers write them: `https://page.example`. Pages of the gateway's own
   * origin need not be listed.
   * @default []
   */
  origins?: readonly string[] | undefined;
  /**
   * The most calls of one caller in any minute; one more is answered with HTTP 429, for which a run of the page's client waits. `Infinity` for
   * no limit. Counted in this process: several of them count each by itself.
   * @default 60
   */
  maxCallsPerMinute?: number | undefined;
  /** Where an answer of QCC's is cut off, in bytes; it counts as malformed then. @default 16777216 */
  maxResponseBytes?: number | undefined;
  /** Where QCC Pro is. @default the environment's QCC_BASE_URL, else https://pro.qcc.com */
  baseUrl?: string | undefined;
  /**
   * Answers paid for are kept here and serve every caller. With a store a call goes on to its end although its page is
   * gone; without one it is given up then.
   *
   * Have one, a `Map` at least: when a page's connection breaks, its browser sends the request again by itself (Firefox up to
   * ten times). With a store these are one paid call.
   */
  store?: QccStore | undefined;
  /** How long a kept answer is used. @default for ever */
  storeTtlMs?: number | undefined;
  /** One attempt, its body included. @default 30000 */
  timeoutMs?: number | undefined;
  /** The whole call with its retries and waits; keep it below that of the page's client. @default 110000 */
  deadlineMs?: number | undefined;
  /** When a call to QCC is sent again. */
  retry?: RetryOptions | undefined;
  /** How long an answer «being processed» (205) is asked for. */
  pending?: PendingOptions | undefined;
  /** What QCC is asked with. @default the global fetch */
  fetch?: typeof globalThis.fetch | undefined;
  /** Further headers for every request to QCC. */
  headers?: Record<string, string> | undefined;
  /** Told of every attempt at QCC and of every request that was refused. What it throws is ignored. */
  onEvent?: ((event: GatewayEvent) => void) | undefined;
}

/**
 * Makes a gateway: a standard fetch handler that never rejects. Mount it under any path; the page's client is given the
 * URL of that path.
 *
 * It takes GET (and CORS preflights) for the listed endpoints with their own parameters and nothing else, and answers
 * QCC's JSON without the echoed key: HTTP 200 whatever QCC's code, `{ "error": { kind, message, hint, … } }` with
 * another HTTP status where there is no code.
 *
 * @throws {QccError} of kind `config` where something is missing or wrong, `authorize` above all.
 */
export declare function createGateway(options: GatewayOptions): (request: Request) => Promise<Response>;

/** What is used of a request of `node:http`. */
export interface NodeIncoming {
  /** The HTTP method. */
  method?: string | undefined;
  /** Path and query. */
  url?: string | undefined;
  /** Express' */
  originalUrl?: string | undefined;
  /** The headers by their names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** Names and values by turns, as they came. */
  rawHeaders: string[];
  /** The connection; whether it is encrypted tells the scheme. */
  socket: object;
}

/** What is used of a response of `node:http`. */
export interface NodeOutgoing {
  /** The HTTP status to be sent. */
  statusCode: number;
  /** Whether the head is on its way. */
  readonly headersSent: boolean;
  /** Whether the connection is gone. */
  readonly destroyed: boolean;
  /** Whether all was sent. */
  readonly writableFinished: boolean;
  /** Adds one value of a header. */
  appendHeader(name: string, value: string): unknown;
  /** Sends the body and ends. */
  end(body?: Uint8Array): unknown;
  /** Tells when the connection closes. */
  on(event: "close", listener: () => void): unknown;
}

/** A fetch handler as `node:http` and Express take it: `createServer(toNodeHandler(gateway))`, `app.use(path, …)`. */
export declare function toNodeHandler(
  handler: (request: Request) => Promise<Response>,
): (incoming: NodeIncoming, outgoing: NodeOutgoing) => Promise<void>;
