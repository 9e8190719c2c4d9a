//! The search for the company at fault in a refused call: one at a time, so that what it finds serves the others.

use super::{Role, Run, Searching, Told, Work};
use crate::scan::isolate::{Isolating, Isolation, Met};

impl Run {
    /// Begins the search for the next refused call, unless one is going on.
    pub(super) fn search_next(&mut self) {
        while self.searching.is_none() {
            let Some((mut work, error)) = self.refused.pop_front() else { return };
            let before = work.companies.len();
            work.companies.retain(|company| !self.unsupported.contains(company));
            if work.companies.len() < before {
                // What was found meanwhile explains the refusal; the others are asked once more.
                self.queue.push_back(Work { own: true, ..work });
                continue;
            }
            let isolation = Isolation::new(work.companies.clone(), |company| self.is_clean(company));
            if work.family.is_none() {
                work.family = Some(self.divide(&work, 1));
            }
            let next = isolation.next();
            self.searching = Some(Searching { isolation, work, error });
            self.carry_on(next);
        }
    }

    pub(super) fn tested(&mut self, met: Met) {
        if let Some(searching) = &mut self.searching {
            let next = searching.isolation.told(met);
            self.carry_on(next);
        }
    }

    fn carry_on(&mut self, next: Isolating) {
        match next {
            Isolating::Ask(companies) => {
                if let Some(searching) = &self.searching {
                    let Work { index, family, .. } = searching.work;
                    self.queue.push_front(Work { companies, role: Role::Test, index, family, own: true });
                }
            }
            // An answer that came meanwhile has it: the refusal means something else.
            Isolating::Found { company, .. } if self.is_clean(company) => {
                self.carry_on(Isolating::Contradiction)
            }
            Isolating::Found { company, rest } => {
                self.unsupported.push(company);
                self.told.push(Told::Unsupported(company));
                if let Some(work) = self.end_search() {
                    match rest {
                        Some(companies) => self.queue.push_back(Work { companies, own: true, ..work }),
                        None => self.dealt_with(work, None),
                    }
                }
            }
            Isolating::Contradiction => {
                if let Some(Searching { work, error, .. }) = self.searching.take() {
                    self.fail(work, error);
                    self.search_next();
                }
            }
        }
    }

    fn is_clean(&self, company: u32) -> bool {
        self.clean.get(company as usize / 64).is_some_and(|word| word >> (company % 64) & 1 == 1)
    }

    pub(super) fn end_search(&mut self) -> Option<Work> {
        let work = self.searching.take().map(|searching| searching.work);
        self.search_next();
        work
    }
}
