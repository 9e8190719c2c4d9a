//! Both ends of the wire between a page's client and a gateway, natively: whatever is asked, what goes upstream is a call
//! of our own; whatever a gateway says, the client tells it as if it had made the call itself.
#![allow(clippy::result_large_err, reason = "the client's own errors, made once a call")]

use proptest::prelude::*;
use qcc_pro::api::ENDPOINTS;
use qcc_pro::api::endpoint::{Endpoint, by_name};
use qcc_pro::api::status::Kind;
use qcc_pro::auth::{Credentials, token};
use qcc_pro::client::call::{
    Ask, Client, Deliver, Failure, Head, Host, Meta, Question, Request, Sent, Store,
};
use qcc_pro::client::error::QccError;
use qcc_pro::client::event::Event;
use qcc_pro::client::policy::{Billed, Policy, Seen};
use qcc_pro::client::relay::{Relayed, write_error};
use qcc_pro::client::request::{percent_encoded, url};
use qcc_pro::gateway::check::{Asked, Decision, Gate, LOOKED_AT};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

const KEY: &str = "9bc448a2ff6511e8890a6c92bf31542f";
const SECRET: &str = "0123456789ABCDEF0123456789ABCDEF";
const UPSTREAM: &str = "https://pro.qcc.com";
const FOUND: &str =
    r#"{"status":"200","msg":"查询成功","result":{"requestId":"r","partnershipRelationList":[]}}"#;

/// One thing a request meets.
#[derive(Clone)]
enum Met {
    Answer(u16, String, Option<Relayed>),
    Refused,
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A host whose requests are recorded and meet what the test has laid out; waits pass at once.
#[derive(Clone, Default)]
struct Recorder {
    sent: Rc<RefCell<Vec<Request>>>,
    met: Rc<RefCell<VecDeque<Met>>>,
    now: Rc<Cell<f64>>,
    tasks: Rc<RefCell<Vec<Task>>>,
}

#[derive(Clone)]
struct NoStore;

impl Store for NoStore {
    type Cause = ();
    async fn get(&self, _: &str) -> Result<Option<String>, ()> {
        Ok(None)
    }
    async fn set(&self, _: &str, _: &str, _: Option<f64>) -> Result<(), ()> {
        Ok(())
    }
    fn is(&self, _: &Self) -> bool {
        true
    }
}

impl Host for Recorder {
    type Raw = ();
    type Headers = Head;
    type Cause = ();
    type Value = Meta;
    type Store = NoStore;

    fn now(&self) -> f64 {
        self.now.get()
    }
    fn random(&self) -> f64 {
        0.5
    }
    async fn sleep(&self, ms: f64) {
        let mut waited = false;
        poll_fn(|_| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }).await;
        self.now.set(self.now.get() + ms);
    }
    async fn send(&self, request: Request) -> Sent<Self> {
        self.sent.borrow_mut().push(request);
        self.now.set(self.now.get() + 7.0);
        match self.met.borrow_mut().pop_front().unwrap_or(Met::Answer(200, FOUND.to_owned(), None)) {
            Met::Refused => Sent::Failed { seen: Seen::NeverRan { passing: true }, cause: () },
            Met::Answer(http_status, body, relayed) => {
                let relayed = relayed.map(Relayed::to_header);
                Sent::Response {
                    http_status,
                    headers: Head { relayed, ..Head::default() },
                    body: body.into_bytes(),
                    raw: (),
                }
            }
        }
    }
    fn head(&self, head: &Head) -> Head {
        head.clone()
    }
    fn emit(&self, _: &Event) {}
    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        self.tasks.borrow_mut().push(future);
    }
}

impl Recorder {
    fn meeting(met: impl IntoIterator<Item = Met>) -> Self {
        let recorder = Self::default();
        recorder.now.set(1_700_000_000_000.0);
        recorder.met.borrow_mut().extend(met);
        recorder
    }

    fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..1_000 {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
            let mut tasks = self.tasks.take();
            tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
            self.tasks.borrow_mut().append(&mut tasks);
        }
        panic!("the call does not end");
    }

    /// Asks as the face does, with credentials, or behind a gateway without.
    fn ask(
        &self,
        signed: bool,
        base_url: &str,
        endpoint: &Endpoint,
        names: &[&str],
    ) -> Result<Meta, QccError> {
        let query = (endpoint.query)(names).unwrap();
        let params = query.params.iter().map(|(name, value)| (*name, value.as_str()));
        let credentials = signed.then(|| Credentials::new(KEY, SECRET).unwrap());
        let question = Question {
            endpoint: endpoint.name.to_owned(),
            url: url(base_url, endpoint.path, signed.then_some(KEY), params).into(),
            canonical: query.canonical.clone(),
            stored: endpoint.stored,
            read: endpoint.read,
        };
        let policy = if signed { Policy::default() } else { Policy::behind_gateway() };
        let client = Rc::new(Client::new(self.clone(), credentials, base_url));
        let deliver: Deliver<Self> = Rc::new(|_, meta, _| *meta);
        let ask = Ask { question, policy, store: None, ttl_ms: None, deliver, unkept: Rc::default() };
        self.run(client.ask(ask)).map_err(|Failure { error, .. }| *error)
    }

    fn page(&self) -> Result<Meta, QccError> {
        self.ask(
            false,
            "https://site.example/api/qcc",
            by_name("findPartnershipRelation").unwrap(),
            &["甲公司", "乙公司"],
        )
    }
}

fn relayed() -> Relayed {
    Relayed {
        attempts: 3,
        billed_calls: 2,
        unknown_calls: 0,
        from_store: false,
        http_status: Some(200),
        timespan: 7,
        failed: false,
    }
}

#[test]
fn tells_what_the_gateway_spent_as_its_own() {
    let meta = Recorder::meeting([Met::Answer(200, FOUND.into(), Some(relayed()))]).page().unwrap();
    assert_eq!((meta.attempts, meta.billed, meta.billed_calls, meta.timespan), (3, Billed::Yes, 2, 7));
    let stored = Relayed { attempts: 0, billed_calls: 0, from_store: true, ..relayed() };
    let meta = Recorder::meeting([Met::Answer(200, FOUND.into(), Some(stored))]).page().unwrap();
    assert_eq!((meta.attempts, meta.billed, meta.from_store, meta.http_status), (0, Billed::No, true, 200));
    // A try that did not reach the gateway is one of the client's own.
    let meta =
        Recorder::meeting([Met::Refused, Met::Answer(200, FOUND.into(), Some(relayed()))]).page().unwrap();
    assert_eq!((meta.attempts, meta.billed_calls), (4, 2));
    // Where somebody has dropped the header, the answer alone tells.
    let meta = Recorder::meeting([Met::Answer(200, FOUND.into(), None)]).page().unwrap();
    assert_eq!((meta.attempts, meta.billed, meta.billed_calls), (1, Billed::Yes, 1));
}

#[test]
fn asks_without_key_and_signature() {
    let recorder = Recorder::meeting([]);
    recorder.page().unwrap();
    let sent = recorder.sent.borrow();
    assert!(sent[0].signature.is_none());
    assert!(sent[0].url.starts_with(
        "https://site.example/api/qcc/api/corp/correlation/findPartnershipRelation?companyNames="
    ));
}

#[test]
fn tells_the_gateways_errors_as_they_were() {
    let timeout = QccError {
        billed: Billed::Unknown,
        unknown_calls: 1,
        attempts: 1,
        ..QccError::of_attempt(Seen::TimedOut, Kind::Timeout, true)
    };
    let met = Met::Answer(504, write_error(&timeout), Some(Relayed::from(&timeout)));
    let recorder = Recorder::meeting([met]);
    assert_eq!(recorder.page().unwrap_err(), timeout);
    assert_eq!(recorder.sent.borrow().len(), 1);
    // A code of QCC's comes as QCC's own answer; the gateway has retried and polled.
    for (status, kind, retryable) in [
        (208, Kind::Unsupported, false),
        (205, Kind::Pending, true),
        (199, Kind::Server, true),
        (107, Kind::Auth, false),
    ] {
        let body = format!(r#"{{"status":"{status}","msg":"x"}}"#);
        let recorder = Recorder::meeting([Met::Answer(200, body, Some(relayed()))]);
        let error = recorder.page().unwrap_err();
        assert_eq!((error.kind, error.retryable, error.status), (kind, retryable, Some(status)));
        assert_eq!((error.attempts, error.billed, error.billed_calls), (3, Billed::Yes, 2));
        assert_eq!(recorder.sent.borrow().len(), 1);
    }
}

#[test]
fn believes_no_header_where_it_asks_qcc_itself() {
    let recorder = Recorder::meeting([Met::Answer(200, FOUND.into(), Some(relayed()))]);
    let meta = recorder.ask(true, UPSTREAM, ENDPOINTS[0], &["甲公司", "乙公司"]).unwrap();
    assert_eq!((meta.attempts, meta.billed_calls, meta.timespan), (1, 1, 1_700_000_000));
}

/// A part of a target: good, or what an attacker might write.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "/api/corp/correlation/findPartnershipRelation", "/api/company/quota/getQuota", "/api/qcc", "?companyNames=",
            "%E7%94%B2%E5%85%AC%E5%8F%B8", "ab,cd", ",", "&companyNames=", "+", "%20",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec![
            "&key=theirs", "?key=theirs&", "&Token=x", "&Timespan=1", "/..", "//evil.example", "%2e%2e", "%2F", "#", "@evil.example",
            "http://evil.example", "%0d%0a", "%00", "%ff", "\\", ";", "?", "%26key=theirs", "%3D",
        ]).prop_map(str::to_owned),
        1 => ".{0,8}",
        1 => any::<String>().prop_map(|text| percent_encoded(&text)),
    ]
}

/// A request: mostly a good one with something put in, so that many get through.
fn request() -> impl Strategy<Value = (String, String, Vec<(String, String)>)> {
    let good = prop_oneof![
        Just("/api/qcc/api/company/quota/getQuota".to_owned()),
        "[a-z]{2,4},[a-z]{2,4}".prop_map(|names| [
            "/api/corp/correlation/findPartnershipRelation?companyNames=",
            &names
        ]
        .concat()),
    ];
    let target = prop_oneof![
        3 => (good, part()).prop_map(|(good, part)| [good, part].concat()),
        1 => prop::collection::vec(part(), 0..6).prop_map(|parts| parts.concat()),
    ];
    let method = prop_oneof![6 => Just("GET".to_owned()), 1 => "[A-Za-z]{1,7}"];
    let header = (prop::sample::select(&LOOKED_AT[..]), prop_oneof!["", "0", "same-origin", "GET", ".{0,9}"])
        .prop_map(|(name, value)| (name.to_owned(), value));
    (method, target, prop::collection::vec(header, 0..2))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn sends_nothing_upstream_but_calls_of_its_own((method, target, headers) in request()) {
        let gate = Gate::new(None, Vec::new()).unwrap();
        let checked = gate.check(Asked { method: &method, target: &target, headers: &headers });
        let Decision::Forward(endpoint, names) = checked.decision else { return Ok(()) };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        // One that QCC is too busy for, so that what is sent again is looked at too.
        let recorder = Recorder::meeting([Met::Answer(503, String::new(), None)]);
        let _ = recorder.ask(true, UPSTREAM, endpoint, &names);
        let sent = recorder.sent.borrow();
        prop_assert_eq!(sent.len(), 2);
        for request in sent.iter() {
            let (address, query) = request.url.split_once('?').unwrap();
            let path = address.strip_prefix(UPSTREAM).unwrap();
            let known = ENDPOINTS.iter().find(|endpoint| endpoint.path == path);
            prop_assert!(known.is_some(), "{}", address);
            let pairs: Vec<_> = query.split('&').map(|pair| pair.split_once('=').unwrap()).collect();
            prop_assert_eq!(pairs[0], ("key", KEY));
            let others: Vec<_> = pairs[1..].iter().map(|(name, _)| *name).collect();
            prop_assert_eq!(others, known.unwrap().params.to_vec());
            prop_assert!(query.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~,%=&".contains(&byte)));
            let signature = request.signature.unwrap();
            prop_assert_eq!(signature.token_bytes(), &token(KEY, signature.timespan(), SECRET));
            prop_assert!(signature.timespan().abs_diff(1_700_000_000) < 10);
        }
        prop_assert!(!target.contains("theirs") || !sent[0].url.contains("key=theirs"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn lets_enough_through_for_that_to_mean_something(seed in prop::collection::vec(request(), 64)) {
        let gate = Gate::new(None, Vec::new()).unwrap();
        let through = seed.iter().filter(|(method, target, headers)| {
            matches!(gate.check(Asked { method, target, headers }).decision, Decision::Forward(..))
        });
        prop_assert!(through.count() > 0);
    }
}
