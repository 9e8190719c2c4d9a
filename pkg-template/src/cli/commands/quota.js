/** `qcc-pro quota`: what the account's modules have left. */
import { QccClient } from "qcc-pro";
import { readAccess } from "../access.js";
import { EXIT } from "../exit.js";
import { colours, shown, stdout, table } from "../terminal.js";

const BAR = 24;

export async function run(_, options, { words }) {
  const { json } = options;
  const { key, secretKey, baseUrl } = await readAccess(options, { words, json });
  const client = new QccClient({ key, secretKey, baseUrl });
  const { quotas } = await client.getQuota();
  client.free();
  if (json) {
    for (const quota of quotas) stdout(JSON.stringify({ type: "quota", ...quota }));
    return EXIT.done;
  }
  if (quotas.length === 0) {
    stdout(words.quota.none);
    return EXIT.done;
  }
  const { bold } = colours(process.stdout);
  const columns = words.quota.columns.map((title, index) => ({ title, right: index >= 2, wrap: index === 0 }));
  const rows = quotas.map((one) => [
    shown(words.quota.names[one.id] ?? one.name),
    bar(one.consumedCount, one.totalCount),
    words.number(one.consumedCount),
    words.number(one.totalCount),
    words.number(one.remainingCount),
    words.number(one.canDeletedCount),
  ]);
  stdout(table(columns, rows, { head: bold }));
  return EXIT.done;
}

/** Used and left. Something used is never shown as nothing, and something left never as all used. */
function bar(used, total) {
  const share = total > 0 ? Math.min(1, Math.max(0, used / total)) : used > 0 ? 1 : 0;
  let full = Math.round(share * BAR);
  if (share > 0) full = Math.max(1, full);
  if (share < 1) full = Math.min(BAR - 1, full);
  return "█".repeat(full) + "░".repeat(BAR - full);
}
