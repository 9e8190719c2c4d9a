/** What of the things found is looked at: the filter, the company selected and its partners. The engine has the things. */
import { effect, signal } from "@preact/signals";
import { engine, found } from "./engine";
import { type Filter, OPEN, type Partners } from "./engine/messages";

export const filter = signal<Filter>(OPEN);
export const selected = signal<string | null>(null);
export const partners = signal<Partners | null>(null);

effect(() => void engine.filter(filter.value));

effect(() => {
  const name = selected.value;
  // Anew whenever there are other relations.
  found.value.version;
  if (name === null) partners.value = null;
  else {
    void engine.partners(name).then((list) => {
      // Another one may have been selected meanwhile.
      if (selected.peek() === name) partners.value = list;
    });
  }
});

let searches = 0;

/** Selects the company meant by what was typed. */
export async function search(typed: string) {
  const number = ++searches;
  const wanted = typed.trim();
  if (wanted === "") selected.value = null;
  else if (wanted.length >= 2) {
    const name = await engine.find(wanted);
    // More may have been typed meanwhile.
    if (number === searches && name !== null) selected.value = name;
  }
}
