// How the sandbox's answers arrive: piece by piece, compressed, and through MSW, for which it is a handler.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { getEventListeners } from "node:events";
import { request as httpRequest } from "node:http";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { QccClient } from "qcc-pro";
import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { failure } from "./support/client.mjs";
import { PARTNERSHIP_SAMPLE, QUOTA_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";

const QUOTA_BODY = QUOTA_SAMPLE.replace(/\s/g, "");
const account = { key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY };

function headers() {
  const Timespan = String(Math.floor(Date.now() / 1000));
  const Token = createHash("md5").update(SANDBOX_KEY + Timespan + SANDBOX_SECRET_KEY).digest("hex").toUpperCase();
  return { Token, Timespan };
}

const quota = (base) => `${base}/api/company/quota/getQuota?key=${SANDBOX_KEY}`;

/** The pieces of a body and when each came. */
async function piecesOf(response) {
  const pieces = [];
  for await (const chunk of response.body) pieces.push({ chunk, at: performance.now() });
  return pieces;
}

test("lets the body dribble in", async () => {
  const sandbox = createSandbox({ faults: [{ bodyMs: 200 }] });
  const response = await sandbox.fetch(quota("https://pro.qcc.com"), { headers: headers() });
  const pieces = await piecesOf(response);
  assert.ok(pieces.length >= 10, `${pieces.length} pieces`);
  assert.ok(pieces.at(-1).at - pieces[0].at >= 150);
  assert.equal(Buffer.concat(pieces.map(({ chunk }) => chunk)).toString(), QUOTA_BODY);
});

test("breaks a dribbling body off halfway, and ends it with its signal", async () => {
  const cut = createSandbox({ faults: [{ bodyMs: 60, transport: "cut-body" }] });
  await assert.rejects(cut.fetch(quota("https://pro.qcc.com"), { headers: headers() }).then(piecesOf), { name: "TypeError" });

  const controller = new AbortController();
  const slow = createSandbox({ faults: [{ bodyMs: 600_000 }] });
  const reading = slow.fetch(quota("https://pro.qcc.com"), { headers: headers(), signal: controller.signal }).then(piecesOf);
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await assert.rejects(reading, /enough/);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("dribbles over HTTP, which a client's time for one attempt covers", async () => {
  const sandbox = createSandbox({ faults: [{ calls: 1, bodyMs: 150 }, { calls: { from: 2 }, bodyMs: 60_000 }] });
  const server = await sandbox.listen();
  try {
    const pieces = await fetch(quota(server.url), { headers: headers() }).then(piecesOf);
    assert.ok(pieces.length >= 4, `${pieces.length} pieces`);
    assert.equal(Buffer.concat(pieces.map(({ chunk }) => chunk)).toString(), QUOTA_BODY);
    const client = new QccClient({ ...account, baseUrl: server.url, timeoutMs: 200, retry: { maxRetries: 0 } });
    const begin = performance.now();
    await failure(client.getQuota(), { kind: "timeout" });
    assert.ok(performance.now() - begin < 30_000);
  } finally {
    await server.close();
  }
});

test("compresses what it serves where the client takes it", async () => {
  const sandbox = createSandbox({ faults: [{ calls: 4, transport: "cut-body" }] });
  const server = await sandbox.listen({ gzip: true });
  const raw = (accept) =>
    new Promise((resolve) => {
      const options = { headers: { ...headers(), ...accept }, agent: false };
      const request = httpRequest(quota(server.url), options, (response) => {
        const chunks = [];
        const done = () => resolve({ encoding: response.headers["content-encoding"], length: response.headers["content-length"], body: Buffer.concat(chunks) });
        response.on("data", (chunk) => chunks.push(chunk)).on("end", done).on("error", done);
      });
      request.end();
    });
  try {
    const packed = await raw({ "accept-encoding": "br, gzip" });
    assert.deepEqual([packed.encoding, packed.length], ["gzip", String(packed.body.length)]);
    assert.equal(gunzipSync(packed.body).toString(), QUOTA_BODY);
    const plain = await raw({});
    assert.deepEqual([plain.encoding, plain.body.toString()], [undefined, QUOTA_BODY]);
    const client = new QccClient({ ...account, baseUrl: server.url, retry: { maxRetries: 0 } });
    assert.equal((await client.getQuota()).raw, QUOTA_BODY);
    // Half of a compressed body is no body at all.
    await failure(client.getQuota(), { kind: "network" });
    assert.equal(sandbox.stats().calls, 4);
  } finally {
    await server.close();
  }
});

test("shows in the quota how the day's calls run down", async () => {
  const sandbox = createSandbox({ limits: { dailyCalls: 3 } });
  const client = new QccClient({ ...account, fetch: sandbox.fetch });
  const left = async () => (await client.getQuota()).quotas.find(({ id }) => id === "daily_calls");
  assert.deepEqual(await left(), {
    id: "daily_calls", name: "daily_calls", totalCount: 3, consumedCount: 1, canDeletedCount: 0, remainingCount: 2,
  });
  await client.findPartnershipRelation(SAMPLE_NAMES);
  assert.equal((await left()).remainingCount, 0);
  await failure(client.getQuota(), { kind: "quota", status: 116 });
});

test("is a handler for MSW", async (t) => {
  const sandbox = createSandbox({ faults: [{ calls: 2, http: 503, retryAfter: 0 }, { calls: 4, transport: "reset" }] });
  // As index.d.ts says it.
  const server = setupServer(
    http.all("https://pro.qcc.com/*", ({ request }) => sandbox.fetch(request).catch(() => HttpResponse.error())),
  );
  server.listen({ onUnhandledRequest: "error" });
  t.after(() => server.close());
  // Nothing but an account: it asks pro.qcc.com.
  const client = new QccClient(account);
  const { raw } = await client.findPartnershipRelation(SAMPLE_NAMES);
  assert.equal(raw, PARTNERSHIP_SAMPLE.replace(/\s|\\n/g, ""));
  assert.equal((await client.getQuota()).meta.attempts, 2);
  await failure(client.findPartnershipRelation(["甲甲有限公司", "乙乙有限公司"]), { kind: "network", billed: "unknown" });
  assert.deepEqual(sandbox.stats(), { calls: 4, billed: 3, byStatus: { 200: 2, 201: 1, "HTTP 503": 1 } });
});
