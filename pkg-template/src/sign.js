/** Signing and the table of codes, without a client. */
import { configError } from "./error.js";
import { guarded } from "./instance.js";

export function sign(input) {
  const { key, secretKey, timespan = Math.floor(Date.now() / 1000) } = input ?? {};
  if (typeof key !== "string" || typeof secretKey !== "string") {
    throw configError("缺少凭证 (sign needs key and secretKey as strings)", "sign({ key, secretKey })");
  }
  if (!Number.isSafeInteger(timespan) || timespan < 0) {
    throw configError("Timespan 须为整秒 (timespan must be Unix time in whole seconds)", "Math.floor(Date.now() / 1000)");
  }
  return guarded((core) => {
    const address = core.sign(key, secretKey, timespan);
    const token = new Uint8Array(core.linearMemory().buffer, address, 32);
    return { Token: String.fromCharCode(...token), Timespan: String(timespan) };
  });
}

export function statusInfo(code) {
  return guarded((core) => core.statusInfo(Number(code)));
}
