/**
 * `qcc-pro/bullmq`: a run spread over many machines. A job is one call; what is asked, split and isolated, and what is in
 * the store already, runs decide (src/scan/), here as on one machine. BullMQ itself is the caller's.
 */
import { QccError } from "./error.js";
import { describe } from "./options.js";
import { configError } from "./unsent.js";

const JOB = "findPartnershipRelation";

/** How many jobs go to Redis at once. */
const BATCH = 500;

/** What a job that failed may be told apart by, as `stopped` tells it of a run. */
const OF_THE_ACCOUNT = ["auth", "account", "quota", "blocked", "permission"];

export function jobId(client, companyNames) {
  // BullMQ keeps colons in a job's id for itself.
  return client.storeKey(companyNames).replaceAll(":", ".");
}

export async function enqueue(queue, client, input, options) {
  const scan = client.scan(input, { ...read(options), maxCalls: 0 });
  let jobs = [];
  let queued = 0;
  const send = async () => {
    if (jobs.length === 0) return;
    await queue.addBulk(jobs);
    queued += jobs.length;
    jobs = [];
  };
  for await (const event of scan) {
    if (event.type !== "unpaid") continue;
    const { companyNames } = event;
    // A job that failed stays, so that collect can tell why; one that is done is known by its answer in the store.
    const opts = { jobId: jobId(client, companyNames), removeOnComplete: true, removeOnFail: false };
    jobs.push({ name: JOB, data: { companyNames }, opts });
    if (jobs.length === BATCH) await send();
  }
  await send();
  const { calls, stopped } = await scan.result();
  if (stopped === "store") throw storeError();
  // Jobs that failed before are still there under their ids, and get another chance.
  await queue.retryJobs({ state: "failed" });
  return { calls, queued };
}

export function processor(client, options) {
  const { queue, store, limiter } = read(options);
  if (typeof queue?.pause !== "function") {
    throw configError("配置错误 (the option queue must be the BullMQ queue of the jobs)", "new Queue(name, { connection })");
  }
  const callsPerSecond = limiter === undefined ? undefined : (limiter.max * 1000) / limiter.duration;
  return async (job) => {
    const { companyNames } = job.data;
    const report = await client.scan(companyNames, { store, callsPerSecond, concurrency: 1 }).result();
    // BullMQ has counted one call for the job; what else it took to split it or find a company at fault counts too.
    if (limiter !== undefined && report.paid > 1) {
      await queue.rateLimit(Math.ceil(((report.paid - 1) * limiter.duration) / limiter.max));
    }
    if (report.stopped === "account") await queue.pause();
    const error = report.stopped === "store" ? storeError() : report.failed[0]?.error;
    if (error !== undefined) {
      await job.updateData({ companyNames, error: error.toJSON() });
      throw error;
    }
    return { paid: report.paid, unsupported: report.unsupported };
  };
}

export async function collect(queue, client, input, options) {
  const failed = await queue.getFailed();
  const scan = client.scan(input, { ...read(options), maxCalls: 0 });
  const failures = [];
  if (failed.length > 0) {
    const jobOf = finder(failed);
    for await (const { type, companyNames } of scan) {
      const job = type === "unpaid" ? jobOf(companyNames) : undefined;
      if (job !== undefined) failures.push({ companyNames, error: errorOf(job) });
    }
  }
  const report = await scan.result();
  report.failed.push(...failures);
  if (report.stopped === "budget") {
    const ofTheAccount = failures.some(({ error }) => OF_THE_ACCOUNT.includes(error.kind));
    report.stopped = ofTheAccount && (await queue.isPaused()) ? "account" : null;
  }
  return report;
}

/** Finds the failed job that was to answer for companies: all of it, or a part, or what others were left out of since. */
function finder(failed) {
  const jobs = new Map();
  for (const job of failed) {
    const names = new Set(job.data.companyNames);
    for (const name of names) jobs.set(name, [...(jobs.get(name) ?? []), { job, names }]);
  }
  return (companyNames) =>
    jobs.get(companyNames[0])?.find(({ names }) => companyNames.every((name) => names.has(name)))?.job;
}

function read(options) {
  if (options === null || typeof options !== "object") {
    throw configError(`配置错误 (the options must be an object with a store, not ${describe(options)})`, "");
  }
  if (typeof options.store?.get !== "function" || typeof options.store.set !== "function") {
    throw configError(
      "配置错误 (a run on many machines needs the option store, the same for all of them)",
      "For example a Keyv on the Redis that the queue is on.",
    );
  }
  return options;
}

function storeError() {
  return configError(
    "存储不可用，为避免重复付费已停止 (the store cannot be used: what would be paid for could be lost)",
    "Mend the store and enqueue again: nothing that is in it is paid for again.",
  );
}

function errorOf({ data, failedReason }) {
  if (data.error !== undefined) return new QccError(data.error);
  // BullMQ gave it up: the workers that had it died.
  return new QccError({
    kind: "aborted",
    message: `任务失败 (the job failed: ${failedReason})`,
    hint: "Enqueue again: what was answered is in the store.",
    billed: "unknown",
    billedCalls: 0,
    retryable: true,
    attempts: 0,
    fromStore: false,
  });
}
