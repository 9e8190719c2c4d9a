// On a page: a secret is refused with a hint at the gateway, and a gateway is asked without signature or key.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { childJson, clientOf, failure, serverFor } from "./support/client.mjs";
import { PARTNERSHIP_SAMPLE, QUOTA_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";
import { QccClient } from "qcc-pro";

const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/** Node made to look like a page or a worker: a browser's navigator, no process. */
const page = (code, agent = AGENT) => childJson(`
  import { QccClient, QccError } from "qcc-pro";
  const { log } = console;
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: ${JSON.stringify(agent)} }, configurable: true });
  Object.defineProperty(globalThis, "process", { value: undefined, configurable: true });
  const tried = (options) => {
    try { new QccClient(options); return "made"; } catch (error) { return { is: QccError.is(error), ...error.toJSON() }; }
  };
  log(JSON.stringify(${code}));`);

test("refuses a secret on a page, and says what to do instead", async () => {
  const error = await page('tried({ key: "k", secretKey: "TOPSECRET" })');
  assert.deepEqual([error.is, error.kind, error.billed, error.attempts], [true, "config", false, 0]);
  assert.match(error.message, /密钥不得进入浏览器.*anybody who opens the page/);
  assert.match(error.hint, /qcc-pro\/gateway.*gateway/);
  assert.ok(!JSON.stringify(error).includes("TOPSECRET"));
});

test("refuses it though the key is missing or the address is wrong", async () => {
  assert.match((await page('tried({ secretKey: "s" })')).message, /密钥不得进入浏览器/);
  assert.match((await page('tried({ key: "k", secretKey: "s", baseUrl: "x" })')).message, /密钥不得进入浏览器/);
  assert.match((await page('tried({ key: "k", secretKey: "s", dangerouslyAllowBrowser: "yes" })')).message, /密钥不得进入浏览器|dangerouslyAllowBrowser/);
});

test("takes it where it is allowed expressly, and takes a gateway", async () => {
  assert.equal(await page('tried({ key: "k", secretKey: "s", dangerouslyAllowBrowser: true })'), "made");
  assert.equal(await page('tried({ gateway: "https://dashboard.example/qcc" })'), "made");
});

test("says that credentials are missing, and that a page has a gateway", async () => {
  const error = await page("tried({})");
  assert.match(error.message, /missing: key and secretKey/);
  assert.match(error.hint, /On a page pass gateway/);
});

test("knows the other runtimes from browsers", async () => {
  for (const agent of ["Node.js/22", "Deno/2.5.0", "Bun/1.3.0", "Cloudflare-Workers", ""]) {
    assert.equal(await page('tried({ key: "k", secretKey: "s" })', agent), "made", agent);
  }
});

test("takes a page that is simulated inside Node for Node", async () => {
  const made = await childJson(`
    Object.defineProperty(globalThis, "navigator", { value: { userAgent: ${JSON.stringify(AGENT)} }, configurable: true });
    globalThis.window = globalThis;
    const { QccClient } = await import("qcc-pro");
    new QccClient({ key: "k", secretKey: "s" });
    console.log("true");`);
  assert.equal(made, true);
});

/** What stands between a page and QCC: notes what it is asked and answers `body`. */
async function startGateway(t, body) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers, method: request.method });
    response.setHeader("content-type", "application/json");
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}/qcc/`, asked };
}

test("asks a gateway without key, Token or Timespan", async (t) => {
  const gateway = await startGateway(t, PARTNERSHIP_SAMPLE);
  const client = new QccClient({ gateway: gateway.url, headers: { "x-session": "1" } });
  const { relations, meta } = await client.findPartnershipRelation(SAMPLE_NAMES);
  assert.deepEqual([relations.length, meta.billed], [1, true]);
  const [{ url, headers, method }] = gateway.asked;
  const names = encodeURIComponent(SAMPLE_NAMES.join()).replaceAll("%2C", ",");
  assert.deepEqual([method, url], ["GET", `/qcc/api/corp/correlation/findPartnershipRelation?companyNames=${names}`]);
  assert.deepEqual([headers.token, headers.timespan, headers["x-session"]], [undefined, undefined, "1"]);
});

test("does not take the environment's credentials to a gateway", async (t) => {
  const gateway = await startGateway(t, QUOTA_SAMPLE);
  const code = `
    import { QccClient } from "qcc-pro";
    console.log((await new QccClient({ gateway: ${JSON.stringify(gateway.url)} }).getQuota()).quotas.length);`;
  assert.equal(await childJson(code, { env: { QCC_KEY: "THE-KEY", QCC_SECRET_KEY: "THE-SECRET" } }), 3);
  assert.equal(gateway.asked[0].url, "/qcc/api/company/quota/getQuota");
  assert.ok(!JSON.stringify(gateway.asked).includes("THE-"));
});

test("refuses credentials beside a gateway, and a gateway that is no address", async () => {
  for (const more of [{ key: "k" }, { secretKey: "s" }, { key: "k", secretKey: "s" }]) {
    const error = await failure(() => new QccClient({ gateway: "https://dashboard.example/qcc", ...more }), { kind: "config" });
    assert.match(error.message, /behind a gateway neither key nor secretKey/);
  }
  for (const gateway of ["", "not an address", "ftp://x", "https://u:p@x.example", 7]) {
    await failure(() => new QccClient({ gateway }), { kind: "config" });
  }
});

test("keeps what came through a gateway apart from what came without", async (t) => {
  const store = new Map();
  const gateway = await startGateway(t, PARTNERSHIP_SAMPLE);
  const qcc = await serverFor(t);
  await new QccClient({ gateway: gateway.url, store }).findPartnershipRelation(SAMPLE_NAMES);
  await clientOf(qcc, { store }).findPartnershipRelation(SAMPLE_NAMES);
  assert.deepEqual([store.size, gateway.asked.length, qcc.requests.length], [2, 1, 1]);
});
