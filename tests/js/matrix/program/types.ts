// What the types promise, held by expect-type: compiled and never run, by every TypeScript and resolution of the matrix.
import { expectTypeOf } from "expect-type";
import { CallPlan, QccClient, QccError, RelationGraph, Scan, init, planCalls, sign, statusInfo } from "qcc-pro";
import type {
  Billed, CompanyLink, ModuleQuota, PartnershipRelation, PartnershipResult, QccClientOptions, QccErrorKind, QccEvent, QccResult,
  QccStore, QuotaResult, RequestOptions, ResultMeta, ScanEvent, ScanInput, ScanOptions, ScanReport, SigningHeaders, StatusInfo,
} from "qcc-pro";
import { collect, enqueue, jobId, processor } from "qcc-pro/bullmq";
import { createGateway, toNodeHandler } from "qcc-pro/gateway";
import type { GatewayEvent } from "qcc-pro/gateway";
import { SANDBOX_KEY, createSandbox, sampleCompanies } from "qcc-pro/sandbox";
import type { Sandbox } from "qcc-pro/sandbox";

expectTypeOf(sign).returns.toEqualTypeOf<SigningHeaders>();
expectTypeOf(sign).parameter(0).toEqualTypeOf<{ key: string; secretKey: string; timespan?: number }>();
expectTypeOf(statusInfo).returns.toEqualTypeOf<StatusInfo | null>();
expectTypeOf(init).returns.toEqualTypeOf<Promise<void>>();

expectTypeOf(QccClient).toBeConstructibleWith({} as QccClientOptions);
expectTypeOf(QccClient).toBeConstructibleWith();
declare const client: QccClient;
expectTypeOf(client.findPartnershipRelation).parameter(0).toEqualTypeOf<readonly string[]>();
expectTypeOf(client.findPartnershipRelation).parameter(1).toEqualTypeOf<RequestOptions | undefined>();
expectTypeOf(client.findPartnershipRelation).returns.resolves.toEqualTypeOf<PartnershipResult>();
expectTypeOf(client.getQuota).returns.resolves.toEqualTypeOf<QuotaResult>();
expectTypeOf(client.request<{ list: string[] }>).returns.resolves.toEqualTypeOf<QccResult<{ list: string[] }>>();
expectTypeOf(client.request).returns.resolves.toHaveProperty("result").toBeUnknown();
expectTypeOf(client.scan).parameter(0).toEqualTypeOf<ScanInput>();
expectTypeOf(client.scan).parameter(1).toEqualTypeOf<ScanOptions | undefined>();
expectTypeOf(client.scan).returns.toEqualTypeOf<Scan>();
expectTypeOf(client[Symbol.dispose]).returns.toBeVoid();

expectTypeOf<PartnershipResult["meta"]>().toEqualTypeOf<ResultMeta>();
expectTypeOf<ResultMeta["billed"]>().toEqualTypeOf<Billed>();
expectTypeOf<Billed>().toEqualTypeOf<boolean | "unknown">();
expectTypeOf<PartnershipRelation["amountWan"]>().toEqualTypeOf<number | null>();
expectTypeOf<PartnershipRelation["extra"]>().toEqualTypeOf<Record<string, unknown> | undefined>();
expectTypeOf<ModuleQuota["remainingCount"]>().toBeNumber();

expectTypeOf(QccError.is).guards.toEqualTypeOf<QccError>();
expectTypeOf<QccError>().toMatchTypeOf<Error>();
expectTypeOf<QccError["kind"]>().toEqualTypeOf<QccErrorKind>();
expectTypeOf<QccError["cause"]>().toBeUnknown();
expectTypeOf<QccEvent>().not.toBeAny();

expectTypeOf(planCalls).returns.toEqualTypeOf<CallPlan>();
expectTypeOf<CallPlan>().toMatchTypeOf<Iterable<string[]>>();
expectTypeOf<Scan>().toMatchTypeOf<AsyncIterable<ScanEvent>>();
expectTypeOf<Extract<ScanEvent, { type: "failed" }>["error"]>().toEqualTypeOf<QccError>();
expectTypeOf<ScanReport["stopped"]>().toEqualTypeOf<null | "budget" | "aborted" | "account" | "store" | "failing">();
expectTypeOf(RelationGraph.from).toBeCallableWith([] as PartnershipRelation[]);
expectTypeOf<RelationGraph["links"]>().returns.toEqualTypeOf<CompanyLink[]>();

// A Map is a store, and options that may be undefined may be passed on, under exactOptionalPropertyTypes too.
expectTypeOf<Map<string, string>>().toMatchTypeOf<QccStore>();
declare const perhaps: string | undefined;
new QccClient({ key: perhaps, secretKey: perhaps, baseUrl: perhaps, store: new Map<string, string>(), timeoutMs: undefined });
// @ts-expect-error a text is no list
void client.findPartnershipRelation("甲公司");
// @ts-expect-error an option that is misspelt
new QccClient({ secret: "s" });
// @ts-expect-error made by the client only
new QccError();

expectTypeOf(createGateway).returns.toEqualTypeOf<(request: Request) => Promise<Response>>();
expectTypeOf(toNodeHandler).parameter(0).toEqualTypeOf<(request: Request) => Promise<Response>>();
expectTypeOf<GatewayEvent>().not.toBeAny();
expectTypeOf(createSandbox).returns.toEqualTypeOf<Sandbox>();
expectTypeOf(sampleCompanies).returns.toEqualTypeOf<string[]>();
expectTypeOf(SANDBOX_KEY).toBeString();
expectTypeOf(jobId).returns.toBeString();
expectTypeOf(enqueue).returns.resolves.toEqualTypeOf<{ calls: number; queued: number }>();
expectTypeOf(collect).returns.resolves.toEqualTypeOf<ScanReport>();
expectTypeOf<Parameters<ReturnType<typeof processor>>[0]["data"]>().toBeUnknown();
