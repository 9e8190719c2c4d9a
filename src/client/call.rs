//! The one place that executes: a question is looked up in the store, shared with whoever asks the same, signed, sent and
//! judged until the [policy](super::policy) ends it, and stored before anybody sees the answer.
//!
//! Cancelling is dropping: every future of [`Host`] and [`Store`] ends its timer, request or listener when it is dropped, so
//! an abort works wherever a call happens to wait.

pub use super::ask::{Ask, Body, Deliver, Failure, Found, Meta, Question, Read};
pub use super::host::{Head, Host, Request, Sent, Store};

use super::error::{QccError, excerpt};
use super::event::{Event, EventType};
use super::flight::{Either, Flight, Flights, Passenger, race};
use super::policy::{Billed, Call, Next, Reason, Seen, verdict};
use super::relay::{self, Relayed};
use super::store::{self, account};
use crate::api::endpoint::Answer;
use crate::api::json::Malformed;
use crate::api::status::{self, Kind};
use crate::auth::{Credentials, Signature};
use crate::text::concat;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

/// An answer that came over the network.
struct Landed<H: Host> {
    body: Vec<u8>,
    raw: H::Raw,
    meta: Meta,
}

/// What a flight ends in. The value is made while the answer is read, for the one who opened the flight; whoever joined
/// reads the body again.
struct Outcome<H: Host> {
    result: Result<Landed<H>, Failure<H>>,
    value: Cell<Option<H::Value>>,
}

impl<H: Host> Outcome<H> {
    /// Whether it is an answer, or a refusal that the same question would meet again.
    fn is_paid(&self) -> bool {
        match &self.result {
            Ok(_) => true,
            Err(failure) => failure.error.status.is_some_and(is_kept_refusal),
        }
    }
}

/// What an execution ends in, before it is stored.
struct Executed<H: Host> {
    outcome: Outcome<H>,
    /// The text to be stored, where the answer is to be kept.
    keep: Option<String>,
}

/// A client of one account at one host.
pub struct Client<H: Host> {
    host: H,
    credentials: Option<Credentials>,
    account: String,
    /// The server's clock less ours, in milliseconds, as far as a refused signature has shown.
    offset_ms: Cell<f64>,
    flights: Flights<Outcome<H>, Wish<H::Store>>,
}

/// A call that several may wait for, each with a store of its own.
type SharedFlight<H> = Flight<Outcome<H>, Wish<<H as Host>::Store>>;

/// Somebody who waits for such a call.
type Waiting<H> = Passenger<Outcome<H>, Wish<<H as Host>::Store>>;

/// Where somebody who waits for an answer wants it kept.
#[derive(Clone)]
struct Wish<S> {
    store: S,
    ttl_ms: Option<f64>,
    kept: Rc<Cell<bool>>,
}

impl<H: Host> fmt::Debug for Client<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("credentials", &self.credentials).finish_non_exhaustive()
    }
}

impl<H: Host> Client<H> {
    /// A client that signs with `credentials`, or asks a gateway where there are none.
    pub fn new(host: H, credentials: Option<Credentials>, base_url: &str) -> Self {
        let account = account(credentials.as_ref(), base_url);
        Self { host, credentials, account, offset_ms: Cell::new(0.0), flights: Flights::default() }
    }

    /// What the client sees of the world.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// The account; none behind a gateway.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// The key under which a question's answer is stored.
    pub fn store_key(&self, question: &Question) -> String {
        store::key(&self.account, &question.endpoint, &question.canonical)
    }

    /// The key under which anything else about this account is kept.
    pub fn key_for(&self, what: &str, canonical: &str) -> String {
        store::key(&self.account, what, canonical)
    }

    /// Asks, and settles by the deadline. Dropping the future gives the call up, unless somebody else waits for it.
    ///
    /// # Errors
    /// [`Failure`] of every kind that [`Kind`] names.
    pub async fn ask(self: &Rc<Self>, ask: Ask<H>) -> Result<H::Value, Failure<H>> {
        let started = self.host.now();
        let key = flight_key(&ask.question);
        // Boarded before the store is read: stores take their time, and an equal question may be paid for meanwhile.
        let mut passenger = self.flights.board(&key);
        {
            let mut looking = pin!(self.stored(&ask, started));
            loop {
                match race(looking.as_mut(), pin!(&mut passenger)).await {
                    Either::Left(Found::Answer(found)) => return found,
                    Either::Left(Found::Nothing) => break,
                    Either::Left(Found::Unreadable(why)) => {
                        self.tell_store(&ask.question.endpoint, &concat(&[why, "; the call is made"]));
                        break;
                    }
                    Either::Right(()) if passenger.flight().outcome().is_some_and(Outcome::is_paid) => break,
                    // What failed for others before this one could join in is not its own failure.
                    Either::Right(()) => passenger = self.flights.board(&key),
                }
            }
        }
        self.travel(ask, started, key, passenger).await
    }

    /// Asks without looking into the store first; the answer is kept there all the same. `started` is when the deadline
    /// began to run.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub async fn pay(self: &Rc<Self>, ask: Ask<H>, started: f64) -> Result<H::Value, Failure<H>> {
        let key = flight_key(&ask.question);
        let passenger = self.flights.board(&key);
        self.travel(ask, started, key, passenger).await
    }

    /// Waits for a call with everybody else who does, and flies it where nobody else has begun to.
    async fn travel(
        self: &Rc<Self>,
        ask: Ask<H>,
        started: f64,
        key: Rc<str>,
        mut passenger: Waiting<H>,
    ) -> Result<H::Value, Failure<H>> {
        let (deliver, read) = (Rc::clone(&ask.deliver), ask.question.read);
        let unkept = Rc::clone(&ask.unkept);
        let left = || Call::new(ask.policy, started).left(self.host.now());
        loop {
            let flight = Rc::clone(passenger.flight());
            let kept = match ask.store.as_ref().filter(|_| ask.question.stored) {
                Some(store) => Some(self.wish(&ask, store, &flight, &left).await),
                None => None,
            };
            let opened = flight.take_off();
            if opened {
                let (client, flown) = (Rc::clone(self), Rc::clone(&flight));
                self.host.spawn(Box::pin(async move { client.fly(ask, started, &flown).await }));
                passenger.await;
                note_unkept(&flight, kept, &unkept);
                return arrive(&flight, read, &deliver, opened);
            }
            let landed = race(pin!(passenger), pin!(self.host.sleep(left()))).await;
            if let Either::Right(()) = landed
                && flight.outcome().is_none()
            {
                // The call goes on for whoever opened it; what it costs is told there.
                let mut error = QccError::of_attempt(Seen::TimedOut, Kind::Timeout, true);
                error.billed = Billed::Unknown;
                return Err(error.into());
            }
            // Whoever opened it may have had no time left to send anything; this one still may.
            let failure = flight.outcome().and_then(|outcome| outcome.result.as_ref().err());
            if failure.is_none_or(|failure| failure.error.attempts > 0) || left() <= 0.0 {
                note_unkept(&flight, kept, &unkept);
                return arrive(&flight, read, &deliver, opened);
            }
            passenger = self.flights.board(&key);
        }
    }

    /// Has the answer kept in `store` too; the flag tells when it is. Where the call has landed already, this writes it.
    async fn wish(
        &self,
        ask: &Ask<H>,
        store: &H::Store,
        flight: &SharedFlight<H>,
        left: &impl Fn() -> f64,
    ) -> Rc<Cell<bool>> {
        let wish = Wish { store: store.clone(), ttl_ms: ask.ttl_ms, kept: Rc::default() };
        let kept = Rc::clone(&wish.kept);
        if let Some(known) = flight.wish(wish, |known| known.store.is(store)) {
            return known.kept;
        }
        if let Some(Outcome { result: Ok(landed), .. }) = flight.outcome() {
            let text = self.stored_text(&ask.question, landed.meta.timespan, &landed.body);
            let key = self.store_key(&ask.question);
            kept.set(self.keep(store, &key, &text, ask.ttl_ms, &ask.question.endpoint, left()).await);
        }
        kept
    }

    /// What the store has of the answer; nothing is sent.
    pub async fn stored(&self, ask: &Ask<H>, started: f64) -> Found<H> {
        let Some(store) = ask.store.as_ref().filter(|_| ask.question.stored) else { return Found::Nothing };
        // A store that hangs leaves the call half of its time.
        let key = self.store_key(&ask.question);
        let time = ask.policy.timeout_ms.min(ask.policy.deadline_ms / 2.0);
        let got = race(pin!(store.get(&key)), pin!(self.host.sleep(time))).await;
        let text = match got {
            Either::Left(Ok(Some(text))) => text,
            Either::Left(Ok(None)) => return Found::Nothing,
            Either::Left(Err(_)) => return Found::Unreadable("the store could not be read"),
            Either::Right(()) => return Found::Unreadable("the store did not answer in time"),
        };
        let Some(stored) = store::decode(&text, &ask.question.canonical) else {
            return Found::Unreadable("the store held something that is not this answer");
        };
        let now = self.host.now();
        // What is stored was dated by the server's clock, as far as it was known.
        let age_ms = now + self.offset_ms.get() - stored.timespan as f64 * 1000.0;
        if ask.ttl_ms.is_some_and(|ttl_ms| age_ms > ttl_ms) {
            return Found::Nothing;
        }
        let Ok(answer) = (ask.question.read)(stored.body.as_bytes()) else {
            return Found::Unreadable("the store held an answer that cannot be read");
        };
        let meta = Meta {
            attempts: 0,
            billed: Billed::No,
            billed_calls: 0,
            unknown_calls: 0,
            from_store: true,
            http_status: 200,
            duration_ms: (now - started).max(0.0),
            timespan: stored.timespan,
        };
        if matches!(answer.payload, Ok(Some(_))) {
            return Found::Answer(Ok((ask.deliver)(answer, &meta, Body::Text(stored.body))));
        }
        let Some(info) = status::status_info(answer.status).filter(|_| is_kept_refusal(answer.status)) else {
            return Found::Unreadable("the store held an answer that is not to be kept");
        };
        let mut error = QccError::of_status(answer.status, &answer.message, info.kind, info.retryable);
        error.from_store = true;
        error.request_id = answer.request_id;
        let mut failure = Failure::from(error);
        failure.answer = Some(stored.body.into());
        Found::Answer(Err(failure))
    }

    fn tell_store(&self, endpoint: &str, message: &str) {
        let mut event = Event::new(EventType::Store, endpoint, 0);
        event.message = Some(message.to_owned());
        self.host.emit(&event);
    }

    /// Runs a flight to its end: the call, then the store, then whoever waits.
    async fn fly(&self, ask: Ask<H>, started: f64, flight: &Rc<SharedFlight<H>>) {
        let progress = RefCell::new(Progress { call: Call::new(ask.policy, started), sending: None });
        let flown = race(pin!(self.execute(&ask, flight, &progress)), pin!(flight.abandoned())).await;
        let executed = match flown {
            Either::Left(executed) => executed,
            Either::Right(()) => {
                let progress = progress.borrow();
                let billed = match progress.call.billed() {
                    Billed::No if progress.sending.as_ref().is_some_and(|unsent| !unsent.get()) => {
                        Billed::Unknown
                    }
                    billed => billed,
                };
                let mut event =
                    Event::new(EventType::Abort, &ask.question.endpoint, progress.call.attempts());
                event.billed = Some(billed);
                self.host.emit(&event);
                self.flights.land(flight);
                return;
            }
        };
        flight.settle(executed.outcome);
        if let Some(text) = &executed.keep {
            let left = progress.borrow().call.left(self.host.now());
            self.keep_all(&ask, text, flight, left).await;
        }
        self.flights.land(flight);
    }

    /// Writes an answer wherever somebody wants it, all at once: a store that hangs holds up no other. From here on nothing
    /// is given up: the answer is paid for.
    async fn keep_all(&self, ask: &Ask<H>, text: &str, flight: &SharedFlight<H>, left: f64) {
        let key = &self.store_key(&ask.question);
        let until = self.host.now() + left;
        let mut begun = 0;
        while flight.nth_wish(begun).is_some() {
            let left = (until - self.host.now()).max(0.0);
            let mut writings = Vec::new();
            while let Some(Wish { store, ttl_ms, kept }) = flight.nth_wish(begun) {
                let endpoint = &ask.question.endpoint;
                writings.push(Box::pin(async move {
                    kept.set(self.keep(&store, key, text, ttl_ms, endpoint, left).await);
                }));
                begun += 1;
            }
            poll_fn(|context| {
                writings.retain_mut(|writing| writing.as_mut().poll(context).is_pending());
                if writings.is_empty() { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
        }
    }

    /// Writes to the store; a failure is told, and does not cost the answer.
    async fn keep(
        &self,
        store: &H::Store,
        key: &str,
        text: &str,
        ttl_ms: Option<f64>,
        endpoint: &str,
        left: f64,
    ) -> bool {
        let set = race(pin!(store.set(key, text, ttl_ms)), pin!(self.host.sleep(left))).await;
        let why = match set {
            Either::Left(Ok(())) => return true,
            Either::Left(Err(_)) => "the store could not be written; the answer is returned, but not kept",
            Either::Right(()) => "the store did not answer in time; the answer is returned, perhaps not kept",
        };
        self.tell_store(endpoint, why);
        false
    }

    fn stored_text(&self, question: &Question, timespan: u64, body: &[u8]) -> String {
        store::encode(&question.canonical, timespan, &String::from_utf8_lossy(body), self.company_key())
    }

    async fn execute(
        &self,
        ask: &Ask<H>,
        flight: &SharedFlight<H>,
        progress: &RefCell<Progress>,
    ) -> Executed<H> {
        let question = &ask.question;
        let is_kept = || flight.nth_wish(0).is_some();
        // What a refused signature showed of the clock; it is remembered when a signature made with it is accepted.
        let mut corrected = None;
        let retry_after_ms = Cell::new(None);
        let fail = |error: QccError, cause, answer, keep| {
            let error = error.with_call(&progress.borrow().call);
            let result =
                Err(Failure { error: Box::new(error), cause, answer, retry_after_ms: retry_after_ms.get() });
            Executed { outcome: Outcome { result, value: Cell::new(None) }, keep }
        };
        loop {
            if flight.is_abandoned() {
                // Nobody waits any longer, and this is about to be dropped: not another request until then.
                std::future::pending::<()>().await;
            }
            let sent_at = self.host.now();
            let Some(timeout_ms) = progress.borrow_mut().call.begin(sent_at) else {
                let message =
                    "超过整个调用的时限 (the deadline of the whole call was reached before the next attempt)";
                return fail(
                    QccError::unsent(Kind::Timeout, message, "Give it more time with deadlineMs."),
                    None,
                    None,
                    None,
                );
            };
            let attempt = progress.borrow().call.attempts();
            let offset_ms = corrected.unwrap_or(self.offset_ms.get());
            let timespan = ((sent_at + offset_ms) / 1000.0).max(0.0) as u64;
            let signature = self.credentials.as_ref().map(|credentials| credentials.sign(timespan));
            self.host.emit(&Event::new(EventType::Request, &question.endpoint, attempt));
            let unsent = Rc::<Cell<bool>>::default();
            progress.borrow_mut().sending = Some(Rc::clone(&unsent));
            let request = Request { url: Rc::clone(&question.url), signature, unsent: Rc::clone(&unsent) };
            let sent = race(pin!(self.host.send(request)), pin!(self.host.sleep(timeout_ms))).await;
            progress.borrow_mut().sending = None;
            let now = self.host.now();

            let (without_answer, headers, cause, received) = match sent {
                // Its time ran out before there was a connection.
                Either::Right(()) if unsent.get() => (Seen::NeverRan { passing: true }, None, None, None),
                Either::Right(()) => (Seen::TimedOut, None, None, None),
                Either::Left(Sent::Failed { seen, cause }) => (seen, None, Some(cause), None),
                Either::Left(Sent::Response { http_status, headers, body, raw }) => {
                    let seen = if (200..300).contains(&http_status) {
                        Seen::Malformed
                    } else {
                        Seen::Http(http_status)
                    };
                    (seen, Some(headers), None, Some((http_status, body, raw)))
                }
            };
            let answer = received.as_ref().map(|(_, body, _)| (question.read)(body));
            let seen = match &answer {
                Some(Ok(answer)) => Seen::Answer {
                    status: answer.status,
                    billed: Billed::from_known(status::billed(answer.status, &answer.message)),
                    readable: matches!(answer.payload, Ok(Some(_))),
                },
                _ => without_answer,
            };
            // What was asked for is an answer whatever the headers say, unless a gateway has sent it.
            let headers = headers.filter(|_| ask.policy.relayed || !seen.succeeds());
            let head = headers.map(|headers| self.host.head(&headers)).unwrap_or_default();
            let told = head.relayed.as_deref().filter(|_| ask.policy.relayed).and_then(Relayed::from_header);
            let hints = head.hints(now, offset_ms, now - sent_at);
            retry_after_ms.set(hints.retry_after_ms);
            if let (Some(offset), Seen::Answer { status, .. }) = (corrected, seen)
                && status::status_info(status).is_none_or(|info| info.kind != Kind::Auth)
            {
                self.offset_ms.set(offset);
            }
            self.host.emit(&Event {
                status: answer.as_ref().and_then(|answer| answer.as_ref().ok()).map(|answer| answer.status),
                http_status: received.as_ref().map(|(http_status, ..)| *http_status),
                billed: Some(told.map_or(seen.billed(), |told| told.billed())),
                duration_ms: Some((now - sent_at).max(0.0)),
                ..Event::new(EventType::Response, &question.endpoint, attempt)
            });
            let next = match told {
                Some(Relayed { attempts, billed_calls, unknown_calls, .. }) => {
                    progress.borrow_mut().call.spend(attempts, billed_calls, unknown_calls);
                    verdict(seen)
                }
                None => progress.borrow_mut().call.after(seen, hints, now, offset_ms, self.host.random()),
            };
            match next {
                Next::SendAfter { wait_ms, reason } => {
                    if let Reason::Skew(offset) = reason {
                        corrected = Some(offset as f64);
                    }
                    self.wait(wait_ms, reason, &question.endpoint, attempt).await;
                }
                Next::Succeed => {
                    let read = answer.and_then(Result::ok).zip(received.as_ref());
                    let made = read.map(|(answer, (http_status, body, raw))| {
                        let meta = progress.borrow().meta(*http_status, now, timespan, told);
                        let value = (ask.deliver)(answer, &meta, Body::Raw(raw));
                        (meta, value, is_kept().then(|| self.stored_text(question, meta.timespan, body)))
                    });
                    let (Some((_, body, raw)), Some((meta, value, keep))) = (received, made) else {
                        return fail(error_of(None, seen, Kind::MalformedResponse, false), cause, None, None);
                    };
                    let outcome =
                        Outcome { result: Ok(Landed { body, raw, meta }), value: Cell::new(Some(value)) };
                    return Executed { outcome, keep };
                }
                Next::Fail { kind, retryable } => {
                    let theirs = received.as_ref().filter(|_| told.is_some_and(|told| told.failed));
                    if let Some(error) = theirs.and_then(|(_, body, _)| relay::read_error(body)) {
                        return fail(error, None, None, None);
                    }
                    let mut error = error_of(answer, seen, kind, retryable).with_masked(self.company_key());
                    let (mut keep, mut whole) = (None, None);
                    if let Some((http_status, body, _)) = &received {
                        error.from_store = told.is_some_and(|told| told.from_store);
                        error.http_status = told.map_or(Some(*http_status), |told| told.http_status);
                        let token = signature.as_ref().map_or("", Signature::token);
                        error.body = (!error.from_store).then(|| excerpt(body, &[self.company_key(), token]));
                        if let Seen::Answer { .. } = seen {
                            whole = Some(String::from_utf8_lossy(body).into());
                        }
                        if is_kept() && matches!(seen, Seen::Answer { status, .. } if is_kept_refusal(status))
                        {
                            keep = Some(self.stored_text(question, timespan, body));
                        }
                    }
                    return fail(error, cause, whole, keep);
                }
            }
        }
    }

    fn company_key(&self) -> &str {
        self.credentials.as_ref().map_or("", Credentials::key)
    }

    async fn wait(&self, wait_ms: f64, reason: Reason, endpoint: &str, attempt: u32) {
        let (kind, offset_ms) = match reason {
            Reason::Retry => (EventType::Retry, None),
            Reason::Poll => (EventType::Wait, None),
            Reason::Skew(offset) => (EventType::Skew, Some(offset as f64)),
        };
        let mut event = Event::new(kind, endpoint, attempt);
        (event.offset_ms, event.wait_ms) = (offset_ms, Some(wait_ms));
        self.host.emit(&event);
        if wait_ms > 0.0 {
            self.host.sleep(wait_ms).await;
        }
    }
}

/// What equal questions share, whoever asks. Not the hash under which a store keeps the answer: nobody would look at it.
fn flight_key(question: &Question) -> Rc<str> {
    concat(&[&question.endpoint, "\n", &question.canonical]).into()
}

/// Notes for one of those who waited whether what was to be kept for it was not.
fn note_unkept<H: Host>(flight: &SharedFlight<H>, kept: Option<Rc<Cell<bool>>>, unkept: &Cell<bool>) {
    let missed = kept.is_some_and(|kept| !kept.get());
    unkept.set(missed && flight.outcome().is_some_and(Outcome::is_paid));
}

/// What a call that has landed is for one of those who waited; for the one who `opened` it the value is made already.
#[allow(clippy::result_large_err, reason = "it is the result of `ask`, made once a call")]
fn arrive<H: Host>(
    flight: &SharedFlight<H>,
    read: Read,
    deliver: &Deliver<H>,
    opened: bool,
) -> Result<H::Value, Failure<H>> {
    let Some(outcome) = flight.outcome() else {
        let hint = "Nobody waited for the call any longer.";
        return Err(QccError::unsent(Kind::Aborted, "已中止 (aborted)", hint).into());
    };
    let landed = outcome.result.as_ref().map_err(Failure::clone)?;
    if opened && let Some(value) = outcome.value.take() {
        return Ok(value);
    }
    let answer = read(&landed.body).map_err(|malformed| {
        QccError::of_attempt(Seen::Malformed, Kind::MalformedResponse, false).with_malformed(malformed)
    })?;
    Ok(deliver(answer, &landed.meta, Body::Raw(&landed.raw)))
}

/// A refusal that the same question would meet again, and that was paid for.
fn is_kept_refusal(status: i64) -> bool {
    store::is_kept(status) && !matches!(status, 200 | 201)
}

fn error_of(
    answer: Option<Result<Answer<'_>, Malformed>>,
    seen: Seen,
    kind: Kind,
    retryable: bool,
) -> QccError {
    match answer {
        Some(Ok(answer)) => {
            let mut error = match answer.payload {
                Err(malformed) => {
                    QccError::of_attempt(Seen::Malformed, kind, retryable).with_malformed(malformed)
                }
                Ok(_) => QccError::of_status(answer.status, &answer.message, kind, retryable),
            };
            (error.status, error.request_id) = (Some(answer.status), answer.request_id);
            error
        }
        Some(Err(malformed)) if seen == Seen::Malformed => {
            QccError::of_attempt(seen, kind, retryable).with_malformed(malformed)
        }
        _ => QccError::of_attempt(seen, kind, retryable),
    }
}

struct Progress {
    call: Call,
    /// While a request is under way: whether it was given up before any of it was sent.
    sending: Option<Rc<Cell<bool>>>,
}

impl Progress {
    /// What stands beside an answer; what a gateway has told of its call goes before what is seen here.
    fn meta(&self, http_status: u16, now: f64, timespan: u64, told: Option<Relayed>) -> Meta {
        Meta {
            attempts: self.call.attempts(),
            billed: self.call.billed(),
            billed_calls: self.call.billed_attempts(),
            unknown_calls: self.call.unknown_attempts(),
            from_store: told.is_some_and(|told| told.from_store),
            http_status: told.and_then(|told| told.http_status).unwrap_or(http_status),
            duration_ms: self.call.elapsed(now),
            timespan: told.map_or(timespan, |told| told.timespan),
        }
    }
}
