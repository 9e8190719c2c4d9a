// The demo page stays fluid with 2,000 companies and every relation there is among them: the run ends, filters and search
// work while it goes on, and what an interaction costs the page's own thread is measured in processor time, so that a
// busy machine changes nothing, against what a click costs an empty page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSandbox, sampleCompanies } from "qcc-pro/sandbox";
import { launch } from "../support/chromium.mjs";
import { openPage, startStatic } from "../support/demo.mjs";
import { serve } from "../support/web.mjs";

const TRUTH = createSandbox().relationsAmong(sampleCompanies(2000));
/** An empty page's click takes three milliseconds; so many times that is below the 100 that a person notices. */
const MOST_TIMES = 30;
/** Laying out 2,000 lines takes any page its time. */
const MOST_TIMES_OF_PASTING = 3;

let browser;
let site;
before(async () => {
  [browser, site] = await Promise.all([launch(), startStatic()]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Milliseconds of processor time the page's thread has taken so far, without those for the driver's own commands. */
async function meter(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (wanted) => metrics.find(({ name }) => name === wanted).value;
    return 1000 * (of("TaskDuration") - of("DevToolsCommandDuration"));
  };
}

/** Puts a text in the place of the list, as Ctrl-V does. */
function paste(page, text) {
  return page.locator("#names").evaluate((field, text) => {
    field.select();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    // What nobody prevents a browser does itself.
    if (field.dispatchEvent(event)) throw new Error("the page leaves a long list to the browser");
  }, text);
}

/** What an action costs the page's thread until `seen`, and how long that takes on the clock. */
async function costOf(page, read, action, seen) {
  const [begin, start] = [await read(), performance.now()];
  await action();
  await seen?.();
  // Two frames: what the action has brought about is on the screen then.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return { cost: (await read()) - begin, took: performance.now() - start };
}

test("2,000 companies: the run ends, and no interaction costs more than a few clicks on an empty page", async (t) => {
  assert.ok(TRUTH.length > 20_000, `only ${TRUTH.length} relations`);
  const blank = await serve({ files: { "/": "<!doctype html><title>page</title><button>x</button><textarea></textarea>" } });
  const { page, problems, close } = await openPage(browser, site.url, {
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
  });
  try {
    const empty = await browser.newPage();
    await empty.goto(blank.url);
    const readEmpty = await meter(empty);
    const clicks = [];
    for (let click = 0; click < 5; click += 1) clicks.push(await costOf(empty, readEmpty, () => empty.getByRole("button").click()));
    const [base, baseTook] = ["cost", "took"].map((figure) => clicks.map((click) => click[figure]).sort((a, b) => a - b)[2]);
    const list = sampleCompanies(2000).join("\n");
    const fill = () => empty.evaluate((list) => (document.querySelector("textarea").value = list), list);
    const { cost: filling } = await costOf(empty, readEmpty, fill);
    await empty.close();

    const read = await meter(page);
    const hint = page.locator("#relations .hint");
    const first = (column) => page.locator(`tbody tr:first-child td:nth-child(${column})`);
    /** Until the first row of the table is another one. */
    const another = (column, text) => page.waitForFunction(
      ([column, text]) => document.querySelector(`tbody tr:first-child td:nth-child(${column})`)?.textContent !== text,
      [column, text],
    );
    const measure = async (name, action, seen, most = base * MOST_TIMES) => {
      const { cost, took } = await costOf(page, read, action, seen);
      t.diagnostic(
        `${name}: ${cost.toFixed(0)} ms of the page's thread, ${(cost / base).toFixed(1)} times an empty page's click (${base.toFixed(1)} ms); ` +
          `on the screen after ${took.toFixed(0)} ms (${baseTook.toFixed(0)} ms)`,
      );
      assert.ok(cost < most, `${name} took ${cost.toFixed(0)} ms of the page's thread; ${most.toFixed(0)} would be the most`);
    };

    const start = page.getByRole("button", { name: /^Find partnerships in 10,807/ });
    await measure("paste the list", () => paste(page, list), undefined, filling * MOST_TIMES_OF_PASTING);
    await measure("plan it", () => start.waitFor());
    const [spentBefore, begun] = [await read(), performance.now()];
    await start.click();

    await page.waitForFunction(() => parseInt(document.querySelector("#relations .hint")?.textContent.replaceAll(",", ""), 10) > 2000);
    const select = (name, value) => page.getByRole("combobox", { name }).selectOption(value);
    await select("Source", "招投标");
    await hint.filter({ hasText: " of " }).waitFor();
    await page.locator(".rank").first().click();
    await page.getByRole("button", { name: "Back to the ranking" }).click();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await hint.filter({ hasText: " of " }).waitFor({ state: "detached" });
    assert.ok(await page.getByRole("button", { name: "Pause" }).isVisible(), "the run was over too soon to try anything");

    await page.getByText("All done").waitFor({ timeout: 240_000 });
    const [seconds, spent] = [(performance.now() - begun) / 1000, (await read()) - spentBefore];
    t.diagnostic(`10,807 calls in ${seconds.toFixed(0)} s, of which the page's thread was busy for ${(spent / 1000).toFixed(1)} s`);
    assert.ok(spent / 10_807 < base / 2, `the run took ${spent.toFixed(0)} ms of the page's thread`);
    await hint.filter({ hasText: `${TRUTH.length.toLocaleString("en")} relations` }).waitFor();

    const before = await first(1).textContent();
    await measure("sort by name", () => page.getByRole("columnheader", { name: /^Company/ }).getByRole("button").click(), () => another(1, before));
    const amount = await first(3).textContent();
    await measure("sort by amount", () => page.getByRole("columnheader", { name: /^Amount/ }).getByRole("button").click(), () => another(3, amount));
    const most = Math.max(...TRUTH.map((relation) => Number(relation.amount ?? 0)));
    assert.equal(Number((await first(3).textContent()).replaceAll(",", "")), most);
    const top = await first(3).textContent();
    await measure("next page", () => page.getByRole("button", { name: "Next" }).click(), () => another(3, top));
    await measure("filter by source", () => select("Source", "招投标"), () => hint.filter({ hasText: " of " }).waitFor());
    await measure("filter by year", () => select("From year", "2023"), () => page.waitForTimeout(0));
    await measure("clear the filters", () => page.getByRole("button", { name: "Clear filters" }).click(), () => hint.filter({ hasText: " of " }).waitFor({ state: "detached" }));
    await measure("select a company", () => page.locator(".rank").first().click(), () => page.getByRole("button", { name: "Back to the ranking" }).waitFor());
    await measure("change the language", () => page.getByRole("radio", { name: "中文" }).check());
    assert.deepEqual(problems, []);
  } finally {
    await close();
    await blank.close();
  }
});
