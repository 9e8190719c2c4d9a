/** The plan for the list as it stands: made anew a moment after the list has changed. */
import { effect, signal } from "@preact/signals";
import { type CallPlan, planCalls } from "qcc-pro";
import { names } from "./question";

export type Planned = { state: "none" } | { state: "planned"; plan: CallPlan } | { state: "failed"; error: unknown };

export const planned = signal<Planned>({ state: "none" });

/** Yuan for one call: what the account pays. The vendor's price is a matter of contract. */
export const price = signal(0.5);

const PAUSE_MS = 150;

effect(() => {
  const list = names.value;
  const timer = setTimeout(() => (planned.value = make(list)), PAUSE_MS);
  return () => clearTimeout(timer);
});

function make(list: readonly string[]): Planned {
  if (list.length < 2) return { state: "none" };
  try {
    return { state: "planned", plan: planCalls(list) };
  } catch (error) {
    return { state: "failed", error };
  }
}
