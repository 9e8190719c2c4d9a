/**
 * For an inlined module that is not small: its text holds the parted module, see xtask/js/part.mjs, a tenth less after
 * compression. Signing's stays whole, which begins to work half a millisecond earlier.
 */
import { joiner } from "#joiner";
import { inlinedLoader } from "./inlined.js";

/** @param {string} text the parted module, as the build wrote it */
export const partedLoader = (glue, text) => inlinedLoader(glue, text, joined);

/** See joiner.wat for the layout of its memory. */
function joined(parted) {
  const { memory, join } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(joiner))).exports;
  // The module is no longer than its parts.
  memory.grow((2 * parted.length) >> 16);
  const place = new Uint8Array(memory.buffer);
  place.set(parted);
  return place.slice(parted.length, join(parted.length));
}
