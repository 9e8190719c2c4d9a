// Import and first signature in a new Node process, as scripts and serverless functions pay for it: the milliseconds
// inside the process, from before the import to the Token.
import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "../support/rounds.mjs";

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const text = `"k" + 1700000000 + "s"`;

const SOURCES = {
  "qcc-pro": `const { sign } = await import("qcc-pro"); sign({ key: "k", secretKey: "s", timespan: 1700000000 });`,
  "js-md5": `const { md5 } = await import("js-md5"); md5(${text}).toUpperCase();`,
  "axios + crypto-js + zod":
    `await import("axios"); const { z } = await import("zod"); z.object({ status: z.string() });` +
    `const { default: md5 } = await import("crypto-js/md5.js"); md5(${text}).toString().toUpperCase();`,
  "ky + spark-md5 + valibot":
    `await import("ky"); const v = await import("valibot"); v.object({ status: v.string() });` +
    `const { default: Spark } = await import("spark-md5"); Spark.hash(${text}).toUpperCase();`,
};

export function processes({ rounds = 15 } = {}) {
  const times = Object.fromEntries(Object.keys(SOURCES).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, source] of Object.entries(SOURCES)) {
      const code = `const start = performance.now(); ${source} console.log(performance.now() - start);`;
      const arguments_ = ["--input-type=module", "--eval", code];
      times[name].push(Number(execFileSync(process.execPath, arguments_, { cwd: here, encoding: "utf8" })));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list) * 1e6]));
}
