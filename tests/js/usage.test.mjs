// The client as a strict TypeScript project uses it: what the types promise is what comes, and what they forbid is
// forbidden.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./support/typescript.mjs";
import { packaged } from "./support/web.mjs";

const project = { module: "nodenext", moduleResolution: "nodenext" };

/** A type that only `any` fits both ways is noticed by this. */
const tools = `
  type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
  const same = <A, B>(_: Same<A, B>) => {};
  declare const anything: unknown;
`;

test("right uses compile, with the types they should have", async () => {
  const text = `
    import { QccClient, QccError, sign, statusInfo, init } from "qcc-pro";
    import type { Billed, PartnershipRelation, QccEvent, QccStore, QuotaResult, RequestOptions, StatusInfo } from "qcc-pro";
    ${tools}
    const events: QccEvent[] = [];
    declare const key: string | undefined;
    declare const signal: AbortSignal | undefined;
    const store: QccStore = new Map<string, string>();
    // An option that may be undefined may be passed on, under exactOptionalPropertyTypes too.
    using client = new QccClient({ key, secretKey: key, baseUrl: key, timeoutMs: 1, deadlineMs: undefined, store, storeTtlMs: 5,
      retry: { maxRetries: 1, resendWhenUnknown: undefined }, pending: { maxPolls: 2 }, fetch, headers: { a: "b" },
      onEvent: (event) => void events.push(event), dangerouslyAllowBrowser: undefined });
    const options: RequestOptions = { signal, store: null, timeoutMs: undefined };
    const frozen = ["甲公司", "乙公司"] as const;
    const { relations, meta, raw, requestId, companyNames } = await client.findPartnershipRelation(frozen, options);
    same<typeof relations, PartnershipRelation[]>(true);
    same<typeof raw, string>(true);
    same<typeof requestId, string | null>(true);
    same<typeof companyNames, string[]>(true);
    same<typeof meta.billed, Billed>(true);
    same<Billed, boolean | "unknown">(true);
    const first = relations[0];
    same<typeof first, PartnershipRelation | undefined>(true);
    same<PartnershipRelation["amountWan"], number | null>(true);
    const month: number | null | undefined = first?.period?.month;
    same<PartnershipRelation["extra"], Record<string, unknown> | undefined>(true);
    const quota: QuotaResult = await client.getQuota({ signal: new AbortController().signal });
    const left: number | undefined = quota.quotas[0]?.remainingCount;
    const other = await client.request<{ list: string[] }>("/api/x", { page: "1" });
    same<typeof other.result, { list: string[] }>(true);
    const untyped = await client.request("/api/x");
    same<typeof untyped.result, unknown>(true);
    const info: StatusInfo | null = statusInfo(200);
    const headers: HeadersInit = { ...sign({ key: "k", secretKey: "s", timespan: 0 }) };
    await init();
    try {
      await client.getQuota();
    } catch (error) {
      if (QccError.is(error)) {
        same<typeof error, QccError>(true);
        same<typeof error.cause, unknown>(true);
        if (error.kind === "network" && error.billed === "unknown") console.log(error.hint, error.toJSON()["kind"]);
        const { status, httpStatus, body }: { status: number | null; httpStatus: number | null; body: string | null } = error;
        const isError: Error = error;
        void [status, httpStatus, body, isError];
      }
    }
    const word = (kind: QccError["kind"]): string => {
      switch (kind) {
        case "invalid-argument": case "auth": case "account": case "quota": case "blocked": case "permission":
        case "unsupported": case "too-many-rows": case "pending": case "server": case "http": case "network": case "timeout":
        case "aborted": case "malformed-response": case "unknown-status": case "config": case "internal":
          return kind;
        default: {
          const none: never = kind;
          return none;
        }
      }
    };
    void [month, left, info, headers, word];
    client.free();
  `;
  assert.equal(await compile({ "right.mts": text }, { ...project, lib: ["es2022", "esnext.disposable", "dom", "dom.iterable"], target: "es2022" }), "");
});

test("wrong uses do not compile", async () => {
  const text = `
    import { QccClient, QccError, sign } from "qcc-pro";
    const client = new QccClient();
    // @ts-expect-error a text is no list
    void client.findPartnershipRelation("甲公司");
    // @ts-expect-error names are texts
    void client.findPartnershipRelation([1]);
    // @ts-expect-error an option that is misspelt
    new QccClient({ secret: "s" });
    // @ts-expect-error a time is a number
    new QccClient({ timeoutMs: "30" });
    // @ts-expect-error a store has get and set
    new QccClient({ store: {} });
    // @ts-expect-error parameters are texts
    void client.request("/api/x", { page: 1 });
    // @ts-expect-error a signal, not its controller
    void client.getQuota({ signal: new AbortController() });
    // @ts-expect-error made by the client only
    new QccError();
    // @ts-expect-error both are needed
    sign({ key: "k" });
    declare const error: QccError;
    // @ts-expect-error no such kind
    void (error.kind === "offline");
    // @ts-expect-error not to be changed
    error.billed = false;
    // @ts-expect-error may be missing
    void error.body.length;
    const answer = await client.findPartnershipRelation(["甲公司"]);
    // @ts-expect-error may be missing
    void answer.relations[0].amount;
    // @ts-expect-error no number
    void (answer.meta.billed * 1);
    // @ts-expect-error unknown until it is looked at
    void answer.relations[0]?.extra?.["ratio"].toFixed();
  `;
  assert.equal(await compile({ "wrong.mts": text }, project), "");
});

test("no type is any", async () => {
  for (const name of ["index.d.ts", "index.d.cts"]) {
    const text = String(await packaged(name)).replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
    assert.deepEqual(text.match(/.*\bany\b.*/g), null, name);
  }
});
