/** The errors of this side: what is refused before anything is sent, and what a call into WebAssembly throws. */
import { QccError } from "./error.js";

/** An error before anything was sent. */
export function unsent(kind, message, hint, cause) {
  return new QccError(
    { kind, message, hint, billed: false, billedCalls: 0, retryable: false, attempts: 0, fromStore: false },
    cause,
  );
}

export const configError = (message, hint, cause) => unsent("config", message, hint, cause);

/** What comes out of a call into WebAssembly as it is thrown on: Rust throws the fields of an error. */
export const errorOf = (thrown) =>
  typeof thrown?.kind === "string" && !QccError.is(thrown) ? new QccError(thrown) : thrown;
