/**
 * What every loader does, whichever runtime and module it is for: keeps one instance behind wasm-bindgen's glue, made
 * on first use. Nothing happens at import: no top-level await, no side effect, so bundlers may drop what is not used.
 */
import { configError } from "../unsent.js";

/**
 * @param glue what the glue exports, among it `initSync` and `__wbg_reset_state`
 * @param {() => WebAssembly.Module} compile the module this runtime has at hand, at once
 * @param {() => Promise<WebAssembly.Module>} compileLater the same without blocking
 */
export function loader(glue, compile, compileLater) {
  let started = false;
  const start = (module) => {
    // The later of two `init` finds the instance of the first in use: a second one would orphan its objects.
    if (started) return;
    glue.initSync({ module });
    started = true;
  };
  return {
    /** The glue's exports, ready to be called. */
    core() {
      if (!started) start(explained(compile));
      return glue;
    },
    /** Throws a poisoned instance away; objects of the old one refuse to work. A trap leaves Rust's state undefined. */
    resetCore() {
      if (started) glue.__wbg_reset_state();
    },
    /**
     * Loads the module without blocking, or loads another copy of it than the one at hand.
     * @param {WebAssembly.Module | BufferSource | Response | Request | URL | string | Promise<any>} [source]
     */
    async init(source) {
      if (started) return;
      try {
        start(await (source === undefined ? compileLater() : compiled(await source)));
      } catch (error) {
        throw explanation(error);
      }
    },
  };
}

async function compiled(source) {
  // By its tag, not by `instanceof`: a module may come from another realm.
  if (Object.prototype.toString.call(source) === "[object WebAssembly.Module]") return source;
  if (typeof source === "string" || source instanceof URL || source instanceof Request) source = await fetch(source);
  if (typeof source?.arrayBuffer === "function") {
    if (source.ok === false) throw new TypeError(`the address answered HTTP ${source.status}`);
    // Not compileStreaming: it refuses any type but application/wasm, and 100 KB gain nothing by it.
    source = await source.arrayBuffer();
  }
  return WebAssembly.compile(source);
}

function explained(compile) {
  try {
    return compile();
  } catch (error) {
    throw explanation(error);
  }
}

/** The engines' own words name neither the cause nor the cure. */
function explanation(cause) {
  const said = String(cause?.message ?? cause);
  let reason = said;
  let hint = "Look at the cause. init() takes a module, bytes, a Response or an address.";
  if (typeof WebAssembly === "undefined") {
    reason = "this runtime has no WebAssembly";
    hint = "Use a runtime that has it, or one that does not switch it off.";
  } else if (/CSP|content security|unsafe-eval|disallowed by embedder/i.test(said)) {
    reason = "the Content-Security-Policy lacks 'wasm-unsafe-eval' in script-src";
    hint =
      "Add 'wasm-unsafe-eval' to the page's script-src. An edge runtime must resolve qcc-pro with the condition " +
      '"workerd", or hand the module to init().';
  } else if (/main thread/i.test(said)) {
    reason = "this browser (Chrome before 115) does not compile it on the main thread at once";
    hint = "Call `await init()` before the first use.";
  }
  return configError(`WebAssembly 模块无法载入 (cannot load the WebAssembly module: ${reason})`, hint, cause);
}
