// Programs the tests need beside Node: one that is there, else one installed where that is possible, else an error that
// says what is missing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Every place on the search path, and the usual ones, where one of `names` may lie. */
export function onPath(names) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/snap/bin"];
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Where macOS keeps the application `name`: for all users, and for this one. */
export function applications(name, executable = name) {
  return ["/Applications", join(process.env.HOME ?? "", "Applications")].map((folder) =>
    join(folder, `${name}.app/Contents/MacOS/${executable}`),
  );
}

/** `path` in each of the folders Windows installs programs into. */
export function programFiles(path) {
  const { PROGRAMFILES, LOCALAPPDATA } = process.env;
  return [PROGRAMFILES, process.env["PROGRAMFILES(X86)"], LOCALAPPDATA].filter(Boolean).map((folder) => join(folder, path));
}

/**
 * The path of a program, installing Debian's package where we are root on Debian.
 * @param {object} program
 * @param {string} program.title what it is called
 * @param {string} program.variable the environment's variable that names another one
 * @param {string[]} program.places where to look
 * @param {string} program.debian Debian's package
 * @param {string} program.advice how to get it elsewhere
 */
export function programPath({ title, variable, places, debian, advice }) {
  const named = process.env[variable];
  if (named && !existsSync(named)) throw new Error(`${variable} names ${named}, which does not exist`);
  const find = () => named || places.find((path) => existsSync(path));
  const found = find();
  if (found) return found;
  if (existsSync("/etc/debian_version") && process.getuid?.() === 0) {
    console.log(`installing Debian's ${debian}`);
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const step of [["update"], ["install", "--yes", "--no-install-recommends", debian]]) {
      const { status, stderr } = spawnSync("apt-get", step, { env: environment, encoding: "utf8" });
      if (status !== 0) throw new Error(`no ${title} is installed, and \`apt-get ${step.join(" ")}\` failed: ${stderr}`);
    }
    const installed = find();
    if (installed) return installed;
  }
  throw new Error(`no ${title} was found; to get one: ${advice}, or set ${variable} to the one you have`);
}
