/** What the two commands that listen share. */
import { onStop } from "./stop.js";

/** Resolves when the user ends the server. */
export function untilStopped() {
  return new Promise((resolve) => onStop(resolve));
}
