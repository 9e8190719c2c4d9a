/** Language and appearance: chosen by the visitor, else taken from the browser; kept for the next visit. */
import { effect, signal } from "@preact/signals";

export type Language = "zh" | "en";
export type Theme = "auto" | "light" | "dark";

export const language = kept<Language>("language", ["zh", "en"], navigator.language.startsWith("zh") ? "zh" : "en");
export const theme = kept<Theme>("theme", ["auto", "light", "dark"], "auto");

/** A signal that starts with what was kept under `name`, and keeps what it becomes. */
function kept<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice) {
  let before: string | null = null;
  try {
    before = localStorage.getItem(name);
  } catch {
    // Storage may be closed to the page: the choice then lasts as long as the page.
  }
  const choice = signal(choices.find((known) => known === before) ?? otherwise);
  effect(() => {
    const value = choice.value;
    try {
      if (value === otherwise) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch {
      // As above.
    }
  });
  return choice;
}

/** Keeps the document's own attributes in step, for the style sheet and for screen readers. */
export function applySettings(title: () => string) {
  effect(() => {
    const root = document.documentElement;
    root.lang = language.value === "zh" ? "zh-CN" : "en";
    if (theme.value === "auto") delete root.dataset["theme"];
    else root.dataset["theme"] = theme.value;
    document.title = title();
  });
}
