/**
 * The guard around every call into WebAssembly.
 *
 * A trap (memory exhausted, a bug of ours) leaves the instance in no state to go on. It is thrown away, everything that was
 * under way on it is settled with an error, and the next call works on a fresh instance.
 */
import { core, resetCore } from "#core";
import { QccError } from "./error.js";
import { isTrap, trapError } from "./trap.js";
import { errorOf } from "./unsent.js";

/** Counts instances; whatever belongs to an earlier one is dead. */
let generation = 0;
let prepared = -1;
/** Rejects what is under way on this instance. */
let pending = new Set();
/** The timers and requests that this instance waits for: each has an `abort`. */
export const awaited = /* @__PURE__ */ new Set();

export const currentGeneration = () => generation;

let memory;
let remembered = -1;
let views;

/**
 * Whether there is Node's own Buffer, which makes texts several times as quickly as its TextDecoder. Bun says it is Node and is as
 * quick; Deno says so too, and those that bundlers put into browsers, where they say so, go character by character.
 */
const hasBuffer = () =>
  globalThis.Buffer !== undefined && globalThis.process?.versions?.node !== undefined && globalThis.Deno === undefined;

/** The instance's memory as bytes and numbers, and as a Buffer in Node, good until Rust is called again: whenever it has grown it is another buffer. */
export function memoryViews() {
  if (remembered !== generation) {
    memory = guarded((core) => core.linearMemory());
    remembered = generation;
    views = undefined;
  }
  const { buffer } = memory;
  if (views === undefined || views.u8.buffer !== buffer) {
    views = {
      u8: new Uint8Array(buffer),
      u16: new Uint16Array(buffer),
      i32: new Int32Array(buffer),
      u32: new Uint32Array(buffer),
      f64: new Float64Array(buffer),
      buffer: hasBuffer() ? globalThis.Buffer.from(buffer) : undefined,
    };
  }
  return views;
}

/** The instance's functions, ready to be called. */
function ready() {
  const instance = core();
  if (prepared !== generation) {
    prepared = generation;
    const mine = generation;
    instance.onReady(() => {
      queueMicrotask(() => {
        if (mine !== generation) return;
        try {
          guarded((live) => live.run(), true);
        } catch {
          // The trap has settled everything that was under way; there is nobody else to tell.
        }
      });
    });
  }
  return instance;
}

/**
 * Calls into WebAssembly.
 * @template T
 * @param {(core: any) => T} call
 * @param {boolean} inside whether Rust alone is at work: then whatever comes out of it has left it halfway; a caller's mistake
 *   is thrown before Rust begins
 * @returns {T}
 */
export function guarded(call, inside = false) {
  const instance = ready();
  try {
    return call(instance);
  } catch (thrown) {
    if (inside || isTrap(thrown)) {
      poison(thrown);
      throw trapError(thrown, false);
    }
    throw errorOf(thrown);
  }
}

function poison(cause) {
  generation += 1;
  const orphans = pending;
  pending = new Set();
  resetCore();
  for (const reject of orphans) reject(trapError(cause, "unknown"));
  // Nobody is left to end them, and a timer keeps a process from its end.
  for (const thing of awaited) thing.abort();
}

/**
 * Runs a task to its end as a promise. `start` gets the instance, `resolve` and `reject`, and gives the task's number; on
 * abort the task is dropped, and with it whatever it waits for.
 */
export function runTask(start, signal, toError) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortReason(signal, false));
      return;
    }
    let task;
    const mine = generation;
    const settle = (end) => (value, cause) => {
      pending.delete(orphaned);
      signal?.removeEventListener("abort", aborted);
      end(value, cause);
    };
    const fail = settle((error, cause) => reject(error instanceof Error ? error : toError(error, cause)));
    const orphaned = fail;
    const aborted = () => {
      settle(reject)(abortReason(signal, "unknown"));
      // A task that is dropped while it is being started has no number yet; it is dropped below.
      if (task !== undefined && mine === generation) guarded((live) => live.cancel(task));
    };
    pending.add(orphaned);
    signal?.addEventListener("abort", aborted, { once: true });
    try {
      task = guarded((live) => start(live, settle(resolve), fail));
      if (signal?.aborted && mine === generation) guarded((live) => live.cancel(task));
    } catch (error) {
      fail(error);
    }
  });
}

function abortReason(signal, billed) {
  // Any reason is one, null too; only a signal older than reasons has none.
  if (signal.reason !== undefined) return signal.reason;
  return new QccError({
    kind: "aborted",
    message: "已中止 (aborted)",
    hint: "The signal gave no reason.",
    billed,
    billedCalls: 0,
    retryable: true,
    attempts: 0,
    fromStore: false,
  });
}
