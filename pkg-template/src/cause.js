/**
 * What fetch threw, fit to be shown. It is shown as it is, unless the company's key or the request's Token stands in it
 * (Deno's errors name the URL, some clients' carry the whole request); then as a copy with both masked.
 */

/** An error with the whole of a client's innards on it is not searched to its end but copied. */
const MOST = 2000;
const DEEPEST = 8;

/** A key shorter than this stands in other words by accident: it is masked only where it is named. */
const CERTAIN = 12;

const MASK = "****";

/** @param thrown anything @param {string | undefined} key @param {string | undefined} token */
export function shownCause(thrown, key, token) {
  const mask = masker(key, token);
  return mentions(thrown, mask) ? copy(thrown, mask, 0) : thrown;
}

function masker(key, token) {
  const words = token ? [token] : [];
  const forms = key ? [key, encodeURIComponent(key), new URLSearchParams([["", key]]).toString().slice(1)] : [];
  if (key && key.length >= CERTAIN) words.push(...forms);
  else words.push(...forms.flatMap((form) => [`key=${form}`, `"${form}"`]));
  return (text) => words.reduce((masked, word) => masked.split(word).join(MASK), text);
}

/** What an object says of itself when it is printed, its own fields and what it holds. */
function inside(value) {
  const held = Object.values(value);
  if (value instanceof Error) held.push(value.message, value.stack, value.cause, value.errors);
  // Headers, Map, URLSearchParams; Request, Response, URL.
  if (typeof value[Symbol.iterator] === "function" && !ArrayBuffer.isView(value)) held.push(...value);
  held.push(value.url, value.href, value.headers);
  return held;
}

function mentions(thrown, mask) {
  const seen = new Set();
  const ahead = [thrown];
  while (ahead.length > 0) {
    const value = ahead.pop();
    if (typeof value === "string" && mask(value) !== value) return true;
    if (value === null || typeof value !== "object" || seen.has(value)) continue;
    seen.add(value);
    if (seen.size > MOST) return true;
    try {
      ahead.push(...inside(value));
    } catch {
      // A value whose fields throw shows nothing.
    }
  }
  return false;
}

/** Errors keep what a program looks at; of other objects only the plain ones are copied. */
function copy(value, mask, depth) {
  if (typeof value === "string") return mask(value);
  if (value === null || typeof value !== "object") return typeof value === "function" ? undefined : value;
  if (depth > DEEPEST) return undefined;
  const inner = (one) => copy(one, mask, depth + 1);
  if (value instanceof Error) {
    const cause = value.cause === undefined ? undefined : { cause: inner(value.cause) };
    const message = mask(String(value.message));
    const error = Array.isArray(value.errors)
      ? new AggregateError(value.errors.map(inner), message, cause)
      : new Error(message, cause);
    const hidden = { enumerable: false, configurable: true, writable: true };
    Object.defineProperty(error, "name", { ...hidden, value: String(value.name) });
    Object.defineProperty(error, "stack", { ...hidden, value: mask(String(value.stack)) });
    for (const name of ["code", "errno", "syscall"]) {
      if (["string", "number"].includes(typeof value[name])) error[name] = inner(value[name]);
    }
    return error;
  }
  if (Array.isArray(value)) return value.slice(0, 100).map(inner);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [mask(name), inner(one)]));
}
