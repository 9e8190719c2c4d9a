/**
 * Where answers come from. The demo's server writes its gateway into the page: the secret is there and stays there. A
 * page from a plain static host finds none, and runs the sandbox, with the sandbox's own public account, in itself.
 */
import { QccClient, type QccEvent } from "qcc-pro";
import { sandboxModule } from "./sandbox";

const gateway = document.querySelector<HTMLMetaElement>('meta[name="qcc-gateway"]')?.content;

export const sourceKind = gateway === undefined ? "sandbox" : "gateway";

let opened: Promise<QccClient> | undefined;

/** The page's client. */
export function client(): Promise<QccClient> {
  opened ??= open();
  return opened;
}

const listeners = new Set<(event: QccEvent) => void>();

/** Told of every attempt, retry and wait of the page's client, until the function returned is called. */
export function onQccEvent(listener: (event: QccEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function open(): Promise<QccClient> {
  const onEvent = (event: QccEvent) => listeners.forEach((listener) => listener(event));
  if (gateway !== undefined) return new QccClient({ gateway, onEvent });
  const { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } = await sandboxModule();
  return new QccClient({
    key: SANDBOX_KEY,
    secretKey: SANDBOX_SECRET_KEY,
    // Not a secret: it stands in the package, and opens nothing but the sandbox.
    dangerouslyAllowBrowser: true,
    fetch: createSandbox().fetch,
    onEvent,
  });
}
