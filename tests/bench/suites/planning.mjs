// How long planning takes, beside what it cannot be quicker than (the names' way into WebAssembly) and beside what is done
// by hand: halves of ten paired with each other.
import { planCalls } from "qcc-pro";
import { compare } from "../support/rounds.mjs";

/** Companies with names as long as real ones. */
const companies = (count) => Array.from({ length: count }, (_, i) => `第${i}号供应链管理科技股份有限公司`);

/** Each string encoded into a WebAssembly memory, as bindings do it. */
function copier(names) {
  const room = names.reduce((sum, name) => sum + 3 * name.length, 0);
  const memory = new Uint8Array(new WebAssembly.Memory({ initial: Math.ceil(room / 65536) }).buffer);
  const encoder = new TextEncoder();
  return () => {
    let at = 0;
    for (const name of names) at += encoder.encodeInto(name, memory.subarray(at, at + 3 * name.length)).written;
    return at;
  };
}

function byHand(names) {
  const halves = [];
  for (let at = 0; at < names.length; at += 10) halves.push(names.slice(at, at + 10));
  if (halves.length === 1) return halves;
  return halves.flatMap((half, index) => halves.slice(index + 1).map((other) => [...half, ...other]));
}

/** @returns {Promise<Record<number, object>>} by number of names: nanoseconds of each, and how many calls */
export async function planning({ rounds = 9 } = {}) {
  const results = {};
  for (const count of [20, 100, 300, 1000, 10_000]) {
    const names = companies(count);
    const plan = planCalls(names);
    const list = () => {
      let listed = 0;
      for (const call of plan) listed += call.length;
      return listed;
    };
    const candidates = { plan: () => planCalls(names), copy: copier(names), list, "by hand": () => byHand(names) };
    const times = await compare(candidates, { rounds: count > 1000 ? 3 : rounds });
    results[count] = { ...times, calls: plan.calls, callsByHand: byHand(names).length };
  }
  return results;
}
