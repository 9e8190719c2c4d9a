//! Which pairs no answer covers, exactly: asked for once a run has ended, and only where something is missing.

use super::input::{ScanInput, Shape};
use crate::sort;

/// A set of pairs of companies: one bit each.
#[derive(Debug)]
pub struct PairSet {
    bits: Vec<u64>,
}

impl PairSet {
    /// No pair of `companies` yet.
    pub fn new(companies: usize) -> Self {
        let pairs = companies * companies.saturating_sub(1) / 2;
        Self { bits: vec![0; pairs.div_ceil(64)] }
    }

    /// Adds every pair of a call.
    pub fn add_call(&mut self, call: &[u32]) {
        for (index, &one) in call.iter().enumerate() {
            for &other in &call[index + 1..] {
                self.add(one, other);
            }
        }
    }

    /// Adds a pair.
    pub fn add(&mut self, one: u32, other: u32) {
        let Some(place) = place(one, other) else { return };
        if let Some(word) = self.bits.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    /// Whether the pair is in it.
    pub fn has(&self, one: u32, other: u32) -> bool {
        let Some(place) = place(one, other) else { return true };
        self.bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }
}

/// A pair's place; a company with itself is no pair.
fn place(one: u32, other: u32) -> Option<usize> {
    let (low, high) = (one.min(other) as usize, one.max(other) as usize);
    (low != high).then(|| high * (high - 1) / 2 + low)
}

/// The companies of an input, each once, numbered by where they first stand.
#[derive(Debug)]
pub struct Numbering {
    /// Position → number of the first position with the same name.
    first: Vec<u32>,
}

impl Numbering {
    /// Numbers the companies of an input.
    pub fn new(input: &ScanInput) -> Self {
        // Among equal names the first position stands first.
        let order = sort::places(input.len(), &|one, other| input.name(one) < input.name(other));
        let mut first = vec![0; order.len()];
        let mut leader = 0;
        for (index, &position) in order.iter().enumerate() {
            if index == 0 || input.name(position) != input.name(leader) {
                leader = position;
            }
            if let Some(slot) = first.get_mut(position as usize) {
                *slot = leader;
            }
        }
        Self { first }
    }

    /// The first position with the same name.
    pub fn of(&self, position: u32) -> u32 {
        self.first.get(position as usize).copied().unwrap_or(position)
    }
}

/// Calls `tell` with each pair that is asked for and not in `covered`, once, as positions; stops where `tell` says so.
pub fn uncovered(
    input: &ScanInput,
    numbering: &Numbering,
    mut covered: PairSet,
    mut tell: impl FnMut(u32, u32) -> bool,
) {
    let positions = 0..input.len() as u32;
    let mut leaders = sort::chosen(input.len(), &|at| numbering.of(at) == at);
    sort::numbers(&mut leaders, &|one, other| input.name(one) < input.name(other));
    let find = |name: &str| {
        leaders.binary_search_by_key(&name, |&at| input.name(at)).ok().and_then(|at| leaders.get(at))
    };
    for (one, other) in input.known() {
        if let (Some(&one), Some(&other)) = (find(one), find(other)) {
            covered.add(one, other);
        }
    }
    let mut visit = |one: u32, other: u32| {
        let (one, other) = (numbering.of(one), numbering.of(other));
        if covered.has(one, other) {
            return true;
        }
        covered.add(one, other);
        tell(one, other)
    };
    let go_on = match input.shape() {
        Shape::Among => positions.clone().all(|one| (one + 1..positions.end).all(|other| visit(one, other))),
        Shape::Between(first) => {
            (0..first as u32).all(|one| (first as u32..positions.end).all(|other| visit(one, other)))
        }
        Shape::Hub => (1..positions.end).all(|other| visit(0, other)),
        Shape::Pairs => positions.step_by(2).all(|one| visit(one, one + 1)),
    };
    let _ = go_on;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(shape: Shape, names: &[&str], known: &[&str], calls: &[&[u32]]) -> Vec<(u32, u32)> {
        let input = ScanInput::new(shape, names.iter().copied(), known.iter().copied()).unwrap();
        let mut covered = PairSet::new(names.len());
        calls.iter().for_each(|call| covered.add_call(call));
        let mut list = Vec::new();
        uncovered(&input, &Numbering::new(&input), covered, |one, other| {
            list.push((one, other));
            true
        });
        list
    }

    #[test]
    fn lists_what_is_asked_for_and_not_covered() {
        let names = ["甲公司", "乙公司", "丙公司", "乙公司"];
        assert_eq!(list(Shape::Among, &names, &[], &[]), [(0, 1), (0, 2), (1, 2)]);
        assert_eq!(list(Shape::Among, &names, &["丙公司", "甲公司"], &[&[0, 1]]), [(1, 2)]);
        assert_eq!(list(Shape::Between(2), &names, &[], &[&[0, 2]]), [(0, 1), (1, 2)]);
        assert_eq!(list(Shape::Hub, &names, &[], &[]), [(0, 1), (0, 2)]);
        assert_eq!(list(Shape::Pairs, &names, &[], &[]), [(0, 1), (2, 1)]);
        assert_eq!(list(Shape::Among, &names, &[], &[&[2, 1, 0]]), []);
    }
}
