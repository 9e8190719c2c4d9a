// The demo page stays fluid with thousands of relations: what an interaction costs the page's own thread, in processor
// time, so that a busy machine changes nothing, against what the same click costs an empty page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../support/chromium.mjs";
import { openPage, startDemo } from "../support/demo.mjs";
import { startQcc } from "../support/server.mjs";
import { serve } from "../support/web.mjs";

const NAMES = Array.from({ length: 240 }, (_, index) => `测试企业${index}号有限公司`);
/** Drawn, but always the same: about a third of all pairs. */
const related = (a, b) => ((a * 7919 + b * 104729) ^ (a * b)) % 3 === 0;
const MOST_TIMES = 12;

let browser;
let qcc;
let demo;
before(async () => {
  const places = new Map(NAMES.map((name, index) => [name, index]));
  qcc = await startQcc({
    relations(names) {
      const asked = names.map((name) => places.get(name)).sort((a, b) => a - b);
      return asked.flatMap((a, at) =>
        asked.slice(at + 1).flatMap((b) =>
          related(a, b)
            ? [
                {
                  companyName: NAMES[a],
                  relatedCompanyName: NAMES[b],
                  amount: `${(a * b) % 977}.25`,
                  publicDate: `${2012 + ((a + b) % 13)}-${String(1 + (a % 12)).padStart(2, "0")}`,
                  source: ["招投标", "企业公告", "企业年报"][b % 3],
                },
              ]
            : [],
        ),
      );
    },
  });
  [browser, demo] = await Promise.all([launch(), startDemo(qcc)]);
});
after(async () => {
  await browser?.close();
  await demo?.close();
  await qcc?.close();
});

/** Milliseconds of processor time the page's thread has taken so far. */
async function meter(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
  };
}

async function costOf(page, action) {
  const read = await meter(page);
  const begin = await read();
  await action();
  // Two frames: what the action has brought about is on the screen then.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return (await read()) - begin;
}

test("an interaction costs no more than a few clicks on an empty page, with thousands of relations", async (t) => {
  const blank = await serve({ files: { "/": "<!doctype html><title>page</title><button>x</button>" } });
  const { page, problems, close } = await openPage(browser, demo.url, {
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
  });
  try {
    const empty = await browser.newPage();
    await empty.goto(blank.url);
    const base = await costOf(empty, () => empty.getByRole("button").click());
    await empty.close();

    await page.getByLabel("Company names, one per line").fill(NAMES.join("\n"));
    await page.getByRole("button", { name: /^Find partnerships in/ }).click();
    await page.getByText("All done").waitFor({ timeout: 120_000 });
    const found = parseInt((await page.locator("#relations .hint").textContent()).replaceAll(",", ""), 10);
    assert.ok(found > 5000, `only ${found} relations`);
    await page.locator("canvas[data-settled]").waitFor({ timeout: 120_000 });

    const actions = {
      "select a company": () => page.locator(".rank").first().click(),
      "back to the ranking": () => page.getByRole("button", { name: "Back to the ranking" }).click(),
      filter: () => page.getByRole("combobox", { name: "Source" }).selectOption("招投标"),
      "clear the filter": () => page.getByRole("button", { name: "Clear filters" }).click(),
      sort: () => page.getByRole("button", { name: /^Amount/ }).click(),
      "next page": () => page.getByRole("button", { name: "Next" }).click(),
    };
    for (const [name, action] of Object.entries(actions)) {
      const cost = await costOf(page, action);
      t.diagnostic(`${name}: ${cost.toFixed(0)} ms, ${(cost / base).toFixed(1)} times an empty page's click (${base.toFixed(0)} ms)`);
      assert.ok(cost < base * MOST_TIMES, `${name} took ${(cost / base).toFixed(1)} times an empty page's click`);
    }
    assert.deepEqual(problems, []);
  } finally {
    await close();
    await blank.close();
  }
});
