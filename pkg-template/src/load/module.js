/**
 * For runtimes that refuse to compile bytes but import a `.wasm` as a compiled module (Cloudflare's workerd and what
 * is built like it).
 */
import { loader } from "./loader.js";

/** @param {WebAssembly.Module} module */
export function moduleLoader(glue, module) {
  return loader(
    glue,
    () => module,
    async () => module,
  );
}
