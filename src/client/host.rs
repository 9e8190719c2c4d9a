//! What the client sees of the world, and what the two say to each other: the one seam between the decisions and a platform.

use super::date::{parse_http_date, parse_retry_after};
use super::event::Event;
use super::policy::{Hints, Seen};
use crate::auth::Signature;
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// What the client sees of the world: it sends, it knows the time, it waits.
#[expect(async_fn_in_trait, reason = "everything here runs on one thread")]
pub trait Host: Sized + 'static {
    /// A body as the platform holds it, for handing on without a copy.
    type Raw: Clone;
    /// An answer's headers as the platform holds them.
    type Headers;
    /// What the platform throws.
    type Cause: Clone;
    /// What an answer becomes for the caller.
    type Value;
    /// The platform's stores.
    type Store: Store<Cause = Self::Cause>;

    /// Milliseconds since 1970.
    fn now(&self) -> f64;
    /// A number drawn evenly from [0, 1).
    fn random(&self) -> f64;
    /// Waits; dropping it ends the timer.
    async fn sleep(&self, ms: f64);
    /// Sends one request and reads its whole answer; dropping it aborts the request, and notes in it where nothing was sent.
    async fn send(&self, request: Request) -> Sent<Self>;
    /// The headers the policy looks at, which it seldom does.
    fn head(&self, headers: &Self::Headers) -> Head;
    /// Tells an event; must not fail.
    fn emit(&self, event: &Event);
    /// Runs a future to its end beside everything else.
    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>);
}

/// A place where answers are kept.
#[expect(async_fn_in_trait, reason = "everything here runs on one thread")]
pub trait Store: Clone + 'static {
    /// What it throws.
    type Cause;
    /// The text under `key`, if there is one.
    ///
    /// # Errors
    /// What the store threw.
    async fn get(&self, key: &str) -> Result<Option<String>, Self::Cause>;
    /// Keeps `value` under `key`, for `ttl_ms` milliseconds or for ever.
    ///
    /// # Errors
    /// What the store threw.
    async fn set(&self, key: &str, value: &str, ttl_ms: Option<f64>) -> Result<(), Self::Cause>;
    /// Whether this is the very same store.
    fn is(&self, other: &Self) -> bool;
}

/// One request, ready to be sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where to, the company's key included.
    pub url: Rc<str>,
    /// The signing headers; none behind a gateway.
    pub signature: Option<Signature>,
    /// Set by a host that gives the request up and is certain that nothing of it was sent.
    pub unsent: Rc<Cell<bool>>,
}

/// What came of sending.
#[expect(missing_debug_implementations, reason = "the platform's values need not be printable")]
pub enum Sent<H: Host> {
    /// An answer, read to its end.
    Response {
        /// The HTTP status.
        http_status: u16,
        /// The headers.
        headers: H::Headers,
        /// The body.
        body: Vec<u8>,
        /// The same as the platform holds it.
        raw: H::Raw,
    },
    /// No answer.
    Failed {
        /// [`Seen::NeverRan`] or [`Seen::Lost`].
        seen: Seen,
        /// What was thrown.
        cause: H::Cause,
    },
}

/// The headers the policy looks at.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `Date`.
    pub date: Option<String>,
    /// Whether the answer says that it comes from a cache (`Age`).
    pub aged: bool,
    /// [`relay::HEADER`](super::relay::HEADER), which a gateway sends.
    pub relayed: Option<String>,
}

impl Head {
    /// What the headers say of time; `offset_ms` is the server's clock less ours, as far as it is known.
    pub(super) fn hints(&self, now: f64, offset_ms: f64, took_ms: f64) -> Hints {
        let date = self.date.as_deref().and_then(parse_http_date);
        let server_now = now + offset_ms;
        let wait = |text| parse_retry_after(text, server_now, date);
        Hints {
            retry_after_ms: self.retry_after.as_deref().and_then(wait),
            server_date: date.filter(|_| !self.aged),
            took_ms: took_ms.max(0.0),
        }
    }
}
