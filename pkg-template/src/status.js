/** The table of codes. */
import { guarded } from "./instance.js";

export function statusInfo(code) {
  return guarded((core) => core.statusInfo(Number(code)));
}
