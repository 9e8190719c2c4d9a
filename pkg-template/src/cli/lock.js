/**
 * One run at a time in a folder of answers: two would pay for the same calls. The lock is a socket that the process listens
 * on. The system closes it with the process, however that ends, so no lock is ever left over and none has to be guessed
 * stale by its age or by a process number that somebody else has by now.
 */
import { createHash } from "node:crypto";
import { lstat, unlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "./exit.js";

/** Longer paths are no addresses of a socket (104 bytes on macOS, 108 on Linux). */
const LONGEST = 100;

/** @param {string} folder its real path */
export async function lock(folder, words) {
  for (const address of addresses(folder)) {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const server = await listen(address);
      if (server !== undefined) return { release: () => new Promise((resolve) => server.close(resolve)) };
      if (await answers(address)) throw new Problem(words.keep.locked(folder), { hint: words.keep.lockedHint });
      await removeSocket(address);
    }
  }
  throw new Problem(words.keep.noLock(folder), { hint: words.keep.noLockHint });
}

/** Beside the answers, where every process sees it that sees them; a file system may know no sockets. */
function addresses(folder) {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  if (process.platform === "win32") return [`\\\\.\\pipe\\qcc-pro-${hash}`];
  const beside = join(folder, ".lock");
  const user = process.getuid?.() ?? "";
  return [...(Buffer.byteLength(beside) <= LONGEST ? [beside] : []), join(tmpdir(), `qcc-pro-${user}-${hash}`)];
}

/** What a process that was killed has left; nothing else that happens to be called so. */
async function removeSocket(address) {
  try {
    if ((await lstat(address)).isSocket()) await unlink(address);
  } catch {
    // Somebody else was quicker; or it is no file, as on Windows.
  }
}

/** Undefined where the address is in use, or is none to be had. */
function listen(address) {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", () => resolve(undefined));
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(address) {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}
