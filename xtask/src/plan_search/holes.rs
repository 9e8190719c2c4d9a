//! Covers that need not cover the pairs among some of their names: the hole is laid over as many calls as it can hold.

use super::{Best, CALL};
use qcc_pro::plan::workshop;

/// The most names of a cover whose holes are looked at: larger ones are hardly ever parts of a plan.
const MOST_HOLED: u32 = 230;

/// How many ways to lay a hole of one size are tried.
const WAYS: usize = 3;

/// For every number of names the holes that are laid better than any other construction has them. Goes up, and takes down
/// what each recipe gives with the holes below it.
pub fn lay(best: &mut Best) {
    for entry in &mut best.entries {
        entry.holes.clear();
    }
    best.write();
    for n in CALL + 1..=super::MOST {
        let at = (n - CALL - 1) as usize;
        best.refresh_one(n);
        let Some(calls) = best.covers(n).filter(|_| n <= MOST_HOLED) else { continue };
        // For each size: how many calls are inside, from which one on.
        let mut ways: Vec<Vec<(usize, u32)>> = vec![Vec::new(); n as usize + 1];
        for start in 0..calls.len() {
            for (size, inside) in unions(&calls, n, start) {
                ways[size].push((inside, start as u32));
            }
        }
        let mut found = 0;
        for size in 2..=n * 3 / 4 {
            let ways = &mut ways[size as usize];
            ways.sort_by_key(|&(inside, start)| (usize::MAX - inside, start));
            let limit = best.with_hole(n, size);
            let mut least = (limit, 0);
            for &(inside, start) in ways.iter().take(WAYS) {
                // Tidying saves a call or two more at best.
                if calls.len() - inside >= limit as usize + 2 {
                    continue;
                }
                if let Some(count) = workshop::carry_out(&best.text, n, size, &format!("X{size}@{start}"))
                    && (count.len() as u32) < least.0
                    && super::covers_but(n, size, &count)
                {
                    least = (count.len() as u32, start);
                }
            }
            if least.0 < limit {
                best.entries[at].holes.push((size, least.1, least.0));
                best.write();
                found += 1;
            }
        }
        if found > 0 {
            println!("{n}: {found} holes");
        }
    }
}

/// Sizes of the unions of calls when from one call on always the one with the fewest other names is added, and how many
/// calls are inside each.
fn unions(calls: &[Vec<u32>], n: u32, start: usize) -> Vec<(usize, usize)> {
    let mut inside = vec![false; n as usize];
    let mut unions = Vec::new();
    let mut next = Some(start);
    while let Some(at) = next {
        calls[at].iter().for_each(|&name| inside[name as usize] = true);
        let outside = |call: &Vec<u32>| call.iter().filter(|&&name| !inside[name as usize]).count();
        let within = calls.iter().filter(|call| outside(call) == 0).count();
        unions.push((inside.iter().filter(|&&inside| inside).count(), within));
        next = (0..calls.len()).filter(|&at| outside(&calls[at]) > 0).min_by_key(|&at| outside(&calls[at]));
    }
    unions
}

/// Forgets the holes that no plan of up to 12,000 names has use for.
pub fn keep_used(best: &mut Best) {
    let mut used: Vec<(u32, String)> = Vec::new();
    for n in (CALL + 1..=2000).chain((2001..=12_000).step_by(3)) {
        let parts = workshop::parts(&best.text, n);
        used.extend(parts.into_iter().filter(|part| part.1.starts_with(['B', 'X'])));
    }
    used.sort_unstable();
    used.dedup();
    for (n, entry) in (CALL + 1..).zip(&mut best.entries) {
        let laid = |hole: &(u32, u32, u32)| (n, format!("X{}@{}", hole.0, hole.1));
        entry.holes.retain(|hole| used.binary_search(&laid(hole)).is_ok());
    }
    best.open.retain(|open| used.iter().any(|part| part.1 == open.recipe));
    println!("{} holes are used", used.len());
    best.write();
}
