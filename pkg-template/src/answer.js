/**
 * Plain objects out of the table that Rust leaves in memory (src/js/answer.rs): each of its texts is decoded once, however
 * many rows have it.
 */
import { guarded } from "./instance.js";

const NONE = 0xffffffff;

/** The head's numbers, in the order of src/js/answer.rs. */
const HEAD = 25;

const utf8 = /* @__PURE__ */ (() => {
  let decoder;
  return (bytes) => (decoder ??= new TextDecoder()).decode(bytes);
})();
const utf16 = /* @__PURE__ */ (() => {
  let decoder;
  return (bytes) => (decoder ??= new TextDecoder("utf-16le", { ignoreBOM: true })).decode(bytes);
})();

/** Reads one answer. @param {string[]} names the caller's list, whose spellings the rows get */
export function readAnswer(head, names, body) {
  const { buffer } = guarded((core) => core.linearMemory());
  const at = new Float64Array(buffer, head, HEAD);
  const texts = decodeTexts(buffer, at[24], at[15], at[16], at[17]);
  const [members, extra] = [at[11], at[12]];
  const answer = { status: at[0], message: texts[at[9]], requestId: at[10] === NONE ? null : texts[at[10]] };
  if (members !== NONE) {
    Object.assign(answer, JSON.parse(texts[members]));
  } else {
    answer.companyNames = Array.from(new Uint32Array(buffer, at[21], at[22]), (place) => names[place]);
    answer.relations = rowObjects(buffer, at[13], at[14], texts, names, at[23], at[18], at[19], at[20]);
    if (extra !== NONE) answer.extra = JSON.parse(texts[extra]);
  }
  answer.meta = {
    attempts: at[1],
    billed: at[2] === 2 ? "unknown" : at[2] === 1,
    billedCalls: at[3],
    unknownCalls: at[4],
    fromStore: at[5] === 1,
    httpStatus: at[6],
    durationMs: at[7],
    timespan: at[8],
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
function decodeTexts(buffer, ascii, units, ends, count) {
  const end = new Uint32Array(buffer, ends, count);
  const texts = new Array(count);
  cut(texts, end, 1, new Uint8Array(buffer, ascii), utf8);
  cut(texts, end, 0, new Uint16Array(buffer, units), utf16);
  return texts;
}

/** The texts whose end is odd (`sort` 1) or even (0), out of `all`. */
function cut(texts, end, sort, all, decode) {
  const count = texts.length;
  let start = 0;
  for (let i = 0; i < count; ) {
    let last = start;
    let next = i;
    for (; next < count; next += 1) {
      if ((end[next] & 1) !== sort) continue;
      const to = end[next] >>> 1;
      if (to - start > PIECE && last > start) break;
      last = to;
    }
    const piece = decode(all.subarray(start, last));
    for (let from = 0; i < next; i += 1) {
      if ((end[i] & 1) !== sort) continue;
      const to = (end[i] >>> 1) - start;
      texts[i] = piece.slice(from, to);
      from = to;
    }
    start = last;
  }
}

/**
 * Thousands of objects of one shape: no closure and no intermediate list in the loop.
 * @param {number} known how many texts the rows have; a number beyond is NONE
 */
function rowObjects(buffer, address, count, texts, names, known, own, amounts, periods) {
  const ids = new Uint32Array(buffer, address, count * 6);
  const ownName = new Int32Array(buffer, own, known);
  const amount = new Float64Array(buffer, amounts, known);
  const period = new Uint32Array(buffer, periods, known);
  const relations = new Array(count);
  const shared = new Array(known);
  for (let i = 0, at = 0; i < count; i += 1, at += 6) {
    const nameId = ids[at];
    const relatedId = ids[at + 1];
    const amountId = ids[at + 2];
    const dateId = ids[at + 3];
    const sourceId = ids[at + 4];
    const extraId = ids[at + 5];
    const number = amountId < known ? amount[amountId] : NaN;
    const packed = dateId < known ? period[dateId] : 0;
    const row = {
      companyName: nameId < known ? (ownName[nameId] < 0 ? texts[nameId] : names[ownName[nameId]]) : "",
      relatedCompanyName: relatedId < known ? (ownName[relatedId] < 0 ? texts[relatedId] : names[ownName[relatedId]]) : "",
      amount: amountId < known ? texts[amountId] : null,
      amountWan: number === number ? number : null,
      publicDate: dateId < known ? texts[dateId] : null,
      period: packed === 0 ? null : (shared[dateId] ??= periodOf(packed)),
      source: sourceId < known ? texts[sourceId] : null,
    };
    if (extraId < known) row.extra = JSON.parse(texts[extraId]);
    relations[i] = row;
  }
  return relations;
}

const periods = /* @__PURE__ */ new Map();

/** One object for all rows of a date, so nobody may change it: answers have thousands of rows and a hundred dates. */
function periodOf(packed) {
  const known = periods.get(packed);
  if (known !== undefined) return known;
  // A hundred years of months and some days fit.
  if (periods.size > 4096) periods.clear();
  const year = (packed / 10000) | 0;
  const month = ((packed / 100) | 0) % 100;
  const day = packed % 100;
  const period = Object.freeze({ year, month: month === 0 ? null : month, day: day === 0 ? null : day });
  periods.set(packed, period);
  return period;
}
