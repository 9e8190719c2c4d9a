// Times several ways of doing one thing side by side: in interleaved rounds, so that whatever else the machine does
// strikes all of them alike, and by medians, so that a strike counts little. Only the ratios of one run mean anything.
// In Node it is the process's own processor time that counts, its helpers (collector, compilers) included: waiting for a
// busy machine is nobody's cost. Browsers tell only the time on the wall.

/**
 * One round of one candidate lasts about so long: some megabytes of garbage, so that each pays for collecting its own. A candidate
 * that takes longer runs once.
 */
const ROUND_MS = 60;
/** So long each candidate runs before anything counts: engines compile in several steps, WebAssembly too. */
const WARM_UP_MS = 400;
/** So long V8's helpers go on sweeping after a collection. */
const SWEEPING_MS = 10;

/**
 * @param {Record<string, (() => unknown)>} candidates each does the thing once, at once or as a promise
 * @returns {Promise<Record<string, number>>} median nanoseconds of doing it once
 */
export async function compare(candidates, { rounds = 15, roundMs = ROUND_MS, warmUpMs = WARM_UP_MS } = {}) {
  const entries = Object.entries(candidates);
  const counts = {};
  const times = {};
  for (const [name, once] of entries) {
    for (const end = performance.now() + warmUpMs; performance.now() < end; ) await timed(once, 10);
    counts[name] = await calibrated(once, roundMs);
    times[name] = [];
  }
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < entries.length; i += 1) {
      // Each round begins with another one, and every other goes backwards, so that none always runs after the same neighbour.
      const place = (i + round) % entries.length;
      const [name, once] = entries[round % 2 === 0 ? place : entries.length - 1 - place];
      await collected();
      times[name].push((await timed(once, counts[name])) / counts[name]);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list) * 1e6]));
}

/**
 * Leaves none the garbage of others. The sweeping that follows is waited for: it is this function's doing, and where the
 * helpers' time counts it was up to 3 ms of a round, whatever the round did: of one reading of 5,000 rows that was more than the
 * reading.
 */
async function collected() {
  if (globalThis.gc === undefined) return;
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, SWEEPING_MS));
}

/**
 * How often it can be done in a round. The shortest of three tries: one during which the warm-up's garbage was collected left a
 * candidate with one or two readings a round, by chance, and those with what a collection costs the next reading.
 */
async function calibrated(once, roundMs) {
  let count = 1;
  for (;;) {
    const tries = [];
    for (let i = 0; i < 3; i += 1) {
      await collected();
      tries.push(await timed(once, count));
    }
    const ms = Math.min(...tries);
    if (ms >= roundMs / 2) return Math.max(1, Math.round((count * roundMs) / ms));
    count *= ms < roundMs / 16 ? 8 : 2;
  }
}

function now() {
  const usage = globalThis.process?.cpuUsage?.();
  return usage === undefined ? performance.now() : (usage.user + usage.system) / 1000;
}

async function timed(once, count) {
  const start = now();
  for (let i = 0; i < count; i += 1) {
    // A promise is waited for; what answers at once is not made to wait. None is kept: each collection would copy it.
    const done = once();
    if (typeof done?.then === "function") await done;
  }
  return now() - start;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
