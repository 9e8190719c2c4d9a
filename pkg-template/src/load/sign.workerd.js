/** Signing's module where it is imported, since bytes are refused. */
import { glue } from "#sign-core-glue";
import module from "./sign.wasm";
import { moduleLoader } from "./module.js";

const loaded = /* @__PURE__ */ moduleLoader(glue, module);
export const core = () => loaded.core();
export const resetCore = () => loaded.resetCore();
export const init = () => loaded.init();
