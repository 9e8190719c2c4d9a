// Bundles the face of the package (pkg-template/src, staged with the generated glue) into pkg/.
//
//   node bundle.mjs TOOLS STAGE PKG
//
// Which entries there are is read from the exports map in pkg/package.json, so that the map and the files cannot
// disagree: "./esm/NAME.js" is bundled from STAGE/NAME.js, and so are "./cjs/NAME.cjs" and "./workerd/NAME.js".
// No two entries of one format carry a WebAssembly module or a class twice: the others take from the main one what there may
// be only one of. Each is a single file, since Node takes half a millisecond for each; a few stateless functions stand in
// several.
import { execFileSync } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { bundleCli } from "./cli.mjs";
import { inline } from "./inline.mjs";
import { part } from "./part.mjs";

const [tools, stage, pkg] = process.argv.slice(2);
const esbuild = createRequire(join(tools, "package.json"))("esbuild");

const manifest = JSON.parse(await readFile(join(pkg, "package.json"), "utf8"));
const targets = (function leaves(value) {
  return typeof value === "string" ? [value] : Object.values(value).flatMap(leaves);
})(manifest.exports);
const entries = (folder, extension) =>
  [...new Set(targets)]
    .filter((target) => target.startsWith(`./${folder}/`))
    .map((target) => join(stage, `${basename(target, extension)}.js`));

// The modules of the entries there are. All are published as files too: workerd imports them, and so does who loads
// the client's by hand.
const entered = (name) => targets.some((target) => target.includes(`/${name}.`));
const modules = ["core", "sign", ...["gateway", "sandbox"].filter(entered)];
const generated = join(stage, "generated");
for (const name of modules) {
  await copyFile(join(generated, `${name}.wasm`), join(pkg, `${name}.wasm`));
  const module = await readFile(join(generated, `${name}.wasm`));
  // Signing's is small, and its first use is to come soon.
  const text = inline(name === "sign" ? module : part(module));
  await writeFile(join(generated, `${name}.inlined.js`), `export const inlined = ${JSON.stringify(text)};\n`);
  await writeFile(join(generated, `${name}.glue.js`), await wrapped(name));
}

/**
 * A module's glue inside one function: a bundler leaves the whole of it out where nothing asks for it, whereas of statements
 * that stand by themselves it keeps those that do something.
 */
async function wrapped(name) {
  const { outputFiles } = await esbuild.build({
    // `export *` leaves out the default export, the glue's own asynchronous loader, which the loaders replace.
    stdin: { contents: `export * from "./${name}.js";`, resolveDir: generated },
    bundle: true,
    format: "esm",
    // Not the comments, which tell of Rust's functions.
    minifyWhitespace: true,
    write: false,
  });
  const [, body, names] = /^([^]*)export\{([\w,]*)\};\s*$/.exec(outputFiles[0].text);
  return `export const glue = /* @__PURE__ */ (() => {\n${body}\nreturn {${names}};\n})();\n`;
}

// CommonJS needs type files of its own, since TypeScript reads a .d.ts beside `"type": "module"` as an ES module's.
for (const target of new Set(targets.filter((name) => name.endsWith(".d.cts")))) {
  const text = await readFile(join(pkg, target.replace(/cts$/, "ts")), "utf8");
  await writeFile(join(pkg, target), text.replace(/(["']\.\.?\/[^"']*)\.js(["'])/g, "$1.cjs$2"));
}

// A folder for each entry beside the main one, for what does not read the exports map (Parcel as it comes, TypeScript's
// older resolution): there "qcc-pro/NAME" is a folder whose package.json says where its files are.
for (const [entry, conditions] of Object.entries(manifest.exports)) {
  if (entry === "." || conditions.require === undefined) continue;
  const above = (target) => `.${target}`;
  const fallback = {
    main: above(conditions.require.default),
    module: above(conditions.import.default),
    types: above(conditions.import.types),
    sideEffects: false,
  };
  await mkdir(join(pkg, entry), { recursive: true });
  await writeFile(join(pkg, entry, "package.json"), `${JSON.stringify(fallback, null, 2)}\n`);
}

// What reads the inlined modules, as numbers: to read them costs a fresh process nothing, and atob does.
const binaryen = join(tools, "node_modules/binaryen/bin");
for (const name of ["decoder", "joiner"]) {
  const assembled = join(generated, `${name}.wasm`);
  const run = (tool, ...options) =>
    execFileSync(process.execPath, [join(binaryen, tool), ...options, "--enable-bulk-memory", "-o", assembled]);
  run("wasm-as", join(stage, `load/${name}.wat`));
  run("wasm-opt", assembled, "-Oz");
  const bytes = JSON.stringify([...(await readFile(assembled))]);
  await writeFile(join(generated, `${name}.js`), `export const ${name} = ${bytes};\n`);
}

const shared = {
  absWorkingDir: stage,
  bundle: true,
  format: "esm",
  platform: "neutral",
  // Private methods, `static {}` and `??=` as they are: every runtime named in `engines` and every browser that can
  // compile the module on its main thread (Chrome 115, Firefox 102, Safari 16.4) has them.
  target: "es2022",
  // An engine keeps and reads one byte a character of a file that has nothing but ASCII, and two of any other.
  charset: "ascii",
  legalComments: "none",
  external: ["node:*", "bullmq"],
  write: false,
  logLevel: "warning",
};

// A .wasm that a runtime imports by itself stays an import, of the file beside the format's folder.
const wasmAsImport = {
  name: "wasm-as-import",
  setup: (build) =>
    build.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `../${basename(path)}`, external: true })),
};

async function bundle(folder, options) {
  const outdir = join(pkg, folder);
  const { outputFiles } = await esbuild.build({ ...shared, outdir, ...options });
  await mkdir(outdir, { recursive: true });
  for (const { path, text } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

/** For the entries beside the main one: what there may be only one of is the main one's, which exports it. */
function fromMain(extension) {
  const external = () => ({ path: `./index${extension}`, external: true, sideEffects: false });
  return { name: "from-main", setup: (build) => build.onResolve({ filter: /^\.\.?\/(client|error)\.js$/ }, external) };
}

/** The main entry, and then the others. */
async function bundleApart(folder, extension, options) {
  const isMain = (entry) => basename(entry) === "index.js";
  const all = entries(folder, extension);
  await bundle(folder, { ...options, entryPoints: all.filter(isMain) });
  const others = all.filter((entry) => !isMain(entry));
  await bundle(folder, { ...options, entryPoints: others, plugins: [fromMain(extension)] });
}

await bundleApart("esm", ".js", {});
// Where a module is imported it stays out of what does not need it, so there the entries share chunks as they come.
await bundle("workerd", {
  entryPoints: entries("workerd", ".js"),
  conditions: ["workerd"],
  plugins: [wasmAsImport],
  splitting: true,
  chunkNames: "chunk-[hash]",
});
await bundleApart("cjs", ".cjs", { format: "cjs", platform: "node", target: "node20", outExtension: { ".js": ".cjs" } });

if (manifest.bin !== undefined) await list(await bundleCli({ esbuild, manifest, tools, stage, pkg }));

/** Adds the npm packages that are inside to the bill of materials, in which the crates stand already. */
async function list(packages) {
  const file = join(pkg, "sbom.cdx.json");
  const bill = JSON.parse(await readFile(file, "utf8"));
  const components = packages.map(({ name, version, license }) => {
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    return { type: "library", "bom-ref": purl, name, version, purl, licenses: [{ expression: license }] };
  });
  bill.components.push(...components);
  bill.dependencies[0].dependsOn.push(...components.map(({ purl }) => purl));
  await writeFile(file, `${JSON.stringify(bill, null, 2)}\n`);
}
