/** What outlives a reload beside the answers: the run that is not finished. */
import { createStore, del, get, set } from "idb-keyval";

const page = createStore("qcc-pro-page", "page");

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
