/** The account's quotas, asked when the visitor wants: an answer with status 200 counts against the account. */
import { signal } from "@preact/signals";
import type { ModuleQuota } from "qcc-pro";
import { client } from "./source";

export type Quotas =
  | { state: "none" }
  | { state: "asking" }
  | { state: "known"; quotas: ModuleQuota[] }
  | { state: "failed"; error: unknown };

export const quotas = signal<Quotas>({ state: "none" });

export async function refreshQuotas() {
  quotas.value = { state: "asking" };
  try {
    quotas.value = { state: "known", quotas: (await (await client()).getQuota()).quotas };
  } catch (error) {
    quotas.value = { state: "failed", error };
  }
}
