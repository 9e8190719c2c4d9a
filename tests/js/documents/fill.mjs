// Everything in the documents that is made and not written: tables between `<!-- made:NAME -->` and `<!-- /made -->`, and the
// figure. Started by itself it writes them, and with `--print` also what the pages' blocks print:
//
//   node tests/js/documents/fill.mjs [--print PAGE …]
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { figure } from "./figure.mjs";
import { languageOf, PAGES, root } from "./pages.mjs";
import { TABLES } from "./tables.mjs";

const MADE = /(<!-- made:(\w+) -->\n).*?(<!-- \/made -->)/gs;

/** Every file with something made in it: `{ path, is, made }`, what it is and what it should be. */
export async function filled() {
  const tables = new Map();
  const table = async (name, language) => {
    const id = `${name} ${language}`;
    if (!(name in TABLES)) throw new Error(`nothing makes «${name}»`);
    if (!tables.has(id)) tables.set(id, await TABLES[name](language));
    return tables.get(id);
  };
  const files = [];
  for (const path of PAGES) {
    const is = await readFile(`${root}${path}`, "utf8");
    let made = is;
    for (const [whole, open, name, close] of is.matchAll(MADE)) {
      const text = `${open}\n${await table(name, languageOf(path))}\n\n${close}`;
      made = made.replace(whole, () => text);
    }
    files.push({ path, is, made });
  }
  for (const language of ["en", "zh"]) {
    const path = `docs/public/calls.${language}.svg`;
    files.push({ path, is: await readFile(`${root}${path}`, "utf8").catch(() => ""), made: figure(language) });
  }
  return files;
}

/** Writes what a page's blocks print below them. */
async function print(page) {
  const { runPage } = await import("./blocks.mjs");
  const found = [];
  await runPage(page, { REDIS_URL: process.env.REDIS_URL }, ({ place, printed, expected }) => {
    if (expected) found.push({ printed, expected });
    else if (printed && !/^TAP/.test(printed)) console.log(`${place} prints and nothing below says so:\n${printed}`);
  });
  let text = await readFile(`${root}${page}`, "utf8");
  for (const { printed, expected } of found.toReversed()) text = text.slice(0, expected.at) + printed + text.slice(expected.end);
  await writeFile(`${root}${page}`, text);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const { path, is, made } of await filled()) {
    if (is === made) continue;
    await writeFile(`${root}${path}`, made);
    console.log(`made ${path} anew`);
  }
  const [, , option, ...pages] = process.argv;
  if (option === "--print") for (const page of pages.length > 0 ? pages : PAGES) await print(page);
}
