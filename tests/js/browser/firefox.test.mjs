// The demo page in Firefox, used as a person uses it, in both languages: a list is pasted, planned, run, filtered,
// exported, and the language changed on the way. The page comes from a static host, so the sandbox runs in it.
import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { planCalls } from "qcc-pro";
import { createSandbox, sampleCompanies } from "qcc-pro/sandbox";
import { startStatic } from "../support/demo.mjs";
import { READERS, assertPicture, pairsOf } from "../support/downloads.mjs";
import { launch } from "../support/firefox.mjs";

const NAMES = sampleCompanies(60, 5);
const TRUTH = createSandbox({ density: 0.02 }).relationsAmong(NAMES);
const SOURCE = TRUTH[0].source;
const OF_SOURCE = TRUTH.filter(({ source }) => source === SOURCE);

const LANGUAGES = {
  zh: {
    choose: "中文",
    lang: "zh-CN",
    tagline: "谁与谁做生意",
    start: (calls) => `查询，共 ${calls} 次调用`,
    done: "全部完成",
    count: (n) => `${n} 条`,
    some: (n, all) => `${n} 条，共 ${all} 条`,
    source: "公开来源",
    reset: "清除筛选",
  },
  en: {
    choose: "English",
    lang: "en",
    tagline: "Who does business with whom",
    start: (calls) => `Find partnerships in ${calls} calls`,
    done: "All done",
    count: (n) => `${n} relations`,
    some: (n, all) => `${n} of ${all} relations`,
    source: "Source",
    reset: "Clear filters",
  },
};

let browser;
let site;
let downloads;
before(async () => {
  downloads = await mkdtemp(join(tmpdir(), "qcc-downloads-"));
  [browser, site] = await Promise.all([launch({ downloads }), startStatic()]);
});
after(async () => {
  await browser?.close();
  await site?.close();
  await rm(downloads, { recursive: true, force: true });
});

/** The file that a press on an export button brings. */
async function download(page, name) {
  await page.locator(`::-p-aria([name="${name.toUpperCase()}"][role="button"])`).click();
  const path = join(downloads, `qcc-relations.${name}`);
  for (;;) {
    // Firefox writes into a file with another ending, which it renames.
    if ((await readdir(downloads)).join() === `qcc-relations.${name}`) {
      const bytes = await readFile(path);
      if (bytes.length > 0) {
        await rm(path);
        return bytes;
      }
    }
    await sleep(50);
  }
}

for (const [language, words] of Object.entries(LANGUAGES)) {
  test(`plans, runs, filters and exports in Firefox, in ${words.choose}`, async () => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(150_000);
    const problems = [];
    page.on("console", (message) => ["error", "warn"].includes(message.type()) && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(String(error)));
    const text = (selector) => page.$eval(selector, (element) => element.textContent);
    const until = (selector, wanted) =>
      page.waitForFunction((selector, wanted) => document.querySelector(selector)?.textContent.includes(wanted), {}, selector, wanted);
    const press = (name) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
    const choose = async (name) => page.locator(`::-p-aria([name="${name}"][role="radio"])`).click();
    try {
      await page.goto(site.url, { waitUntil: "load" });
      // The other language first, so that this one is switched to.
      await choose(LANGUAGES[language === "zh" ? "en" : "zh"].choose);
      await choose(words.choose);
      await until("h1", words.tagline);
      assert.equal(await page.$eval("html", (element) => element.lang), words.lang);

      await page.locator("#names").fill(NAMES.join("\n"));
      const { calls, pairs, naiveCalls } = planCalls(NAMES);
      await until("button.primary", words.start(calls));
      const figures = await page.$$eval("#plan dd", (all) => all.map(({ firstChild }) => Number(firstChild.textContent.replaceAll(",", ""))));
      assert.deepEqual(figures, [NAMES.length, pairs, calls, naiveCalls]);

      await press(words.start(calls));
      await until("#run", words.done);
      await until("#relations .hint", words.count(TRUTH.length));

      await page.select(`.filters label:nth-of-type(3) select`, SOURCE);
      await until("#relations .hint", words.some(OF_SOURCE.length, TRUTH.length));
      assert.match(await text(".filters label:nth-of-type(3)"), new RegExp(words.source));
      const sources = await page.$$eval("tbody td:last-child", (cells) => [...new Set(cells.map((cell) => cell.textContent))]);
      assert.deepEqual(sources, [SOURCE]);
      assert.deepEqual(READERS.csv(await download(page, "csv")), { pairs: pairsOf(OF_SOURCE), relations: OF_SOURCE.length });
      await press(words.reset);
      await until("#relations .hint", words.count(TRUTH.length));

      await page.waitForSelector("canvas[data-settled]");
      for (const name of ["csv", "xlsx", "gexf"]) {
        const { pairs: read } = READERS[name](await download(page, name));
        assert.deepEqual(read, pairsOf(TRUTH), name);
      }
      assertPicture(await download(page, "png"), 3200, 2000);
      assert.deepEqual(problems, []);
    } finally {
      await context.close();
    }
  });
}
