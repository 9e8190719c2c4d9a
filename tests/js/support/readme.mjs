// The code blocks of the two READMEs, by what their fences say they run in.
import { readFile } from "node:fs/promises";

export const READMES = ["README.md", "README.zh-CN.md"];

/** The code of every block whose fence says ```js KIND. */
export async function blocks(name, kind) {
  const text = await readFile(new URL(`../../../${name}`, import.meta.url), "utf8");
  return [...text.matchAll(/^```js (\w+)\n(.*?)^```$/gms)].filter((found) => found[1] === kind).map((found) => found[2]);
}
