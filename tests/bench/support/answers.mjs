// Answers as the documents' sample has them, of any length.

/** One call has at most 20 names. */
const NAMES = Array.from({ length: 20 }, (_, i) => `${"甲乙丙丁戊己庚辛壬癸"[i % 10]}${i}号供应链管理科技股份有限公司`);
const SOURCES = ["招投标", "上市公司公告", "年报", "裁判文书"];

export const names = NAMES;

/**
 * The body of an answer with `count` rows.
 * @param {{ distinct?: boolean }} [options] distinct: no name stands in two rows
 */
export function body(count, { distinct = false } = {}) {
  const rows = Array.from({ length: count }, (_, i) => ({
    companyName: distinct ? `第${2 * i}号供应链管理科技股份有限公司` : NAMES[i % 20],
    relatedCompanyName: distinct ? `第${2 * i + 1}号供应链管理科技股份有限公司` : NAMES[(i * 7 + 3) % 20],
    amount: `${(i * 37) % 1000}.${i % 10}`,
    publicDate: `20${10 + (i % 14)}-${String(1 + (i % 12)).padStart(2, "0")}`,
    source: SOURCES[i % 4],
  }));
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
