// Requests through Node's own HTTP: taken where the global fetch is Node's own and nobody has told it another way, connections kept
// as long as it is safe, and what was never sent told as never billed.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { brotliCompressSync, deflateRawSync, gzipSync } from "node:zlib";
import { childJson, clientOf, failure, HASTY, serverFor } from "./support/client.mjs";
import { PARTNERSHIP_SAMPLE, SAMPLE_NAMES } from "./support/samples.mjs";
import { CERTIFICATE, startTls } from "./support/tls.mjs";

const ask = (client, options) => client.findPartnershipRelation(SAMPLE_NAMES, options);

/** As it goes over the wire. */
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(PARTNERSHIP_SAMPLE)}\r\n\r\n${PARTNERSHIP_SAMPLE}`;

/** Fetch alone says what a page would do with the answer. */
const byFetch = (qcc) => qcc.requests.map(({ headers }) => headers["sec-fetch-mode"] !== undefined);

/** A server that does with each connection what `serve` says; gives its URL without `http` or `https`. */
async function listening(t, serve) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { url: `127.0.0.1:${server.address().port}`, sockets };
}

test("sends what fetch would send", async (t) => {
  const qcc = await serverFor(t);
  await ask(clientOf(qcc));
  await ask(clientOf(qcc, { fetch: globalThis.fetch }));
  assert.deepEqual(byFetch(qcc), [false, true]);
  const [own, fetched] = qcc.requests;
  assert.deepEqual([own.method, own.path, own.query], [fetched.method, fetched.path, fetched.query]);
  for (const name of ["accept", "accept-language", "user-agent", "host", "connection"]) {
    assert.equal(own.headers[name], fetched.headers[name], name);
  }
  assert.ok(Math.abs(own.headers.timespan - fetched.headers.timespan) <= 1);
});

test("sends the user's headers, one of ours where they name it in another case", async (t) => {
  const qcc = await serverFor(t);
  await ask(clientOf(qcc, { headers: { accept: "text/x", "X-Mine": "ä", "user-agent": "mine" } }));
  const [{ headers }] = qcc.requests;
  assert.deepEqual([headers.accept, headers["x-mine"], headers["user-agent"]], ["text/x", "ä", "mine"]);
});

test("leaves headers that say how to connect to fetch, which refuses them", async (t) => {
  const qcc = await serverFor(t);
  for (const name of ["transfer-encoding", "Upgrade"]) {
    await failure(ask(clientOf(qcc, { headers: { [name]: "x" } })), { kind: "network", billed: false, attempts: 1 });
  }
  assert.equal(qcc.requests.length, 0);
});

for (const [what, prepare = ""] of [
  ["a fetch put in the global one's place before we are loaded", "const own = globalThis.fetch; globalThis.fetch = (...given) => own(...given);"],
  ["a dispatcher set for fetch", `
    await fetch("data:,");
    globalThis[Symbol.for("undici.globalDispatcher.1")] = new (class Mine extends Object.getPrototypeOf(
      globalThis[Symbol.for("undici.globalDispatcher.1")]).constructor {})();
    if (globalThis[Symbol.for("undici.globalDispatcher.2")])
      globalThis[Symbol.for("undici.globalDispatcher.2")] = globalThis[Symbol.for("undici.globalDispatcher.1")];`],
  ["an agent with a way of its own to connect", `
    await fetch("data:,");
    for (const version of [1, 2]) {
      const symbol = Symbol.for("undici.globalDispatcher." + version);
      const agent = globalThis[symbol];
      if (agent) globalThis[symbol] = new agent.constructor({ connect: { timeout: 5_000 } });
    }`],
  ["a Node that does not give its modules", "process.getBuiltinModule = undefined;"],
  ["Node itself where nothing is the matter"],
]) {
  test(`goes through ${prepare === "" ? "" : "fetch under "}${what}`, async (t) => {
    const qcc = await serverFor(t);
    const code = `
      ${prepare}
      const { QccClient } = await import("qcc-pro");
      const client = new QccClient({ key: ${JSON.stringify(qcc.key)}, secretKey: ${JSON.stringify(qcc.secretKey)}, baseUrl: "${qcc.url}" });
      const { relations } = await client.findPartnershipRelation(${JSON.stringify(SAMPLE_NAMES)});
      console.log(relations.length);`;
    assert.equal(await childJson(code), 1);
    assert.deepEqual(byFetch(qcc), [prepare !== ""]);
  });
}

for (const [coding, body] of [
  ["gzip", gzipSync(PARTNERSHIP_SAMPLE)],
  ["x-gzip", gzipSync(PARTNERSHIP_SAMPLE)],
  ["deflate", deflateRawSync(PARTNERSHIP_SAMPLE)],
  ["br", brotliCompressSync(PARTNERSHIP_SAMPLE)],
  ["gzip, br", brotliCompressSync(gzipSync(PARTNERSHIP_SAMPLE))],
  ["GZIP", gzipSync(PARTNERSHIP_SAMPLE)],
  ["identity", PARTNERSHIP_SAMPLE],
  ["gzip", gzipSync(PARTNERSHIP_SAMPLE).subarray(0, -8)],
]) {
  test(`unpacks ${coding} of ${body.length} bytes`, async (t) => {
    const qcc = await serverFor(t);
    qcc.next({ body, headers: { "content-encoding": coding } });
    assert.equal((await ask(clientOf(qcc))).raw, PARTNERSHIP_SAMPLE);
  });
}

test("uses a connection again, but not after the machine slept", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  for (let call = 0; call < 20; call += 1) await client.findPartnershipRelation([`第${call}号公司`, "乙公司"]);
  // The clock on the wall goes on while a machine sleeps, and no timer does.
  const { now } = Date;
  t.after(() => (Date.now = now));
  Date.now = () => now() + 60_000;
  await ask(client);
  const ports = qcc.requests.map(({ port }) => port);
  assert.equal(new Set(ports.slice(0, 20)).size, 1);
  assert.notEqual(ports[20], ports[0]);
});

test("does not use a connection again that the server closes soon", async (t) => {
  for (const [seconds, connections] of [[2, 3], [3, 3], [4, 1]]) {
    const qcc = await serverFor(t);
    const client = clientOf(qcc);
    for (let call = 0; call < 3; call += 1) {
      qcc.next({ headers: { "keep-alive": `timeout=${seconds}, max=100` } });
      await ask(client);
    }
    assert.equal(new Set(qcc.requests.map(({ port }) => port)).size, connections, `timeout=${seconds}`);
  }
});

test("keeps an idle connection for three seconds, and waits longer for an answer", async (t) => {
  const qcc = await serverFor(t);
  const client = clientOf(qcc);
  await ask(client);
  qcc.next({ delayMs: 3_500 });
  const { relations } = await ask(client);
  assert.deepEqual([relations.length, qcc.openSockets], [1, 1]);
  await sleep(3_500);
  assert.equal(qcc.openSockets, 0);
});

test("sends nothing to a server whose certificate is not trusted", async (t) => {
  const tls = await startTls(t, PARTNERSHIP_SAMPLE);
  const qcc = { ...(await serverFor(t)), url: tls.url };
  const error = await failure(ask(clientOf(qcc)), { kind: "network", attempts: 1, billed: false, retryable: false });
  assert.equal(error.cause.code, "DEPTH_ZERO_SELF_SIGNED_CERT");
  assert.equal(tls.requests, 0);
});

test("asks a server whose certificate is trusted", async (t) => {
  const tls = await startTls(t, PARTNERSHIP_SAMPLE);
  const folder = await mkdtemp(join(tmpdir(), "qcc-pro-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "certificate.pem");
  await writeFile(file, CERTIFICATE);
  const code = `
    const { QccClient } = await import("qcc-pro");
    const client = new QccClient({ key: "k", secretKey: "s", baseUrl: "${tls.url}" });
    const ask = () => client.findPartnershipRelation(${JSON.stringify(SAMPLE_NAMES)});
    console.log((await ask()).relations.length + (await ask()).relations.length);`;
  assert.equal(await childJson(code, { env: { NODE_EXTRA_CA_CERTS: file } }), 2);
  assert.equal(tls.requests, 2);
});

test("says that a connection which breaks in the handshake carried nothing, and tries again", async (t) => {
  const { url, sockets } = await listening(t, (socket) => socket.once("data", () => socket.resetAndDestroy()));
  const qcc = { ...(await serverFor(t)), url: `https://${url}` };
  const error = await failure(ask(clientOf(qcc)), { kind: "network", attempts: 3, billed: false, retryable: true });
  assert.equal(error.cause.code, "ECONNRESET");
  assert.equal(sockets.size, 3);
  // Fetch cannot tell.
  await failure(ask(clientOf(qcc, { fetch: globalThis.fetch })), { kind: "network", attempts: 1, billed: "unknown" });
});

test("says that a handshake without an end carried nothing when its time is over or it is aborted", { timeout: 30_000 }, async (t) => {
  const { url, sockets } = await listening(t, (socket) => socket.resume());
  const qcc = { ...(await serverFor(t)), url: `https://${url}` };
  const retry = { ...HASTY, maxRetries: 1 };
  await failure(ask(clientOf(qcc, { timeoutMs: 100, retry })), { kind: "network", attempts: 2, billed: false, retryable: true });
  assert.equal(sockets.size, 2);
  const events = [];
  const controller = new AbortController();
  const client = clientOf(qcc, { onEvent: (event) => events.push(event) });
  const asked = ask(client, { signal: controller.signal });
  while (sockets.size < 3) await sleep(5);
  controller.abort();
  await assert.rejects(asked, { name: "AbortError" });
  // The connections are given up too, or this waits for ever.
  while ([...sockets].some((socket) => !socket.destroyed)) await sleep(5);
  const last = events.at(-1);
  assert.deepEqual([last.type, last.billed], ["abort", false]);
});

test("does not know what a server that answers with another protocol has seen", async (t) => {
  const { url } = await listening(t, (socket) => {
    socket.once("data", () => socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"));
  });
  const qcc = { ...(await serverFor(t)), url: `http://${url}` };
  await failure(ask(clientOf(qcc)), { kind: "network", attempts: 1, billed: "unknown" });
});

test("does not show what a server echoes that speaks no HTTP", async (t) => {
  const { url } = await listening(t, (socket) => socket.once("data", (request) => socket.end(request)));
  const qcc = { ...(await serverFor(t)), url: `http://${url}` };
  const error = await failure(ask(clientOf(qcc)), { kind: "network", attempts: 1, billed: "unknown" });
  assert.match(error.cause.code, /^HPE_/);
  const shown = inspect(error, { showHidden: true, depth: 10 });
  for (const part of [qcc.key, qcc.secretKey, Buffer.from("GET /").toString("hex"), "Buffer"]) assert.ok(!shown.includes(part), shown);
});

test("takes the answer after what only informs", async (t) => {
  const { url } = await listening(t, (socket) => {
    socket.once("data", () => socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${ANSWER}`));
  });
  const qcc = { ...(await serverFor(t)), url: `http://${url}` };
  assert.equal((await ask(clientOf(qcc))).relations.length, 1);
});

test("takes an answer that came whole, whatever comes behind it", async (t) => {
  const { url, sockets } = await listening(t, (socket) => socket.once("data", () => socket.write(`${ANSWER}junk\r\n`)));
  const client = clientOf({ ...(await serverFor(t)), url: `http://${url}` });
  for (let call = 1; call <= 3; call += 1) {
    const { meta, relations } = await ask(client);
    assert.deepEqual([relations.length, meta.attempts, meta.billed, sockets.size], [1, 1, true, call]);
  }
});

test("leaves a connection on which the server speaks unasked", async (t) => {
  const { url, sockets } = await listening(t, (socket) => {
    socket.on("data", () => {
      // An answer too many: it would be taken for that to the next question.
      socket.write(ANSWER, () => setTimeout(() => socket.write(ANSWER), 20));
    });
  });
  const client = clientOf({ ...(await serverFor(t)), url: `http://${url}` });
  for (let call = 1; call <= 3; call += 1) {
    await ask(client);
    await sleep(100);
    assert.equal(sockets.size, call);
  }
});
