/** The account's quotas, asked when the visitor wants: an answer with status 200 counts against the account. */
import { signal } from "@preact/signals";
import type { ModuleQuota } from "qcc-pro";
import { engine } from "./engine";
import type { Problem } from "./engine/problem";

export type Quotas =
  | { state: "none" }
  | { state: "asking" }
  | { state: "known"; quotas: ModuleQuota[] }
  | { state: "failed"; problem: Problem };

export const quotas = signal<Quotas>({ state: "none" });

export async function refreshQuotas() {
  // Those known stay until there are others.
  if (quotas.value.state !== "known") quotas.value = { state: "asking" };
  const answer = await engine.quotas();
  quotas.value = Array.isArray(answer) ? { state: "known", quotas: answer } : { state: "failed", problem: answer };
}
