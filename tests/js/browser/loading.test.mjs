// The package loads in a browser without an init call, and says what is missing where it may not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../support/chromium.mjs";
import { bundle, packaged, serve } from "../support/web.mjs";

const SOURCE = `
  import { init, sign, statusInfo } from "qcc-pro";
  // Of both modules.
  const vector = () => [sign({ key: "k", secretKey: "s", timespan: 0 }).Token, statusInfo(101).kind].join(" ");
  const attempt = async (action) => {
    try { return await action(); } catch (error) { return error.name + ": " + error.message; }
  };
  globalThis.signed = () => attempt(vector);
  globalThis.signedAfterInit = (source) => attempt(async () => (await init(source), vector()));
`;
const TOKEN = "50B0AF0C6779996E33FF803976C5F207 auth";

let browser;
let script;
before(async () => {
  browser = await launch();
  script = await bundle(SOURCE);
});
after(() => browser?.close());

/** Opens a page that runs the bundle under `policy`, evaluates `expression` there and returns what it gave. */
async function inPage(expression, { policy, files = {} } = {}) {
  const headers = policy ? { "content-security-policy": policy } : {};
  const html = '<!doctype html><title>page</title><script type="module" src="/page.js"></script>';
  const site = await serve({ headers, files: { "/": html, "/page.js": script, ...files } });
  const page = await browser.newPage();
  try {
    await page.goto(site.url, { waitUntil: "load" });
    return await page.evaluate(expression);
  } finally {
    await page.close();
    await site.close();
  }
}

test("signs at once, on the main thread", async () => {
  assert.equal(await inPage("signed()"), TOKEN);
});

test("signs after init() of the inlined module", async () => {
  assert.equal(await inPage("signedAfterInit()"), TOKEN);
});

test("signs after init() of a module the page serves", async () => {
  const files = { "/core.wasm": await packaged("core.wasm") };
  assert.equal(await inPage("signedAfterInit('/core.wasm')", { files }), TOKEN);
  assert.equal(await inPage("signedAfterInit(fetch('/core.wasm'))", { files }), TOKEN);
  assert.equal(await inPage("signedAfterInit(new URL('/core.wasm', location))", { files }), TOKEN);
});

test("says that the module's address answers 404", async () => {
  assert.match(await inPage("signedAfterInit('/none.wasm')"), /HTTP 404/);
});

test("names the word a content security policy lacks, and works once it is there", async () => {
  const lacking = /^QccError: .*'wasm-unsafe-eval' in script-src/;
  const strict = "default-src 'none'; script-src 'self'; connect-src 'self'";
  assert.match(await inPage("signed()", { policy: strict }), lacking);
  assert.match(await inPage("signedAfterInit()", { policy: strict }), lacking);
  const enough = strict.replace("'self';", "'self' 'wasm-unsafe-eval';");
  assert.equal(await inPage("signed()", { policy: enough }), TOKEN);
});

test("signs in a web worker", async () => {
  const worker = await bundle(`${SOURCE} signed().then((token) => postMessage(token));`);
  const expression = `new Promise((resolve) => {
    new Worker("/worker.js", { type: "module" }).onmessage = ({ data }) => resolve(data);
  })`;
  assert.equal(await inPage(expression, { files: { "/worker.js": worker } }), TOKEN);
});
