/** A plan of named companies; every name that cannot be sent is told at once, with where it stands. */
import { QccError, planCalls } from "qcc-pro";
import { Problem } from "./exit.js";
import { shown } from "./terminal.js";

const SHOWN = 10;

/** With it any one name makes a list of two. */
const OTHER = "某某某某公司";

/**
 * @param {{ name: string, place: string }[]} entries
 * @param {(names: string[]) => T} make
 * @template T
 */
export function planOf(entries, make, { words }) {
  try {
    return make(entries.map(({ name }) => name));
  } catch (error) {
    if (!QccError.is(error) || error.kind !== "invalid-argument") throw error;
    const wrong = unfit(entries);
    if (wrong.length > 0) {
      throw new Problem(words.names.unfit(wrong.length, listed(wrong, words)), {
        hint: words.names.hint,
        cause: error,
      });
    }
    if (new Set(entries.map(({ name }) => name)).size > 1) throw error;
    throw new Problem(words.relations.tooFew, { hint: words.relations.tooFewHint, cause: error });
  }
}

/** Those that the planner refuses. */
export function unfit(entries) {
  return entries.filter(({ name }) => {
    try {
      planCalls([name, OTHER]);
      return false;
    } catch {
      return name !== OTHER;
    }
  });
}

export function listed(entries, words) {
  const lines = entries.slice(0, SHOWN).map(({ name, place }) => words.names.one(shown(name).slice(0, 80), place));
  const more = entries.length > SHOWN ? [words.names.more(entries.length - SHOWN)] : [];
  return [...lines, ...more].join(words.semicolon);
}
