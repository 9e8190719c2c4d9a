// The READMEs and guides: every block runs as printed and prints what stands below it, both languages say the same, and
// what is made from the package is as the package has it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { describe, test } from "node:test";
import { runPage } from "./documents/blocks.mjs";
import { filled } from "./documents/fill.mjs";
import { fences, headings, PAGES, PAIRS, read, root } from "./documents/pages.mjs";
import { startRedis } from "./support/redis.mjs";

/** Code without its comments and its texts, which are the language's; what is put into a text stays. */
const skeleton = (code) =>
  code
    .replaceAll(/(^|\s)(\/\/|#) .*$/gm, "")
    .replaceAll(/`[^`]*`/g, (text) => [...text.matchAll(/\$\{[^}]*\}/g)].sort().join())
    .replaceAll(/^(?!import ).*$/gm, (line) => line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))
    .replaceAll(/\s+/g, " ");

for (const [english, chinese] of PAIRS) {
  test(`${english} and ${chinese} have the same headings, blocks, links and pictures`, () => {
    const [one, other] = [english, chinese].map(read);
    const shape = (text) => headings(text).map(([level]) => level);
    assert.deepEqual(shape(one), shape(other));
    const blocks = (text) => fences(text).filter(({ kind }) => kind !== "text").map(({ kind, name, code }) => [kind, name, skeleton(code)]);
    assert.deepEqual(blocks(one), blocks(other));
    const plain = (text) => text.replaceAll(/^```.*?^```$/gms, "");
    const links = (text) => [...plain(text).matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to.replace(/#.*/, "#"));
    const neutral = (to) => to.replace("/zh/", "/").replace(".zh.", ".en.").replace(/README\.(zh-CN\.)?md/, "README");
    assert.deepEqual(links(one).map(neutral).sort(), links(other).map(neutral).sort());
    const rows = (text) => plain(text).split("\n").filter((line) => line.startsWith("|")).length;
    assert.equal(rows(one), rows(other));
  });
}

test("what is made from the package is as the package has it", async () => {
  for (const { path, is, made } of await filled()) {
    assert.ok(is === made, `${path} is out of date: \`cargo xtask docs\` makes it anew`);
  }
});

describe("every block runs as printed", { concurrency: Math.max(2, availableParallelism()) }, () => {
  for (const page of PAGES) {
    test(page, { timeout: 240_000 }, async (t) => {
      const needsRedis = fences(read(page)).some(({ code }) => code.includes("REDIS_URL"));
      const environment = needsRedis ? { REDIS_URL: await startRedis(t) } : {};
      await runPage(page, environment, ({ place, printed, expected }) => {
        assert.equal(printed ?? "", expected?.code ?? printed ?? "", place);
      });
    });
  }
});

test("few blocks cannot run in a test", () => {
  const all = PAGES.flatMap((page) => fences(read(page)));
  const left = all.filter(({ kind }) => kind === "sh setup");
  assert.ok(left.length <= all.length / 8, `${left.length} of ${all.length}`);
});

test("what HACKING.md, SECURITY.md, CONTRIBUTING.md and the READMEs name is there", () => {
  for (const page of ["HACKING.md", "SECURITY.md", "CONTRIBUTING.md", "README.md", "README.zh-CN.md"]) {
    const text = read(page);
    const named = [...text.matchAll(/`((?:src|tests|docs|fuzz|xtask|www|pkg-template|\.cargo|\.ci)\/[^`*]*)`/g), ...text.matchAll(/\]\(((?!https:)[^)#]+)\)/g)];
    assert.ok(page.startsWith("README") || named.length > 2);
    // `src/api/NAME.rs` is a pattern.
    for (const [, path] of named.filter(([, name]) => !name.includes("NAME"))) assert.ok(existsSync(`${root}${path}`), `${page} names ${path}`);
  }
});

test("the map in CONTRIBUTING.md has every folder of the repository and of src/", () => {
  const map = new Set([...read("CONTRIBUTING.md").matchAll(/`([\w./-]+\/)`/g)].map(([, folder]) => folder));
  const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }).split("\n");
  const folders = new Set(files.flatMap((file) => file.match(/^src\/[^/]+\/|^[^/]+\//)?.[0] ?? []));
  assert.deepEqual([...folders].filter((folder) => !map.has(folder)), []);
});
