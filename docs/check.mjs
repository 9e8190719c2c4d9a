// Every link of the built site leads somewhere: to a page or file that is there, to a heading that has that name, or to another
// site by https; and no page loads anything from another host.
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL(".vitepress/dist/", import.meta.url));
const BASE = "/docs/";

const pages = readdirSync(dist, { recursive: true }).map(String).filter((name) => name.endsWith(".html"));
const html = new Map(pages.map((name) => [name.replaceAll("\\", "/"), readFileSync(join(dist, name), "utf8")]));
const idsOf = (text) => new Set([...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
const ids = new Map([...html].map(([name, text]) => [name, idsOf(text)]));

const wrong = [];
let links = 0;
for (const [page, text] of html) {
  for (const [, tag, attribute, raw] of text.matchAll(/<(\w+)[^>]*?\s(href|src)="([^"]*)"/g)) {
    const to = raw.replaceAll("&amp;", "&");
    links += 1;
    if (/^[a-z]+:/.test(to)) {
      // A link may lead away, nothing may be fetched from there.
      if (tag !== "a" || !to.startsWith("https://")) wrong.push(`${page}: <${tag} ${attribute}="${to}">`);
      continue;
    }
    const { pathname, hash } = new URL(to, `http://site${BASE}${page}`);
    const path = decodeURIComponent(pathname);
    if (!path.startsWith(BASE)) {
      wrong.push(`${page}: ${to} leads out of the site`);
      continue;
    }
    const inside = path.slice(BASE.length);
    const file = inside === "" || inside.endsWith("/") ? `${inside}index.html` : inside;
    if (!existsSync(join(dist, file))) wrong.push(`${page}: ${to} is not there`);
    else if (hash && !ids.get(file)?.has(decodeURIComponent(hash.slice(1)))) wrong.push(`${page}: ${to} has no such heading`);
  }
}
if (links === 0) wrong.push("the site has no link");
for (const line of wrong) console.error(line);
console.log(`${html.size} pages, ${links} links, ${wrong.length} of them wrong`);
process.exitCode = wrong.length > 0 ? 1 : 0;
