/** The sandbox's module, which is loaded when something of the page first needs it, and a sandbox in a worker. */
import { useEffect, useState } from "preact/hooks";
import type { Question, Reply } from "./sandbox.worker";
import SandboxWorker from "./sandbox.worker?worker";

type SandboxModule = typeof import("qcc-pro/sandbox");

let loading: Promise<SandboxModule> | undefined;

export function sandboxModule(): Promise<SandboxModule> {
  loading ??= import("qcc-pro/sandbox");
  return loading;
}

/** The module, null until it is there. */
export function useSandbox(): SandboxModule | null {
  const [module, setModule] = useState<SandboxModule | null>(null);
  useEffect(() => {
    let gone = false;
    // Once there is nothing more urgent: the sections that use it stand at the end of the page.
    const idle = window.requestIdleCallback ?? ((action: () => void) => setTimeout(action, 200));
    idle(() => void sandboxModule().then((loaded) => gone || setModule(loaded)));
    return () => {
      gone = true;
    };
  }, []);
  return module;
}

/** A `fetch` that asks a sandbox in a worker. */
export function sandboxFetch(): typeof fetch {
  const worker = new SandboxWorker();
  const waiting = new Map<number, (reply: Reply) => void>();
  let count = 0;
  worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
    waiting.get(reply.number)?.(reply);
    waiting.delete(reply.number);
  };
  return (input, init) =>
    new Promise((resolve, reject) => {
      const { signal } = init ?? {};
      const number = ++count;
      waiting.set(number, ({ status, headers, body }) => resolve(new Response(body, { status, headers })));
      signal?.addEventListener("abort", () => {
        waiting.delete(number);
        reject(signal.reason);
      });
      const question: Question = { number, url: String(input), headers: Object.fromEntries(new Headers(init?.headers)) };
      worker.postMessage(question);
    });
}
