// Times several ways of doing one thing side by side: in interleaved rounds, so that whatever else the machine does
// strikes all of them alike, and by medians, so that a strike counts little. Only the ratios of one run mean anything.
// In Node it is the process's own processor time that counts, its helpers (collector, compilers) included: waiting for a
// busy machine is nobody's cost. Browsers tell only the time on the wall.

/** One round of one candidate lasts about so long; a candidate that takes longer runs once. */
const ROUND_MS = 20;
/** So long each candidate runs before anything counts: engines compile in several steps, WebAssembly too. */
const WARM_UP_MS = 400;

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
    // Each round begins with another one, so that none always runs after the same neighbour.
    for (let i = 0; i < entries.length; i += 1) {
      const [name, once] = entries[(i + round) % entries.length];
      globalThis.gc?.();
      times[name].push((await timed(once, counts[name])) / counts[name]);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list) * 1e6]));
}

/** How often it can be done in a round. */
async function calibrated(once, roundMs) {
  let count = 1;
  for (;;) {
    const ms = await timed(once, count);
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
  // A promise is waited for; what answers at once is not made to wait.
  const first = once();
  if (typeof first?.then === "function") {
    await first;
    for (let i = 1; i < count; i += 1) await once();
  } else {
    for (let i = 1; i < count; i += 1) once();
  }
  return now() - start;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
