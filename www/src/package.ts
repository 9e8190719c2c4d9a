/** The package itself, for what the page does without its engine: loaded once there is nothing more urgent. */
import { useEffect, useState } from "preact/hooks";

async function load() {
  const [client, sandbox, problem] = await Promise.all([
    import("qcc-pro"),
    import("qcc-pro/sandbox"),
    import("./engine/problem"),
  ]);
  return { ...client, ...sandbox, ...problem };
}

type Package = Awaited<ReturnType<typeof load>>;

let loading: Promise<Package> | undefined;

export function loadPackage(): Promise<Package> {
  return (loading ??= load());
}

/** The package, null until it is there. */
export function usePackage(): Package | null {
  const [loaded, setLoaded] = useState<Package | null>(null);
  useEffect(() => {
    let gone = false;
    // The sections that use it stand at the end of the page.
    const idle = window.requestIdleCallback ?? ((action: () => void) => setTimeout(action, 200));
    idle(() => void loadPackage().then((loaded) => gone || setLoaded(loaded)));
    return () => {
      gone = true;
    };
  }, []);
  return loaded;
}
