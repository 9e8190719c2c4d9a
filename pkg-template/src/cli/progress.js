/** How far a run is: a bar on a terminal, now and then a line elsewhere, an object with `--json`. */
import { colours, columnsOf, stderr, stringWidth } from "./terminal.js";

const EVERY_MS = 10_000;

/** @returns {Promise<{ update(progress): void, stop(): void }>} */
export async function startProgress({ calls, price, words, json }) {
  const describe = ({ done, calls: all, paid, relations, etaMs }) =>
    [
      words.progress.calls(done, all),
      words.progress.paid(paid, price === undefined ? "" : words.money(paid * price)),
      words.progress.relations(relations),
      etaMs === null || done >= all ? "" : words.progress.left(words.duration(etaMs)),
    ].filter(Boolean);
  if (json || !process.stderr.isTTY) return lines(describe, json);
  const { SingleBar } = (await import("cli-progress")).default;
  const { cyan } = colours(process.stderr);
  const width = columnsOf(process.stderr);
  const told = (progress) => describe(progress).join(" · ");
  let latest = { done: 0, calls, paid: 0, relations: 0, etaMs: null };
  const bar = new SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    fps: 8,
    // It would cut a line that is too long anywhere, in the middle of a character too.
    format: ({ barsize }, { progress }) => {
      const text = told(latest);
      const size = Math.min(barsize, width - stringWidth(text) - 2);
      if (size < 8) return text;
      const full = Math.round(size * Math.min(1, progress));
      return `${cyan("█".repeat(full))}${"░".repeat(size - full)} ${text}`;
    },
    barsize: 30,
  });
  bar.start(calls, 0);
  return {
    update(progress) {
      latest = progress;
      bar.setTotal(progress.calls);
      bar.update(progress.done);
    },
    stop: () => bar.stop(),
  };
}

function lines(describe, json) {
  let last = Date.now();
  return {
    update(progress) {
      if (Date.now() - last < EVERY_MS) return;
      last = Date.now();
      stderr(json ? JSON.stringify({ type: "progress", ...progress }) : describe(progress).join(" · "));
    },
    stop() {},
  };
}
