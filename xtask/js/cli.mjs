// Bundles the command line (pkg-template/src/cli) with its libraries into pkg/cli, so that who installs the package for its
// code gets no dependency with it. Each command becomes a chunk that is loaded when it is asked for. What is the package's
// own is not bundled again but imported from it, as users do. Made along with it: the licences of the libraries inside
// (cli/LICENSES.txt), and the man page, from the command's own definition.
import { mkdir, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * @param {{ esbuild: object, manifest: object, tools: string, stage: string, pkg: string }} from as in bundle.mjs
 * @returns what is inside, as {@link bundledPackages} tells
 */
export async function bundleCli({ esbuild, manifest, tools, stage, pkg }) {
  // Names of chunks are made of the paths of what is in them: through a link these are the same wherever the tools are.
  const modules = join(stage, "node_modules");
  await rm(modules, { force: true });
  await symlink(join(tools, "node_modules"), modules, "junction");
  const shared = {
    absWorkingDir: stage,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    charset: "utf8",
    preserveSymlinks: true,
    minify: true,
    legalComments: "none",
    // Errors are shown by their names.
    keepNames: true,
    external: ["qcc-pro", "qcc-pro/*"],
    define: { VERSION: JSON.stringify(manifest.version) },
    write: false,
    metafile: true,
    logLevel: "warning",
    // The CommonJS ones among the libraries ask for Node's own modules.
    banner: {
      js: 'import{createRequire as createRequireOfCli}from"node:module";const require=createRequireOfCli(import.meta.url);',
    },
  };
  const outdir = join(pkg, "cli");
  const built = await esbuild.build({
    ...shared,
    outdir,
    splitting: true,
    chunkNames: "chunk-[hash]",
    entryPoints: Object.values(manifest.bin).map((target) => join(stage, target)),
  });
  await mkdir(outdir, { recursive: true });
  for (const { path, contents } of built.outputFiles) await writeFile(path, contents);
  const packages = await bundledPackages(built.metafile, stage);
  await writeFile(join(outdir, "LICENSES.txt"), licencesText(packages));

  const script = join(stage, "generated/man.mjs");
  const [{ contents }] = (await esbuild.build({ ...shared, outfile: script, entryPoints: [join(stage, "cli/man.js")] }))
    .outputFiles;
  await writeFile(script, contents);
  const { manPage } = await import(pathToFileURL(script));
  await mkdir(dirname(join(pkg, manifest.man)), { recursive: true });
  await writeFile(join(pkg, manifest.man), manPage(manifest.version));
  await rm(modules);
  return packages;
}

/**
 * The packages that a bundle holds code of.
 * @returns {Promise<{ name: string, version: string, license: string, text: string }[]>} by name
 */
export async function bundledPackages(metafile, folder) {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs: held }) => Object.entries(held));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const roots = new Set(used.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  const packages = await Promise.all([...roots].map((root) => describe(join(folder, root))));
  const known = new Map(packages.map((one) => [`${one.name}@${one.version}`, one]));
  return [...known.values()].sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
}

async function describe(root) {
  const { name, version, license } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const file = (await readdir(root)).sort().find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (typeof license !== "string") throw new Error(`${name} names no licence`);
  const text = file === undefined ? "" : await readFile(join(root, file), "utf8");
  return { name, version, license, text: text.replaceAll("\r\n", "\n").trim() };
}

function licencesText(packages) {
  const parts = packages.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}`.trim());
  const head = "The command line (cli/main.js and what it loads) holds code of these packages:\n";
  return `${head}\n${parts.join(`\n\n${"-".repeat(72)}\n\n`)}\n`;
}
