/** The plan for the list as it stands: made anew a moment after the list has changed. */
import { effect, signal } from "@preact/signals";
import { engine } from "./engine";
import type { PlanFigures } from "./engine/messages";
import type { Problem } from "./engine/problem";
import { names } from "./question";

export type Planned = { state: "none" } | { state: "planned"; plan: PlanFigures } | { state: "failed"; problem: Problem };

export const planned = signal<Planned>({ state: "none" });

/** Yuan for one call: what the account pays. The vendor's price is a matter of contract. */
export const price = signal(0.5);

/** More calls than this do not fit a screen's width; the pattern is clear long before. */
const MOST_DRAWN = 900;
const PAUSE_MS = 150;

let plans = 0;

effect(() => {
  const list = names.value;
  const number = ++plans;
  const timer = setTimeout(async () => {
    const plan = list.length < 2 ? null : await engine.plan(list, MOST_DRAWN);
    // The list may have changed meanwhile.
    if (number !== plans) return;
    if (plan === null) planned.value = { state: "none" };
    else planned.value = "type" in plan ? { state: "failed", problem: plan } : { state: "planned", plan };
  }, PAUSE_MS);
  return () => clearTimeout(timer);
});
