/**
 * The platform's fetch, timers and stores as Rust sees them. Nothing here throws, and nothing settles a promise that a dead
 * instance waits for.
 */
import { shownCause } from "./cause.js";
import { currentGeneration } from "./instance.js";

/** setTimeout fires at once beyond this. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A promise that settles for as long as the instance lives that waits for it, and never rejects a dead one. */
function alive(promise) {
  const mine = currentGeneration();
  return new Promise((resolve, reject) => {
    promise.then(
      (value) => mine === currentGeneration() && resolve(value),
      (error) => mine === currentGeneration() && reject(error),
    );
  });
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

  send(url, headers, abort) {
    return alive(attempt(this.#fetch ?? globalThis.fetch, url, headers, abort.signal, this.#key));
  }

  sleep(ms) {
    const mine = currentGeneration();
    let end;
    let timer;
    const promise = new Promise((resolve) => {
      end = () => mine === currentGeneration() && resolve();
      timer = setTimeout(end, Math.min(ms, LONGEST_TIMER));
    });
    return {
      promise,
      cancel() {
        clearTimeout(timer);
        end();
      },
    };
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
    connection = unrepeated();
    // Not followed: the signature would travel along. Where `manual` hides the answer its status is 0.
    const response = await until(signal, fetch(url, { method: "GET", headers, signal, redirect: "manual", ...connection }));
    const { status, type } = response ?? {};
    // A redirect that is not shown has the status 0; any other answer has a proper one, or nobody knows what it is.
    const proper = (Number.isInteger(status) && status >= 100 && status <= 999) || type === "opaqueredirect";
    if (typeof response?.arrayBuffer !== "function" || !proper) {
      throw new TypeError("fetch answered something that is not a Response");
    }
    const header = (name) => response.headers?.get?.(name) ?? undefined;
    const aged = header("age") !== undefined || /\bhit\b/i.test(header("x-cache") ?? "");
    const body = await until(signal, response.arrayBuffer());
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

/** A user's fetch may not know signals: an abort ends the waiting all the same. */
function until(signal, promise) {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    const settled = (end) => (value) => {
      signal.removeEventListener("abort", aborted);
      end(value);
    };
    if (signal.aborted) aborted();
    signal.addEventListener("abort", aborted, { once: true });
    Promise.resolve(promise).then(settled(resolve), settled(reject));
  });
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

/** A user's store, its functions made to give promises. */
export class Store {
  constructor(original) {
    this.original = original;
  }

  get(key) {
    return alive(
      (async () => {
        const value = await this.original.get(key);
        return typeof value === "string" ? value : undefined;
      })(),
    );
  }

  set(key, value, ttlMs) {
    return alive((async () => void (await this.original.set(key, value, ttlMs)))());
  }
}
