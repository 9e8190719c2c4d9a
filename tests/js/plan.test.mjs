// Plans as users have them: every pair in a call, found call by call, the same for the same names.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CallPlan, planCalls } from "qcc-pro";
import { failure } from "./support/client.mjs";
import { companies, pairKeys, pairsOf } from "./support/runs.mjs";

const covered = (plan) => new Set([...plan].flatMap((call) => pairKeys(pairsOf(call))));
const asSets = (plan) => [...plan].map((call) => [...call].sort().join()).sort();

test("covers every pair, in calls of at most twenty", () => {
  for (const count of [2, 3, 19, 20, 21, 28, 65, 84, 100, 182, 300]) {
    const names = companies(count);
    const plan = planCalls(names);
    const calls = [...plan];
    assert.equal(calls.length, plan.calls);
    assert.ok(calls.every((call) => call.length >= 2 && call.length <= 20));
    assert.equal(covered(plan).size, (count * (count - 1)) / 2);
    assert.deepEqual([plan.companies, plan.pairs], [count, (count * (count - 1)) / 2]);
    assert.ok(plan.lowerBound <= plan.calls && plan.calls <= plan.naiveCalls, `${count}: ${plan.lowerBound} ${plan.calls} ${plan.naiveCalls}`);
    assert.match(plan.method, /\w/);
  }
});

test("pays far less than halves of ten paired with each other", () => {
  for (const [count, most] of [[65, 13], [84, 21], [100, 30], [182, 91], [381, 381]]) {
    const plan = planCalls(companies(count));
    assert.ok(plan.calls <= most, `${count}: ${plan.calls}`);
    assert.equal(plan.lowerBound, plan.calls);
  }
});

test("is the same for the same names, whatever their order and spelling", () => {
  const names = companies(90);
  const odd = [...names].reverse().map((name, index) => (index % 2 ? ` ${name} ` : name.replace("（", "(").replace("）", ")")));
  const trimmed = [...planCalls([...odd, odd[4]])].map((call) => call.map((name) => name.trim().replace("(", "（").replace(")", "）")));
  assert.deepEqual(asSets(trimmed), asSets(planCalls(names)));
});

test("gives the names in the caller's spelling", () => {
  const [one, other] = companies(2);
  assert.deepEqual([...planCalls([` ${one}`, other, one])].flat().sort(), [` ${one}`, other].sort());
});

test("finds a call without listing the others", () => {
  const plan = planCalls(companies(600));
  for (const part of [plan, plan.shard(1, 3)]) {
    const listed = [...part];
    assert.equal(listed.length, part.calls);
    for (const index of [0, 7, 255, 256, 257, part.calls - 1]) assert.deepEqual(part.call(index), listed[index]);
  }
});

test("plans a hundred thousand companies and holds none of their calls", () => {
  const before = process.memoryUsage().heapUsed;
  const plan = planCalls(companies(100_000));
  assert.ok(plan.calls > 26e6 && plan.calls <= plan.lowerBound * 1.02);
  assert.ok(plan.call(plan.calls - 1).length >= 2);
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 200e6, `${grown} bytes`);
});

test("is shared out in disjoint parts that together are the whole", () => {
  const plan = planCalls(companies(120));
  for (const count of [1, 2, 7]) {
    const shards = Array.from({ length: count }, (_, index) => plan.shard(index, count));
    assert.equal(shards.reduce((sum, shard) => sum + shard.calls, 0), plan.calls);
    assert.deepEqual(shards.flatMap(asSets).sort(), asSets(plan));
    assert.ok(shards.every((shard) => shard instanceof CallPlan));
  }
});

test("leaves known pairs out", () => {
  const names = companies(220);
  const known = pairsOf(names.slice(0, 200));
  const plan = planCalls(names, { known });
  assert.equal(plan.pairs, pairsOf(names).length - known.length);
  assert.ok(plan.calls < planCalls(names).calls / 2);
  const seen = covered(plan);
  const missing = new Set(pairKeys(known));
  for (const key of pairKeys(pairsOf(names))) assert.ok(seen.has(key) || missing.has(key), key);
});

test("covers what is asked for between lists, with a hub, and of listed pairs", () => {
  const names = companies(70);
  const cross = names.slice(0, 30).flatMap((one) => names.slice(30).map((other) => [one, other]));
  const spokes = names.slice(1).map((other) => [names[0], other]);
  const some = names.slice(2).map((name, index) => [names[index], name]);
  for (const [input, pairs] of [
    [{ between: [names.slice(0, 30), names.slice(30)] }, cross],
    [{ hub: names[0], others: names.slice(1) }, spokes],
    [{ pairs: some }, some],
    [{ pairs: new Set(some) }, some],
  ]) {
    const plan = planCalls(input);
    const seen = covered(plan);
    assert.equal(plan.pairs, pairs.length);
    assert.ok(pairKeys(pairs).every((key) => seen.has(key)));
    assert.ok(plan.calls < planCalls(names).calls);
  }
  assert.equal(planCalls({ hub: names[0], others: names.slice(1) }).calls, Math.ceil(69 / 19));
});

test("takes other call sizes", () => {
  for (const callSize of [2, 3, 7, 19]) {
    const plan = planCalls(companies(40), { callSize });
    assert.ok([...plan].every((call) => call.length <= callSize));
    assert.equal(covered(plan).size, 780);
  }
});

test("cannot be made or changed by hand", () => {
  const plan = planCalls(companies(30));
  assert.ok(Object.isFrozen(plan));
  assert.throws(() => (plan.calls = 0), TypeError);
});

const plan = planCalls(companies(30));
for (const [what, wrong] of [
  ["a call that is not there", () => plan.call(plan.calls)],
  ["a negative call", () => plan.call(-1)],
  ["half a call", () => plan.call(0.5)],
  ["a call in words", () => plan.call("0")],
  ["a shard that is not there", () => plan.shard(3, 3)],
  ["a shard of none", () => plan.shard(0, 0)],
  ["a shard without count", () => plan.shard(0)],
  ["one name", () => planCalls(["甲公司"])],
  ["a name with a comma", () => planCalls(["甲公司", "乙,公司"])],
  ["a call size of 0", () => planCalls(companies(3), { callSize: 0 })],
  ["a call size of 21", () => planCalls(companies(3), { callSize: 21 })],
  ["a call size of 2.5", () => planCalls(companies(3), { callSize: 2.5 })],
  ["known pairs that are none", () => planCalls(companies(3), { known: companies(2) })],
  ["nothing", () => planCalls()],
]) {
  test(`refuses ${what}`, () => failure(wrong, { kind: "invalid-argument", billed: false, attempts: 0 }));
}
