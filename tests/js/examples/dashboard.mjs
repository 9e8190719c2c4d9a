// A dashboard's server with Redis: it takes lists, works them off on as many machines as run this script, and shows what is
// known so far. Redis holds the queue and the answers; whatever is killed goes on where it was.
//
//   POST /scans          ["公司甲", "公司乙", …]          → { id, calls, queued }
//   GET  /scans/ID       → { calls, done, uncovered, unsupported, stopped, failed }
//   GET  /scans/ID/graph → node-link JSON, as D3 reads it
//
// From the environment: QCC_KEY, QCC_SECRET_KEY, REDIS_URL, PORT. Let nobody in who is not signed in: see node.mjs.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import KeyvRedis from "@keyv/redis";
import { Queue, Worker } from "bullmq";
import Keyv from "keyv";
import { QccClient, QccError } from "qcc-pro";
import { collect, enqueue, processor } from "qcc-pro/bullmq";

const url = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
const connection = { url };
const store = new Keyv({ store: new KeyvRedis(url) });
const lists = new Keyv({ store: new KeyvRedis(url), namespace: "lists" });
const client = new QccClient();

const queue = new Queue("qcc-pro", { connection });
// Five calls in a second, over all machines.
const limiter = { max: 5, duration: 1_000 };
const worker = new Worker(queue.name, processor(client, { queue, store, limiter }), { connection, limiter, concurrency: 4 });
worker.on("failed", (job, error) => console.error(`${job?.id}: ${error.message}`));

async function answer(request) {
  const [, folder, id, what] = request.url.split("/");
  if (folder !== "scans") return [404, {}];
  if (request.method === "POST") {
    const names = await json(request);
    const queued = await enqueue(queue, client, names, { store });
    const id = createHash("sha256").update(JSON.stringify(names)).digest("hex").slice(0, 16);
    await lists.set(id, names);
    return [202, { id, ...queued }];
  }
  const names = await lists.get(id);
  if (names === undefined) return [404, {}];
  const { graph, calls, done, uncovered, unsupported, stopped, failed } = await collect(queue, client, names, { store });
  if (what === "graph") return [200, graph.toJSON()];
  return [200, { calls, done, uncovered: uncovered.length, unsupported, stopped, failed }];
}

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request).catch((error) =>
    QccError.is(error) ? [error.kind === "invalid-argument" ? 400 : 503, error] : [500, {}],
  );
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
});
server.listen(process.env.PORT ?? 3000, () => console.log(`http://127.0.0.1:${server.address().port}`));
