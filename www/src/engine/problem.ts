/** An error as it can be handed from a worker to the page: an error's class does not survive the way. */
import { QccError, type QccErrorKind, statusInfo } from "qcc-pro";

export type Problem =
  | { type: "aborted" }
  | { type: "unexpected"; message: string }
  | {
      type: "qcc";
      kind: QccErrorKind;
      message: string;
      hint: string;
      status: number | null;
      httpStatus: number | null;
      billed: boolean | "unknown";
      billedCalls: number;
      retryable: boolean;
      attempts: number;
      body: string | null;
      /** The vendor's code in words, where it is known. */
      words: { zh: string; en: string } | null;
    };

export function problemOf(error: unknown): Problem {
  if (error instanceof DOMException && error.name === "AbortError") return { type: "aborted" };
  if (!QccError.is(error)) return { type: "unexpected", message: String(error) };
  const { kind, message, hint, status, httpStatus, billed, billedCalls, retryable, attempts, body } = error;
  const fields = { kind, message, hint, status, httpStatus, billed, billedCalls, retryable, attempts, body };
  return { type: "qcc", ...fields, words: status === null ? null : wordsOf(status) };
}

/** What a status code means, in both languages. */
export function wordsOf(status: number): { zh: string; en: string } | null {
  const info = statusInfo(status);
  return info && { zh: info.zh, en: info.en };
}
