/** The field for the list: typed, pasted, or out of a file that is chosen or dropped on it. */
import { useSignal } from "@preact/signals";
import type { TargetedClipboardEvent } from "preact";
import { useRef } from "preact/hooks";
import { engine } from "../engine";
import { planned } from "../plan";
import { CALL_SIZE, EXAMPLE, answer, ask, listText, names, stop } from "../question";
import { run, startRun } from "../run";
import { words } from "../words";
import { BudgetField } from "./run";
import { Section } from "./section";

const SAMPLES = [100, 2000];

/** Companies that do not exist: the sandbox invents their relations as well. */
async function sample(count: number) {
  listText.value = (await engine.sample(count)).join("\n");
}

/** As many lines as a browser pastes in no time. */
const MOST_PASTED = 100;

/** A long list goes in at once: pasting line by line, as browsers do, takes seconds for a thousand of them. */
function pasted(event: TargetedClipboardEvent<HTMLTextAreaElement>) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (text.split("\n", MOST_PASTED + 1).length <= MOST_PASTED) return;
  event.preventDefault();
  const field = event.currentTarget;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  listText.value = field.value;
}

export function CompaniesSection() {
  const text = words.value.companies;
  const asking = answer.value.state === "asking";
  const busy = asking || run.value.state === "running";
  const many = names.value.length > CALL_SIZE;
  const plan = planned.value.state === "planned" ? planned.value.plan : null;
  const chooser = useRef<HTMLInputElement>(null);
  const over = useSignal(false);
  const problem = useSignal<string | null>(null);

  const take = async (file: File | undefined) => {
    if (!file) return;
    problem.value = null;
    try {
      listText.value = (await engine.namesIn(file)).filter((name) => name.trim() !== "").join("\n");
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
          void (many ? startRun() : ask());
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
          onPaste={pasted}
        />
        <div class="actions">
          <button type="submit" class="primary" disabled={busy || names.value.length === 0}>
            {busy ? text.asking : many && plan ? words.value.run.start(plan.calls.toLocaleString(words.value.locale)) : text.ask}
          </button>
          {asking && (
            <button type="button" onClick={stop}>
              {text.stop}
            </button>
          )}
          <span class="count">{text.count(names.value.length)}</span>
          {many && <BudgetField />}
        </div>
        <div class="list-tools">
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
          {SAMPLES.map((count) => (
            <button key={count} type="button" class="quiet" onClick={() => void sample(count)}>
              {text.sample(count)}
            </button>
          ))}
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
