/** The client: options read here, everything else in Rust. */
import { readAnswer } from "./answer.js";
import { QccError } from "./error.js";
import { Host } from "./host.js";
import { currentGeneration, guarded, runTask } from "./instance.js";
import {
  NO_OPTIONS,
  joinSpellings,
  readAccess,
  readFigures,
  readFunction,
  readHeaders,
  readParams,
  readPath,
  readSignal,
  readSpellings,
  readStore,
} from "./options.js";
import { relay } from "./relay.js";
import { Scan } from "./scan.js";
import { configError } from "./unsent.js";

/** Made in a function: of a class with computed names several bundlers do not know that it does nothing by itself, and keep it. */
export const QccClient = /* @__PURE__ */ (() => class QccClient {
  /** Private, so that no inspection, serialisation or log ever shows what it closes over. */
  #make;
  #core = null;
  #generation = -1;
  #store;
  #ttlMs;
  #freed = false;

  constructor(options = {}) {
    if (options === null || typeof options !== "object") {
      throw configError("配置错误 (the options must be an object)", "new QccClient({ key, secretKey })");
    }
    const access = readAccess(options);
    const headers = readHeaders(options);
    const figures = readFigures(options);
    const host = new Host(readFunction(options, "fetch"), readFunction(options, "onEvent"), headers, access.key?.trim());
    this.#store = readStore(options.store);
    this.#ttlMs = readTtl(options.storeTtlMs);
    this.#make = (core) =>
      new core.CoreClient(host, access.key, access.secretKey, access.baseUrl, figures);
    // At once, so that what is wrong with the credentials is told here.
    this.#live();
  }

  findPartnershipRelation(companyNames, options) {
    return this.#ask(options, (settings) => {
      const spellings = readSpellings(companyNames);
      const names = joinSpellings(spellings);
      return (client, resolve, reject) =>
        client.ask("findPartnershipRelation", names, ...settings, (head, body) => readAnswer(head, spellings, body), resolve, reject);
    });
  }

  getQuota(options) {
    return this.#ask(
      options,
      (settings) => (client, resolve, reject) =>
        client.ask("getQuota", "", ...settings, plain, resolve, reject),
    );
  }

  request(path, params = {}, options) {
    return this.#ask(options, (settings) => {
      const known = readPath(path);
      const pairs = readParams(params);
      return (client, resolve, reject) =>
        client.request(known, pairs, ...settings, plain, resolve, reject);
    });
  }

  scan(input, options = {}) {
    return new Scan(() => this.#live(), input, options, this.#store, this.#ttlMs);
  }

  [relay](endpoint, companyNames, signal) {
    return this.#ask({ signal }, (settings) => {
      const names = joinSpellings(readSpellings(companyNames));
      return (client, resolve) => client.ask(endpoint, names, ...settings, undefined, resolve, resolve);
    });
  }

  storeKey(companyNames) {
    const names = joinSpellings(readSpellings(companyNames));
    const client = this.#live();
    return guarded(() => client.storeKey(names));
  }

  free() {
    this.#freed = true;
    const core = this.#core;
    this.#core = null;
    if (core !== null && this.#generation === currentGeneration()) core.free();
    this.#make = undefined;
  }

  /** `using` frees the client, where the runtime knows it (Node 20 does; browsers are learning it). */
  [Symbol.dispose ?? "dispose"]() {
    this.free();
  }

  /** Not `async`, which would cost two promises more; a caller's mistake rejects all the same. */
  #ask(options = NO_OPTIONS, prepare) {
    try {
      if (options === null || typeof options !== "object") {
        throw configError("配置错误 (the options of a call must be an object)", "Nothing was sent.");
      }
      const store = options.store === undefined ? this.#store : readStore(options.store);
      const signal = readSignal(options);
      const start = prepare([readFigures(options), store, this.#ttlMs]);
      return runTask(
        (_, resolve, reject) => start(this.#live(), resolve, reject),
        signal,
        (error, cause) => new QccError(error, cause),
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The client in the living instance; made anew where a trap has ended the one it was in. */
  #live() {
    if (this.#freed) throw configError("客户端已释放 (the client was freed)", "Make a new one.");
    if (this.#core === null || this.#generation !== currentGeneration()) {
      this.#core = guarded((core) => this.#make(core));
      this.#generation = currentGeneration();
    }
    return this.#core;
  }
})();

const plain = (head, body) => readAnswer(head, [], body);

function readTtl(ttlMs) {
  if (ttlMs === undefined || (typeof ttlMs === "number" && ttlMs > 0)) return ttlMs;
  throw configError("配置错误 (the option storeTtlMs must be a positive number)", "Milliseconds.");
}
