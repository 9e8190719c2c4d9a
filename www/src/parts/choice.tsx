/** A few choices of which one holds: radio buttons, so that the keyboard and screen readers know them. */
import type { Signal } from "@preact/signals";

interface Properties<Value extends string> {
  name: string;
  legend: string;
  value: Signal<Value>;
  choices: readonly (readonly [value: Value, label: string, language?: string])[];
}

export function Choice<Value extends string>({ name, legend, value, choices }: Properties<Value>) {
  return (
    <fieldset class="choice">
      <legend class="unseen">{legend}</legend>
      {choices.map(([choice, label, language]) => (
        <label key={choice} lang={language}>
          <input
            type="radio"
            name={name}
            value={choice}
            checked={value.value === choice}
            onChange={() => (value.value = choice)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
