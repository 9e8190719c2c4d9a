/** A run: its progress, its pause, its bill, and everything that did not go as planned. */
import type { ScanProgress } from "qcc-pro";
import { engine, progress } from "../engine";
import type { Detour, Report } from "../engine/messages";
import { price } from "../plan";
import { budget, forgetRun, pauseRun, run, startRun } from "../run";
import { words } from "../words";
import { Failure } from "./failure";
import { Section } from "./section";

export function RunSection() {
  const text = words.value.run;
  const now = run.value;
  const far = now.state === "running" || now.state === "ended" ? progress.value : null;
  if (now.state === "idle") return null;
  return (
    <Section id="run" title={text.title} hint={text.hint}>
      {now.state === "failed" && <Failure problem={now.problem} />}
      {now.state === "left" && (
        <div class="actions">
          <span>{text.left}</span>
          <button type="button" class="primary" onClick={() => void startRun()}>
            {text.resume}
          </button>
          <button type="button" class="quiet" onClick={() => void forgetRun()}>
            {text.forget}
          </button>
        </div>
      )}
      {far && <Bar progress={far.progress} />}
      {far && <Detours detours={far.detours} />}
      {now.state === "running" && (
        <div class="actions">
          <button type="button" disabled={now.pausing} onClick={pauseRun}>
            {now.pausing ? text.pausing : text.pause}
          </button>
        </div>
      )}
      {now.state === "ended" && <Outcome report={now.report} />}
    </Section>
  );
}

function Bar({ progress: { calls, done, paid, fromStore, failed, relations, etaMs } }: { progress: ScanProgress }) {
  const { run: text, locale } = words.value;
  const count = (value: number) => value.toLocaleString(locale);
  const cost = (paid * price.value).toLocaleString(locale, {
    style: "currency",
    currency: "CNY",
    currencyDisplay: "narrowSymbol",
  });
  return (
    <>
      <progress max={Math.max(1, calls)} value={done} aria-label={text.title} />
      <dl class="figures small">
        <Count title={text.done} value={`${count(done)} / ${count(calls)}`} />
        <Count title={text.paid} value={`${count(paid)} · ${cost}`} />
        <Count title={text.fromStore} value={count(fromStore)} />
        <Count title={text.relations} value={count(relations)} />
        {failed > 0 && <Count title={text.failed} value={count(failed)} />}
        {etaMs !== null && done < calls && <Count title={text.eta} value={text.seconds(Math.ceil(etaMs / 1000))} />}
      </dl>
    </>
  );
}

function Count({ title, value }: { title: string; value: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** As many as are shown one by one. */
const MOST_DETOURS = 5;

/** Calls that were divided, and companies found out: what a run has met and gone around. */
function Detours({ detours }: { detours: Detour[] }) {
  const text = words.value.run;
  if (detours.length === 0) return null;
  return (
    <ul class="facts detours">
      {detours.slice(-MOST_DETOURS).map((detour, index) => (
        <li key={index}>
          {detour.type === "split" ? text.split(detour.companies, detour.into) : text.leftOut(detour.company)}
        </li>
      ))}
      {detours.length > MOST_DETOURS && <li>{text.earlier(detours.length - MOST_DETOURS)}</li>}
    </ul>
  );
}

function Outcome({ report: { stopped, failed, problems, unsupported, done, calls } }: { report: Report }) {
  const text = words.value.run;
  return (
    <>
      <p class={stopped === null ? "answered" : "notice"} role="status">
        {stopped === null ? text.complete : text.stopped[stopped]}
      </p>
      {unsupported.length > 0 && (
        <p>
          {text.unsupported} <span lang="zh-CN">{unsupported.join("、")}</span>
        </p>
      )}
      {problems.map((problem, index) => (
        <Failure key={index} problem={problem} />
      ))}
      {failed > problems.length && <p class="facts">{text.more(failed - problems.length)}</p>}
      <div class="actions">
        {(stopped !== null || done < calls) && (
          <button type="button" class="primary" onClick={() => void startRun()}>
            {text.resume}
          </button>
        )}
        {stopped !== null && (
          <button type="button" class="quiet" onClick={() => void forgetRun()}>
            {text.forget}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => void engine.clearAnswers()}>
          {text.clear}
        </button>
      </div>
    </>
  );
}

/** How many calls may be paid at most. */
export function BudgetField() {
  const text = words.value.run;
  return (
    <label class="inline-field">
      {text.budget}{" "}
      <input
        type="number"
        min="1"
        step="1"
        inputMode="numeric"
        placeholder={text.unbounded}
        value={budget.value ?? ""}
        onChange={({ currentTarget }) => {
          const value = Math.floor(Number(currentTarget.value));
          budget.value = value >= 1 ? value : null;
        }}
      />
    </label>
  );
}
