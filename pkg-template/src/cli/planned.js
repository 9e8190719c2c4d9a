/** A plan and its price, told before anything is paid. */

export function planFields({ companies, pairs, calls, lowerBound, naiveCalls, method }, price) {
  const cost = price === undefined ? {} : { price, cost: rounded(calls * price) };
  return { companies, pairs, calls, lowerBound, naiveCalls, method, ...cost };
}

/** Yuan to a hundredth of a fen: what floating point adds beyond is none. */
export const rounded = (yuan) => Number(yuan.toFixed(4));

export function planLines(plan, price, words) {
  const { companies, pairs, calls, lowerBound, naiveCalls } = plan;
  const cost = price === undefined ? "" : words.plan.cost(words.money(calls * price), words.money(naiveCalls * price));
  return [words.plan.size(companies, pairs), words.plan.calls(calls, naiveCalls, lowerBound) + cost];
}
