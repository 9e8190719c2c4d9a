/** A sandbox made to fail, a client that meets it, and everything the client did about it. */
import { signal } from "@preact/signals";
import { type PartnershipRelation, QccClient, type QccClientOptions, type QccEvent, type ResultMeta } from "qcc-pro";
import type { Fault } from "qcc-pro/sandbox";
import { EXAMPLE } from "./question";
import { sandboxModule } from "./sandbox";

export interface Scenario {
  faults: Fault[];
  /** What the client is told beside its account. */
  client?: QccClientOptions;
  /** A secret that is not the account's. */
  wrongSecret?: boolean;
}

/** Every one is a thing that happens; the names are keys of the words. */
export const SCENARIOS = {
  none: { faults: [] },
  overload: { faults: [{ calls: [1, 2], http: 503, retryAfter: 1 }] },
  throttled: { faults: [{ calls: 1, http: 429, retryAfter: 2 }] },
  failedInside: { faults: [{ calls: 1, status: 199 }] },
  refused: { faults: [{ calls: 1, transport: "refuse" }] },
  reset: { faults: [{ calls: 1, transport: "reset" }] },
  silence: { faults: [{ transport: "no-answer" }], client: { timeoutMs: 1500 } },
  stalled: { faults: [{ transport: "stall-body" }], client: { timeoutMs: 1500 } },
  html: { faults: [{ transport: "html" }] },
  truncated: { faults: [{ transport: "truncated-json" }] },
  clock: { faults: [{ clockOffsetSeconds: 3600 }] },
  secret: { faults: [], wrongSecret: true },
  pending: { faults: [{ calls: [1, 2], status: 205 }], client: { pending: { delayMs: 1000 } } },
  daily: { faults: [{ status: 109 }] },
  balance: { faults: [{ status: 112 }] },
  unsupported: { faults: [{ status: 208 }] },
  rows: { faults: [{ status: 207 }] },
  unknown: { faults: [{ status: 777, message: "【无效请求】…" }] },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export type Outcome =
  | { state: "running" }
  | { state: "answered"; relations: PartnershipRelation[]; meta: ResultMeta }
  | { state: "failed"; error: unknown };

export interface Trial {
  name: ScenarioName;
  events: { at: number; event: QccEvent }[];
  outcome: Outcome;
  /** What the sandbox has on its bill, to hold the client's account against. */
  billed: number;
}

export const trial = signal<Trial | null>(null);

let trials = 0;

/** Asks the document's example of a sandbox of its own, so that nothing else on the page is touched. */
export async function tryScenario(name: ScenarioName) {
  const number = ++trials;
  const scenario: Scenario = SCENARIOS[name];
  const { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } = await sandboxModule();
  const sandbox = createSandbox({ faults: scenario.faults, latencyMs: 120 });
  const start = performance.now();
  let mine: Trial = { name, events: [], outcome: { state: "running" }, billed: 0 };
  const show = (change: Partial<Trial>) => {
    mine = { ...mine, ...change, billed: sandbox.stats().billed };
    // Another one may have been begun meanwhile.
    if (number === trials) trial.value = mine;
  };
  show({});
  const client = new QccClient({
    key: SANDBOX_KEY,
    secretKey: scenario.wrongSecret ? "not-the-secret-of-this-account" : SANDBOX_SECRET_KEY,
    dangerouslyAllowBrowser: true,
    fetch: sandbox.fetch,
    ...scenario.client,
    onEvent: (event) => show({ events: [...mine.events, { at: performance.now() - start, event }] }),
  });
  try {
    const { relations, meta } = await client.findPartnershipRelation(EXAMPLE);
    show({ outcome: { state: "answered", relations, meta } });
  } catch (error) {
    show({ outcome: { state: "failed", error } });
  } finally {
    client.free();
  }
}
