// A list of many companies on the demo page: planned, run, paused, gone on with after a reload, taken along; and the
// faults a visitor can choose. The server and the truth are the tests' own.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import xlsx from "@e965/xlsx";
import { planCalls } from "qcc-pro";
import { launch } from "../support/chromium.mjs";
import { openPage, startDemo, startStatic } from "../support/demo.mjs";
import { READERS, assertPicture, pairsOf } from "../support/downloads.mjs";
import { startQcc } from "../support/server.mjs";

const NAMES = Array.from({ length: 100 }, (_, index) => `测试企业${index}号有限公司`);

/** Each company with the next one, and every tenth with the first. */
const related = (a, b) => b === a + 1 || (a === 0 && b % 10 === 0 && b > 1);
const TRUTH = NAMES.flatMap((_, a) => NAMES.flatMap((_, b) => (a < b && related(a, b) ? [[a, b]] : [])));
const row = ([a, b]) => ({
  companyName: NAMES[a],
  relatedCompanyName: NAMES[b],
  amount: `${a + b}.5`,
  publicDate: `${2018 + (b % 6)}-0${1 + (a % 9)}`,
  source: b % 2 ? "招投标" : "企业公告",
});

let browser;
let qcc;
let demo;
let site;
before(async () => {
  qcc = await startQcc({
    relations(names) {
      const asked = new Set(names);
      return TRUTH.filter(([a, b]) => asked.has(NAMES[a]) && asked.has(NAMES[b])).map(row);
    },
  });
  [browser, demo, site] = await Promise.all([launch(), startDemo(qcc), startStatic()]);
});
after(async () => {
  await browser?.close();
  await demo?.close();
  await site?.close();
  await qcc?.close();
});

/** The file that a press on an export button brings. */
async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
  return readFile(await file.path());
}

test("plans, runs, pauses, goes on after a reload, and pays for every call once", async () => {
  const { page, problems, close } = await openPage(browser, demo.url);
  try {
    const { calls, pairs, naiveCalls } = planCalls(NAMES);
    await page.getByLabel("企业名称，每行一个").fill(NAMES.join("\n"));
    const start = page.getByRole("button", { name: `查询，共 ${calls} 次调用` });
    await start.waitFor();
    const figures = await page.locator("#plan dd").allTextContents();
    assert.deepEqual(
      figures.map((text) => parseInt(text.replaceAll(",", ""), 10)),
      [NAMES.length, pairs, calls, naiveCalls],
    );
    await page.getByLabel("每次价格（元）").fill("2");
    assert.match(await page.locator("#plan .price").textContent(), new RegExp(`¥${2 * calls}\\.00`));

    qcc.next(...Array.from({ length: 12 }, () => ({ delayMs: 150 })), ...Array.from({ length: 20 }, () => ({ delayMs: 400 })));
    const { billed } = qcc;
    await start.click();
    await page.waitForFunction(() => document.querySelector("progress")?.value >= 3);
    await page.getByRole("button", { name: "暂停" }).click();
    await page.getByText("已暂停。").waitFor();
    const paused = qcc.billed - billed;
    assert.ok(paused > 0 && paused < calls, `${paused} of ${calls} were paid when it was paused`);
    qcc.queue.length = 0;

    await page.reload();
    await page.getByText("上次的查询尚未完成").waitFor();
    await page.getByRole("button", { name: "继续" }).click();
    await page.getByText("全部完成").waitFor();
    assert.equal(qcc.billed - billed, calls, "a call was paid twice, or not at all");

    // What was found is all there is.
    assert.match(await page.locator("#relations .hint").textContent(), new RegExp(`^${TRUTH.length} 条`));
    const { relations, pairs: found } = READERS.csv(await download(page, "CSV"));
    assert.deepEqual([relations, found], [TRUTH.length, pairsOf(TRUTH.map(row))]);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test("stops at the budget and at once when the account is refused", async () => {
  const { page, problems, close } = await openPage(browser, demo.url, { locale: "en-GB" });
  try {
    await page.getByLabel("Company names, one per line").fill(NAMES.join("\n"));
    await page.getByLabel("Calls to pay at most").fill("5");
    const { billed } = qcc;
    await page.getByRole("button", { name: /^Find partnerships in/ }).click();
    await page.getByText("The budget is spent").waitFor();
    assert.equal(qcc.billed - billed, 5);

    await page.getByLabel("Calls to pay at most").fill("");
    qcc.next({ code: 112 });
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("The account was refused").waitFor();
    assert.ok(qcc.billed - billed < planCalls(NAMES).calls);

    // Given up, it is not come back to; what was paid for is kept all the same.
    await page.getByRole("button", { name: "Give up" }).click();
    await page.locator("#run").waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("button", { name: "Find partnerships" }).waitFor();
    assert.equal(await page.locator("#run").count(), 0);
    await page.getByLabel("Company names, one per line").fill(NAMES.join("\n"));
    await page.getByRole("button", { name: /^Find partnerships in/ }).click();
    await page.getByText("All done").waitFor();
    assert.equal(qcc.billed - billed, planCalls(NAMES).calls);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test("filters, searches, shows neighbours, exports", async () => {
  const { page, problems, close } = await openPage(browser, demo.url, { locale: "en-GB" });
  try {
    await page.getByLabel("Company names, one per line").fill(NAMES.join("\n"));
    await page.getByRole("button", { name: /^Find partnerships in/ }).click();
    await page.getByText("All done").waitFor();

    const counted = (n) => page.locator("#relations .hint", { hasText: n === TRUTH.length ? `${n} relations` : `${n} of ${TRUTH.length}` }).waitFor();
    await page.getByRole("combobox", { name: "Source" }).selectOption("招投标");
    await counted(TRUTH.map(row).filter(({ source }) => source === "招投标").length);
    await page.getByRole("combobox", { name: "From year" }).selectOption("2020");
    await page.getByLabel("At least (CNY 10,000)").fill("100");
    await page.getByLabel("At least (CNY 10,000)").blur();
    const wanted = TRUTH.map(row).filter(
      ({ source, amount, publicDate }) => source === "招投标" && Number(amount) >= 100 && publicDate >= "2020",
    );
    await counted(wanted.length);
    const csv = READERS.csv(await download(page, "CSV"));
    assert.deepEqual(csv, { pairs: pairsOf(wanted), relations: wanted.length });
    await page.getByRole("button", { name: "Clear filters" }).click();
    await counted(TRUTH.length);

    // In each column's order, either way, from the first row to the last.
    const orders = { 1: [/^Company/, ({ companyName }) => companyName], 3: [/^Amount/, ({ amount }) => Number(amount)] };
    for (const [column, [title, by]] of Object.entries(orders)) {
      const compare = (a, b) => (typeof a === "number" ? b - a : new Intl.Collator("zh-CN", { numeric: true }).compare(a, b));
      const values = TRUTH.map(row).map(by).sort(compare);
      for (const wanted of [values, values.toReversed()]) {
        await page.getByRole("columnheader", { name: title }).getByRole("button").click();
        await page.waitForFunction(
          ([column, wanted]) => {
            const cells = [...document.querySelectorAll(`tbody td:nth-child(${column})`)].map((cell) => cell.textContent.replaceAll(",", ""));
            return cells.join() === wanted.slice(0, cells.length).join();
          },
          [column, wanted.map(String)],
        );
      }
    }

    await page.getByLabel("Find a company").fill(NAMES[0]);
    await page.locator(".side h3", { hasText: NAMES[0] }).waitFor();
    const neighbours = TRUTH.filter((pair) => pair.includes(0)).length;
    assert.equal(await page.locator(".side .rank").count(), neighbours);

    await page.locator("canvas[data-settled]").waitFor();
    const all = { pairs: pairsOf(TRUTH.map(row)), relations: TRUTH.length };
    assert.deepEqual(READERS.csv(await download(page, "CSV")), all);
    assert.deepEqual(READERS.xlsx(await download(page, "XLSX")), all);
    assert.deepEqual(READERS.gexf(await download(page, "GEXF")), { pairs: all.pairs });
    assertPicture(await download(page, "PNG"), 3200, 2000);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test("reads lists out of files, GBK among them", async () => {
  const { page, problems, close } = await openPage(browser, site.url, { locale: "en-GB" });
  try {
    const list = page.getByLabel("Company names, one per line");
    const drop = (name, buffer) => page.locator("input[type=file]").setInputFiles({ name, mimeType: "", buffer });
    await drop("list.txt", Buffer.from("甲甲有限公司\r\n乙乙有限公司\r\n"));
    await page.waitForFunction(() => document.querySelector("textarea").value === "甲甲有限公司\n乙乙有限公司");
    // «序号,公司» and two rows, as a Chinese spreadsheet saves CSV.
    const gbk = Buffer.concat([
      Buffer.from([0xd0, 0xf2, 0xba, 0xc5, 0x2c, 0xb9, 0xab, 0xcb, 0xbe, 0x0d, 0x0a]),
      Buffer.from([0x31, 0x2c, 0xb1, 0xfb, 0xb1, 0xfb, 0xb9, 0xab, 0xcb, 0xbe, 0x0d, 0x0a]),
      Buffer.from([0x32, 0x2c, 0xb6, 0xa1, 0xb6, 0xa1, 0xb9, 0xab, 0xcb, 0xbe, 0x0d, 0x0a]),
    ]);
    await drop("list.csv", gbk);
    await page.waitForFunction(() => document.querySelector("textarea").value === "丙丙公司\n丁丁公司");
    const book = xlsx.utils.book_new();
    xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet([["序号", "企业名称"], [1, "戊戊有限公司"], [2, "己己集团"]]), "名单");
    const bytes = xlsx.write(book, { type: "base64", bookType: "xlsx" });
    // Dropped, as from a folder of the desktop.
    await page.evaluate((bytes) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], "list.xlsx"));
      for (const type of ["dragover", "drop"]) {
        document.querySelector("form").dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    }, bytes);
    await page.waitForFunction(() => document.querySelector("textarea").value === "戊戊有限公司\n己己集团");
    await drop("broken.xlsx", Buffer.from("this is no workbook"));
    await page.getByText("broken.xlsx cannot be read").waitFor();
    assert.equal(await list.inputValue(), "戊戊有限公司\n己己集团");
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test("shows what the client does about faults, and the bills agree", async () => {
  const { page, problems, close } = await openPage(browser, site.url, { locale: "en-GB" });
  try {
    const trial = async (name, state) => {
      await page.getByRole("radio", { name }).check();
      await page.getByRole("button", { name: "Try it" }).click();
      await page.locator(`.record[data-state=${state}] h3`, { hasText: name }).waitFor();
      return page.locator(".record").textContent();
    };
    const overload = await trial("Overloaded (503, twice)", "answered");
    assert.match(overload, /HTTP 503[\s\S]*HTTP 503[\s\S]*200/);
    assert.match(overload, /bill: 1 call; the client says: billed once/);
    assert.match(await trial("A clock an hour ahead", "answered"), /off by -?3[56]\d\d s/);
    assert.match(await trial("Being processed (205, twice)", "answered"), /bill: 3 calls; the client says: billed 3 times/);
    assert.match(await trial("The wrong secret", "failed"), /Not let in[\s\S]*bill: 0 calls; the client says: not billed/);
    assert.match(await trial("Balance used up (112)", "failed"), /The account is not in order[\s\S]*bill: 0 calls/);
    assert.match(await trial("An answer that stops halfway", "failed"), /No answer in time[\s\S]*bill: 1 call/);
    assert.match(await trial("An answer that dribbles in", "answered"), /bill: 1 call; the client says: billed once/);

    // Runs: a call with too many rows is divided, a company that is not served is found out, an account's stop stops.
    const agree = (record) => {
      const [, sandbox, client] = /bill: (\d+) calls?; the client says: billed (\d+) times/.exec(record);
      assert.equal(sandbox, client);
      return record;
    };
    const rows = agree(await trial("A run: too many rows (207)", "ran"));
    assert.match(rows, /207[\s\S]*too many rows for 20 companies: divided into \d+ smaller calls[\s\S]*All done[\s\S]*every pair was asked for/);
    const isolated = agree(await trial("A run: one company not served (208)", "ran"));
    assert.match(isolated, /208[\s\S]*found out the company that is not served: 某某大学[\s\S]*All done/);
    const ended = agree(await trial("A run: the day's calls run out (116)", "ran"));
    assert.match(ended, /116[\s\S]*The account was refused[\s\S]*3 of \d+ calls[\s\S]*pairs not asked for yet/);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test("filters and searches while the run goes on, and shows a call that is divided", async () => {
  const { page, problems, close } = await openPage(browser, demo.url, { locale: "en-GB" });
  try {
    const { calls } = planCalls(NAMES);
    await page.getByLabel("Company names, one per line").fill(NAMES.join("\n"));
    // The first call has too many rows; the last ones wait until the test has seen enough.
    let go;
    const enough = new Promise((resolve) => (go = resolve));
    qcc.next({ code: 207 }, ...Array.from({ length: 12 }, () => ({})));
    qcc.next(...Array.from({ length: 40 }, () => async () => (await enough, {})));
    await page.getByRole("button", { name: `Find partnerships in ${calls} calls` }).click();
    const count = async () => {
      const [shown, all] = (await page.locator("#relations .hint").textContent()).match(/\d+/g).map(Number);
      return { shown, all: all ?? shown };
    };
    await page.waitForFunction(() => parseInt(document.querySelector("#relations .hint").textContent, 10) >= 10);
    await page.getByText(/207: too many rows for 20 companies, divided into \d+ smaller calls/).waitFor();
    await page.getByRole("combobox", { name: "Source" }).selectOption("招投标");
    await page.locator("#relations .hint", { hasText: " of " }).waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll("tbody td:last-child")].every((cell) => cell.textContent === "招投标"));
    const during = await count();
    assert.ok(during.shown > 0 && during.shown < during.all && during.all < TRUTH.length, JSON.stringify(during));
    const name = await page.locator("tbody td").first().textContent();
    await page.getByLabel("Find a company").fill(name);
    await page.locator(".side h3", { hasText: name }).waitFor();
    assert.ok(await page.getByRole("button", { name: "Pause" }).isVisible(), "it was no longer running");

    go();
    await page.getByText("All done").waitFor();
    const left = TRUTH.map(row).filter(({ source }) => source === "招投标").length;
    await page.locator("#relations .hint", { hasText: `${left} of ${TRUTH.length}` }).waitFor();
    assert.deepEqual(problems, []);
  } finally {
    qcc.queue.length = 0;
    await close();
  }
});
