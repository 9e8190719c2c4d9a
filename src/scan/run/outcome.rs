//! What an answer or an error means for the run.

use super::{Cost, Outcome, Role, Run, Stopped, Told, UnderWay, Work};
use crate::api::partnership::{Partnership, RelationRef};
use crate::api::status::{Kind, status_info};
use crate::client::error::QccError;
use crate::scan::isolate::Met;

/// After so many failures in a row, none of them answered, something lasting is wrong and the run ends. So it is after so
/// many waits in a row that the server asked for, none of them followed by a call that it took on.
pub const MAX_FAILURES_IN_A_ROW: u32 = 20;

impl Run {
    /// Takes the rows of an answer, in the caller's spelling.
    pub fn absorb(&mut self, companies: &[u32], answer: &Partnership<'_>) {
        self.relations.begin_answer();
        let spelling = |name: &'_ str| {
            let normal = crate::api::company::normalise(name);
            companies.iter().copied().find(|&company| self.input.name(company) == normal)
        };
        let strings = &answer.table.strings;
        // Each different text is compared once, however many rows have it.
        let mut own: Vec<Option<Option<u32>>> = vec![None; strings.len()];
        for (row, relation) in answer.table.rows.iter().zip(answer.table.iter()) {
            let mut spelt = |id: u32, name| {
                let found = own.get_mut(id as usize).map(|slot| *slot.get_or_insert_with(|| spelling(name)));
                found.flatten()
            };
            let one = spelt(row.company_name, relation.company_name);
            let other = spelt(row.related_company_name, relation.related_company_name);
            self.relations.add(RelationRef {
                company_name: one.map_or(relation.company_name, |company| self.input.spelling(company)),
                related_company_name: other
                    .map_or(relation.related_company_name, |company| self.input.spelling(company)),
                ..relation
            });
        }
    }

    /// Takes one of [`Job::earlier`](super::Job::earlier) for the question: its answer, or that it had too many rows, is what the store has.
    pub fn found_earlier(&mut self, id: u32, companies: Vec<u32>) {
        if let Some(job) = self.under_way.iter_mut().find(|job| job.id == id) {
            job.work.companies = companies;
        }
    }

    /// Tells what came of a question.
    pub fn ended(&mut self, id: u32, outcome: Outcome, cost: Cost) {
        let Some(place) = self.under_way.iter().position(|job| job.id == id) else { return };
        let UnderWay { work, .. } = self.under_way.swap_remove(place);
        self.spent += u64::from(cost.bills);
        self.from_store += u64::from(cost.from_store);
        if cost.bills > 0 {
            self.held_in_a_row = 0;
        }
        if cost.unkept {
            self.stop(Stopped::Store);
        }
        self.remember(&work, &outcome);
        self.conclude(work, outcome);
    }

    pub(super) fn conclude(&mut self, work: Work, outcome: Outcome) {
        match outcome {
            Outcome::Answered => {
                self.failures_in_a_row = 0;
                if work.companies.iter().any(|company| self.unsupported.contains(company)) {
                    // It was under way when one of them was found; the pairs it covers are covered all the same.
                    self.open_answered.push(work.companies.clone());
                }
                for company in &work.companies {
                    if let Some(word) = self.clean.get_mut(*company as usize / 64) {
                        *word |= 1 << (company % 64);
                    }
                }
                match work.role {
                    Role::Part => {
                        let companies = work.companies.clone();
                        self.dealt_with(work, Some(companies));
                    }
                    Role::Test => {
                        if let Some(family) = self.family_of(&work) {
                            family.answered.push(work.companies.clone());
                        }
                        self.tested(Met::Answer);
                    }
                }
            }
            Outcome::Failed(error) => self.refused(work, error),
            Outcome::Outdated => self.queue.insert(0, work),
            Outcome::HeldBack { at, wait_ms } => self.hold_back(work, at, wait_ms),
            Outcome::NotAsked => {
                if self.stopped == Some(Stopped::Budget) {
                    self.told.push(Told::Unpaid(work.companies.clone()));
                }
                let work = if work.role == Role::Test { self.end_search() } else { Some(work) };
                if let Some(work) = work {
                    self.left_open(work);
                }
            }
        }
    }

    fn refused(&mut self, work: Work, error: Box<QccError>) {
        match (error.kind, work.role) {
            (Kind::Unsupported, Role::Test) => self.tested(Met::Refusal),
            // An answer that is only too long names nobody as unsupported.
            (Kind::TooManyRows, Role::Test) => self.tested(Met::Service),
            (_, Role::Test) => {
                if let Some(parent) = self.end_search() {
                    self.fail(parent, error);
                }
            }
            (Kind::TooManyRows, Role::Part) if work.companies.len() > 2 => self.split(work),
            (Kind::Unsupported, Role::Part) => {
                self.refused.push((work, error));
                self.search_next();
            }
            (_, Role::Part) => self.fail(work, error),
        }
    }

    pub(super) fn fail(&mut self, work: Work, error: Box<QccError>) {
        if !error.from_store {
            self.failures_in_a_row += 1;
            let stops = error.status.and_then(status_info).is_some_and(|info| info.stops_run);
            if stops
                || matches!(
                    error.kind,
                    Kind::Auth | Kind::Permission | Kind::Account | Kind::Quota | Kind::Blocked
                )
            {
                self.stop(Stopped::Account);
            } else if self.failures_in_a_row >= MAX_FAILURES_IN_A_ROW {
                self.stop(Stopped::Failing);
            }
        }
        self.told.push(Told::Failed(work.companies.clone(), error.clone()));
        self.failed.push((work.companies.clone(), error));
        self.left_open(work);
    }
}
