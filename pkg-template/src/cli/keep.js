/**
 * Answers that were paid for, each a file in a folder: a `QccStore`. An answer is on the disk before it counts, so that
 * whatever kills the run, the next one pays only for what is missing. A key's file name is the key itself, made fit for
 * every file system; neither the company's key nor the secret is in either.
 */
import { mkdir, readFile, readdir, realpath, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "./durable.js";

/** Nobody else's business. */
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

export class Keep {
  /** What the file system said last when it failed; the run only learns that it did. */
  failure = null;

  constructor(folder) {
    this.folder = folder;
  }

  /** Makes the folder, if need be. */
  static async open(folder) {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    return new Keep(await realpath(folder));
  }

  /** Removes what was being written when a run was killed. Only for who holds the folder's lock. */
  async sweep() {
    for (const one of await list(this.folder)) {
      const left = (await list(join(this.folder, one))).filter((name) => /^\..*\.part$/.test(name));
      for (const name of left) await unlink(join(this.folder, one, name));
    }
  }

  async get(key) {
    try {
      return await readFile(this.#file(key), "utf8");
    } catch (error) {
      if (error.code === "ENOENT") return undefined;
      throw this.#failed(error);
    }
  }

  async set(key, value) {
    const file = this.#file(key);
    try {
      await writeWhole(file, value, PRIVATE_FILE);
    } catch (error) {
      if (error.code !== "ENOENT") throw this.#failed(error);
      try {
        await mkdir(join(this.folder, shelf(key)), { recursive: true, mode: PRIVATE_FOLDER });
        await writeWhole(file, value, PRIVATE_FILE);
      } catch (again) {
        throw this.#failed(again);
      }
    }
  }

  #failed(error) {
    this.failure = error;
    return error;
  }

  #file(key) {
    return join(this.folder, shelf(key), fileName(key));
  }
}

/** Where most keys end in a hash, 256 folders of about the same size. */
const shelf = (key) => (/[0-9a-f]{2}$/i.exec(key)?.[0] ?? "other").toLowerCase();
const fileName = (key) => `${encodeURIComponent(key).replaceAll("%3A", "_")}.json`;

/**
 * Which of these keys are kept in `folder` already, and since when at the earliest. Lists folders, reads no answer: the
 * run itself checks what it reads.
 */
export async function kept(folder, keys) {
  const names = new Set();
  for (const one of await list(folder)) {
    for (const name of await list(join(folder, one))) names.add(name);
  }
  let count = 0;
  let oldest = null;
  if (names.size === 0) return { count, oldest };
  for (const key of keys) {
    if (!names.has(fileName(key))) continue;
    count += 1;
    // The dates of a few thousand tell enough.
    if (count <= 5000) {
      const { mtimeMs } = await stat(join(folder, shelf(key), fileName(key)));
      if (oldest === null || mtimeMs < oldest) oldest = mtimeMs;
    }
  }
  return { count, oldest };
}

async function list(folder) {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  }
}
