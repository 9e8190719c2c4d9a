/**
 * Where answers come from. The demo's server writes its gateway into the page: the secret is there and stays there. A
 * page from a plain static host finds none, and runs the sandbox, with the sandbox's own public account, in itself.
 */
import { QccClient } from "qcc-pro";
import { sandboxFetch, sandboxModule } from "./sandbox";
import { answerStore } from "./store";

const gateway = document.querySelector<HTMLMetaElement>('meta[name="qcc-gateway"]')?.content;

export const sourceKind = gateway === undefined ? "sandbox" : "gateway";

let opened: Promise<QccClient> | undefined;

/** The page's client. */
export function client(): Promise<QccClient> {
  opened ??= open();
  return opened;
}

async function open(): Promise<QccClient> {
  if (gateway !== undefined) return new QccClient({ gateway, store: answerStore });
  const { SANDBOX_KEY, SANDBOX_SECRET_KEY } = await sandboxModule();
  return new QccClient({
    key: SANDBOX_KEY,
    secretKey: SANDBOX_SECRET_KEY,
    // Not a secret: it stands in the package, and opens nothing but the sandbox.
    dangerouslyAllowBrowser: true,
    fetch: sandboxFetch(),
    store: answerStore,
  });
}
