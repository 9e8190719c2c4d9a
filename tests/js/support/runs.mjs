// What the suites of runs share: a sandbox that a client asks in process, and what a run has to find there.
import assert from "node:assert/strict";
import { QccClient } from "qcc-pro";
import { createSandbox, sampleCompanies, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";

/** A sandbox with many relations, and a client of it whose retries do not wait. */
export function market(sandboxOptions = {}, clientOptions = {}) {
  const sandbox = createSandbox({ density: 0.1, trackRepeats: true, ...sandboxOptions });
  return { sandbox, client: clientFor(sandbox, clientOptions) };
}

export function clientFor(sandbox, options = {}) {
  const access = { key: SANDBOX_KEY, secretKey: SANDBOX_SECRET_KEY, fetch: sandbox.fetch };
  return new QccClient({ ...access, retry: { baseDelayMs: 0 }, pending: { delayMs: 0 }, ...options });
}

export const companies = (count) => sampleCompanies(count, 7);

/** Pairs as text, whatever their order. */
export const pairKey = (one, other) => [one, other].sort().join("|");
export const pairKeys = (pairs) => pairs.map(([one, other]) => pairKey(one, other)).sort();
export const pairsOf = (names) => names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other]));

const fields = ["companyName", "relatedCompanyName", "amount", "publicDate", "source"];
/** Rows as text, sorted: to be compared with others whatever their order. */
export const rowKeys = (relations) =>
  relations.map((row) => fields.map((field) => row[field] ?? null).join("|")).sort();

/** Relations among `names` in a sandbox, but for those between pairs that `leaves` out. */
export function relationsAmong(sandbox, names, wanted = () => true) {
  return rowKeys(
    sandbox.relationsAmong(names).filter(({ companyName, relatedCompanyName }) => wanted(companyName, relatedCompanyName)),
  );
}

/** The report of a run that has to be complete: every relation, no more. */
export function assertWhole(report, sandbox, names) {
  assert.deepEqual(report.uncovered, []);
  assert.deepEqual([report.stopped, report.failed, report.unsupported], [null, [], []]);
  assert.equal(report.done, report.calls);
  assert.deepEqual(rowKeys(report.relations), relationsAmong(sandbox, names));
}

/**
 * The report of a run that is not: a pair is either in a call that was answered or told, and the relations are exactly
 * those of the covered pairs. `answered` are the calls that were answered, by the sandbox's own account.
 */
export function assertExact(report, sandbox, names, answered, asked = pairsOf(names)) {
  const covered = new Set(answered.flatMap((call) => pairKeys(pairsOf(call))));
  const expected = asked.filter(([one, other]) => !covered.has(pairKey(one, other)));
  assert.deepEqual(pairKeys(report.uncovered), pairKeys(expected));
  const wanted = (one, other) => covered.has(pairKey(one, other));
  assert.deepEqual(rowKeys(report.relations), relationsAmong(sandbox, names, wanted));
}

/** An `onCall` that notes which calls were answered with an answer, and which were billed. */
export function ledger() {
  const calls = [];
  return {
    calls,
    onCall: (call) => calls.push({ ...call, names: call.companyNames?.split(",") ?? [] }),
    get answered() {
      return calls.filter(({ status }) => ["200", "201"].includes(status)).map(({ names }) => names);
    },
    get billed() {
      return calls.filter(({ billed }) => billed).length;
    },
  };
}
