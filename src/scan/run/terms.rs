//! The words in which a run and whoever carries it out talk.

use crate::client::error::QccError;

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
    /// For [`Run::permit`](super::Run::permit) and [`Run::ended`](super::Run::ended).
    pub id: u32,
    /// Positions in the input.
    pub companies: Vec<u32>,
    /// The same question as it may have been asked before some companies were left out of it, for [`Run::found_earlier`](super::Run::found_earlier)
    /// where the store has that and not the question itself.
    pub earlier: Vec<Vec<u32>>,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Look this up, and ask it if it may be paid for.
    Ask(Job),
    /// A company is at fault: look up what others have found out about it, for [`Run::learn`](super::Run::learn), and then [`Run::search`](super::Run::search).
    Consult,
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
    /// It is not to be asked as it is: what is at fault is being looked for, or has been found in it.
    Outdated,
    /// It may not.
    No,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An answer, which [`Run::absorb`](super::Run::absorb) has seen.
    Answered,
    /// An error.
    Failed(Box<QccError>),
    /// It was not in the store and was not to be paid for.
    NotAsked,
    /// It was not to be asked as it is ([`Permit::Outdated`]).
    Outdated,
    /// It was refused, unbilled, because too much is asked at once: to be asked again.
    HeldBack {
        /// When, on the run's clock.
        at: f64,
        /// For how long nothing is to be asked, in milliseconds.
        wait_ms: f64,
    },
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
    Failed(Vec<u32>, Box<QccError>),
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
