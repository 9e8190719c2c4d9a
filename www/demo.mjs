// What `cargo xtask demo` runs once everything is built: the sandbox, the document's example asked in Node, then the
// page. The sandbox's secret is made here and given to the page's server alone, through its environment.
//
//   node demo.mjs [--no-open]
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { QccClient } from "qcc-pro";
import { createSandbox } from "qcc-pro/sandbox";

const open = !process.argv.includes("--no-open");
const account = { key: "9bc448a2ff6511e8890a6c92bf31542f", secretKey: randomBytes(16).toString("hex").toUpperCase() };

const sandbox = await createSandbox(account).listen();
console.log(`The sandbox answers at ${sandbox.url}\n`);

const client = new QccClient({ ...account, baseUrl: sandbox.url });
const answer = await client.findPartnershipRelation(["企查查科技股份有限公司", "大连银行股份有限公司"]);
console.log(`The document's example: ${answer.status} ${answer.message}`);
console.table(answer.relations, ["companyName", "relatedCompanyName", "amountWan", "publicDate", "source"]);
const { quotas } = await client.getQuota();
console.table(quotas, ["id", "name", "totalCount", "consumedCount", "remainingCount"]);
client.free();

const server = spawn(process.execPath, [fileURLToPath(new URL("server.mjs", import.meta.url))], {
  stdio: ["ignore", "pipe", "inherit"],
  env: {
    ...process.env,
    QCC_BASE_URL: sandbox.url,
    QCC_KEY: account.key,
    QCC_SECRET_KEY: account.secretKey,
  },
});
let opened = !open;
createInterface({ input: server.stdout }).on("line", (line) => {
  console.log(line);
  const address = /https?:\/\/\S+/.exec(line)?.[0];
  if (address && !opened) {
    opened = true;
    show(address);
  }
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.kill());
const [code, signal] = await new Promise((resolve) => server.once("exit", (...ended) => resolve(ended)));
await sandbox.close();
process.exitCode = signal ? 0 : code;

/** Opens `address` in the user's browser, where there is a screen to show it on. */
function show(address) {
  const { platform, env } = process;
  if (platform === "linux" && !env.DISPLAY && !env.WAYLAND_DISPLAY) return;
  const [command, ...before] =
    platform === "darwin" ? ["open"] : platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
  const opener = spawn(command, [...before, address], { stdio: "ignore", detached: true });
  opener.on("error", () => console.log("(no browser could be opened; the address above is the page)"));
  opener.unref();
}
