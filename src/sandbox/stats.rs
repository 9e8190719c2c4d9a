//! What was called and what was billed.

use super::answer::Outcome;
use std::collections::HashSet;

/// Counts since the sandbox was made or reset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Calls that came, whatever became of them.
    pub calls: u64,
    /// Calls that count against the account.
    pub billed: u64,
    /// Calls by what became of them, ascending; adds up to `calls`.
    pub by_outcome: Vec<(Outcome, u64)>,
    /// Billed calls to findPartnershipRelation that asked, in whatever order, what a billed one had asked before: paid for
    /// twice. Pending answers (205) aside. Counted with [`super::Options::track_repeats`] alone.
    pub repeats: Option<u64>,
}

/// The counts and what they are made from.
#[derive(Debug)]
pub(super) struct Ledger {
    stats: Stats,
    billed_questions: HashSet<u64>,
}

impl Ledger {
    pub fn new(track_repeats: bool) -> Self {
        let stats = Stats { repeats: track_repeats.then_some(0), ..Stats::default() };
        Self { stats, billed_questions: HashSet::new() }
    }

    /// Counts a call that comes; its number.
    pub fn open(&mut self) -> u64 {
        self.stats.calls += 1;
        self.stats.calls
    }

    /// Counts what became of it.
    pub fn close(&mut self, outcome: Outcome, billed: bool) {
        self.stats.billed += u64::from(billed);
        match self.stats.by_outcome.binary_search_by_key(&outcome, |(known, _)| *known) {
            Ok(index) => self.stats.by_outcome[index].1 += 1,
            Err(index) => self.stats.by_outcome.insert(index, (outcome, 1)),
        }
    }

    /// Remembers the hash of a billed question, if that is wanted.
    pub fn remember(&mut self, question: impl FnOnce() -> u64) {
        if let Some(repeats) = &mut self.stats.repeats {
            *repeats += u64::from(!self.billed_questions.insert(question()));
        }
    }

    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    pub fn reset(&mut self) {
        *self = Self::new(self.stats.repeats.is_some());
    }
}
