//! What a run asks next, and what each outcome means. Pure: no I/O and no clock; time comes in as a number.

use super::coverage::{Numbering, PairSet, uncovered};
use super::input::ScanInput;
use super::isolate::{Isolating, Isolation, Met};
use crate::api::partnership::{Partnership, RelationRef};
use crate::api::status::{Kind, status_info};
use crate::client::error::QccError;
use crate::graph::{RelationGraph, RelationSet};
use crate::plan::CallPlan;
use std::collections::VecDeque;

/// After so many failures in a row, none of them answered, something lasting is wrong and the run ends.
pub const MAX_FAILURES_IN_A_ROW: u32 = 20;

/// The most companies that a part of a divided call can have: two thirds of 20. A call of the plan that is so small may come
/// up again as a part of another.
const LARGEST_PART: usize = 14;

/// What bounds a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// How many calls may be under way at once.
    pub concurrency: u32,
    /// How many calls may be started in a second; `f64::INFINITY` for no bound.
    pub calls_per_second: f64,
    /// How many calls may be billed, retries and polls among them.
    pub max_calls: u64,
    /// How often one question may be billed at the most: once, and once more for each poll and each resending.
    pub bills_per_call: u32,
    /// Whether there is a store to look into once nothing may be paid for any longer.
    pub has_store: bool,
}

/// Why a run ended before its plan did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stopped {
    /// `max_calls` is spent. What the store has was still read.
    Budget,
    /// The caller aborted.
    Aborted,
    /// The account, the key or the permission: every further call would fare the same.
    Account,
    /// The store failed: what would be paid for could be lost.
    Store,
    /// Too many failures in a row.
    Failing,
}

impl Stopped {
    /// The word users see.
    pub const fn name(self) -> &'static str {
        match self {
            Stopped::Budget => "budget",
            Stopped::Aborted => "aborted",
            Stopped::Account => "account",
            Stopped::Store => "store",
            Stopped::Failing => "failing",
        }
    }
}

/// One question to be asked: positions of companies, and the number it is told by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// For [`Run::permit`] and [`Run::ended`].
    pub id: u32,
    /// Positions in the input.
    pub companies: Vec<u32>,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Look this up, and ask it if it may be paid for.
    Ask(Job),
    /// Nothing until something that is under way ends.
    Wait,
    /// The run has ended.
    Done,
}

/// Whether a question that the store does not answer may be paid for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Permit {
    /// It may be billed so often at the most.
    Pay(u32),
    /// Ask again after so many milliseconds.
    Later(f64),
    /// Ask again when something that is under way has ended.
    WhenOthersEnd,
    /// It may not.
    No,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An answer, which [`Run::absorb`] has seen.
    Answered,
    /// An error.
    Failed(QccError),
    /// It was not in the store and was not to be paid for.
    NotAsked,
}

/// What a question has cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// Attempts that were billed, or may have been.
    pub bills: u32,
    /// Whether the answer was paid for earlier.
    pub from_store: bool,
    /// Whether an answer that was to be kept could not be.
    pub unkept: bool,
}

/// Something that a listener may want to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// A question failed for good.
    Failed(Vec<u32>, QccError),
    /// A call had too many rows and was divided into so many.
    Split(Vec<u32>, usize),
    /// A company was found that QCC does not serve.
    Unsupported(u32),
    /// A question that the store does not answer was not to be paid for: the budget is spent.
    Unpaid(Vec<u32>),
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// The plan's calls.
    pub calls: u64,
    /// Those of them that are dealt with.
    pub done: u64,
    /// How many calls were billed, or may have been.
    pub paid: u64,
    /// How many answers came out of the store.
    pub from_store: u64,
    /// How many questions failed for good.
    pub failed: u64,
    /// How many relations were found.
    pub relations: u64,
    /// How long it will take, in milliseconds, as far as that can be told.
    pub eta_ms: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// To be answered.
    Part,
    /// To find the company at fault.
    Test,
}

#[derive(Debug, Clone)]
struct Work {
    companies: Vec<u32>,
    role: Role,
    index: u64,
    /// The divided call it is a part of.
    family: Option<u32>,
    /// Whether it is another question than the plan's call.
    own: bool,
}

/// A call that was divided, until all its parts are dealt with.
#[derive(Debug)]
struct Family {
    id: u32,
    parts: u32,
    incomplete: bool,
    answered: Vec<Vec<u32>>,
}

#[derive(Debug)]
struct UnderWay {
    id: u32,
    work: Work,
    reserved: u32,
}

#[derive(Debug)]
struct Searching {
    isolation: Isolation,
    work: Work,
    error: QccError,
}

/// A run.
#[derive(Debug)]
pub struct Run {
    input: ScanInput,
    plan: CallPlan,
    limits: Limits,
    numbering: Numbering,
    relations: RelationSet,
    next_index: u64,
    next_id: u32,
    queue: VecDeque<Work>,
    under_way: Vec<UnderWay>,
    searching: Option<Searching>,
    /// Refused calls that wait for a search to end.
    refused: VecDeque<(Work, QccError)>,
    families: Vec<Family>,
    unsupported: Vec<u32>,
    /// What came of questions that are no calls of the plan, by their companies' hash: calls that overlap may be divided
    /// into the same parts, and none is paid for twice. Sorted.
    asked: Vec<(u64, Option<Box<QccError>>)>,
    /// Companies that were in an answered call, one bit each.
    clean: Vec<u64>,
    failed: Vec<(Vec<u32>, QccError)>,
    /// Calls of the plan that are not dealt with whole: from, to (not included).
    open: Vec<(u64, u64)>,
    /// What was answered of them.
    open_answered: Vec<Vec<u32>>,
    stopped: Option<Stopped>,
    done: u64,
    spent: u64,
    from_store: u64,
    failures_in_a_row: u32,
    next_start: f64,
    started: f64,
    first_paid_at: Option<f64>,
    told: Vec<Told>,
}

impl Run {
    /// A run that starts at `now`. `unsupported` are the companies that an earlier run found QCC does not serve.
    pub fn new(input: ScanInput, plan: CallPlan, limits: Limits, unsupported: Vec<u32>, now: f64) -> Self {
        let companies = input.len();
        let mut run = Self {
            numbering: Numbering::new(&input),
            input,
            plan,
            limits,
            relations: RelationSet::new(),
            next_index: 0,
            next_id: 0,
            queue: VecDeque::new(),
            under_way: Vec::new(),
            searching: None,
            refused: VecDeque::new(),
            families: Vec::new(),
            unsupported: Vec::new(),
            asked: Vec::new(),
            clean: vec![0; companies.div_ceil(64)],
            failed: Vec::new(),
            open: Vec::new(),
            open_answered: Vec::new(),
            stopped: None,
            done: 0,
            spent: 0,
            from_store: 0,
            failures_in_a_row: 0,
            next_start: now,
            started: now,
            first_paid_at: None,
            told: Vec::new(),
        };
        for company in unsupported {
            let company = run.numbering.of(company);
            if !run.unsupported.contains(&company) {
                run.unsupported.push(company);
            }
        }
        run
    }

    /// The plan.
    pub fn plan(&self) -> &CallPlan {
        &self.plan
    }

    /// The input.
    pub fn input(&self) -> &ScanInput {
        &self.input
    }

    /// What was found so far.
    pub fn graph(&self) -> &RelationGraph {
        self.relations.graph()
    }

    /// The companies that QCC does not serve, as positions.
    pub fn unsupported(&self) -> &[u32] {
        &self.unsupported
    }

    /// The questions that failed for good.
    pub fn failed(&self) -> &[(Vec<u32>, QccError)] {
        &self.failed
    }

    /// Why the run ended, or is ending, before its plan does.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    /// What has happened since this was called last.
    pub fn take_told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }

    /// Starts nothing more; what is under way ends by itself, and is kept.
    pub fn stop(&mut self, why: Stopped) {
        if self.stopped.is_none_or(|before| before == Stopped::Budget) {
            self.stopped = Some(why);
        }
    }

    fn starts_nothing(&self) -> bool {
        match self.stopped {
            None => false,
            Some(Stopped::Budget) => !self.limits.has_store,
            Some(_) => true,
        }
    }

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
            let Some(mut work) = self.take_work() else {
                return if self.under_way.is_empty() { Next::Done } else { Next::Wait };
            };
            if work.role == Role::Part {
                let before = work.companies.len();
                work.companies.retain(|company| !self.unsupported.contains(company));
                work.own |= work.companies.len() < before;
                if work.companies.len() < 2 {
                    // No pair is left in it that QCC could answer.
                    self.dealt_with(work, None);
                    continue;
                }
            }
            if self.under_way.iter().any(|job| job.work.companies == work.companies) {
                // Without the companies left out it has become a question that is under way: its answer serves both.
                self.queue.push_back(work);
                continue;
            }
            if let Some(outcome) = self.remembered(&work) {
                self.conclude(work, outcome);
                continue;
            }
            let job = Job { id: self.next_id, companies: work.companies.clone() };
            self.next_id = self.next_id.wrapping_add(1);
            self.under_way.push(UnderWay { id: job.id, work, reserved: 0 });
            return Next::Ask(job);
        }
    }

    fn take_work(&mut self) -> Option<Work> {
        // The same question may be under way for another call; its answer will serve both.
        let under_way = &self.under_way;
        let is_free = |work: &Work| under_way.iter().all(|job| job.work.companies != work.companies);
        if self.searching.is_some() {
            // Until the company at fault is known, any other call might have it too and be paid for in vain.
            let test = self.queue.iter().position(|work| work.role == Role::Test && is_free(work))?;
            return self.queue.remove(test);
        }
        if let Some(place) = self.queue.iter().position(is_free) {
            return self.queue.remove(place);
        }
        while self.next_index < self.plan.calls() {
            let index = self.next_index;
            self.next_index += 1;
            let call = self.plan.call(index).unwrap_or_default();
            let companies: Vec<u32> = call.into_iter().map(|company| self.numbering.of(company)).collect();
            let own = companies.len() <= LARGEST_PART;
            let work = Work { companies, role: Role::Part, index, family: None, own };
            if self.under_way.iter().all(|job| job.work.companies != work.companies) {
                return Some(work);
            }
            self.queue.push_back(work);
        }
        None
    }

    fn remembered(&self, work: &Work) -> Option<Outcome> {
        let place = self.asked.binary_search_by_key(&hash(&work.companies), |(known, _)| *known).ok()?;
        let (_, error) = self.asked.get(place)?;
        Some(error.as_ref().map_or(Outcome::Answered, |error| Outcome::Failed(QccError::clone(error))))
    }

    fn remember(&mut self, work: &Work, outcome: &Outcome) {
        let error = match outcome {
            Outcome::Answered => None,
            Outcome::Failed(error) => Some(Box::new(error.clone())),
            Outcome::NotAsked => return,
        };
        let key = hash(&work.companies);
        if work.own
            && let Err(place) = self.asked.binary_search_by_key(&key, |(known, _)| *known)
        {
            self.asked.insert(place, (key, error));
        }
    }

    /// Whether a question that the store does not answer may be paid for, and how often it may be billed.
    pub fn permit(&mut self, id: u32, now: f64) -> Permit {
        if self.stopped.is_some() {
            return Permit::No;
        }
        let reserved: u64 = self.under_way.iter().map(|job| u64::from(job.reserved)).sum();
        let left = self.limits.max_calls.saturating_sub(self.spent);
        if left == 0 {
            self.stopped = Some(Stopped::Budget);
            return Permit::No;
        }
        let Some(free) = left.checked_sub(reserved).filter(|&free| free > 0) else {
            return Permit::WhenOthersEnd;
        };
        if now < self.next_start {
            return Permit::Later(self.next_start - now);
        }
        let most = u64::from(self.limits.bills_per_call.max(1)).min(free) as u32;
        let Some(job) = self.under_way.iter_mut().find(|job| job.id == id) else { return Permit::No };
        job.reserved = most;
        if self.limits.calls_per_second.is_finite() {
            self.next_start = now.max(self.next_start) + 1000.0 / self.limits.calls_per_second;
        }
        self.first_paid_at.get_or_insert(now);
        Permit::Pay(most)
    }

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

    /// Tells what came of a question.
    pub fn ended(&mut self, id: u32, outcome: Outcome, cost: Cost) {
        let Some(place) = self.under_way.iter().position(|job| job.id == id) else { return };
        let UnderWay { work, .. } = self.under_way.swap_remove(place);
        self.spent += u64::from(cost.bills);
        self.from_store += u64::from(cost.from_store);
        if cost.unkept {
            self.stop(Stopped::Store);
        }
        self.remember(&work, &outcome);
        self.conclude(work, outcome);
    }

    fn conclude(&mut self, work: Work, outcome: Outcome) {
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

    fn refused(&mut self, work: Work, error: QccError) {
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
                self.refused.push_back((work, error));
                self.search_next();
            }
            (_, Role::Part) => self.fail(work, error),
        }
    }

    /// Three calls of two thirds each cover every pair of the call: no fewer smaller calls can.
    fn split(&mut self, work: Work) {
        // By name, so that whoever divides a call of these companies divides it into the same parts.
        let mut companies = work.companies.clone();
        companies.sort_unstable_by_key(|&company| self.input.name(company));
        let size = companies.len();
        let (a, rest) = companies.split_at(size.div_ceil(3));
        let (b, c) = rest.split_at(rest.len().div_ceil(2));
        let parts = [[a, b].concat(), [a, c].concat(), [b, c].concat()];
        self.told.push(Told::Split(work.companies.clone(), parts.len()));
        let family = self.divide(&work, parts.len() as u32);
        for companies in parts.into_iter().rev() {
            self.queue.push_front(Work {
                companies,
                role: Role::Part,
                index: work.index,
                family: Some(family),
                own: true,
            });
        }
    }

    /// Makes `work` so many parts of a family: its own, or a new one.
    fn divide(&mut self, work: &Work, parts: u32) -> u32 {
        if let Some(family) = self.family_of(work) {
            family.parts = (family.parts + parts).saturating_sub(1);
            return family.id;
        }
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        self.families.push(Family { id, parts, incomplete: false, answered: Vec::new() });
        id
    }

    fn family_of(&mut self, work: &Work) -> Option<&mut Family> {
        self.families.iter_mut().find(|family| Some(family.id) == work.family)
    }

    /// Begins the search for the next refused call, unless one is going on.
    fn search_next(&mut self) {
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

    fn tested(&mut self, met: Met) {
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

    fn end_search(&mut self) -> Option<Work> {
        let work = self.searching.take().map(|searching| searching.work);
        self.search_next();
        work
    }

    fn fail(&mut self, work: Work, error: QccError) {
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

    /// A part that stays without an answer.
    fn left_open(&mut self, work: Work) {
        match self.family_of(&work) {
            Some(family) => {
                family.incomplete = true;
                self.dealt_with(work, None);
            }
            None => self.open_calls(work.index, work.index + 1),
        }
    }

    /// A part that is dealt with, and what was answered of it.
    fn dealt_with(&mut self, work: Work, answered: Option<Vec<u32>>) {
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

    fn open_calls(&mut self, from: u64, to: u64) {
        match self.open.last_mut() {
            Some((_, end)) if *end == from => *end = to,
            _ if from < to => self.open.push((from, to)),
            _ => {}
        }
    }

    /// Once the run has been stopped and nothing is under way: whatever was still to be asked stays open.
    fn give_up_the_rest(&mut self) {
        let searching = self.searching.take().map(|searching| searching.work);
        let refused: Vec<Work> = self.refused.drain(..).map(|(work, _)| work).collect();
        let queued: Vec<Work> = self.queue.drain(..).filter(|work| work.role == Role::Part).collect();
        for work in searching.into_iter().chain(refused).chain(queued) {
            self.left_open(work);
        }
        let rest = self.next_index;
        self.next_index = self.plan.calls();
        self.open_calls(rest, self.next_index);
    }

    /// How far the run is.
    pub fn progress(&self, now: f64) -> Progress {
        let calls = self.plan.calls();
        let left = calls.saturating_sub(self.done) as f64;
        let paid = self.spent;
        let eta_ms = match self.first_paid_at {
            _ if left == 0.0 => Some(0.0),
            Some(first) if paid > 0 => Some((now - first).max(0.0) / paid as f64 * left),
            _ if self.done > 0 => Some((now - self.started).max(0.0) / self.done as f64 * left),
            _ => None,
        };
        Progress {
            calls,
            done: self.done,
            paid,
            from_store: self.from_store,
            failed: self.failed.len() as u64,
            relations: self.graph().relation_count() as u64,
            eta_ms,
        }
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
        let mut open = self.open.clone();
        open.sort_unstable();
        let mut open = open.into_iter().peekable();
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
                call.retain(|company| !self.unsupported.contains(company));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::input::Shape;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const FREE: Limits = Limits {
        concurrency: 3,
        calls_per_second: f64::INFINITY,
        max_calls: u64::MAX,
        bills_per_call: 1,
        has_store: false,
    };

    fn run_of(companies: usize, limits: Limits) -> Run {
        let names: Vec<String> = (0..companies).map(|n| format!("公司{n}")).collect();
        let input = ScanInput::new(Shape::Among, names.iter().map(String::as_str), []).unwrap();
        let plan = input.plan(20).unwrap();
        Run::new(input, plan, limits, Vec::new(), 0.0)
    }

    /// Plays a run against `answer`; gives the questions that were paid for. Ends them in an order drawn from `turns`.
    fn play(run: &mut Run, turns: &[u8], mut answer: impl FnMut(&[u32]) -> Outcome) -> Vec<Vec<u32>> {
        let mut paid = Vec::new();
        let mut open: Vec<Job> = Vec::new();
        for turn in turns.iter().cycle() {
            match run.step() {
                Next::Ask(job) => open.push(job),
                Next::Done => break,
                Next::Wait => {
                    let job = open.swap_remove(usize::from(*turn) % open.len());
                    match run.permit(job.id, 0.0) {
                        Permit::Pay(_) => {
                            paid.push(job.companies.clone());
                            let outcome = answer(&job.companies);
                            run.ended(job.id, outcome, Cost { bills: 1, ..Cost::default() });
                        }
                        Permit::No => run.ended(job.id, Outcome::NotAsked, Cost::default()),
                        Permit::Later(_) | Permit::WhenOthersEnd => open.push(job),
                    }
                }
            }
        }
        paid
    }

    fn status(code: i64) -> Outcome {
        let info = status_info(code).unwrap();
        Outcome::Failed(QccError::of_status(code, "", info.kind, info.retryable))
    }

    fn pairs_of(calls: &[Vec<u32>]) -> BTreeSet<(u32, u32)> {
        let mut pairs = BTreeSet::new();
        for call in calls {
            for &one in call {
                pairs.extend(call.iter().filter(|&&other| one < other).map(|&other| (one, other)));
            }
        }
        pairs
    }

    fn missing(run: &Run) -> BTreeSet<(u32, u32)> {
        let mut missing = BTreeSet::new();
        run.uncovered(true, |one, other| {
            assert!(missing.insert((one.min(other), one.max(other))), "told twice");
            true
        });
        missing
    }

    fn all(companies: u32) -> BTreeSet<(u32, u32)> {
        (0..companies).flat_map(|one| (one + 1..companies).map(move |other| (one, other))).collect()
    }

    #[test]
    fn asks_the_plan_and_nothing_else_where_nothing_fails() {
        let mut run = run_of(70, FREE);
        let paid = play(&mut run, &[0, 7, 3], |_| Outcome::Answered);
        assert_eq!(paid.len() as u64, run.plan().calls());
        assert!(run.is_complete() && missing(&run).is_empty());
        let progress = run.progress(1.0);
        assert_eq!(
            (progress.done, progress.paid, progress.eta_ms),
            (progress.calls, progress.calls, Some(0.0))
        );
    }

    #[test]
    fn finds_the_company_at_fault_once_and_leaves_it_out() {
        let mut run = run_of(65, FREE);
        let calls = run.plan().calls() as usize;
        let paid =
            play(&mut run, &[1], |call| if call.contains(&7) { status(208) } else { Outcome::Answered });
        assert_eq!(run.unsupported(), [7]);
        assert!(run.failed().is_empty());
        let expected: BTreeSet<_> = all(65).into_iter().filter(|pair| pair.0 == 7 || pair.1 == 7).collect();
        assert_eq!(missing(&run), expected);
        // The refused call, at most two more that were under way with it, five halvings.
        assert!(paid.len() <= calls + 3 + 5, "{} for {calls}", paid.len());
    }

    #[test]
    fn splits_what_has_too_many_rows() {
        let mut run = run_of(20, FREE);
        let paid = play(&mut run, &[0], |call| if call.len() > 14 { status(207) } else { Outcome::Answered });
        assert_eq!(paid.iter().map(Vec::len).collect::<Vec<_>>(), [20, 14, 13, 13]);
        assert!(run.is_complete());
        let mut run = run_of(4, FREE);
        let paid = play(&mut run, &[0], |call| if call.len() > 2 { status(207) } else { Outcome::Answered });
        assert!(run.is_complete() && paid.len() <= 9, "{paid:?}");
    }

    #[test]
    fn never_oversteps_its_budget_and_says_what_is_missing() {
        for max_calls in 0..8 {
            let mut run = run_of(65, Limits { max_calls, ..FREE });
            let paid = play(&mut run, &[2, 1], |_| Outcome::Answered);
            assert_eq!(paid.len() as u64, max_calls);
            assert_eq!(run.stopped(), Some(Stopped::Budget));
            let covered = pairs_of(&paid);
            assert_eq!(missing(&run), all(65).difference(&covered).copied().collect());
        }
    }

    #[test]
    fn stops_at_once_for_the_account() {
        for code in [102, 103, 106, 108, 109, 112, 116, 117, 119] {
            let mut run = run_of(200, FREE);
            let mut answered = 0;
            let paid = play(&mut run, &[0], |_| {
                answered += 1;
                if answered > 5 { status(code) } else { Outcome::Answered }
            });
            assert_eq!(run.stopped(), Some(Stopped::Account), "{code}");
            assert!(paid.len() <= 5 + FREE.concurrency as usize);
        }
    }

    #[test]
    fn keeps_its_pace() {
        let mut run = run_of(65, Limits { calls_per_second: 4.0, ..FREE });
        let Next::Ask(one) = run.step() else { panic!() };
        let Next::Ask(two) = run.step() else { panic!() };
        assert_eq!(run.permit(one.id, 0.0), Permit::Pay(1));
        assert_eq!(run.permit(two.id, 100.0), Permit::Later(150.0));
        assert_eq!(run.permit(two.id, 250.0), Permit::Pay(1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Whatever fails: a pair is covered by an answer or told, never both, never twice; nothing is paid for twice.
        #[test]
        fn accounts_for_every_pair(
            companies in 2u32..90,
            turns in prop::collection::vec(any::<u8>(), 1..20),
            faulty in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
            too_many in 3usize..30,
            faults in prop::collection::vec(prop::option::weighted(0.1, prop::sample::select(vec![102, 199, 202, 207, 208, 7777])), 1..60),
            max_calls in prop::option::of(0u64..60),
            stop_at in prop::option::of(0usize..60),
        ) {
            let faulty: Vec<u32> = faulty.iter().map(|index| index.index(companies as usize) as u32).collect();
            let mut run = run_of(companies as usize, Limits { max_calls: max_calls.unwrap_or(u64::MAX), ..FREE });
            let mut answered = Vec::new();
            let mut asked = 0;
            let paid = play(&mut run, &turns, |call| {
                asked += 1;
                let drawn = faults[asked % faults.len()];
                let outcome = if Some(asked) == stop_at {
                    status(112)
                } else if call.iter().any(|company| faulty.contains(company)) {
                    status(208)
                } else if call.len() >= too_many {
                    status(207)
                } else if let Some(code) = drawn {
                    status_info(code).map_or_else(|| Outcome::Failed(QccError::of_status(code, "", Kind::UnknownStatus, false)), |_| status(code))
                } else {
                    Outcome::Answered
                };
                if outcome == Outcome::Answered {
                    answered.push(call.to_vec());
                }
                outcome
            });
            if let Some(max_calls) = max_calls {
                prop_assert!(paid.len() as u64 <= max_calls);
            }
            let mut different = paid.clone();
            different.sort();
            different.dedup();
            prop_assert_eq!(different.len(), paid.len(), "paid for twice");
            let covered = pairs_of(&answered);
            let missing = missing(&run);
            prop_assert_eq!(&missing, &all(companies).difference(&covered).copied().collect());
        }
    }
}
