//! What stays open, and which pairs no answer covers: exact, because every call of the plan is dealt with or noted.

use super::{Role, Run};
use crate::scan::coverage::{PairSet, uncovered};
use crate::scan::isolate::keep;
use crate::sort;

impl Run {
    pub(super) fn open_calls(&mut self, from: u64, to: u64) {
        match self.open.last_mut() {
            Some((_, end)) if *end == from => *end = to,
            _ if from < to => self.open.push((from, to)),
            _ => {}
        }
    }

    /// Once the run has been stopped and nothing is under way: whatever was still to be asked stays open.
    pub(super) fn give_up_the_rest(&mut self) {
        let (refused, queued) = (std::mem::take(&mut self.refused), std::mem::take(&mut self.queue));
        if let Some(searching) = self.searching.take() {
            self.left_open(searching.work);
        }
        for (work, _) in refused {
            self.left_open(work);
        }
        for work in queued {
            if work.role == Role::Part {
                self.left_open(work);
            }
        }
        let rest = self.next_index;
        self.next_index = self.plan.calls();
        self.open_calls(rest, self.next_index);
    }

    /// Whether every call of the plan is dealt with and every company is served: then every pair is covered.
    pub fn is_complete(&self) -> bool {
        self.open.is_empty() && self.unsupported.is_empty() && self.next_index >= self.plan.calls()
    }

    /// Calls `tell` with each pair that is asked for and that no answer covers, once, as positions. Exact, once the run has
    /// ended. Of a shard only the pairs of its own calls are told: the others are its siblings'.
    pub fn uncovered(&self, whole: bool, mut tell: impl FnMut(u32, u32) -> bool) {
        if self.is_complete() {
            return;
        }
        let mut covered = PairSet::new(self.input.len());
        let mut own = (!whole).then(|| PairSet::new(self.input.len()));
        let mut open = sort::sorted(&self.open).into_iter().peekable();
        for index in 0..self.plan.calls() {
            while open.next_if(|&(_, to)| to <= index).is_some() {}
            let is_open = open.peek().is_some_and(|&(from, _)| from <= index);
            if is_open && whole {
                continue;
            }
            let mut call = self.plan.call(index).unwrap_or_default();
            for company in &mut call {
                *company = self.numbering.of(*company);
            }
            if let Some(own) = &mut own {
                own.add_call(&call);
            }
            if !is_open {
                keep(&mut call, &self.unsupported, false);
                covered.add_call(&call);
            }
        }
        for call in &self.open_answered {
            covered.add_call(call);
        }
        uncovered(&self.input, &self.numbering, covered, |one, other| {
            own.as_ref().is_some_and(|own| !own.has(one, other)) || tell(one, other)
        });
    }
}
