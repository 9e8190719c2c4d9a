// The pages that are written by hand: where they are, and what stands in them.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const docs = `${root}docs/`;

const markdown = (folder) => readdirSync(`${docs}${folder}`).filter((name) => name.endsWith(".md")).sort();

/** Every page in both languages, by its path in the repository: `[english, chinese]`. */
export const PAIRS = [
  ["README.md", "README.zh-CN.md"],
  ...["", "guide/"].flatMap((folder) => markdown(folder).map((name) => [`docs/${folder}${name}`, `docs/zh/${folder}${name}`])),
];

export const PAGES = PAIRS.flat();

/** A page's language. */
export const languageOf = (page) => (/^docs\/zh\/|\.zh-CN\.md$/.test(page) ? "zh" : "en");

export const read = (page) => readFileSync(`${root}${page}`, "utf8");

/**
 * The fenced blocks of a page, in order. `kind` is the fence's first two words (`js node`, `sh setup`) or its one, `name`
 * the third; `at` and `end` are where its code begins and ends in the text.
 */
export function fences(text) {
  return [...text.matchAll(/^```([^\n`]*)\n(.*?)^```$/gms)].map((found) => {
    const [language = "", what, name] = found[1].trim().split(/\s+/);
    const at = found.index + found[0].indexOf("\n") + 1;
    const kind = what === undefined ? language : `${language} ${what}`;
    return { kind, name, code: found[2], at, end: at + found[2].length, line: text.slice(0, found.index).split("\n").length };
  });
}

/** Headings outside of blocks: `[level, text]`. */
export function headings(text) {
  return [...text.replaceAll(/^```.*?^```$/gms, "").matchAll(/^(#+) (.*)$/gm)].map(([, marks, title]) => [marks.length, title]);
}
