/** What went wrong, in plain words: what it is, what to do, what it cost; the exact words below, for whoever asks. */
import { QccError, statusInfo } from "qcc-pro";
import { language } from "../settings";
import { words } from "../words";

export function Failure({ error }: { error: unknown }) {
  const text = words.value.errors;
  if (isAbort(error)) {
    return (
      <p class="notice" role="status">
        {text.kinds.aborted[0]}
      </p>
    );
  }
  if (!QccError.is(error)) {
    return (
      <div class="failure" role="alert">
        <p class="failure-title">{text.unexpected}</p>
        <p>{String(error)}</p>
      </div>
    );
  }
  const [title, advice] = text.kinds[error.kind] ?? text.kinds.internal;
  const code = error.status === null ? null : statusInfo(error.status);
  const facts = [
    error.status !== null && text.code(error.status),
    error.httpStatus !== null && error.httpStatus !== 200 && text.http(error.httpStatus),
    text.billed[`${error.billed}`],
    error.attempts > 1 && text.attempts(error.attempts),
    error.retryable && text.retry,
  ].filter(Boolean);
  return (
    <div class="failure" role="alert" data-kind={error.kind}>
      <p class="failure-title">{title}</p>
      <p>
        {code && <strong>{code[language.value]}{language.value === "zh" ? "。" : ". "}</strong>}
        {advice}
      </p>
      <p class="facts">{facts.join(" · ")}</p>
      <details>
        <summary>{text.details}</summary>
        <p lang="en">{error.message}</p>
        {error.hint && <p lang="en">{error.hint}</p>}
        {error.body && <pre tabIndex={0}>{error.body}</pre>}
      </details>
    </div>
  );
}

function isAbort(error: unknown) {
  return error instanceof DOMException && error.name === "AbortError";
}
