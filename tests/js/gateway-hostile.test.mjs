// Requests that no page of ours sends, written to the gateway's socket byte by byte: each is refused, and none of them
// reaches QCC.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serverFor } from "./support/client.mjs";
import { bearer, gatewayFor, raw } from "./support/gateway.mjs";

const QUOTA = "/api/qcc/api/company/quota/getQuota";
const PARTNERSHIP = "/api/qcc/api/corp/correlation/findPartnershipRelation";
const names = (list) => `${PARTNERSHIP}?companyNames=${list}`;
const GOOD = names("%E7%94%B2%E5%85%AC%E5%8F%B8,%E4%B9%99%E5%85%AC%E5%8F%B8");
const from = (origin, site = "cross-site") => ({ origin, "sec-fetch-site": site });
const PAGE = "https://page.example";

/** What it is, what it is answered with, then what differs from a good request. */
const TABLE = [
  // Paths.
  ["the root", 404, { target: "/" }],
  ["the mount alone", 404, { target: "/api/qcc" }],
  ["another endpoint of QCC's", 404, { target: "/api/qcc/api/corp/basic/getDetail?keyword=x" }],
  ["an endpoint in other letters", 404, { target: QUOTA.toLowerCase() }],
  ["an endpoint and a slash", 404, { target: `${QUOTA}/` }],
  ["an endpoint and more", 404, { target: `${QUOTA}x` }],
  ["an endpoint and a path parameter", 404, { target: `${QUOTA};key=1` }],
  ["an endpoint's end alone", 404, { target: "/api/qcc/getQuota" }],
  ["climbing from one endpoint to another", 400, { target: `${PARTNERSHIP}/../../../company/quota/getQuota` }],
  ["climbing out of the mount and back", 400, { target: `/api/../..${QUOTA}` }],
  ["climbing to an endpoint", 400, { target: `/x/..${QUOTA}` }],
  ["a dot", 400, { target: `/.${QUOTA}` }],
  ["climbing, encoded", 400, { target: `/x/%2e%2e${QUOTA}` }],
  ["climbing, encoded twice", 400, { target: `/x/%252e%252e${QUOTA}` }],
  ["an encoded slash", 400, { target: QUOTA.replace("/quota/", "%2Fquota/") }],
  ["an encoded letter", 400, { target: QUOTA.replace("getQuota", "%67etQuota") }],
  ["a NUL", 400, { target: `${QUOTA}%00` }],
  ["an encoded line break", 400, { target: `${QUOTA}%0d%0aX:1` }],
  ["an encoded question mark", 400, { target: `${QUOTA}%3fkey=1` }],
  ["backslashes", 400, { target: QUOTA.replaceAll("/", "\\") }],
  ["one backslash", 400, { target: `/\\evil.example${QUOTA}` }],
  ["a host after two slashes", 400, { target: `//evil.example${QUOTA}` }],
  ["doubled slashes", 400, { target: QUOTA.replace("/company", "//company") }],
  ["a whole address", 400, { target: `http://evil.example${QUOTA}` }],
  ["a whole address of another scheme", 400, { target: `file://${QUOTA}` }],
  ["a user before the host", 400, { target: `http://a:b@pro.qcc.com${QUOTA}` }],
  ["no path at all", 400, { target: "*" }],
  ["a path that does not begin with a slash", 400, { target: QUOTA.slice(1) }],
  ["a fragment", 400, { target: `${QUOTA}#x` }],
  ["letters beyond ASCII, as bytes", 400, { target: `/\xe7\x94\xb2${QUOTA}` }],
  ["a tab in the path", 400, { target: `/a\tb${QUOTA}` }],
  ["a path longer than any (Node itself refuses it)", 431, { target: `/${"a".repeat(17_000)}${QUOTA}` }],
  // Parameters.
  ["a key of its own", 400, { target: `${GOOD}&key=theirs` }],
  ["a key of its own, first", 400, { target: `${PARTNERSHIP}?key=theirs&companyNames=%E7%94%B2%E5%85%AC%E5%8F%B8` }],
  ["a key for the quota", 400, { target: `${QUOTA}?key=theirs` }],
  ["a key in capitals", 400, { target: `${GOOD}&KEY=theirs` }],
  ["an encoded key", 400, { target: `${GOOD}&%6bey=theirs` }],
  ["a Token", 400, { target: `${GOOD}&Token=${"A".repeat(32)}` }],
  ["a Timespan", 400, { target: `${GOOD}&Timespan=1` }],
  ["any other parameter", 400, { target: `${GOOD}&pageSize=1` }],
  ["the parameter of another endpoint", 400, { target: `${QUOTA}?companyNames=ab` }],
  ["the names twice", 400, { target: `${GOOD}&companyNames=%E4%B8%99%E5%85%AC%E5%8F%B8` }],
  ["the names as a list", 400, { target: `${PARTNERSHIP}?companyNames[]=ab` }],
  ["the names in other letters", 400, { target: `${PARTNERSHIP}?companynames=ab,cd` }],
  ["a parameter without a value", 400, { target: `${PARTNERSHIP}?companyNames` }],
  ["an ampersand at the end", 400, { target: `${GOOD}&` }],
  ["a second question mark", 400, { target: `${PARTNERSHIP}??companyNames=ab,cd` }],
  ["no names", 400, { target: PARTNERSHIP }],
  ["an empty list", 400, { target: names("") }],
  ["an empty name", 400, { target: names("ab,,cd") }],
  ["a name too short", 400, { target: names("ab,c") }],
  ["21 names", 400, { target: names(Array.from({ length: 21 }, (_, i) => `name${i}`).join()) }],
  ["a name smuggled past a comma", 400, { target: names(`${Array.from({ length: 20 }, (_, i) => `name${i}`).join()}%2Cname20`) }],
  ["a parameter smuggled into a name", 400, { target: names("ab%0d%0aToken:x,cd") }],
  ["a control character", 400, { target: names("a%00b,cd") }],
  ["half an escape", 400, { target: names("ab,c%E") }],
  ["an escape that is none", 400, { target: names("ab,c%zz") }],
  ["bytes that are not UTF-8", 400, { target: names("ab,%ff%fe") }],
  ["GBK", 400, { target: names("%bc%d7%b9%ab%cb%be") }],
  ["overlong UTF-8", 400, { target: names("ab,%c0%afcd") }],
  ["a lone surrogate", 400, { target: names("ab,%ed%a0%80x") }],
  ["a name decoded wrongly", 400, { target: names("ab,%EF%BF%BDcd") }],
  // Methods.
  ...["POST", "PUT", "PATCH", "DELETE", "HEAD", "TRACE", "PROPFIND", "LOCK", "M-SEARCH"].map((method) => [method, 405, { method }]),
  ["OPTIONS without a page", 405, { method: "OPTIONS" }],
  ["a preflight for POST", 405, { method: "OPTIONS", headers: { origin: PAGE, "access-control-request-method": "POST" } }],
  ["a preflight for a Token", 400, { method: "OPTIONS", headers: { origin: PAGE, "access-control-request-method": "GET", "access-control-request-headers": "token" } }],
  ["a preflight of another page", 403, { method: "OPTIONS", headers: { origin: "https://evil.example", "access-control-request-method": "GET" } }],
  ["GET in place of POST", 400, { headers: { "x-http-method-override": "POST" } }],
  ["DELETE in place of GET", 400, { headers: { "X-HTTP-Method": "DELETE" } }],
  ["PUT in place of GET", 400, { headers: { "x-method-override": "PUT" } }],
  // Headers and bodies.
  ["a Token of its own", 400, { headers: { Token: "A".repeat(32) } }],
  ["a Timespan of its own", 400, { headers: { timespan: "1" } }],
  ["a body", 400, { headers: { "content-length": "3" }, body: "a=b" }],
  ["a chunked body", 400, { headers: { "transfer-encoding": "chunked" }, body: "0\r\n\r\n" }],
  // Origins.
  ...["https://evil.example", "null", "https://page.example.evil.example", "http://page.example", "https://page.example:8443", "https://PAGE.example", "*", "https://page.example https://evil.example"].map(
    (origin) => [`a page of ${origin}`, 403, { headers: from(origin) }],
  ),
  ["another page's image", 403, { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" } }],
  ["another page's link", 403, { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" } }],
  ["a sibling's script", 403, { headers: { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors" } }],
  ["two origins", 403, { headers: { ...from(PAGE), Origin: "https://evil.example" } }],
  // Callers.
  ["nobody", 401, { headers: { authorization: undefined } }],
  ["an empty authorization", 401, { headers: { authorization: "" } }],
  ["a scheme alone", 401, { headers: { authorization: "Bearer" } }],
  ["another token", 401, { headers: { authorization: "Bearer let-me-out tester" } }],
  ["another scheme", 401, { headers: { authorization: "Basic bGV0LW1lLWlu" } }],
  ["two authorizations", 401, { headers: { ...bearer(), Authorization: "Bearer let-me-in other" } }],
  ["a token in the cookie", 401, { headers: { authorization: undefined, cookie: bearer().authorization } }],
  ["a token beyond ASCII", 401, { headers: { authorization: "Bearer let-me-in \xe7\x94\xb2" } }],
];

let qcc;
let gateway;
const ends = [];
const suite = { after: (end) => ends.unshift(end) };
before(async () => {
  qcc = await serverFor(suite);
  gateway = await gatewayFor(suite, qcc, { origins: [PAGE] });
});
after(async () => {
  for (const end of ends) await end();
});

function send({ method = "GET", target = GOOD, headers = {}, body = "" }) {
  const fields = Object.entries({ host: "gateway.example", connection: "close", ...bearer(), ...headers });
  const lines = fields.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}\r\n`);
  return raw(gateway.port, `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}

test("the request that all of them differ from is a good one", async () => {
  const answer = await send({});
  assert.equal(answer.status, 200, answer.said);
  assert.equal(qcc.requests.length, 1);
  for (const headers of [from(PAGE), { "sec-fetch-site": "same-origin" }, { "sec-fetch-site": "none" }, { "content-length": "0" }]) {
    assert.equal((await send({ headers })).status, 200, JSON.stringify(headers));
  }
  assert.equal(qcc.requests.length, 5);
});

test("there are more than sixty of them, all different", () => {
  assert.ok(TABLE.length >= 60, String(TABLE.length));
  assert.equal(new Set(TABLE.map(([, , request]) => JSON.stringify(request))).size, TABLE.length);
});

for (const [what, status, request] of TABLE) {
  test(`refuses ${what}`, async () => {
    qcc.requests.length = 0;
    const answer = await send(request);
    assert.equal(answer.status, status, answer.said);
    assert.equal(qcc.requests.length, 0);
    // What Node's own parser refuses has none of our headers.
    if (answer.headers.get("content-type") !== null) {
      assert.equal(answer.headers.get("cache-control"), "no-store");
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
      assert.match(answer.headers.get("vary"), /Origin/);
    }
    assert.ok([null, PAGE].includes(answer.headers.get("access-control-allow-origin")));
    if (answer.body !== "") {
      const { error } = JSON.parse(answer.body);
      assert.match(error.message, /\p{Script=Han}.*\(/u);
      assert.doesNotMatch(answer.said, new RegExp(`${qcc.key}|${qcc.secretKey}|127\\.0\\.0\\.1|evil|theirs|let-me`));
    }
  });
}

test("refuses the same where a platform hands it a Request", async () => {
  qcc.requests.length = 0;
  let refused = 0;
  for (const [what, , { method = "GET", target = GOOD, headers = {}, body }] of TABLE) {
    let request;
    try {
      const url = new URL(target, "https://gateway.example").href;
      const fields = Object.entries({ ...bearer(), ...headers }).filter(([, value]) => value !== undefined);
      request = new Request(url, { method, headers: fields, ...(body && method !== "GET" ? { body } : {}) });
    } catch {
      continue;
    }
    // Climbing and tabs, tidied up by the platform, may have become a good path; a Request of GET has no body.
    if (body || /\t|\.\.|\/\.\/|%2e%2e|\\|\/\/|:\/|^api/.test(target)) continue;
    const { status } = await gateway.handler(request);
    assert.ok(status >= 400 && status < 500, `${what}: ${status}`);
    refused += 1;
  }
  assert.ok(refused >= 60, String(refused));
  assert.equal(qcc.requests.length, 0);
});
