// The documents' site as the demo serves it, in Chromium: under its own policy, in both languages, with nothing asked of
// another host.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { launch } from "../support/chromium.mjs";
import { openPage, startDemo } from "../support/demo.mjs";

let qcc;
let demo;
let browser;
before(async () => {
  qcc = await createSandbox().listen();
  demo = await startDemo({ url: qcc.url, key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.close();
  await qcc?.close();
});

const STARTS = [
  ["docs/", "/guide/start", "A first answer"],
  ["docs/zh/", "/zh/guide/start", "第一个答案"],
];

for (const [start, guide, heading] of STARTS) {
  test(`${start}: from the first page to a guide and to the reference`, { timeout: 120_000 }, async () => {
    const { page, problems, hosts, close } = await openPage(browser, demo.url + start);
    try {
      await page.click(`.actions a[href$="${guide}.html"]`);
      // The scripts took over: a page of the site is shown without being loaded anew.
      await page.waitForFunction((text) => document.querySelector("h1")?.textContent.includes(text), heading);
      assert.match(await page.textContent(".vp-doc"), /createSandbox/);
      await page.goto(`${demo.url}${start}reference/qcc-pro.html`, { waitUntil: "networkidle" });
      assert.match(await page.textContent(".vp-doc"), /findPartnershipRelation/);
      assert.deepEqual(problems, []);
      assert.deepEqual([...hosts], [new URL(demo.url).host]);
    } finally {
      await close();
    }
  });
}

test("what is not there is 404, and nothing outside is served", async () => {
  for (const path of ["docs/none.html", "docs/..%2f..%2fpackage.json", "docs/%2e%2e/config.mjs"]) {
    assert.equal((await fetch(demo.url + path)).status, 404, path);
  }
});
