// TypeScript as a user's project runs it: strict, without skipLibCheck.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { suites } from "./web.mjs";

const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

/** Compiles `files` in a project inside tests/js, where the installed package is found; gives what tsc printed. */
export async function compile(files, options) {
  const folder = await mkdtemp(join(suites, "node_modules/types-"));
  const config = {
    compilerOptions: {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      target: "es2022",
      lib: ["es2022", "esnext.disposable", "dom", "dom.iterable"],
      types: [],
      ...options,
    },
    files: Object.keys(files),
  };
  try {
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    return status === 0 ? "" : stdout + stderr || `tsc ended with ${status}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}
