// The command line as a person meets it: the installed package's own `qcc-pro`, in a pseudo-terminal whose screen can be
// read, or in pipes.
import { spawn as spawnPiped } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";

const require = createRequire(import.meta.url);
const manifest = require("qcc-pro/package.json");
/** The file that npm links as `qcc-pro`. */
export const command = join(dirname(require.resolve("qcc-pro/package.json")), manifest.bin["qcc-pro"]);
export const suites = dirname(dirname(fileURLToPath(import.meta.url)));

/** Nothing of the machine's own: neither credentials nor locale nor colours. */
const clean = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  TMPDIR: process.env.TMPDIR ?? "/tmp",
  LANG: "en_US.UTF-8",
};

/**
 * Runs `qcc-pro ARGUMENTS` in pipes.
 * @returns {Promise<{ code: number | null, signal: string | null, out: string, err: string, lines: object[] }>}
 */
export async function piped(arguments_, { env = {}, cwd, input = "", shell } = {}) {
  const child = startPiped(arguments_, { env, cwd, shell });
  // Whoever is asked nothing may be gone before it was told.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return ended(child);
}

/** Starts it and gives the process; `shell` is put before it on a line of sh. */
export function startPiped(arguments_, { env = {}, cwd, shell } = {}) {
  const options = { cwd, env: { ...clean, ...env } };
  if (shell === undefined) return spawnPiped(process.execPath, [command, ...arguments_], options);
  return spawnPiped("sh", ["-c", `${shell} exec "$@"`, "sh", process.execPath, command, ...arguments_], options);
}

export async function ended(child) {
  const [[code, signal], out, err] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
  return { code, signal, out, err };
}

/** One JSON object a line, all of it. */
export const objects = (output) =>
  output
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/**
 * Runs it in a terminal of its own.
 * @returns a terminal: `screen()` is what stands on it, `until(pattern)` waits for it, `type(text)`, `kill(signal)`, `exit`
 */
export function onTerminal(t, arguments_, { env = {}, cwd, columns = 100, rows = 40, shell } = {}) {
  const line =
    shell === undefined ? [process.execPath, command, ...arguments_] : ["sh", "-c", shell, process.execPath, command];
  const child = pty.spawn(line[0], line.slice(1), {
    name: env.TERM ?? "xterm-256color",
    cols: columns,
    rows,
    cwd,
    env: { ...clean, TERM: "xterm-256color", ...env },
  });
  const screen = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  let raw = "";
  let changed = () => {};
  let over = false;
  child.onData((data) => {
    raw += data;
    screen.write(data, () => changed());
  });
  const exit = new Promise((resolve) =>
    child.onExit(({ exitCode, signal }) => {
      over = true;
      // What was written last may still be on its way to the screen.
      setTimeout(() => screen.write("", () => (changed(), resolve({ code: exitCode, signal }))), 20);
    }),
  );
  t.after(() => over || child.kill("SIGKILL"));
  const read = () => {
    const { active } = screen.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row).translateToString(true));
    return lines.join("\n").trimEnd();
  };
  return {
    exit,
    pid: child.pid,
    screen: read,
    /** Every byte that was written. */
    raw: () => raw,
    type: (keys) => child.write(keys),
    kill: (signal) => process.kill(child.pid, signal),
    async until(pattern) {
      while (!pattern.test(read())) {
        if (over) throw new Error(`the command ended; the screen never showed ${pattern}:\n${read()}`);
        await new Promise((resolve) => (changed = resolve));
      }
      return read();
    },
  };
}
