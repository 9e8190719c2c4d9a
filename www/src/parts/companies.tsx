/** The field for the list: typed, pasted, or out of a file that is chosen or dropped on it. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { namesIn } from "../list-file";
import { EXAMPLE, answer, ask, listText, names, stop } from "../question";
import { words } from "../words";
import { Section } from "./section";

export function CompaniesSection() {
  const text = words.value.companies;
  const asking = answer.value.state === "asking";
  const chooser = useRef<HTMLInputElement>(null);
  const over = useSignal(false);
  const problem = useSignal<string | null>(null);

  const take = async (file: File | undefined) => {
    if (!file) return;
    problem.value = null;
    try {
      listText.value = (await namesIn(file)).filter((name) => name.trim() !== "").join("\n");
    } catch (error) {
      problem.value = text.unreadable(file.name, error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <Section id="companies" title={text.title} hint={text.hint}>
      <form
        class={over.value ? "dropping" : undefined}
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
        onDragOver={(event) => {
          if (!event.dataTransfer?.types.includes("Files")) return;
          event.preventDefault();
          over.value = true;
        }}
        onDragLeave={() => (over.value = false)}
        onDrop={(event) => {
          over.value = false;
          const file = event.dataTransfer?.files[0];
          if (!file) return;
          event.preventDefault();
          void take(file);
        }}
      >
        <label class="unseen" for="names">
          {text.label}
        </label>
        <textarea
          id="names"
          rows={7}
          spellcheck={false}
          lang="zh-CN"
          value={listText.value}
          onInput={(event) => (listText.value = event.currentTarget.value)}
        />
        <div class="actions">
          <button type="submit" class="primary" disabled={asking || names.value.length === 0}>
            {asking ? text.asking : text.ask}
          </button>
          {asking && (
            <button type="button" onClick={stop}>
              {text.stop}
            </button>
          )}
          <span class="count">{text.count(names.value.length)}</span>
          <span class="spacer" />
          <input
            ref={chooser}
            type="file"
            hidden
            accept=".txt,.csv,.tsv,.xlsx"
            onChange={({ currentTarget }) => {
              void take(currentTarget.files?.[0]);
              // The same file may be chosen again.
              currentTarget.value = "";
            }}
          />
          <button type="button" class="quiet" onClick={() => chooser.current?.click()}>
            {text.file}
          </button>
          <button type="button" class="quiet" onClick={() => (listText.value = EXAMPLE.join("\n"))}>
            {text.example}
          </button>
          <button type="button" class="quiet" onClick={() => (listText.value = "")}>
            {text.clear}
          </button>
        </div>
        {problem.value && (
          <p class="failure" role="alert">
            {problem.value}
          </p>
        )}
      </form>
    </Section>
  );
}
