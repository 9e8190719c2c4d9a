// Whether the WebAssembly memory stays where the first call has left it.
import { QccClient } from "qcc-pro";
import { body, names } from "../support/answers.mjs";

/** @returns {Promise<{ calls: number, afterFirst: number, afterLast: number }>} bytes of linear memory */
export async function memory({ calls = 10_000 } = {}) {
  const bytes = body(5000);
  const memories = watched();
  const client = new QccClient({
    key: "k",
    secretKey: "s",
    fetch: async () => ({ ok: true, status: 200, headers: new Headers(), arrayBuffer: async () => bytes.buffer.slice(0) }),
  });
  let afterFirst = 0;
  for (let call = 0; call < calls; call += 1) {
    const { relations } = await client.findPartnershipRelation(names);
    if (relations.length !== 5000) throw new Error(`${relations.length} rows`);
    if (call === 0) afterFirst = memories();
  }
  client.free();
  return { calls, afterFirst, afterLast: memories() };
}

/** Gives the bytes of all memories of instances made from now on. */
function watched() {
  const Instance = WebAssembly.Instance;
  const memories = [];
  WebAssembly.Instance = class extends Instance {
    constructor(...given) {
      super(...given);
      for (const value of Object.values(this.exports)) if (value instanceof WebAssembly.Memory) memories.push(value);
    }
  };
  return () => {
    if (memories.length === 0) throw new Error("the client's memory was made before it could be watched");
    return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  };
}
