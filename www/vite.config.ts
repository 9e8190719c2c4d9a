import { defineConfig, type Plugin } from "vite";

/**
 * What the page may do. 'wasm-unsafe-eval' is all that WebAssembly needs; no other host can be reached. It stands in the
 * page itself, so that a plain static server enforces it too; what only a header can say is in server.mjs.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Only in what is built: the development server injects styles and talks over a WebSocket. */
const policy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
  ],
};

export default defineConfig({
  // Relative, so that the page can be served from any folder of a static host.
  base: "./",
  plugins: [policy],
  // The engine loads what it seldom needs when it needs it.
  worker: { format: "es" },
  build: {
    target: "es2022",
    // As they are since 2024: those that know light-dark().
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    // Nothing inlined as data: URLs, which the policy would have to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The package carries its WebAssembly inlined.
    chunkSizeWarningLimit: 800,
  },
});
