/**
 * What every loader does, whichever runtime and module it is for: keeps one instance behind wasm-bindgen's glue, made
 * on first use. Nothing happens at import: no top-level await, no side effect, so bundlers may drop what is not used.
 */

/**
 * @param glue the glue's exports, among them `initSync` and `__wbg_reset_state`
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
    if (source.ok === false) throw new Error(`the module's address answered HTTP ${source.status}`);
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
  let hint = "";
  if (typeof WebAssembly === "undefined") {
    hint = "this runtime has no WebAssembly";
  } else if (/CSP|content security|unsafe-eval|disallowed by embedder/i.test(said)) {
    hint =
      "the page's Content-Security-Policy must have 'wasm-unsafe-eval' in script-src (an edge runtime must resolve " +
      'the package with the condition "workerd", or load the module itself with init())';
  } else if (/main thread/i.test(said)) {
    hint = "this browser (Chrome before 115) compiles on the main thread only with `await init()` before the first call";
  }
  return new Error(`qcc-pro cannot load its WebAssembly module: ${hint || said}`, { cause });
}
