// The READMEs' Node examples run as printed, against the sandbox, in an empty folder with the package installed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { createSandbox, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "qcc-pro/sandbox";
import { blocks, READMES } from "./support/readme.mjs";
import { suites } from "./support/web.mjs";

const run = promisify(execFile);

let folder;
let server;
before(async () => {
  server = await createSandbox().listen();
  folder = await mkdtemp(join(tmpdir(), "qcc-pro-readme-"));
  await symlink(join(suites, "node_modules"), join(folder, "node_modules"), "dir");
});
after(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What each Node block prints, in the order of the READMEs. */
const PRINTED = [
  [/企查查科技股份有限公司/, /34\.8/, /风险监控-企业 48/],
  [/2.* 1/],
  [/30.* 45 .*30/s, / 0 /, /companyName,relatedCompanyName/],
  [/invalid-argument false .*Foo Co\., Ltd\./],
];

for (const name of READMES) {
  test(`the Node examples of ${name}`, async () => {
    const examples = await blocks(name, "node");
    assert.equal(examples.length, PRINTED.length);
    for (const [index, code] of examples.entries()) {
      const file = join(folder, `${name}.${index}.mjs`);
      await writeFile(file, code);
      const env = { ...process.env, QCC_KEY: SANDBOX_KEY, QCC_SECRET_KEY: SANDBOX_SECRET_KEY, QCC_BASE_URL: server.url };
      const { stdout, stderr } = await run(process.execPath, [file], { env, timeout: 60_000 });
      for (const pattern of PRINTED[index]) assert.match(stdout, pattern);
      assert.equal(stderr, "");
    }
  });
}

test("the two READMEs have the same headings and the same blocks", async () => {
  const shapes = await Promise.all(
    READMES.map(async (name) => {
      const counts = ["node", "browser", "server"].map(async (kind) => (await blocks(name, kind)).length);
      return Promise.all(counts);
    }),
  );
  assert.deepEqual(shapes[0], shapes[1]);
});
