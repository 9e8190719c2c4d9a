// Bundled by itself, served beside the page.
export const startWorker = () => new Worker("/worker.js", { type: "module" });
