// Both copies of the package in one process, as happens where one dependency imports it and another requires it: two
// classes of each name and two WebAssembly instances, and everything that is handed from one to the other still works.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as esm from "qcc-pro";
import * as esmBullmq from "qcc-pro/bullmq";
import * as esmGateway from "qcc-pro/gateway";
import * as esmSandbox from "qcc-pro/sandbox";
import { serverFor } from "./support/client.mjs";
import { SAMPLE_NAMES } from "./support/samples.mjs";

const require = createRequire(import.meta.url);
const cjs = require("qcc-pro");
const cjsBullmq = require("qcc-pro/bullmq");
const cjsGateway = require("qcc-pro/gateway");
const cjsSandbox = require("qcc-pro/sandbox");

const esmCopy = { ...esm, ...esmBullmq, ...esmGateway, ...esmSandbox, copy: "ESM" };
const cjsCopy = { ...cjs, ...cjsBullmq, ...cjsGateway, ...cjsSandbox, copy: "CommonJS" };

const clientOf = ({ QccClient }, qcc, options) =>
  new QccClient({ key: qcc.key, secretKey: qcc.secretKey, baseUrl: qcc.url, ...options });

test("they are two", () => {
  for (const name of ["QccClient", "QccError", "RelationGraph", "CallPlan"]) assert.notEqual(esm[name], cjs[name]);
});

for (const [one, other] of [[esmCopy, cjsCopy], [cjsCopy, esmCopy]]) {
  const title = `${one.copy} to ${other.copy}`;

  test(`${title}: an error is known as one`, async (t) => {
    const qcc = await serverFor(t);
    const thrown = await clientOf(one, qcc, { secretKey: "another" }).getQuota().catch((error) => error);
    assert.equal(thrown instanceof other.QccError, false);
    assert.equal(other.QccError.is(thrown), true);
    assert.deepEqual([thrown.kind, thrown.billed, thrown.toJSON().name], ["auth", false, "QccError"]);
  });

  test(`${title}: what one has paid for and stored, the other reads and does not pay for`, async (t) => {
    const qcc = await serverFor(t);
    const store = new Map();
    const paid = await clientOf(one, qcc, { store }).findPartnershipRelation(SAMPLE_NAMES);
    const [client, writer] = [clientOf(other, qcc, { store }), clientOf(one, qcc, { store })];
    assert.equal(client.storeKey(SAMPLE_NAMES), writer.storeKey(SAMPLE_NAMES));
    const read = await client.findPartnershipRelation(SAMPLE_NAMES);
    assert.deepEqual([paid.meta.billedCalls, read.meta.billedCalls, read.meta.fromStore], [1, 0, true]);
    assert.deepEqual(read.relations, paid.relations);
    assert.equal(qcc.billed, 1);
  });

  test(`${title}: a run that one has begun the other ends`, async () => {
    const names = one.sampleCompanies(60, 7);
    const store = new Map();
    const sandbox = one.createSandbox({ seed: 7 });
    const options = { key: one.SANDBOX_KEY, secretKey: one.SANDBOX_SECRET_KEY, fetch: sandbox.fetch, store };
    const begun = await new one.QccClient(options).scan(names, { maxCalls: 3 }).result();
    assert.deepEqual([begun.stopped, begun.paid], ["budget", 3]);
    const ended = await new other.QccClient(options).scan(names).result();
    assert.deepEqual([ended.stopped, ended.uncovered, ended.fromStore], [null, [], 3]);
    assert.equal(sandbox.stats().billed, ended.calls);
    // Its rows make the same graph in either.
    assert.deepEqual(one.RelationGraph.from(ended.relations).links(), ended.graph.links());
  });

  test(`${title}: a client of one in a worker of the other's qcc-pro/bullmq`, async () => {
    const store = new Map();
    const sandbox = one.createSandbox();
    const client = new one.QccClient({ key: one.SANDBOX_KEY, secretKey: one.SANDBOX_SECRET_KEY, fetch: sandbox.fetch });
    const jobs = [];
    const queue = {
      addBulk: async (added) => void jobs.push(...added),
      retryJobs: async () => {},
      getFailed: async () => [],
      pause: async () => {},
    };
    const { calls, queued } = await other.enqueue(queue, client, SAMPLE_NAMES, { store });
    assert.deepEqual([calls, queued, jobs[0].opts.jobId], [1, 1, other.jobId(client, SAMPLE_NAMES)]);
    assert.deepEqual(await other.processor(client, { queue, store })(jobs[0]), { paid: 1, unsupported: [] });
    const report = await other.collect(queue, client, SAMPLE_NAMES, { store });
    assert.deepEqual([report.relations.length, report.uncovered.length, sandbox.stats().billed], [1, 0, 1]);
  });

  test(`${title}: a page's client of one through the other's gateway, and its errors`, async (t) => {
    const qcc = await serverFor(t);
    const access = { key: qcc.key, secretKey: qcc.secretKey, baseUrl: qcc.url };
    const gateway = other.createGateway({ ...access, authorize: (request) => request.headers.has("x-user") });
    const page = (headers) =>
      new one.QccClient({ gateway: "https://site.example/qcc", headers, fetch: (url, init) => gateway(new Request(url, init)) });
    const { relations } = await page({ "x-user": "1" }).findPartnershipRelation(SAMPLE_NAMES);
    assert.equal(relations[0].amountWan, 34.8);
    const refused = await page({}).getQuota().catch((error) => error);
    assert.deepEqual([other.QccError.is(refused), refused.kind, refused.httpStatus], [true, "auth", 401]);
    assert.throws(() => other.createGateway({}), (error) => one.QccError.is(error) && error.kind === "config");
  });
}
