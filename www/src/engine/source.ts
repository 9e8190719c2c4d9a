/**
 * Where answers come from: the demo server's gateway, where the secret is and stays, or the sandbox with the sandbox's own
 * public account.
 */
import { QccClient } from "qcc-pro";
import { answerStore } from "./store";

/** About what a nearby server takes, so that a run can be watched. */
const LATENCY_MS = 40;

/** What a day has, so that the gauge runs down; a run of 2,000 companies fits in. */
const DAILY_CALLS = 50_000;

/** How a run asks. */
export interface Pace {
  concurrency: number;
  callsPerSecond?: number;
}

export interface Source {
  client: QccClient;
  pace: Pace;
}

/** `gateway`: its address; null: the sandbox. */
export async function openSource(gateway: string | null): Promise<Source> {
  // Below what the demo's gateway lets through.
  if (gateway !== null) return { client: new QccClient({ gateway, store: answerStore }), pace: { concurrency: 6, callsPerSecond: 90 } };
  const { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } = await import("qcc-pro/sandbox");
  const client = new QccClient({
    key: SANDBOX_KEY,
    secretKey: SANDBOX_SECRET_KEY,
    // Not a secret: it stands in the package, and opens nothing but the sandbox.
    dangerouslyAllowBrowser: true,
    fetch: createSandbox({ latencyMs: LATENCY_MS, limits: { dailyCalls: DAILY_CALLS } }).fetch,
    store: answerStore,
  });
  return { client, pace: { concurrency: 24 } };
}
