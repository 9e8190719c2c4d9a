/** Signing's module where bytes can be compiled. */
import { glue } from "#sign-core-glue";
import { inlined } from "#sign-core-inlined";
import { inlinedLoader } from "./inlined.js";

const loaded = /* @__PURE__ */ inlinedLoader(glue, inlined);
export const core = () => loaded.core();
export const resetCore = () => loaded.resetCore();
export const init = () => loaded.init();
