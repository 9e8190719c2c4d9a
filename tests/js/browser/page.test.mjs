// The demo page, used as a person uses it, in both languages: from its server, which signs, and from a static host,
// where the sandbox runs in the page. Everything that travels to and from the page is kept and searched.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { launch } from "../support/chromium.mjs";
import { openPage, startDemo, startStatic } from "../support/demo.mjs";
import { SAMPLE_NAMES } from "../support/samples.mjs";
import { startQcc, tokenOf } from "../support/server.mjs";

const LANGUAGES = {
  zh: {
    choose: "中文",
    tagline: "谁与谁做生意",
    names: "企业名称，每行一个",
    ask: "查询合作关系",
    cost: "已计费 1 次",
    kept: "取自本地保存，未再计费",
    quotas: "查询额度",
    left: "剩余",
    comma: { names: "Foo Co., Ltd.\n大连银行股份有限公司", title: "输入有误", billed: "本次未计费" },
    failures: { 112: "账户异常", 109: "额度用尽", 208: "企业不受支持", 107: "身份未通过" },
    nothing: "这些企业之间没有查到直接的合作关系。",
  },
  en: {
    choose: "English",
    tagline: "Who does business with whom",
    names: "Company names, one per line",
    ask: "Find partnerships",
    cost: "billed once",
    kept: "kept from an earlier call, not billed again",
    quotas: "Ask for the quotas",
    left: "left",
    comma: {
      names: "Foo Co., Ltd.\n大连银行股份有限公司",
      title: "Something in the list is wrong",
      billed: "this was not billed",
    },
    failures: {
      112: "The account is not in order",
      109: "No calls left",
      208: "A company is not served",
      107: "Not let in",
    },
    nothing: "No direct partnership between these companies was found.",
  },
};

const account = { key: randomBytes(16).toString("hex"), secretKey: randomBytes(16).toString("hex").toUpperCase() };
let browser;
let qcc;
let demo;
before(async () => {
  qcc = await startQcc(account);
  [browser, demo] = await Promise.all([launch(), startDemo(qcc)]);
});
after(async () => {
  await browser?.close();
  await demo?.close();
  await qcc?.close();
});

for (const [language, words] of Object.entries(LANGUAGES)) {
  test(`asks, reads, fails and is understood in ${words.choose}`, async () => {
    const { page, problems, hosts, traffic, close } = await openPage(browser, demo.url);
    try {
      await page.getByRole("radio", { name: words.choose }).check();
      assert.equal(await page.getAttribute("html", "lang"), language === "zh" ? "zh-CN" : "en");
      await page.getByRole("heading", { level: 1, name: words.tagline }).waitFor();

      // The document's quotas; not asked for by the page itself, since that may cost something.
      await page.getByRole("button", { name: words.quotas }).click();
      await page.locator(".gauge").first().waitFor();
      assert.deepEqual(await page.locator(".gauge .number").allTextContents(), ["48", "98", "50"]);
      assert.match(await page.locator(".gauge").first().textContent(), new RegExp(words.left));

      // The document's example.
      const billed = qcc.billed;
      await page.getByLabel(words.names).fill(SAMPLE_NAMES.join("\n"));
      await page.getByRole("button", { name: words.ask }).click();
      await page.locator("tbody tr").waitFor();
      assert.deepEqual(await page.locator("tbody td").allTextContents(), [...SAMPLE_NAMES, "34.8", "2021-11", "招投标"]);
      assert.match(await page.locator("#relations").textContent(), new RegExp(words.cost));
      const { billed: after } = qcc;
      assert.equal(after, billed + 1);

      // Paid for once, never again, not even after a reload.
      await page.reload();
      await page.getByLabel(words.names).fill(SAMPLE_NAMES.join("\n"));
      await page.getByRole("button", { name: words.ask }).click();
      await page.getByText(words.kept).waitFor();
      assert.equal(qcc.billed, after);

      // Nothing found is an answer, not a failure.
      await page.getByLabel(words.names).fill("甲甲有限公司\n乙乙有限公司");
      await page.getByRole("button", { name: words.ask }).click();
      await page.getByText(words.nothing).waitFor();

      // What cannot be sent is not.
      const { length } = qcc.requests;
      await page.getByLabel(words.names).fill(words.comma.names);
      await page.getByRole("button", { name: words.ask }).click();
      await page.getByText(words.comma.title).waitFor();
      assert.match(await page.getByRole("alert").textContent(), /Foo Co\., Ltd\./);
      assert.match(await page.getByRole("alert").textContent(), new RegExp(words.comma.billed));
      assert.equal(qcc.requests.length, length);

      // Refusals, each in plain words. Other companies each time: what was asked before comes out of the page's store.
      for (const [code, title] of Object.entries(words.failures)) {
        qcc.next({ code: Number(code) });
        await page.getByLabel(words.names).fill(`甲${code}有限公司\n乙${code}有限公司`);
        await page.getByRole("button", { name: words.ask }).click();
        await page.getByRole("alert").getByText(title, { exact: true }).waitFor();
        assert.match(await page.getByRole("alert").textContent(), new RegExp(code));
      }

      const everything = await traffic();
      assert.match(everything, /partnershipRelationList/, "the answers are among what was kept");
      for (const secret of [qcc.key, qcc.secretKey]) {
        assert.ok(!everything.toLowerCase().includes(secret.toLowerCase()), "key or secret reached the page");
      }
      for (const { headers } of qcc.requests) {
        assert.equal(headers.token, tokenOf(qcc.key, headers.timespan, qcc.secretKey));
        assert.ok(!everything.includes(headers.token), "a Token reached the page");
      }
      assert.deepEqual([...hosts], [new URL(demo.url).host]);
      assert.deepEqual(problems, []);
    } finally {
      await close();
    }
  });
}

test("lets nobody ask who did not get the page from it", async () => {
  const { length } = qcc.requests;
  const query = new URLSearchParams({ companyNames: SAMPLE_NAMES.join(",") });
  const answer = await fetch(`${demo.url}api/qcc/api/corp/correlation/findPartnershipRelation?${query}`);
  assert.ok([401, 403].includes(answer.status), `HTTP ${answer.status}`);
  assert.equal(qcc.requests.length, length);
});

test("keeps the language over a visit", async () => {
  const { page, close } = await openPage(browser, demo.url, { locale: "de-DE" });
  try {
    assert.equal(await page.getAttribute("html", "lang"), "en");
    await page.getByRole("radio", { name: "中文" }).check();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: LANGUAGES.zh.tagline }).waitFor();
  } finally {
    await close();
  }
});

test("asks the sandbox in itself where a static host serves it", async () => {
  const site = await startStatic();
  const { page, problems, hosts, close } = await openPage(browser, site.url);
  try {
    await page.getByRole("button", { name: LANGUAGES.zh.ask }).click();
    await page.locator("tbody tr").waitFor();
    assert.deepEqual(await page.locator("tbody td").allTextContents(), [...SAMPLE_NAMES, "34.8", "2021-11", "招投标"]);
    // The document's three, and what is left of the sandbox's day: the quotas were asked for once.
    assert.deepEqual(await page.locator(".gauge .number").allTextContents(), ["48", "98", "50", "49,999"]);
    assert.deepEqual([...hosts], [new URL(site.url).host]);
    assert.deepEqual(problems, []);
  } finally {
    await close();
    await site.close();
  }
});

test("says so where its worker cannot be started", async () => {
  const site = await startStatic();
  const context = await browser.newContext({ locale: "en-GB" });
  try {
    const page = await context.newPage();
    await page.route(/worker-[^/]+\.js$/, (route) => route.fulfill({ status: 404 }));
    await page.goto(site.url);
    await page.getByRole("alert").getByText("The page's worker could not be started").waitFor();
  } finally {
    await context.close();
    await site.close();
  }
});

test("keeps to a policy that adds nothing but 'wasm-unsafe-eval', in its workers as well", async () => {
  const site = await startStatic();
  const { page, problems, close } = await openPage(browser, site.url);
  try {
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
    const directives = Object.fromEntries(policy.split("; ").map((directive) => directive.split(/ (.*)/)));
    assert.equal(directives["default-src"], "'none'");
    assert.equal(directives["script-src"], "'self' 'wasm-unsafe-eval'");
    assert.equal(directives["style-src"], "'self'");
    assert.equal(directives["connect-src"], "'self'");
    // Later: what the driver runs itself may do everything.
    const tried = page.evaluate(
      () =>
        new Promise((resolve) => {
          setTimeout(() => {
            try {
              resolve(Function("return 1")());
            } catch (error) {
              resolve(error.name);
            }
          });
        }),
    );
    assert.equal(await tried, "EvalError");
    assert.equal(problems.filter((problem) => !/unsafe-eval/.test(problem)).length, 0);
  } finally {
    await close();
    await site.close();
  }
  // A worker goes by the headers its script comes with.
  const served = await (await fetch(demo.url)).text();
  const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(served);
  const { headers } = await fetch(demo.url + script);
  assert.match(headers.get("content-security-policy"), /script-src 'self' 'wasm-unsafe-eval';.*connect-src 'self';.*frame-ancestors 'none'/);
});
