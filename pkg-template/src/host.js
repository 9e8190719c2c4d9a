/**
 * The platform's fetch, timers and stores as Rust sees them. Nothing here throws, and nothing settles what a dead instance
 * waits for.
 */
import { shownCause } from "./cause.js";
import { awaited, currentGeneration, guarded, memoryViews } from "./instance.js";
import { Exchange, goesThroughNode } from "./node.js";
import { readToken } from "./token.js";

/** setTimeout fires at once beyond this. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** An event's, in the order of src/js/host.rs. */
const FIGURES = ["attempt", "status", "httpStatus", "billed", "durationMs", "waitMs", "offsetMs"];
const BILLED = [false, true, "unknown"];

/** Settles what the instance `mine` waits for by `ticket`, as long as it lives; `status` and `bytes` are an answer's. */
function settle(mine, ticket, value, status, bytes) {
  if (mine !== currentGeneration()) return;
  try {
    guarded((core) => core.settle(ticket, value, status, bytes), true);
  } catch {
    // The trap has settled everything that was under way; there is nobody else to tell.
  }
}

export class Host {
  #fetch;
  #onEvent;
  #headers;
  #key;

  constructor(fetch, onEvent, headers, key) {
    this.#fetch = fetch;
    this.#onEvent = onEvent;
    this.#headers = headers;
    this.#key = key;
  }

  get listens() {
    return this.#onEvent !== undefined;
  }

  /** Rust's numbers are NaN where there is none. */
  event(type, endpoint, figures, message) {
    const event = { type, endpoint };
    for (const [i, name] of FIGURES.entries()) {
      const figure = figures[i];
      if (figure === figure) event[name] = name === "billed" ? BILLED[figure] : figure;
    }
    if (message !== undefined) event.message = message;
    try {
      this.#onEvent(event);
    } catch {
      // A listener's mistake must not cost a paid answer.
    }
  }

  send(ticket, url, address, timespan) {
    // Read now: Rust moves on.
    const token = address === 0 ? undefined : readToken(memoryViews().u8.subarray(address, address + 32));
    const signature = token === undefined ? [] : [["Token", token], ["Timespan", String(timespan)]];
    const headers = [["Accept", "application/json"], ...this.#headers, ...signature];
    if (this.#fetch === undefined && goesThroughNode(this.#headers)) {
      return new Exchanging(currentGeneration(), ticket, url, headers, token, this.#key);
    }
    const sending = new Sending(currentGeneration(), ticket);
    sending.run(this.#fetch ?? globalThis.fetch, url, headers, token, this.#key);
    return sending;
  }

  /** `[retryAfter, date, aged, relayed]` */
  head({ headers }) {
    try {
      const header = (name) => headers?.get?.(name) ?? undefined;
      const aged = header("age") !== undefined || /\bhit\b/i.test(header("x-cache") ?? "");
      return [header("retry-after"), header("date"), aged, header("qcc-meta")];
    } catch {
      // A user's fetch has headers of its own.
      return [];
    }
  }

  sleep(ticket, ms) {
    return new Sleeping(currentGeneration(), ticket, ms);
  }
}

/** One timer. */
class Sleeping {
  #timer;

  constructor(generation, ticket, ms) {
    awaited.add(this);
    this.#timer = setTimeout(() => {
      awaited.delete(this);
      settle(generation, ticket);
    }, Math.min(ms, LONGEST_TIMER));
  }

  abort() {
    awaited.delete(this);
    clearTimeout(this.#timer);
    return false;
  }
}

/** One request on its way through Node itself. */
class Exchanging {
  #exchange;

  constructor(generation, ticket, url, given, token, key) {
    awaited.add(this);
    this.#exchange = new Exchange(url, given, (thrown, connected, status, headers, bytes) => {
      awaited.delete(this);
      if (bytes === undefined) settle(generation, ticket, told(thrown, key, token, connected));
      else settle(generation, ticket, { headers: { get: (name) => headers[name] } }, status, bytes);
    });
  }

  /** Whether it is certain that nothing was sent. */
  abort() {
    awaited.delete(this);
    return this.#exchange.abort();
  }
}

/** One request on its way through fetch. */
class Sending {
  #generation;
  #ticket;
  #controller = typeof AbortController === "function" ? new AbortController() : undefined;
  /** Deno's, which has the connection. Closed after use: it is a resource, which Deno's tests count. */
  #client;

  constructor(generation, ticket) {
    this.#generation = generation;
    this.#ticket = ticket;
    awaited.add(this);
  }

  abort() {
    awaited.delete(this);
    this.#controller?.abort();
    // A user's fetch may not know signals, and never settle.
    this.#close();
    return false;
  }

  /** Settles with the response, its status and its bytes, or with what `told` gives. */
  async run(fetch, url, given, token, key) {
    let answer;
    let status;
    let bytes;
    try {
      if (typeof fetch !== "function") throw notSent("there is no fetch: pass one as the option fetch");
      if (this.#controller === undefined) throw notSent("there is no AbortController");
      if (typeof Headers !== "function") throw notSent("there is no Headers");
      const { signal } = this.#controller;
      const headers = new Headers();
      for (const [name, value] of given) headers.set(name, value);
      // Not followed: the signature would travel along. Where `manual` hides the answer its status is 0.
      const init = { method: "GET", headers, signal, redirect: "manual", keepalive: false };
      // Every request has a connection of its own. On one that was kept from an earlier request Deno and Bun send a request
      // again by themselves when it breaks, without a word to the caller, and the call is paid twice; a broken connection
      // that was opened for the request is reported. Node's fetch never sends again, and keeps connections whatever
      // `keepalive` says. Browsers send again too and cannot be told not to.
      this.#client = globalThis.Deno?.createHttpClient?.({ poolMaxIdlePerHost: 0 });
      if (this.#client !== undefined) init.client = this.#client;
      const response = await fetch(url, init);
      // A user's fetch may not know signals. Whoever has aborted waits no longer: nothing more is read for nobody.
      if (signal.aborted) throw signal.reason;
      const known = statusOf(response);
      bytes = bytesOf(await response.arrayBuffer());
      // By its status an answer is told from a failure, so only once the body is there.
      status = known;
      answer = response;
    } catch (thrown) {
      answer = told(thrown, key, token);
    }
    awaited.delete(this);
    this.#close();
    settle(this.#generation, this.#ticket, answer, status, bytes);
  }

  #close() {
    const client = this.#client;
    this.#client = undefined;
    client?.close();
  }
}

function statusOf(response) {
  const { status, type } = response ?? {};
  // A redirect that is not shown has the status 0; any other answer has a proper one, or nobody knows what it is.
  const proper = Number.isInteger(status) && status >= 100 && status <= 999;
  if (typeof response?.arrayBuffer !== "function" || !(proper || type === "opaqueredirect")) {
    throw new TypeError("fetch answered something that is not a Response");
  }
  return proper ? status : 0;
}

/** An ArrayBuffer's bytes; from another realm (a test environment's), it is none of ours. */
function bytesOf(body) {
  if (!(body instanceof ArrayBuffer) && Object.prototype.toString.call(body) !== "[object ArrayBuffer]") {
    throw new TypeError("fetch answered a body that is not an ArrayBuffer");
  }
  // Throws here, and not in the middle of Rust, where somebody has transferred it away.
  return new Uint8Array(body);
}

/** `[thrown, code, syscall, message, code, …]`; shorter where the fields of what was thrown throw themselves. */
function told(thrown, key, token, connected = true) {
  const answer = [];
  try {
    answer.push(shownCause(thrown, key, token));
    if (!connected) answer.push("QCC_PRO_NOT_CONNECTED", "", "");
    answer.push(...said(thrown, 0));
  } catch {
    // What there is so far will do.
  }
  return answer;
}

/** `code, syscall, message` of an error and of each of its causes; of several addresses tried, each has its own. */
function said(error, depth) {
  if (error === null || typeof error !== "object" || depth > 8) return ["", "", typeof error === "string" ? error : ""];
  const text = (value) => (typeof value === "string" ? value : "");
  const siblings = Array.isArray(error.errors) ? error.errors.flatMap((inner) => said(inner, depth + 1)) : [];
  // What stands above several siblings repeats the code of one of them.
  const own = siblings.length > 0 ? [] : [text(error.code), text(error.syscall), text(error.message)];
  return [...own, ...siblings, ...(error.cause === undefined ? [] : said(error.cause, depth + 1))];
}

function notSent(message) {
  return Object.assign(new TypeError(message), { code: "QCC_PRO_NOT_SENT" });
}

/** A user's store; what is thrown is told in a list, since texts are what it holds. */
export class Store {
  constructor(original) {
    this.original = original;
  }

  get(ticket, key) {
    this.#ask(ticket, async () => {
      const value = await this.original.get(key);
      return typeof value === "string" ? value : undefined;
    });
  }

  set(ticket, key, value, ttlMs) {
    this.#ask(ticket, async () => void (await this.original.set(key, value, ttlMs)));
  }

  #ask(ticket, question) {
    const mine = currentGeneration();
    question().then(
      (answer) => settle(mine, ticket, answer),
      (thrown) => settle(mine, ticket, [thrown]),
    );
  }
}
