//! What a run asks next, and what each outcome means. Pure: no I/O and no clock; time comes in as a number.
//!
//! Here is a run's state. `turn` says what is asked next, `budget` what may be paid, `outcome` what an answer or an error
//! means; `parts` divides a call, `search` finds the company at fault, and `missing` keeps account of what stays open.

mod budget;
mod missing;
mod outcome;
mod parts;
mod search;
mod terms;
#[cfg(test)]
mod tests;
mod turn;

pub use outcome::MAX_FAILURES_IN_A_ROW;
pub use terms::{Cost, Job, Limits, Next, Outcome, Permit, Progress, Stopped, Told};

use super::coverage::Numbering;
use super::input::ScanInput;
use super::isolate::Isolation;
use crate::client::error::QccError;
use crate::graph::{RelationGraph, RelationSet};
use crate::plan::CallPlan;

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

/// Whether the store was asked what others have found out, before a search begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Consulting {
    No,
    Wanted,
    UnderWay,
    Done,
}

#[derive(Debug)]
struct Searching {
    isolation: Isolation,
    work: Work,
    error: Box<QccError>,
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
    queue: Vec<Work>,
    under_way: Vec<UnderWay>,
    searching: Option<Searching>,
    consulting: Consulting,
    /// Refused calls that wait for a search to end.
    refused: Vec<(Work, Box<QccError>)>,
    families: Vec<Family>,
    unsupported: Vec<u32>,
    /// What came of questions that are no calls of the plan, by their companies' hash: calls that overlap may be divided
    /// into the same parts, and none is paid for twice. Sorted.
    asked: Vec<(u64, Option<Box<QccError>>)>,
    /// Companies that were in an answered call, one bit each.
    clean: Vec<u64>,
    failed: Vec<(Vec<u32>, Box<QccError>)>,
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
    /// Until then the server wants to be asked nothing.
    held_until: f64,
    /// How often it said so with nothing taken on between.
    held_in_a_row: u32,
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
            queue: Vec::new(),
            under_way: Vec::new(),
            searching: None,
            consulting: Consulting::No,
            refused: Vec::new(),
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
            held_until: now,
            held_in_a_row: 0,
            started: now,
            first_paid_at: None,
            told: Vec::new(),
        };
        run.leave_out(&unsupported);
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
    pub fn failed(&self) -> &[(Vec<u32>, Box<QccError>)] {
        &self.failed
    }

    /// Why the run ended, or is ending, before its plan does.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    /// Whether a company at fault is being looked for, or is to be.
    pub fn is_searching(&self) -> bool {
        self.searching.is_some() || matches!(self.consulting, Consulting::Wanted | Consulting::UnderWay)
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

    /// Whether anything may still be paid for.
    pub fn may_pay(&self) -> bool {
        self.stopped.is_none() && self.spent < self.limits.max_calls
    }

    /// Whether nothing is to be begun any more, not even what the store may answer.
    pub fn starts_nothing(&self) -> bool {
        match self.stopped {
            None => false,
            Some(Stopped::Budget) => !self.limits.has_store,
            Some(_) => true,
        }
    }
}
