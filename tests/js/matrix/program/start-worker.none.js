// Where the package cannot be found by name in a worker.
export const startWorker = null;
