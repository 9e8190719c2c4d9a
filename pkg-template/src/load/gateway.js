/** The gateway's module where bytes can be compiled. */
import { glue } from "#gateway-core-glue";
import { inlined } from "#gateway-core-inlined";
import { partedLoader } from "./parted.js";

const loaded = /* @__PURE__ */ partedLoader(glue, inlined);
export const core = () => loaded.core();
export const resetCore = () => loaded.resetCore();
