// The hand-written types are read by TypeScript as a user's project reads them, in strict mode and without
// skipLibCheck, and declare exactly the names that the package has.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { compile } from "./support/typescript.mjs";
import { packaged } from "./support/web.mjs";

const require = createRequire(import.meta.url);
const { exports } = JSON.parse(await packaged("package.json"));
const specifiers = Object.keys(exports)
  .filter((name) => exports[name].import?.types)
  .map((name) => `qcc-pro${name.slice(1)}`);

/** TypeScript that compiles only if `specifier` declares these values and no others. */
function namesAre(specifier, names) {
  return `
    import * as all from "${specifier}";
    type Named = ${names.map((name) => JSON.stringify(name)).join(" | ")};
    const nothing = <T extends never>(): T[] => [];
    nothing<Exclude<Named, keyof typeof all>>();
    nothing<Exclude<keyof typeof all, Named>>();
  `;
}

for (const specifier of specifiers) {
  const names = Object.keys(require(specifier));
  for (const [module, moduleResolution] of [["node16", "node16"], ["nodenext", "nodenext"], ["esnext", "bundler"]]) {
    test(`${specifier} is declared as it is, to ${moduleResolution}`, async () => {
      const files = { "esm.mts": namesAre(specifier, names) };
      if (moduleResolution !== "bundler") files["commonjs.cts"] = namesAre(specifier, names);
      assert.equal(await compile(files, { module, moduleResolution }), "");
    });
  }
  test(`a name that is not there is noticed in ${specifier}`, async () => {
    const files = { "esm.mts": namesAre(specifier, [...names, "notThere"]) };
    assert.match(await compile(files, { module: "nodenext", moduleResolution: "nodenext" }), /notThere/);
  });
}
