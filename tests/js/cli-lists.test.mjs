// Lists of companies as people have them, and files that are none. What was read is seen in the plan, so nothing is asked.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import xlsx from "@e965/xlsx";
import { createSandbox } from "qcc-pro/sandbox";
import { account, companies, folder, SANDBOX_KEY, SANDBOX_SECRET_KEY } from "./support/cli.mjs";
import { objects, piped } from "./support/terminal.mjs";

const CHINESE = { LC_ALL: "zh_CN.UTF-8" };
const NAMES = ["企查查科技股份有限公司", "大连银行股份有限公司", "比亚迪股份有限公司", "中国（上海）工程有限公司"];
// 企查查科技股份有限公司, 大连银行股份有限公司 and 名称, as Python's codec for GBK writes them.
const GBK = {
  [NAMES[0]]: "c6f3b2e9b2e9bfc6bcbcb9c9b7ddd3d0cfdeb9abcbbe",
  [NAMES[1]]: "b4f3c1acd2f8d0d0b9c9b7ddd3d0cfdeb9abcbbe",
  名称: "c3fbb3c6",
};
const gbk = (text) => Buffer.from(GBK[text] ?? Buffer.from(text).toString("hex"), "hex");

function workbook(rows) {
  const book = xlsx.utils.book_new();
  xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet(rows), "名单");
  return xlsx.write(book, { type: "buffer", bookType: "xlsx" });
}

const rows = NAMES.map((name, index) => [index + 1, name, `备注 ${index}`]);
const csv = (table, separator = ",") => table.map((row) => row.join(separator)).join("\r\n");
const utf16 = (text) => Buffer.from(`\ufeff${text}`, "utf16le");

/** File, content, further arguments, names that are read (all four where left out). */
const LISTS = [
  ["plain.txt", NAMES.join("\n")],
  ["windows.txt", `\ufeff${NAMES.join("\r\n")}\r\n\r\n`],
  ["spaces.txt", NAMES.map((name) => `  ${name}\t`).join("\n\n")],
  ["copied.txt", csv([["序号", "名称"], ...rows], "\t")],
  ["doubled.txt", [...NAMES, ...NAMES].join("\n")],
  ["utf16.txt", utf16(NAMES.join("\n"))],
  ["gbk.txt", Buffer.concat([gbk(NAMES[0]), gbk("\n"), gbk(NAMES[1])]), [], NAMES.slice(0, 2)],
  ["found.csv", csv([["序号", "企业名称", "备注"], ...rows])],
  ["headless.csv", csv(rows)],
  ["bom.csv", `\ufeff${csv([["公司", "电话"], ...NAMES.map((name) => [name, 1])])}`],
  ["tabs.tsv", csv([["序号", "名称"], ...rows.map((row) => row.slice(0, 2))], "\t")],
  ["semicolons.csv", csv([["序号", "名称"], ...rows.map((row) => row.slice(0, 2))], ";")],
  ["quoted.csv", `名称,别名\n${NAMES.map((name) => `"${name}","甲, 乙"`).join("\n")}\n`],
  ["gbk.csv", Buffer.concat([gbk("名称"), gbk("\n"), gbk(NAMES[0]), gbk("\n"), gbk(NAMES[1])]), [], NAMES.slice(0, 2)],
  ["heading.csv", csv([["甲方", "乙方"], ...NAMES.map((name) => ["某某公司", name])]), ["--column", "乙方"]],
  ["letter.csv", csv([["甲方", "名称"], ...NAMES.map((name) => ["某某公司", name])]), ["--column", "B"]],
  ["number.csv", csv(NAMES.map((name) => ["某某公司", name])), ["--column", "2"]],
  ["found.xlsx", workbook([["序号", "企业名称", "备注"], ...rows])],
  ["heading.xlsx", workbook([["甲方", "乙方"], ...NAMES.map((name) => ["某某公司", name])]), ["--column", "乙方"]],
  ["renamed.csv", workbook([["企业名称"], ...NAMES.map((name) => [name])])],
];

/** Takes some seconds, nearly all of them waiting: it goes on beside everything else. */
const slowRun = (async () => {
  const sandbox = createSandbox({ density: 0.1 });
  const server = await sandbox.listen();
  const cwd = await mkdtemp(join(tmpdir(), "qcc-pro-cli-"));
  await writeFile(join(cwd, "names.txt"), companies(60).join("\n"));
  const env = { QCC_BASE_URL: server.url, QCC_KEY: SANDBOX_KEY, QCC_SECRET_KEY: SANDBOX_SECRET_KEY };
  const words = ["relations", "--file", "names.txt", "--rate", "0.5", "--max-calls", "7", "--price", "0.5"];
  const runs = [
    piped([...words, "--resume", "a", "--out", "a.csv"], { cwd, env }),
    piped([...words, "--resume", "b", "--json"], { cwd, env }),
  ];
  const done = await Promise.all(runs);
  await server.close();
  await rm(cwd, { recursive: true });
  return done;
})();

test("lists of every kind are read", async (t) => {
  const cwd = await folder(t, Object.fromEntries(LISTS.map(([name, content]) => [name, content])));
  for (let at = 0; at < LISTS.length; at += 3) {
    await Promise.all(
      LISTS.slice(at, at + 3).map(async ([name, , words = [], expected = NAMES]) => {
        const { code, out, err } = await piped(["plan", name, "--json", ...words], { cwd });
        assert.deepEqual([code, err], [0, ""], name);
        const [, call] = objects(out);
        assert.deepEqual([...call.companyNames].sort(), [...expected].sort(), name);
      }),
    );
  }
});

test("standard input is a list too, of text or of a workbook", async () => {
  for (const [input, words] of [
    [NAMES.join("\n"), []],
    [workbook([["企业名称"], ...NAMES.map((name) => [name])]), []],
    [csv([["序号", "企业"], ...rows]), ["--column", "企业"]],
  ]) {
    const { code, out } = await piped(["relations", "--file", "-", "--dry-run", "--json", ...words], { input });
    assert.equal(code, 0);
    assert.equal(objects(out)[0].companies, 4);
  }
});

/** File or words, its content, and what is said in both languages. */
const WRONG = [
  [["absent.csv"], null, /There is no absent\.csv\./, /absent\.csv 不存在。/],
  [["folder"], null, /folder is a folder\./, /folder 是文件夹。/],
  [["a.txt/names.txt"], null, /part of a\.txt\/names\.txt is no folder/, /有一段不是文件夹/],
  [["empty.csv"], "", /empty\.csv is empty\./, /empty\.csv 是空的。/],
  [["blank.txt"], " \n\t\n\ufeff", /no names in blank\.txt/, /blank\.txt 中没有名称/],
  [["heading-only.csv"], "企业名称\n", /no names in heading-only\.csv/, /heading-only\.csv 中没有名称/],
  [["old.xls"], Buffer.from("d0cf11e0a1b11ae1", "hex"), /old Excel.*\.xlsx/, /旧版 Excel.*\.xlsx/],
  [["damaged.xlsx"], "PK\x03\x04 and no more", /damaged\.xlsx is no XLSX/, /不是 XLSX 工作簿/],
  [["text.xlsx"], NAMES.join("\n"), /text\.xlsx is no XLSX/, /不是 XLSX 工作簿/],
  [["bytes.txt"], Buffer.from([0x80, 0xff, 0x00, 0x81]), /neither UTF-8 nor GBK/, /既不是 UTF-8 也不是 GBK/],
  [["which.csv"], "a,b\n1,2\n", /Which column.*\n.*a, b/, /哪一列.*\n.*a、b/],
  [["columns.csv", "--column", "单位"], "甲,乙\n1,2\n", /no column «单位».*\n.*甲, 乙/, /没有 “单位” 列.*\n.*甲、乙/],
  [["columns.csv", "--column", "3"], "甲,乙\n1,2\n", /no column «3»/, /没有 “3” 列/],
  [["one.txt"], "企查查科技股份有限公司\n企查查科技股份有限公司\n", /at least two different/, /至少需要两家/],
  [
    ["bad.txt"],
    `${NAMES[0]}\nFoo Co., Ltd.\n\n甲\n${NAMES[1]}\n\u001b[31m公司\n`,
    /3 names cannot.*«Foo Co\., Ltd\.» \(bad\.txt, line 2\); «甲» \(bad\.txt, line 4\); «.\[31m公司» \(bad\.txt, line 6\)/,
    /3 个名称无法查询：“Foo Co\., Ltd\.”（bad\.txt 第 2 行）；“甲”（bad\.txt 第 4 行）/,
  ],
];

test("files that are no lists are told, with what is wrong and where", async (t) => {
  const files = WRONG.filter(([, content]) => content !== null).map(([[name], content]) => [name, content]);
  const cwd = await folder(t, { ...Object.fromEntries(files), "a.txt": "x" });
  await mkdir(join(cwd, "folder"));
  for (let at = 0; at < WRONG.length; at += 2) {
    await Promise.all(
      WRONG.slice(at, at + 2).flatMap(([words, , english, chinese]) =>
        [
          [{}, english],
          [CHINESE, chinese],
        ].map(async ([env, pattern]) => {
          const { code, out, err } = await piped(["relations", "--file", ...words, "--dry-run"], { cwd, env });
          assert.deepEqual([code, out], [2, ""], `${words}: ${err}`);
          assert.match(err, pattern);
          assert.ok(!err.includes("\u001b"), "a name must not reach the terminal's controls");
        }),
      ),
    );
  }
});

test("names that cannot be asked for are left out where that is wanted", async (t) => {
  const cwd = await folder(t, { "bad.txt": [NAMES[0], "Foo Co., Ltd.", "甲", NAMES[1]].join("\n") });
  const { code, out, err } = await piped(["relations", "--file", "bad.txt", "--skip-invalid", "--dry-run"], { cwd });
  assert.equal(code, 0, err);
  assert.match(err, /Left out 2 names.*«Foo Co\., Ltd\.» \(bad\.txt, line 2\); «甲»/);
  assert.match(out, /2 companies, 1 pair\n1 call to pay/);
});

test("a file that may not be read, and a folder that may not be written, are told", async (t) => {
  const { env, sandbox } = await account(t);
  const cwd = await folder(t, { "closed.txt": "x", "kept.csv": "x", "names.txt": companies(3).join("\n") });
  await mkdir(join(cwd, "closed"));
  await chmod(join(cwd, "closed.txt"), 0);
  await chmod(join(cwd, "kept.csv"), 0o444);
  await chmod(join(cwd, "closed"), 0o555);
  // Nobody refuses root anything, unless it gives its capabilities away first.
  const without = ["--bounding-set=-all", "--inh-caps=-all"];
  const isRoot = process.getuid() === 0;
  const shell = isRoot ? `set -- setpriv ${without.join(" ")} "$@";` : "";
  if (isRoot)
    assert.equal(spawnSync("setpriv", [...without, "true"]).status, 0, "as root this needs setpriv (util-linux)");
  for (const [words, pattern] of [
    [["--file", "closed.txt"], /No permission for closed\.txt/],
    [["--file", "names.txt", "--out", "closed/graph.csv"], /No permission for closed\/graph\.csv/],
    [["--file", "names.txt", "--out", "kept.csv"], /No permission for kept\.csv/],
    [["--file", "names.txt", "--resume", "closed/answers"], /No permission for .*closed\/answers/],
    [["--file", "names.txt", "--out", "nowhere/graph.csv"], /There is no nowhere\./],
    [["--file", "names.txt", "--out", "closed"], /ending of a file says its format/],
    [
      ["--file", "names.txt", "--out", "graph.pdf"],
      /graph\.pdf: the ending.*\n.*\.csv, \.json, \.gexf, \.graphml, \.xlsx/,
    ],
  ]) {
    const { code, err } = await piped(["relations", ...words], { cwd, env, shell });
    assert.equal(code, 2, err);
    assert.match(err, pattern);
  }
  assert.equal(sandbox.stats().calls, 0);
});

test("what does not go together is told, and nothing is asked", async (t) => {
  const cwd = await folder(t, { "names.txt": NAMES.join("\n") });
  const cases = [
    [[], /Which companies\?/, /查询哪些企业？/],
    [["--between", "names.txt"], /takes two files, not 1/, /需要两个文件，而不是 1 个/],
    [["--between", "names.txt", "names.txt", "names.txt"], /takes two files, not 3/, /而不是 3 个/],
    [["--between", "names.txt", "names.txt", "--hub", NAMES[0]], /--between and --hub/, /--between 与 --hub/],
    [["--file", "names.txt", "--between", "names.txt", "names.txt"], /--between and --file/, /--between 与 --file/],
    [["--hub", NAMES[0]], /Which companies\?/, /查询哪些企业？/],
    [["--hub", NAMES[0], NAMES[0]], /at least two different/, /至少需要两家/],
    [["--hub", "甲", NAMES[0]], /«甲» \(--hub\)/, /“甲”（--hub）/],
    [NAMES.slice(0, 1), /at least two different/, /至少需要两家/],
  ];
  for (const [words, english, chinese] of cases) {
    const [one, other] = await Promise.all([
      piped(["relations", ...words], { cwd }),
      piped(["relations", ...words], { cwd, env: CHINESE }),
    ]);
    assert.deepEqual([one.code, other.code], [2, 2], `${words}: ${one.err}${other.err}`);
    assert.match(one.err, english);
    assert.match(other.err, chinese);
  }
});

test("in a pipe a long run tells now and then how far it is, in a line or an object", async () => {
  const [plain, json] = await slowRun;
  assert.equal(plain.code, 1, plain.err);
  assert.match(plain.err, /^\d\/12 calls · \d paid CNY \d\.\d0 · \d+ relations( · \d+ s left)?$/m);
  assert.doesNotMatch(plain.err, /[█\u001b\r]/);
  const [progress] = objects(json.err).filter(({ type }) => type === "progress");
  assert.deepEqual(Object.keys(progress), [
    "type",
    "calls",
    "done",
    "paid",
    "fromStore",
    "failed",
    "relations",
    "etaMs",
  ]);
});
