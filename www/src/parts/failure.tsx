/** What went wrong, in plain words: what it is, what to do, what it cost; the exact words below, for whoever asks. */
import type { Problem } from "../engine/problem";
import { language } from "../settings";
import { words } from "../words";

export function Failure({ problem }: { problem: Problem }) {
  const text = words.value.errors;
  if (problem.type === "aborted") {
    return (
      <p class="notice" role="status">
        {text.kinds.aborted[0]}
      </p>
    );
  }
  if (problem.type === "unexpected") {
    return (
      <div class="failure" role="alert">
        <p class="failure-title">{text.unexpected}</p>
        <p>{problem.message}</p>
      </div>
    );
  }
  const [title, advice] = text.kinds[problem.kind] ?? text.kinds.internal;
  const code = problem.words;
  const facts = [
    problem.status !== null && text.code(problem.status),
    problem.httpStatus !== null && problem.httpStatus !== 200 && text.http(problem.httpStatus),
    text.billed[`${problem.billed}`],
    problem.attempts > 1 && text.attempts(problem.attempts),
    problem.retryable && text.retry,
  ].filter(Boolean);
  return (
    <div class="failure" role="alert" data-kind={problem.kind}>
      <p class="failure-title">{title}</p>
      <p>
        {code && <strong>{code[language.value]}{language.value === "zh" ? "。" : ". "}</strong>}
        {advice}
      </p>
      <p class="facts">{facts.join(" · ")}</p>
      <details>
        <summary>{text.details}</summary>
        <p lang="en">{problem.message}</p>
        {problem.hint && <p lang="en">{problem.hint}</p>}
        {problem.body && <pre tabIndex={0}>{problem.body}</pre>}
      </details>
    </div>
  );
}
