//! Any pairs: calls grown one by one from where most is still uncovered, then tidied.
//!
//! A call takes the name with the most uncovered pairs into it, and of several the one with the fewest uncovered pairs
//! elsewhere, which is then done with. Against packing k/2 pairs to a call this halves the calls on sparse graphs and
//! needs a quarter on clustered ones; packing is compared too, so that the result is never worse. Stored plans are
//! rebuilt through this: a change of behaviour needs a new word in the records.

use super::cover::Calls;
use super::sort;
use super::tidy::{Counts, tidy};

/// Calls of at most `k` names that cover `pairs`: sorted, without doubles, all below `names`.
pub(crate) fn cover(names: u32, pairs: &[u64], k: u32) -> Calls {
    let k = k as usize;
    let grown = tidy(grow(names, pairs, k), &mut Counts::of(names, pairs), k);
    if grown.len() <= pairs.len().div_ceil(k / 2) {
        return grown;
    }
    let mut packed = Calls::default();
    for chunk in pairs.chunks(k / 2) {
        let mut call = Vec::new();
        for &pair in chunk {
            call.extend_from_slice(&sort::names(pair));
        }
        sort::few(&mut call);
        call.dedup();
        packed.push(&call);
    }
    packed
}

struct Growth<'a> {
    graph: &'a Counts,
    /// Uncovered pairs of each name.
    degree: Vec<u32>,
    /// Uncovered pairs of each name with the call that grows, and the names that have any.
    score: Vec<u32>,
    touched: Vec<u32>,
}

fn grow(names: u32, pairs: &[u64], k: usize) -> Vec<Vec<u32>> {
    let mut covered = Counts::of(names, pairs);
    let graph = Counts::of(names, pairs);
    let mut degree = Vec::new();
    for name in 0..names {
        degree.push(graph.neighbours(name).len() as u32);
    }
    let mut growth = Growth { graph: &graph, degree, score: vec![0; names as usize], touched: Vec::new() };
    let mut calls = Vec::new();
    let mut left = pairs.len();
    while left > 0 {
        let mut call: Vec<u32> = Vec::with_capacity(k);
        while call.len() < k {
            let room = k - call.len();
            let Some(name) = growth.next(room, &call) else { break };
            growth.join(name, &mut call, &covered);
        }
        for &name in &growth.touched {
            if let Some(score) = growth.score.get_mut(name as usize) {
                *score = 0;
            }
        }
        growth.touched.clear();
        for (i, &a) in call.iter().enumerate() {
            for &b in call.iter().take(i) {
                if covered.get(a, b) == Some(0) {
                    left -= 1;
                    for name in [a, b] {
                        if let Some(degree) = growth.degree.get_mut(name as usize) {
                            *degree -= 1;
                        }
                    }
                }
            }
        }
        covered.count(&call, 1);
        calls.push(call);
    }
    calls
}

impl Growth<'_> {
    /// The name that joins next: from those with pairs into the call, else the densest spot if two names have room.
    fn next(&self, room: usize, call: &[u32]) -> Option<u32> {
        let score = |name: u32| self.score.get(name as usize).copied().unwrap_or(0);
        let degree = |name: u32| self.degree.get(name as usize).copied().unwrap_or(0);
        // Most pairs into the call, then fewest elsewhere, then the lowest number.
        let (mut best, mut most) = (None, (0, 0));
        for &name in &self.touched {
            let key = (score(name), u32::MAX - (degree(name) - score(name)));
            if key.0 > 0 && (key > most || (key == most && best.is_some_and(|best| name < best))) {
                (best, most) = (Some(name), key);
            }
        }
        if best.is_some() || room < 2 {
            return best;
        }
        let mut densest = 0;
        for name in 0..self.degree.len() as u32 {
            if degree(name) > densest && !call.contains(&name) {
                (best, densest) = (Some(name), degree(name));
            }
        }
        best
    }

    fn join(&mut self, name: u32, call: &mut Vec<u32>, covered: &Counts) {
        call.push(name);
        if let Some(score) = self.score.get_mut(name as usize) {
            *score = 0;
        }
        for &other in self.graph.neighbours(name) {
            if covered.get(name, other) != Some(0) || call.contains(&other) {
                continue;
            }
            if let Some(score) = self.score.get_mut(other as usize) {
                if *score == 0 {
                    self.touched.push(other);
                }
                *score += 1;
            }
        }
    }
}
