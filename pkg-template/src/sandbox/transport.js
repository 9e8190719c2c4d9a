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

/** No timer is exact to less than this. */
const LEAST_PIECE_MS = 10;

/** The bytes in pieces that come one after the other, the last `ms` after the first was waited for; in one, without. */
export async function* pieces(bytes, ms, signal) {
  const count = Math.max(1, Math.min(bytes.length, Math.floor(ms / LEAST_PIECE_MS)));
  for (let piece = 0; piece < count; piece += 1) {
    if (ms > 0) await wait(ms / count, signal);
    const [start, end] = [piece, piece + 1].map((index) => Math.round((index * bytes.length) / count));
    if (end > start) yield bytes.subarray(start, end);
  }
}

/** The Response, whose body may dribble, break off or stop. */
export function respond({ httpStatus, headers, transport, body, arriving, bodyMs }, signal) {
  if (transport !== "deliver" || bodyMs > 0) body = partOf(body.subarray(0, arriving), transport, bodyMs, signal);
  return new Response(body, { status: httpStatus, headers });
}

function partOf(part, transport, bodyMs, signal) {
  // Ends with the signal, and when nobody wants to read on.
  const gone = new AbortController();
  const arriving = pieces(part, bodyMs, gone.signal);
  let abort;
  const release = () => {
    signal?.removeEventListener("abort", abort);
    gone.abort();
  };
  return new ReadableStream(
    {
      start(controller) {
        abort = () => {
          controller.error(signal.reason);
          release();
        };
        signal?.addEventListener("abort", abort, { once: true });
      },
      async pull(controller) {
        const { value, done } = await arriving.next();
        if (!done) {
          controller.enqueue(value);
          return undefined;
        }
        if (transport === "stall-body") return new Promise(() => {});
        release();
        if (transport === "deliver") controller.close();
        else controller.error(failure("terminated", "other side closed", "UND_ERR_SOCKET"));
        return undefined;
      },
      cancel: release,
    },
    // Nothing ahead of the reader: an error would throw away what is queued.
    { highWaterMark: 0 },
  );
}
