// A real, unpatched Firefox for the tests, driven over WebDriver BiDi. Started by itself (`node firefox.mjs`) it prints
// which one will be used.
import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { applications, onPath, programFiles, programPath } from "./program.mjs";

function places() {
  if (process.platform === "darwin") return applications("Firefox", "firefox");
  if (process.platform === "win32") return programFiles("Mozilla Firefox/firefox.exe");
  // A `firefox` of snap's cannot be given a profile in /tmp, which is where the driver makes one.
  return onPath(["firefox-esr", "firefox"]).filter((path) => !path.startsWith("/snap/"));
}

/** The path of a Firefox, installing Debian's where we are root on Debian. */
export function firefoxPath() {
  return programPath({
    title: "Firefox",
    variable: "FIREFOX_PATH",
    places: places(),
    debian: "firefox-esr",
    advice:
      "`apt-get install firefox-esr` (Debian), `brew install --cask firefox` (macOS), `winget install Mozilla.Firefox` (Windows)",
  });
}

/**
 * Starts it, headless, with a profile of its own. What it answers is puppeteer's `Browser`.
 * @param {{ locale?: string, downloads?: string, preferences?: Record<string, unknown> }} [options] `downloads`: the
 *   folder files are saved into without asking; `locale`: the language pages are asked for in
 */
export async function launch({ locale = "zh-CN", downloads, preferences } = {}) {
  const saving = downloads && {
    "browser.download.folderList": 2,
    "browser.download.dir": downloads,
    "browser.download.useDownloadDir": true,
    "browser.download.always_ask_before_handling_new_types": false,
  };
  return puppeteer.launch({
    browser: "firefox",
    executablePath: firefoxPath(),
    headless: true,
    // A machine that is busy with other things is slow, not wrong.
    timeout: 150_000,
    protocolTimeout: 150_000,
    extraPrefsFirefox: { "intl.accept_languages": locale, ...saving, ...preferences },
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const path = firefoxPath();
  const version = process.platform === "win32" ? "" : execFileSync(path, ["--version"], { encoding: "utf8" }).trim();
  console.log(`browser: ${path} ${version}`);
}
