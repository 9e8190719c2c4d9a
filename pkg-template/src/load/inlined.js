/**
 * For every runtime that compiles bytes (Node, Deno, Bun, browsers): the module stands in the JavaScript itself, so
 * that no bundler, server or path can lose it. Its text is made and explained in xtask/js/inline.mjs.
 */
import { loader } from "./loader.js";

/** @param {string} text the module, as the build wrote it */
export function inlinedLoader(glue, text) {
  return loader(
    glue,
    () => new WebAssembly.Module(bytes(text)),
    () => WebAssembly.compile(bytes(text)),
  );
}

const DIGITS = 92;

function bytes(text) {
  // Printable ASCII without `"`, `<` and `\`: what each character counts.
  const digit = new Uint8Array(128);
  for (let code = 32, count = 0; code < 127; code += 1) {
    if (code !== 34 && code !== 60 && code !== 92) digit[code] = count++;
  }
  // In front, bit by bit, which bytes are written with one character; the digits 0 and 1 begin those written with two.
  const single = [0, 0];
  const pair = [];
  for (let byte = 0; byte < 256; byte += 1) {
    ((parseInt(text[byte >> 2], 16) >> (byte & 3)) & 1 ? single : pair).push(byte);
  }
  const found = new Uint8Array(text.length);
  let length = 0;
  for (let i = 64; i < text.length; i += 1) {
    const first = digit[text.charCodeAt(i)];
    found[length++] = first > 1 ? single[first] : pair[first * DIGITS + digit[text.charCodeAt(++i)]];
  }
  return found.subarray(0, length);
}
