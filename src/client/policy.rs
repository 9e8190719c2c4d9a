//! What is done after each attempt: sent again, waited for, or told. A pure state machine: it sees neither network nor
//! clock, only what an attempt ended in and what time it is, so every history can be played natively.
//!
//! The rules, in the order of what they protect. Money: nothing that was billed, and nothing that may have reached the
//! server, is sent again unasked. Time: every wait and every attempt ends by the deadline. Ease: what passes by itself
//! (a refused connection, a busy server, a clock that is off) is dealt with here and not in every caller's code.

use crate::api::status::{Kind, status_info};

/// The longest `Retry-After` that is waited for; beyond it the error comes at once.
pub const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

/// The least time another attempt must have, unless the whole call has less than ten times that: one that is cut off sooner
/// is likely to be paid for and lost.
const MIN_ATTEMPT_MS: f64 = 1_000.0;

/// How far the server's clock must be from ours before ours is taken to be off. `Date` has whole seconds and an answer
/// takes its time, so a small difference means nothing.
pub const MIN_SKEW_MS: f64 = 30_000.0;

/// The figures of the policy, in milliseconds where they are times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// One attempt, its body included.
    pub timeout_ms: f64,
    /// The whole call with its retries and waits.
    pub deadline_ms: f64,
    /// How many times a call is sent again at most, clock corrections and polls apart.
    pub max_retries: u32,
    /// The first retry's longest wait; it doubles with each.
    pub base_delay_ms: f64,
    /// What the doubling ends at.
    pub max_delay_ms: f64,
    /// Whether a call that may have reached the server is sent again: it may be paid twice.
    pub resend_when_unknown: bool,
    /// How many times an answer 205 is asked for again.
    pub max_polls: u32,
    /// The wait before each such asking.
    pub poll_delay_ms: f64,
    /// Whether a gateway makes the calls: one answer of it is the whole call, its retries and polls included.
    pub relayed: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            timeout_ms: 30_000.0,
            deadline_ms: 120_000.0,
            max_retries: 2,
            base_delay_ms: 500.0,
            max_delay_ms: 8_000.0,
            resend_when_unknown: false,
            max_polls: 3,
            poll_delay_ms: 2_000.0,
            relayed: false,
        }
    }
}

impl Policy {
    /// The policy of a client behind a gateway: an attempt has the time of the gateway's whole call.
    pub fn behind_gateway() -> Self {
        Self { timeout_ms: f64::INFINITY, relayed: true, ..Self::default() }
    }

    /// The least time that another attempt must have.
    pub fn least_attempt_ms(&self) -> f64 {
        MIN_ATTEMPT_MS.min(self.timeout_ms).min(self.deadline_ms / 10.0)
    }

    /// The same with other figures: `timeout_ms`, `deadline_ms`, `max_retries`, `base_delay_ms`, `max_delay_ms`,
    /// `resend_when_unknown` (0 or 1), `max_polls`, `poll_delay_ms`; NaN, or nothing, for one that stays.
    ///
    /// # Errors
    /// The name of the figure that is negative, or nought where something must happen.
    pub fn with_figures(mut self, figures: &[f64]) -> Result<Self, &'static str> {
        let given = |index: usize| figures.get(index).copied().filter(|figure| !figure.is_nan());
        let times = [
            (0, "timeoutMs", &mut self.timeout_ms, 1.0),
            (1, "deadlineMs", &mut self.deadline_ms, 1.0),
            (3, "retry.baseDelayMs", &mut self.base_delay_ms, 0.0),
            (4, "retry.maxDelayMs", &mut self.max_delay_ms, 0.0),
            (7, "pending.delayMs", &mut self.poll_delay_ms, 0.0),
        ];
        for (index, name, time, least) in times {
            if let Some(figure) = given(index) {
                if figure < least {
                    return Err(name);
                }
                *time = figure;
            }
        }
        for (index, name, count) in
            [(2, "retry.maxRetries", &mut self.max_retries), (6, "pending.maxPolls", &mut self.max_polls)]
        {
            if let Some(figure) = given(index) {
                if figure < 0.0 || figure.fract() != 0.0 {
                    return Err(name);
                }
                *count = figure as u32;
            }
        }
        if let Some(figure) = given(5) {
            self.resend_when_unknown = figure != 0.0;
        }
        Ok(self)
    }
}

/// Whether something was billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Billed {
    /// It was not.
    No,
    /// It was.
    Yes,
    /// The request may have reached the server, or its answer does not tell.
    Unknown,
}

impl Billed {
    /// From what the table and the vendor's message say.
    pub fn from_known(known: Option<bool>) -> Self {
        match known {
            Some(true) => Billed::Yes,
            Some(false) => Billed::No,
            None => Billed::Unknown,
        }
    }
}

/// What one attempt ended in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Seen {
    /// An answer with a readable envelope, whatever its HTTP status.
    Answer {
        /// QCC's code.
        status: i64,
        /// Whether it counted.
        billed: Billed,
        /// Whether the result is what the documents describe.
        readable: bool,
    },
    /// An HTTP status other than 2xx without an envelope.
    Http(u16),
    /// A 2xx without a readable envelope.
    Malformed,
    /// The request provably never ran; whether it would have a chance if sent again.
    NeverRan {
        /// A refused or unresolved connection would, a bad certificate would not.
        passing: bool,
    },
    /// The connection broke, and the request may have reached the server.
    Lost,
    /// The attempt's time ran out, and the request may have reached the server.
    TimedOut,
}

impl Seen {
    /// Whether it is what was asked for.
    pub fn succeeds(&self) -> bool {
        matches!(self, Seen::Answer { status: 200 | 201, readable: true, .. })
    }

    /// Whether the attempt was billed. 503, 429 and the like refuse the request; any other 5xx comes from something that may
    /// have passed it on.
    pub fn billed(&self) -> Billed {
        match *self {
            Seen::Answer { billed, .. } => billed,
            Seen::Http(503) | Seen::NeverRan { .. } => Billed::No,
            Seen::Http(500..) | Seen::Malformed | Seen::Lost | Seen::TimedOut => Billed::Unknown,
            Seen::Http(_) => Billed::No,
        }
    }
}

/// What the server said about time, beside its answer.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Hints {
    /// `Retry-After`, in milliseconds from now.
    pub retry_after_ms: Option<f64>,
    /// `Date` in milliseconds since 1970, given only where the answer is fresh: no `Age`, not from a cache.
    pub server_date: Option<f64>,
    /// How long the attempt took, in milliseconds: `Date` was made at some moment of it.
    pub took_ms: f64,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Next {
    /// Wait, then sign and send anew.
    SendAfter {
        /// Milliseconds; 0 for at once.
        wait_ms: f64,
        /// Why.
        reason: Reason,
    },
    /// The call has its answer.
    Succeed,
    /// The call has failed.
    Fail {
        /// As what.
        kind: Kind,
        /// Whether the same call would have a chance later.
        retryable: bool,
    },
}

/// Why a call is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The attempt failed in a way that passes.
    Retry,
    /// The answer is not ready (205).
    Poll,
    /// Our clock is off by this many milliseconds (the server's less ours), and the signature was refused for it.
    Skew(i64),
}

/// One call on its way.
#[derive(Debug, Clone)]
pub struct Call {
    policy: Policy,
    started: f64,
    attempts: u32,
    retries: u32,
    polls: u32,
    skew_tried: bool,
    billed: u32,
    unknown: u32,
}

impl Call {
    /// A call that starts at `now`, in milliseconds.
    pub fn new(policy: Policy, now: f64) -> Self {
        Self {
            policy,
            started: now,
            attempts: 0,
            retries: 0,
            polls: 0,
            skew_tried: false,
            billed: 0,
            unknown: 0,
        }
    }

    /// How many attempts were sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How many attempts were billed for certain.
    pub fn billed_attempts(&self) -> u32 {
        self.billed
    }

    /// How many attempts may have been billed.
    pub fn unknown_attempts(&self) -> u32 {
        self.unknown
    }

    /// Whether anything of this call was billed so far.
    pub fn billed(&self) -> Billed {
        match (self.billed, self.unknown) {
            (0, 0) => Billed::No,
            (0, _) => Billed::Unknown,
            _ => Billed::Yes,
        }
    }

    /// Milliseconds since the start.
    pub fn elapsed(&self, now: f64) -> f64 {
        (now - self.started).max(0.0)
    }

    /// Milliseconds until the deadline.
    pub fn left(&self, now: f64) -> f64 {
        (self.policy.deadline_ms - self.elapsed(now)).max(0.0)
    }

    /// Counts an attempt that is about to be sent, and gives the time it may take; `None` where the deadline is reached.
    pub fn begin(&mut self, now: f64) -> Option<f64> {
        let timeout = self.policy.timeout_ms.min(self.left(now));
        if timeout <= 0.0 {
            return None;
        }
        self.attempts += 1;
        Some(timeout)
    }

    /// Takes in what a gateway says that it has spent on the attempt just sent, which is counted no further.
    pub fn spend(&mut self, attempts: u32, billed: u32, unknown: u32) {
        self.attempts = self.attempts.saturating_sub(1).saturating_add(attempts);
        self.billed = self.billed.saturating_add(billed);
        self.unknown = self.unknown.saturating_add(unknown);
    }

    /// What to do after an attempt. `offset_ms` is what was added to our clock for its signature; `random` is drawn from
    /// [0, 1).
    pub fn after(&mut self, seen: Seen, hints: Hints, now: f64, offset_ms: f64, random: f64) -> Next {
        match seen.billed() {
            Billed::Yes => self.billed += 1,
            Billed::Unknown => self.unknown += 1,
            Billed::No => {}
        }
        if self.policy.relayed && answered_by_gateway(seen) {
            return verdict(seen);
        }
        match seen {
            seen if seen.succeeds() => Next::Succeed,
            Seen::Answer { status: 200 | 201, .. } | Seen::Malformed => fail(Kind::MalformedResponse, false),
            Seen::Answer { status, billed, .. } => {
                let (kind, retryable) = match status_info(status) {
                    Some(info) => (info.kind, info.retryable),
                    None => (Kind::UnknownStatus, false),
                };
                match kind {
                    Kind::Pending => self.poll(now),
                    Kind::Auth if matches!(status, 107 | 115) => self.check_clock(hints, now, offset_ms),
                    Kind::Server if billed == Billed::No => self.retry(kind, true, hints, now, random),
                    _ => fail(kind, retryable),
                }
            }
            Seen::Http(429 | 502 | 503 | 504) => self.retry(Kind::Http, true, hints, now, random),
            Seen::Http(status) => fail(Kind::Http, status >= 500),
            Seen::NeverRan { passing: true } => self.retry(Kind::Network, true, hints, now, random),
            Seen::NeverRan { passing: false } => fail(Kind::Network, false),
            Seen::Lost if self.policy.resend_when_unknown => {
                self.retry(Kind::Network, true, hints, now, random)
            }
            Seen::TimedOut if self.policy.resend_when_unknown => {
                self.retry(Kind::Timeout, true, hints, now, random)
            }
            Seen::Lost => fail(Kind::Network, true),
            Seen::TimedOut => fail(Kind::Timeout, true),
        }
    }

    /// Whether another attempt has time enough after a wait.
    fn fits(&self, wait_ms: f64, now: f64) -> bool {
        wait_ms + self.policy.least_attempt_ms() <= self.left(now)
    }

    fn retry(&mut self, kind: Kind, retryable: bool, hints: Hints, now: f64, random: f64) -> Next {
        let doubled = self.policy.base_delay_ms * f64::from(1u32 << self.retries.min(30));
        let jitter = random * doubled.min(self.policy.max_delay_ms);
        let asked = hints.retry_after_ms.unwrap_or(0.0);
        let wait_ms = jitter.max(asked);
        let possible =
            self.retries < self.policy.max_retries && asked <= MAX_RETRY_AFTER_MS && self.fits(wait_ms, now);
        if !possible {
            return fail(kind, retryable);
        }
        self.retries += 1;
        Next::SendAfter { wait_ms, reason: Reason::Retry }
    }

    fn poll(&mut self, now: f64) -> Next {
        let wait_ms = self.policy.poll_delay_ms;
        if self.polls >= self.policy.max_polls || !self.fits(wait_ms, now) {
            return fail(Kind::Pending, true);
        }
        self.polls += 1;
        Next::SendAfter { wait_ms, reason: Reason::Poll }
    }

    /// A refused signature is tried once more, and only where the server's clock shows ours to have been off.
    fn check_clock(&mut self, hints: Hints, now: f64, offset_ms: f64) -> Next {
        let tried = std::mem::replace(&mut self.skew_tried, true);
        let Some(date) = hints.server_date else { return fail(Kind::Auth, false) };
        let half = hints.took_ms / 2.0;
        let offset = date - now + half;
        let off = (offset - offset_ms).abs() - half >= MIN_SKEW_MS;
        if tried || !off || self.left(now) <= 0.0 {
            return fail(Kind::Auth, false);
        }
        Next::SendAfter { wait_ms: 0.0, reason: Reason::Skew(offset as i64) }
    }
}

/// Whether the gateway (or what stands in front of it) has answered, so that asking again might pay again. 503 is of
/// something that passed the request on to nobody.
fn answered_by_gateway(seen: Seen) -> bool {
    matches!(seen, Seen::Answer { .. } | Seen::Malformed | Seen::Http(..=502 | 504..))
}

/// What an answer of a gateway's means: it has done all there was to do about it. 401, 403 and 429 are its own.
pub fn verdict(seen: Seen) -> Next {
    match seen {
        Seen::Answer { status: 200 | 201, readable: true, .. } => Next::Succeed,
        Seen::Answer { status: 200 | 201, .. } | Seen::Malformed => fail(Kind::MalformedResponse, false),
        Seen::Answer { status, .. } => match status_info(status) {
            Some(info) => fail(info.kind, info.retryable),
            None => fail(Kind::UnknownStatus, false),
        },
        Seen::Http(401 | 403) => fail(Kind::Auth, false),
        Seen::Http(429) => fail(Kind::Quota, true),
        Seen::Http(status) => fail(Kind::Http, status >= 500),
        Seen::NeverRan { passing } => fail(Kind::Network, passing),
        Seen::Lost => fail(Kind::Network, true),
        Seen::TimedOut => fail(Kind::Timeout, true),
    }
}

fn fail(kind: Kind, retryable: bool) -> Next {
    Next::Fail { kind, retryable }
}

#[cfg(test)]
mod tests;
