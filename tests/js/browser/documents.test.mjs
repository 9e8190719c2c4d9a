// The documents' pages: each `js browser` block in Chromium, beside the first server of the same document, both as printed.
import assert from "node:assert/strict";
import { createServer, request as ask } from "node:http";
import { after, before, test } from "node:test";
import { SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { Bench, serve } from "../documents/blocks.mjs";
import { fences, PAGES, read } from "../documents/pages.mjs";
import { launch } from "../support/chromium.mjs";
import { bundle } from "../support/web.mjs";

const MOUNT = "/api/qcc";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** What a user's own server does: the page, its script and a session, and the gateway under its mount point. */
async function site(script, gateway) {
  const server = createServer((incoming, outgoing) => {
    if (incoming.url.startsWith(MOUNT)) {
      const relayed = ask({ port: gateway.port, host: "127.0.0.1", path: incoming.url, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      });
      relayed.on("error", () => outgoing.destroy());
      incoming.pipe(relayed);
      return;
    }
    const isScript = incoming.url === "/page.js";
    outgoing.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    outgoing.setHeader("set-cookie", "session=a-session; HttpOnly; SameSite=Strict");
    outgoing.end(isScript ? script : '<!doctype html><title>page</title><script type="module" src="/page.js"></script>');
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return server;
}

const withPages = PAGES.filter((page) => fences(read(page)).some(({ kind }) => kind === "js browser"));

for (const name of withPages) {
  test(`the pages of ${name}`, { timeout: 120_000 }, async () => {
    const blocks = fences(read(name));
    const bench = await Bench.open();
    let gateway;
    try {
      for (const { kind, name: file, code } of blocks) if (kind === "js file") await bench.write(file, code);
      gateway = await serve(bench, await bench.write("server.mjs", blocks.find(({ kind }) => kind === "js server").code));
      for (const { code } of blocks.filter(({ kind }) => kind === "js browser")) {
        const script = await bundle(code);
        assert.ok(!script.includes(SANDBOX_SECRET_KEY));
        const server = await site(script, gateway);
        const page = await browser.newPage();
        try {
          await page.goto(`http://127.0.0.1:${server.address().port}/`);
          await page.waitForFunction(() => document.body.textContent.includes("34.8"));
          assert.match(await page.textContent("body"), /企查查科技股份有限公司 — 大连银行股份有限公司.\s?34\.8 万元|34\.8 万元.*true/);
        } finally {
          await page.close();
          server.close();
          server.closeAllConnections();
        }
      }
    } finally {
      await gateway?.stop();
      await bench.close();
    }
  });
}

test("there are pages to run", () => assert.ok(withPages.length >= 4));
