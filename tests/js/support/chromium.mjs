// A real Chromium for the tests: one that is there, else one installed where that is possible, else an error that says
// what is missing. Started by itself (`node chromium.mjs`) it prints which one will be used.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];

function usualPlaces() {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge"].flatMap((name) =>
      ["/Applications", join(process.env.HOME ?? "", "Applications")].map((folder) =>
        join(folder, `${name}.app/Contents/MacOS/${name}`),
      ),
    );
  }
  if (process.platform === "win32") {
    return [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
      .filter(Boolean)
      .flatMap((folder) =>
        ["Google/Chrome", "Chromium", "Microsoft/Edge"].map((name) =>
          join(folder, name, "Application", name.endsWith("Edge") ? "msedge.exe" : "chrome.exe"),
        ),
      );
  }
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/snap/bin"];
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function find() {
  const named = process.env.CHROME_PATH;
  if (named && !existsSync(named)) throw new Error(`CHROME_PATH names ${named}, which does not exist`);
  return named || usualPlaces().find((path) => existsSync(path));
}

/** The path of a Chromium, installing Debian's where we are root on Debian. */
export function chromiumPath() {
  const found = find();
  if (found) return found;
  const debian = existsSync("/etc/debian_version") && process.getuid?.() === 0;
  if (debian) {
    console.log("installing Debian's chromium");
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const step of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
      const { status, stderr } = spawnSync("apt-get", step, { env: environment, encoding: "utf8" });
      if (status !== 0) throw new Error(`no Chromium is installed, and \`apt-get ${step.join(" ")}\` failed: ${stderr}`);
    }
    const installed = find();
    if (installed) return installed;
  }
  throw new Error(
    "no Chrome or Chromium was found; to get one: `apt-get install chromium` (Debian), `brew install --cask chromium` " +
      "(macOS), `winget install Google.Chrome` (Windows), or set CHROME_PATH to the one you have",
  );
}

/** Starts it, headless. As root it cannot use its own sandbox; the pages are ours. */
export async function launch(options = {}) {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    ...options,
  });
  // A machine that is busy with other things is slow, not wrong.
  for (const name of ["newContext", "newPage"]) {
    const make = browser[name].bind(browser);
    browser[name] = async (...given) => {
      const made = await make(...given);
      made.setDefaultTimeout(150_000);
      return made;
    };
  }
  return browser;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const path = chromiumPath();
  const version = process.platform === "win32" ? "" : execFileSync(path, ["--version"], { encoding: "utf8" }).trim();
  console.log(`browser: ${path} ${version}`);
}
