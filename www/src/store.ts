/** What outlives a reload, in the browser's IndexedDB: the answers that were paid for, and the run that is not finished. */
import { clear, createStore, del, get, set } from "idb-keyval";
import type { QccStore } from "qcc-pro";

const answers = createStore("qcc-pro-answers", "answers");
const page = createStore("qcc-pro-page", "page");

/** Where the client keeps answers before it counts them. */
export const answerStore: QccStore = {
  get: (key) => get(key, answers),
  set: (key, value) => set(key, value, answers),
};

/** Throws away every answer kept: what is asked again is then paid again. */
export const clearAnswers = () => clear(answers);

const RUN = "unfinished run";

/**
 * The list of a run that was begun and has not come to its end. Where the browser keeps nothing a reload forgets it, and
 * nothing else changes.
 */
export const unfinished = {
  read: () => get<string>(RUN, page).catch(() => undefined),
  write: (list: string) => set(RUN, list, page).catch(() => undefined),
  forget: () => del(RUN, page).catch(() => undefined),
};
