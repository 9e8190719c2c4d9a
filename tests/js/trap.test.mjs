// A trap inside WebAssembly: the instance is replaced, whatever was under way is settled, and the next call works. The
// traps here are real ones to the package: an export of its instance throws what the engine throws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { childJson } from "./support/client.mjs";

/** Runs in its own process, since it changes what WebAssembly gives. `trap(name, times)` makes an export trap. */
const preparation = `
  import { startQcc } from "./support/server.mjs";
  import { SAMPLE_NAMES } from "./support/samples.mjs";
  const Original = WebAssembly.Instance;
  const planned = new Map();
  globalThis.instances = 0;
  globalThis.trap = (name, times = 1, make = () => new WebAssembly.RuntimeError("unreachable")) => planned.set(name, { times, make });
  WebAssembly.Instance = new Proxy(Original, {
    construct(target, given) {
      const real = new target(...given);
      // The decoder of the inlined modules is none of Rust's.
      if (real.exports.__wbindgen_start === undefined) return real;
      globalThis.instances += 1;
      const exports = Object.fromEntries(Object.entries(real.exports).map(([name, value]) => {
        if (typeof value !== "function") return [name, value];
        return [name, (...parameters) => {
          const plan = planned.get(name);
          if (plan !== undefined && plan.times > 0) {
            plan.times -= 1;
            throw plan.make();
          }
          return value(...parameters);
        }];
      }));
      return Object.create(target.prototype, { exports: { value: exports } });
    },
  });
  globalThis.unhandled = [];
  process.on("unhandledRejection", (reason) => globalThis.unhandled.push(String(reason)));
  process.on("uncaughtException", (error) => globalThis.unhandled.push(String(error)));
  const { QccClient, QccError, sign, statusInfo } = await import("qcc-pro");
  const qcc = await startQcc();
  const options = { key: qcc.key, secretKey: qcc.secretKey, baseUrl: qcc.url, timeoutMs: 3000 };
  const client = new QccClient(options);
  const ask = (names = SAMPLE_NAMES, options) => client.findPartnershipRelation(names, options);
  const ended = async (promise) => promise.then(
    (answer) => answer.status,
    (error) => ({ is: QccError.is(error), kind: error.kind, billed: error.billed, retryable: error.retryable, cause: String(error.cause), message: error.message }),
  );
  const out = {};
`;
const conclusion = `
  await new Promise((resolve) => setTimeout(resolve, 50));
  await qcc.close();
  console.log(JSON.stringify({ ...out, instances, unhandled, requests: qcc.requests.length, billed: qcc.billed }));
`;
const scene = (code) => childJson(preparation + code + conclusion);

const internal = { is: true, kind: "internal", cause: "RuntimeError: unreachable" };
function assertInternal(error, more) {
  const seen = Object.fromEntries(Object.keys({ ...internal, ...more }).map((name) => [name, error[name]]));
  assert.deepEqual(seen, { ...internal, ...more });
  assert.match(error.message, /内部错误.*replaced/);
}

test("a trap while a call is being started rejects it, and the next works on a fresh instance", async () => {
  const { trapped, next, ...seen } = await scene(`
    trap("coreclient_ask");
    out.trapped = await ended(ask());
    out.next = await ended(ask());
  `);
  // Whether something was sent before the trap nobody can tell.
  assertInternal(trapped, {});
  assert.notEqual(trapped.billed, true);
  assert.deepEqual([next, seen], [200, { instances: 2, unhandled: [], requests: 1, billed: 1 }]);
});

test("a trap while answers are read settles all that was under way, and the next call works", async () => {
  const { calls, next, timers, ...seen } = await scene(`
    qcc.next({ delayMs: 100 }, { stall: "headers" }, { stall: "body" }, { http: 503, headers: { "retry-after": "50" } });
    const names = (index) => ["第" + index + "号公司", "甲公司"];
    const calls = [0, 1, 2, 3].map((index) => ended(ask(names(index))));
    calls.push(ended(new QccClient(options).getQuota({ store: { get: () => new Promise(() => {}), set() {} } })));
    await new Promise((resolve) => setTimeout(resolve, 60));
    trap("settle");
    out.calls = await Promise.all(calls);
    // Until the server's own timer, of the answer that it delays, is over: on a busy machine the trap comes before.
    await new Promise((resolve) => setTimeout(resolve, 120));
    out.timers = process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    qcc.queue.length = 0;
    out.next = [await ended(ask()), await ended(client.getQuota())];
  `);
  const internals = calls.filter((call) => call.kind === "internal");
  assert.ok(internals.length >= 4, JSON.stringify(calls));
  for (const call of internals) assertInternal(call, { billed: "unknown", retryable: false });
  assert.equal(timers, 0, "a timer of the instance that is gone keeps the process from its end");
  assert.deepEqual([next, seen.instances, seen.unhandled], [[200, 200], 2, []]);
});

test("a trap in sign is an error at once, and the next signature is right", async () => {
  const seen = await scene(`
    sign({ key: "k", secretKey: "s", timespan: 0 });
    trap("sign");
    try { sign({ key: "k", secretKey: "s", timespan: 0 }); } catch (error) { out.trapped = await ended(Promise.reject(error)); }
    out.token = sign({ key: "k", secretKey: "s", timespan: 0 }).Token;
  `);
  assertInternal(seen.trapped, { billed: false });
  // The client's, signing's, and signing's again.
  assert.deepEqual([seen.token, seen.instances, seen.unhandled], ["50B0AF0C6779996E33FF803976C5F207", 3, []]);
});

test("an exhausted stack and exhausted memory are traps too", async () => {
  const seen = await scene(`
    trap("coreclient_ask", 1, () => new RangeError("Maximum call stack size exceeded"));
    out.stack = (await ended(ask())).kind;
    trap("coreclient_ask", 1, () => new WebAssembly.RuntimeError("memory access out of bounds"));
    out.memory = (await ended(ask())).kind;
    out.next = await ended(ask());
  `);
  assert.deepEqual([seen.stack, seen.memory, seen.next, seen.instances], ["internal", "internal", 200, 3]);
});

test("trap after trap, each call is told and none hangs", async () => {
  const seen = await scene(`
    trap("settle", 5);
    out.calls = [];
    for (let round = 0; round < 7; round += 1) out.calls.push(await ended(ask(["第" + round + "号公司", "甲公司"])));
    out.next = await ended(ask());
  `);
  assert.equal(seen.calls.filter((call) => call.kind === "internal").length, 5);
  assert.deepEqual([seen.calls.slice(5), seen.next, seen.unhandled], [[201, 201], 200, []]);
});

test("an abort, a free and a late answer of a dead instance do no harm", async () => {
  const seen = await scene(`
    const controller = new AbortController();
    const other = new QccClient(options);
    qcc.next({ delayMs: 200 }, { delayMs: 200 });
    const calls = [ended(ask(SAMPLE_NAMES, { signal: controller.signal })), ended(other.getQuota())];
    await new Promise((resolve) => setTimeout(resolve, 50));
    trap("statusInfo");
    try { statusInfo(200); } catch { out.told = false; }
    out.calls = (await Promise.all(calls)).map((call) => call.kind);
    controller.abort();
    other.free();
    await new Promise((resolve) => setTimeout(resolve, 300));
    out.next = await ended(ask());
  `);
  assert.deepEqual([seen.calls, seen.next, seen.unhandled], [["internal", "internal"], 200, []]);
});

test("the store and the clock's offset are the client's, not the instance's", async () => {
  const seen = await scene(`
    const store = new Map();
    await ask(SAMPLE_NAMES, { store });
    trap("statusInfo");
    try { statusInfo(200); } catch {}
    out.kept = (await ask(SAMPLE_NAMES, { store })).meta.fromStore;
  `);
  assert.deepEqual([seen.kept, seen.requests, seen.instances], [true, 1, 2]);
});

test("a real exhaustion of memory is told, and the next call works", { timeout: 120_000 }, async () => {
  // An engine that refuses to let the memory grow is what a full machine looks like from inside.
  const seen = await childJson(`
    import { startQcc } from "./support/server.mjs";
    import { SAMPLE_NAMES } from "./support/samples.mjs";
    const Original = WebAssembly.Instance;
    let memory;
    WebAssembly.Instance = new Proxy(Original, { construct(target, given) {
      const real = new target(...given);
      if (real.exports.run !== undefined) memory = real.exports.memory;
      return real;
    } });
    const { QccClient, QccError } = await import("qcc-pro");
    const unhandled = [];
    process.on("unhandledRejection", (reason) => unhandled.push(String(reason)));
    const qcc = await startQcc();
    // While 4 GiB are filled the server gives up idle connections, of which fetch may take one for the next call.
    const retry = { resendWhenUnknown: true };
    const client = new QccClient({ key: qcc.key, secretKey: qcc.secretKey, baseUrl: qcc.url, retry });
    await client.getQuota();
    const first = memory;
    // Fill what an instance may have (4 GiB are 65,536 pages), so that the next answer finds no room.
    let step = 65_536;
    while (step >= 1) { try { memory.grow(step); } catch { step = Math.floor(step / 2); } }
    qcc.next({ body: "[" + " ".repeat(30_000_000) });
    const error = await client.getQuota().catch((error) => error);
    const next = await client.getQuota();
    await qcc.close();
    console.log(JSON.stringify({ is: QccError.is(error), kind: error.kind, next: next.status, fresh: memory !== first, unhandled }));`);
  assert.deepEqual(seen, { is: true, kind: "internal", next: 200, fresh: true, unhandled: [] });
});

test("a trap in the gateway's module is told as one that may have cost, and the next call works", async () => {
  const seen = await scene(`
    const { createGateway } = await import("qcc-pro/gateway");
    const events = [];
    const shared = { ...options, authorize: () => true, maxCallsPerMinute: 3 };
    const gateways = [{}, { onEvent: (event) => events.push(event) }].map((more) => createGateway({ ...shared, ...more }));
    const asked = async (gateway) => {
      const url = "http://site.example/api/corp/correlation/findPartnershipRelation?companyNames=" + encodeURIComponent("甲公司,乙公司");
      const response = await gateway(new Request(url));
      const { error } = await response.json();
      return { http: response.status, kind: error?.kind, unknownCalls: JSON.parse(response.headers.get("QCC-Meta")).unknownCalls };
    };
    qcc.next({ delayMs: 200 });
    const underWay = ended(client.getQuota());
    trap("coregateway_answer");
    out.trapped = await asked(gateways[1]);
    out.next = [await asked(gateways[0]), await asked(gateways[1])];
    out.underWay = await underWay;
    out.told = events.filter(({ type }) => type === "refused").map(({ message }) => message);
  `);
  assert.deepEqual(seen.trapped, { http: 500, kind: "server", unknownCalls: 1 });
  const [message, ...more] = seen.told;
  assert.match(message, /内部错误.*replaced/);
  // The client's module knows nothing of it.
  assert.deepEqual([seen.underWay, seen.instances, more, seen.unhandled], [200, 3, [], []]);
  assert.deepEqual(seen.next, Array(2).fill({ http: 200, unknownCalls: 0 }));
});

test("anything that comes out of Rust's own work is a trap, and a caller's mistake is none", async () => {
  const seen = await scene(`
    trap("settle", 1, () => new TypeError("a platform function that should not throw"));
    out.call = await ended(ask());
    out.next = await ended(ask());
    qcc.next({ delayMs: 100 });
    const call = ended(ask());
    try { sign({ key: "k", secretKey: "s", timespan: Symbol("x") }); } catch {}
    try { statusInfo(Symbol("x")); } catch {}
    out.underWay = await call;
  `);
  assert.deepEqual([seen.call.kind, seen.next, seen.underWay, seen.instances, seen.unhandled], ["internal", 200, 200, 2, []]);
});
