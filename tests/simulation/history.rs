//! What happened, as it is judged afterwards: recorded by the model, never by the client.

use qcc_pro::api::status::Kind;
use qcc_pro::client::call::Meta;
use qcc_pro::client::event::Event;
use qcc_pro::client::policy::{Billed, Policy};

/// A moment: milliseconds in truth, and the place in the order of all that happens.
#[derive(Clone, Copy, PartialEq)]
pub struct At {
    pub time: f64,
    pub step: u64,
}

impl std::fmt::Debug for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ms #{}", self.time, self.step)
    }
}

/// One history.
#[derive(Debug, Default)]
pub struct History {
    pub asks: Vec<Asked>,
    pub sends: Vec<Send>,
    pub events: Vec<Told>,
    pub sets: Vec<Set>,
    pub quiet: Vec<Quiet>,
    /// Everything that may be shown to somebody or kept somewhere.
    pub texts: Vec<String>,
    /// What must be in none of them.
    pub secrets: Vec<String>,
    /// Each client's clock less the server's, in milliseconds.
    pub clocks_ms: Vec<f64>,
    /// Of each store, whether it is sound, and the longest that it takes, in milliseconds.
    pub stores: Vec<(bool, f64)>,
}

/// One question of one caller.
#[derive(Debug)]
pub struct Asked {
    pub client: usize,
    pub question: usize,
    pub stored: bool,
    pub policy: Policy,
    pub store: Option<usize>,
    pub ttl_ms: Option<f64>,
    pub asked: Option<At>,
    pub ended: Option<(At, End)>,
}

/// What a question ended in.
#[derive(Debug)]
pub enum End {
    Aborted,
    /// An answer; which sending of which ask it came from.
    Answer {
        send: usize,
        meta: Meta,
        /// Whether it is said that a store did not keep it.
        unkept: bool,
    },
    Error {
        kind: Kind,
        billed: Billed,
        billed_calls: u32,
        from_store: bool,
    },
}

/// What the client could see of one sending.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Observed {
    NeverRan {
        passing: bool,
    },
    Lost,
    Response {
        http_status: u16,
        status: Option<i64>,
    },
    /// The client gave it up: its time was over, or nobody waited any longer.
    Dropped,
    /// The same, and it was shown that nothing had been sent yet.
    Unsent,
}

/// One request, with what became of it in truth.
#[derive(Debug)]
pub struct Send {
    pub ask: usize,
    pub client: usize,
    pub question: usize,
    pub start: At,
    pub end: Option<At>,
    pub observed: Observed,
    /// Whether the server took it on; settled once it has ended.
    pub reached: bool,
    pub billed: bool,
    /// A code 200 or 201 whose result can be read.
    pub intact: bool,
    /// How far the time it was signed for is from the server's, in milliseconds.
    pub clock_error_ms: f64,
    /// Whether the answer's `Date` is there and fresh.
    pub dated: bool,
    /// What `Retry-After` asks for, in milliseconds, where an honest reader can tell.
    pub retry_after_ms: Option<f64>,
    /// Whether there is any `Retry-After`, readable or not.
    pub asks_to_wait: bool,
    /// Whether the server found the signature right.
    pub signature_accepted: bool,
}

/// One event and the client that told it. The endpoint's name is the question's number.
#[derive(Debug)]
pub struct Told {
    pub client: usize,
    pub question: usize,
    pub at: At,
    pub event: Event,
}

/// One writing into a store.
#[derive(Debug)]
pub struct Set {
    pub store: usize,
    pub question: usize,
    /// Which sending's answer it was.
    pub send: Option<usize>,
    pub start: At,
    /// When it was kept; never where the store failed or the writing was given up.
    pub kept: Option<At>,
}

/// What was still there at a moment when nobody waited for anything.
#[derive(Debug)]
pub struct Quiet {
    pub timers: usize,
    pub sends: usize,
    pub gets: usize,
    pub sets: usize,
    pub tasks: usize,
}

impl History {
    /// The whole history, a line for each thing.
    pub fn listed(&self) -> String {
        fn lines<T: std::fmt::Debug>(out: &mut String, things: &[T]) {
            for (number, thing) in things.iter().enumerate() {
                *out += &format!("{number}: {thing:?}\n");
            }
        }
        let mut out = format!("clocks {:?}, stores {:?}\n", self.clocks_ms, self.stores);
        lines(&mut out, &self.asks);
        lines(&mut out, &self.sends);
        lines(&mut out, &self.events);
        lines(&mut out, &self.sets);
        lines(&mut out, &self.quiet);
        out
    }
}

impl Asked {
    /// Whether somebody waited at this step.
    pub fn waits_at(&self, step: u64) -> bool {
        self.asked.is_some_and(|asked| asked.step < step)
            && self.ended.as_ref().is_none_or(|(ended, _)| step < ended.step)
    }

    pub fn is_aborted(&self) -> bool {
        matches!(self.ended, Some((_, End::Aborted)))
    }

    pub fn same_as(&self, client: usize, question: usize) -> bool {
        self.client == client && self.question == question
    }
}
