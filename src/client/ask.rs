//! What a caller asks, and what a call ends in.

use super::error::QccError;
use super::host::Host;
use super::policy::{Billed, Policy};
use crate::api::endpoint::Answer;
use crate::api::json::Malformed;
use std::cell::Cell;
use std::rc::Rc;

/// Reads an answer's body.
pub type Read = for<'a> fn(&'a [u8]) -> Result<Answer<'a>, Malformed>;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The endpoint's name, or the path of one that is not in our table.
    pub endpoint: String,
    /// The whole URL.
    pub url: Rc<str>,
    /// The question in the form that equal questions share.
    pub canonical: String,
    /// Whether the answer may be kept in a store.
    pub stored: bool,
    /// Reads the answer.
    pub read: Read,
}

/// What stands beside an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meta {
    /// How many attempts were sent.
    pub attempts: u32,
    /// Whether any was billed.
    pub billed: Billed,
    /// How many were billed for certain.
    pub billed_calls: u32,
    /// How many may have been billed.
    pub unknown_calls: u32,
    /// Whether the answer was paid for earlier.
    pub from_store: bool,
    /// The HTTP status.
    pub http_status: u16,
    /// Milliseconds from the question to the answer.
    pub duration_ms: f64,
    /// The second it was signed for, Unix time.
    pub timespan: u64,
}

/// Makes the caller's value of an answer.
pub type Deliver<H> = Rc<dyn Fn(Answer<'_>, &Meta, Body<'_, H>) -> <H as Host>::Value>;

/// A body, from where it came.
#[expect(missing_debug_implementations, reason = "the platform's values need not be printable")]
pub enum Body<'b, H: Host> {
    /// From the network, as the platform holds it.
    Raw(&'b H::Raw),
    /// Out of a store.
    Text(&'b str),
}

/// A question with everything that is the caller's own.
#[expect(missing_debug_implementations, reason = "the platform's values need not be printable")]
pub struct Ask<H: Host> {
    /// What is asked.
    pub question: Question,
    /// Times and counts.
    pub policy: Policy,
    /// Where answers are kept.
    pub store: Option<H::Store>,
    /// For how long, in milliseconds; `None` for ever.
    pub ttl_ms: Option<f64>,
    /// What the answer becomes.
    pub deliver: Deliver<H>,
    /// Set where an answer that was to be kept could not be.
    pub unkept: Rc<Cell<bool>>,
}

/// What a store has of an answer.
#[expect(missing_debug_implementations, reason = "the platform's values need not be printable")]
pub enum Found<H: Host> {
    /// The answer, or the refusal that was paid for.
    Answer(Result<H::Value, Failure<H>>),
    /// Nothing, or nothing young enough.
    Nothing,
    /// It could not be read; why.
    Unreadable(&'static str),
}

/// A call that failed, and what the platform threw.
#[expect(missing_debug_implementations, reason = "the platform's values need not be printable")]
pub struct Failure<H: Host> {
    /// What went wrong.
    pub error: Box<QccError>,
    /// What was thrown.
    pub cause: Option<H::Cause>,
    /// QCC's whole answer, where it was one: what a gateway passes on.
    pub answer: Option<Rc<str>>,
    /// What the last answer's `Retry-After` said, in milliseconds from then.
    pub retry_after_ms: Option<f64>,
}

impl<H: Host> Clone for Failure<H> {
    fn clone(&self) -> Self {
        let Self { error, cause, answer, retry_after_ms } = self;
        Self {
            error: error.clone(),
            cause: cause.clone(),
            answer: answer.clone(),
            retry_after_ms: *retry_after_ms,
        }
    }
}

impl<H: Host> From<QccError> for Failure<H> {
    fn from(error: QccError) -> Self {
        Self { error: Box::new(error), cause: None, answer: None, retry_after_ms: None }
    }
}
