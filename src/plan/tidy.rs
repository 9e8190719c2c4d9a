//! Makes a list of calls smaller without losing a pair: names that a call does not need are taken out, and small calls
//! are dissolved into the room that others have. Deterministic, and bounded by work rather than by time. Stored plans
//! are rebuilt through this, so a change of behaviour needs a new letter in the recipes.

use super::cover::Calls;

/// How many rounds of taking out and dissolving; a second one seldom finds much, a fourth nothing.
const ROUNDS: usize = 4;

/// How many calls hold each pair that counts.
#[derive(Debug)]
pub(crate) struct Counts {
    names: usize,
    /// Neighbours of name i, ascending, at `starts[i]..starts[i + 1]`; empty where every pair counts.
    starts: Vec<u32>,
    neighbours: Vec<u32>,
    counts: Vec<u16>,
}

impl Counts {
    /// Every pair of `names` counts.
    pub(crate) fn all(names: u32) -> Self {
        let names = names as usize;
        Self { names, starts: Vec::new(), neighbours: Vec::new(), counts: vec![0; names * names] }
    }

    /// Only these pairs count: sorted, without doubles, the smaller name first.
    pub(crate) fn of(names: u32, pairs: &[(u32, u32)]) -> Self {
        let names = names as usize;
        let mut starts = vec![0u32; names + 2];
        for &(a, b) in pairs {
            for end in [a, b] {
                if let Some(start) = starts.get_mut(end as usize + 2) {
                    *start += 1;
                }
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut neighbours = vec![0; pairs.len() * 2];
        // First the smaller neighbours of every name, then the larger ones: each list comes out ascending.
        let mut place = |of: u32, neighbour: u32| {
            if let Some(next) = starts.get_mut(of as usize + 1) {
                if let Some(slot) = neighbours.get_mut(*next as usize) {
                    *slot = neighbour;
                }
                *next += 1;
            }
        };
        pairs.iter().for_each(|&(a, b)| place(b, a));
        pairs.iter().for_each(|&(a, b)| place(a, b));
        Self { names, starts, counts: vec![0; neighbours.len()], neighbours }
    }

    /// The neighbours of a name, when not every pair counts.
    pub(crate) fn neighbours(&self, name: u32) -> &[u32] {
        self.range(name).and_then(|range| self.neighbours.get(range)).unwrap_or(&[])
    }

    fn range(&self, name: u32) -> Option<std::ops::Range<usize>> {
        let start = *self.starts.get(name as usize)? as usize;
        Some(start..*self.starts.get(name as usize + 1)? as usize)
    }

    fn slot(&self, a: u32, b: u32) -> Option<usize> {
        if a == b {
            return None;
        }
        if self.starts.is_empty() {
            return Some(a as usize * self.names + b as usize);
        }
        let range = self.range(a)?;
        let at = self.neighbours.get(range.clone())?.binary_search(&b).ok()?;
        Some(range.start + at)
    }

    /// In how many calls the pair is; nothing where it does not count.
    pub(crate) fn get(&self, a: u32, b: u32) -> Option<u16> {
        self.counts.get(self.slot(a, b)?).copied()
    }

    fn change(&mut self, a: u32, b: u32, by: i16) {
        for (a, b) in [(a, b), (b, a)] {
            if let Some(count) = self.slot(a, b).and_then(|slot| self.counts.get_mut(slot)) {
                *count = count.saturating_add_signed(by);
            }
        }
    }

    /// Counts the pairs of a call in (+1) or out (−1).
    pub(crate) fn count(&mut self, call: &[u32], by: i16) {
        for (i, &a) in call.iter().enumerate() {
            call.iter().take(i).for_each(|&b| self.change(a, b, by));
        }
    }

    /// Whether any pair of the call counts and is in no other.
    fn needs(&self, call: &[u32], name: u32) -> bool {
        call.iter().any(|&other| self.get(name, other) == Some(1))
    }
}

/// The same pairs in fewer calls of at most `k`, if it can be done by small moves. `counts` comes without any call.
pub(crate) fn tidy(calls: Vec<Vec<u32>>, counts: &mut Counts, k: usize) -> Calls {
    let mut calls = calls;
    calls.iter().for_each(|call| counts.count(call, 1));
    for _ in 0..ROUNDS {
        let before: usize = calls.iter().map(Vec::len).sum();
        let order = by_size(&calls);
        for &index in &order {
            if let Some(call) = calls.get_mut(index) {
                thin(call, counts);
            }
        }
        calls.retain(|call| call.len() > 1);
        for index in by_size(&calls) {
            dissolve(&mut calls, index, counts, k);
        }
        calls.retain(|call| call.len() > 1);
        if calls.iter().map(Vec::len).sum::<usize>() == before {
            break;
        }
    }
    let mut out = Calls::default();
    for call in &mut calls {
        call.sort_unstable();
        out.push(call);
    }
    out
}

fn by_size(calls: &[Vec<u32>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..calls.len()).collect();
    order.sort_by_key(|&index| calls.get(index).map_or(0, Vec::len));
    order
}

/// Takes out the names whose pairs are all in other calls too.
fn thin(call: &mut Vec<u32>, counts: &mut Counts) {
    let mut at = 0;
    while let Some(&name) = call.get(at) {
        if counts.needs(call, name) {
            at += 1;
        } else {
            call.remove(at);
            call.iter().for_each(|&other| counts.change(name, other, -1));
        }
    }
}

/// Moves what a call alone covers into the room of others; all of it, or nothing.
fn dissolve(calls: &mut [Vec<u32>], index: usize, counts: &mut Counts, k: usize) {
    let Some(call) = calls.get_mut(index).map(std::mem::take) else { return };
    let parts = parts(&call, counts);
    let mut placed: Vec<(usize, usize)> = Vec::new();
    for part in &parts {
        let mut best: Option<(usize, usize)> = None;
        for (at, other) in calls.iter().enumerate() {
            // An empty call is one that was dissolved before: filling it again would win nothing.
            if other.is_empty() || other.len() == k {
                continue;
            }
            let new = part.iter().filter(|name| !other.contains(name)).count();
            if other.len() + new <= k && best.is_none_or(|(least, _)| new < least) {
                best = Some((new, at));
            }
        }
        let Some((_, at)) = best else { break };
        let Some(other) = calls.get_mut(at) else { break };
        placed.push((at, other.len()));
        for &name in part {
            if !other.contains(&name) {
                other.push(name);
            }
        }
    }
    if placed.len() < parts.len() {
        for &(at, len) in placed.iter().rev() {
            if let Some(other) = calls.get_mut(at) {
                other.truncate(len);
            }
        }
        if let Some(slot) = calls.get_mut(index) {
            *slot = call;
        }
        return;
    }
    for &(at, len) in &placed {
        if let Some((old, new)) = calls.get(at).and_then(|other| other.split_at_checked(len)) {
            for (i, &name) in new.iter().enumerate() {
                old.iter().chain(new.iter().take(i)).for_each(|&mate| counts.change(name, mate, 1));
            }
        }
    }
    counts.count(&call, -1);
}

/// The names of a call in parts that share no pair which only this call has.
fn parts(call: &[u32], counts: &Counts) -> Vec<Vec<u32>> {
    let mut left: Vec<u32> = call.to_vec();
    let mut parts = Vec::new();
    while let Some(first) = left.pop() {
        let mut part = vec![first];
        let mut at = 0;
        while let Some(&name) = part.get(at) {
            let mut i = 0;
            while let Some(&other) = left.get(i) {
                if counts.get(name, other) == Some(1) {
                    part.push(other);
                    left.swap_remove(i);
                } else {
                    i += 1;
                }
            }
            at += 1;
        }
        if part.len() > 1 {
            parts.push(part);
        }
    }
    parts
}
