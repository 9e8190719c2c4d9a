//! The client's side of the [`Model`]: a [`Host`] that sends into it, and [`Store`]s of every temper.

use crate::history::{Observed, Send, Set, Told};
use crate::model::{EPOCH, Heard, Model, Plant, StoreDraw, Temper, http_date};
use qcc_pro::client::call::{Head, Host, Meta, Request, Sent, Store};
use qcc_pro::client::date::parse_http_date;
use qcc_pro::client::event::Event;
use qcc_pro::client::policy::Seen;
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;

/// The client's side of the [`Model`].
pub struct SimHost {
    pub model: Rc<Model>,
    pub client: usize,
}

/// Counts something as long as it lives.
struct Alive<'a>(&'a Cell<usize>);

impl<'a> Alive<'a> {
    fn new(count: &'a Cell<usize>) -> Self {
        count.set(count.get() + 1);
        Self(count)
    }
}

impl Drop for Alive<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// One request on its way; its record is closed when it ends, however it ends.
struct OnItsWay<'a> {
    model: &'a Model,
    index: usize,
    arrives_ms: Option<f64>,
    dies: bool,
    billed: bool,
    observed: Observed,
    /// Where it is noted that nothing was sent, by a host that can tell.
    unsent: Option<Rc<Cell<bool>>>,
    _alive: Alive<'a>,
}

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        let end = self.model.at();
        let mut history = self.model.history.borrow_mut();
        let send = &mut history.sends[self.index];
        let in_time = self.arrives_ms.is_some_and(|ms| send.start.time + ms <= end.time);
        send.reached = self.arrives_ms.is_some() && (in_time || !self.dies);
        send.billed = send.reached && self.billed;
        send.observed = self.observed;
        if let (Some(unsent), Observed::Dropped) = (&self.unsent, self.observed) {
            if !send.reached {
                send.observed = Observed::Unsent;
            }
            unsent.set(!send.reached || self.model.plant == Plant::CallsGivenUpUnsent);
        }
        send.end = Some(end);
    }
}

/// The number after `name` in a URL's query.
fn number_in(url: &str, name: &str) -> usize {
    url.split(['?', '&']).find_map(|part| part.strip_prefix(name)?.parse().ok()).unwrap()
}

/// What an answer becomes: which sending it came from, and what stands beside it.
pub struct Value {
    pub send: usize,
    pub meta: Meta,
}

impl SimHost {
    async fn attempt(&self, request: &Request) -> Sent<Self> {
        let model = &*self.model;
        let signature = request.signature.unwrap();
        let (question, ask) = (number_in(&request.url, "q="), number_in(&request.url, "ask="));
        let start = model.at();
        let index = {
            let mut history = model.history.borrow_mut();
            history.secrets.push(signature.token().to_owned());
            let clock_error_ms = signature.timespan() as f64 * 1000.0 - (EPOCH + start.time);
            history.sends.push(Send {
                ask,
                client: self.client,
                question,
                start,
                end: None,
                observed: Observed::Dropped,
                reached: false,
                billed: false,
                intact: false,
                clock_error_ms,
                dated: false,
                retry_after_ms: None,
                asks_to_wait: false,
                signature_accepted: false,
            });
            history.sends.len() - 1
        };
        let fate = model.fate(signature.timespan(), signature.token(), index);
        let mut on_its_way = OnItsWay {
            model,
            index,
            arrives_ms: fate.arrives_ms,
            dies: fate.dies,
            billed: fate.billed,
            observed: Observed::Dropped,
            unsent: model.world.rng.chance(0.5).then(|| Rc::clone(&request.unsent)),
            _alive: Alive::new(&model.live_sends),
        };
        let Some(heard_ms) = fate.heard_ms else { std::future::pending().await };
        model.world.sleep(heard_ms).await;
        match fate.heard {
            Heard::NeverRan { passing } => {
                on_its_way.observed = Observed::NeverRan { passing };
                Sent::Failed { seen: Seen::NeverRan { passing }, cause: "refused" }
            }
            Heard::Lost => {
                on_its_way.observed = Observed::Lost;
                let unsent = model.plant == Plant::CallsLostUnsent;
                let seen = if unsent { Seen::NeverRan { passing: false } } else { Seen::Lost };
                Sent::Failed { seen, cause: "reset" }
            }
            Heard::Response { http_status, status, body, mut head } => {
                on_its_way.observed = Observed::Response { http_status, status };
                self.note_answer(index, status, &body, &head);
                if model.plant == Plant::HidesRetryAfter {
                    head.retry_after = None;
                }
                if model.plant == Plant::ShiftsDate {
                    head.date = Some(http_date(EPOCH + model.world.time() + 3_600_000.0));
                }
                Sent::Response { http_status, headers: head, body: body.into_bytes(), raw: index }
            }
        }
    }

    fn note_answer(&self, index: usize, status: Option<i64>, body: &str, head: &Head) {
        let server_ms = EPOCH + self.model.world.time();
        let clock_is_right = self.model.draw.clients[self.client].clock_ms == 0.0;
        let dated = head.date.is_some() && !head.aged;
        let retry_after_ms = head.retry_after.as_deref().and_then(|text| {
            if text.bytes().all(|byte| byte.is_ascii_digit()) {
                return Some(text.parse::<f64>().unwrap() * 1000.0);
            }
            let until = parse_http_date(text)?;
            match &head.date {
                Some(date) if dated => Some(until - parse_http_date(date)?),
                _ if head.aged || clock_is_right => Some((until - server_ms - 1000.0).max(0.0)),
                _ => None,
            }
        });
        let mut history = self.model.history.borrow_mut();
        let send = &mut history.sends[index];
        send.intact = matches!(status, Some(200 | 201)) && !(status == Some(200) && body.contains(":7}"));
        send.dated = dated;
        send.retry_after_ms = retry_after_ms;
        send.asks_to_wait = head.retry_after.is_some();
        send.signature_accepted = status.is_some() && !matches!(status, Some(101 | 104 | 107 | 115));
    }
}

impl Host for SimHost {
    type Raw = usize;
    type Headers = Head;
    type Cause = &'static str;
    type Value = Value;
    type Store = SimStore;

    fn now(&self) -> f64 {
        EPOCH + self.model.world.time() + self.model.draw.clients[self.client].clock_ms
    }

    fn random(&self) -> f64 {
        self.model.world.rng.unit()
    }

    async fn sleep(&self, ms: f64) {
        let mut sleep = self.model.world.sleep(ms);
        sleep.leaks = self.model.plant == Plant::LeaksTimers;
        sleep.await;
    }

    async fn send(&self, request: Request) -> Sent<Self> {
        let mut sent = self.attempt(&request).await;
        if self.model.plant == Plant::RepeatsRefused {
            for _ in 0..2 {
                if let Sent::Response { body, .. } = &sent
                    && body.starts_with(br#"{"status":"107""#)
                {
                    sent = self.attempt(&request).await;
                }
            }
        }
        sent
    }

    fn head(&self, head: &Head) -> Head {
        head.clone()
    }

    fn emit(&self, event: &Event) {
        self.model.note_text(format!("{event:?} {}", serde_json::to_string(event).unwrap()));
        let question = event.endpoint.split('/').next().unwrap().parse().unwrap();
        let told = Told { client: self.client, question, at: self.model.at(), event: event.clone() };
        self.model.history.borrow_mut().events.push(told);
    }

    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        self.model.world.spawn(future);
    }
}

/// One store, in the hands of one ask.
#[derive(Clone)]
pub struct SimStore {
    pub model: Rc<Model>,
    pub store: usize,
    pub ask: usize,
}

impl SimStore {
    fn draw(&self) -> StoreDraw {
        self.model.draw.stores[self.store]
    }

    async fn work(&self, hangs: bool) {
        if hangs {
            std::future::pending::<()>().await;
        }
        let latency_ms = self.draw().latency_ms;
        if latency_ms > 0 {
            self.model.world.sleep(self.model.world.rng.below(latency_ms + 1) as f64).await;
        }
    }
}

impl Store for SimStore {
    type Cause = &'static str;

    async fn get(&self, key: &str) -> Result<Option<String>, Self::Cause> {
        let _alive = Alive::new(&self.model.live_gets);
        let temper = self.draw().temper;
        // What is read is what stood there when the reading began.
        let found = {
            let kept = self.model.kept.borrow();
            kept.iter().rev().find(|(store, name, _)| *store == self.store && name == key).cloned()
        };
        self.work(temper == Temper::HangsReading).await;
        match temper {
            Temper::FailsToRead => Err("cannot be read"),
            Temper::HoldsGarbage => Ok(Some(match self.model.world.rng.below(4) {
                0 => String::new(),
                1 => "[object Object]".to_owned(),
                2 => r#"{"qccPro":1,"timespan":1,"question":"another","answer":{"status":200}}"#.to_owned(),
                _ => found.map_or(String::new(), |(_, _, text)| text[..text.len() - 1].to_owned()),
            })),
            _ => Ok(found.map(|(_, _, text)| text)),
        }
    }

    async fn set(&self, key: &str, value: &str, _ttl_ms: Option<f64>) -> Result<(), Self::Cause> {
        let _alive = Alive::new(&self.model.live_sets);
        let temper = self.draw().temper;
        self.model.note_text([key, value].concat());
        let index = {
            let mut history = self.model.history.borrow_mut();
            let question = history.asks[self.ask].question;
            let send =
                value.split("\"requestId\":\"r").nth(1).and_then(|rest| rest.split('"').next()?.parse().ok());
            history.sets.push(Set { store: self.store, question, send, start: self.model.at(), kept: None });
            history.sets.len() - 1
        };
        self.work(temper == Temper::HangsWriting).await;
        if temper == Temper::FailsToWrite {
            return Err("cannot be written");
        }
        if self.model.plant != Plant::ForgetsSets {
            self.model.kept.borrow_mut().push((self.store, key.to_owned(), value.to_owned()));
            self.model.history.borrow_mut().sets[index].kept = Some(self.model.at());
        }
        Ok(())
    }

    fn is(&self, other: &Self) -> bool {
        self.store == other.store
    }
}
