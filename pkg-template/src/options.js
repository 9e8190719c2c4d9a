/** What a user may say when making a client or a call, read and checked before anything is sent. */
import { Store } from "./host.js";
import { configError, unsent } from "./unsent.js";

const where =
  "Pass key and secretKey, or set QCC_KEY and QCC_SECRET_KEY; both stand in 设置中心 → 我的公司 at pro.qcc.com. " +
  "On a page pass gateway instead.";

/** The environment's variable, where there is an environment and it may be read. */
function environment(name) {
  try {
    return globalThis.process?.env?.[name] ?? globalThis.Deno?.env?.get(name);
  } catch {
    // Deno without --allow-env.
    return undefined;
  }
}

/**
 * Whether this is a page or a worker of one, where everybody can read what is loaded. Every browser calls itself Mozilla;
 * the other runtimes do not, but for a simulated page (jsdom) inside Node.
 */
export function isBrowser() {
  const { navigator, process } = globalThis;
  const inNode = process?.versions?.node !== undefined && process.versions.electron === undefined;
  return !inNode && /^Mozilla/.test(navigator?.userAgent ?? "");
}

function optional(options, name, type) {
  const value = options[name];
  if (value === undefined || describe(value) === type) return value;
  const article = type === "object" ? "an" : "a";
  const message = `配置错误 (the option ${name} must be ${article} ${type}, not ${describe(value)})`;
  throw configError(message, "Nothing was sent.");
}

export function describe(value) {
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

/** Key, secret and where to. */
export function readAccess(options) {
  const gateway = optional(options, "gateway", "string");
  if (gateway !== undefined) {
    if (options.secretKey !== undefined || options.key !== undefined) {
      const message = "配置错误 (behind a gateway neither key nor secretKey is given: the gateway has them)";
      throw configError(message, "Leave both out.");
    }
    return { key: undefined, secretKey: undefined, baseUrl: readUrl("gateway", gateway) };
  }
  if (isBrowser() && options.secretKey !== undefined && options.dangerouslyAllowBrowser !== true) {
    throw configError(
      "密钥不得进入浏览器 (a secretKey in a browser can be read by anybody who opens the page)",
      "Let your own server sign: mount qcc-pro/gateway there and pass its URL as gateway here.",
    );
  }
  const key = optional(options, "key", "string") ?? environment("QCC_KEY");
  const secretKey = optional(options, "secretKey", "string") ?? environment("QCC_SECRET_KEY");
  const missing = [!key && "key", !secretKey && "secretKey"].filter(Boolean);
  if (missing.length > 0) throw configError(`缺少凭证 (missing: ${missing.join(" and ")})`, where);
  const baseUrl = optional(options, "baseUrl", "string") ?? environment("QCC_BASE_URL") ?? "https://pro.qcc.com";
  return { key, secretKey, baseUrl: readUrl("baseUrl", baseUrl) };
}

function readUrl(name, text) {
  let url;
  try {
    url = new URL(text, globalThis.location?.href);
  } catch {
    throw configError(`配置错误 (the option ${name} is not a URL)`, "For example https://pro.qcc.com.");
  }
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    const message = `配置错误 (the option ${name} must be an http or https URL without user, query or fragment)`;
    throw configError(message, "For example https://pro.qcc.com.");
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

/** What a call without options says. */
const NO_FIGURES = /* @__PURE__ */ new Float64Array(0);

/** The policy's figures in the order of Rust's `Policy::with_figures`, NaN where not given. */
export function readFigures(options) {
  if (options === NO_OPTIONS) return NO_FIGURES;
  const retry = optional(options, "retry", "object") ?? {};
  const pending = optional(options, "pending", "object") ?? {};
  const resend = optional(retry, "resendWhenUnknown", "boolean");
  const figure = (from, name) => {
    const value = optional(from, name, "number");
    // A figure that is not a number is told apart from one that was not given.
    return value === undefined ? NaN : Number.isNaN(value) ? -1 : value;
  };
  return new Float64Array([
    figure(options, "timeoutMs"),
    figure(options, "deadlineMs"),
    figure(retry, "maxRetries"),
    figure(retry, "baseDelayMs"),
    figure(retry, "maxDelayMs"),
    resend === undefined ? NaN : Number(resend),
    figure(pending, "maxPolls"),
    figure(pending, "delayMs"),
  ]);
}

/** The options of a call that was given none. */
export const NO_OPTIONS = /* @__PURE__ */ Object.freeze({});

const stores = /* @__PURE__ */ new WeakMap();

/** A store fit for Rust; the same one for the same store, so that equal questions can share a call. */
export function readStore(store) {
  if (store === undefined || store === null) return undefined;
  if (typeof store.get !== "function" || typeof store.set !== "function") {
    throw configError("配置错误 (the option store must have get and set)", "A Map or a Keyv fits as it is.");
  }
  let known = stores.get(store);
  if (known === undefined) stores.set(store, (known = new Store(store)));
  return known;
}

/** Names and values in pairs, each fit to be sent, none of those the client sets itself. */
export function readHeaders(options) {
  const headers = optional(options, "headers", "object") ?? {};
  return Object.entries(headers).map(([name, value]) => {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || /^(token|timespan)$/i.test(name)) {
      throw configError(`配置错误 (the header ${JSON.stringify(name)} cannot be set)`, "Nothing was sent.");
    }
    if (typeof value !== "string" || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      const message = `配置错误 (the value of the header ${name} is not text that a header can carry)`;
      throw configError(message, "Nothing was sent.");
    }
    return [name, value];
  });
}

export function readFunction(options, name) {
  return optional(options, name, "function");
}

/** The caller's list of names as it is, read once, since it may be an iterator. */
export function readSpellings(list) {
  if (list === null || typeof list !== "object" || typeof list[Symbol.iterator] !== "function") {
    const message = `企业名称须为数组 (companyNames must be an array of names, not ${describe(list)})`;
    throw unsent("invalid-argument", message, "Nothing was sent.");
  }
  const spellings = Array.from(list);
  const odd = spellings.findIndex((name) => typeof name !== "string");
  if (odd < 0) return spellings;
  const message = `企业名称须为文字 (company name ${odd + 1} is ${describe(spellings[odd])}, not a string)`;
  throw unsent("invalid-argument", message, "Nothing was sent.");
}

/** The same, and as text in Unicode NFC. */
export function readNames(list) {
  const spellings = readSpellings(list);
  return [spellings, spellings.map((name) => name.normalize("NFC"))];
}

/** Ends each name in the one text in which names go to Rust: ASCII's unit separator, which no name may have. */
export const NAME_END = "\x1f";

/** Names as one text, handed over quicker than many. */
export const joinNames = (names) => (names.length === 0 ? "" : names.join(NAME_END) + NAME_END);

/** The same in NFC, of names as the caller spells them. */
export function joinSpellings(spellings) {
  // A name that has the mark itself is refused for its control character, as it would be for any other.
  const marked = spellings.some((name) => name.includes(NAME_END));
  const names = marked ? spellings.map((name) => name.replaceAll(NAME_END, "\x1e")) : spellings;
  return joinNames(names).normalize("NFC");
}

/** A signal, which AbortController makes; another realm's or a polyfill's will do. */
export function readSignal(options) {
  const signal = options.signal ?? undefined;
  if (signal === undefined || (typeof signal.aborted === "boolean" && typeof signal.addEventListener === "function")) {
    return signal;
  }
  const message = `配置错误 (the option signal must be an AbortSignal, not ${describe(signal)})`;
  throw configError(message, "Pass the controller's signal. Nothing was sent.");
}

/** An endpoint's path; what else is wrong with it Rust tells. */
export function readPath(path) {
  if (typeof path === "string") return path;
  const message = `参数错误 (path must be a string, not ${describe(path)})`;
  throw unsent("invalid-argument", message, "Nothing was sent.");
}

/** A request's parameters, names and values by turns. */
export function readParams(params) {
  if (params === null || typeof params !== "object") {
    const message = `参数须为对象 (params must be an object, not ${describe(params)})`;
    throw unsent("invalid-argument", message, "Nothing was sent.");
  }
  return Object.entries(params).flatMap(([name, value]) => {
    if (typeof value === "string") return [name, value];
    const message = `参数须为文字 (the parameter ${JSON.stringify(name)} is ${describe(value)}, not a string)`;
    throw unsent("invalid-argument", message, "Nothing was sent.");
  });
}
