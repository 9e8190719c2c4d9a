/** Warnings and notes: on standard error, so that what is piped on stays clean. */
import { colours, stderr } from "./terminal.js";

export function warn(message, json) {
  if (json) stderr(JSON.stringify({ type: "warning", message }));
  else stderr(`${colours(process.stderr).yellow("!")} ${message}`);
}

/** Something said on the way; with `--json` the fields say it. */
export function note(message, json, fields) {
  if (!json) stderr(message);
  else if (fields !== undefined) stderr(JSON.stringify(fields));
}
