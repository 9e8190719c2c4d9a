/**
 * For every runtime that compiles bytes (Node, Deno, Bun, browsers): the module stands in the JavaScript itself, so
 * that no bundler, server or path can lose it. Its text is made and explained in xtask/js/inline.mjs.
 */
import { decoder } from "#decoder";
import { loader } from "./loader.js";

/**
 * @param {string} text the module, as the build wrote it
 * @param {(bytes: Uint8Array) => Uint8Array} [whole] makes the module of what the text holds, where that is another thing
 */
export function inlinedLoader(glue, text, whole = (module) => module) {
  return loader(
    glue,
    () => new WebAssembly.Module(whole(bytes(text))),
    () => WebAssembly.compile(whole(bytes(text))),
  );
}

const TEXT = 1024;
const HEAD = 64;

/** See decoder.wat for the layout of its memory and for why it is there. */
function bytes(text) {
  const { memory, decode } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(decoder))).exports;
  memory.grow((TEXT + text.length) >> 16);
  const place = new Uint8Array(memory.buffer);
  const { written } = new TextEncoder().encodeInto(text, place.subarray(TEXT));
  return place.slice(TEXT + HEAD, decode(TEXT + written));
}
