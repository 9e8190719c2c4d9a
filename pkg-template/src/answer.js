/**
 * Plain objects out of the table that Rust leaves in memory (src/js/answer.rs): each of its texts is decoded once, however
 * many rows have it.
 */
import { memoryViews } from "./instance.js";

const NONE = 0xffffffff;

const utf8 = /* @__PURE__ */ (() => {
  let decoder;
  return (bytes) => (decoder ??= new TextDecoder()).decode(bytes);
})();
const utf16 = /* @__PURE__ */ (() => {
  let decoder;
  return (bytes) => (decoder ??= new TextDecoder("utf-16le", { ignoreBOM: true })).decode(bytes);
})();

/**
 * Reads one answer. Views of the whole memory are there already; one for each list would take longer than a short list does.
 * @param {number} head where the numbers stand, in the order of src/js/answer.rs
 * @param {string[]} names the caller's list, whose spellings the rows get
 */
export function readAnswer(head, names, body) {
  const views = memoryViews();
  const { f64, u32 } = views;
  const at = head >>> 3;
  const texts = decodeTexts(views, f64[at + 24], f64[at + 15] >>> 1, f64[at + 16] >>> 2, f64[at + 17]);
  const requestId = f64[at + 10];
  const members = f64[at + 11];
  const extra = f64[at + 12];
  const answer = { status: f64[at], message: texts[f64[at + 9]], requestId: requestId === NONE ? null : texts[requestId] };
  if (members !== NONE) {
    Object.assign(answer, JSON.parse(texts[members]));
  } else {
    const places = f64[at + 21] >>> 2;
    answer.companyNames = [];
    for (let i = 0; i < f64[at + 22]; i += 1) answer.companyNames.push(names[u32[places + i]]);
    answer.relations = rowObjects(
      views, f64[at + 13] >>> 2, f64[at + 14] | 0, texts, names, f64[at + 18] >>> 2, f64[at + 19] >>> 3, f64[at + 20] >>> 2,
    );
    if (extra !== NONE) answer.extra = JSON.parse(texts[extra]);
  }
  answer.meta = {
    attempts: f64[at + 1],
    billed: f64[at + 2] === 2 ? "unknown" : f64[at + 2] === 1,
    billedCalls: f64[at + 3],
    unknownCalls: f64[at + 4],
    fromStore: f64[at + 5] === 1,
    httpStatus: f64[at + 6],
    durationMs: f64[at + 7],
    timespan: f64[at + 8],
  };
  // Made on first reading, and not among what is printed or serialised: the body echoes the company's key.
  let raw = typeof body === "string" ? body : undefined;
  Object.defineProperty(answer, "raw", { get: () => (raw ??= utf8(body)), enumerable: false, configurable: true });
  return answer;
}

/** So many characters are decoded at once. */
const PIECE = 1024;

/**
 * The texts, decoded piece by piece: engines cut a text out of a longer one without copying it, so whoever keeps one row keeps
 * alive what its texts were cut from. That is a piece and not everything the answer said.
 */
function decodeTexts({ u8, u16, u32 }, ascii, units, ends, count) {
  const texts = new Array(count);
  cut(texts, u32, ends, 1, u8, ascii, utf8);
  cut(texts, u32, ends, 0, u16, units, utf16);
  return texts;
}

/** The texts whose end, from place `ends` of `u32` on, is odd (`sort` 1) or even (0), out of `all` from `base` on. */
function cut(texts, u32, ends, sort, all, base, decode) {
  const count = texts.length;
  let start = 0;
  for (let i = 0; i < count; ) {
    let last = start;
    let next = i;
    for (; next < count; next += 1) {
      const end = u32[ends + next];
      if ((end & 1) !== sort) continue;
      const to = end >>> 1;
      if (to - start > PIECE && last > start) break;
      last = to;
    }
    const piece = decode(all.subarray(base + start, base + last));
    for (let from = 0; i < next; i += 1) {
      const end = u32[ends + i];
      if ((end & 1) !== sort) continue;
      const to = (end >>> 1) - start;
      texts[i] = piece.slice(from, to);
      from = to;
    }
    start = last;
  }
}

/**
 * Thousands of objects of one shape: no closure and no intermediate list in the loop. Numbers of texts are read as signed ones,
 * so that NONE is below nought and every sum stays a small integer.
 */
function rowObjects({ i32, f64 }, rows, count, texts, names, own, amounts, periods) {
  const relations = new Array(count);
  const shared = new Array(texts.length);
  for (let i = 0, at = rows; i < count; i += 1, at += 6) {
    const nameId = i32[at];
    const relatedId = i32[at + 1];
    const amountId = i32[at + 2];
    const dateId = i32[at + 3];
    const sourceId = i32[at + 4];
    const extraId = i32[at + 5];
    const ownName = nameId < 0 ? -1 : i32[own + nameId];
    const ownRelated = relatedId < 0 ? -1 : i32[own + relatedId];
    const number = amountId < 0 ? NaN : f64[amounts + amountId];
    const packed = dateId < 0 ? 0 : i32[periods + dateId];
    const row = {
      companyName: ownName >= 0 ? names[ownName] : nameId < 0 ? "" : texts[nameId],
      relatedCompanyName: ownRelated >= 0 ? names[ownRelated] : relatedId < 0 ? "" : texts[relatedId],
      amount: amountId < 0 ? null : texts[amountId],
      amountWan: number === number ? number : null,
      publicDate: dateId < 0 ? null : texts[dateId],
      period: packed === 0 ? null : (shared[dateId] ??= periodOf(packed)),
      source: sourceId < 0 ? null : texts[sourceId],
    };
    if (extraId >= 0) row.extra = JSON.parse(texts[extraId]);
    relations[i] = row;
  }
  return relations;
}

const known = /* @__PURE__ */ new Map();

/** One object for all rows of a date, so nobody may change it: answers have thousands of rows and a hundred dates. */
function periodOf(packed) {
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
