/** The sandbox's module, which is loaded when something of the page first needs it. */
import { useEffect, useState } from "preact/hooks";

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
