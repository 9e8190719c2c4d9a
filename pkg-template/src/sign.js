/** Signing without a client, in a module of its own (Rust: src/sign.rs), so that nobody loads the client for it. */
import { core, resetCore } from "#sign-core";
import { readDigits, readToken } from "./token.js";
import { isTrap, trapError } from "./trap.js";
import { configError } from "./unsent.js";

export function sign(input) {
  const { key, secretKey, timespan = Math.floor(Date.now() / 1000) } = input ?? {};
  if (typeof key !== "string" || typeof secretKey !== "string") {
    throw configError("缺少凭证 (sign needs key and secretKey as strings)", "sign({ key, secretKey })");
  }
  if (!Number.isSafeInteger(timespan) || timespan < 0) {
    throw configError("Timespan 须为整秒 (timespan must be Unix time in whole seconds)", "Math.floor(Date.now() / 1000)");
  }
  try {
    return signed(key, secretKey, timespan);
  } catch (thrown) {
    if (!isTrap(thrown)) throw thrown;
    forget();
    resetCore();
    throw trapError(thrown, false);
  }
}

/** Whom the instance signs for. It is asked again with the same two nearly always. */
let signerKey;
let signerSecretKey;
/** The Token and ten digits in the instance's memory. */
let place = /* @__PURE__ */ new Uint8Array(0);

function forget() {
  signerKey = signerSecretKey = undefined;
  place = new Uint8Array(0);
}

function signed(key, secretKey, timespan) {
  const module = core();
  if (signerSecretKey !== secretKey || signerKey !== key) {
    forget();
    const fault = module.setSigner(key, secretKey);
    if (fault > 0) throw unfit(fault);
    signerKey = key;
    signerSecretKey = secretKey;
  }
  const address = module.sign(timespan);
  // Empty too where the memory has grown since.
  if (place.length === 0) place = new Uint8Array(module.linearMemory().buffer, address, 42);
  // The digits stand there from 2001 to 2286; a number of that size is none of those whose text engines have at hand.
  const hasDigits = timespan >= 1e9 && timespan < 1e10;
  return { Token: readToken(place), Timespan: hasDigits ? readDigits(place) : String(timespan) };
}

/** By the numbers of src/sign.rs; the client's own words (src/client/error.rs). */
function unfit(fault) {
  const which = fault > 2 ? "secretKey" : "key";
  const what = fault % 2 === 1 ? "is empty" : "has a control character inside";
  return configError(`凭证不可用 (the option ${which} ${what})`, "Both stand in 设置中心 → 我的公司 at pro.qcc.com.");
}
