/** The sandbox's module where bytes can be compiled. */
import { glue } from "#sandbox-core-glue";
import { inlined } from "#sandbox-core-inlined";
import { partedLoader } from "./parted.js";

const loaded = /* @__PURE__ */ partedLoader(glue, inlined);
export const core = () => loaded.core();
export const resetCore = () => loaded.resetCore();
export const init = (source) => loaded.init(source);
