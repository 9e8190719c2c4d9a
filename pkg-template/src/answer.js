/**
 * Plain objects out of the table that Rust leaves in memory (src/js/answer.rs): each different text is decoded once, however
 * many rows have it.
 */
import { guarded } from "./instance.js";

const NONE = 0xffffffff;

/** The head's numbers, in the order of src/js/answer.rs. */
const HEAD = 23;

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
  const numbers = new Float64Array(buffer, head, HEAD);
  const [status, attempts, billed, billedCalls, unknownCalls, fromStore, httpStatus, durationMs, timespan] = numbers;
  const [message, requestId, members, extra] = numbers.subarray(9, 13);
  const [rows, rowCount, units, ends, textCount, own, amounts, periods, places, placeCount] = numbers.subarray(13);
  const texts = decodeTexts(buffer, units, ends, textCount);
  const text = (id) => (id === NONE ? null : texts[id]);
  const answer = { status, message: texts[message], requestId: text(requestId) };
  if (members !== NONE) {
    Object.assign(answer, JSON.parse(texts[members]));
  } else {
    answer.companyNames = Array.from(new Uint32Array(buffer, places, placeCount), (place) => names[place]);
    answer.relations = rowObjects(buffer, rows, rowCount, texts, names, own, amounts, periods);
    if (extra !== NONE) answer.extra = JSON.parse(texts[extra]);
  }
  answer.meta = {
    attempts,
    billed: billed === 2 ? "unknown" : billed === 1,
    billedCalls,
    unknownCalls,
    fromStore: fromStore === 1,
    httpStatus,
    durationMs,
    timespan,
  };
  // Made on first reading, and not among what is printed or serialised: the body echoes the company's key.
  let raw = typeof body === "string" ? body : undefined;
  Object.defineProperty(answer, "raw", { get: () => (raw ??= utf8(body)), enumerable: false, configurable: true });
  return answer;
}

function decodeTexts(buffer, units, ends, count) {
  const end = new Uint32Array(buffer, ends, count);
  const length = count === 0 ? 0 : end[count - 1];
  const whole = utf16(new Uint16Array(buffer, units, length));
  const texts = new Array(count);
  for (let i = 0, from = 0; i < count; from = end[i], i += 1) texts[i] = whole.slice(from, end[i]);
  return texts;
}

function rowObjects(buffer, address, count, texts, names, own, amounts, periods) {
  const ids = new Uint32Array(buffer, address, count * 6);
  const ownName = new Int32Array(buffer, own, count === 0 ? 0 : texts.length);
  const amount = new Float64Array(buffer, amounts, ownName.length);
  const period = new Uint32Array(buffer, periods, ownName.length);
  const name = (id) => (id === NONE ? "" : ownName[id] < 0 ? texts[id] : names[ownName[id]]);
  const text = (id) => (id === NONE ? null : texts[id]);
  const relations = new Array(count);
  for (let i = 0, at = 0; i < count; i += 1, at += 6) {
    const [amountId, dateId, extraId] = [ids[at + 2], ids[at + 3], ids[at + 5]];
    const number = amountId === NONE ? NaN : amount[amountId];
    const packed = dateId === NONE ? 0 : period[dateId];
    relations[i] = {
      companyName: name(ids[at]),
      relatedCompanyName: name(ids[at + 1]),
      amount: text(amountId),
      amountWan: number === number ? number : null,
      publicDate: text(dateId),
      period: packed === 0 ? null : unpacked(packed),
      source: text(ids[at + 4]),
    };
    if (extraId !== NONE) relations[i].extra = JSON.parse(texts[extraId]);
  }
  return relations;
}

function unpacked(packed) {
  const year = (packed / 10000) | 0;
  const month = ((packed / 100) | 0) % 100;
  const day = packed % 100;
  return { year, month: month === 0 ? null : month, day: day === 0 ? null : day };
}
