// Reads an answer full of odd texts, in a thread where only one of the two decoders is to be had, and tells what came of it and
// how often that decoder was called.
import { parentPort, workerData } from "node:worker_threads";

let decoded = 0;
// Node loads it when it is first used, and not without Buffer.
const headers = new Headers();
if (workerData.decoder === "TextDecoder") {
  globalThis.Buffer = undefined;
  const { decode } = TextDecoder.prototype;
  TextDecoder.prototype.decode = function (...given) {
    decoded += 1;
    return decode.apply(this, given);
  };
} else {
  const { toString } = Buffer.prototype;
  Buffer.prototype.toString = function (...given) {
    decoded += 1;
    return toString.apply(this, given);
  };
}
const { QccClient } = await import("qcc-pro");

const ENDS = ["", "x", "é", "ÿ", "\u0000", "\ufeff", "键", "\u{1f600}", "\ud7ff", "\ue000", "\uffff", "Ⅳ\u{20000}x", "(", "）"];
/** From nothing to more than two pieces, each ending in something odd; neighbours shift where a piece ends. */
const rows = Array.from({ length: 1_500 }, (_, i) => {
  const odd = ENDS[i % ENDS.length];
  const row = {
    companyName: odd + "甲".repeat(i % 23) + odd,
    relatedCompanyName: i % 211 === 0 ? "司".repeat(i * 2) + odd : "\u{1f600}".repeat(i % 7) + odd,
    amount: i % 5 === 0 ? null : `${odd}${i / 8}`,
    publicDate: i % 7 === 0 ? null : i % 3 === 0 ? "x".repeat(i) : odd.repeat(i % 4),
    source: i % 11 === 0 ? null : `Source no. ${i} of a long list`,
  };
  return i % 13 === 0 ? { ...row, note: odd.repeat(300) } : row;
});
const body = JSON.stringify({ status: "200", msg: `好${ENDS[7]}`, result: { requestId: "r", partnershipRelationList: rows } });
const response = { status: 200, headers, arrayBuffer: async () => new TextEncoder().encode(body).buffer };
const client = new QccClient({ key: "k", secretKey: "s", fetch: async () => response });
const { relations } = await client.findPartnershipRelation(["甲公司", "乙公司"]);
parentPort.postMessage({
  ours: relations.map(({ amountWan: _, period: __, extra, ...row }) => ({ ...row, ...extra })),
  theirs: rows,
  decoded,
});
