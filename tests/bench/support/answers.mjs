// Answers as the documents' sample has them, of any length.

/** One call has at most 20 names. */
const NAMES = Array.from({ length: 20 }, (_, i) => `${"甲乙丙丁戊己庚辛壬癸"[i % 10]}${i}号供应链管理科技股份有限公司`);
const SOURCES = ["招投标", "上市公司公告", "年报", "裁判文书"];

export const names = NAMES;

/** Numbers below `bound`, the same in every run. */
function drawn() {
  let state = 0x2545f491;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/**
 * The body of an answer with `count` rows: pairs of the call's names in no order, amounts that seldom come twice, months of
 * fourteen years.
 * @param {{ distinct?: boolean }} [options] distinct: no name stands in two rows
 */
export function body(count, { distinct = false } = {}) {
  const below = drawn();
  const rows = Array.from({ length: count }, (_, i) => {
    const one = below(20);
    const other = (one + 1 + below(19)) % 20;
    return {
      companyName: distinct ? `第${2 * i}号供应链管理科技股份有限公司` : NAMES[one],
      relatedCompanyName: distinct ? `第${2 * i + 1}号供应链管理科技股份有限公司` : NAMES[other],
      amount: String(below(1_000_000) / 100),
      publicDate: `${2010 + below(14)}-${String(1 + below(12)).padStart(2, "0")}`,
      source: SOURCES[below(4)],
    };
  });
  const result = {
    requestId: "535d3329cf664265bfa6cb00a0185a53",
    key: "9bc448a2ff6511e8890a6c92bf31542f",
    companyNames: NAMES.join(","),
    partnershipRelationList: rows,
  };
  return new TextEncoder().encode(JSON.stringify({ status: "200", msg: "【有效请求】查询成功", result }));
}

/** What a user would derive by hand: the amount as a number, and the date in parts. */
export function derived(row) {
  const amount = row.amount === null ? NaN : Number(row.amount);
  const date = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(row.publicDate ?? "");
  return {
    ...row,
    amountWan: Number.isNaN(amount) ? null : amount,
    period:
      date === null
        ? null
        : { year: Number(date[1]), month: date[2] ? Number(date[2]) : null, day: date[3] ? Number(date[3]) : null },
  };
}
