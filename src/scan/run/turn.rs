//! Which question comes next: parts and tests before new calls of the plan, none that is under way or answered already.

use super::{Consulting, Job, Next, Outcome, Role, Run, UnderWay, Work};
use crate::scan::isolate::keep;

/// The most companies that a part of a divided call can have: two thirds of 20. A call of the plan that is so small may come
/// up again as a part of another.
const LARGEST_PART: usize = 14;

impl Run {
    /// What to do next.
    pub fn step(&mut self) -> Next {
        loop {
            if self.starts_nothing() {
                if !self.under_way.is_empty() {
                    return Next::Wait;
                }
                self.give_up_the_rest();
                return Next::Done;
            }
            if self.under_way.len() >= self.limits.concurrency.max(1) as usize {
                return Next::Wait;
            }
            if self.consulting == Consulting::Wanted {
                self.consulting = Consulting::UnderWay;
                return Next::Consult;
            }
            let Some(mut work) = self.take_work() else {
                let waits = !self.under_way.is_empty() || self.consulting == Consulting::UnderWay;
                return if waits { Next::Wait } else { Next::Done };
            };
            let mut earlier = Vec::new();
            if work.role == Role::Part {
                let whole = work.companies.clone();
                keep(&mut work.companies, &self.unsupported, false);
                if work.companies.len() < whole.len() {
                    work.own = true;
                    if self.limits.has_store {
                        earlier = earlier_forms(&whole, &self.unsupported);
                    }
                }
                if work.companies.len() < 2 {
                    // No pair is left in it that QCC could answer.
                    self.dealt_with(work, None);
                    continue;
                }
            }
            if self.under_way.iter().any(|job| job.work.companies == work.companies) {
                // Without the companies left out it has become a question that is under way: its answer serves both.
                self.queue.push(work);
                continue;
            }
            if let Some(outcome) = self.remembered(&work) {
                self.conclude(work, outcome);
                continue;
            }
            let job = Job { id: self.next_id, companies: work.companies.clone(), earlier };
            self.next_id = self.next_id.wrapping_add(1);
            self.under_way.push(UnderWay { id: job.id, work, reserved: 0 });
            return Next::Ask(job);
        }
    }

    fn take_work(&mut self) -> Option<Work> {
        // The same question may be under way for another call; its answer will serve both.
        let under_way = &self.under_way;
        let is_free = |work: &Work| under_way.iter().all(|job| job.work.companies != work.companies);
        if self.is_searching() {
            // Until the company at fault is known, any other call might have it too and be paid for in vain.
            let test = self.queue.iter().position(|work| work.role == Role::Test && is_free(work))?;
            return Some(self.queue.remove(test));
        }
        if let Some(place) = self.queue.iter().position(is_free) {
            return Some(self.queue.remove(place));
        }
        while self.next_index < self.plan.calls() {
            let index = self.next_index;
            self.next_index += 1;
            let mut companies = self.plan.call(index).unwrap_or_default();
            companies.iter_mut().for_each(|company| *company = self.numbering.of(*company));
            let own = companies.len() <= LARGEST_PART;
            let work = Work { companies, role: Role::Part, index, family: None, own };
            if self.under_way.iter().all(|job| job.work.companies != work.companies) {
                return Some(work);
            }
            self.queue.push(work);
        }
        None
    }

    fn remembered(&self, work: &Work) -> Option<Outcome> {
        let place = self.asked.binary_search_by_key(&hash(&work.companies), |(known, _)| *known).ok()?;
        let (_, error) = self.asked.get(place)?;
        Some(error.as_ref().map_or(Outcome::Answered, |error| Outcome::Failed(error.clone())))
    }

    pub(super) fn remember(&mut self, work: &Work, outcome: &Outcome) {
        let error = match outcome {
            Outcome::Answered => None,
            Outcome::Failed(error) => Some(error.clone()),
            Outcome::NotAsked | Outcome::Outdated | Outcome::HeldBack { .. } => return,
        };
        let key = hash(&work.companies);
        if work.own
            && let Err(place) = self.asked.binary_search_by_key(&key, |(known, _)| *known)
        {
            self.asked.insert(place, (key, error));
        }
    }
}

/// How many companies may have been left out one before the other in any order; what was left out of a call before those
/// was left out of it together.
const ANY_ORDER: usize = 4;

/// What may have been asked in place of `whole` by a run that knew fewer of `unsupported`, which stand in the order in which
/// they were found.
fn earlier_forms(whole: &[u32], unsupported: &[u32]) -> Vec<Vec<u32>> {
    let mut left_out = unsupported.to_vec();
    keep(&mut left_out, whole, true);
    let (early, late) = left_out.split_at(left_out.len().saturating_sub(ANY_ORDER));
    let without = |mask: usize| {
        let is_out = |company: &u32| {
            early.contains(company)
                || late.iter().enumerate().any(|(bit, out)| out == company && mask >> bit & 1 == 1)
        };
        let mut form = Vec::with_capacity(whole.len());
        for company in whole {
            if !is_out(company) {
                form.push(*company);
            }
        }
        form
    };
    let mut forms = Vec::new();
    if !early.is_empty() {
        forms.push(whole.to_vec());
    }
    for mask in 0..(1 << late.len()) - 1 {
        forms.push(without(mask));
    }
    forms
}

/// Tells questions apart by their companies, whatever the order.
fn hash(companies: &[u32]) -> u64 {
    // The sum of well mixed numbers (splitmix64) does not know an order.
    companies.iter().fold(0, |sum: u64, &company| {
        let mut word = (u64::from(company) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        sum.wrapping_add(word ^ (word >> 31))
    })
}
