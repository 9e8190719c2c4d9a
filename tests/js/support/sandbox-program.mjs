// The sandbox in whatever runtime starts this file: asked as a function and as a server, its faults met over real
// connections. Prints what it saw as JSON on its last line. It signs with node:crypto, and asks with the runtime's own
// fetch.
import { createHash } from "node:crypto";
import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";

const NAMES = ["企查查科技股份有限公司", "大连银行股份有限公司"];
const LISTED = ["reset", "cut-body", "stall-body", "no-answer", "truncated-json", "empty", "html"];

function headers() {
  const Timespan = String(Math.floor(Date.now() / 1000));
  const Token = createHash("md5").update(SANDBOX_KEY + Timespan + SANDBOX_SECRET_KEY).digest("hex").toUpperCase();
  return { Token, Timespan };
}

const QUOTA = `/api/company/quota/getQuota?key=${SANDBOX_KEY}`;
const EXAMPLE = `/api/corp/correlation/findPartnershipRelation?${new URLSearchParams({ key: SANDBOX_KEY, companyNames: NAMES.join() })}`;

/** What came of one call: the body, or how it failed. */
async function met(ask, timeoutMs = 10_000) {
  try {
    const response = await ask({ headers: headers(), signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    try {
      return `${response.status} ${JSON.parse(text).status}`;
    } catch {
      return text === "" ? `${response.status} empty` : text.startsWith("<html>") ? `${response.status} html` : `${response.status} broken`;
    }
  } catch (error) {
    return error.name === "TimeoutError" || error.name === "AbortError" ? "timeout" : "failed";
  }
}

// Neither a call that hangs nor AbortSignal.timeout keeps Node from ending.
const awake = setInterval(() => {}, 1000);
const seen = {};
const direct = createSandbox();
seen.direct = await (await direct.fetch(`https://pro.qcc.com${EXAMPLE}`, { headers: headers() })).text();
seen.request = await (await direct.fetch(new Request(`https://pro.qcc.com${QUOTA}`, { headers: headers() }))).text();
seen.unsigned = await met(() => direct.fetch(`https://pro.qcc.com${QUOTA}`));
seen.faultsOfFetch = {};
seen.faultsOfServer = {};
for (const transport of LISTED) {
  const sandbox = createSandbox({ faults: [{ transport }] });
  const wait = ["stall-body", "no-answer"].includes(transport) ? 400 : undefined;
  seen.faultsOfFetch[transport] = await met((init) => sandbox.fetch(`https://pro.qcc.com${QUOTA}`, init), wait);
  const server = await sandbox.listen();
  seen.faultsOfServer[transport] = await met((init) => fetch(server.url + QUOTA, init), wait);
  await server.close();
}

const sandbox = createSandbox({ faults: [{ calls: 2, bodyMs: 250 }] });
const server = await sandbox.listen({ gzip: true });
seen.served = await (await fetch(server.url + EXAMPLE, { headers: headers() })).text();
const begin = performance.now();
seen.dribbled = await met((init) => fetch(server.url + QUOTA, init));
seen.dribbledForLong = performance.now() - begin >= 240;
seen.stats = sandbox.stats();
await server.close();
seen.closed = await met((init) => fetch(server.url + QUOTA, init));
clearInterval(awake);
console.log(JSON.stringify(seen));
