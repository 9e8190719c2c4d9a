// Programs the tests need beside Node: one that is there, else one installed where that is possible, else an error that
// says what is missing.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGES = fileURLToPath(new URL("../node_modules", import.meta.url));

/** Deno's or Bun's program out of npm's packages: in the one for this platform, whose scope is given, or moved from there. */
export function fromNpm(name, scope) {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const folders = readdirSync(join(PACKAGES, scope)).map((folder) => join(PACKAGES, scope, folder));
  const places = folders.flatMap((folder) => [join(folder, file), join(folder, "bin", file)]);
  // Bun's installation moves its program and calls it so on every platform.
  const found = [...places, join(PACKAGES, name, "bin", `${name}.exe`)].find((path) => existsSync(path));
  if (found === undefined) throw new Error(`npm has no ${name} for ${process.platform} on ${process.arch}`);
  return found;
}

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
