/**
 * `qcc-pro/bullmq`: a run of findPartnershipRelation spread over many machines by [BullMQ](https://docs.bullmq.io) on Redis.
 *
 * The store, the same for all machines, is what counts: a call whose answer is in it is neither queued nor paid for. A job
 * is one call and its id is the call's {@link QccClient.storeKey} (with dots for colons, which BullMQ keeps for itself), so
 * that no call is queued twice. A worker that dies leaves its job to another one.
 *
 * @example
 * ```js
 * import Keyv from "keyv";
 * import KeyvRedis from "@keyv/redis";
 * import { Queue, Worker } from "bullmq";
 * import { collect, enqueue, processor } from "qcc-pro/bullmq";
 *
 * const store = new Keyv({ store: new KeyvRedis("redis://127.0.0.1:6379") });
 * const queue = new Queue("qcc", { connection });
 *
 * // On as many machines as you like; the limit is shared by all of them.
 * const limiter = { max: 5, duration: 1000 };
 * new Worker("qcc", processor(client, { queue, store, limiter }), { connection, limiter, concurrency: 4 });
 *
 * // On one.
 * await enqueue(queue, client, names, { store });
 * // … when the queue is empty:
 * const { graph, uncovered } = await collect(queue, client, names, { store });
 * ```
 *
 * @packageDocumentation
 */
import type { QccClient, QccStore, ScanInput, ScanOptions, ScanReport } from "./index.js";

/** What is used of a BullMQ `Queue`. */
export interface CallQueue {
  /** Adds jobs; one whose id is there already is not added again. */
  addBulk(jobs: { name: string; data: { companyNames: string[] }; opts: { jobId: string; removeOnComplete: boolean; removeOnFail: boolean } }[]): Promise<unknown>;
  /** The jobs that failed. */
  getFailed(): Promise<CallJob[]>;
  /** Gives the jobs that failed another chance. */
  retryJobs(options: { state: "failed" }): Promise<unknown>;
  /** Whether no worker takes jobs. */
  isPaused(): Promise<boolean>;
  /** Keeps every worker from taking jobs. */
  pause(): Promise<unknown>;
  /** Keeps every worker from taking jobs for so many milliseconds. */
  rateLimit(expireTimeMs: number): Promise<unknown>;
}

/** What is used of a BullMQ `Job`. */
export interface CallJob {
  /** The job's id, made by {@link jobId}. */
  id?: string | undefined;
  /** What is asked; and, once it has failed, the fields of the error. No key and no secret. */
  data: unknown;
  /** The message of the error it failed with. */
  failedReason?: string | undefined;
  /** Replaces the job's data. */
  updateData(data: unknown): Promise<unknown>;
}

/** As a run's, with the store that all machines share. */
export interface SharedScanOptions extends Pick<ScanOptions, "known" | "callSize" | "signal"> {
  /** The store that all machines share. */
  store: QccStore;
}

/** Options of {@link processor}. */
export interface ProcessorOptions {
  /** The queue the jobs come from. */
  queue: CallQueue;
  /** The store that all machines share. */
  store: QccStore;
  /** The Worker's own, if it has one: further calls that a job takes (207, 208) are counted against it too. */
  limiter?: { max: number; duration: number } | undefined;
}

/** The id of the job for a call. */
export function jobId(client: QccClient, companyNames: readonly string[]): string;

/**
 * Makes a job of each call that the store does not answer, and gives jobs that failed another chance. Run it again at any
 * time: nothing is queued twice. A queue that was paused stays so until you `resume()` it.
 *
 * @returns the plan's calls, and how many were not answered yet
 */
export function enqueue(
  queue: CallQueue,
  client: QccClient,
  input: ScanInput,
  options: SharedScanOptions,
): Promise<{ calls: number; queued: number }>;

/**
 * What a BullMQ `Worker` runs for each job: looks the call up in the store, pays for it if it has to, splits it (207) or
 * finds the company at fault (208, 215, 218, 219) where that is needed. A code that concerns the account (102, 103, 106, 108,
 * 109, 112, 116, 117, 119 …) pauses the queue for all workers.
 */
export function processor(
  client: QccClient,
  options: ProcessorOptions,
): (job: CallJob) => Promise<{ paid: number; unsupported: string[] }>;

/**
 * The report of what is in the store by now; asks nothing. `stopped` is `"account"` where the queue is paused for that, and
 * null as long as jobs may still be done.
 */
export function collect(
  queue: CallQueue,
  client: QccClient,
  input: ScanInput,
  options: SharedScanOptions,
): Promise<ScanReport>;
