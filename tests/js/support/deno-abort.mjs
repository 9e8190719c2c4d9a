// For `deno test`, whose sanitizer fails a test that leaves a resource open: a user's fetch that never settles is aborted.
import { QccClient } from "qcc-pro";

globalThis.Deno.test("closes its connection when it is aborted", { sanitizeResources: true }, async () => {
  const controller = new AbortController();
  let asked = 0;
  const client = new QccClient({
    key: "k",
    secretKey: "s",
    fetch: (_, { client }) => {
      if (client === undefined) throw new Error("the request has no connection of its own");
      asked += 1;
      return new Promise(() => {});
    },
  });
  const call = client.getQuota({ signal: controller.signal });
  controller.abort("enough");
  const reason = await call.catch((thrown) => thrown);
  if (asked !== 1 || reason !== "enough") throw new Error(`${asked} ${reason}`);
  const timeout = await client.getQuota({ timeoutMs: 20 }).catch((error) => error.kind);
  if (asked !== 2 || timeout !== "timeout") throw new Error(`${asked} ${timeout}`);
});
