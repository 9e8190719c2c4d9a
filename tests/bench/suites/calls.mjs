// Calls per second against a server on loopback, in another process: ours beside what one would write by hand with fetch, or with
// node:http, which ours uses in Node, and node:crypto and JSON.parse. The server checks every signature.
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import axios from "axios";
import cryptoJsMd5 from "crypto-js/md5.js";
import ky from "ky";
import { QccClient } from "qcc-pro";
import SparkMD5 from "spark-md5";
import * as v from "valibot";
import * as z from "zod";
import { names } from "../support/answers.mjs";
import { median } from "../support/rounds.mjs";

const key = "9bc448a2ff6511e8890a6c92bf31542f";
const secretKey = "0123456789ABCDEF0123456789ABCDEF";

async function byHand(url, companyNames, get) {
  const { headers, query } = signed((text) => createHash("md5").update(text).digest("hex"), companyNames);
  const answer = JSON.parse(await get(`${url}${PATH}?${new URLSearchParams(query)}`, headers));
  if (answer.status !== "200") throw new Error(answer.msg);
  return answer.result.partnershipRelationList;
}

const byFetch = async (url, headers) => (await fetch(url, { headers })).text();

const agent = new Agent({ keepAlive: true });
const byHttp = (url, headers) =>
  new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve(Buffer.concat(chunks).toString()));
      response.on("error", reject);
    });
    sent.on("error", reject).end();
  });

const PATH = "/api/corp/correlation/findPartnershipRelation";
const FIELDS = ["companyName", "relatedCompanyName", "amount", "publicDate", "source"];
const fields = (type) => Object.fromEntries(FIELDS.map((name) => [name, type]));
const zod = z.object({ result: z.object({ partnershipRelationList: z.array(z.object(fields(z.string().nullable()))) }) });
const valibot = v.object({
  result: v.object({ partnershipRelationList: v.array(v.object(fields(v.nullable(v.string())))) }),
});

/** What each of the usual combinations is sent with. */
function signed(md5, companyNames) {
  const Timespan = String(Math.floor(Date.now() / 1000));
  const Token = md5(key + Timespan + secretKey).toUpperCase();
  return { headers: { Token, Timespan }, query: { key, companyNames: companyNames.join(",") } };
}

async function withAxios(url, companyNames) {
  const { headers, query } = signed((text) => cryptoJsMd5(text).toString(), companyNames);
  const { data } = await axios.get(url + PATH, { params: query, headers });
  return zod.parse(data).result.partnershipRelationList;
}

async function withKy(url, companyNames) {
  const { headers, query } = signed((text) => SparkMD5.hash(text), companyNames);
  const answer = await ky.get(url + PATH, { searchParams: query, headers }).json();
  return v.parse(valibot, answer).result.partnershipRelationList;
}

/** `each`: a run makes thousands; the first two thousand still warm up, here and there. */
export async function calls({ rounds = 9, each = 512 } = {}) {
  const server = fork(fileURLToPath(new URL("../support/server-process.mjs", import.meta.url)));
  try {
    const [url] = await once(server, "message");
    const client = new QccClient({ key, secretKey, baseUrl: url });
    // Every call another question, or equal ones under way would be one.
    let number = 0;
    const question = () => [...names.slice(0, 9), `第${(number += 1)}号公司`];
    const candidates = {
      "qcc-pro": async () => (await client.findPartnershipRelation(question())).relations,
      "fetch + node:crypto + JSON.parse": () => byHand(url, question(), byFetch),
      "node:http + node:crypto + JSON.parse": () => byHand(url, question(), byHttp),
    };
    // Whoever sends sixteen at once, and no more often: they take their time.
    const usual = {
      "axios + crypto-js + zod": () => withAxios(url, question()),
      "ky + spark-md5 + valibot": () => withKy(url, question()),
    };
    const results = {};
    for (const concurrency of [1, 16, 64]) {
      const all = concurrency === 16 ? { ...candidates, ...usual } : candidates;
      const rates = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
      for (let round = -3; round < rounds; round += 1) {
        const entries = Object.entries(all);
        if (round % 2 === 1) entries.reverse();
        for (const [name, call] of entries) {
          globalThis.gc?.();
          const start = performance.now();
          let left = each;
          const worker = async () => {
            while (left-- > 0) {
              const rows = await call();
              if (rows.length !== 20) throw new Error(`${name}: ${rows.length} rows`);
            }
          };
          await Promise.all(Array.from({ length: concurrency }, worker));
          // The first three rounds warm up.
          if (round >= 0) rates[name].push((each * 1000) / (performance.now() - start));
        }
      }
      results[concurrency] = Object.fromEntries(Object.entries(rates).map(([name, list]) => [name, median(list)]));
    }
    client.free();
    return results;
  } finally {
    server.kill();
  }
}
