//! Carries a [`Run`] out with a client: looks each question up, pays where it may, and tells the run what came of it.

mod sharing;

use super::input::ScanInput;
use super::run::{Cost, Job, Limits, Next, Outcome, Permit, Run, Stopped, Told};
use super::shelf::{Failed, Shelf, positions};
use crate::api::company::NameError;
use crate::api::endpoint::{Answer, Endpoint, Payload};
use crate::api::partnership;
use crate::api::status::Kind;
use crate::auth::Credentials;
use crate::client::call::{Ask, Client, Deliver, Failure, Found, Host, Meta, Question};
use crate::client::error::QccError;
use crate::client::event::{Event, EventType};
use crate::client::flight::race;
use crate::client::policy::{Billed, Policy};
use crate::client::request;
use crate::plan::PlanError;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// The endpoint a run asks.
const ENDPOINT: &Endpoint = &partnership::ENDPOINT;

/// What a listener is told.
#[derive(Debug)]
pub enum Happened<'r> {
    /// An answer: the companies asked for, and what came.
    Answer(&'r ScanInput, &'r [u32], Box<Answer<'r>>, &'r Meta),
    /// Something else.
    Told(&'r ScanInput, &'r Told),
}

/// Takes what happens, at once and without calling back into the run.
pub type Listener = Rc<dyn Fn(Happened<'_>)>;

/// A run and what it needs.
pub struct Drive<H: Host> {
    client: Rc<Client<H>>,
    base_url: String,
    policy: Policy,
    store: Option<H::Store>,
    ttl_ms: Option<f64>,
    run: RefCell<Run>,
    /// Wakes whoever waits for something of the run to change.
    changed: Changed,
    /// How many happenings the listener has not taken yet; the run waits while there are too many.
    untaken: Cell<u32>,
    listener: RefCell<Option<Listener>>,
    /// Whether the store says that this run is looking for a company at fault.
    marked: Cell<bool>,
    /// How many of the companies found not to be served the store has.
    kept: Cell<usize>,
    /// Whether they are being written.
    keeping: Cell<bool>,
}

impl<H: Host> fmt::Debug for Drive<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drive").field("run", &self.run).finish_non_exhaustive()
    }
}

/// What a run is made with.
#[expect(missing_debug_implementations, reason = "a store need not be printable")]
pub struct Settings<H: Host> {
    /// Where the client asks.
    pub base_url: String,
    /// Times and counts of each call.
    pub policy: Policy,
    /// Where answers and the run's record are kept.
    pub store: Option<H::Store>,
    /// For how long answers are, in milliseconds.
    pub ttl_ms: Option<f64>,
    /// 2 to 20.
    pub call_size: u32,
    /// Which part of the plan is this machine's: index, and out of how many.
    pub shard: Option<(u64, u64)>,
    /// The run's bounds; `bills_per_call` and `has_store` are filled in.
    pub limits: Limits,
}

impl<H: Host> Drive<H> {
    /// Reads the run's record, or writes one: the plan a run began with is the plan it goes on with, whatever version comes
    /// later. Reads the note of companies too that QCC was found not to serve. Where the store fails, the run is one that has
    /// [stopped](Stopped::Store) before anything was asked.
    ///
    /// # Errors
    /// [`PlanError`] where there is no such plan.
    pub async fn begin(
        client: Rc<Client<H>>,
        input: ScanInput,
        settings: Settings<H>,
    ) -> Result<Rc<Self>, PlanError> {
        let Settings { base_url, policy, store, ttl_ms, call_size, shard, mut limits } = settings;
        let mut plan = input.plan(call_size)?;
        let mut unsupported = Vec::new();
        let mut stopped = None;
        if let Some(store) = &store {
            let shelf = Shelf { store, client: &client, time_ms: policy.timeout_ms.min(policy.deadline_ms) };
            match shelf.record(&input, call_size, &mut plan).await {
                Ok(()) => match shelf.unsupported(ttl_ms).await {
                    Ok(noted) => unsupported = positions(&input, &noted),
                    Err(Failed) => stopped = Some(Stopped::Store),
                },
                Err(Failed) => stopped = Some(Stopped::Store),
            }
        }
        if let Some((index, count)) = shard {
            plan = plan.shard(index, count)?;
        }
        limits.has_store = store.is_some();
        limits.bills_per_call =
            1 + policy.max_polls + if policy.resend_when_unknown { policy.max_retries } else { 0 };
        let now = client.host().now();
        let mut run = Run::new(input, plan, limits, unsupported, now);
        let kept = run.unsupported().len();
        if let Some(why) = stopped {
            run.stop(why);
        }
        Ok(Rc::new(Self {
            client,
            base_url,
            policy,
            store,
            ttl_ms,
            run: RefCell::new(run),
            changed: Changed::default(),
            untaken: Cell::new(0),
            listener: RefCell::new(None),
            marked: Cell::new(false),
            kept: Cell::new(kept),
            keeping: Cell::new(false),
        }))
    }

    /// The run's state.
    pub fn run(&self) -> &RefCell<Run> {
        &self.run
    }

    /// Ends the run: what is under way ends by itself, and is kept.
    pub fn stop(&self, why: Stopped) {
        self.run.borrow_mut().stop(why);
        self.changed.tell();
    }

    /// Tells each happening to `listener` from here on; the run waits while too many of them are not [taken](Drive::took).
    pub fn listen(&self, listener: Option<Listener>) {
        if listener.is_none() {
            self.untaken.set(0);
        }
        self.listener.replace(listener);
        self.changed.tell();
    }

    /// The listener has taken one happening.
    pub fn took(&self) {
        self.untaken.set(self.untaken.get().saturating_sub(1));
        self.changed.tell();
    }

    /// Runs to the end; `progress` is called whenever something has changed.
    pub async fn go(self: &Rc<Self>, value: impl Fn() -> H::Value + Clone + 'static, progress: impl Fn()) {
        let mut breath = self.client.host().now();
        loop {
            // Where nothing has to be waited for, a store in memory say, everybody else would wait for the whole run.
            if self.client.host().now() - breath >= LONGEST_BREATH_MS {
                self.client.host().sleep(0.0).await;
                breath = self.client.host().now();
            }
            let seen = self.changed.count();
            let next = if self.untaken.get() > MAX_UNTAKEN && self.run.borrow().stopped().is_none() {
                Next::Wait
            } else {
                self.run.borrow_mut().step()
            };
            self.tell_all();
            if self.kept.get() < self.run.borrow().unsupported().len() {
                self.share_found().await;
            }
            match next {
                Next::Done => {
                    self.end_mark().await;
                    progress();
                    return;
                }
                Next::Wait => self.changed.since(seen).await,
                Next::Consult => {
                    let drive = Rc::clone(self);
                    self.client.host().spawn(Box::pin(async move { drive.consult().await }));
                }
                Next::Ask(job) => {
                    let (drive, value) = (Rc::clone(self), value.clone());
                    self.client.host().spawn(Box::pin(async move { drive.one(job, value).await }));
                }
            }
            progress();
        }
    }

    async fn one(self: Rc<Self>, job: Job, value: impl Fn() -> H::Value + Clone + 'static) {
        let id = job.id;
        let (outcome, cost) = self.ask(job, value).await;
        self.run.borrow_mut().ended(id, outcome, cost);
        self.share_found().await;
    }

    async fn ask(
        self: &Rc<Self>,
        job: Job,
        value: impl Fn() -> H::Value + Clone + 'static,
    ) -> (Outcome, Cost) {
        let Job { id, companies, earlier } = job;
        let mut cost = Cost::default();
        let started = self.client.host().now();
        let seen_cost = Rc::new(Cell::new((0, false)));
        let asking = |companies: &[u32]| {
            Ok::<_, NameError>(Ask {
                question: self.question(companies)?,
                policy: self.policy,
                store: self.store.clone(),
                ttl_ms: self.ttl_ms,
                deliver: self.deliver(companies.to_vec(), Rc::clone(&seen_cost), value.clone()),
                unkept: Rc::default(),
            })
        };
        let mut ask = match asking(&companies) {
            Ok(ask) => ask,
            Err(error) => return (Outcome::Failed(Box::new(error.into())), cost),
        };
        let mut found = self.client.stored(&ask, started).await;
        for companies in earlier {
            if !matches!(found, Found::Nothing) {
                break;
            }
            let Ok(ask) = asking(&companies) else { break };
            found = match self.client.stored(&ask, started).await {
                // It was refused for one of those that are left out by now.
                Found::Answer(Err(failure)) if failure.error.kind != Kind::TooManyRows => Found::Nothing,
                found => found,
            };
            if let Found::Answer(_) = found {
                self.run.borrow_mut().found_earlier(id, companies);
            }
        }
        let result = match found {
            Found::Answer(found) => found,
            // What cannot be read may have been paid for: a run does not pay for it again.
            Found::Unreadable(_) => {
                self.stop(Stopped::Store);
                return (Outcome::Failed(Box::new(unreadable())), cost);
            }
            Found::Nothing => {
                let most = match self.permitted(id).await {
                    Ok(most) => most,
                    Err(outcome) => return (outcome, cost),
                };
                restrict(&mut ask.policy, most);
                let unkept = Rc::clone(&ask.unkept);
                let result = self.client.pay(ask, self.client.host().now()).await;
                cost.unkept = unkept.get();
                result
            }
        };
        let outcome = match result {
            Ok(_) => {
                (cost.bills, cost.from_store) = seen_cost.get();
                Outcome::Answered
            }
            Err(Failure { error, retry_after_ms, .. }) => {
                cost.bills = error.billed_calls + error.unknown_calls;
                if cost.bills == 0 && error.billed != Billed::No {
                    cost.bills = 1;
                }
                cost.from_store = error.from_store;
                if cost.bills == 0 && is_too_much_at_once(&error) {
                    self.hold_back(&error, retry_after_ms.unwrap_or(self.policy.max_delay_ms))
                } else {
                    Outcome::Failed(error)
                }
            }
        };
        (outcome, cost)
    }

    fn hold_back(&self, error: &QccError, wait_ms: f64) -> Outcome {
        let host = self.client.host();
        let mut event = Event::new(EventType::Wait, ENDPOINT.name, error.attempts.max(1));
        (event.status, event.http_status, event.wait_ms) = (error.status, error.http_status, Some(wait_ms));
        host.emit(&event);
        Outcome::HeldBack { at: host.now(), wait_ms }
    }

    async fn permitted(&self, id: u32) -> Result<u32, Outcome> {
        loop {
            let seen = self.changed.count();
            let permit = self.run.borrow_mut().permit(id, self.client.host().now());
            match permit {
                Permit::Pay(most) => return Ok(most),
                Permit::Outdated => return Err(Outcome::Outdated),
                Permit::No => {
                    // Others may be waiting for what this one would have taken.
                    self.changed.tell();
                    return Err(Outcome::NotAsked);
                }
                Permit::Later(ms) => {
                    race(pin!(self.client.host().sleep(ms)), pin!(self.changed.since(seen))).await;
                }
                Permit::WhenOthersEnd => self.changed.since(seen).await,
            }
        }
    }

    fn question(&self, companies: &[u32]) -> Result<Question, NameError> {
        let run = self.run.borrow();
        let mut names = Vec::with_capacity(companies.len());
        for &company in companies {
            names.push(run.input().name(company));
        }
        let query = (ENDPOINT.query)(&names)?;
        let key = self.client.credentials().map(Credentials::key);
        let params = query.params.iter().map(|(name, value)| (*name, value.as_str()));
        Ok(Question {
            endpoint: ENDPOINT.name.to_owned(),
            url: request::url(&self.base_url, ENDPOINT.path, key, params).into(),
            canonical: query.canonical,
            stored: ENDPOINT.stored,
            read: ENDPOINT.read,
        })
    }

    fn deliver(
        self: &Rc<Self>,
        companies: Vec<u32>,
        cost: Rc<Cell<(u32, bool)>>,
        value: impl Fn() -> H::Value + 'static,
    ) -> Deliver<H> {
        let drive = Rc::clone(self);
        Rc::new(move |answer, meta, _| {
            cost.set((meta.billed_calls + meta.unknown_calls, meta.from_store));
            if let Ok(Some(Payload::Relations(partnership))) = &answer.payload {
                drive.run.borrow_mut().absorb(&companies, partnership);
            }
            let run = drive.run.borrow();
            drive.happened(Happened::Answer(run.input(), &companies, Box::new(answer), meta));
            value()
        })
    }

    fn happened(&self, happened: Happened<'_>) {
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            self.untaken.set(self.untaken.get() + 1);
            listener(happened);
        }
    }

    fn tell_all(&self) {
        let told = self.run.borrow_mut().take_told();
        if self.listener.borrow().is_none() {
            return;
        }
        let run = self.run.borrow();
        for told in &told {
            self.happened(Happened::Told(run.input(), told));
        }
    }
}

/// For how long a run goes on without letting timers, and whatever else its thread has to do, have their turn.
const LONGEST_BREATH_MS: f64 = 25.0;

/// How far a run may be ahead of whoever listens to it.
const MAX_UNTAKEN: u32 = 16;

/// A call that may be billed `most` times only must not be asked for, or sent, more often.
fn restrict(policy: &mut Policy, most: u32) {
    let spare = most.saturating_sub(1);
    policy.max_polls = policy.max_polls.min(spare);
    if policy.resend_when_unknown && spare < policy.max_polls + policy.max_retries {
        policy.resend_when_unknown = false;
    }
}

/// Whether the server, or the gateway, wants to be asked more slowly: HTTP 429, and the vendor's codes for the same.
fn is_too_much_at_once(error: &QccError) -> bool {
    matches!((error.status, error.http_status), (Some(120 | 122), _) | (None, Some(429)))
}

fn unreadable() -> QccError {
    QccError::unsent(
        Kind::Config,
        "存储不可用，为避免重复付费已停止 (the store cannot be used; the run stops rather than pay for what may be in it)",
        "Mend the store and run again: nothing paid for is lost.",
    )
}

/// Lets futures wait until something has changed.
#[derive(Debug, Default)]
struct Changed {
    count: Cell<u64>,
    wakers: RefCell<Vec<Waker>>,
}

impl Changed {
    fn count(&self) -> u64 {
        self.count.get()
    }

    fn tell(&self) {
        self.count.set(self.count.get() + 1);
        for waker in self.wakers.take() {
            waker.wake();
        }
    }

    async fn since(&self, seen: u64) {
        poll_fn(|context| {
            if self.count.get() != seen {
                return Poll::Ready(());
            }
            let mut wakers = self.wakers.borrow_mut();
            if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                wakers.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}
