// A page: asks here and in a worker of its own, and posts what came to the address it was opened with.
import * as main from "qcc-pro";
import * as sandbox from "qcc-pro/sandbox";
import { calls } from "./calls.mjs";
import { startWorker } from "./start-worker.js";

const { server, report } = JSON.parse(new URLSearchParams(location.search).get("with"));

function inWorker() {
  return new Promise((resolve, reject) => {
    const worker = startWorker();
    worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve(data));
    worker.onerror = (event) => reject(new Error(`the worker: ${event.message}`));
    worker.postMessage(server);
  });
}

async function run() {
  const page = await calls({ main, sandbox }, server);
  return startWorker === null ? { page } : { page, worker: await inWorker() };
}

run()
  .catch((error) => ({ failed: `${error} ${error.stack}` }))
  .then((answers) => fetch(report, { method: "POST", body: JSON.stringify(answers) }));
