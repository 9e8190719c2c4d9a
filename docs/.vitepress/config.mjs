// The site: guides in English and Chinese, and the reference that TypeDoc makes of the package's types.
import { createHash } from "node:crypto";
import { defineConfig } from "vitepress";

const GUIDES = [
  ["start", "A first answer", "第一个答案"],
  ["dashboards", "Dashboards", "看板"],
  ["overnight", "Overnight runs", "通宵批量"],
  ["machines", "Many machines", "多台机器"],
  ["command-line", "The command line", "命令行"],
  ["testing", "Testing", "测试"],
  ["edge", "Edge workers", "边缘运行时"],
  ["billing", "Billing and retries", "计费与重试"],
  ["errors", "Errors and status codes", "报错与状态码"],
  ["migrating", "From a hand-written client", "从手写客户端迁移"],
];
const MODULES = ["qcc-pro", "qcc-pro/gateway", "qcc-pro/sandbox", "qcc-pro/bullmq"];

const sidebar = (prefix, heading, at) => [
  { text: heading, items: GUIDES.map((guide) => ({ text: guide[at], link: `${prefix}/guide/${guide[0]}` })) },
];

// English in both languages, as the types are; a Chinese page keeps its Chinese surroundings.
const reference = (prefix, heading) => [
  { text: heading, items: MODULES.map((name) => ({ text: name, link: `${prefix}/reference/${name}` })) },
];

/**
 * As the demo page's: scripts and styles of this site alone. The highlighter colours code through style attributes, and the
 * one style sheet allowed by its hash is VueUse's, which keeps a change of colours from being animated.
 */
const POLICY = [
  "default-src 'none'",
  "style-src 'self' 'sha256-skqujXORqzxt1aE0NNXxujEanPTX6raoqSscTV/Ww/Y='",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

/** The policy of one page: VitePress writes a few scripts into it, which are allowed by their hashes. */
function withPolicy(html) {
  const scripts = [...html.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)].filter(([, attributes]) => !attributes.includes("src="));
  const hashes = scripts.map(([, , text]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  const policy = [...POLICY, `script-src 'self' ${[...new Set(hashes)].join(" ")}`].join("; ");
  return html.replace("<head>", `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`);
}

export default defineConfig({
  title: "qcc-pro",
  base: "/docs/",
  srcExclude: ["node_modules/**"],
  head: [["link", { rel: "icon", href: "/docs/seal.svg", type: "image/svg+xml" }]],
  lastUpdated: false,
  transformHtml: withPolicy,
  locales: {
    root: {
      label: "English",
      lang: "en",
      description: "The client for 企查查专业版 (QCC Pro)",
      themeConfig: {
        nav: [{ text: "Guides", link: "/guide/start" }, { text: "Reference", link: "/reference/" }],
        sidebar: { "/guide/": sidebar("", "Guides", 1), "/reference/": reference("", "Reference") },
      },
    },
    zh: {
      label: "简体中文",
      lang: "zh-CN",
      description: "企查查专业版（QCC Pro）的客户端",
      themeConfig: {
        nav: [{ text: "指南", link: "/zh/guide/start" }, { text: "接口参考（英文）", link: "/zh/reference/" }],
        sidebar: { "/zh/guide/": sidebar("/zh", "指南", 2), "/zh/reference/": reference("/zh", "接口参考") },
        outline: { label: "本页目录" },
        docFooter: { prev: "上一页", next: "下一页" },
        darkModeSwitchLabel: "外观",
        lightModeSwitchTitle: "切换到浅色",
        darkModeSwitchTitle: "切换到深色",
        sidebarMenuLabel: "目录",
        returnToTopLabel: "回到顶部",
        langMenuLabel: "语言",
      },
    },
  },
  themeConfig: {
    search: { provider: "local" },
  },
});
