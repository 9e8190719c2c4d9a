// The sandbox as its users have it, signed for with node:crypto and not with this project.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { getEventListeners, once } from "node:events";
import { request as httpRequest } from "node:http";
import { test } from "node:test";
import { promisify } from "node:util";
import { createSandbox, sampleCompanies, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { PARTNERSHIP_SAMPLE, QUOTA_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";

const RELATION = "/api/corp/correlation/findPartnershipRelation";
const QUOTA = "/api/company/quota/getQuota";
const EXAMPLE = SAMPLE_NAMES;
// As the documents print them, without the white space between (and, in the PDF, inside) the values.
const EXAMPLE_BODY = PARTNERSHIP_SAMPLE.replace(/\s|\\n/g, "");
const QUOTA_BODY = QUOTA_SAMPLE.replace(/\s/g, "");

function sign({ key = SANDBOX_KEY, secretKey = SANDBOX_SECRET_KEY, timespan = Math.floor(Date.now() / 1000) } = {}) {
  const token = createHash("md5").update(`${key}${timespan}${secretKey}`).digest("hex").toUpperCase();
  return { Token: token, Timespan: String(timespan) };
}

function address(path, parameters = {}, base = "https://pro.qcc.com") {
  return `${base}${path}?${new URLSearchParams({ key: SANDBOX_KEY, ...parameters })}`;
}

const about = (names, base) => address(RELATION, { companyNames: names.join(",") }, base);
const ask = (sandbox, url, init) => sandbox.fetch(url, { headers: sign(), ...init });
const statusOf = async (response) => (await (await response).json()).status;
const within = (ms, promise) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, "nothing yet"))]);

/** Waits until so many calls have come. */
async function called(sandbox, calls) {
  while (sandbox.stats().calls < calls) await new Promise(setImmediate);
}

/** What a client of node:http sees: the response and as much of the body as arrives, or the error's code. */
function get(url, { agent, signal } = {}) {
  return new Promise((resolve) => {
    const request = httpRequest(url, { headers: sign(), agent, signal }, (response) => {
      const chunks = [];
      const done = (error) =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString(), error: error?.code });
      response.on("data", (chunk) => chunks.push(chunk)).on("end", () => done()).on("error", done);
    });
    request.on("error", (error) => resolve({ error: error.code })).end();
  });
}

test("answers the documents' examples word for word", async () => {
  const sandbox = createSandbox();
  const response = await ask(sandbox, about(EXAMPLE));
  assert.equal(await response.text(), EXAMPLE_BODY);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/json;charset=UTF-8");
  assert.ok(Math.abs(Date.parse(response.headers.get("date")) - Date.now()) < 2000);
  assert.equal(await (await ask(sandbox, address(QUOTA))).text(), QUOTA_BODY);
});

test("takes a request in every form fetch takes", async () => {
  const sandbox = createSandbox();
  const url = address(QUOTA);
  const headers = sign();
  const { fetch } = sandbox;
  for (const response of [
    fetch(url, { headers }),
    fetch(new URL(url), { headers: new Headers(headers) }),
    fetch(url, { method: "get", headers: Object.entries(headers) }),
    fetch(new Request(url, { headers })),
    fetch(new Request(url), { headers }),
    fetch(`https://127.0.0.1:9${url.slice("https://pro.qcc.com".length)}`, { headers }),
  ]) {
    assert.equal(await (await response).text(), QUOTA_BODY);
  }
  assert.equal(await statusOf(fetch(new Request(url, { headers, method: "POST", body: "x" }))), "118");
  await assert.rejects(fetch("no address"), TypeError);
});

test("answers each mistake with its code", async () => {
  const now = 1_587_693_600;
  const sandbox = createSandbox({ key: "k", secretKey: "s", toleranceSeconds: 60, now: () => now * 1000 });
  const account = { key: "k", secretKey: "s", timespan: now };
  const many = Array.from({ length: 21 }, (_, i) => `第${i}号公司`).join(",");
  for (const [code, path, parameters, headers] of [
    ["200", QUOTA, {}, sign(account)],
    ["200", QUOTA, {}, sign({ ...account, timespan: now - 60 })],
    ["115", QUOTA, {}, sign({ ...account, timespan: now - 61 })],
    ["115", QUOTA, {}, sign({ ...account, timespan: now + 61 })],
    ["115", QUOTA, {}, {}],
    ["115", QUOTA, {}, { Timespan: String(now) }],
    ["115", QUOTA, {}, { ...sign(account), Timespan: `${now}.0` }],
    ["107", QUOTA, {}, sign({ ...account, secretKey: "S" })],
    ["107", QUOTA, {}, { ...sign(account), Token: sign(account).Token.toLowerCase() }],
    ["101", QUOTA, { key: "K" }, sign(account)],
    ["101", QUOTA, { key: "" }, sign(account)],
    ["202", RELATION, {}, sign(account)],
    ["209", RELATION, { companyNames: many }, sign(account)],
    ["213", RELATION, { companyNames: "甲公司,乙" }, sign(account)],
    ["215", RELATION, { companyNames: "甲公司,123" }, sign(account)],
    ["201", RELATION, { companyNames: "甲公司,乙公司" }, sign(account)],
  ]) {
    const response = await sandbox.fetch(address(path, { key: "k", ...parameters }), { headers });
    const { status, msg } = await response.json();
    assert.equal(status, code, msg);
    assert.match(msg, status === "200" ? /^查询成功$/ : status > "200" ? /^【有效请求】/ : /^【无效请求】/);
  }
  const elsewhere = await sandbox.fetch(address("/api/other", { key: "k" }), { headers: sign(account) });
  assert.equal(elsewhere.status, 404);
  assert.equal(sandbox.stats().calls, 17);
});

test("answers every status code on request, by call, by company and by chance", async () => {
  const codes = [
    101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 122, 199, 201, 202,
    203, 205, 207, 208, 209, 213, 214, 215, 218, 219, 223, 500, 777,
  ];
  const sandbox = createSandbox({ faults: codes.map((status, index) => ({ calls: index + 2, status })) });
  assert.equal(await statusOf(ask(sandbox, about(EXAMPLE))), "200");
  for (const code of codes) {
    assert.equal(await statusOf(ask(sandbox, about(EXAMPLE))), String(code));
  }
  const byStatus = Object.fromEntries([200, ...codes].map((code) => [String(code), 1]));
  assert.deepEqual(sandbox.stats(), { calls: 38, billed: 13, byStatus });

  const named = createSandbox({ faults: [{ company: ["某某大学"], status: 208 }] });
  assert.equal(await statusOf(ask(named, about(["甲公司", "某某大学"]))), "208");
  assert.equal(await statusOf(ask(named, about(["甲公司", "某某大学校办工厂"]))), "201");

  const chance = () => createSandbox({ seed: 7, faults: [{ probability: 0.5, status: 199 }] });
  const [first, second] = [chance(), chance()];
  for (const sandbox of [first, second]) {
    for (let call = 0; call < 200; call += 1) await ask(sandbox, about(EXAMPLE));
  }
  assert.deepEqual(first.stats(), second.stats());
  assert.ok(first.stats().byStatus["199"] > 60 && first.stats().byStatus["199"] < 140);
});

test("shows a refused and a reset connection as fetch does", async () => {
  for (const [transport, code, billed] of [
    ["refuse", "ECONNREFUSED", 0],
    ["reset", "ECONNRESET", 1],
  ]) {
    const sandbox = createSandbox({ faults: [{ transport }] });
    await assert.rejects(ask(sandbox, address(QUOTA)), (error) => error instanceof TypeError && error.cause.code === code);
    assert.equal(sandbox.stats().billed, billed);
  }
});

test("breaks a body off halfway, or lets it hang until the call is aborted", async () => {
  const read = async (response, chunks) => {
    for await (const chunk of response.body) chunks.push(chunk);
  };
  const half = Math.floor(Buffer.byteLength(QUOTA_BODY) / 2);
  const cut = await ask(createSandbox({ faults: [{ transport: "cut-body" }] }), address(QUOTA));
  const chunks = [];
  await assert.rejects(read(cut, chunks), (error) => error instanceof TypeError && error.cause.code === "UND_ERR_SOCKET");
  assert.equal(Buffer.concat(chunks).length, half);
  assert.equal(cut.headers.get("content-length"), String(Buffer.byteLength(QUOTA_BODY)));

  const controller = new AbortController();
  const stalled = await ask(createSandbox({ faults: [{ transport: "stall-body" }] }), address(QUOTA), { signal: controller.signal });
  const some = [];
  const reading = read(stalled, some);
  assert.equal(await within(30, reading), "nothing yet");
  assert.equal(Buffer.concat(some).length, half);
  controller.abort(new Error("enough"));
  await assert.rejects(reading, /enough/);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);

  const left = new AbortController();
  const unread = await ask(createSandbox({ faults: [{ transport: "stall-body" }] }), address(QUOTA), { signal: left.signal });
  await unread.body.cancel();
  assert.equal(getEventListeners(left.signal, "abort").length, 0);
});

test("answers with what is not JSON", async () => {
  const body = async (transport) => (await ask(createSandbox({ faults: [{ transport }] }), address(QUOTA))).text();
  assert.match(await body("html"), /^<html>/);
  assert.equal(await body("empty"), "");
  const truncated = await body("truncated-json");
  assert.ok(truncated.length > 10 && truncated.length < QUOTA_BODY.length && QUOTA_BODY.startsWith(truncated));
});

test("never answers, and holds nothing while it does not", async () => {
  const sandbox = createSandbox({ faults: [{ transport: "no-answer" }] });
  const controller = new AbortController();
  const answer = ask(sandbox, address(QUOTA), { signal: controller.signal });
  assert.equal(await within(30, answer), "nothing yet");
  const reason = { my: "reason" };
  controller.abort(reason);
  await assert.rejects(answer, (error) => error === reason);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  await assert.rejects(ask(sandbox, address(QUOTA), { signal: controller.signal }), (error) => error === reason);
  assert.equal(sandbox.stats().calls, 1);

  // No timer, no listener: the process ends by itself with the promise still open.
  const script = `import { createSandbox } from "qcc-pro/sandbox";
    createSandbox({ faults: [{ transport: "no-answer" }] }).fetch("https://pro.qcc.com/").then(() => console.log("answered"));
    console.log("asked");`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: import.meta.dirname,
    timeout: 20_000,
  });
  assert.equal(stdout, "asked\n");
});

test("takes its time, unless the call is aborted", async () => {
  const sandbox = createSandbox({ latencyMs: 20, faults: [{ calls: 2, delayMs: 30_000 }] });
  const controller = new AbortController();
  const { signal } = controller;
  const start = performance.now();
  assert.equal(await statusOf(ask(sandbox, address(QUOTA), { signal })), "200");
  assert.ok(performance.now() - start >= 19);
  assert.equal(getEventListeners(signal, "abort").length, 0);
  const slow = ask(sandbox, address(QUOTA), { signal });
  assert.equal(await within(30, slow), "nothing yet");
  controller.abort();
  await assert.rejects(slow, { name: "AbortError" });
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("answers HTTP statuses with Retry-After", async () => {
  const sandbox = createSandbox({
    faults: [
      { calls: 1, http: 429, retryAfter: 3 },
      { calls: 2, http: 503, retryAfter: "Fri, 24 Apr 2020 02:00:30 GMT" },
      { calls: 3, http: 502 },
    ],
  });
  const seen = [];
  for (let call = 0; call < 3; call += 1) {
    const response = await ask(sandbox, address(QUOTA));
    seen.push([response.status, response.headers.get("retry-after")]);
    assert.match(await response.text(), /^<html>/);
  }
  assert.deepEqual(seen, [[429, "3"], [503, "Fri, 24 Apr 2020 02:00:30 GMT"], [502, null]]);
  assert.deepEqual(sandbox.stats(), { calls: 3, billed: 0, byStatus: { "HTTP 429": 1, "HTTP 502": 1, "HTTP 503": 1 } });
});

test("has a clock that may be off", async () => {
  const sandbox = createSandbox({ faults: [{ clockOffsetSeconds: 3600 }] });
  const response = await ask(sandbox, address(QUOTA));
  assert.equal(await statusOf(response), "115");
  const ahead = Date.parse(response.headers.get("date")) - Date.now();
  assert.ok(Math.abs(ahead - 3_600_000) < 2000);
  const corrected = sign({ timespan: Math.floor((Date.now() + ahead) / 1000) });
  assert.equal(await statusOf(sandbox.fetch(address(QUOTA), { headers: corrected })), "200");
});

test("runs its limits down, and begins anew when reset", async () => {
  let now = 1_587_693_600_000;
  const limits = { callsPerSecond: 2, dailyCalls: 3, dailyStatus: 109 };
  const sandbox = createSandbox({ limits, now: () => now, trackRepeats: true });
  const at = (ms) => {
    now = 1_587_693_600_000 + ms;
    return statusOf(sandbox.fetch(about(EXAMPLE), { headers: sign({ timespan: Math.floor(now / 1000) }) }));
  };
  assert.deepEqual([await at(0), await at(1), await at(2)], ["200", "200", "120"]);
  assert.deepEqual([await at(1000), await at(2000), await at(86_400_000)], ["200", "109", "200"]);
  assert.deepEqual(sandbox.stats(), { calls: 6, billed: 4, byStatus: { 109: 1, 120: 1, 200: 4 }, repeats: 3 });
  sandbox.reset();
  assert.deepEqual(sandbox.stats(), { calls: 0, billed: 0, byStatus: {}, repeats: 0 });
  assert.equal(await at(86_400_001), "200");
});

test("changes its faults on the way", async () => {
  const sandbox = createSandbox();
  assert.equal(await statusOf(ask(sandbox, address(QUOTA))), "200");
  sandbox.setFaults([{ calls: 1, status: 103 }]);
  assert.equal(await statusOf(ask(sandbox, address(QUOTA))), "103");
  assert.throws(() => sandbox.setFaults([{ status: 1 }, {}]), /faults/);
  assert.throws(() => sandbox.setFaults(), /faults: a list/);
  assert.equal(await statusOf(ask(sandbox, address(QUOTA))), "200");
});

test("tells of every call", async () => {
  const calls = [];
  const faults = [{ calls: 2, transport: "cut-body", delayMs: 1 }];
  const sandbox = createSandbox({ faults, onCall: (call) => calls.push(call) });
  await ask(sandbox, about(EXAMPLE));
  await ask(sandbox, address(QUOTA));
  const plain = { number: 1, path: RELATION, companyNames: EXAMPLE.join(","), status: "200", billed: true, delayMs: 0, transport: "deliver" };
  const cut = { number: 2, path: QUOTA, companyNames: null, status: "200", billed: true, delayMs: 1, transport: "cut-body" };
  assert.deepEqual(calls, [plain, cut]);
});

test("answers the relations it is given", async () => {
  const row = { companyName: "甲公司", relatedCompanyName: "乙公司", amount: "12.5", publicDate: "2020", source: "企业年报" };
  const read = { ...row, amountWan: 12.5, period: { year: 2020, month: null, day: null } };
  const odd = { companyName: "乙公司", relatedCompanyName: "甲公司", amount: null, extra: { 合同号: ["A-1", { x: 1 }] } };
  const sandbox = createSandbox({ relations: new Set([read, odd]) });
  const { result } = await (await ask(sandbox, about(["乙公司", "丙公司", "甲公司"]))).json();
  const expected = [row, { companyName: "乙公司", relatedCompanyName: "甲公司", amount: null, publicDate: null, source: null, 合同号: ["A-1", { x: 1 }] }];
  assert.deepEqual(result.partnershipRelationList, expected);
  assert.deepEqual(sandbox.relationsAmong(["甲公司", "乙公司"]), expected);
  assert.equal(await statusOf(ask(sandbox, about(["乙公司", "丙公司"]))), "201");
  const limited = createSandbox({ relations: [row, row, row], maxRows: 2 });
  assert.equal(await statusOf(ask(limited, about(["甲公司", "乙公司"]))), "207");
});

test("has one graph, whatever calls it is asked in", async () => {
  const names = sampleCompanies(60, 3);
  const sandbox = createSandbox({ seed: 4, density: 0.1 });
  const found = new Map();
  for (let i = 0; i < 60; i += 10) {
    for (let j = i; j < 60; j += 10) {
      const call = [...new Set([...names.slice(j, j + 10), ...names.slice(i, i + 10)])];
      const { result } = await (await ask(sandbox, about(call))).json();
      const rows = new Map();
      for (const row of result?.partnershipRelationList ?? []) {
        const pair = [row.companyName, row.relatedCompanyName].sort().join();
        rows.set(pair, [...(rows.get(pair) ?? []), row]);
      }
      for (const [pair, list] of rows) {
        assert.deepEqual(found.get(pair) ?? list, list);
        found.set(pair, list);
      }
    }
  }
  const text = (rows) => rows.map((row) => JSON.stringify(row)).sort();
  const truth = sandbox.relationsAmong(names);
  assert.ok(truth.length > 100);
  assert.deepEqual(text([...found.values()].flat()), text(truth));
  assert.deepEqual(createSandbox({ seed: 4, density: 0.1 }).relationsAmong(names), truth);
  assert.notDeepEqual(createSandbox({ seed: 5, density: 0.1 }).relationsAmong(names), truth);
});

test("invents as many companies as one likes", () => {
  const names = sampleCompanies(5000, 1);
  assert.equal(new Set(names).size, 5000);
  assert.deepEqual(sampleCompanies(3, 1), names.slice(0, 3));
  assert.notDeepEqual(sampleCompanies(3), names.slice(0, 3));
  assert.deepEqual(sampleCompanies(0), []);
  assert.ok(names.every((name) => /^[\p{Script=Han}（）]{6,}有限公司$/u.test(name)));
  for (const wrong of [-1, 0.5, 100_001, "3", undefined]) assert.throws(() => sampleCompanies(wrong), RangeError);
  assert.throws(() => sampleCompanies(1, -1), RangeError);
});

test("refuses options that cannot be meant, naming them", () => {
  for (const [options, word] of [
    [{ key: "" }, /key/],
    [{ secretKey: 5 }, /secretKey/],
    [{ density: 2 }, /density/],
    [{ seed: -1 }, /seed/],
    [{ seed: 0.5 }, /seed/],
    [{ latencyMs: "20" }, /latencyMs/],
    [{ latency: 20 }, /latency/],
    [{ trackRepeats: 1 }, /trackRepeats/],
    [{ now: 5 }, /now/],
    [{ onCall: 5 }, /onCall/],
    [{ limits: { dailyStatus: 200 } }, /dailyStatus/],
    [{ limits: { perDay: 2 } }, /perDay/],
    [{ relations: [{ companyName: "甲公司" }] }, /relatedCompanyName/],
    [{ relations: [{ companyName: "甲公司", relatedCompanyName: "乙公司", amount: 5 }] }, /amount/],
    [{ faults: [{}] }, /faults/],
    [{ faults: [{ stauts: 109 }] }, /stauts/],
    [{ faults: [{ status: "109" }] }, /status/],
    [{ faults: [{ transport: "gone" }] }, /transport/],
    [{ faults: [{ status: 1, calls: "all" }] }, /calls/],
    [{ faults: [{ status: 1, calls: { each: 2 } }] }, /each/],
    [{ faults: { status: 1 } }, /faults/],
  ]) {
    assert.throws(() => createSandbox(options), (error) => error instanceof TypeError && word.test(error.message), JSON.stringify(options));
  }
  createSandbox({ key: undefined, faults: [{ status: 1, calls: undefined }], limits: { dailyCalls: undefined }, relations: undefined });
});

test("serves over HTTP", async () => {
  const sandbox = createSandbox({ faults: [{ calls: 3, http: 429, retryAfter: 3 }] });
  const server = await sandbox.listen();
  try {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:[0-9]+$/);
    assert.equal(server.url, `http://127.0.0.1:${server.port}`);
    const example = await get(about(EXAMPLE, server.url));
    assert.equal(example.body, EXAMPLE_BODY);
    assert.equal(example.headers.date.length, 29);
    assert.equal((await get(address(QUOTA, {}, server.url))).body, QUOTA_BODY);
    const limited = await get(address(QUOTA, {}, server.url));
    assert.deepEqual([limited.status, limited.headers["retry-after"]], [429, "3"]);
    assert.equal(await (await fetch(about(EXAMPLE, server.url), { headers: sign() })).text(), EXAMPLE_BODY);
    await assert.rejects(sandbox.listen({ port: server.port }), { code: "EADDRINUSE" });
  } finally {
    await server.close();
  }
  assert.equal((await get(address(QUOTA, {}, server.url), { agent: false })).error, "ECONNREFUSED");
  await server.close();
});

test("fails over HTTP for real", async () => {
  const transports = ["reset", "cut-body", "stall-body", "no-answer", "refuse", "truncated-json"];
  const sandbox = createSandbox({ faults: transports.map((transport, index) => ({ calls: index + 1, transport })) });
  const server = await sandbox.listen();
  const url = address(QUOTA, {}, server.url);
  assert.deepEqual(await get(url), { error: "ECONNRESET" });
  const cut = await get(url);
  assert.deepEqual([cut.status, cut.error], [200, "ECONNRESET"]);
  assert.ok(cut.body.length > 10 && QUOTA_BODY.startsWith(cut.body.slice(0, -1)) && cut.body.length < QUOTA_BODY.length);
  const stalled = get(url);
  await called(sandbox, 3);
  const unanswered = get(url);
  await called(sandbox, 4);
  assert.equal(await within(50, Promise.race([stalled, unanswered])), "nothing yet");
  assert.deepEqual(await get(url), { error: "ECONNRESET" });
  assert.ok(QUOTA_BODY.startsWith((await get(url)).body));
  assert.equal(sandbox.stats().billed, 5);
  // Closing ends what hangs.
  await server.close();
  assert.equal((await stalled).error, "ECONNRESET");
  assert.equal((await unanswered).error, "ECONNRESET");
});

test("stops waiting for a client that has gone, and for a server that is closed", async () => {
  const sandbox = createSandbox({ latencyMs: 60_000 });
  const server = await sandbox.listen();
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const before = timers();
  const controller = new AbortController();
  const gone = get(address(QUOTA, {}, server.url), { signal: controller.signal });
  const waiting = get(address(QUOTA, {}, server.url));
  await called(sandbox, 2);
  assert.ok(timers() >= before + 2);
  controller.abort();
  assert.equal((await gone).error, "ABORT_ERR");
  await server.close();
  assert.equal((await waiting).error, "ECONNRESET");
  while (timers() > before) await new Promise(setImmediate);
});

test("says where it cannot listen", async () => {
  const { process } = globalThis;
  try {
    globalThis.process = undefined;
    const listening = createSandbox().listen();
    globalThis.process = process;
    await assert.rejects(listening, /Node, Deno or Bun/);
  } finally {
    globalThis.process = process;
  }
});
