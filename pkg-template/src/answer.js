/**
 * Plain objects out of the table that Rust leaves in memory (src/js/answer.rs): each of its texts is decoded once, however
 * many rows have it.
 */
import { memoryViews } from "./instance.js";

const utf8 = /* @__PURE__ */ (() => {
  let decoder;
  return (bytes) => (decoder ??= new TextDecoder()).decode(bytes);
})();
const utf16Decoder = /* @__PURE__ */ (() => {
  let decoder;
  return () => (decoder ??= new TextDecoder("utf-16le", { ignoreBOM: true }));
})();

const latin1 = ({ u8, buffer }, from, to) =>
  buffer === undefined ? utf8(u8.subarray(from, to)) : buffer.toString("latin1", from, to);
const utf16 = ({ u16, buffer }, from, to) =>
  buffer === undefined ? utf16Decoder().decode(u16.subarray(from, to)) : buffer.toString("utf16le", 2 * from, 2 * to);

/**
 * Reads one answer. Views of the whole memory are there already; one for each list would take longer than a short list does.
 * @param {number} head where the numbers stand, in the order of src/js/answer.rs
 * @param {string[]} names the caller's list, whose spellings the rows get
 */
export function readAnswer(head, names, body) {
  const views = memoryViews();
  const { f64, u32 } = views;
  const at = head >>> 3;
  const all = listTexts(views, f64[at + 15], f64[at + 16], f64[at + 17] >>> 1, f64[at + 18], f64[at + 19] >>> 2, f64[at + 20]);
  const members = f64[at + 11];
  const extra = f64[at + 12];
  const meta = {
    attempts: f64[at + 1],
    billed: f64[at + 2] === 2 ? "unknown" : f64[at + 2] === 1,
    billedCalls: f64[at + 3],
    unknownCalls: f64[at + 4],
    fromStore: f64[at + 5] === 1,
    httpStatus: f64[at + 6],
    durationMs: f64[at + 7],
    timespan: f64[at + 8],
  };
  const status = f64[at];
  const message = all[f64[at + 9]];
  const requestId = all[f64[at + 10]];
  let answer;
  if (members !== 0) {
    answer = Object.assign({ status, message, requestId }, JSON.parse(all[members]), { meta });
  } else {
    const count = f64[at + 14] | 0;
    const own = f64[at + 26] >>> 2;
    for (let i = own; i < own + f64[at + 27]; i += 2) all[u32[i]] = names[u32[i + 1]];
    const relations = rowObjects(views, f64[at + 13] >>> 2, count, all, f64[at + 21] >>> 3, f64[at + 22] >>> 2, f64[at + 23]);
    const extras = f64[at + 24] >>> 2;
    for (let i = extras; i < extras + f64[at + 25]; i += 2) relations[u32[i]].extra = JSON.parse(all[u32[i + 1] + 1]);
    const places = f64[at + 28] >>> 2;
    const companyNames = [];
    for (let i = places; i < places + f64[at + 29]; i += 1) companyNames.push(names[u32[i]]);
    answer =
      extra === 0
        ? { status, message, requestId, companyNames, relations, meta }
        : { status, message, requestId, companyNames, relations, extra: JSON.parse(all[extra]), meta };
  }
  withRaw(answer, body);
  return answer;
}

const text = /* @__PURE__ */ Symbol("text");

/** One getter for all answers: one of its own would make every answer an object of another shape to the engine. */
const raw = {
  get() {
    return this[text]();
  },
  enumerable: false,
  configurable: true,
};

/** The body as text: made on first reading, and not among what is printed or serialised, since it echoes the company's key. */
function withRaw(answer, body) {
  let made = typeof body === "string" ? body : undefined;
  Object.defineProperty(answer, text, { value: () => (made ??= utf8(body)) });
  Object.defineProperty(answer, "raw", raw);
}

/** So many characters are decoded at once. */
const PIECE = 1024;

/**
 * `null` and the texts: the one list by whose places everything is told.
 *
 * The texts are decoded piece by piece: engines cut a text out of a longer one without copying it, so whoever keeps one row
 * keeps alive what its texts were cut from. That is a piece and not everything the answer said. A piece ends where it may, in the
 * middle of a text too: that one begins the next.
 *
 * Both sorts by hand and no closures: what V8 has compiled for a closure it throws away when that closure is collected, and the
 * next two answers take three times as long.
 */
function listTexts(views, ascii, asciiLength, units, unitsLength, ends, count) {
  const { u32 } = views;
  const all = new Array(1 + count);
  all[0] = null;
  let narrow = "";
  let narrowFrom = 0;
  let narrowTo = 0;
  let narrowAt = 0;
  let wide = "";
  let wideFrom = 0;
  let wideTo = 0;
  let wideAt = 0;
  for (let i = 0; i < count; i += 1) {
    const end = u32[ends + i];
    const to = end >>> 1;
    if ((end & 1) === 1) {
      if (to > narrowTo) {
        narrowFrom = narrowAt;
        narrowTo = Math.max(to, Math.min(narrowFrom + PIECE, asciiLength));
        narrow = latin1(views, ascii + narrowFrom, ascii + narrowTo);
      }
      all[1 + i] = narrow.slice(narrowAt - narrowFrom, to - narrowFrom);
      narrowAt = to;
    } else {
      if (to > wideTo) {
        wideFrom = wideAt;
        wideTo = Math.max(to, Math.min(wideFrom + PIECE, unitsLength));
        wide = utf16(views, units + wideFrom, units + wideTo);
      }
      all[1 + i] = wide.slice(wideAt - wideFrom, to - wideFrom);
      wideAt = to;
    }
  }
  return all;
}

/**
 * Thousands of objects of one shape: no closure, no condition and no intermediate list in the loop. The rows tell texts by their
 * numbers, which are one less than their places; that of none is -1.
 */
function rowObjects({ i32, u32, f64 }, rows, count, all, amounts, dates, dateCount) {
  let last = 0;
  for (let i = dates; i < dates + dateCount; i += 2) last = Math.max(last, u32[i]);
  // As long as it will be: one that grows by leaps becomes a hash table.
  const periods = new Array(1 + last);
  periods[0] = null;
  for (let i = dates; i < dates + dateCount; i += 2) periods[u32[i]] = periodOf(u32[i + 1]);
  const relations = new Array(count);
  for (let i = 0, at = rows; i < count; i += 1, at += 6) {
    const amountWan = f64[amounts + i];
    relations[i] = {
      companyName: all[i32[at] + 1],
      relatedCompanyName: all[i32[at + 1] + 1],
      amount: all[i32[at + 2] + 1],
      amountWan: amountWan === amountWan ? amountWan : null,
      publicDate: all[i32[at + 3] + 1],
      period: periods[i32[at + 3] + 1],
      source: all[i32[at + 4] + 1],
    };
  }
  return relations;
}

const known = /* @__PURE__ */ new Map();

/** One object for all rows of a date, so nobody may change it: answers have thousands of rows and a hundred dates. */
function periodOf(packed) {
  if (packed === 0) return null;
  const kept = known.get(packed);
  if (kept !== undefined) return kept;
  // A hundred years of months and some days fit.
  if (known.size > 4096) known.clear();
  const year = (packed / 10000) | 0;
  const month = ((packed / 100) | 0) % 100;
  const day = packed % 100;
  const period = Object.freeze({ year, month: month === 0 ? null : month, day: day === 0 ? null : day });
  known.set(packed, period);
  return period;
}
