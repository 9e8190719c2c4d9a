/** The switch that makes the sandbox fail, and a record of what the client does about it. */
import { useSignal } from "@preact/signals";
import type { QccEvent } from "qcc-pro";
import { QccError, statusInfo } from "qcc-pro";
import { SCENARIOS, type ScenarioName, type Trial, trial, tryScenario } from "../faults";
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

function Record({ trial: { name, events, outcome, billed } }: { trial: Trial }) {
  const text = words.value.faults;
  return (
    <div class="record" data-state={outcome.state}>
      <h3>
        {text.log}: {text.names[name]}
      </h3>
      <ol class="events">
        {events.map(({ at, event }, index) => (
          <li key={index} class={event.type}>
            <span class="at">{(at / 1000).toFixed(2)} s</span>
            <span>{tell(event)}</span>
          </li>
        ))}
      </ol>
      {outcome.state === "running" && <p role="status">{text.running}</p>}
      {outcome.state === "answered" && (
        <p class="answered" role="status">
          {text.answered(outcome.relations.length)}
        </p>
      )}
      {outcome.state === "failed" && <Failure error={outcome.error} />}
      {outcome.state !== "running" && <p class="facts">{text.bill(billed, claim(outcome))}</p>}
    </div>
  );
}

function claim(outcome: Trial["outcome"]): string {
  const { billing } = words.value;
  if (outcome.state === "answered") return cost(outcome.meta);
  if (outcome.state !== "failed" || !QccError.is(outcome.error)) return "";
  const { billed, billedCalls } = outcome.error;
  if (billed === "unknown") return billing.unknown;
  return billed ? (billedCalls > 1 ? billing.paidTimes(billedCalls) : billing.paid) : billing.free;
}

function tell(event: QccEvent): string {
  const text = words.value.faults.events;
  switch (event.type) {
    case "request":
      return text.request(event.attempt);
    case "response":
      return event.status === undefined && event.httpStatus === undefined ? text.failed : text.response(code(event));
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

function code({ status, httpStatus }: QccEvent): string {
  const parts = [];
  if (httpStatus !== undefined) parts.push(`HTTP ${httpStatus}`);
  if (status !== undefined) parts.push(String(status), statusInfo(status)?.[language.value]);
  return parts.filter(Boolean).join(" · ");
}

const seconds = (ms = 0) => `${(ms / 1000).toFixed(Math.abs(ms) < 10_000 ? 2 : 0)} s`;
