/** `qcc-pro completion`: a script for the shell, in the user's language. */
import { completionOf } from "../completion.js";
import { EXIT } from "../exit.js";

export function run([shell], _, { program }) {
  process.stdout.write(completionOf(shell, program));
  return EXIT.done;
}
