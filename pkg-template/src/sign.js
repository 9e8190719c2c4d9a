/** Signing and the table of codes, without a client. */
import { configError } from "./error.js";
import { currentGeneration, guarded } from "./instance.js";

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
  if (place.length === 0) place = new Uint8Array(core.linearMemory().buffer, address, 32);
  const t = place;
  // In one go and not spread: a list of arguments made at run time costs more than the MD5.
  return String.fromCharCode(
    t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12], t[13], t[14], t[15],
    t[16], t[17], t[18], t[19], t[20], t[21], t[22], t[23], t[24], t[25], t[26], t[27], t[28], t[29], t[30], t[31],
  );
}

export function statusInfo(code) {
  return guarded((core) => core.statusInfo(Number(code)));
}
