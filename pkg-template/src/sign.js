/** Signing and the table of codes, without a client. */
import { configError } from "./error.js";
import { currentGeneration, guarded, memoryBuffer } from "./instance.js";
import { readToken } from "./token.js";

export function sign(input) {
  const { key, secretKey, timespan = Math.floor(Date.now() / 1000) } = input ?? {};
  if (typeof key !== "string" || typeof secretKey !== "string") {
    throw configError("缺少凭证 (sign needs key and secretKey as strings)", "sign({ key, secretKey })");
  }
  if (!Number.isSafeInteger(timespan) || timespan < 0) {
    throw configError("Timespan 须为整秒 (timespan must be Unix time in whole seconds)", "Math.floor(Date.now() / 1000)");
  }
  return { Token: guarded((core) => token(core, key, secretKey, timespan)), Timespan: String(timespan) };
}

/** Whom the instance of this generation signs for. It is asked again with the same two nearly always. */
let signer = { generation: -1, key: "", secretKey: "" };
/** The Token in the instance's memory. */
let place = new Uint8Array(0);

function token(core, key, secretKey, timespan) {
  const generation = currentGeneration();
  if (signer.secretKey !== secretKey || signer.key !== key || signer.generation !== generation) {
    signer.generation = -1;
    core.setSigner(key, secretKey);
    signer = { generation, key, secretKey };
    place = new Uint8Array(0);
  }
  const address = core.sign(timespan);
  // Empty too where the memory has grown since.
  if (place.length === 0) place = new Uint8Array(memoryBuffer(), address, 32);
  return readToken(place);
}

export function statusInfo(code) {
  return guarded((core) => core.statusInfo(Number(code)));
}
