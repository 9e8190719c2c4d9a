// A worker of a spread run, in a process of its own, to be killed; tells whenever it begins a job. Arguments: REDIS QUEUE
import KeyvRedis from "@keyv/redis";
import { Queue, Worker } from "bullmq";
import Keyv from "keyv";
import { QccClient } from "qcc-pro";
import { processor } from "qcc-pro/bullmq";

const [redis, name] = process.argv.slice(2);
const connection = { url: redis };
const store = new Keyv({ store: new KeyvRedis(redis) });
const queue = new Queue(name, { connection });
const client = new QccClient({ retry: { baseDelayMs: 1 } });
const worker = new Worker(name, processor(client, { queue, store }), {
  connection,
  concurrency: 3,
  // Short, so that a test need not wait half a minute for a dead worker's jobs.
  lockDuration: 3_000,
  stalledInterval: 1_000,
});
worker.on("active", () => process.send("active"));
