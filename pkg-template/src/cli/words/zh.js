/** The command line's words in Chinese. `en.js` has the same shape. */

const numbers = new Intl.NumberFormat("zh-CN");
const number = (value) => numbers.format(value);
const money = (yuan) =>
  `${new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 4 }).format(yuan)} 元`;

const credentials = `key 与密钥取自环境变量（QCC_KEY、QCC_SECRET_KEY）、-e（--env-file）指定的文件，否则在终端上询问，输入不显示。
QCC_BASE_URL 可指向别的服务器，例如沙箱。`;

const exits = "退出码：0 全部完成；1 部分完成（已付费的答案都已保存）；2 用法有误；3 账户或签名被拒绝。";

export const zh = {
  lang: "zh",
  and: " 与 ",
  comma: "、",
  semicolon: "；",
  number,
  money,
  date: (ms) => new Date(ms).toISOString().slice(0, 10),
  duration(ms) {
    const seconds = Math.ceil(ms / 1000);
    if (seconds < 90) return `${seconds} 秒`;
    return seconds < 5400 ? `${Math.round(seconds / 60)} 分钟` : `${(seconds / 3600).toFixed(1)} 小时`;
  },

  about: "企查查专业版（QCC Pro）命令行：签名、计费的企业查询，只问一次，绝不重复付费。",
  help: {
    usage: "[选项] <命令> …",
    options: "[选项]",
    titles: { "Usage:": "用法：", "Arguments:": "参数：", "Options:": "选项：", "Commands:": "命令：" },
    standard: (value) => `（默认：${value}）`,
    after: `示例：
  qcc-pro relations 企查查科技股份有限公司 大连银行股份有限公司
  qcc-pro relations --file 供应商.xlsx --out 关系.csv --price 0.5
  qcc-pro plan 供应商.xlsx            需要多少次调用，不发出任何查询
  qcc-pro sandbox                    没有账户也能试用

${credentials}
${exits}`,
  },
  commands: {
    help: { summary: "某个命令的帮助" },
    relations: {
      summary: "名单内谁与谁有合作关系：输入名单，得到表格",
      description:
        "找出这些企业之间的供应商与客户关系（合作关系挖掘查询），付费调用尽可能少。先给出计划与价格；超过 20 次付费调用时在终端上询问。",
      names: "企业全称",
      after: `名单（--file）：每行一个名称的文本、CSV（UTF-8、UTF-16 或 GBK）、XLSX，或 - 表示标准输入。
企业所在的列会自动识别，也可用 --column 指定。

输出：终端上为表格，管道中为 CSV；或用 --out 写入文件，格式由扩展名决定：
  .csv  .xlsx  .json（node-link，用于 D3、NetworkX）  .gexf（Gephi）  .graphml（Cytoscape、yEd）

每个答案先存入文件夹再计数：在第一个 --out 旁边（graph.csv 对应 graph.answers），没有 --out 时为当前
文件夹中的 qcc-pro.answers，或由 --resume 指定。中断（Ctrl-C）、被杀死或预算用完后，重复同一行命令
即可继续，只为缺少的部分付费。要全部重新查询，请删除该文件夹。

--hub 与 --between 所需的付费调用更少；答案中顺带得到的其他企业对的关系也会列出。

示例：
  qcc-pro relations --file 供应商.csv --out 关系.xlsx --out 关系.gexf --price 0.5
  qcc-pro relations --file 供应商.csv --dry-run --price 0.5
  qcc-pro relations --hub 比亚迪股份有限公司 --file 供应商.csv --out 核心.csv
  qcc-pro relations --between 供应商.csv 客户.csv --out 两单之间.csv --max-calls 500
  cat 名单.txt | qcc-pro relations --file - --json

${credentials}
${exits}`,
    },
    quota: {
      summary: "账户各模块的额度",
      description: "账户各模块的额度（额度查询）。企查查把它计为一次调用。",
      after: `${credentials}\n${exits}`,
    },
    plan: {
      summary: "一份名单需要多少次调用，各是哪些",
      description: "一份名单需要多少次调用，每次包含哪些企业。不发出任何查询，也不需要账户。",
      list: "企业数量，或名单文件",
      after: `示例：
  qcc-pro plan 1000 --price 0.5
  qcc-pro plan 供应商.xlsx --all`,
    },
    sandbox: {
      summary: "在本机模拟企查查专业版，用于试用与测试",
      description:
        "在本机模拟企查查专业版：检查签名与参数，按官方格式回应，统计会计费的调用，并可按要求以各种方式出错。它从不连接企查查。",
      after: `故障写作 名称=值,名称=值，或 JSON：
  --fault calls=3,status=109                  第三次调用：超过每日限制
  --fault every=10,http=429,retryAfter=2      每十次一次：要求放慢
  --fault company=某某大学,status=208           不支持此企业
  --fault probability=0.01,transport=reset    百分之一的连接被重置
  --fault clockOffsetSeconds=-3600            服务器的时钟慢一小时
transport 有：refuse、reset、no-answer、cut-body、stall-body、truncated-json、empty、html。`,
    },
    gateway: {
      summary: "为网页代为签名的服务器，密钥不进入网页",
      description:
        "为网页代为签名的服务器：key 与密钥留在这里。谁可以查询由令牌文件决定，调用者以 “Authorization: Bearer 令牌” 发送。",
      after: `令牌文件每行一个令牌，或 “名称 令牌”；调用次数按名称分别限制。
令牌至少 16 个字符，可这样生成：openssl rand -hex 24

在网页上：
  new QccClient({ gateway: "http://127.0.0.1:8701", headers: { Authorization: "Bearer …" } })

${credentials}`,
    },
    sign: {
      summary: "一次请求的 Token 与 Timespan，或一行 curl 命令",
      description:
        "输出签署一次请求的两个请求头；加 --curl 则输出可直接执行的一行命令。两者都不含密钥。公司 key 必须在 URL 中：该行从 shell 的 $QCC_KEY 读取，除非加 --show-key。",
      names: "要查询的企业（配合 --curl）；没有名称时查询额度",
      after: `示例：
  qcc-pro sign | curl -H @- …
  qcc-pro sign --curl 企查查科技股份有限公司 大连银行股份有限公司
  qcc-pro sign --curl --path /api/some/endpoint --query name=value

签名至多几分钟内有效；官方文档没有说明具体时长。

${credentials}`,
    },
    status: {
      summary: "状态码的含义",
      description: "企查查状态码的含义、是否计费、如何处理；中英两种语言。",
      codes: "一个或多个状态码；不写则列出全部",
      after: "示例：\n  qcc-pro status 207",
    },
    completion: {
      summary: "输出 shell 自动补全脚本",
      description: "输出补全命令与选项的 shell 脚本。",
      shell: "bash、zsh 或 fish",
      after: `  bash   eval "$(qcc-pro completion bash)"           写入 ~/.bashrc
  zsh    eval "$(qcc-pro completion zsh)"            写入 ~/.zshrc，在 compinit 之后
  fish   qcc-pro completion fish | source            写入 ~/.config/fish/config.fish`,
    },
  },
  options: {
    version: "版本号",
    help: "帮助",
    json: "每行输出一个 JSON 对象",
    lang: "zh 或 en，不随系统语言",
    envFile: "含 QCC_KEY=… 与 QCC_SECRET_KEY=… 的文件",
    baseUrl: "https://pro.qcc.com 以外的服务器",
    column: "企业所在的列：标题、字母或序号",
    file: "企业名单：文本、CSV、XLSX，或 - 表示标准输入",
    between: "两份名单：只查两单之间的企业对",
    hub: "只查与这家企业的关系",
    out: "写入文件：.csv .xlsx .json .gexf .graphml（可重复）",
    resume: "保存已付费答案的文件夹，再次运行时由此继续",
    noResume: "不保存答案：付费的内容随本次运行丢失",
    dryRun: "只给出计划与价格",
    yes: "超过 20 次付费调用时不询问",
    price: "每次调用的价格（元）",
    maxCalls: "最多付费多少次",
    concurrency: "同时进行的调用数",
    rate: "每秒最多发起多少次调用",
    skipInvalid: "略过无法查询的名称",
    callSize: "每次调用的企业数，2 至 20",
    all: "列出全部调用，而不只是前 20 次",
    port: "端口；0 表示任意空闲端口",
    host: "监听的地址",
    fault: "出什么错、何时出错（可重复）",
    faults: "含故障数组的文件（JSON）",
    latency: "每个回应耗时多少毫秒",
    density: "有关系的企业对所占比例，0 至 1",
    seed: "关系与概率的随机种子",
    tolerance: "Timespan 允许的偏差（秒）",
    callsPerSecond: "每秒超出的调用被拒绝（120）",
    dailyCalls: "每日超出的计费调用被拒绝（116）",
    quiet: "不逐条显示调用",
    tokenFile: "可以查询者的令牌文件",
    origin: "允许查询的其他来源网页（可重复）",
    maxCallsPerMinute: "每个调用者每分钟的最多次数",
    keep: "保存已付费答案的文件夹，供所有调用者使用",
    curl: "输出一行 curl 命令",
    showKey: "把公司 key 写入该行",
    path: "curl 查询的接口，例如 /api/company/quota/getQuota",
    query: "curl 的其他参数（可重复）",
    timespan: "为这一秒（Unix 时间）而不是现在签名",
  },
  usage: {
    whole: (least, most) => `须为${most === null ? `不小于 ${least} ` : ` ${least} 至 ${most} `}的整数。`,
    number: (least, most) => `须为${most === null ? `不小于 ${least} ` : ` ${least} 至 ${most} `}的数。`,
    choices: (list) => `可用的有 ${list}。`,
    seeHelp: "请看 qcc-pro --help 或 qcc-pro 命令 --help。",
    didYouMean: (similar) => `是否指 ${similar}？`,
    notBoth: (one, other) => `${one} 与 ${other} 不能同时使用。`,
  },
  parser: {
    unknownOption: (name) => `没有选项 ${name}。`,
    unknownCommand: (name) => `没有命令 “${name}”。`,
    missingArgument: (name) => `缺少参数 <${name}>。`,
    optionMissingArgument: (flags) => `选项 ${flags} 缺少值。`,
    missingMandatoryOptionValue: (flags) => `必须给出选项 ${flags}。`,
    invalidArgument: (flags, value, reason) => `${flags}：“${value}” 不可用。${reason}`,
    excessArguments: (name) => `命令 ${name} 的参数过多。`,
  },
  access: {
    askKey: "公司 key 值：",
    askSecretKey: "密钥：",
    missing: (names) => `缺少 ${names}。`,
    where: "请设置环境变量或使用 --env-file。两者见 pro.qcc.com 的 设置中心 → 我的公司。",
    nothingIn: (path) => `${path} 中没有 QCC_KEY 或 QCC_SECRET_KEY。`,
    envFile: "每行形如 QCC_KEY=… 与 QCC_SECRET_KEY=…",
    readable: (path) => `本机其他用户可以读取 ${path}，请执行：chmod 600 ${path}`,
  },
  ask: { hidden: "（输入不显示）", empty: "没有输入。", yes: "是", no: "否", left: "没有作答，未发出任何查询。" },
  list: {
    input: "标准输入",
    place: (what, row) => `${what} 第 ${row} 行`,
    empty: (what) => `${what} 是空的。`,
    noNames: (what) => `${what} 中没有名称。`,
    kinds: "名单可以是每行一个名称的文本、CSV 或 XLSX。",
    oldExcel: (what) => `${what} 是旧版 Excel 工作簿（.xls），请另存为 .xlsx。`,
    noWorkbook: (what) => `${what} 不是 XLSX 工作簿，或已损坏。`,
    typed: "标准输入是键盘：请用管道输入名单，或指定文件。",
    encoding: (what) => `${what} 既不是 UTF-8 也不是 GBK 文本。`,
    noColumn: (what, column) => `${what} 没有 “${column}” 列。`,
    whichColumn: (what) => `${what} 的哪一列是企业？请用 --column 指定。`,
    columns: (names) => `其中的列：${names}`,
  },
  names: {
    unfit: (count, names) => `${number(count)} 个名称无法查询：${names}`,
    one: (name, place) => `“${name}”（${place}）`,
    more: (count) => `另有 ${number(count)} 个`,
    hint: "名称至少 2 个字，不含英文逗号。--skip-invalid 可略过这些名称。",
    skipped: (count, names) => `已略过 ${number(count)} 个无法查询的名称：${names}`,
  },
  plan: {
    size: (companies, pairs) => `${number(companies)} 家企业，${number(pairs)} 个企业对`,
    calls: (calls, naive, bound) =>
      `需付费 ${number(calls)} 次${naive > calls ? `，人工分批需 ${number(naive)} 次` : ""}；${bound === calls ? "已达理论下限" : `理论下限 ${number(bound)} 次`}`,
    cost: (planned, naive) => `；共 ${planned}${naive === planned ? "" : `，而不是 ${naive}`}`,
    method: (method) => `计划：${method}`,
    columns: ["次序", "家数", "企业"],
    more: (count) => `另有 ${number(count)} 次调用（--all）`,
    count: (most) => `计划可有 2 至 ${number(most)} 家企业。`,
  },
  relations: {
    argument: (index) => `第 ${index} 个参数`,
    named: "参数中的名称",
    noNames: "查询哪些企业？请写出名称，或用 --file 指定名单。",
    noNamesHint: "qcc-pro relations 甲公司 乙公司；qcc-pro relations --file 名单.txt；--file - 表示标准输入。",
    tooFew: "没有可查询的企业对：至少需要两家不同的企业。",
    tooFewHint: "关系存在于两家企业之间；相同的名称只算一家。",
    between: (count) => `--between 需要两个文件，而不是 ${count} 个。`,
    ask: (calls, cost) => `为 ${number(calls)} 次调用付费${cost && `（${cost}）`}？`,
    declined: "未发出任何查询。",
    alreadyPaid: (paid, left, cost, folder, date) =>
      `${folder} 中已有 ${number(paid)} 个付过费的答案（最早为 ${date}），还需付费 ${number(left)} 次${cost && `（${cost}）`}`,
    budget: (calls) => `最多付费 ${number(calls)} 次（--max-calls）`,
    unkept: "不保存答案（--no-resume）：付费的内容随本次运行丢失。",
    stopping: "正在停止：已发出的查询会完成并保存。再按一次 Ctrl-C 立即退出。",
  },
  progress: {
    calls: (done, all) => `${number(done)}/${number(all)} 次`,
    paid: (calls, cost) => `已付费 ${number(calls)} 次${cost && ` ${cost}`}`,
    relations: (count) => `${number(count)} 条关系`,
    left: (duration) => `还需 ${duration}`,
  },
  report: {
    wrote: (path, whole) => (whole ? path : `${path}（部分结果）`),
    failed: (reason, count, first) => `${reason}：${first}${count > 1 ? `等 ${number(count)} 家` : ""}`,
    moreFailed: (count) => `另有 ${number(count)} 次调用失败`,
    unsupported: (count, names) => `企查查不支持 ${number(count)} 家企业：${names}`,
    stopped: {
      budget: "预算已用完（--max-calls）。",
      aborted: "已由您停止。",
      account: "账户或签名被企查查拒绝，已立即停止。",
      store: "答案无法保存，为免付费后丢失已停止。",
      failing: "连续失败二十次，已停止。",
    },
    found: (relations, companies) =>
      relations === 0 ? "没有查到合作关系" : `${number(relations)} 条关系，涉及 ${number(companies)} 家企业`,
    paid: (done, calls, paid, cost, fromStore) =>
      `完成 ${number(done)}/${number(calls)} 次调用，本次付费 ${number(paid)} 次${cost && `（${cost}）`}${fromStore > 0 ? `，此前已付费 ${number(fromStore)} 次` : ""}`,
    uncovered: (count) => (count === null ? "并非所有企业对都已查询" : `${number(count)} 个企业对未查询`),
    columns: ["企业", "关联企业", "金额（万元）", "日期", "来源"],
    kept: (folder) => `答案保存在 ${folder}，再次查询不再付费`,
    list: "名单",
    goOn: "继续请执行：",
  },
  out: {
    unknown: (path) => `${path}：格式由扩展名决定，而这个扩展名未知。`,
    formats: (list) => `可用的有 ${list}`,
    tooManyRows: (rows, most) => `${number(rows)} 条关系超过 Excel 工作表的行数（${number(most)}），请输出 .csv。`,
    sheets: { relations: "合作关系", companies: "企业", unsupported: "不支持的企业" },
    columns: {
      relations: ["企业", "关联企业", "合作金额（万元）", "报告期/公开时间", "公开来源"],
      companies: ["企业", "伙伴数", "关系数", "合计（万元）"],
      unsupported: ["企业"],
    },
  },
  keep: {
    locked: (folder) => `另一个运行正在使用 ${folder}。`,
    lockedHint: "两个运行会为同样的调用重复付费。请等它结束，或用 --resume 另选文件夹。",
    noLock: (folder) => `无法锁定 ${folder} 以防重复运行。`,
    noLockHint: "请用 --resume 指定本地磁盘上的文件夹。",
  },
  quota: {
    none: "该账户没有带额度的模块。",
    columns: ["模块", "", "已用", "总额度", "剩余", "可删除"],
    names: {},
  },
  sign: {
    names: "名称",
    onlyCurl: "名称、--path 与 --query 只用于 --curl；签名与查询内容无关。",
    showKeyAlone: "--show-key 只用于 --curl。",
    path: (path) => `${path}：路径以 / 开头，不含查询参数。`,
    query: (pair) => `${pair}：参数写作 名称=值；key 会自动加入。`,
    tooMany: (count, most) => `${count} 个名称：一次调用最多 ${most} 个。qcc-pro relations 不限数量。`,
    notInShell: "该行从 $QCC_KEY 读取 key，而 shell 中须有它：请 export QCC_KEY，或加 --show-key。",
    atOnce: "请立即使用：签名会过期。",
  },
  status: {
    columns: ["状态码", "计费", "含义", "类别"],
    counts: (billed) => (billed ? "计费" : "不计费"),
    retryable: (yes) => (yes ? "可稍后再试" : "再试无用"),
    unknown: (code) => `状态码表中没有 ${code}。`,
    unknownHint: "qcc-pro status 列出所有已知的状态码。",
  },
  server: { end: "按 Ctrl-C 结束。" },
  sandbox: {
    listens: (url) => `模拟的企查查专业版：${url}。请在另一个终端执行：`,
    call: ({ number: count, path, status, billed }, names) =>
      `#${count} ${path.split("/").at(-1)}${names > 0 ? `（${number(names)} 家企业）` : ""}：${status}${billed ? "，计费" : ""}`,
    stats: (calls, billed) => `${number(calls)} 次调用，其中 ${number(billed)} 次计费`,
    fault: (what) => `这不是故障：${what}`,
    faultHint: "例如 calls=3,status=109 或 every=10,http=429；详见 qcc-pro sandbox --help。",
    noJson: (path, why) => `${path} 不是 JSON：${why}`,
    noArray: (path) => `${path} 不是故障数组。`,
  },
  gateway: {
    listens: (url, callers) => `正在为 ${number(callers)} 个调用者代为签名：${url}`,
    refused: (status, why) => `已拒绝 ${status}：${why}`,
    answered: ({ endpoint, status, httpStatus, durationMs }) =>
      `${endpoint}：${status ?? `HTTP ${httpStatus}`}，${Math.round(durationMs ?? 0)} 毫秒`,
    ending: "正在结束：先回应已收到的查询。再按一次 Ctrl-C 立即退出。",
    line: (path, line) => `${path} 第 ${line} 行：多于一个名称与一个令牌。`,
    lineHint: "每行为一个令牌，或 “名称 令牌”。",
    short: (path, line, least) => `${path} 第 ${line} 行：令牌至少 ${least} 个字符。`,
    shortHint: "可这样生成：openssl rand -hex 24",
    noTokens: (path) => `${path} 中没有令牌。`,
  },
  problem: {
    refused: (code, said) => `企查查回应 ${code}：${said}`,
    billed: { true: "本次已计费。", false: "本次未计费。", unknown: "无法确定本次是否计费。" },
    request: (id) => `企查查的请求编号：${id}`,
    advice: {
      "invalid-argument": "请检查企业名称：每个名称至少 2 个字，不含英文逗号。",
      auth: "请核对 key、密钥、本机时间，以及 IP 是否在白名单内。",
      account: "账户欠费、暂停或余额不足，请到 pro.qcc.com 查看。",
      quota: "今日调用次数已达上限，请明日继续；已付费的不会丢失。",
      blocked: "请停止调用并联系企查查（400-928-2212）。",
      permission: "该账户不能以这种方式使用此接口，请联系企查查开通。",
      unsupported: "此接口不提供该企业的数据，请将其移出名单。",
      "too-many-rows": "请减少每次查询的企业。",
      pending: "企查查尚未处理完，请稍后再查。",
      server: "这类故障会自行恢复，请稍后再试。",
      http: "回应来自网关或代理而不是企查查，请稍后再试。",
      network: "请检查网络与地址。",
      timeout: "在限定时间内没有收到回应，请稍后再试。",
      aborted: "请再次查询。",
      "malformed-response": "收到的内容不符合接口文档，请检查地址是否正确。",
      "unknown-status": "文档中没有这个状态码，请向企查查询问。",
      config: "请检查设置。",
      internal: "程序内部出错，再次查询即可；已付费的不会丢失。",
    },
    bug: (message) => `意外的错误：${message}。这是 qcc-pro 的缺陷。`,
  },
  system: {
    ENOENT: (path) => `${path} 不存在。`,
    EISDIR: (path) => `${path} 是文件夹。`,
    ENOTDIR: (path) => `${path} 中有一段不是文件夹。`,
    EACCES: (path, port) => (port === undefined ? `没有权限访问 ${path}。` : `没有权限监听端口 ${port}。`),
    EPERM: (path) => `没有权限访问 ${path}。`,
    EROFS: (path) => `${path} 所在的磁盘不可写。`,
    ENOSPC: (path) => `${path} 所在的磁盘已满。`,
    EDQUOT: (path) => `${path} 所在磁盘的配额已用完。`,
    EFBIG: (path) => `${path} 超过此处允许的文件大小。`,
    EMFILE: () => "打开的文件过多。",
    ENAMETOOLONG: (path) => `名称过长：${path}。`,
    EADDRINUSE: (address, port) => `${address} 的端口 ${port} 已被占用，请用 --port 另选。`,
    EADDRNOTAVAIL: (address) => `本机没有地址 ${address}。`,
    ENOTFOUND: (address) => `找不到主机 ${address}。`,
    other: (message) => `系统拒绝：${message}。`,
  },
};
