/** The modules loaded beforehand. */
import { init as initCore } from "#core";
import { init as initSign } from "#sign-core";

/** Signing's own module is a few kilobytes and always the copy in the package. */
export async function init(source) {
  await Promise.all([initCore(source), initSign()]);
}
