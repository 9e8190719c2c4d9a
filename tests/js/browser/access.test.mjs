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
