// The secret is nowhere, and key and Token are nowhere whole, in whatever client, answers, errors and events show.
import assert from "node:assert/strict";
import { Console } from "node:console";
import { Writable } from "node:stream";
import { test } from "node:test";
import { inspect } from "node:util";
import { QccClient } from "qcc-pro";
import { childJson, clientOf, failure, serverFor } from "./support/client.mjs";
import { SAMPLE_NAMES } from "./support/samples.mjs";

const ask = (client, options) => client.findPartnershipRelation(SAMPLE_NAMES, options);

/** Everything that can be got out of a value without being told how. */
function shown(value, getters = true, depth = 0) {
  const texts = [];
  const attempt = (make) => {
    try {
      texts.push(String(make()));
    } catch {
      // What cannot be made shows nothing.
    }
  };
  attempt(() => inspect(value, { showHidden: true, depth: 10, getters, showProxy: true, maxStringLength: Infinity }));
  attempt(() => value);
  attempt(() => JSON.stringify(value));
  attempt(() => JSON.stringify(value?.toJSON?.()));
  attempt(() => inspect(structuredClone(value), { depth: 10 }));
  attempt(() => value?.stack);
  attempt(() => {
    let printed = "";
    const stream = new Writable({ write: (chunk, _, done) => ((printed += chunk), done()) });
    const console_ = new Console(stream, stream);
    console_.log(value);
    console_.error("%o %j %s", value, value, value);
    console_.dir(value, { showHidden: true, depth: 10 });
    console_.table([value]);
    return printed;
  });
  if (value !== null && typeof value === "object" && depth < 3) {
    for (let at = value; at !== null; at = Object.getPrototypeOf(at)) {
      for (const name of Reflect.ownKeys(at)) {
        texts.push(String(name));
        // `raw` is the body as it came, and says so.
        if (name === "raw") continue;
        attempt(() => shown(value[name], getters, depth + 1));
      }
      if (at === Object.prototype) break;
    }
  }
  return texts.join("\n");
}

function assertSecret(value, qcc, what, getters) {
  const text = shown(value, getters);
  assert.ok(text.length > 0);
  assert.ok(!text.includes(qcc.secretKey), `${what} shows the secret`);
  assert.ok(!text.includes(qcc.key), `${what} shows the key: ${text.slice(Math.max(0, text.indexOf(qcc.key) - 200)).slice(0, 300)}`);
  for (const { headers } of qcc.requests) assert.ok(!text.includes(headers.token), `${what} shows a Token`);
}

test("the check of this suite sees what it has to see", () => {
  const qcc = { key: "the key", secretKey: "the secret", requests: [] };
  for (const value of [{ deep: { er: { secret: "the secret" } } }, new Error("the key"), Object.defineProperty({}, "hidden", { value: "the secret" }), new (class { get key() { return "the key"; } })()]) {
    assert.throws(() => assertSecret(value, qcc, "it"), /shows/);
  }
});

test("a client shows nothing, before and after it was used", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc, { store: new Map(), onEvent() {} });
  assertSecret(client, qcc, "a new client");
  await ask(client);
  assertSecret(client, qcc, "a used client");
  assertSecret({ client, list: [client] }, qcc, "an object with a client");
  assertSecret(QccClient, qcc, "the class");
  assert.equal(JSON.stringify(client), "{}");
  client.free();
  assertSecret(client, qcc, "a freed client");
});

test("answers show nothing but in raw", async (t) => {
  const qcc = await serverFor(t);
  // Printed without running getters, as everybody prints: the body as it came, `raw`, echoes the key and is made by one.
  assertSecret(await ask(clientOf(qcc)), qcc, "relations", false);
  assertSecret(await clientOf(qcc).getQuota(), qcc, "quotas", false);
  qcc.next({ json: { Status: "200", Message: "ok", Result: [1] } });
  assertSecret(await clientOf(qcc).request("/api/x"), qcc, "another answer", false);
});

test("errors of every kind show nothing", async (t) => {
  const qcc = await serverFor(t);
  const echo = (record) => ({ body: `{"url":"${record.path}?key=${qcc.key}","token":"${record.headers.token}"`, http: 400 });
  for (const [what, entry, options] of [
    ["a refusal", { code: 102 }],
    ["a refusal with an echo", { json: { status: "202", msg: "x", result: { key: qcc.key } } }],
    ["a message that names the key", { json: { status: "101", msg: `key ${qcc.key} 无效` } }],
    ["an unknown code", { json: { status: "999", msg: `${qcc.key}` } }],
    ["HTML", { html: true, http: 500 }],
    ["an echo of everything", echo],
    ["an unreadable echo", (record) => ({ ...echo(record), http: 200 })],
    ["a reset", { reset: "after" }],
    ["a cut body", { cut: 10 }],
    ["a redirect", { http: 302, headers: { location: `/x?key=${qcc.key}` }, html: true }],
    // The last one: its request may reach the server only after the call has ended.
    ["a timeout", { stall: "body" }, { timeoutMs: 50 }],
  ]) {
    qcc.queue.length = 0;
    qcc.next(entry);
    const events = [];
    const client = clientOf(qcc, { retry: { maxRetries: 0 }, onEvent: (event) => events.push(event), ...options });
    assertSecret(await failure(ask(client)), qcc, what);
    assertSecret(events, qcc, `an event of ${what}`);
    assert.ok(events.length > 0);
  }
});

test("errors of a fetch that tells everything show nothing", async (t) => {
  const qcc = await serverFor(t);
  const tell = (url, { headers }) => `${url} ${headers.get("token")} ${JSON.stringify([...headers])}`;
  for (const make of [
    (url, init) => new Error(tell(url, init)),
    (url, init) => Object.assign(new TypeError("fetch failed"), { request: { url, headers: Object.fromEntries(init.headers) } }),
    (url, init) => ({ message: tell(url, init), url }),
    (url, init) => new Error("deep", { cause: new Error("deeper", { cause: { told: tell(url, init) } }) }),
    (url, init) => tell(url, init),
    (url, init) => new AggregateError([new Error(tell(url, init)), tell(url, init)], tell(url, init)),
    (url, init) => Object.assign(new Error("x"), { config: { url, init, headers: [...init.headers] } }),
  ]) {
    const own = (url, init) => {
      qcc.requests.push({ headers: { token: init.headers.get("token") } });
      throw make(url, init);
    };
    assertSecret(await failure(ask(clientOf(qcc, { fetch: own }))), qcc, String(make));
  }
});

test("errors of bad credentials show nothing", async () => {
  const qcc = { key: "a key with\u0007bell", secretKey: "a secret\nwith a line", requests: [] };
  for (const options of [
    { key: qcc.key, secretKey: "s" },
    { key: "k", secretKey: qcc.secretKey },
    { key: "k", secretKey: { secret: qcc.secretKey } },
    { key: "k", secretKey: qcc.secretKey, gateway: "http://127.0.0.1" },
    { key: "k", secretKey: "s", baseUrl: `http://u:${encodeURIComponent(qcc.secretKey)}@127.0.0.1` },
  ]) {
    assertSecret(await failure(() => new QccClient(options), { kind: "config" }), qcc, inspect(Object.keys(options)));
  }
});

test("an error nobody catches is printed without secrets", async (t) => {
  const qcc = await serverFor(t);
  qcc.next({ body: `{"key":"${qcc.key}"}` });
  const { child } = await import("./support/client.mjs");
  const code = `import { QccClient } from "qcc-pro"; await new QccClient().getQuota();`;
  const env = { QCC_KEY: qcc.key, QCC_SECRET_KEY: qcc.secretKey, QCC_BASE_URL: qcc.url };
  const { code: ended, stderr } = await child(code, { env });
  assert.equal(ended, 1);
  assert.match(stderr, /QccError: 无法解析/);
  for (const secret of [qcc.key, qcc.secretKey]) assert.ok(!stderr.includes(secret), stderr);
});

test("nothing is written to the console by itself", async (t) => {
  const qcc = await serverFor(t);
  const env = { QCC_KEY: qcc.key, QCC_SECRET_KEY: qcc.secretKey, QCC_BASE_URL: qcc.url };
  const code = `
    import { QccClient } from "qcc-pro";
    const { quotas } = await new QccClient().getQuota();
    await new QccClient({ secretKey: "x" }).getQuota().catch(() => {});
    console.log(JSON.stringify(quotas.length));`;
  assert.equal(await childJson(code, { env }), 3);
});
