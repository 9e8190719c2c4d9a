//! The search for the company at fault in a refused call: one at a time, so that what it finds serves the others.

use super::{Consulting, Role, Run, Searching, Told, Work};
use crate::scan::isolate::{Isolating, Isolation, Met, keep};

impl Run {
    /// Takes in which companies were found by others not to be served, as positions. Gives whether there is still a call
    /// refused for one that nobody has found.
    pub fn learn(&mut self, known: &[u32]) -> bool {
        let before = self.unsupported.len();
        self.leave_out(known);
        for &company in &self.unsupported[before..] {
            self.told.push(Told::Unsupported(company));
        }
        self.explain_refused();
        if self.refused.is_empty() && self.consulting == Consulting::UnderWay {
            self.consulting = Consulting::No;
        }
        !self.refused.is_empty()
    }

    /// Begins to look for the company at fault, after [`Next::Consult`](super::Next::Consult).
    pub fn search(&mut self) {
        if self.consulting == Consulting::UnderWay {
            self.consulting = Consulting::Done;
            self.search_next();
        }
    }

    /// Adds companies to those that QCC does not serve.
    pub(super) fn leave_out(&mut self, companies: &[u32]) {
        for &company in companies {
            let company = self.numbering.of(company);
            if !self.unsupported.contains(&company) {
                self.unsupported.push(company);
            }
        }
    }

    /// Puts back the refused calls whose refusal is explained by what was found meanwhile: the others in them are asked once
    /// more.
    fn explain_refused(&mut self) {
        for (mut work, error) in std::mem::take(&mut self.refused) {
            let before = work.companies.len();
            keep(&mut work.companies, &self.unsupported, false);
            if work.companies.len() < before {
                self.queue.push(Work { own: true, ..work });
            } else {
                self.refused.push((work, error));
            }
        }
    }

    /// Begins the search for the next refused call, unless one is going on. Where there is a store, what others have found
    /// out is looked up first.
    pub(super) fn search_next(&mut self) {
        self.explain_refused();
        while self.searching.is_none() && !self.refused.is_empty() {
            match self.consulting {
                Consulting::Wanted | Consulting::UnderWay => return,
                Consulting::No if self.limits.has_store => {
                    self.consulting = Consulting::Wanted;
                    return;
                }
                Consulting::No | Consulting::Done => self.consulting = Consulting::No,
            }
            let (mut work, error) = self.refused.remove(0);
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
                    let test = Work { companies, role: Role::Test, index, family, own: true };
                    self.queue.insert(0, test);
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
                        Some(companies) => self.queue.push(Work { companies, own: true, ..work }),
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
