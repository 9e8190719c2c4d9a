/**
 * `qcc-pro/sandbox`: carries the emulated QCC Pro (Rust: src/sandbox/, in a WebAssembly module of its own) as a fetch
 * function and as an HTTP server. What is answered and how it fails is decided there; here it is made to happen.
 */
import { core } from "#sandbox-core";
import { serve } from "./sandbox/server.js";
import { failure, respond, untilAborted, wait } from "./sandbox/transport.js";

/** The key of a sandbox that is given none: the one the vendor's own example prints. */
export const SANDBOX_KEY = "9bc448a2ff6511e8890a6c92bf31542f";

/** The secret key of a sandbox that is given none. As long as a real one, and plainly none. */
export const SANDBOX_SECRET_KEY = "SANDBOX-SECRET-KEY-NOT-A-REAL-ONE";

const MOST_SAMPLE_COMPANIES = 100_000;

export function createSandbox(options) {
  return new Sandbox(options);
}

export function sampleCompanies(count, seed = 0) {
  check("count", count, MOST_SAMPLE_COMPANIES);
  check("seed", seed, Number.MAX_SAFE_INTEGER);
  return core().sampleCompanies(count, seed);
}

function check(name, value, most) {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new RangeError(`qcc-pro/sandbox: ${name} must be a whole number from 0 to ${most}`);
  }
}

class Sandbox {
  #core;
  #now;
  #onCall;

  constructor({ now = Date.now, onCall, ...options } = {}) {
    if (typeof now !== "function" || !["function", "undefined"].includes(typeof onCall)) {
      throw new TypeError("qcc-pro/sandbox: now and onCall must be functions");
    }
    this.#now = now;
    this.#onCall = onCall;
    this.#core = new (core().SandboxCore)(options);
    // Handed over as it is: `new QccClient({ fetch: sandbox.fetch })`.
    this.fetch = this.fetch.bind(this);
  }

  async fetch(input, init) {
    const request = readRequest(input, init);
    const { signal } = request;
    signal?.throwIfAborted();
    const answer = this.#answer(request);
    if (answer.delayMs > 0) await wait(answer.delayMs, signal);
    switch (answer.transport) {
      case "no-answer":
        return untilAborted(signal);
      case "refuse":
        throw failure("fetch failed", "connect ECONNREFUSED", "ECONNREFUSED");
      case "reset":
        throw failure("fetch failed", "read ECONNRESET", "ECONNRESET");
      default:
        return respond(answer, signal);
    }
  }

  setFaults(faults) {
    this.#core.setFaults(faults);
  }

  stats() {
    return this.#core.stats();
  }

  reset() {
    this.#core.reset();
  }

  relationsAmong(companyNames) {
    return JSON.parse(this.#core.relationsAmong(Array.from(companyNames, String)));
  }

  listen(options) {
    return serve((request) => this.#answer(request), options);
  }

  #answer({ method, url, token, timespan }) {
    const query = url.search.slice(1);
    const answer = this.#core.handle(method, url.pathname, query, token, timespan, this.#now());
    try {
      const { delayMs, bodyMs, httpStatus, headers, transport, body, arriving } = answer;
      if (this.#onCall) {
        const { number, outcome, billed } = answer;
        const companyNames = url.searchParams.get("companyNames");
        this.#onCall({ number, path: url.pathname, companyNames, status: outcome, billed, delayMs, transport });
      }
      return { delayMs, bodyMs, httpStatus, headers: pairs(headers), transport, body, arriving };
    } finally {
      answer.free();
    }
  }
}

/** What the core needs of a request, of whichever of fetch's forms. */
function readRequest(input, init) {
  // By its parts, not by `instanceof`: a request may come from another realm or from a library.
  const isRequest = typeof input === "object" && "url" in input && "headers" in input;
  // Only then a Request of our own: each one that is made holds on to the signal it is given.
  const request = isRequest && init ? new Request(input, init) : isRequest ? input : init;
  const headers = request?.headers instanceof Headers || isRequest ? request.headers : new Headers(request?.headers);
  return {
    method: request?.method?.toUpperCase() ?? "GET",
    url: new URL(isRequest ? request.url : String(input), globalThis.location?.href),
    token: headers.get("token") ?? undefined,
    timespan: headers.get("timespan") ?? undefined,
    signal: request?.signal ?? undefined,
  };
}

function pairs(flat) {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
}
