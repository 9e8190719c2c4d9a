// As webpack, Vite, Parcel and Rspack find a worker.
export const startWorker = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
