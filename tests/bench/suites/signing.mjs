// `sign(…)` and the signing inside the client beside what computes the same Token in JavaScript. Every call signs another
// second, so nothing is gained by having signed that one before. Runs in Node and, without node:crypto, in a browser.
import { md5 as noble } from "@noble/hashes/legacy.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { createMD5 } from "hash-wasm";
import { md5 } from "js-md5";
import { sign } from "qcc-pro";
import SparkMD5 from "spark-md5";
import { compare } from "../support/rounds.mjs";

const key = "9bc448a2ff6511e8890a6c92bf31542f";
const secretKey = "0123456789ABCDEF0123456789ABCDEF";

/** @param {typeof import("node:crypto") | undefined} crypto @param {BufferSource} signer the bytes of sign.wasm */
export async function signing(crypto, signer, options) {
  let second = 1_700_000_000;
  const text = () => key + ++second + secretKey;
  const hashWasm = await createMD5();
  const inside = await clientsOwn(signer);
  const candidates = {
    "sign()": () => sign({ key, secretKey, timespan: ++second }).Token,
    "inside the client": () => inside(++second),
    "js-md5": () => md5(text()).toUpperCase(),
    "spark-md5": () => SparkMD5.hash(text()).toUpperCase(),
    "@noble/hashes": () => bytesToHex(noble(utf8ToBytes(text()))).toUpperCase(),
    "hash-wasm": () => hashWasm.init().update(text()).digest("hex").toUpperCase(),
  };
  if (crypto !== undefined) {
    candidates["node:crypto createHash"] = () => crypto.createHash("md5").update(text()).digest("hex").toUpperCase();
    if (crypto.hash !== undefined) candidates["node:crypto hash()"] = () => crypto.hash("md5", text()).toUpperCase();
  }
  for (const [name, once] of Object.entries(candidates)) {
    second = 1_587_693_599;
    const token = once();
    if (token !== "E2F39D1F595AD80C9694D29D5075AB95" && name !== "inside the client") throw new Error(`${name}: ${token}`);
  }
  return compare(candidates, options);
}

/**
 * What the client does for one request: credentials that are in WebAssembly already are signed with, and the Token stays
 * there. The published module that only signs, which has the same code; its imports replaced by functions that must not be
 * called.
 */
async function clientsOwn(bytes) {
  const module = await WebAssembly.compile(bytes);
  const imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = kind === "function" ? () => undefined : undefined;
  }
  const { exports } = await WebAssembly.instantiate(module, imports);
  exports.__wbindgen_start?.();
  const pass = (value) => {
    const utf8 = new TextEncoder().encode(value);
    const address = exports.__wbindgen_malloc(utf8.length, 1) >>> 0;
    new Uint8Array(exports.memory.buffer, address, utf8.length).set(utf8);
    return [address, utf8.length];
  };
  exports.setSigner(...pass(key), ...pass(secretKey));
  const address = exports.sign(1_587_693_600);
  const token = new TextDecoder().decode(new Uint8Array(exports.memory.buffer, address, 32));
  if (token !== "E2F39D1F595AD80C9694D29D5075AB95") throw new Error(`inside the client: ${token}`);
  return exports.sign;
}
