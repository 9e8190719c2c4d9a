//! A call that is divided: its parts, and when all of them are dealt with.

use super::{Family, Role, Run, Told, Work};
use crate::sort;

impl Run {
    /// Three calls of two thirds each cover every pair of the call: no fewer smaller calls can.
    pub(super) fn split(&mut self, work: Work) {
        // By name, so that whoever divides a call of these companies divides it into the same parts.
        let mut companies = work.companies.clone();
        sort::numbers(&mut companies, &|one, other| self.input.name(one) < self.input.name(other));
        let size = companies.len();
        let (a, rest) = companies.split_at(size.div_ceil(3));
        let (b, c) = rest.split_at(rest.len().div_ceil(2));
        let both = |one: &[u32], other: &[u32]| {
            let mut both = one.to_vec();
            both.extend_from_slice(other);
            both
        };
        let parts = [both(a, b), both(a, c), both(b, c)];
        self.told.push(Told::Split(work.companies.clone(), parts.len()));
        let family = self.divide(&work, parts.len() as u32);
        for companies in parts.into_iter().rev() {
            let part =
                Work { companies, role: Role::Part, index: work.index, family: Some(family), own: true };
            self.queue.insert(0, part);
        }
    }

    /// Makes `work` so many parts of a family: its own, or a new one.
    pub(super) fn divide(&mut self, work: &Work, parts: u32) -> u32 {
        if let Some(family) = self.family_of(work) {
            family.parts = (family.parts + parts).saturating_sub(1);
            return family.id;
        }
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        self.families.push(Family { id, parts, incomplete: false, answered: Vec::new() });
        id
    }

    pub(super) fn family_of(&mut self, work: &Work) -> Option<&mut Family> {
        self.families.iter_mut().find(|family| Some(family.id) == work.family)
    }

    /// A part that stays without an answer.
    pub(super) fn left_open(&mut self, work: Work) {
        match self.family_of(&work) {
            Some(family) => {
                family.incomplete = true;
                self.dealt_with(work, None);
            }
            None => self.open_calls(work.index, work.index + 1),
        }
    }

    /// A part that is dealt with, and what was answered of it.
    pub(super) fn dealt_with(&mut self, work: Work, answered: Option<Vec<u32>>) {
        let Some(family) = self.family_of(&work) else {
            self.done += 1;
            return;
        };
        family.answered.extend(answered);
        family.parts = family.parts.saturating_sub(1);
        if family.parts > 0 {
            return;
        }
        let id = family.id;
        if let Some(place) = self.families.iter().position(|family| family.id == id) {
            let family = self.families.swap_remove(place);
            if family.incomplete {
                self.open_answered.extend(family.answered);
                self.open_calls(work.index, work.index + 1);
            } else {
                self.done += 1;
            }
        }
    }
}
