//! How few calls a plan could possibly have, and how many it has when made by hand.
//!
//! Source: J. Schönheim, "On coverings", Pacific J. Math. 14 (1964), the bound ⌈v/k ⌈(v−1)/(k−1)⌉⌉. What goes beyond it is
//! proved here: a weighing of few blocks at [`among`], and a double count at `contradicts`, which tells most where v − 1
//! is a little below a multiple of k − 1.

/// No plan for all pairs of `n` names in calls of `k` has fewer calls than this.
///
/// Four blocks cover the pairs of v > k points only if v ≤ 5k/3, five only if v ≤ 9k/5. For if the blocks can be given
/// weights that add up to s so that those on any point add up to 1 at least, then v ≤ sk. Every point is on two blocks or
/// more (a single one would hold all points), and any two points share a block. Call the points on exactly two blocks
/// thin. Should the thin points' pairs of blocks have none in common, they are those of three blocks, of which any point
/// has two: weights ½, ½, ½. Else one block is on all thin points, each with another one of m blocks, its partners; a
/// point that is not on that block is on every partner. Weights of the block, of each partner, of each of the rest:
///
/// | m | of four blocks | s | of five blocks | s |
/// | --- | --- | --- | --- | --- |
/// | 0 | ⅓ each, as all points are on three | 4/3 | ⅓ each | 5/3 |
/// | 1 | ½, ½, ¼ | 3/2 | ½, ½, ¼ | 7/4 |
/// | 2 | ½, ½, 0 | 3/2 | 3/5, 2/5, 1/5 | 9/5 |
/// | 3 | ⅔, ⅓ | 5/3 | ⅔, ⅓, 0 | 5/3 |
/// | 4 | | | ¾, ¼ | 7/4 |
pub fn among(n: u32, k: u32) -> u64 {
    if n <= k {
        return u64::from(n > 1);
    }
    let (v, k) = (u64::from(n), u64::from(k));
    let mut bound = schoenheim(n, k as u32);
    for (blocks, top, bottom) in [(4, 5, 3), (5, 9, 5)] {
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

    /// The table at [`among`], over every set of blocks that a point can be on.
    #[test]
    fn the_weights_of_few_blocks_reach_one_on_every_point() {
        // Blocks, partners; weights of the block on all thin points, of a partner, of the rest; their sum; all over 60.
        let rows = [
            (4, 1, [30, 30, 15], 90),
            (4, 2, [30, 30, 0], 90),
            (4, 3, [40, 20, 0], 100),
            (5, 1, [30, 30, 15], 105),
            (5, 2, [36, 24, 12], 108),
            (5, 3, [40, 20, 0], 100),
            (5, 4, [45, 15, 0], 105),
        ];
        for (blocks, partners, [centre, partner, rest], sum) in rows {
            let weight = |block: u32| match block {
                0 => centre,
                _ if block <= partners => partner,
                _ => rest,
            };
            assert_eq!((0..blocks).map(weight).sum::<u32>(), sum);
            assert!(sum <= if blocks == 4 { 100 } else { 108 });
            let on = |point: u32, block: u32| point >> block & 1 == 1;
            for point in 0..1u32 << blocks {
                let thin = point.count_ones() == 2;
                let meets_thin = (1..=partners).all(|partner| on(point, 0) || on(point, partner));
                let is_partnered = on(point, 0) && (1..=partners).any(|partner| on(point, partner));
                if point.count_ones() >= 2 && meets_thin && (!thin || is_partnered) {
                    let reached: u32 = (0..blocks).filter(|&block| on(point, block)).map(weight).sum();
                    assert!(reached >= 60, "{blocks} blocks, {partners} partners, {point:b}");
                }
            }
        }
        assert_eq!([33, 34, 36, 37].map(|v| among(v, 20)), [4, 5, 5, 6]);
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
