/**
 * Files that are there whole or not at all, also after a kill or a power cut: written beside, flushed to the disk, then
 * renamed. Not write-file-atomic: it takes a short write, which is how a disk gets full, for a whole one.
 */
import { constants } from "node:fs";
import { access, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

let count = 0;

/** @param {string | Uint8Array} data */
export async function writeWhole(path, data, mode = 0o666) {
  const target = await targetOf(path);
  // A pipe or a device is written to as it is.
  if (target.special) return withPath(path, () => openAnd(path, "w", mode, (file) => file.writeFile(data)));
  const beside = temporary(target.path);
  try {
    await withPath(path, async () => {
      await openAnd(beside, "wx", target.mode ?? mode, async (file) => {
        await file.writeFile(data);
        await file.sync();
      });
      await rename(beside, target.path);
      await syncFolder(dirname(target.path));
    });
  } catch (error) {
    await unlink(beside).catch(() => {});
    throw error;
  }
  return undefined;
}

/** Throws now what `writeWhole` would throw later, but for a full disk. */
export async function probe(path) {
  const target = await targetOf(path);
  if (target.special) return access(path, constants.W_OK);
  const beside = temporary(target.path);
  return withPath(path, async () => {
    // It could be renamed over all the same, and is protected from that.
    if (target.mode !== undefined) await access(target.path, constants.W_OK);
    await openAnd(beside, "wx", 0o600, async () => {});
    await unlink(beside);
  });
}

async function targetOf(path) {
  try {
    const known = await stat(path);
    if (known.isDirectory())
      throw Object.assign(new Error("is a directory"), { code: "EISDIR", syscall: "open", path });
    return { path: await realpath(path), special: !known.isFile(), mode: known.mode & 0o777 };
  } catch (error) {
    if (error.code === "ENOENT") return { path, special: false };
    throw error;
  }
}

/** The new name, too, has to be on the disk. Not every system lets a folder be flushed. */
async function syncFolder(path) {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

const temporary = (path) => join(dirname(path), `.${basename(path)}.${process.pid}-${(count += 1)}.part`);

async function openAnd(path, flags, mode, use) {
  const file = await open(path, flags, mode);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

/** Errors name the file that was meant, or the folder it was to be in. */
async function withPath(path, act) {
  try {
    return await act();
  } catch (error) {
    throw Object.assign(error, { path: error.code === "ENOENT" ? dirname(path) : path });
  }
}
