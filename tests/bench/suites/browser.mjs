// Signing and reading in Chromium: the same suites, bundled as an application would.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../../js/support/chromium.mjs";
import { serve } from "../../js/support/web.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const tools = createRequire(new URL("../../js/package.json", import.meta.url));

const PAGE = `
import { reading } from "./reading.mjs";
import { signing } from "./signing.mjs";
const signer = await (await fetch("/sign.wasm")).arrayBuffer();
globalThis.measured = async (options) => ({ signing: await signing(undefined, signer, options), reading: await reading(options) });
`;

export async function browser(options) {
  const { outputFiles } = await tools("esbuild").build({
    stdin: { contents: PAGE, resolveDir: here },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  const server = await serve({
    files: {
      "/": `<!doctype html><title>bench</title><script type="module" src="/page.js"></script>`,
      "/page.js": outputFiles[0].text,
      "/sign.wasm": await readFile(createRequire(import.meta.url).resolve("qcc-pro/core.wasm").replace("core.wasm", "sign.wasm")),
    },
  });
  const chromium = await launch();
  try {
    const page = await chromium.newPage();
    page.on("pageerror", (error) => console.error(error));
    await page.goto(server.url);
    await page.waitForFunction(() => globalThis.measured !== undefined);
    const figures = await page.evaluate((given) => globalThis.measured(given), options);
    return { version: chromium.version(), ...figures };
  } finally {
    await chromium.close();
    await server.close();
  }
}
