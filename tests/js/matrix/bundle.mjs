// Bundles the project in the current folder into dist/ with the bundler named on the command line, as its own
// documentation says to begin. A process for each, since some of them change the process they run in.
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";

const here = process.cwd();
const entries = { main: "./src/main.js" };
const page = '<!doctype html><meta charset="utf-8"><title>page</title>';
const script = (type) => `${page}<script${type} src="main.js"></script>`;
const own = createRequire(import.meta.url);

/** webpack's settings are Rspack's too. */
const packed = { mode: "production", context: here, entry: entries, output: { path: `${here}/dist`, filename: "main.js" } };
const finished = (compiler) =>
  new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error || stats.hasErrors() || stats.hasWarnings()) reject(error ?? new Error(stats.toString()));
      else compiler.close(resolve);
    });
  });

const bundlers = {
  async esbuild() {
    const { build } = createRequire(new URL("../package.json", import.meta.url))("esbuild");
    const result = await build({ entryPoints: ["src/main.js", "src/worker.js"], bundle: true, format: "esm", minify: true, outdir: "dist" });
    if (result.warnings.length > 0) throw new Error(JSON.stringify(result.warnings));
    await writeFile("dist/index.html", script(' type="module"'));
  },
  async rollup() {
    const { rollup } = await import("rollup");
    const { default: nodeResolve } = await import("@rollup/plugin-node-resolve");
    const onwarn = ({ message }) => {
      throw new Error(message);
    };
    const bundle = await rollup({ input: ["src/main.js", "src/worker.js"], plugins: [nodeResolve({ browser: true })], onwarn });
    await bundle.write({ dir: "dist", format: "es" });
    await writeFile("dist/index.html", script(' type="module"'));
  },
  async vite() {
    const { build } = await import("vite");
    await build({ root: here, logLevel: "warn", worker: { format: "es" } });
  },
  async webpack() {
    const { default: webpack } = await import("webpack");
    await finished(webpack({ ...packed, performance: false }));
    await writeFile("dist/index.html", script(" defer"));
  },
  async rspack() {
    const { rspack } = await import("@rspack/core");
    await finished(rspack({ ...packed, performance: false }));
    await writeFile("dist/index.html", script(" defer"));
  },
  async parcel() {
    const { Parcel } = own("@parcel/core");
    const parcel = new Parcel({
      entries: "index.html",
      defaultConfig: own.resolve("@parcel/config-default"),
      mode: "production",
      shouldDisableCache: true,
      cacheDir: `${here}/.parcel-cache`,
      defaultTargetOptions: { distDir: "dist", publicUrl: "/" },
    });
    await parcel.run();
  },
};

await mkdir("dist", { recursive: true });
await bundlers[process.argv[2]]();
