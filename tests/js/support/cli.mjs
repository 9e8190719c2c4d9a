// What the suites of the command line share: an account at a sandbox, folders that go with the test, lists of companies.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, sampleCompanies, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";

export { SANDBOX_KEY, SANDBOX_SECRET_KEY };

/** A sandbox that listens for as long as the test `t` lasts, and the environment of who has its account. */
export async function account(t, options = {}) {
  const sandbox = createSandbox({ density: 0.1, trackRepeats: true, ...options });
  const server = await sandbox.listen();
  t.after(() => server.close());
  const env = { QCC_BASE_URL: server.url, QCC_KEY: SANDBOX_KEY, QCC_SECRET_KEY: SANDBOX_SECRET_KEY };
  return { sandbox, url: server.url, env };
}

export async function folder(t, files = {}) {
  const path = await mkdtemp(join(tmpdir(), "qcc-pro-cli-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

export const companies = (count) => sampleCompanies(count, 7);
export const listOf = (count) => `${companies(count).join("\n")}\n`;

/** How many answers are kept in a folder of answers. */
export async function answersIn(path) {
  const names = await readdir(path, { recursive: true }).catch(() => []);
  return names.filter((name) => name.includes("findPartnershipRelation") && name.endsWith(".json")).length;
}

/** Relations as text, sorted, by the vendor's fields. */
export const rowsOf = (relations) =>
  relations
    .map((row) =>
      ["companyName", "relatedCompanyName", "amount", "publicDate", "source"].map((name) => row[name] ?? "").join("|"),
    )
    .sort();
