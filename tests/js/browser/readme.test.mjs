// The READMEs' page and server run together as printed: the page in Chromium, the server in a process of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { launch } from "../support/chromium.mjs";
import { blocks, READMES } from "../support/readme.mjs";
import { bundle, suites } from "../support/web.mjs";

/** A port nobody listens on. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Until something listens on `port`. */
async function listening(port) {
  for (;;) {
    const answered = await new Promise((resolve) => {
      ask({ port, host: "127.0.0.1", path: "/" }, (answer) => (answer.resume(), resolve(true)))
        .on("error", () => resolve(false))
        .end();
    });
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

for (const name of READMES) {
  test(`the page and the server of ${name}`, { timeout: 120_000 }, async () => {
    const [pageCode] = await blocks(name, "browser");
    const [serverCode] = await blocks(name, "server");
    const folder = await mkdtemp(join(tmpdir(), "qcc-pro-readme-"));
    const upstream = await createSandbox().listen();
    const port = await freePort();
    await symlink(join(suites, "node_modules"), join(folder, "node_modules"), "dir");
    await writeFile(join(folder, "server.mjs"), serverCode);
    const env = {
      ...process.env,
      PORT: String(port),
      QCC_KEY: SANDBOX_KEY,
      QCC_SECRET_KEY: SANDBOX_SECRET_KEY,
      QCC_BASE_URL: upstream.url,
    };
    const gateway = spawn(process.execPath, [join(folder, "server.mjs")], { env, stdio: "inherit" });
    const script = await bundle(pageCode);
    // What a user's own server does: the page, its script, and the gateway under its mount point.
    const site = createServer((incoming, outgoing) => {
      if (incoming.url.startsWith("/api/qcc")) {
        const path = incoming.url.slice("/api/qcc".length);
        const relayed = ask({ port, host: "127.0.0.1", path, headers: incoming.headers }, (answer) => {
          outgoing.writeHead(answer.statusCode, answer.headers);
          answer.pipe(outgoing);
        });
        relayed.on("error", () => outgoing.destroy());
        incoming.pipe(relayed);
        return;
      }
      const isScript = incoming.url === "/page.js";
      outgoing.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
      outgoing.setHeader("set-cookie", "session=1; HttpOnly; SameSite=Strict");
      outgoing.end(isScript ? script : '<!doctype html><title>page</title><script type="module" src="/page.js"></script>');
    }).listen(0, "127.0.0.1");
    const browser = await launch();
    try {
      await listening(port);
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${site.address().port}/`);
      await page.waitForFunction(() => document.body.textContent.includes("34.8"));
      const text = await page.evaluate(() => document.body.textContent);
      assert.match(text, /企查查科技股份有限公司 — 大连银行股份有限公司.34\.8|企查查科技股份有限公司 — 大连银行股份有限公司: 34\.8/);
      assert.ok(!script.includes(SANDBOX_SECRET_KEY));
    } finally {
      await browser.close();
      gateway.kill();
      site.close();
      site.closeAllConnections();
      await upstream.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
}
