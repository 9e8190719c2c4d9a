/** The switch that makes the sandbox fail, and a record of what the client does about it. */
import { useSignal } from "@preact/signals";
import { type Line, type Outcome, SCENARIOS, type ScenarioName, type Trial, trial, tryScenario } from "../faults";
import { language } from "../settings";
import { words } from "../words";
import { Failure } from "./failure";
import { cost } from "./relations";
import { Section } from "./section";

const NAMES = Object.keys(SCENARIOS) as ScenarioName[];

export function FaultSection() {
  const text = words.value.faults;
  const chosen = useSignal<ScenarioName>("overload");
  const now = trial.value;
  return (
    <Section id="faults" title={text.title} hint={text.hint}>
      <div class="fault-switch">
        <fieldset class="scenarios">
          <legend>{text.choose}</legend>
          {NAMES.map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="scenario"
                value={name}
                checked={chosen.value === name}
                onChange={() => (chosen.value = name)}
              />
              <span>{text.names[name]}</span>
            </label>
          ))}
        </fieldset>
        <button type="button" class="primary" onClick={() => void tryScenario(chosen.value)}>
          {text.run}
        </button>
      </div>
      {now && <Record trial={now} />}
    </Section>
  );
}

function Record({ trial: { name, lines, outcome, billed } }: { trial: Trial }) {
  const text = words.value.faults;
  return (
    <div class="record" data-state={outcome.state}>
      <h3>
        {text.log}: {text.names[name]}
      </h3>
      <ol class="events">
        {lines.map(({ at, line }, index) => (
          <li key={index} class={line.of === "client" ? line.event.type : `run-${line.type}`}>
            <span class="at">{(at / 1000).toFixed(2)} s</span>
            <span>{line.of === "client" ? tell(line) : tellRun(line)}</span>
          </li>
        ))}
      </ol>
      <Ending outcome={outcome} />
      {outcome.state !== "running" && <p class="facts">{text.bill(billed, claim(outcome))}</p>}
    </div>
  );
}

function Ending({ outcome }: { outcome: Outcome }) {
  const { faults: text, run } = words.value;
  switch (outcome.state) {
    case "running":
      return <p role="status">{text.running}</p>;
    case "failed":
      return <Failure problem={outcome.problem} />;
    case "answered":
      return (
        <p class="answered" role="status">
          {text.answered(outcome.relations)}
        </p>
      );
    case "ran":
      return (
        <p class={outcome.stopped === null ? "answered" : "notice"} role="status">
          {outcome.stopped === null ? run.complete : run.stopped[outcome.stopped]}
          <br />
          {text.ran(outcome.done, outcome.calls, outcome.relations, outcome.uncovered)}
        </p>
      );
  }
}

function claim(outcome: Outcome): string {
  const { billing } = words.value;
  if (outcome.state === "answered") return cost(outcome.cost);
  if (outcome.state === "ran") return billing.paidTimes(outcome.paid);
  return outcome.state === "failed" && outcome.problem.type === "qcc" ? cost({ ...outcome.problem, fromStore: false }) : "";
}

function tell({ event, words: meaning }: Line & { of: "client" }): string {
  const text = words.value.faults.events;
  switch (event.type) {
    case "request":
      return text.request(event.attempt);
    case "response": {
      const code = [event.httpStatus === undefined ? null : `HTTP ${event.httpStatus}`, event.status, meaning?.[language.value]];
      return event.status === undefined && event.httpStatus === undefined
        ? text.failed
        : text.response(code.filter((part) => part !== null && part !== undefined).join(" · "));
    }
    case "retry":
      return text.retry(seconds(event.waitMs));
    case "wait":
      return text.wait(seconds(event.waitMs));
    case "skew":
      return text.skew(seconds(event.offsetMs));
    default:
      return text[event.type];
  }
}

function tellRun(line: Line & { of: "run" }): string {
  const text = words.value.faults.runEvents;
  switch (line.type) {
    case "split":
      return text.split(line.companies, line.into);
    case "unsupported":
      return text.unsupported(line.company);
    case "answer":
      return text.answer(line.companies, line.relations);
    default:
      return text[line.type](line.companies);
  }
}

const seconds = (ms = 0) => `${(ms / 1000).toFixed(Math.abs(ms) < 10_000 ? 2 : 0)} s`;
