// Allocations and copies, which explain the times of reading.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** @returns {Record<string, Record<string, { allocated: number, pieces: number, decoded: number, copied: number }>>} bytes */
export function copies() {
  const script = fileURLToPath(new URL("../support/copies-process.mjs", import.meta.url));
  return JSON.parse(execFileSync(process.execPath, ["--expose-gc", "--max-semi-space-size=256", "--min-semi-space-size=256", script], { encoding: "utf8" }));
}
