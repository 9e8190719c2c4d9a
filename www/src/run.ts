/**
 * A run over a list of any size. Every answer is in the store before it is counted, so that pausing, reloading or losing
 * the page costs nothing: going on is running the same list again.
 */
import { effect, signal } from "@preact/signals";
import { engine, progress, sourceKind } from "./engine";
import type { Report } from "./engine/messages";
import type { Problem } from "./engine/problem";
import { answer, listText, names } from "./question";
import { refreshQuotas } from "./quotas";
import { selected } from "./results";
import { unfinished } from "./store";

export type Run =
  | { state: "idle" }
  /** Begun on an earlier visit, and not come to its end. */
  | { state: "left" }
  | { state: "running"; pausing: boolean }
  | { state: "ended"; report: Report }
  | { state: "failed"; problem: Problem };

export const run = signal<Run>({ state: "idle" });

/** How many calls may be paid; null: as many as it takes. */
export const budget = signal<number | null>(null);

/** The list that is being run, or was last. */
let running = "";

export async function startRun() {
  if (run.value.state === "running") return;
  const list = listText.value;
  running = list;
  selected.value = null;
  answer.value = { state: "none" };
  progress.value = null;
  run.value = { state: "running", pausing: false };
  await unfinished.write(list);
  const report = await engine.run(names.value, budget.value);
  run.value = "type" in report ? { state: "failed", problem: report } : { state: "ended", report };
  if ("stopped" in report && report.stopped === null) await unfinished.forget();
  // In the sandbox nothing costs anything.
  if (sourceKind === "sandbox") void refreshQuotas();
}

/** Starts nothing more; what is under way ends by itself and is kept. */
export function pauseRun() {
  if (run.value.state === "running") run.value = { state: "running", pausing: true };
  void engine.pause();
}

/** Gives up a run that was left; its answers are kept all the same. */
export async function forgetRun() {
  run.value = { state: "idle" };
  await unfinished.forget();
}

/** Finds a run that an earlier visit left. */
export async function recallRun() {
  const list = await unfinished.read();
  if (list === undefined || run.value.state !== "idle") return;
  running = list;
  listText.value = list;
  run.value = { state: "left" };
}

// What is said about a run holds for its list only.
effect(() => {
  if (listText.value !== running && run.peek().state !== "running") run.value = { state: "idle" };
});
