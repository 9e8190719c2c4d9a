/**
 * The platform's fetch, timers and stores as Rust sees them. Nothing here throws, and nothing settles what a dead instance
 * waits for.
 */
import { shownCause } from "./cause.js";
import { currentGeneration, guarded } from "./instance.js";

/** setTimeout fires at once beyond this. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Settles what the instance `mine` waits for by `ticket`, as long as it lives. */
function settle(mine, ticket, value) {
  if (mine !== currentGeneration()) return;
  try {
    guarded((core) => core.settle(ticket, value), true);
  } catch {
    // The trap has settled everything that was under way; there is nobody else to tell.
  }
}

export class Host {
  #fetch;
  #onEvent;
  #key;

  constructor(fetch, onEvent, key) {
    this.#fetch = fetch;
    this.#onEvent = onEvent;
    this.#key = key;
  }

  get listens() {
    return this.#onEvent !== undefined;
  }

  event(event) {
    try {
      this.#onEvent(event);
    } catch {
      // A listener's mistake must not cost a paid answer.
    }
  }

  send(ticket, url, headers) {
    const mine = currentGeneration();
    const abort = typeof AbortController === "function" ? new AbortController() : { abort() {} };
    const call = attempt(this.#fetch ?? globalThis.fetch, url, headers, abort.signal, this.#key);
    const end = (answer) => settle(mine, ticket, answer);
    call.then(end, () => end([]));
    return abort;
  }

  sleep(ticket, ms) {
    const mine = currentGeneration();
    return setTimeout(() => settle(mine, ticket), Math.min(ms, LONGEST_TIMER));
  }

  wake(timer) {
    clearTimeout(timer);
  }
}

/**
 * Options of fetch that make every request use a connection of its own. On one that was kept from an earlier request Deno
 * and Bun send a request again by themselves when it breaks, without a word to the caller, and the call is paid twice; a
 * broken connection that was opened for the request is reported. Node's fetch never sends again and keeps connections all
 * the same: to it `keepalive: false` is what it does anyway. Browsers send again too and cannot be told not to.
 */
function unrepeated() {
  // Closed after use: it is a resource, which Deno's tests count.
  const client = globalThis.Deno?.createHttpClient?.({ poolMaxIdlePerHost: 0 });
  return client === undefined ? { keepalive: false } : { keepalive: false, client };
}

/** `[httpStatus, retryAfter, date, aged, arrayBuffer, relayed]`, or `[thrown, code, syscall, message, code, …]`. */
async function attempt(fetch, url, headers, signal, key) {
  const token = headers.get("Token") ?? undefined;
  let connection;
  try {
    if (typeof fetch !== "function") throw notSent("there is no fetch: pass one as the option fetch");
    if (signal === undefined) throw notSent("there is no AbortController");
    connection = unrepeated();
    // Not followed: the signature would travel along. Where `manual` hides the answer its status is 0.
    const response = await fetch(url, { method: "GET", headers, signal, redirect: "manual", ...connection });
    // A user's fetch may not know signals. Whoever has aborted waits no longer: nothing more is read for nobody.
    if (signal.aborted) throw signal.reason;
    const { status, type } = response ?? {};
    // A redirect that is not shown has the status 0; any other answer has a proper one, or nobody knows what it is.
    const proper = (Number.isInteger(status) && status >= 100 && status <= 999) || type === "opaqueredirect";
    if (typeof response?.arrayBuffer !== "function" || !proper) {
      throw new TypeError("fetch answered something that is not a Response");
    }
    const header = (name) => response.headers?.get?.(name) ?? undefined;
    const aged = header("age") !== undefined || /\bhit\b/i.test(header("x-cache") ?? "");
    const body = await response.arrayBuffer();
    if (!(body instanceof ArrayBuffer) && Object.prototype.toString.call(body) !== "[object ArrayBuffer]") {
      throw new TypeError("fetch answered a body that is not an ArrayBuffer");
    }
    // Throws here, and not in the middle of Rust, where somebody has transferred it away.
    const bytes = new Uint8Array(body);
    // From another realm (a test environment's), an ArrayBuffer is none of ours.
    const own = body instanceof ArrayBuffer ? body : bytes.slice().buffer;
    return [status, header("retry-after"), header("date"), aged, own, header("qcc-meta")];
  } catch (thrown) {
    return [shownCause(thrown, key, token), ...saidSafely(thrown)];
  } finally {
    connection?.client?.close();
  }
}

function saidSafely(thrown) {
  try {
    return said(thrown, 0);
  } catch {
    // A value whose fields throw says nothing.
    return [];
  }
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
