//! The server, the store and the way between: what stays the same through all lives of a run, and what happened.

use super::world::{Rng, World};
use qcc_pro::api::status::status_info;
use qcc_pro::auth::Credentials;
use qcc_pro::client::call::Client;
use qcc_pro::client::event::Event;
use qcc_pro::client::host::{Head, Host, Request, Sent, Store};
use qcc_pro::client::policy::Seen;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::rc::Rc;

/// A mistake planted on purpose: each must be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    Nothing,
    /// The store says that it kept what it did not keep.
    ForgetsSets,
    /// The run may pay for more than it is told.
    RaisesBudget,
    /// An answer's rows are lost on the way.
    LosesRows,
}

/// What stays the same through all lives: the server, the store, and what happened.
pub struct Truth {
    pub rng: Rng,
    pub plant: Plant,
    pub names: Vec<String>,
    /// Companies that the server does not serve.
    pub unserved: BTreeSet<usize>,
    /// More companies in a call than so many are too many rows.
    pub most: usize,
    pub fault: Cell<f64>,
    pub store_faults: Cell<f64>,
    /// How many calls the server, or the gateway, takes on in a minute.
    pub per_minute: Cell<usize>,
    /// When it took on which, in the life that is played.
    pub taken_on: RefCell<Vec<f64>>,
    pub held_back: Cell<u64>,
    pub kept: RefCell<BTreeMap<String, String>>,
    pub asked: RefCell<Vec<Asked>>,
    pub steps: Cell<u64>,
}

/// One call that the server took on.
pub struct Asked {
    pub companies: Vec<usize>,
    pub life: usize,
    pub step: u64,
    pub billed: bool,
    /// Its answer is kept: asking again would meet the same.
    pub lasting: bool,
    /// When the client had it.
    pub heard: Option<u64>,
    pub status: i64,
    /// Whether the store had the answer already when it was asked.
    pub in_store: bool,
}

impl Truth {
    /// A server of `count` companies that refuses the `unserved` and any call of more than `most`, and an empty store.
    pub fn new(rng: Rng, plant: Plant, count: usize, unserved: BTreeSet<usize>, most: usize) -> Self {
        Self {
            plant,
            names: (0..count).map(|number| format!("公司{number:02}")).collect(),
            unserved,
            most,
            fault: Cell::new(0.0),
            store_faults: Cell::new(0.0),
            per_minute: Cell::new(usize::MAX),
            taken_on: RefCell::default(),
            held_back: Cell::new(0),
            kept: RefCell::default(),
            asked: RefCell::default(),
            steps: Cell::new(0),
            rng,
        }
    }

    pub fn step(&self) -> u64 {
        self.steps.set(self.steps.get() + 1);
        self.steps.get()
    }

    /// Whether a call is let through at `now`; else how long it has to wait, where that is said.
    pub fn admit(&self, now: f64) -> Result<(), Option<f64>> {
        let mut taken_on = self.taken_on.borrow_mut();
        taken_on.retain(|&then| now - then < 60_000.0);
        if taken_on.len() >= self.per_minute.get() {
            self.held_back.set(self.held_back.get() + 1);
            return Err(taken_on.first().filter(|_| self.rng.chance(0.9)).map(|then| then + 60_000.0 - now));
        }
        taken_on.push(now);
        Ok(())
    }

    /// Whether two companies have a relation.
    pub fn related(&self, one: usize, other: usize) -> bool {
        one != other && (one.min(other) * 31 + one.max(other) * 17).is_multiple_of(4)
    }

    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let count = self.names.len();
        (0..count).flat_map(move |one| (one + 1..count).map(move |other| (one, other)))
    }

    pub fn answer(&self, companies: &[usize]) -> (i64, String) {
        let rng = &self.rng;
        let status = if rng.chance(self.fault.get()) {
            rng.pick(&[199, 203, 500, 205, 120, 122, 7777, 199, 203, 102, 109, 112, 117])
        } else if companies.iter().any(|company| self.unserved.contains(company)) {
            208
        } else if companies.len() > self.most {
            207
        } else {
            200
        };
        let mut rows = Vec::new();
        if status == 200 && self.plant != Plant::LosesRows {
            for &one in companies {
                for &other in companies.iter().filter(|&&other| one < other && self.related(one, other)) {
                    let (one, other) = (&self.names[one], &self.names[other]);
                    rows.push(format!(
                        r#"{{"companyName":"{one}","relatedCompanyName":"{other}","amount":"1"}}"#
                    ));
                }
            }
        }
        let list = rows.join(",");
        (
            status,
            format!(r#"{{"status":"{status}","msg":"","result":{{"partnershipRelationList":[{list}]}}}}"#),
        )
    }
}

pub struct SimHost {
    pub truth: Rc<Truth>,
    pub world: Rc<World>,
    pub life: usize,
    pub client: RefCell<Option<Rc<Client<SimHost>>>>,
}

/// Takes a request that its process did not live to see arrive to the server all the same, now and then.
pub struct OnItsWay<'h> {
    host: &'h SimHost,
    companies: Vec<usize>,
    arrived: bool,
}

impl OnItsWay<'_> {
    fn arrive(&mut self) -> (usize, i64, String) {
        self.arrived = true;
        let truth = &self.host.truth;
        let (status, body) = truth.answer(&self.companies);
        let info = status_info(status);
        let lasting = matches!(status, 200 | 207 | 208);
        let asked = Asked {
            companies: self.companies.clone(),
            life: self.host.life,
            step: truth.step(),
            billed: info.is_some_and(|info| info.billed),
            lasting,
            heard: None,
            status,
            in_store: truth.kept.borrow().contains_key(&self.host.key(&self.companies)),
        };
        truth.asked.borrow_mut().push(asked);
        (truth.asked.borrow().len() - 1, status, body)
    }
}

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        if !self.arrived && self.host.truth.rng.chance(0.5) {
            self.arrive();
        }
    }
}

impl SimHost {
    /// A client in `world`; it holds itself until its host lets it go.
    pub fn client(truth: &Rc<Truth>, world: &Rc<World>, life: usize) -> Rc<Client<Self>> {
        let host =
            Self { truth: Rc::clone(truth), world: Rc::clone(world), life, client: RefCell::default() };
        let credentials = Credentials::new("9bc448a2ff6511e8890a6c92bf31542f", "0123456789ABCDEF").unwrap();
        let client = Rc::new(Client::new(host, Some(credentials), "https://pro.qcc.com"));
        client.host().client.replace(Some(Rc::clone(&client)));
        client
    }

    pub fn key(&self, companies: &[usize]) -> String {
        let mut names: Vec<&str> = companies.iter().map(|&company| &*self.truth.names[company]).collect();
        names.sort_unstable();
        let client = self.client.borrow();
        client.as_ref().unwrap().key_for("findPartnershipRelation", &names.join(","))
    }

    pub fn companies(&self, url: &str) -> Vec<usize> {
        let text = url.split(['?', '&']).find_map(|part| part.strip_prefix("companyNames=")).unwrap();
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            let coded = (byte == b'%').then(|| std::str::from_utf8(&after[..2]).unwrap());
            bytes.push(coded.map_or(byte, |code| u8::from_str_radix(code, 16).unwrap()));
            rest = if coded.is_some() { &after[2..] } else { after };
        }
        let text = String::from_utf8(bytes).unwrap();
        text.split(',').map(|name| self.truth.names.iter().position(|known| known == name).unwrap()).collect()
    }
}

impl Host for SimHost {
    type Raw = ();
    type Headers = Head;
    type Cause = ();
    type Value = ();
    type Store = SimStore;

    fn now(&self) -> f64 {
        1.7e12 + self.life as f64 * 1e9 + self.world.time()
    }

    fn random(&self) -> f64 {
        self.truth.rng.unit()
    }

    async fn sleep(&self, ms: f64) {
        self.world.sleep(ms).await;
    }

    async fn send(&self, request: Request) -> Sent<Self> {
        let rng = &self.truth.rng;
        let mut on_its_way = OnItsWay { host: self, companies: self.companies(&request.url), arrived: false };
        let fault = if rng.chance(self.truth.fault.get()) { rng.below(6) } else { usize::MAX };
        if fault == 0 {
            on_its_way.arrived = true;
            self.world.sleep(1.0).await;
            return Sent::Failed { seen: Seen::NeverRan { passing: true }, cause: () };
        }
        self.world.sleep(rng.below(50) as f64).await;
        if let Err(wait_ms) = self.truth.admit(self.world.time()) {
            on_its_way.arrived = true;
            let retry_after = wait_ms.map(|ms| ((ms / 1000.0).ceil() as u64).to_string());
            let headers = Head { retry_after, ..Head::default() };
            return Sent::Response { http_status: 429, headers, body: b"slow down".to_vec(), raw: () };
        }
        let (asked, _, body) = on_its_way.arrive();
        self.world.sleep(rng.below(50) as f64).await;
        match fault {
            1 => return Sent::Failed { seen: Seen::Lost, cause: () },
            2 => std::future::pending::<()>().await,
            _ => {}
        }
        self.truth.asked.borrow_mut()[asked].heard = Some(self.truth.step());
        Sent::Response { http_status: 200, headers: Head::default(), body: body.into_bytes(), raw: () }
    }

    fn head(&self, head: &Head) -> Head {
        head.clone()
    }

    fn emit(&self, _: &Event) {}

    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        self.world.spawn(future);
    }
}

#[derive(Clone)]
pub struct SimStore {
    pub truth: Rc<Truth>,
    pub world: Rc<World>,
}

impl SimStore {
    async fn work(&self) -> Result<(), ()> {
        self.world.sleep(self.truth.rng.below(20) as f64).await;
        match self.truth.rng.chance(self.truth.store_faults.get()) {
            true if self.truth.rng.chance(0.2) => std::future::pending().await,
            true => Err(()),
            false => Ok(()),
        }
    }
}

impl Store for SimStore {
    type Cause = ();

    async fn get(&self, key: &str) -> Result<Option<String>, ()> {
        self.work().await?;
        Ok(self.truth.kept.borrow().get(key).cloned())
    }

    async fn set(&self, key: &str, value: &str, _: Option<f64>) -> Result<(), ()> {
        // Killed before it is there, or between that and the word that it is.
        self.work().await?;
        if self.truth.plant != Plant::ForgetsSets || key.contains(":scan:") {
            self.truth.kept.borrow_mut().insert(key.to_owned(), value.to_owned());
        }
        self.work().await
    }

    fn is(&self, _: &Self) -> bool {
        true
    }
}
