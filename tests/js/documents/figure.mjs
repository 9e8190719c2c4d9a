// The figure of the READMEs: how many calls a list takes by hand and with `planCalls`, as SVG that fits a light and a dark
// page.
import { planCalls } from "qcc-pro";
import { sampleCompanies } from "qcc-pro/sandbox";

const SIZES = [20, 40, 60, 80, 100, 150, 200, 250, 300, 350, 400, 450, 500];
const WORDS = {
  en: { title: "Paid calls for every pair of a list", across: "companies in the list", hand: "by hand", ours: "planCalls", less: (part) => `${part} % fewer` },
  zh: { title: "查遍名单里每一对企业所需的付费调用次数", across: "名单中的企业数", hand: "手工", ours: "planCalls", less: (part) => `少 ${part} %` },
};

const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 120;
const TOP = 52;
const BOTTOM = 52;

export function figure(language) {
  const words = WORDS[language];
  const plans = SIZES.map((count) => ({ count, plan: planCalls(sampleCompanies(count, 1)) }));
  const last = plans.at(-1);
  const top = Math.ceil(last.plan.naiveCalls / 250) * 250;
  const x = (count) => LEFT + (count / last.count) * (WIDTH - LEFT - RIGHT);
  const y = (calls) => HEIGHT - BOTTOM - (calls / top) * (HEIGHT - TOP - BOTTOM);
  const point = (count, calls) => `${x(count).toFixed(1)},${y(calls).toFixed(1)}`;
  const hand = plans.map(({ count, plan }) => point(count, plan.naiveCalls));
  const ours = plans.map(({ count, plan }) => point(count, plan.calls));
  const ticks = [];
  for (let calls = 0; calls <= top; calls += 250) {
    ticks.push(`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(calls).toFixed(1)}" y2="${y(calls).toFixed(1)}"/>`);
    ticks.push(`<text class="soft" x="${LEFT - 8}" y="${(y(calls) + 4).toFixed(1)}" text-anchor="end">${calls}</text>`);
  }
  for (let count = 100; count <= last.count; count += 100) {
    ticks.push(`<text class="soft" x="${x(count).toFixed(1)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${count}</text>`);
  }
  const label = (name, calls) =>
    `<text class="${name}" x="${WIDTH - RIGHT + 10}" y="${(y(calls) + 4).toFixed(1)}">${words[name]} · ${calls}</text>`;
  const less = Math.round(100 * (1 - last.plan.calls / last.plan.naiveCalls));
  const said = plans.map(({ count, plan }) => `${count}: ${plan.naiveCalls} → ${plan.calls}`).join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title told">
<title id="title">${words.title}</title>
<desc id="told">${said}</desc>
<style>
  text { font: 13px system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; fill: #1f2933 }
  .head { font-size: 16px; font-weight: 600 }
  .soft { fill: #52606d }
  .grid { stroke: #9aa5b1; stroke-opacity: .35 }
  .between { fill: #b3261e; fill-opacity: .08 }
  path { fill: none; stroke-width: 2.5; stroke-linejoin: round }
  path.hand { stroke: #7b8794; stroke-dasharray: 6 4 }
  path.ours { stroke: #b3261e }
  text.ours { fill: #b3261e; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e7eb }
    .soft { fill: #9aa5b1 }
    path.hand { stroke: #9aa5b1 }
    path.ours { stroke: #ff8a80 }
    text.ours { fill: #ff8a80 }
    .between { fill: #ff8a80; fill-opacity: .12 }
  }
</style>
<text class="head" x="${LEFT}" y="28">${words.title}</text>
${ticks.join("\n")}
<polygon class="between" points="${[...hand, ...ours.toReversed()].join(" ")}"/>
<path class="hand" d="M${hand.join("L")}"/>
<path class="ours" d="M${ours.join("L")}"/>
${label("hand", last.plan.naiveCalls)}
${label("ours", last.plan.calls)}
<text class="soft" x="${WIDTH - RIGHT + 10}" y="${((y(last.plan.naiveCalls) + y(last.plan.calls)) / 2 + 4).toFixed(1)}">${words.less(less)}</text>
<text class="soft" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${words.across}</text>
</svg>
`;
}
