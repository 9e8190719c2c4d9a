/** The guard around every call into the gateway's module, which is replaced after a trap as the client's is. */
import { core, resetCore } from "#gateway-core";
import { isTrap, trapError } from "../trap.js";
import { errorOf } from "../unsent.js";

/** Counts instances; whatever belongs to an earlier one is dead. */
let generation = 0;

/** Calls into the module. */
export function guarded(call) {
  try {
    return call(core());
  } catch (thrown) {
    if (isTrap(thrown)) {
      generation += 1;
      resetCore();
      throw trapError(thrown, false);
    }
    throw errorOf(thrown);
  }
}

/** Calls with an object of the living instance; made anew where a trap has ended the one it was in. */
export function living(make) {
  let object;
  let mine = -1;
  return (use) =>
    guarded((core) => {
      if (mine !== generation) {
        object = make(core);
        mine = generation;
      }
      return use(object, core);
    });
}
