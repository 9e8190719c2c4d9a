/** The command line's words in English. `zh.js` has the same shape. */

const numbers = new Intl.NumberFormat("en");
const number = (value) => numbers.format(value);
const counted = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;
const money = (yuan) =>
  `CNY ${new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 4 }).format(yuan)}`;

const credentials = `Key and secret key come from the environment (QCC_KEY, QCC_SECRET_KEY), from a file
(-e, --env-file), or are asked for without being shown. QCC_BASE_URL asks another server, such as a sandbox.`;

const exits = `Exit codes: 0 all done, 1 done in part (what was paid for is kept), 2 wrong usage,
3 account or signature refused.`;

export const en = {
  lang: "en",
  and: " and ",
  comma: ", ",
  semicolon: "; ",
  number,
  money,
  date: (ms) => new Date(ms).toISOString().slice(0, 10),
  duration(ms) {
    const seconds = Math.ceil(ms / 1000);
    if (seconds < 90) return `${seconds} s`;
    return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
  },

  about: "Signed, billed questions about Chinese companies (QCC Pro, 企查查专业版): asked once, never paid twice.",
  help: {
    usage: "[options] <command> …",
    options: "[options]",
    titles: {},
    standard: (value) => ` (default: ${value})`,
    after: `Examples:
  qcc-pro relations 企查查科技股份有限公司 大连银行股份有限公司
  qcc-pro relations --file suppliers.xlsx --out graph.csv --price 0.5
  qcc-pro plan suppliers.xlsx        how many calls it takes, without asking anything
  qcc-pro sandbox                    try everything without an account

${credentials}
${exits}`,
  },
  commands: {
    help: { summary: "help for a command" },
    relations: {
      summary: "who supplies whom among companies; a list in, a spreadsheet out",
      description:
        "Finds which of the companies are each other's supplier or customer (合作关系挖掘查询), in as few paid calls as can be found. The plan and its price are told first; before more than 20 paid calls a terminal is asked.",
      names: "registered names of companies",
      after: `The list (--file): text with a name on each line, CSV (UTF-8, UTF-16 or GBK), XLSX, or - for
standard input. The column with the companies is found, or named with --column.

Output: a table on a terminal, CSV in a pipe, or files with --out, by their endings:
  .csv  .xlsx  .json (node-link, for D3 and NetworkX)  .gexf (Gephi)  .graphml (Cytoscape, yEd)

Every answer is kept in a folder before it counts: beside the first --out (graph.csv: graph.answers),
else qcc-pro.answers here, else --resume. Stopped (Ctrl-C), killed or out of budget, the same line goes
on and pays only for what is missing. Delete the folder to ask everything anew.

With --hub and --between fewer calls are paid for; what their answers tell of other pairs is listed too.

Examples:
  qcc-pro relations --file suppliers.csv --out graph.xlsx --out graph.gexf --price 0.5
  qcc-pro relations --file suppliers.csv --dry-run --price 0.5
  qcc-pro relations --hub 比亚迪股份有限公司 --file suppliers.csv --out hub.csv
  qcc-pro relations --between suppliers.csv customers.csv --out between.csv --max-calls 500
  cat names.txt | qcc-pro relations --file - --json

${credentials}
${exits}`,
    },
    quota: {
      summary: "what the account's modules have left",
      description: "What the account's modules have left (额度查询). QCC counts this as a call.",
      after: `${credentials}\n${exits}`,
    },
    plan: {
      summary: "how many calls a list takes, and which",
      description:
        "How many calls a list takes, and which companies each call names. Nothing is asked, no account needed.",
      list: "how many companies, or a file with their names",
      after: `Examples:
  qcc-pro plan 1000 --price 0.5
  qcc-pro plan suppliers.xlsx --all`,
    },
    sandbox: {
      summary: "an emulated QCC Pro on this machine, to try and to test with",
      description:
        "An emulated QCC Pro on this machine: checks signatures and parameters, answers in the vendor's shapes, counts what would be billed, and fails in every way that is asked for. It never talks to QCC.",
      after: `A fault is written as NAME=VALUE,NAME=VALUE or as JSON:
  --fault calls=3,status=109                  the third call: over the daily limit
  --fault every=10,http=429,retryAfter=2      every tenth: asked to slow down
  --fault company=某某大学,status=208           this company is not supported
  --fault probability=0.01,transport=reset    one in a hundred: the connection is reset
  --fault clockOffsetSeconds=-3600            the server's clock is an hour behind
Transports: refuse, reset, no-answer, cut-body, stall-body, truncated-json, empty, html.`,
    },
    gateway: {
      summary: "a server that signs for pages, which must not have the secret key",
      description:
        "A server that signs what pages ask: key and secret key stay here. Who may ask stands in a file of tokens, which callers send as «Authorization: Bearer TOKEN».",
      after: `The token file has a token on each line, or NAME TOKEN; calls are limited for each of them.
A token has 16 characters or more: openssl rand -hex 24

On the page:
  new QccClient({ gateway: "http://127.0.0.1:8701", headers: { Authorization: "Bearer …" } })

${credentials}`,
    },
    sign: {
      summary: "the headers Token and Timespan of a request, or a line for curl",
      description:
        "Prints the two headers that sign one request; with --curl a line that asks. The secret key is in neither. The company's key has to be in the URL: the line takes it from the shell's $QCC_KEY, unless --show-key.",
      names: "companies to ask about (with --curl); without them curl asks for the quotas",
      after: `Examples:
  qcc-pro sign | curl -H @- …
  qcc-pro sign --curl 企查查科技股份有限公司 大连银行股份有限公司
  qcc-pro sign --curl --path /api/some/endpoint --query name=value

A signature is good for a few minutes at most; the vendor does not say for how many.

${credentials}`,
    },
    status: {
      summary: "what a status code means",
      description: "What QCC's status codes mean, whether they are billed and what to do; in both languages.",
      codes: "one or more codes; without any, all of them",
      after: "Example:\n  qcc-pro status 207",
    },
    completion: {
      summary: "a script that completes commands and options in your shell",
      description: "Prints a script that completes commands and options in your shell.",
      shell: "bash, zsh or fish",
      after: `  bash   eval "$(qcc-pro completion bash)"           in ~/.bashrc
  zsh    eval "$(qcc-pro completion zsh)"            in ~/.zshrc, after compinit
  fish   qcc-pro completion fish | source            in ~/.config/fish/config.fish`,
    },
  },
  options: {
    version: "the version",
    help: "help",
    json: "one JSON object a line",
    lang: "zh or en, whatever the locale",
    envFile: "file with QCC_KEY=… and QCC_SECRET_KEY=…",
    baseUrl: "another server than https://pro.qcc.com",
    column: "column of the companies: its heading, letter or number",
    file: "list of companies: text, CSV, XLSX, or - for standard input",
    between: "two lists: ask only for pairs across them",
    hub: "ask only for pairs with this company",
    out: "write a file: .csv .xlsx .json .gexf .graphml (several times)",
    resume: "folder for answers paid for; a second run goes on from it",
    noResume: "keep no answers: what was paid for is lost with the run",
    dryRun: "only the plan and its price",
    yes: "do not ask before more than 20 paid calls",
    price: "price of one call in yuan",
    maxCalls: "pay for so many calls at most",
    concurrency: "so many calls at once",
    rate: "start so many calls a second at most",
    skipInvalid: "leave out names that cannot be asked for",
    callSize: "so many companies a call, 2 to 20",
    all: "every call, not only the first 20",
    port: "port; 0 for any that is free",
    host: "address to listen on",
    fault: "what goes wrong, and when (several times)",
    faults: "file with an array of faults (JSON)",
    latency: "every answer takes so many milliseconds",
    density: "share of pairs that have relations, 0 to 1",
    seed: "what relations and chances are drawn from",
    tolerance: "how far Timespan may be off, in seconds",
    callsPerSecond: "more calls in a second are refused (120)",
    dailyCalls: "more billed calls in a day are refused (116)",
    quiet: "do not print each call",
    tokenFile: "file with the tokens of those who may ask",
    origin: "page of another origin that may ask (several times)",
    maxCallsPerMinute: "the most calls of one caller in a minute",
    keep: "folder for answers paid for; they serve every caller",
    curl: "print a line for curl",
    showKey: "write the company's key into the line",
    path: "endpoint for curl, such as /api/company/quota/getQuota",
    query: "further parameter for curl (several times)",
    timespan: "sign for this second (Unix time), not for now",
  },
  usage: {
    whole: (least, most) => `A whole number from ${least}${most === null ? "" : ` to ${most}`} is needed.`,
    number: (least, most) => `A number from ${least}${most === null ? "" : ` to ${most}`} is needed.`,
    choices: (list) => `There are ${list}.`,
    seeHelp: "See qcc-pro --help, or qcc-pro COMMAND --help.",
    didYouMean: (similar) => `Did you mean ${similar}?`,
    notBoth: (one, other) => `${one} and ${other} cannot be used together.`,
  },
  parser: {
    unknownOption: (name) => `There is no option ${name}.`,
    unknownCommand: (name) => `There is no command «${name}».`,
    missingArgument: (name) => `The argument <${name}> is missing.`,
    optionMissingArgument: (flags) => `The option ${flags} needs a value.`,
    missingMandatoryOptionValue: (flags) => `The option ${flags} is needed.`,
    invalidArgument: (flags, value, reason) => `${flags}: «${value}» will not do. ${reason}`.trim(),
    excessArguments: (name) => `The command ${name} takes fewer arguments.`,
  },
  access: {
    askKey: "Key (公司 key 值):",
    askSecretKey: "Secret key (密钥):",
    missing: (names) => `${names} missing.`,
    where: "Set them in the environment, or use --env-file. Both stand in 设置中心 → 我的公司 at pro.qcc.com.",
    nothingIn: (path) => `${path} has neither QCC_KEY nor QCC_SECRET_KEY.`,
    envFile: "Lines such as QCC_KEY=… and QCC_SECRET_KEY=…",
    readable: (path) => `Others on this machine may read ${path}: chmod 600 ${path}`,
  },
  ask: {
    hidden: "(not shown)",
    empty: "Nothing was entered.",
    yes: "yes",
    no: "no",
    left: "Left without an answer; nothing was sent.",
  },
  list: {
    input: "standard input",
    place: (what, row) => `${what}, line ${row}`,
    empty: (what) => `${what} is empty.`,
    noNames: (what) => `There are no names in ${what}.`,
    kinds: "A list is text with a name on each line, CSV, or XLSX.",
    oldExcel: (what) => `${what} is a workbook of an old Excel (.xls). Save it as .xlsx.`,
    noWorkbook: (what) => `${what} is no XLSX workbook, or a damaged one.`,
    typed: "Standard input is the keyboard: pipe a list into it, or name a file.",
    encoding: (what) => `${what} is neither UTF-8 nor GBK text.`,
    noColumn: (what, column) => `${what} has no column «${column}».`,
    whichColumn: (what) => `Which column of ${what} has the companies? Say it with --column.`,
    columns: (names) => `Its columns: ${names}`,
  },
  names: {
    unfit: (count, names) => `${counted(count, "name")} cannot be asked for: ${names}`,
    one: (name, place) => `«${name}» (${place})`,
    more: (count) => `and ${number(count)} more`,
    hint: "A name has 2 characters or more and no ASCII comma. --skip-invalid leaves such names out.",
    skipped: (count, names) => `Left out ${counted(count, "name")} that cannot be asked for: ${names}`,
  },
  plan: {
    size: (companies, pairs) => `${counted(companies, "company", "companies")}, ${counted(pairs, "pair")}`,
    calls: (calls, naive, bound) =>
      `${counted(calls, "call")} to pay${naive > calls ? `, ${number(naive)} by hand` : ""}; ${bound === calls ? "no plan has fewer" : `no plan has fewer than ${number(bound)}`}`,
    cost: (planned, naive) => `; ${planned}${naive === planned ? "" : ` instead of ${naive}`}`,
    method: (method) => `Plan: ${method}`,
    columns: ["call", "size", "companies"],
    more: (count) => `and ${number(count)} more calls (--all)`,
    count: (most) => `A plan is for 2 to ${number(most)} companies.`,
  },
  relations: {
    argument: (index) => `argument ${index}`,
    named: "names as arguments",
    noNames: "Which companies? Name them, or a list with --file.",
    noNamesHint: "qcc-pro relations A公司 B公司, qcc-pro relations --file names.txt, or --file - for standard input.",
    tooFew: "There is no pair to ask about: at least two different companies are needed.",
    tooFewHint: "A relation is between two companies; equal names count once.",
    between: (count) => `--between takes two files, not ${count}.`,
    ask: (calls, cost) => `Pay for ${number(calls)} calls${cost && ` (${cost})`}?`,
    declined: "Nothing was sent.",
    alreadyPaid: (paid, left, cost, folder, date) =>
      `${counted(paid, "answer")} paid for already in ${folder} (the oldest of ${date}): ${number(left)} to pay${cost && ` (${cost})`}`,
    budget: (calls) => `At most ${counted(calls, "call")} will be paid (--max-calls)`,
    unkept: "Answers are not kept (--no-resume): what is paid for is lost with this run.",
    stopping: "Stopping: what is under way ends and is kept. Ctrl-C again quits at once.",
  },
  progress: {
    calls: (done, all) => `${number(done)}/${number(all)} calls`,
    paid: (calls, cost) => `${number(calls)} paid${cost && ` ${cost}`}`,
    relations: (count) => counted(count, "relation"),
    left: (duration) => `${duration} left`,
  },
  report: {
    wrote: (path, whole) => (whole ? path : `${path} (in part)`),
    failed: (reason, count, first) => `${reason}: ${first}${count > 1 ? ` and ${counted(count - 1, "other")}` : ""}`,
    moreFailed: (count) => `and ${counted(count, "more call")} that failed`,
    unsupported: (count, names) => `QCC does not serve ${counted(count, "company", "companies")}: ${names}`,
    stopped: {
      budget: "The budget is spent (--max-calls).",
      aborted: "Stopped by you.",
      account: "QCC refuses the account or the signature: stopped at once.",
      store: "Answers cannot be kept: stopped rather than pay for what would be lost.",
      failing: "Twenty calls failed in a row: stopped.",
    },
    found: (relations, companies) =>
      relations === 0
        ? "No relations found"
        : `${counted(relations, "relation")} between ${counted(companies, "company", "companies")}`,
    paid: (done, calls, paid, cost, fromStore) =>
      `${number(done)} of ${counted(calls, "call")} done, ${number(paid)} paid now${cost && ` (${cost})`}${fromStore > 0 ? `, ${number(fromStore)} paid before` : ""}`,
    uncovered: (count) =>
      count === null ? "Not every pair was asked about" : `${counted(count, "pair")} not asked about`,
    columns: ["company", "related company", "CNY 10,000", "date", "source"],
    kept: (folder) => `Answers are kept in ${folder}: asked again, they cost nothing`,
    list: "LIST",
    goOn: "To go on:",
  },
  out: {
    unknown: (path) => `${path}: the ending of a file says its format, and this one is unknown.`,
    formats: (list) => `There are ${list}`,
    tooManyRows: (rows, most) =>
      `${number(rows)} relations are more than a sheet of Excel has rows (${number(most)}); write .csv.`,
    sheets: { relations: "relations", companies: "companies", unsupported: "not served" },
    columns: {
      relations: ["company", "related company", "amount (CNY 10,000)", "date", "source"],
      companies: ["company", "partners", "relations", "total (CNY 10,000)"],
      unsupported: ["company"],
    },
  },
  keep: {
    locked: (folder) => `Another run is using ${folder}.`,
    lockedHint: "Two runs would pay for the same calls. Wait for it, or give this one another folder with --resume.",
    noLock: (folder) => `${folder} cannot be locked against a second run.`,
    noLockHint: "Give a folder on a local disk with --resume.",
  },
  quota: {
    none: "The account has no module with a quota.",
    columns: ["module", "", "used", "total", "left", "deletable"],
    names: { radar_id: "Risk monitoring", natural_person_id: "Person checks", bene_id: "Beneficial owners" },
  },
  sign: {
    names: "names",
    onlyCurl: "Names, --path and --query are for --curl; a signature is the same whatever is asked.",
    showKeyAlone: "--show-key is for --curl.",
    path: (path) => `${path}: a path begins with / and has no query.`,
    query: (pair) => `${pair}: a parameter is written as NAME=VALUE; the key is added by itself.`,
    tooMany: (count, most) => `${count} names: one call takes ${most} at most. qcc-pro relations takes any number.`,
    notInShell: "The line reads the key from $QCC_KEY, which your shell must have: export QCC_KEY, or add --show-key.",
    atOnce: "Use it at once: the signature expires.",
  },
  status: {
    columns: ["code", "billed", "meaning", "kind"],
    counts: (billed) => (billed ? "billed" : "not billed"),
    retryable: (yes) => (yes ? "may be asked again later" : "asking again does not help"),
    unknown: (code) => `${code} is in no table of codes.`,
    unknownHint: "qcc-pro status lists all that are known.",
  },
  server: { end: "Ctrl-C ends it." },
  sandbox: {
    listens: (url) => `QCC Pro, emulated, at ${url}. In another terminal:`,
    call: ({ number: count, path, status, billed }, names) =>
      `#${count} ${path.split("/").at(-1)}${names > 0 ? ` (${counted(names, "company", "companies")})` : ""}: ${status}${billed ? ", billed" : ""}`,
    stats: (calls, billed) => `${counted(calls, "call")}, ${number(billed)} billed`,
    fault: (what) => `This is no fault: ${what}`,
    faultHint: "Such as calls=3,status=109 or every=10,http=429; see qcc-pro sandbox --help.",
    noJson: (path, why) => `${path} is no JSON: ${why}`,
    noArray: (path) => `${path} is no array of faults.`,
  },
  gateway: {
    listens: (url, callers) => `Signing for ${counted(callers, "caller")} at ${url}`,
    refused: (status, why) => `refused ${status}: ${why}`,
    answered: ({ endpoint, status, httpStatus, durationMs }) =>
      `${endpoint}: ${status ?? `HTTP ${httpStatus}`} in ${Math.round(durationMs ?? 0)} ms`,
    ending: "Ending: what was asked is answered first. Ctrl-C again quits at once.",
    line: (path, line) => `${path}, line ${line}: more than a name and a token.`,
    lineHint: "A line is a token, or NAME TOKEN.",
    short: (path, line, least) => `${path}, line ${line}: a token has ${least} characters or more.`,
    shortHint: "Make one with: openssl rand -hex 24",
    noTokens: (path) => `${path} has no token.`,
  },
  problem: {
    refused: (code, said) => `QCC answered ${code}: ${said}`,
    billed: {
      true: "This was billed.",
      false: "This was not billed.",
      unknown: "Whether this was billed cannot be told.",
    },
    request: (id) => `QCC's number of the request: ${id}`,
    advice: {
      "invalid-argument": "Check the names: 2 characters or more, no ASCII comma.",
      auth: "Check key, secret key, this machine's clock and the IP addresses QCC allows.",
      account: "In arrears, suspended or used up: see pro.qcc.com.",
      quota: "The daily limit is reached: go on tomorrow.",
      blocked: "Stop calling and ask QCC (400-928-2212).",
      permission: "The account may not use this endpoint: ask QCC.",
      unsupported: "Leave the company out.",
      "too-many-rows": "Ask for fewer companies at once.",
      pending: "Ask again later.",
      server: "Ask again later.",
      http: "Something between here and QCC answered. Ask again later.",
      network: "Check the network and the address.",
      timeout: "Ask again later.",
      aborted: "Ask again.",
      "malformed-response": "Something other than QCC may have answered; check the address.",
      "unknown-status": "Ask QCC what it means.",
      config: "Check the settings.",
      internal: "Ask again; nothing paid for is lost.",
    },
    bug: (message) => `Unexpected: ${message}. This is a mistake in qcc-pro.`,
  },
  system: {
    ENOENT: (path) => `There is no ${path}.`,
    EISDIR: (path) => `${path} is a folder.`,
    ENOTDIR: (path) => `A part of ${path} is no folder.`,
    EACCES: (path, port) =>
      port === undefined ? `No permission for ${path}.` : `No permission to listen on port ${port}.`,
    EPERM: (path) => `No permission for ${path}.`,
    EROFS: (path) => `${path} is on a disk that cannot be written.`,
    ENOSPC: (path) => `The disk of ${path} is full.`,
    EDQUOT: (path) => `Your share of the disk of ${path} is used up.`,
    EFBIG: (path) => `${path} would be larger than files may be here.`,
    EMFILE: () => "Too many open files.",
    ENAMETOOLONG: (path) => `The name ${path} is too long.`,
    EADDRINUSE: (address, port) => `Port ${port} at ${address} is in use; choose another with --port.`,
    EADDRNOTAVAIL: (address) => `This machine has no address ${address}.`,
    ENOTFOUND: (address) => `There is no host ${address}.`,
    other: (message) => `The system refused: ${message}.`,
  },
};
