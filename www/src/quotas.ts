/** The account's quotas, asked when the page opens and whenever the visitor wants. */
import { signal } from "@preact/signals";
import type { ModuleQuota } from "qcc-pro";
import { client } from "./source";

export type Quotas =
  | { state: "asking" }
  | { state: "known"; quotas: ModuleQuota[] }
  | { state: "failed"; error: unknown };

export const quotas = signal<Quotas>({ state: "asking" });

export async function refreshQuotas() {
  quotas.value = { state: "asking" };
  try {
    quotas.value = { state: "known", quotas: (await (await client()).getQuota()).quotas };
  } catch (error) {
    quotas.value = { state: "failed", error };
  }
}
