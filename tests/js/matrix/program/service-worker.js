import * as main from "qcc-pro";
import * as sandbox from "qcc-pro/sandbox";
import { calls } from "./calls.mjs";

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  const reply = (data) => event.source.postMessage(data);
  const work = calls({ main, sandbox }, event.data);
  event.waitUntil(work.then(reply, (error) => reply({ failed: `${error} ${error.stack}` })));
});
