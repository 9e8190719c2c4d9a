// The demo page for everybody: axe finds nothing, nothing sticks out, the keyboard reaches everything, in both languages,
// light and dark, on a phone and on a wide screen.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch } from "../support/chromium.mjs";
import { openPage, startStatic } from "../support/demo.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser;
let site;
before(async () => {
  [browser, site] = await Promise.all([launch(), startStatic()]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

for (const locale of ["zh-CN", "en-GB"]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [390, 1440]) {
      test(`${locale}, ${colorScheme}, ${width} px: no violation, nothing sticks out`, async () => {
        const options = { locale, colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" };
        const { page, problems, close } = await openPage(browser, site.url, options);
        try {
          await page.getByRole("button", { name: /^(100 家示例|100 invented ones)$/ }).click();
          await page.getByRole("button", { name: /^(查询，共|Find partnerships in)/ }).click();
          await page.getByText(/全部完成|All done/).waitFor();
          await page.getByRole("button", { name: /^(试一次|Try it)$/ }).click();
          await page.locator(".record[data-state=answered]").waitFor();
          await page.evaluate(axe);
          const violations = await page.evaluate(async () => {
            const { violations } = await globalThis.axe.run();
            return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
          });
          assert.deepEqual(violations, []);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it scrolls sideways");
          assert.deepEqual(problems, []);
        } finally {
          await close();
        }
      });
    }
  }
}

test("can be used by keyboard alone", async () => {
  const { page, close } = await openPage(browser, site.url, { locale: "en-GB" });
  try {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "names");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("tbody tr").waitFor();
  } finally {
    await close();
  }
});

test("runs, filters, sorts, selects and exports a long list by keyboard alone", async () => {
  const { page, problems, close } = await openPage(browser, site.url, { locale: "en-GB" });
  /** Tabs on until what has the focus is called so; says whether it can be seen that it has. */
  const tabTo = async (name, key = "Tab") => {
    for (let stops = 0; stops < 90; stops += 1) {
      await page.keyboard.press(key);
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        const { outlineStyle, clipPath } = getComputedStyle(element);
        const label = element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent;
        return { label: label.trim(), visible: outlineStyle !== "none" && clipPath === "none" };
      });
      if (!name.test(focused.label)) continue;
      assert.ok(focused.visible, `the focus on ${name} cannot be seen`);
      return;
    }
    assert.fail(`no way to ${name} by Tab`);
  };
  try {
    await tabTo(/^100 invented ones/);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^Find partnerships in/ }).waitFor();
    await tabTo(/^Find partnerships in/, "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText("All done").waitFor();
    const hint = page.locator("#relations .hint");
    const all = await hint.textContent();
    await tabTo(/^Source/);
    await page.keyboard.press("ArrowDown");
    await hint.filter({ hasText: " of " }).waitFor();
    await tabTo(/^Clear filters/);
    await page.keyboard.press("Enter");
    await page.waitForFunction((all) => document.querySelector("#relations .hint").textContent === all, all);
    await tabTo(/公司.*partners/);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Back to the ranking" }).waitFor();
    await tabTo(/^CSV/);
    const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    assert.equal(file.suggestedFilename(), "qcc-relations.csv");
    await tabTo(/^Amount/);
    await page.keyboard.press("Enter");
    await page.locator('th[aria-sort="descending"]', { hasText: "Amount" }).waitFor();
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
