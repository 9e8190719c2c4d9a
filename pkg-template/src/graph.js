/** The relation graph: rows go to Rust as numbers of texts, lists come back as JSON. */
import { QccError } from "./error.js";
import { currentGeneration, guarded } from "./instance.js";
import { describe } from "./options.js";
import { unsent } from "./unsent.js";

/** Beyond every text's number. */
const NONE = 0xffffffff;

/** Beside the class: one that names itself inside is renamed by the bundler, and then so printed. */
const emptyGraph = () => new RelationGraph();

/** Made in a function, as QccClient is. */
export const RelationGraph = /* @__PURE__ */ (() => class RelationGraph {
  #core;
  #generation;

  /** @param [core] what a run has merged; not for users, who have `from` */
  constructor(core) {
    this.#core = guarded((live) => {
      if (core === undefined) return new live.CoreGraph();
      if (core instanceof live.CoreGraph) return core;
      throw invalid(`new RelationGraph() takes nothing, not ${describe(core)}`, "Use RelationGraph.from(relations).");
    });
    this.#generation = currentGeneration();
  }

  static from(relations) {
    return emptyGraph().add(relations);
  }

  add(relations) {
    const { texts, rows } = encode(relations);
    const lengths = Uint32Array.from(texts, (text) => text.length);
    // Something between them, lest two halves of a surrogate pair from different texts make a whole one.
    const joined = texts.join("\n");
    this.#call((core) => core.add(joined, lengths, Uint32Array.from(rows)));
    return this;
  }

  companies() {
    return JSON.parse(this.#text("companies"));
  }

  links() {
    return JSON.parse(this.#text("links"));
  }

  neighbours(name) {
    if (typeof name !== "string") throw invalid(`neighbours() takes a name, not ${describe(name)}`, 'neighbours("…公司")');
    return JSON.parse(this.#text("links", name));
  }

  components() {
    return JSON.parse(this.#text("components"));
  }

  timeline(unit) {
    if (unit !== "month" && unit !== "year") {
      throw invalid(`timeline() takes "month" or "year", not ${describe(unit)}`, 'timeline("month")');
    }
    return JSON.parse(this.#text("timeline", unit));
  }

  toCSV(options) {
    return this.#text("csv", (options?.bom ?? true) ? "bom" : undefined);
  }

  toGEXF() {
    return this.#text("gexf");
  }

  toGraphML() {
    return this.#text("graphml");
  }

  toJSON() {
    return JSON.parse(this.#text("json"));
  }

  free() {
    const core = this.#core;
    this.#core = null;
    if (core !== null && this.#generation === currentGeneration()) core.free();
  }

  /** `using` frees the graph at once; otherwise it goes when nobody holds it any more. */
  [Symbol.dispose ?? "dispose"]() {
    this.free();
  }

  #text(what, detail) {
    return this.#call((core) => core.text(what, detail));
  }

  #call(call) {
    if (this.#core === null) throw invalid("the graph was freed", "Use it before free().");
    if (this.#generation !== currentGeneration()) {
      const message = "图所在的 WebAssembly 实例已更换 (the graph was lost with the WebAssembly instance it was in)";
      const fields = { billed: false, billedCalls: 0, retryable: false, attempts: 0, fromStore: false };
      throw new QccError({ kind: "internal", message, hint: "Make it anew: RelationGraph.from(relations).", ...fields });
    }
    return guarded(() => call(this.#core));
  }
})();

/** Every different text once, and rows of six numbers. All is read before anything is added: a wrong row adds nothing. */
function encode(relations) {
  if (relations === null || typeof relations !== "object" || typeof relations[Symbol.iterator] !== "function") {
    throw invalid(`relations must be iterable, not ${describe(relations)}`, "For example a result's relations.");
  }
  const numbers = new Map();
  const rows = [];
  const number = (text) => {
    let known = numbers.get(text);
    if (known === undefined) numbers.set(text, (known = numbers.size));
    return known;
  };
  let index = 0;
  const field = (relation, name, isOptional) => {
    const value = relation[name];
    if (typeof value === "string") return number(value);
    if (isOptional && (value === undefined || value === null)) return NONE;
    // Rows of a database or a spreadsheet have amounts as numbers.
    if (name === "amount" && Number.isFinite(value)) return number(String(value));
    throw invalid(`${name} of relation ${index} is ${describe(value)}, not a string`, "Nothing was added.");
  };
  for (const relation of relations) {
    if (relation === null || typeof relation !== "object") {
      throw invalid(`relation ${index} is ${describe(relation)}, not an object`, "Nothing was added.");
    }
    const { extra } = relation;
    rows.push(
      field(relation, "companyName"),
      field(relation, "relatedCompanyName"),
      field(relation, "amount", true),
      field(relation, "publicDate", true),
      field(relation, "source", true),
      extra === undefined || extra === null ? NONE : number(JSON.stringify(extra)),
    );
    index += 1;
  }
  return { texts: [...numbers.keys()], rows };
}

const invalid = (message, hint) => unsent("invalid-argument", `参数错误 (${message})`, hint);
