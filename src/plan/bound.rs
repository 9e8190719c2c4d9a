//! How few calls a plan could possibly have, and how many it has when made by hand.
//!
//! Source: J. Schönheim, "On coverings", Pacific J. Math. 14 (1964), the bound ⌈v/k ⌈(v−1)/(k−1)⌉⌉; W. H. Mills, "Covering
//! designs I: coverings by a small number of subsets", Ars Combin. 8 (1979), the largest v/k that b ≤ 13 blocks reach;
//! and a double count, proved at `contradicts`, which tells most where v − 1 is a little below a multiple of k − 1.

/// No plan for all pairs of `n` names in calls of `k` has fewer calls than this.
pub fn among(n: u32, k: u32) -> u64 {
    if n <= k {
        return u64::from(n > 1);
    }
    let (v, k) = (u64::from(n), u64::from(k));
    let mut bound = schoenheim(n, k as u32);
    // b blocks cover the pairs of v points only if v/k is at most this; so beyond it at least b + 1 are needed.
    const REACH: [(u64, u64, u64); 12] = [
        (1, 1, 1),
        (3, 3, 2),
        (4, 5, 3),
        (5, 9, 5),
        (6, 2, 1),
        (7, 7, 3),
        (8, 12, 5),
        (9, 5, 2),
        (10, 8, 3),
        (11, 14, 5),
        (12, 3, 1),
        (13, 13, 4),
    ];
    for (blocks, top, bottom) in REACH {
        if v * bottom > top * k {
            bound = bound.max(blocks + 1);
        }
    }
    while contradicts(v, k, bound) {
        bound += 1;
    }
    bound
}

/// Schönheim's bound alone: what the quality of covers is usually measured against.
pub fn schoenheim(n: u32, k: u32) -> u64 {
    if n <= k {
        return u64::from(n > 1);
    }
    (u64::from(n) * u64::from((n - 1).div_ceil(k - 1))).div_ceil(u64::from(k))
}

/// Whether `b` blocks of exactly k points (smaller ones are filled up) cannot cover the pairs of v points.
///
/// Every point lies in at least r = ⌈(v−1)/(k−1)⌉ blocks, so at least α = v(r+1) − bk points lie in exactly r; call
/// them A. Such a point's pairs are covered r(k−1) − (v−1) = e times too often in all. Take a block with a points of A.
/// The other b − 1 blocks meet these a points a(r−1) times; a block that meets them s times covers s(s−1)/2 pairs of
/// them again, and these repetitions are at most ae/2 in all. For each a the left side is least when the meetings are
/// spread evenly. If no block can have as many points of A as αr/b, their average, there is no such cover.
fn contradicts(v: u64, k: u64, b: u64) -> bool {
    let r = (v - 1).div_ceil(k - 1);
    let excess = r * (k - 1) - (v - 1);
    let Some(alpha) = (v * (r + 1)).checked_sub(b * k).filter(|&alpha| alpha > 0) else { return false };
    let average = (alpha * r).div_ceil(b);
    !(average..=k).any(|a| {
        let (each, more) = (a * (r - 1) / (b - 1), a * (r - 1) % (b - 1));
        let repeated = (b - 1 - more) * (each * each.saturating_sub(1) / 2) + more * (each * (each + 1) / 2);
        repeated <= a * excess / 2
    })
}

/// No plan for the pairs across lists of `a` and `b` names has fewer calls than this: a call with s names of one list
/// has at most k − s of the other, and each name must meet the other list k − 1 at a time.
pub fn between(a: u32, b: u32, k: u32) -> u64 {
    if a == 0 || b == 0 {
        return 0;
    }
    let (a, b, k) = (u64::from(a), u64::from(b), u64::from(k));
    let most = (1..k).map(|s| s.min(a) * (k - s).min(b)).max().unwrap_or(1);
    let by_names = |x: u64, y: u64| (x * y.div_ceil(k - 1)).div_ceil(k - 1);
    (a * b).div_ceil(most).max(by_names(a, b)).max(by_names(b, a))
}

/// No plan for a graph whose names have these degrees has fewer calls than this: a call holds k(k−1)/2 pairs, a name
/// meets k − 1 others in it (so it takes part in ⌈degree/(k−1)⌉ calls), and a call has k names.
pub fn graph(degrees: impl Iterator<Item = u32>, k: u32) -> u64 {
    let k = u64::from(k);
    let (mut ends, mut parts, mut most) = (0u64, 0u64, 0u64);
    for degree in degrees.map(u64::from) {
        ends += degree;
        parts += degree.div_ceil(k - 1);
        most = most.max(degree.div_ceil(k - 1));
    }
    (ends / 2).div_ceil(k * (k - 1) / 2).max(parts.div_ceil(k)).max(most)
}

/// All pairs of `n` names by hand: halves of a call, each paired with each.
pub fn among_by_hand(n: u32, k: u32) -> u64 {
    if n <= k {
        return u64::from(n > 1);
    }
    let halves = u64::from(n.div_ceil(k / 2));
    halves * (halves - 1) / 2
}

/// Pairs across two lists by hand: halves of a call of each.
pub fn between_by_hand(a: u32, b: u32, k: u32) -> u64 {
    u64::from(a.div_ceil(k / 2)) * u64::from(b.div_ceil(k - k / 2))
}

#[cfg(test)]
mod tests {
    use super::super::workshop::BEST_KNOWN;
    use super::*;

    /// Covering numbers C(v, k, 2) that are known exactly (Gordon and Stinson, "Coverings", Handbook of Combinatorial
    /// Designs, 2nd edition, VI.11): no bound may exceed them.
    #[test]
    fn no_bound_exceeds_a_known_covering_number() {
        for v in 4..200u32 {
            // Fort and Hedlund, Pacific J. Math. 8 (1958): for triples the bound is reached.
            let c3 = schoenheim(v, 3);
            assert!(among(v, 3) <= c3, "C({v}, 3, 2) = {c3}");
            let c4 = schoenheim(v, 4)
                + match v {
                    7 | 9 | 10 => 1,
                    19 => 2,
                    _ => 0,
                };
            if v > 4 {
                assert!(among(v, 4) <= c4, "C({v}, 4, 2) = {c4}");
            }
        }
    }

    #[test]
    fn the_double_count_tells_more_where_few_pairs_may_repeat() {
        // 115 = 6 · 19 + 1: a point in six calls repeats no pair, so twenty of them in one call need a hundred others.
        assert_eq!((schoenheim(115, 20), among(115, 20)), (35, 39));
        assert_eq!((schoenheim(134, 20), among(134, 20)), (47, 51));
    }

    #[test]
    fn no_bound_exceeds_the_best_known_cover() {
        for (v, &best) in (21..).zip(&BEST_KNOWN) {
            let best = u64::from(best);
            assert!(among(v, 20) <= best, "v = {v}: {} > {best}", among(v, 20));
        }
    }

    #[test]
    fn by_hand_pairs_halves() {
        assert_eq!(among_by_hand(20, 20), 1);
        assert_eq!(among_by_hand(21, 20), 3);
        assert_eq!(among_by_hand(1000, 20), 4950);
        assert_eq!(between_by_hand(25, 33, 20), 12);
    }
}
