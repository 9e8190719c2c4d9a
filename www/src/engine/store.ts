/** The answers that were paid for, in the browser's IndexedDB. */
import { clear, createStore, getMany, setMany } from "idb-keyval";
import type { QccStore } from "qcc-pro";

const answers = createStore("qcc-pro-answers", "answers");

/**
 * Gathers what is wanted while something is under way, and does it all at once: a transaction takes its milliseconds
 * however much is in it.
 */
function together<Given, Got>(all: (given: Given[]) => Promise<Got[]>): (given: Given) => Promise<Got> {
  let waiting: { given: Given; resolve: (got: Got) => void; reject: (error: unknown) => void }[] = [];
  let busy = false;
  const work = async () => {
    busy = true;
    // What is wanted at the same moment goes together as well.
    await null;
    while (waiting.length > 0) {
      const now = waiting;
      waiting = [];
      try {
        const got = await all(now.map(({ given }) => given));
        now.forEach(({ resolve }, index) => resolve(got[index]!));
      } catch (error) {
        for (const { reject } of now) reject(error);
      }
    }
    busy = false;
  };
  return (given) =>
    new Promise((resolve, reject) => {
      waiting.push({ given, resolve, reject });
      if (!busy) void work();
    });
}

const read = together((keys: string[]) => getMany(keys, answers));
const write = together(async (entries: [key: string, value: string][]) => {
  await setMany(entries, answers);
  return entries;
});

/** Where the client keeps answers before it counts them. */
export const answerStore: QccStore = { get: read, set: (key, value) => write([key, value]) };

/** Throws away every answer kept: what is asked again is then paid again. */
export const clearAnswers = () => clear(answers);
