/** Plans: the names stay here, Rust has their positions. */
import { currentGeneration, guarded } from "./instance.js";
import { NAME_END, describe, joinNames, readNames } from "./options.js";
import { unsent } from "./unsent.js";

/** How many calls are fetched from Rust at once when all are listed: few enough to be held, many enough that fetching is cheap. */
const AT_ONCE = 256;

const invalid = (message) => unsent("invalid-argument", `参数错误 (${message})`, "Nothing was sent.");

/**
 * What is to be scanned, as Rust takes it: a shape, all names one after another, how many the first list has.
 * @returns {{ shape: string, first: number, names: string[], spellings: string[], known: string[] }}
 */
export function readInput(input, known = []) {
  const of = (shape, list, first = 0) => {
    const [spellings, names] = readNames(list);
    return { shape, first, spellings, names };
  };
  const lists = () => {
    if (Array.isArray(input)) return of("among", input);
    if (input === null || typeof input !== "object") {
      throw invalid(`what is to be scanned must be an array of names or an object, not ${describe(input)}`);
    }
    if (input.among !== undefined) return of("among", list(input.among, "among"));
    if (input.between !== undefined) {
      const [one, other] = list(input.between, "between");
      const first = list(one, "the first list of between");
      return of("between", [...first, ...list(other, "the second list of between")], first.length);
    }
    if (input.hub !== undefined) return of("hub", [input.hub, ...list(input.others, "others")]);
    if (input.pairs !== undefined) return of("pairs", flat(input.pairs, "pairs"));
    throw invalid("what is to be scanned has none of among, between, hub and pairs");
  };
  const read = { ...lists(), known: readNames(flat(known, "known"))[1] };
  for (const names of [read.names, read.known]) {
    const broken = names.findIndex((name) => name.includes(NAME_END));
    if (broken >= 0) {
      const shown = JSON.stringify(names[broken].slice(0, 60));
      throw unsent(
        "invalid-argument",
        `企业名称含控制字符 (company name ${broken + 1}, ${shown}, has a control character)`,
        "Clean the list; nothing was sent.",
      );
    }
  }
  return read;
}

/** Makes Rust's input of it. */
export function coreInput(core, { shape, first, names, spellings, known }) {
  const input = new core.CoreInput(shape, first, joinNames(names), joinNames(known));
  for (const [position, name] of names.entries()) {
    // In another normalisation form than Unicode's NFC.
    if (name !== spellings[position]) input.spell(position, spellings[position]);
  }
  return input;
}

function list(value, what) {
  if (value === null || typeof value !== "object" || typeof value[Symbol.iterator] !== "function") {
    throw invalid(`${what} must be an array of names, not ${describe(value)}`);
  }
  return [...value];
}

function flat(pairs, what) {
  return list(pairs, what).flatMap((pair, index) => {
    if (Array.isArray(pair) && pair.length === 2) return pair;
    throw invalid(`${what} must have pairs of two names, and number ${index + 1} is none`);
  });
}

export function readCallSize(callSize = 20) {
  if (Number.isInteger(callSize) && callSize >= 0 && callSize < 2 ** 32) return callSize;
  throw invalid(`callSize must be a whole number from 2 to 20, not ${String(callSize)}`);
}

/** A whole number that Rust can take as one. */
function readIndex(value, what) {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw invalid(`${what} must be a whole number from 0 on, not ${String(value)}`);
}

export function planCalls(input, options = {}) {
  const read = readInput(input, options.known);
  const callSize = readCallSize(options.callSize);
  const make = (core) => {
    const input = coreInput(core, read);
    const plan = input.plan(callSize);
    // At once: the collector knows nothing of the names that the module holds.
    input.free();
    return plan;
  };
  return planOf(make, read.spellings);
}

/** Beside the class: one that names itself inside is renamed by the bundler, and then so printed. */
const planOf = (make, names) => new CallPlan(make, names);

/** Made in a function, as QccClient is. */
export const CallPlan = /* @__PURE__ */ (() => class CallPlan {
  /** How to make the plan anew, should a trap end the instance it is in. */
  #make;
  #core;
  #generation;
  #names;

  /** @internal Made by planCalls and by runs. */
  constructor(make, names) {
    this.#make = make;
    this.#names = names;
    const [companies, pairs, calls, lowerBound, naiveCalls] = this.#call((plan) => plan.figures());
    const method = this.#call((plan) => plan.method());
    Object.assign(this, { companies, pairs, calls, lowerBound, naiveCalls, method });
    Object.freeze(this);
  }

  call(index) {
    const positions = this.#call((plan) => plan.call(readIndex(index, "the index of a call")));
    return Array.from(positions, (position) => this.#names[position]);
  }

  shard(index, count) {
    readIndex(index, "the index of a shard");
    readIndex(count, "the count of shards");
    const make = this.#make;
    return planOf((core) => make(core).shard(index, count), this.#names);
  }

  *[Symbol.iterator]() {
    const names = this.#names;
    for (let index = 0; index < this.calls; ) {
      const listed = this.#call((plan) => plan.list(index, AT_ONCE));
      for (let at = 0; at < listed.length; index += 1) {
        const end = at + 1 + listed[at];
        const call = [];
        for (at += 1; at < end; at += 1) call.push(names[listed[at]]);
        yield call;
      }
    }
  }

  #call(use) {
    return guarded((core) => {
      if (this.#core === undefined || this.#generation !== currentGeneration()) {
        this.#core = this.#make(core);
        this.#generation = currentGeneration();
      }
      return use(this.#core);
    });
  }
})();
