// A real Chromium for the tests. Started by itself (`node chromium.mjs`) it prints which one will be used.
import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { applications, onPath, programFiles, programPath } from "./program.mjs";

function places() {
  if (process.platform === "darwin") return ["Google Chrome", "Chromium", "Microsoft Edge"].flatMap((name) => applications(name));
  if (process.platform === "win32") {
    const endings = ["Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"];
    return endings.flatMap(programFiles);
  }
  return onPath(["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"]);
}

/** The path of a Chromium, installing Debian's where we are root on Debian. */
export function chromiumPath() {
  return programPath({
    title: "Chrome or Chromium",
    variable: "CHROME_PATH",
    places: places(),
    debian: "chromium",
    advice:
      "`apt-get install chromium` (Debian), `brew install --cask chromium` (macOS), `winget install Google.Chrome` (Windows)",
  });
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
