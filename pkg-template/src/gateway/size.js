/** A fetch whose answers end after so many bytes: what is cut off cannot be read as JSON, and is told as malformed. */
export function limitSize(fetch, most) {
  if (most === undefined || (fetch ?? globalThis.fetch) === undefined) return fetch;
  return async (url, init) => {
    const response = await (fetch ?? globalThis.fetch)(url, init);
    const { status, headers } = response;
    return { status, headers, arrayBuffer: () => readAtMost(response, most) };
  };
}

async function readAtMost(response, most) {
  const reader = response.body?.getReader?.();
  if (reader === undefined) return (await response.arrayBuffer()).slice(0, most);
  const chunks = [];
  let size = 0;
  while (size < most) {
    const { done, value } = await reader.read();
    if (done) break;
    const chunk = value.subarray(0, most - size);
    chunks.push(chunk);
    size += chunk.length;
  }
  if (size === most) await reader.cancel();
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole.buffer;
}
