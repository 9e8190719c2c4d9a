/**
 * A run over a list of any size. Every answer is in the store before it is counted, so that pausing, reloading or losing
 * the page costs nothing: going on is running the same list again.
 */
import { effect, signal } from "@preact/signals";
import type { Scan, ScanProgress, ScanReport } from "qcc-pro";
import { answer, listText, names } from "./question";
import { found, growing, selected } from "./results";
import { client } from "./source";
import { answerStore, unfinished } from "./store";

export type Run =
  | { state: "idle" }
  /** Begun on an earlier visit, and not come to its end. */
  | { state: "left" }
  | { state: "running"; progress: ScanProgress; pausing: boolean }
  | { state: "ended"; progress: ScanProgress; report: ScanReport }
  | { state: "failed"; error: unknown };

export const run = signal<Run>({ state: "idle" });

/** How many calls may be paid; null: as many as it takes. */
export const budget = signal<number | null>(null);

/** Often enough to be seen growing, seldom enough to leave the page time for everything else. */
const REDRAW_MS = 1000;
const CONCURRENCY = 6;
/** Below what the demo's gateway lets through. */
const CALLS_PER_SECOND = 90;

let current: Scan | undefined;
/** The list that is being run, or was last. */
let running = "";

export async function startRun() {
  if (current) return;
  const list = listText.value;
  running = list;
  try {
    const live = (await client()).scan(names.value, {
      store: answerStore,
      concurrency: CONCURRENCY,
      callsPerSecond: CALLS_PER_SECOND,
      ...(budget.value === null ? {} : { maxCalls: budget.value }),
    });
    current = live;
    selected.value = null;
    answer.value = { state: "none" };
    run.value = { state: "running", progress: live.progress(), pausing: false };
    await unfinished.write(list);
    const report = await watched(live);
    found.value = report.relations;
    run.value = { state: "ended", progress: live.progress(), report };
    if (report.stopped === null) await unfinished.forget();
  } catch (error) {
    run.value = { state: "failed", error };
  } finally {
    current = undefined;
    growing.value = null;
  }
}

/** Awaits the run's end, showing meanwhile how far it is and what it has found. */
async function watched(live: Scan): Promise<ScanReport> {
  let shownRelations = -1;
  const timer = setInterval(() => {
    if (run.value.state !== "running") return;
    const progress = live.progress();
    run.value = { ...run.value, progress };
    if (progress.relations === shownRelations) return;
    shownRelations = progress.relations;
    growing.value = live.graph();
  }, REDRAW_MS);
  try {
    return await live.result();
  } finally {
    clearInterval(timer);
  }
}

/** Starts nothing more; what is under way ends by itself and is kept. */
export function pauseRun() {
  if (run.value.state === "running") run.value = { ...run.value, pausing: true };
  current?.stop();
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
