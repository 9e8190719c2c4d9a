/** The field for the list, and the button that asks. */
import { EXAMPLE, answer, ask, listText, names, stop } from "../question";
import { words } from "../words";
import { Section } from "./section";

export function CompaniesSection() {
  const text = words.value.companies;
  const asking = answer.value.state === "asking";
  return (
    <Section id="companies" title={text.title} hint={text.hint}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
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
          <button type="button" class="quiet" onClick={() => (listText.value = EXAMPLE.join("\n"))}>
            {text.example}
          </button>
          <button type="button" class="quiet" onClick={() => (listText.value = "")}>
            {text.clear}
          </button>
        </div>
      </form>
    </Section>
  );
}
