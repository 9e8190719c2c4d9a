/** What is told of a trap, after which the instance is thrown away. */
import { QccError } from "./error.js";

export function isTrap(thrown) {
  return thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError;
}

export function trapError(cause, billed) {
  return new QccError(
    {
      kind: "internal",
      message: "内部错误，WebAssembly 实例已更换 (an error inside qcc-pro's WebAssembly; the instance was replaced)",
      hint: "The next call works on a fresh instance. Please report this with the cause.",
      billed,
      billedCalls: 0,
      retryable: billed === false,
      attempts: 0,
      fromStore: false,
    },
    cause,
  );
}
