// The package as it is published: which files, what resolves to them, and what must never be in them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { bundle, installed, packaged, suites } from "./support/web.mjs";

const require = createRequire(import.meta.url);
const manifest = JSON.parse(await packaged("package.json"));
const names = (await readdir(installed, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.path, entry.name).slice(installed.length + 1).replaceAll("\\", "/"))
  .sort();
const scripts = names.filter((name) => /\.c?js$/.test(name));

/** The entries of the exports map that are code: ".", "./sandbox", … */
const entries = Object.keys(manifest.exports).filter((name) => !/\.\w+$/.test(name));
const leaves = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(leaves));
const specifier = (entry) => manifest.name + entry.slice(1);

test("every target of the exports map is in the package", () => {
  const { exports, main, module, types, bin, man } = manifest;
  for (const target of leaves([exports, main, module, types, bin, man])) {
    assert.ok(names.includes(target.slice(2)), `${target} is missing`);
  }
});

/** Entries whose Rust is a module of its own. */
const modulesOfEntries = ["gateway", "sandbox"].filter((name) => entries.includes(`./${name}`)).map((name) => `${name}.wasm`);

test("there is no file that is not meant to be", () => {
  const { exports, bin, man } = manifest;
  const targets = leaves([exports, bin, man, "./cli/LICENSES.txt"]).map((target) => target.slice(2));
  // Where the exports map is not read, each entry beside the main one is a folder.
  const folders = entries.filter((entry) => entry !== ".").map((entry) => `${entry.slice(2)}/package.json`);
  const inventory = ["sbom.cdx.json", "THIRD-PARTY-LICENSES.txt"];
  const texts = ["README.md", "README.zh-CN.md", "LICENSE-MIT", "LICENSE-APACHE"];
  const meant = new Set([...targets, ...folders, ...inventory, ...texts, "package.json"]);
  const others = names.filter((name) => !meant.has(name) && !/^(workerd|cli)\/chunk-\w{8}\.js$/.test(name));
  // What a page needs of these modules is inlined; workerd imports them from here.
  assert.deepEqual(others, [...modulesOfEntries, "sign.wasm"]);
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) assert.ok(names.includes(name), `${name} is missing`);
});

for (const entry of entries) {
  test(`${specifier(entry)} gives the same names to import and to require`, async () => {
    const imported = Object.keys(await import(specifier(entry))).filter((name) => name !== "module.exports");
    assert.ok(imported.length > 0);
    assert.deepEqual(imported.sort(), Object.keys(require(specifier(entry))).sort());
  });
}

test("every class is called by its own name when an object of it is printed", async () => {
  const isClass = (value) => typeof value === "function" && /^class\b/.test(String(value));
  for (const copy of [await import("qcc-pro"), require("qcc-pro")]) {
    const classes = Object.entries(copy).filter(([, value]) => isClass(value));
    assert.deepEqual(classes.map(([, { name }]) => name), classes.map(([name]) => name));
    assert.ok(classes.length >= 5);
    assert.match(inspect(copy.planCalls(["甲公司", "乙公司"])), /^CallPlan /);
  }
});

test("importing without using anything leaves nothing in a bundle", async () => {
  const source = entries.map((entry) => `import * as unused${entries.indexOf(entry)} from "${specifier(entry)}";`);
  assert.equal((await bundle(source.join("\n"), { minify: true })).trim(), "");
  assert.equal(manifest.sideEffects, false);
});

test("the entries for Node and bundlers are one file each, and what there may be only one of stands in the main one", async () => {
  for (const [folder, extension] of [["esm", "js"], ["cjs", "cjs"]]) {
    const files = scripts.filter((name) => name.startsWith(`${folder}/`));
    const texts = await Promise.all(files.map(async (name) => String(await packaged(name))));
    assert.equal(files.length, entries.length);
    for (const only of ["class extends Error", "class QccClient", '"qcc-pro.QccError"', "coreclient_new"]) {
      const holders = files.filter((_, index) => texts[index].includes(only));
      assert.deepEqual(holders, [`${folder}/index.${extension}`], only);
    }
    for (const text of texts) {
      assert.ok(/^[\x00-\x7f]*$/.test(text), "engines keep two bytes a character of a file that is not ASCII alone");
      // webpack and Rspack keep such a class, and with it the client, where nothing asks for it.
      const bare = text.match(/^(?:var \w+ = )?class[^]*?^\};?$/gm) ?? [];
      for (const one of bare) assert.ok(!/^ {2}(?:static |async |\*)*\[/m.test(one), one.slice(0, 80));
    }
  }
});

test("no module is inlined twice, and what is inlined are the published modules", async () => {
  const published = names.filter((name) => name.endsWith(".wasm"));
  assert.deepEqual(published, ["core.wasm", ...modulesOfEntries, "sign.wasm"]);
  const modules = await Promise.all(published.map(async (name) => (await packaged(name)).toString("hex")));
  for (const folder of ["esm", "cjs"]) {
    const texts = await Promise.all(scripts.filter((name) => name.startsWith(`${folder}/`)).map(packaged));
    const inlined = texts.flatMap((text) => String(text).match(/(?<=")[0-9a-f]{64}[^"]{5000,}(?=")/g) ?? []);
    const inside = inlined.map((text) => {
      const bytes = Buffer.from(decode(text));
      return Buffer.from(bytes.subarray(0, 4).equals(MAGIC) ? bytes : joined(bytes)).toString("hex");
    });
    assert.deepEqual(inside.sort(), modules.sort());
  }
});

/** What a module that is whole begins with. */
const MAGIC = Buffer.from("\0asm");

/** The bytes of a parted module, by xtask/js/part.mjs' description and not by the package's decoder. */
function joined(parted) {
  const lengths = Array.from({ length: 16 }, (_, i) => parted.readUInt32LE(4 * i));
  const streams = [];
  let start = 576;
  for (const i of [...lengths.keys()].slice(1).concat(0)) {
    streams[i] = [...parted.subarray(start, (start += lengths[i]))].reverse();
  }
  assert.equal(start, parted.length);
  const digits = (size) => (size < 128 ? [size] : [(size & 127) | 128, ...digits(size >> 7)]);
  const module = [];
  let into = module;
  const move = (stream) => {
    do into.push(streams[stream].pop());
    while (into.at(-1) > 127);
    return into.at(-1);
  };
  while (streams[0].length > 0) {
    const opcode = streams[0].pop();
    if (opcode === 0xff) {
      for (let count = streams[0].pop() + 256 * streams[0].pop(); count > 0; count -= 1) into.push(streams[0].pop());
    } else if (opcode === 0xfe) {
      into = [];
      for (let count = streams[1].pop(); count > 0; count -= 1) into.push(streams[1].pop());
    } else if (opcode === 0xfb) {
      module.push(...digits(into.length), ...into);
      into = module;
    } else {
      into.push(opcode);
      for (let shape = parted.readUInt16LE(64 + 2 * opcode); shape > 0; shape >>= 4) move(shape & 15);
    }
  }
  assert.ok(streams.every((stream) => stream.length === 0));
  return module;
}

/** The bytes of an inlined module, by xtask/js/inline.mjs' description and not by the package's decoder. */
function decode(text) {
  const alphabet = [...Array(95).keys()].map((i) => String.fromCharCode(32 + i)).filter((c) => !'"<\\'.includes(c));
  const bits = [...text.slice(0, 64)].flatMap((digit) => [1, 2, 4, 8].map((bit) => (parseInt(digit, 16) & bit) > 0));
  const all = [...Array(256).keys()];
  const [singles, pairs] = [all.filter((byte) => bits[byte]), all.filter((byte) => !bits[byte])];
  const bytes = [];
  for (let i = 64; i < text.length; i += 1) {
    const place = alphabet.indexOf(text[i]);
    bytes.push(place < 2 ? pairs[place * alphabet.length + alphabet.indexOf(text[++i])] : singles[place - 2]);
  }
  return bytes;
}

test("the published module works when it is loaded by hand", async () => {
  const code = `
    import { init, sign, statusInfo } from "qcc-pro";
    import { readFileSync } from "node:fs";
    import { createRequire } from "node:module";
    await init(readFileSync(createRequire(import.meta.url).resolve("qcc-pro/core.wasm")));
    process.stdout.write(sign({ key: "k", secretKey: "s", timespan: 0 }).Token + statusInfo(101).kind);`;
  const arguments_ = ["--input-type=module", "--eval", code];
  const printed = execFileSync(process.execPath, arguments_, { cwd: suites, encoding: "utf8" });
  assert.equal(printed, "50B0AF0C6779996E33FF803976C5F207auth");
});

test("the entry for workers imports its modules and compiles no bytes", async () => {
  const text = await bundle('export { sign, statusInfo } from "qcc-pro";', {
    conditions: ["workerd"],
    plugins: [
      {
        // As workerd does: a .wasm that is imported is a compiled module.
        name: "modules",
        setup(build) {
          build.onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
            const bytes = (await readFile(path)).toString("base64");
            return { contents: `export default globalThis.compileForTest("${bytes}")` };
          });
        },
      },
    ],
  });
  const code = `
    const { Module } = WebAssembly;
    globalThis.compileForTest = (text) => new Module(Buffer.from(text, "base64"));
    // As workerd does: bytes are refused.
    const refused = () => { throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder"); };
    WebAssembly.Module = new Proxy(Module, { construct: (target, [bytes]) => refused(bytes) });
    WebAssembly.compile = refused;
    const { sign, statusInfo } = await import("data:text/javascript;base64,${Buffer.from(text).toString("base64")}");
    process.stdout.write(sign({ key: "k", secretKey: "s", timespan: 0 }).Token + statusInfo(101).kind);`;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-"], { input: code, encoding: "utf8" });
  assert.equal(printed, "50B0AF0C6779996E33FF803976C5F207auth");
});

test("nothing in it breaks under a bundler, and nothing tells who built it", async () => {
  const own = [homedir(), dirname(dirname(suites)), process.env.CARGO_HOME].filter((path) => path?.length > 1);
  for (const name of names) {
    const text = (await packaged(name)).toString("latin1");
    for (const path of own) assert.ok(!text.includes(path), `${name} has the builder's path ${path}`);
    assert.ok(!/sourceMappingURL/.test(text), `${name} names a source map`);
    // The command line is for Node alone, and no bundler's business.
    if (scripts.includes(name) && !name.startsWith("cli/")) assert.ok(!/import\.meta|new URL\("/.test(text), `${name} asks for its own address`);
  }
});

for (const folder of [suites, join(suites, "matrix"), join(suites, "../../www")]) {
  test(`the lockfile in ${basename(folder)}/ names no host`, async () => {
    const { packages } = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
    assert.ok(Object.keys(packages).length > 1);
    const addresses = Object.values(packages).flatMap(({ resolved }) => resolved ?? []);
    assert.deepEqual(addresses.filter((address) => address.includes(":")), []);
  });
}

test("the version is Cargo.toml's, everywhere", async () => {
  const root = join(suites, "../..");
  const [, version] = /^\[workspace\.package\]\nversion = "(.+)"/m.exec(await readFile(join(root, "Cargo.toml"), "utf8"));
  assert.equal(manifest.version, version);
  assert.equal(JSON.parse(await packaged("sbom.cdx.json")).metadata.component.version, version);
  const changes = await readFile(join(root, "CHANGELOG.md"), "utf8");
  const headings = [...changes.matchAll(/^## \[(.+?)\](.*)$/gm)].map(([, name, date]) => [name, date]);
  assert.deepEqual(headings[0], ["Unreleased", ""]);
  for (const [name, date] of headings.slice(1)) assert.match(`${name}${date}`, /^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/);
  const kinds = [...changes.matchAll(/^### (.+)$/gm)].map(([, kind]) => kind);
  assert.deepEqual(kinds.filter((kind) => !/^(Added|Changed|Deprecated|Removed|Fixed|Security)$/.test(kind)), []);
});

test("the bill of materials has every crate that is compiled in, and its licence is in the package", async () => {
  const root = join(suites, "../..");
  const bill = JSON.parse(await packaged("sbom.cdx.json"));
  assert.deepEqual([bill.bomFormat, bill.specVersion], ["CycloneDX", "1.6"]);
  const crates = bill.components.filter(({ purl }) => purl?.startsWith("pkg:cargo/"));
  // By cargo's own list, made otherwise than the bill.
  const arguments_ = ["tree", "--locked", "--package", "qcc-pro", "--target", "wasm32-unknown-unknown", "--edges", "normal,no-proc-macro"];
  const tree = execFileSync("cargo", [...arguments_, "--prefix", "none", "--format", "{p}"], { cwd: root, encoding: "utf8" });
  const listed = [...new Set(tree.split("\n").map((line) => line.replace(/ \(.*/, "").replace(" v", "@")))].filter(Boolean);
  const names = crates.map(({ name, version }) => `${name}@${version}`);
  assert.deepEqual(names.sort(), listed.filter((name) => !name.startsWith("qcc-pro@")).sort());

  const lockfile = await readFile(join(root, "Cargo.lock"), "utf8");
  const licences = String(await packaged("THIRD-PARTY-LICENSES.txt"));
  for (const { name, version, hashes, licenses } of crates) {
    assert.match(hashes[0].content, /^[0-9a-f]{64}$/);
    assert.ok(lockfile.includes(`name = "${name}"\nversion = "${version}"\n`) && lockfile.includes(hashes[0].content), name);
    // All of them may be used by whoever may use the package itself.
    assert.match(licenses[0].expression, /\bMIT\b|Apache-2\.0/, name);
    assert.ok(licences.includes(`\n${name} ${version}: `), `${name} is not in THIRD-PARTY-LICENSES.txt`);
  }
  const cli = String(await packaged("cli/LICENSES.txt"));
  const others = bill.components.filter(({ purl }) => purl?.startsWith("pkg:npm/"));
  assert.ok(others.length > 0);
  for (const { name, version, licenses } of others) assert.ok(cli.includes(`${name} ${version} (${licenses[0].expression})`), name);

  const known = new Set([bill.metadata.component, ...bill.components].map((one) => one["bom-ref"]));
  const named = bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
  assert.deepEqual(named.filter((ref) => !known.has(ref)), []);
});
