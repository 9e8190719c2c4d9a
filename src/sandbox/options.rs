//! What a sandbox can be told: credentials, relations, limits and faults. Checked once, in `Options::check`, so that
//! nothing past it needs to doubt them.

use crate::auth::mask;
use std::fmt;

/// The key of a sandbox that is given none: the one the vendor's own example prints.
pub const SANDBOX_KEY: &str = "9bc448a2ff6511e8890a6c92bf31542f";

/// The secret key of a sandbox that is given none. As long as a real one, and plainly none.
pub const SANDBOX_SECRET_KEY: &str = "SANDBOX-SECRET-KEY-NOT-A-REAL-ONE";

/// How far `Timespan` may be off, in seconds, where nothing is said. The documents do not say; five minutes is usual.
pub const DEFAULT_TOLERANCE_SECONDS: u64 = 300;

/// The share of pairs that have relations, where nothing is said.
pub const DEFAULT_DENSITY: f64 = 0.02;

/// The most rows one answer may have (status code 207: 「请求数据的条目数超过上限（5000）」).
pub const DEFAULT_MAX_ROWS: u32 = 5000;

/// Everything a sandbox can be told; what is left out takes the default named at each field.
#[derive(Clone, Default)]
pub struct Options {
    /// The key that is let in. Default [`SANDBOX_KEY`].
    pub key: Option<String>,
    /// The secret key its calls are signed with. Default [`SANDBOX_SECRET_KEY`].
    pub secret_key: Option<String>,
    /// How far `Timespan` may be off, either way, in seconds. Default [`DEFAULT_TOLERANCE_SECONDS`].
    pub tolerance_seconds: Option<u64>,
    /// How long every answer takes, in milliseconds. Default 0.
    pub latency_ms: Option<u32>,
    /// What goes wrong, and when. Default nothing.
    pub faults: Option<Vec<Fault>>,
    /// The relations there are. Nothing is drawn then, unless `density` is given too; a pair that is named here has
    /// these relations and no drawn ones.
    pub relations: Option<Vec<GivenRelation>>,
    /// The share of pairs that have relations, 0 to 1. Default [`DEFAULT_DENSITY`], and 0 where `relations` is given.
    pub density: Option<f64>,
    /// What relations and chances are drawn from. Default 0.
    pub seed: Option<u64>,
    /// What the account may do. Default no limit.
    pub limits: Option<Limits>,
    /// The most rows one answer may have before it is 207. Default [`DEFAULT_MAX_ROWS`].
    pub max_rows: Option<u32>,
    /// Whether billed questions are remembered (some bytes each), so that [`super::Stats::repeats`] can be told.
    /// Default no.
    pub track_repeats: Option<bool>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("key", &self.key.as_deref().map(mask))
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

/// What the account may do before it is refused.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Calls answered in any one second; one more is 120.
    pub calls_per_second: Option<u32>,
    /// Calls being answered at once; one more is 122. A call is being answered for as long as its delay lasts.
    pub concurrency: Option<u32>,
    /// Billed calls in one day (of China, UTC+8); one more is `daily_status`.
    pub daily_calls: Option<u64>,
    /// 109, 112 or 116, answered once `daily_calls` are used up. 109 and 116 end with the day; 112, a balance, does not.
    /// Default 116.
    pub daily_status: Option<i64>,
}

/// One thing that goes wrong: when (every condition that is given must hold), and what.
///
/// All faults that match a call act on it: delays, body times and clock offsets add up. Of those that set `status`, `http` or
/// `transport` only the first acts.
#[derive(Debug, Clone, Default)]
pub struct Fault {
    /// When: the calls with these numbers, the first being 1.
    pub calls: Option<Calls>,
    /// When: with this probability, drawn from the seed and the call's number.
    pub probability: Option<f64>,
    /// When: in calls that name one of these companies, letter for letter.
    pub company: Option<Companies>,
    /// When: in calls to this path.
    pub path: Option<String>,
    /// When: no more than so many times.
    pub times: Option<u64>,
    /// What: this status code, and no result. An answer of the server's: a call that is not signed rightly does not get
    /// so far.
    pub status: Option<i64>,
    /// The `msg` that goes with `status`. Default the vendor's words.
    pub message: Option<String>,
    /// What: this HTTP status (200 to 599, but none that has no body), answered with an HTML page by something in front
    /// of the server, which never sees the call.
    pub http: Option<u16>,
    /// The header `Retry-After` that goes with `http`: seconds, or a date as HTTP writes it.
    pub retry_after: Option<RetryAfter>,
    /// What: how the answer fails to arrive, or to be JSON.
    pub transport: Option<TransportFault>,
    /// With the transports `reset`, `no-answer` and `html`: whether the server saw the call, and so billed it like any
    /// other. Default as [`TransportFault`] says.
    pub billed: Option<bool>,
    /// What: the answer comes so many milliseconds later.
    pub delay_ms: Option<u32>,
    /// What: the body arrives in small pieces, spread over so many milliseconds.
    pub body_ms: Option<u32>,
    /// What: the server's clock is ahead (behind, if negative) by so many seconds, in its check of `Timespan` as in its
    /// header `Date`.
    pub clock_offset_seconds: Option<i64>,
}

/// How an answer fails to arrive, or to be JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportFault {
    /// The connection is refused: the server never sees the call.
    Refuse,
    /// The server answers, and the connection is reset before anything of it arrives.
    Reset,
    /// The server answers, nothing of it arrives, and the connection stays open.
    NoAnswer,
    /// The body breaks off halfway: the connection is closed.
    CutBody,
    /// The body stops halfway, and the connection stays open.
    StallBody,
    /// The body arrives whole and is half of the JSON.
    TruncatedJson,
    /// The body arrives whole and is empty.
    Empty,
    /// HTML in place of JSON, with HTTP status 200, from something in front of the server, which never sees the call.
    Html,
}

impl TransportFault {
    /// Every one.
    pub const ALL: [TransportFault; 8] = [
        Self::Refuse,
        Self::Reset,
        Self::NoAnswer,
        Self::CutBody,
        Self::StallBody,
        Self::TruncatedJson,
        Self::Empty,
        Self::Html,
    ];

    /// As users write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Reset => "reset",
            Self::NoAnswer => "no-answer",
            Self::CutBody => "cut-body",
            Self::StallBody => "stall-body",
            Self::TruncatedJson => "truncated-json",
            Self::Empty => "empty",
            Self::Html => "html",
        }
    }

    /// Whether nobody could tell from outside if the server saw the call.
    const fn may_lose_the_call(self) -> bool {
        matches!(self, Self::Reset | Self::NoAnswer | Self::Html)
    }
}

/// Call numbers, the first call being 1.
#[derive(Debug, Clone)]
pub enum Calls {
    /// These.
    Listed(Vec<u64>),
    /// A run of them.
    Range(CallRange),
}

/// The calls `from`, `from + every`, … up to and with `to`.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallRange {
    /// The first. Default `every`: `{ every: 10 }` is the calls 10, 20, 30 …
    pub from: Option<u64>,
    /// The last. Default none.
    pub to: Option<u64>,
    /// Default 1.
    pub every: Option<u64>,
}

impl Calls {
    /// Whether the call with this number is among them.
    pub(super) fn contains(&self, number: u64) -> bool {
        match self {
            Calls::Listed(calls) => calls.contains(&number),
            Calls::Range(range) => {
                let every = range.every.unwrap_or(1).max(1);
                let from = range.from.unwrap_or(every);
                number >= from
                    && range.to.is_none_or(|to| number <= to)
                    && (number - from).is_multiple_of(every)
            }
        }
    }

    fn is_sound(&self) -> bool {
        match self {
            Calls::Listed(calls) => !calls.contains(&0),
            Calls::Range(range) => {
                range.every != Some(0)
                    && range.from != Some(0)
                    && range.to.is_none_or(|to| to >= range.from.unwrap_or(1))
            }
        }
    }
}

/// Companies, by their names.
#[derive(Debug, Clone)]
pub struct Companies(pub Vec<String>);

impl Companies {
    /// Whether `name` is one of them.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|company| company == name)
    }
}

/// The value of a header `Retry-After`.
#[derive(Debug, Clone)]
pub enum RetryAfter {
    /// In so many seconds.
    Seconds(u32),
    /// The header's text, as it is.
    Text(String),
}

/// A relation that the user gives. The fields are the vendor's; `null` is sent as `null`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenRelation {
    /// `companyName`.
    pub company_name: String,
    /// `relatedCompanyName`.
    pub related_company_name: String,
    /// `amount`, in 万元.
    pub amount: Option<String>,
    /// `publicDate`.
    pub public_date: Option<String>,
    /// `source`.
    pub source: Option<String>,
    /// Further fields of the row, as the text of one JSON object.
    pub extra: Option<String>,
}

/// An option that cannot be meant. Says which and why, without the value: it might be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsError(pub String);

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OptionsError {}

impl From<&str> for OptionsError {
    fn from(why: &str) -> Self {
        Self(why.to_owned())
    }
}

impl Options {
    /// # Errors
    /// [`OptionsError`] for the first option that cannot be meant.
    pub(super) fn check(&self) -> Result<(), OptionsError> {
        let limits = self.limits.as_ref();
        let refuse = |wrong: bool, why| if wrong { Err(OptionsError::from(why)) } else { Ok(()) };
        refuse(
            self.density.is_some_and(|density| !(0.0..=1.0).contains(&density)),
            "density: a number from 0 to 1",
        )?;
        refuse(self.max_rows == Some(0), "maxRows: at least 1")?;
        refuse(
            limits.is_some_and(|l| l.calls_per_second == Some(0) || l.concurrency == Some(0)),
            "limits.callsPerSecond, limits.concurrency: at least 1",
        )?;
        refuse(
            limits.and_then(|l| l.daily_status).is_some_and(|status| ![109, 112, 116].contains(&status)),
            "limits.dailyStatus: 109, 112 or 116",
        )?;
        for relation in self.relations.iter().flatten() {
            refuse(
                relation.company_name.is_empty() || relation.related_company_name.is_empty(),
                "relations: companyName and relatedCompanyName must not be empty",
            )?;
            refuse(
                relation.extra.as_ref().is_some_and(|text| !text.starts_with('{') || !text.ends_with('}')),
                "relations: extra must be an object",
            )?;
        }
        self.faults.iter().flatten().try_for_each(Fault::check)
    }
}

impl Fault {
    /// # Errors
    /// [`OptionsError`] if it cannot be meant.
    pub(super) fn check(&self) -> Result<(), OptionsError> {
        let nothing = self.status.is_none()
            && self.http.is_none()
            && self.transport.is_none()
            && self.delay_ms.is_none()
            && self.body_ms.is_none()
            && self.clock_offset_seconds.is_none();
        let why = if nothing {
            "faults: each needs one of status, http, transport, delayMs, bodyMs, clockOffsetSeconds"
        } else if self.status.is_some() && self.http.is_some() {
            "faults: status and http exclude each other"
        } else if self.message.is_some() && self.status.is_none() {
            "faults: message goes with status"
        } else if self.retry_after.is_some() && self.http.is_none() {
            "faults: retryAfter goes with http"
        } else if self.billed.is_some() && !self.transport.is_some_and(TransportFault::may_lose_the_call) {
            "faults: billed goes with the transports reset, no-answer and html"
        } else if self.http.is_some_and(|http| !(200..600).contains(&http) || [204, 205, 304].contains(&http))
        {
            "faults: http must be 200 to 599, and none that has no body"
        } else if self.probability.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
            "faults: probability must be 0 to 1"
        } else if self.calls.as_ref().is_some_and(|calls| !calls.is_sound()) {
            "faults: calls are counted from 1, and to must not be before from"
        } else {
            return Ok(());
        };
        Err(OptionsError::from(why))
    }
}
