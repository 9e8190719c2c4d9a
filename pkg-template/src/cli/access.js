/**
 * Key and secret key: from a file, from the environment, or asked for without an echo. Never from an argument, which every
 * user of the machine can read in the list of processes and the shell writes down.
 */
import { open } from "node:fs/promises";
import { Problem } from "./exit.js";
import { warn } from "./warn.js";

const NAMES = ["QCC_KEY", "QCC_SECRET_KEY", "QCC_BASE_URL"];

/**
 * What a client is made with.
 * @param {{ envFile?: string, baseUrl?: string }} options
 * @param {boolean} [mustHave] false: nothing is asked for, and undefined is given where something is missing
 */
export async function readAccess({ envFile, baseUrl }, { words, json }, mustHave = true) {
  const file = envFile === undefined ? {} : await readEnvFile(envFile, words, json);
  // A file that is named is meant, whatever else the environment has.
  const [key, secretKey, url] = NAMES.map((name) => file[name] || process.env[name] || undefined);
  const access = { key, secretKey, baseUrl: baseUrl ?? url };
  if (key && secretKey) return { ...access, inShell: file.QCC_KEY === undefined };
  if (!mustHave) return undefined;
  if (!process.stdin.isTTY || !process.stderr.isTTY || json) {
    const missing = [!key && "QCC_KEY", !secretKey && "QCC_SECRET_KEY"].filter(Boolean);
    throw new Problem(words.access.missing(missing.join(words.and)), { hint: words.access.where });
  }
  const { askHidden } = await import("./ask.js");
  access.key ??= await askHidden(words.access.askKey, words);
  access.secretKey ??= await askHidden(words.access.askSecretKey, words);
  return { ...access, inShell: false };
}

async function readEnvFile(path, words, json) {
  const text = await readPrivate(path, words, json);
  const { default: dotenv } = await import("dotenv");
  const values = dotenv.parse(text);
  if (!NAMES.some((name) => values[name]))
    throw new Problem(words.access.nothingIn(path), { hint: words.access.envFile });
  return values;
}

/** A file with secrets: warned about where others may read it. */
export async function readPrivate(path, words, json) {
  const file = await open(path);
  try {
    const { mode } = await file.stat();
    const text = await file.readFile("utf8");
    if (process.platform !== "win32" && mode & 0o077) warn(words.access.readable(path), json);
    return text;
  } catch (error) {
    // What is read of an open file has no path in its errors.
    error.path ??= path;
    throw error;
  } finally {
    await file.close();
  }
}
