/**
 * For every runtime that compiles bytes (Node, Deno, Bun, browsers): the module stands in the JavaScript itself, so
 * that no bundler, server or path can lose it. Its text is made and explained in xtask/js/inline.mjs.
 */
import { decoder } from "#decoder";
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
const PAIRS = 512;
const TEXT = 1024;
const HEAD = 64;

/** See decoder.wat for the layout of its memory and for why it is there. */
function bytes(text) {
  const module = new WebAssembly.Module(Uint8Array.from(atob(decoder), (character) => character.charCodeAt(0)));
  const { memory, decode } = new WebAssembly.Instance(module).exports;
  memory.grow((TEXT + text.length) >> 16);
  const place = new Uint8Array(memory.buffer);
  const meaning = new Uint16Array(memory.buffer, 0, 128);
  // The alphabet: printable ASCII without `"`, `<` and `\`.
  const alphabet = [];
  for (let code = 32; code < 127; code += 1) {
    if (code !== 34 && code !== 60 && code !== 92) place[256 + code] = alphabet.push(code) - 1;
  }
  // Its first two characters begin pairs.
  meaning[alphabet[0]] = PAIRS;
  meaning[alphabet[1]] = PAIRS + DIGITS;
  // In front of the text, bit by bit, which bytes are written with one character.
  let singles = 2;
  let pairs = PAIRS;
  for (let byte = 0; byte < 256; byte += 1) {
    if ((parseInt(text[byte >> 2], 16) >> (byte & 3)) & 1) meaning[alphabet[singles++]] = byte;
    else place[pairs++] = byte;
  }
  const { written } = new TextEncoder().encodeInto(text, place.subarray(TEXT));
  return place.slice(TEXT + HEAD, decode(TEXT + HEAD, TEXT + written));
}
