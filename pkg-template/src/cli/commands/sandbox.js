/** `qcc-pro sandbox`: an emulated QCC Pro to try everything with, on this machine. */
import { readFile } from "node:fs/promises";
import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { EXIT, Problem } from "../exit.js";
import { untilStopped } from "../server.js";
import { colours, stdout } from "../terminal.js";

export async function run(_, options, { words }) {
  const { json, port, host, latency, density, seed, tolerance, callsPerSecond, dailyCalls, quiet } = options;
  const given = Object.entries({ latencyMs: latency, density, seed, toleranceSeconds: tolerance });
  const limits = Object.fromEntries(
    Object.entries({ callsPerSecond, dailyCalls }).filter(([, value]) => value !== undefined),
  );
  const { dim } = colours(process.stdout);
  const onCall = (call) => {
    if (json) stdout(JSON.stringify({ type: "call", ...call }));
    else stdout(dim(words.sandbox.call(call, call.companyNames?.split(",").length ?? 0)));
  };
  const sandbox = createSandbox({
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(quiet ? {} : { onCall }),
  });
  const faults = await readFaults(options, words);
  try {
    sandbox.setFaults(faults);
  } catch (error) {
    throw new Problem(words.sandbox.fault(error.message), { hint: words.sandbox.faultHint });
  }
  const server = await sandbox.listen({ port, host });
  const env = { QCC_BASE_URL: server.url, QCC_KEY: SANDBOX_KEY, QCC_SECRET_KEY: SANDBOX_SECRET_KEY };
  if (json) {
    stdout(JSON.stringify({ type: "sandbox", url: server.url, port: server.port, env }));
  } else {
    stdout(words.sandbox.listens(server.url));
    for (const [name, value] of Object.entries(env)) stdout(`  export ${name}=${value}`);
    stdout(dim(words.server.end));
  }
  await untilStopped();
  await server.close();
  const { calls, billed, byStatus } = sandbox.stats();
  stdout(json ? JSON.stringify({ type: "stats", calls, billed, byStatus }) : words.sandbox.stats(calls, billed));
  return EXIT.done;
}

async function readFaults({ fault, faults }, words) {
  const own = fault.map((text) => readFault(text, words));
  if (faults === undefined) return own;
  const text = await readFile(faults, "utf8");
  let read;
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw new Problem(words.sandbox.noJson(faults, cause.message), { cause });
  }
  if (!Array.isArray(read)) throw new Problem(words.sandbox.noArray(faults));
  return [...own, ...read];
}

/** `calls=3,status=109`, or an object of JSON. */
function readFault(text, words) {
  if (text.trimStart().startsWith("{")) {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new Problem(words.sandbox.fault(cause.message), { hint: words.sandbox.faultHint, cause });
    }
  }
  const made = {};
  for (const part of text.split(",")) {
    const [name, ...rest] = part.split("=");
    const value = rest.join("=").trim();
    if (value === "") throw new Problem(words.sandbox.fault(part), { hint: words.sandbox.faultHint });
    const read = /^-?\d+(\.\d+)?$/.test(value)
      ? Number(value)
      : /^(true|false)$/.test(value)
        ? value === "true"
        : value;
    if (["every", "from", "to"].includes(name.trim())) made.calls = { ...made.calls, [name.trim()]: read };
    else made[name.trim()] = read;
  }
  return made;
}
