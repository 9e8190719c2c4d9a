/** A section: its title and a line about it at the side, its content beside them. */
import type { ComponentChildren } from "preact";

interface Properties {
  id: string;
  title: string;
  hint?: ComponentChildren;
  /** The title above rather than beside. */
  wide?: boolean;
  children: ComponentChildren;
}

export function Section({ id, title, hint, wide, children }: Properties) {
  return (
    <section class={wide ? "section wide" : "section"} aria-labelledby={`${id}-title`} id={id}>
      <header class="section-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {hint && <p class="hint">{hint}</p>}
      </header>
      <div class="section-body">{children}</div>
    </section>
  );
}
