//! Any pairs: calls grown one by one from where most is still uncovered, then tidied.
//!
//! A call takes the name with the most uncovered pairs into it, and of several the one with the fewest uncovered pairs
//! elsewhere, which is then done with. Against packing k/2 pairs to a call this halves the calls on sparse graphs and
//! needs a quarter on clustered ones; packing is compared too, so that the result is never worse. Stored plans are
//! rebuilt through this: a change of behaviour needs a new word in the records.

use super::cover::Calls;
use super::sort;
use super::tidy::{Counts, tidy};

/// Calls of at most `k` names that cover `pairs`: sorted, without doubles, the smaller name first, all below `names`.
pub(crate) fn cover(names: u32, pairs: &[(u32, u32)], k: u32) -> Calls {
    let k = k as usize;
    let grown = tidy(grow(names, pairs, k), &mut Counts::of(names, pairs), k);
    if grown.len() <= pairs.len().div_ceil(k / 2) {
        return grown;
    }
    let mut packed = Calls::default();
    for chunk in pairs.chunks(k / 2) {
        let mut call: Vec<u32> = chunk.iter().flat_map(|&(a, b)| [a, b]).collect();
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

fn grow(names: u32, pairs: &[(u32, u32)], k: usize) -> Vec<Vec<u32>> {
    let mut covered = Counts::of(names, pairs);
    let graph = Counts::of(names, pairs);
    let degree = (0..names).map(|name| graph.neighbours(name).len() as u32).collect();
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
        let key = |name: u32| {
            let score = self.score.get(name as usize).copied().unwrap_or(0);
            let degree = self.degree.get(name as usize).copied().unwrap_or(0);
            (std::cmp::Reverse(score), degree - score, name)
        };
        let scored = |name: &&u32| self.score.get(**name as usize).is_some_and(|&score| score > 0);
        if let Some(&best) = self.touched.iter().filter(scored).min_by_key(|&&name| key(name)) {
            return Some(best);
        }
        if room < 2 {
            return None;
        }
        let free = |&(name, degree): &(usize, &u32)| *degree > 0 && !call.contains(&(name as u32));
        let densest =
            self.degree.iter().enumerate().filter(free).min_by_key(|&(_, &degree)| std::cmp::Reverse(degree));
        densest.map(|(name, _)| name as u32)
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
