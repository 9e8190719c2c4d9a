// Node with a document, as Electron's pages with Node integration and many test set-ups are.
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html>", { url: "https://site.example/", pretendToBeVisual: true });
for (const name of ["window", "document", "navigator", "location", "HTMLElement", "Event", "EventTarget"]) {
  const value = name === "window" ? window : window[name];
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
await import("./main.mjs");
