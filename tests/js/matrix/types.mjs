// The rows about types: every TypeScript with every way of resolving, the tools that judge published types, and the
// comments that an editor shows.
import assert from "node:assert/strict";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import ts from "typescript-6";
import { installed } from "../support/web.mjs";
import { matrix, project, run, tool, version } from "./support.mjs";

const COMMON = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false, noEmit: true, target: "es2022" };
const PAGE = { lib: ["es2022", "dom", "dom.iterable"], types: [] };

/** Each way of resolving, and the files that are modules of each kind under it. */
const WAYS = [
  { module: "node16", moduleResolution: "node16", ...PAGE, files: ["types.mts", "types.cts"] },
  { module: "nodenext", moduleResolution: "nodenext", ...PAGE, files: ["types.mts", "types.cts"] },
  { module: "esnext", moduleResolution: "bundler", ...PAGE, files: ["types.ts"] },
];
/** A project for Node alone, without the types of a page. */
const NODE_ALONE = { module: "nodenext", moduleResolution: "nodenext", lib: ["es2022"], types: ["node"], files: ["types.mts"] };

const compiler = (title, folder, ways) => ({
  name: `${title}: ${ways.map((way) => (way === NODE_ALONE ? "node alone" : way.moduleResolution)).join(", ")}`,
  version: version(folder),
  async check() {
    const cwd = await project(title, { "types.mts": "types.ts", "types.cts": "types.ts", "types.ts": "types.ts" }, { manifest: { type: "module" } });
    const ends = await Promise.allSettled(
      ways.map(async ({ files, ...way }, index) => {
        const config = join(cwd, `tsconfig.${index}.json`);
        await writeFile(config, JSON.stringify({ compilerOptions: { ...COMMON, ...way }, files }));
        await run(process.execPath, [tool(`${folder}/bin/tsc`), "-p", config], { cwd });
      }),
    );
    const failed = ends.flatMap(({ reason }, index) => (reason ? `${ways[index].moduleResolution}: ${reason.message}` : []));
    assert.deepEqual(failed, []);
    return { wasm: "" };
  },
});

const wrong = {
  name: "arethetypeswrong",
  version: version("@arethetypeswrong/core"),
  async check() {
    const tarball = await readFile(join(matrix, "../../../target/npm/qcc-pro.tgz"));
    // core.wasm is a file to be fetched, not a module with types.
    const options = { excludeEntrypoints: ["./core.wasm"] };
    const { types, problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)), options);
    assert.equal(types.kind, "included");
    assert.deepEqual(problems, []);
    return { wasm: "" };
  },
};

const linted = {
  name: "publint",
  version: version("publint"),
  async check() {
    const { messages } = await publint({ pkgDir: installed, strict: true, pack: false });
    assert.deepEqual(messages, []);
    return { wasm: "" };
  },
};

/** What the declarations in `text` lack: a comment on an exported name or on a member of one, or a type but `any`. */
export function findings(name, text) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const isHidden = (node) => node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  const expect = (node, title) => {
    if (!isHidden(node) && !ts.getJSDocCommentsAndTags(node).some(({ comment }) => comment)) found.push(`${title} has no comment`);
  };
  for (const statement of source.statements) {
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    const title = statement.name?.text ?? statement.declarationList?.declarations[0]?.name.text;
    expect(statement, title);
    for (const member of statement.members ?? []) expect(member, `${title}.${member.name?.getText() ?? "constructor"}`);
  }
  (function visit(node) {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(`any on line ${source.getLineAndCharacterOfPosition(node.pos).line + 1}`);
    ts.forEachChild(node, visit);
  })(source);
  return found.map((one) => `${name}: ${one}`);
}

const commented = {
  name: "a comment on every name, no any",
  version: "",
  async check() {
    assert.deepEqual(findings("planted.d.ts", "export interface A { b: any }"), [
      "planted.d.ts: A has no comment",
      "planted.d.ts: A.b has no comment",
      "planted.d.ts: any on line 1",
    ]);
    const names = (await readdir(installed)).filter((name) => /\.d\.c?ts$/.test(name));
    assert.ok(names.length >= 8);
    const found = await Promise.all(names.map(async (name) => findings(name, await readFile(join(installed, name), "utf8"))));
    assert.deepEqual(found.flat(), []);
    return { wasm: "" };
  },
};

export const rows = [
  compiler("TypeScript 5.0", "typescript-5.0", WAYS),
  compiler("TypeScript 6", "typescript-6", [WAYS[1], NODE_ALONE]),
  compiler("TypeScript 7 (native)", "../../node_modules/typescript", [...WAYS, NODE_ALONE]),
  compiler("TypeScript next (native)", "typescript-next", [...WAYS, NODE_ALONE]),
  wrong,
  linted,
  commented,
];
