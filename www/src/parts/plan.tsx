/** What the list will cost before anything is asked: companies, pairs, calls, money, and a picture of the calls. */
import { useEffect, useRef } from "preact/hooks";
import { colourOf } from "../colour";
import { NO_COMPANY, type PlanFigures } from "../engine/messages";
import { planned, price } from "../plan";
import { CALL_SIZE, names } from "../question";
import { theme } from "../settings";
import { words } from "../words";
import { Failure } from "./failure";
import { Section } from "./section";

export function PlanSection() {
  const text = words.value.plan;
  const now = planned.value;
  // What is wrong with a short list is said when it is asked.
  if (now.state === "none" || (now.state === "failed" && names.value.length <= CALL_SIZE)) return null;
  return (
    <Section id="plan" title={text.title} hint={text.hint}>
      {now.state === "failed" ? <Failure problem={now.problem} /> : <Figures plan={now.plan} />}
    </Section>
  );
}

function Figures({ plan }: { plan: PlanFigures }) {
  const { plan: text, locale } = words.value;
  const { companies, pairs, calls, naiveCalls, lowerBound } = plan;
  const count = (value: number) => value.toLocaleString(locale);
  const money = (value: number) =>
    (value * price.value).toLocaleString(locale, { style: "currency", currency: "CNY", currencyDisplay: "narrowSymbol" });
  return (
    <>
      <dl class="figures">
        <Figure title={text.companies} value={count(companies)} />
        <Figure title={text.pairs} value={count(pairs)} />
        <Figure
          title={text.calls}
          value={count(calls)}
          main
          note={calls === lowerBound ? text.optimal : text.bound(count(lowerBound))}
        />
        <Figure
          title={text.naive}
          value={count(naiveCalls)}
          note={naiveCalls > calls ? text.saved(Math.round(100 * (1 - calls / naiveCalls))) : undefined}
        />
      </dl>
      {calls > 1 && <Weave plan={plan} />}
      <p class="price">
        <label>
          {text.price}{" "}
          <input
            type="number"
            min="0"
            step="0.01"
            inputMode="decimal"
            value={price.value}
            onInput={({ currentTarget }) => (price.value = Math.max(0, Number(currentTarget.value) || 0))}
          />
        </label>
        <span>{text.cost(money(calls), naiveCalls > calls ? money(naiveCalls) : null)}</span>
      </p>
    </>
  );
}

interface FigureProperties {
  title: string;
  value: string;
  note?: string | undefined;
  main?: boolean;
}

function Figure({ title, value, note, main }: FigureProperties) {
  return (
    <div class={main ? "main" : undefined}>
      <dt>{title}</dt>
      <dd>
        {value}
        {note && <span class="facts">{note}</span>}
      </dd>
    </div>
  );
}

const HEIGHT = 180;

/** Every call a column, every company a row: the pattern by which each two companies meet. */
function Weave({ plan }: { plan: PlanFigures }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = plan.drawn.length / plan.width;
  const chosen = theme.value;
  useEffect(() => {
    const element = canvas.current!;
    const paint = () => weave(element, plan);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", paint);
    // Paints for the first time as well, when the style sheet has followed the choice.
    const sizes = new ResizeObserver(paint);
    sizes.observe(element);
    return () => {
      dark.removeEventListener("change", paint);
      sizes.disconnect();
    };
  }, [plan, chosen]);
  const text = words.value.plan;
  return (
    <figure>
      <canvas ref={canvas} class="weave" role="img" aria-label={text.picture(plan.companies, plan.calls)} />
      <figcaption class="facts">
        {text.weave}
        {columns < plan.calls && ` ${text.first(columns)}`}
      </figcaption>
    </figure>
  );
}

function weave(element: HTMLCanvasElement, { companies, drawn, width: size }: PlanFigures) {
  const { clientWidth: width } = element;
  const context = element.getContext("2d");
  if (!context || width === 0) return;
  const ratio = Math.min(2, devicePixelRatio);
  element.width = Math.round(width * ratio);
  element.height = Math.round(HEIGHT * ratio);
  context.scale(ratio, ratio);
  const colours = ["--seal", "--indigo", "--jade", "--gold"].map((name) => colourOf(element, name));
  const columns = drawn.length / size;
  const [across, down] = [width / columns, HEIGHT / companies];
  const gap = across > 4 ? 1 : 0;
  const [w, h] = [Math.max(0.6, across - gap), Math.max(1.2, down - (down > 4 ? 1 : 0))];
  for (let index = 0; index < columns; index += 1) {
    context.fillStyle = colours[index % colours.length]!;
    for (const row of drawn.subarray(index * size, (index + 1) * size)) {
      if (row !== NO_COMPANY) context.fillRect(index * across, row * down, w, h);
    }
  }
}
