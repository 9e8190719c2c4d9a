// The examples of tests/js/examples, each run as it stands: a page's client gets the document's answer through it once
// somebody is signed in, and nothing before.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { QccClient } from "qcc-pro";
import { failure, serverFor } from "./support/client.mjs";
import { SAMPLE_NAMES } from "./support/samples.mjs";
import { modules, suites, wasmBeside } from "./support/web.mjs";

const environment = (qcc) => ({ QCC_KEY: qcc.key, QCC_SECRET_KEY: qcc.secretKey, QCC_BASE_URL: qcc.url });
const ask = (client) => client.findPartnershipRelation(SAMPLE_NAMES);

/** Through the gateway at `options.gateway`, first without `signedIn` headers, then with them. */
async function check(qcc, options, signedIn) {
  await failure(ask(new QccClient(options)), { kind: "auth", httpStatus: 401, billed: false });
  assert.equal(qcc.requests.length, 0);
  const client = new QccClient({ ...options, headers: signedIn });
  const { relations, meta } = await ask(client);
  assert.deepEqual([relations[0].amountWan, meta.billed, meta.billedCalls], [34.8, true, 1]);
  assert.equal((await client.getQuota()).quotas.length, 3);
  assert.equal(qcc.requests.length, 2);
}

for (const name of ["node", "express", "hono"]) {
  test(`examples/${name}.mjs`, async (t) => {
    const qcc = await serverFor(t);
    const env = { ...process.env, ...environment(qcc), PORT: "0" };
    const server = spawn(process.execPath, [join(suites, "examples", `${name}.mjs`)], { env, stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => server.kill());
    const [url] = await once(createInterface({ input: server.stdout }), "line");
    const cookie = (await fetch(`${url}/sign-in`)).headers.get("set-cookie").split(";")[0];
    await check(qcc, { gateway: `${url}/api/qcc` }, { cookie });
  });
}

test("examples/next/app/api/qcc/[...path]/route.mjs", async (t) => {
  const qcc = await serverFor(t);
  const before = { ...process.env };
  Object.assign(process.env, environment(qcc));
  t.after(() => {
    for (const name of Object.keys(environment(qcc))) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
  const { GET, OPTIONS } = await import("./examples/next/app/api/qcc/[...path]/route.mjs");
  const { signIn } = await import("./examples/session.mjs");
  // As Next.js calls it: a Request, and a context whose parameters are a promise.
  const route = (url, init) =>
    GET(new Request(url, init), { params: Promise.resolve({ path: new URL(url).pathname.split("/").slice(3) }) });
  const cookie = signIn("Li Lei").split(";")[0];
  await check(qcc, { gateway: "https://site.example/api/qcc", fetch: route }, { cookie });
  assert.equal((await OPTIONS(new Request("https://site.example/api/qcc/x", { method: "OPTIONS" }))).status, 404);
});

test("examples/worker.mjs, in workerd", async (t) => {
  const qcc = await serverFor(t);
  const { outputFiles } = await build({
    entryPoints: [join(suites, "examples/worker.mjs")],
    bundle: true,
    format: "esm",
    conditions: ["workerd"],
    write: false,
    plugins: [wasmBeside],
  });
  const miniflare = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text },
      ...(await modules(outputFiles[0].text)),
    ],
    compatibilityDate: "2025-01-01",
    bindings: { ...environment(qcc), GATEWAY_TOKEN: "let-me-in" },
  });
  t.after(() => miniflare.dispose());
  const url = String(await miniflare.ready).replace(/\/$/, "");
  const signedIn = { authorization: "Bearer let-me-in" };
  await check(qcc, { gateway: url }, signedIn);
  // Equal questions of several requests at once are one call there too.
  qcc.requests.length = 0;
  qcc.next({ delayMs: 200 });
  const pages = Array.from({ length: 3 }, () => new QccClient({ gateway: url, headers: signedIn }));
  const answers = await Promise.all(pages.map((page) => page.findPartnershipRelation(["甲公司", "乙公司"])));
  assert.deepEqual(answers.map(({ status }) => status), [201, 201, 201]);
  assert.equal(qcc.requests.length, 1);
});
