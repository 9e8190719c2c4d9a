// What is expected of every row of the matrix: one place to change when the answer or the modules change.
import { SAMPLE_NAMES } from "../support/samples.mjs";

const RELATIONS = [
  {
    companyName: SAMPLE_NAMES[0],
    relatedCompanyName: SAMPLE_NAMES[1],
    amount: "34.8",
    amountWan: 34.8,
    publicDate: "2021-11",
    period: { year: 2021, month: 11, day: null },
    source: "招投标",
  },
];

/** What program/calls.mjs gives, without what it gives only on a server. */
export const EXPECTED = {
  token: "50B0AF0C6779996E33FF803976C5F207",
  status: "invalid-argument",
  relations: RELATIONS,
  paid: [1, 0, true],
  quotas: [
    ["radar_id", "风险监控-企业", 48],
    ["bene_id", "股权穿透", 98],
    ["natural_person_id", "自然人核验", 50],
  ],
  refused: [true, "auth", 107, false, 1],
  // Of 40 companies; by Schönheim's bound no plan can have fewer.
  calls: 6,
  csv: 3,
  sandbox: ["34.8", 1],
};

/** The same where the gateway runs too. */
export const EXPECTED_OF_SERVER = { ...EXPECTED, gateway: RELATIONS };

/** A request whose connection broke is not sent again by anybody, and nobody claims to know whether it was billed. */
export const LOST = ["network", "unknown", 1];

/**
 * How many WebAssembly files come out. The modules stand in the JavaScript, so that no bundler can lose them; workerd,
 * which compiles no bytes, imports each as a file: the client's, signing's, the gateway's and the sandbox's. Who loads the client's by hand loads one.
 */
export const WASM_FILES = { inlined: 0, workerd: 4, loaded: 1 };
