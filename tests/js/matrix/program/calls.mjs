// What every runtime is asked to do, and nothing that any of them lacks: the package is handed in, however it was
// loaded, and what comes back is plain data, to be compared with EXPECTED in ../expected.mjs.

export const NAMES = ["企查查科技股份有限公司", "大连银行股份有限公司"];

/**
 * @param {{ main: object, sandbox: object, gateway?: object }} qcc the package's entries
 * @param {{ url: string, resets?: string, key: string, secretKey: string }} server
 * @param {object} [options] further options of every client
 */
export async function calls({ main, sandbox, gateway }, { url, resets, key, secretKey }, options = {}) {
  const { QccClient, QccError, RelationGraph, planCalls, sign, statusInfo } = main;
  const common = { key, secretKey, baseUrl: url, dangerouslyAllowBrowser: true, ...options };
  const failure = (promise) => promise.then((value) => ({ value }), (error) => error);

  const client = new QccClient({ ...common, store: new Map() });
  const { relations, meta } = await client.findPartnershipRelation(NAMES);
  const again = await client.findPartnershipRelation([...NAMES].reverse());
  const { quotas } = await client.getQuota();
  const refused = await failure(new QccClient({ ...common, secretKey: "another" }).getQuota());

  const emulated = sandbox.createSandbox();
  const keys = { key: sandbox.SANDBOX_KEY, secretKey: sandbox.SANDBOX_SECRET_KEY };
  const offline = new QccClient({ ...common, ...keys, baseUrl: undefined, fetch: emulated.fetch });
  const answers = {
    token: sign({ key: "k", secretKey: "s", timespan: 0 }).Token,
    status: statusInfo(209).kind,
    relations,
    paid: [meta.billedCalls, again.meta.billedCalls, again.meta.fromStore],
    quotas: quotas.map(({ id, name, remainingCount }) => [id, name, remainingCount]),
    refused: [QccError.is(refused), refused.kind, refused.status, refused.billed, refused.attempts],
    calls: planCalls(sandbox.sampleCompanies(40, 1)).calls,
    csv: RelationGraph.from(relations).toCSV({ bom: false }).split("\r\n").length,
    sandbox: [(await offline.findPartnershipRelation(NAMES)).relations[0].amount, emulated.stats().billed],
  };
  if (gateway !== undefined) {
    const handler = gateway.createGateway({ key, secretKey, baseUrl: url, authorize: () => "somebody" });
    const page = new QccClient({
      gateway: "https://site.example/api/qcc",
      fetch: (address, init) => handler(new Request(address, init)),
    });
    answers.gateway = (await page.findPartnershipRelation(NAMES)).relations;
  }
  if (resets !== undefined) {
    const unlucky = new QccClient({ ...common, baseUrl: resets });
    await unlucky.getQuota();
    // Until the connection is back among those that are kept.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const lost = await failure(unlucky.findPartnershipRelation(NAMES));
    answers.lost = [lost.kind, lost.billed, lost.attempts];
  }
  return answers;
}
