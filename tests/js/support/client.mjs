// What the client's suites share: a client of the tests' own server, the error a call ends with, and child processes for
// what can be seen only from outside.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { QccClient, QccError } from "qcc-pro";
import { startQcc } from "./server.mjs";
import { suites } from "./web.mjs";

/** Retries without the waits, for tests that are not about them. */
export const HASTY = { baseDelayMs: 0 };

export function clientOf(qcc, options = {}) {
  return new QccClient({ key: qcc.key, secretKey: qcc.secretKey, baseUrl: qcc.url, retry: HASTY, ...options });
}

/** A server that ends with the test `t`. */
export async function serverFor(t, options) {
  const qcc = await startQcc(options);
  t.after(() => qcc.close());
  return qcc;
}

/** What `action` throws or its promise rejects with: a QccError with these fields, or the test fails. */
export async function failure(action, fields = {}) {
  let error;
  try {
    const value = await (typeof action === "function" ? action() : action);
    assert.fail(`expected a QccError, got ${JSON.stringify(value)}`);
  } catch (thrown) {
    error = thrown;
  }
  if (!QccError.is(error)) throw error;
  const seen = Object.fromEntries(Object.keys(fields).map((name) => [name, error[name]]));
  assert.deepEqual(seen, fields, `${error.message} ${error.body ?? ""}`);
  return error;
}

/**
 * Runs `code` as a module of its own process, from where `qcc-pro` and `./support/` are found.
 * @returns {Promise<{ code: number | string | null, stdout: string, stderr: string }>}
 */
export function child(code, { env = {}, timeout = 60_000 } = {}) {
  const { QCC_KEY, QCC_SECRET_KEY, QCC_BASE_URL, ...others } = process.env;
  const options = { cwd: suites, env: { ...others, ...env }, timeout };
  return new Promise((resolve) => {
    const arguments_ = ["--input-type=module", "--eval", code];
    execFile(process.execPath, arguments_, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? error.signal), stdout, stderr });
    });
  });
}

/** What a child printed as JSON; its own words where it failed. */
export async function childJson(code, options) {
  const ended = await child(code, options);
  assert.equal(ended.code, 0, `${ended.code}: ${ended.stderr}`);
  return JSON.parse(ended.stdout);
}

/** Numbers from [0, 1) that are the same for the same seed (mulberry32). */
export function drawing(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
