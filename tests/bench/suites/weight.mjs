// What a page downloads, in bytes after brotli: the client's module alone, and bundles made by esbuild.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = createRequire(new URL("../../js/package.json", import.meta.url));

const SOURCES = {
  'import { sign } from "qcc-pro"': `import { sign } from "qcc-pro"; globalThis.used = sign;`,
  'import { QccClient } from "qcc-pro"': `import { QccClient } from "qcc-pro"; globalThis.used = QccClient;`,
  "axios + crypto-js/md5 + zod": `import axios from "axios"; import md5 from "crypto-js/md5.js"; import * as z from "zod"; globalThis.used = [axios, md5, z.object, z.array, z.string, z.number, z.nullable];`,
  "ky + spark-md5 + valibot": `import ky from "ky"; import md5 from "spark-md5"; import * as v from "valibot"; globalThis.used = [ky, md5, v.object, v.array, v.string, v.nullable, v.parse];`,
};

export async function weight() {
  const { build } = tools("esbuild");
  const module = await readFile(createRequire(import.meta.url).resolve("qcc-pro/core.wasm"));
  const results = { "core.wasm": brotliCompressSync(module).length };
  for (const [name, contents] of Object.entries(SOURCES)) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: here },
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      write: false,
      logLevel: "silent",
    });
    results[name] = brotliCompressSync(outputFiles[0].contents).length;
  }
  return results;
}
