/** The sandbox's answers as `fetch` shows them, failures included. No timer and no listener outlives its call. */

/** An error as Node's fetch throws it: a TypeError whose cause says with a code what happened. */
export function failure(message, reason, code) {
  return new TypeError(message, { cause: Object.assign(new Error(reason), { code }) });
}

/** Resolves after so many milliseconds; rejects at once, with its reason, when `signal` is aborted. */
export function wait(ms, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Never resolves; rejects with its reason when `signal` is aborted. */
export function untilAborted(signal) {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** The Response, whose body may break off or stop. */
export function respond({ httpStatus, headers, transport, body, arriving }, signal) {
  if (transport !== "deliver") body = partOf(body.subarray(0, arriving), transport, signal);
  return new Response(body, { status: httpStatus, headers });
}

function partOf(part, transport, signal) {
  let abort;
  const release = () => signal?.removeEventListener("abort", abort);
  return new ReadableStream(
    {
      start(controller) {
        abort = () => controller.error(signal.reason);
        signal?.addEventListener("abort", abort, { once: true });
      },
      pull(controller) {
        if (part.length > 0) {
          controller.enqueue(part);
          part = part.subarray(part.length);
          return undefined;
        }
        if (transport === "stall-body") return new Promise(() => {});
        release();
        controller.error(failure("terminated", "other side closed", "UND_ERR_SOCKET"));
        return undefined;
      },
      cancel: release,
    },
    // Nothing ahead of the reader: an error would throw away what is queued.
    { highWaterMark: 0 },
  );
}
