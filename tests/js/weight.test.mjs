// What the package weighs. The build gives the same bytes everywhere, so a limit holds everywhere; the text after brotli
// differs a little between versions of Node, less than the limits leave.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { bundle, packaged } from "./support/web.mjs";

const KIB = 1024;

test("the client's module stays under its limit", async () => {
  const weight = brotliCompressSync(await packaged("core.wasm")).length;
  assert.ok(weight <= 104 * KIB, `core.wasm weighs ${weight} bytes as brotli`);
});

test("a bundle with the client stays under its limit", async () => {
  const source = `import { QccClient } from "qcc-pro"; globalThis.used = QccClient;`;
  const weight = brotliCompressSync(await bundle(source, { minify: true })).length;
  assert.ok(weight <= 109 * KIB, `the bundle weighs ${weight} bytes as brotli`);
});

test("a bundle that only signs stays under its limit", async () => {
  const source = `import { sign } from "qcc-pro"; globalThis.used = sign;`;
  const weight = brotliCompressSync(await bundle(source, { minify: true })).length;
  assert.ok(weight <= 10 * KIB, `the bundle weighs ${weight} bytes as brotli`);
});

test("nobody who only imports the client downloads the sandbox", async () => {
  const client = await bundle(`import { QccClient } from "qcc-pro"; globalThis.used = QccClient;`, { minify: true });
  const core = await packaged("core.wasm");
  // Inlined, a module takes at most one character and a half for each of its bytes.
  assert.ok(client.length < core.length * 1.5, `${client.length} characters for a module of ${core.length} bytes`);
});
