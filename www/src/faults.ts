/** A sandbox made to fail, a client that meets it, and everything the client did about it. */
import { signal } from "@preact/signals";
import type { QccClient, QccClientOptions, QccEvent, ScanEvent, ScanReport } from "qcc-pro";
import type { SandboxOptions } from "qcc-pro/sandbox";
import type { Problem } from "./engine/problem";
import { loadPackage } from "./package";
import { EXAMPLE } from "./question";

export interface Scenario {
  sandbox: SandboxOptions;
  /** What the client is told beside its account. */
  client?: QccClientOptions;
  /** A secret that is not the account's. */
  wrongSecret?: boolean;
  /** A run over so many companies; else the document's example is asked. */
  companies?: number;
}

/** The third of the companies that a run is over. */
const THIRD = "某某大学";

/** Every one is a thing that happens; the names are keys of the words. */
export const SCENARIOS = {
  none: { sandbox: {} },
  overload: { sandbox: { faults: [{ calls: [1, 2], http: 503, retryAfter: 1 }] } },
  throttled: { sandbox: { faults: [{ calls: 1, http: 429, retryAfter: 2 }] } },
  failedInside: { sandbox: { faults: [{ calls: 1, status: 199 }] } },
  refused: { sandbox: { faults: [{ calls: 1, transport: "refuse" }] } },
  reset: { sandbox: { faults: [{ calls: 1, transport: "reset" }] } },
  silence: { sandbox: { faults: [{ transport: "no-answer" }] }, client: { timeoutMs: 1500 } },
  stalled: { sandbox: { faults: [{ transport: "stall-body" }] }, client: { timeoutMs: 1500 } },
  slow: { sandbox: { faults: [{ bodyMs: 1000 }] }, client: { timeoutMs: 1500 } },
  html: { sandbox: { faults: [{ transport: "html" }] } },
  truncated: { sandbox: { faults: [{ transport: "truncated-json" }] } },
  clock: { sandbox: { faults: [{ clockOffsetSeconds: 3600 }] } },
  secret: { sandbox: {}, wrongSecret: true },
  pending: { sandbox: { faults: [{ calls: [1, 2], status: 205 }] }, client: { pending: { delayMs: 1000 } } },
  daily: { sandbox: { limits: { dailyCalls: 0, dailyStatus: 109 } } },
  balance: { sandbox: { faults: [{ status: 112 }] } },
  unsupported: { sandbox: { faults: [{ status: 208 }] } },
  unknown: { sandbox: { faults: [{ status: 777, message: "【无效请求】…" }] } },
  // More rows than an answer may have: of smaller calls there are fewer.
  rows: { sandbox: { density: 0.5, maxRows: 80 }, companies: 20 },
  isolated: { sandbox: { faults: [{ company: THIRD, status: 208 }] }, companies: 20 },
  stopped: { sandbox: { limits: { dailyCalls: 3 } }, companies: 60 },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

/** One line of the record: of the client's events, or of the run's. */
export type Line =
  | { of: "client"; event: QccEvent; words: { zh: string; en: string } | null }
  | { of: "run"; type: "answer" | "unpaid"; companies: number; relations: number }
  | { of: "run"; type: "split"; companies: number; into: number }
  | { of: "run"; type: "failed"; companies: number }
  | { of: "run"; type: "unsupported"; company: string };

/** What a call cost, as its meta or its error says. */
export interface Cost {
  fromStore: boolean;
  billed: boolean | "unknown";
  billedCalls: number;
}

export type Outcome =
  | { state: "running" }
  | { state: "answered"; relations: number; cost: Cost }
  | { state: "ran"; relations: number; calls: number; done: number; paid: number; stopped: ScanReport["stopped"]; uncovered: number }
  | { state: "failed"; problem: Problem };

export interface Trial {
  name: ScenarioName;
  lines: { at: number; line: Line }[];
  outcome: Outcome;
  /** What the sandbox has on its bill, to hold the client's account against. */
  billed: number;
}

export const trial = signal<Trial | null>(null);

let trials = 0;

/** Asks a sandbox of its own, so that nothing else on the page is touched. */
export async function tryScenario(name: ScenarioName) {
  const number = ++trials;
  const scenario: Scenario = SCENARIOS[name];
  const { createSandbox, problemOf, QccClient, sampleCompanies, SANDBOX_KEY, SANDBOX_SECRET_KEY, wordsOf } =
    await loadPackage();
  const sandbox = createSandbox({ latencyMs: 120, ...scenario.sandbox });
  const start = performance.now();
  let mine: Trial = { name, lines: [], outcome: { state: "running" }, billed: 0 };
  const show = (change: Partial<Trial>) => {
    mine = { ...mine, ...change, billed: sandbox.stats().billed };
    // Another one may have been begun meanwhile.
    if (number === trials) trial.value = mine;
  };
  const note = (line: Line) => show({ lines: [...mine.lines, { at: performance.now() - start, line }] });
  show({});
  const client = new QccClient({
    key: SANDBOX_KEY,
    secretKey: scenario.wrongSecret ? "not-the-secret-of-this-account" : SANDBOX_SECRET_KEY,
    dangerouslyAllowBrowser: true,
    fetch: sandbox.fetch,
    ...scenario.client,
    onEvent: (event) => note({ of: "client", event, words: event.status === undefined ? null : wordsOf(event.status) }),
  });
  try {
    if (scenario.companies === undefined) {
      const { relations, meta } = await client.findPartnershipRelation(EXAMPLE);
      show({ outcome: { state: "answered", relations: relations.length, cost: meta } });
    } else {
      const names = sampleCompanies(scenario.companies);
      names[2] = THIRD;
      show({ outcome: await runOver(client, names, note) });
    }
  } catch (error) {
    show({ outcome: { state: "failed", problem: problemOf(error) } });
  } finally {
    client.free();
  }
}

async function runOver(client: QccClient, names: string[], note: (line: Line) => void): Promise<Outcome> {
  const scan = client.scan(names, { concurrency: 1 });
  for await (const event of scan) note(lineOf(event));
  const { relations, calls, done, paid, stopped, uncovered } = await scan.result();
  return { state: "ran", relations: relations.length, calls, done, paid, stopped, uncovered: uncovered.length };
}

function lineOf(event: ScanEvent): Line {
  if (event.type === "unsupported") return { of: "run", type: event.type, company: event.companyName };
  const companies = event.companyNames.length;
  switch (event.type) {
    case "split":
      return { of: "run", type: event.type, companies, into: event.into };
    case "failed":
      return { of: "run", type: event.type, companies };
    case "answer":
      return { of: "run", type: event.type, companies, relations: event.relations.length };
    case "unpaid":
      return { of: "run", type: event.type, companies, relations: 0 };
  }
}
