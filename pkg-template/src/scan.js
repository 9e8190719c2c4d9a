/** Runs: options read here, what happens handed on, everything decided in Rust. */
import { readAnswer } from "./answer.js";
import { QccError } from "./error.js";
import { RelationGraph } from "./graph.js";
import { currentGeneration, guarded, runTask } from "./instance.js";
import { describe, readFunction, readSignal, readStore } from "./options.js";
import { CallPlan, coreInput, planCalls, readCallSize, readInput } from "./plan.js";
import { configError } from "./unsent.js";

/** Rust's numbers for the bounds of a run. */
function readSettings(options) {
  const figure = (name, least, standard) => {
    const value = options[name] ?? standard;
    if (typeof value === "number" && value >= least) return value;
    throw configError(`配置错误 (the option ${name} must be a number from ${least} on, not ${String(value)})`, "");
  };
  const { index = -1, count = -1 } = options.shard ?? {};
  if (options.shard !== undefined && !(Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 0)) {
    throw configError("配置错误 (the option shard must be { index, count }, whole numbers)", "index counts from 0.");
  }
  return new Float64Array([
    readCallSize(options.callSize),
    Math.floor(figure("concurrency", 1, 4)),
    figure("callsPerSecond", Number.MIN_VALUE, Infinity),
    Math.floor(figure("maxCalls", 0, Infinity)),
    index,
    count,
  ]);
}

/** Made in a function, as QccClient is. */
export const Scan = /* @__PURE__ */ (() => class Scan {
  #plan;
  #start;
  #core;
  #generation;
  #spellings;
  #shard;
  #report;
  #signal;
  /** What has happened and was not taken yet, and who waits for more. */
  #events = [];
  #wake;
  #ended = false;

  /** @internal Made by client.scan. */
  constructor(client, input, options, store, ttlMs) {
    if (options === null || typeof options !== "object") {
      throw configError(`配置错误 (the options of a run must be an object, not ${describe(options)})`, "");
    }
    const settings = readSettings(options);
    const onProgress = readFunction(options, "onProgress");
    const ownStore = options.store === undefined ? store : readStore(options.store);
    const read = readInput(input, options.known);
    this.#spellings = read.spellings;
    this.#shard = options.shard;
    this.#signal = readSignal(options);
    const plan = planCalls(input, { callSize: options.callSize, known: options.known });
    this.#plan = options.shard === undefined ? plan : plan.shard(options.shard.index, options.shard.count);
    this.#core = guarded((core) => new core.CoreScan());
    this.#generation = currentGeneration();
    this.#start = (core, resolve, reject) =>
      this.#core.start(
        client(),
        coreInput(core, read),
        settings,
        ownStore,
        ttlMs,
        (begun) => {
          this.#plan = new CallPlan(() => begun, this.#spellings);
        },
        () => onProgress !== undefined && told(onProgress, this.progress()),
        resolve,
        reject,
      );
  }

  get plan() {
    return this.#plan;
  }

  progress() {
    const figures = this.#live((core) => core.progress(Date.now()));
    if (figures.length === 0) {
      return { calls: this.#plan.calls, done: 0, paid: 0, fromStore: 0, failed: 0, relations: 0, etaMs: null };
    }
    const [calls, done, paid, fromStore, failed, relations, etaMs] = figures;
    return { calls, done, paid, fromStore, failed, relations, etaMs: etaMs === etaMs ? etaMs : null };
  }

  graph() {
    return new RelationGraph(this.#live((core) => core.graph()));
  }

  stop() {
    this.#live((core) => core.stop());
  }

  result() {
    return (this.#report ??= this.#run());
  }

  async *[Symbol.asyncIterator]() {
    this.#live((core) => core.listen(this.#answered, this.#happened));
    const report = this.result();
    // Its failure is told below, when everything before it was taken.
    report.catch(() => {});
    try {
      for (;;) {
        while (this.#events.length > 0) {
          yield this.#events.shift();
          this.#live((core) => core.took());
        }
        if (this.#ended) break;
        await new Promise((resolve) => (this.#wake = resolve));
      }
      await report;
    } finally {
      // Whoever leaves the loop pays for nothing more.
      if (!this.#ended) this.stop();
      this.#events = [];
      this.#live((core) => core.listen(undefined, undefined));
    }
  }

  async #run() {
    const signal = this.#signal;
    const stop = () => this.stop();
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      await runTask(
        (core, resolve, reject) => this.#start(core, resolve, reject),
        undefined,
        (error) => new QccError(error),
      );
      return this.#finish();
    } finally {
      signal?.removeEventListener("abort", stop);
      this.#ended = true;
      this.#wake?.();
    }
  }

  #finish() {
    const names = (positions) => Array.from(positions, (position) => this.#spellings[position]);
    const { calls, done, paid, fromStore } = this.progress();
    const failed = this.#live((core) => core.failed());
    let uncovered;
    const report = {
      relations: this.#live((core) => core.relations((head) => readAnswer(head, [], "").relations)),
      graph: this.graph(),
      calls,
      done,
      paid,
      fromStore,
      failed: failed.map(([companies, error]) => ({ companyNames: names(companies), error: new QccError(error) })),
      unsupported: names(this.#live((core) => core.unsupported())),
      // Found out when it is asked for: of a run that was stopped early it may be millions.
      get uncovered() {
        return (uncovered ??= pairs());
      },
      stopped: this.#live((core) => core.stopped()) ?? null,
    };
    const pairs = () => {
      const flat = names(this.#live((core) => core.uncovered(this.#shard === undefined)));
      return Array.from({ length: flat.length / 2 }, (_, index) => [flat[index * 2], flat[index * 2 + 1]]);
    };
    return report;
  }

  /** Called from within Rust: queues, and never calls back. */
  #answered = (head) => {
    const { companyNames, relations, meta } = readAnswer(head, this.#spellings, "");
    this.#push({ type: "answer", companyNames, relations, meta });
  };

  #happened = (type, what) => {
    const names = (positions) => Array.from(positions, (position) => this.#spellings[position]);
    if (type === "failed") {
      this.#push({ type, companyNames: names(what[0]), error: new QccError(what[1]) });
    } else if (type === "unpaid") {
      this.#push({ type, companyNames: names(what) });
    } else if (type === "split") {
      this.#push({ type, companyNames: names(what[0]), into: what[1] });
    } else {
      this.#push({ type, companyName: this.#spellings[what] });
    }
  };

  #push(event) {
    this.#events.push(event);
    this.#wake?.();
  }

  #live(use) {
    if (this.#generation !== currentGeneration()) {
      throw new QccError({
        kind: "internal",
        message: "运行所在的 WebAssembly 实例已更换 (the run was lost with the WebAssembly instance it was in)",
        hint: "Run it again with the same store: nothing paid for is lost.",
        billed: "unknown",
        billedCalls: 0,
        retryable: true,
        attempts: 0,
        fromStore: false,
      });
    }
    return guarded(() => use(this.#core));
  }
})();

function told(listener, progress) {
  try {
    listener(progress);
  } catch {
    // A listener's mistake must not cost a paid answer.
  }
}
