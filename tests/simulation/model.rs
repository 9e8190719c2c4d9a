//! A model of QCC Pro and of the network before it: what becomes of each request is drawn, and what it billed is known.

use crate::history::{At, History, Quiet};
use crate::world::World;
use qcc_pro::api::status::{Kind, TABLE, status_info};
use qcc_pro::auth::token;
use qcc_pro::client::call::Head;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

pub const KEY: &str = "9bc448a2ff6511e8890a6c92bf31542f";
pub const SECRET: &str = "0123456789ABCDEF0123456789ABCDEF";
pub const WRONG_SECRET: &str = "FEDCBA9876543210FEDCBA9876543210";

/// Where simulated time starts, in milliseconds since 1970, by the server's clock: 2024-02-29 12:00.
pub const EPOCH: f64 = 1_709_208_000_000.0;

/// A mistake planted on purpose: each must be found by the check it is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    Nothing,
    /// The client sends again what may have arrived, though the caller did not say so.
    ResendsUnknown,
    /// The client takes ten times the time it was given.
    TakesItsTime,
    /// A lost connection is told to the client as one that was never made.
    CallsLostUnsent,
    /// A request that was given up is told to the client as one that was never sent.
    CallsGivenUpUnsent,
    /// The store says that it kept what it did not keep.
    ForgetsSets,
    /// The caller gets an error in place of an answer.
    DropsAnswers,
    /// Equal questions do not look equal.
    ForgetsQuestions,
    /// The client sends again more often than it was told.
    RetriesMore,
    /// The client is not shown `Retry-After`.
    HidesRetryAfter,
    /// The client is shown a `Date` an hour ahead.
    ShiftsDate,
    /// What the client learned about its clock is forgotten from call to call.
    ForgetsClock,
    /// A refused signature is sent again and again.
    RepeatsRefused,
    /// Timers outlive whoever waited.
    LeaksTimers,
    /// The company's key stands in the endpoint's name.
    TellsKey,
    /// An abort is not heard.
    IgnoresAbort,
}

/// What is drawn once for a history.
#[derive(Debug)]
pub struct Draw {
    /// How often something goes wrong.
    pub fault: f64,
    /// How far a signature's time may be off, in milliseconds.
    pub tolerance_ms: f64,
    pub clients: Vec<ClientDraw>,
    pub stores: Vec<StoreDraw>,
}

#[derive(Debug, Clone, Copy)]
pub struct ClientDraw {
    /// Its clock less the server's, in milliseconds.
    pub clock_ms: f64,
    pub secret: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub struct StoreDraw {
    pub temper: Temper,
    /// The longest that an operation takes, in milliseconds.
    pub latency_ms: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    Sound,
    FailsToRead,
    FailsToWrite,
    HangsReading,
    HangsWriting,
    HoldsGarbage,
}

pub struct Model {
    pub world: Rc<World>,
    pub draw: Draw,
    pub plant: Plant,
    pub history: RefCell<History>,
    pub kept: RefCell<Vec<(usize, String, String)>>,
    pub live_sends: Cell<usize>,
    pub live_gets: Cell<usize>,
    pub live_sets: Cell<usize>,
}

/// What will become of one request.
pub struct Fate {
    /// When the server takes it on, from its start.
    pub arrives_ms: Option<f64>,
    /// When the client hears of it, from its start; never where it hangs.
    pub heard_ms: Option<f64>,
    pub billed: bool,
    /// Whether a request that is given up before it arrives does not arrive.
    pub dies: bool,
    pub heard: Heard,
}

pub enum Heard {
    NeverRan { passing: bool },
    Lost,
    Response { http_status: u16, status: Option<i64>, body: String, head: Head },
}

impl Model {
    pub fn new(world: Rc<World>, draw: Draw, plant: Plant) -> Self {
        let stores = draw.stores.iter();
        let history = History {
            secrets: vec![KEY.into(), SECRET.into(), WRONG_SECRET.into()],
            clocks_ms: draw.clients.iter().map(|client| client.clock_ms).collect(),
            stores: stores.map(|store| (store.temper == Temper::Sound, store.latency_ms as f64)).collect(),
            ..History::default()
        };
        Self {
            world,
            draw,
            plant,
            history: RefCell::new(history),
            kept: RefCell::default(),
            live_sends: Cell::default(),
            live_gets: Cell::default(),
            live_sets: Cell::default(),
        }
    }

    pub fn at(&self) -> At {
        At { time: self.world.time(), step: self.world.step() }
    }

    pub fn note_text(&self, text: String) {
        self.history.borrow_mut().texts.push(text);
    }

    pub fn note_quiet(&self) {
        let quiet = Quiet {
            timers: self.world.live_timers(),
            sends: self.live_sends.get(),
            gets: self.live_gets.get(),
            sets: self.live_sets.get(),
            tasks: self.world.live_tasks(),
        };
        self.history.borrow_mut().quiet.push(quiet);
    }

    fn short(&self) -> f64 {
        1.0 + self.world.rng.below(300) as f64
    }

    fn long(&self) -> f64 {
        self.world.rng.pick(&[2_000.0, 9_000.0, 20_000.0, 45_000.0, 100_000.0])
    }

    pub fn fate(&self, timespan: u64, given: &str, send: usize) -> Fate {
        let rng = &self.world.rng;
        let dies = rng.chance(0.5);
        let unheard = |arrives_ms, heard_ms, heard| Fate { arrives_ms, heard_ms, billed: false, dies, heard };
        let front = |model: &Model, http_status, arrives_ms: Option<f64>| {
            let heard_ms = arrives_ms.unwrap_or(0.0) + model.short();
            let head = model.head(http_status, heard_ms);
            let body = model.page(given);
            unheard(arrives_ms, Some(heard_ms), Heard::Response { http_status, status: None, body, head })
        };
        let fault = if rng.chance(self.draw.fault) { rng.below(13) } else { usize::MAX };
        match fault {
            0 => unheard(None, Some(self.short()), Heard::NeverRan { passing: true }),
            1 => unheard(None, Some(self.short()), Heard::NeverRan { passing: false }),
            2 => unheard(None, Some(self.long()), Heard::NeverRan { passing: true }),
            3 => unheard(None, Some(self.short()), Heard::Lost),
            4 => unheard(None, None, Heard::Lost),
            5 => {
                let answered = self.answered(timespan, given, send, dies);
                Fate { heard: Heard::Lost, ..answered }
            }
            6 => {
                let answered = self.answered(timespan, given, send, dies);
                Fate { heard_ms: None, heard: Heard::Lost, ..answered }
            }
            // Refused before the API saw it.
            7 | 8 => front(self, rng.pick(&[429, 503, 429, 503, 301, 302, 400, 403, 404, 418]), None),
            // Something in between failed, and may have passed the request on.
            9 => {
                let passed_on = rng.chance(0.5);
                let http_status = rng.pick(&[500, 501, 502, 502, 504, 504, 520, 599]);
                let fate = front(self, http_status, passed_on.then(|| self.short()));
                Fate { billed: passed_on && rng.chance(0.7), ..fate }
            }
            // The API took it on, and the answer cannot be read.
            10 => {
                let mut answered = self.answered(timespan, given, send, dies);
                if let Heard::Response { http_status: 200, status, body, .. } = &mut answered.heard {
                    *body = match rng.below(5) {
                        0 => self.page(given),
                        1 => String::new(),
                        2 => body.replace('"', "'"),
                        3 => body.replace("\"status\"", "\"state\""),
                        _ => {
                            let mut cut = 1 + rng.below(body.len() - 1);
                            while !body.is_char_boundary(cut) {
                                cut -= 1;
                            }
                            body[..cut].to_owned()
                        }
                    };
                    *status = None;
                }
                answered
            }
            // A slow body.
            11 => {
                let answered = self.answered(timespan, given, send, dies);
                Fate { heard_ms: answered.heard_ms.map(|ms| ms + self.long()), ..answered }
            }
            // An envelope under another HTTP status.
            12 => {
                let mut answered = self.answered(timespan, given, send, dies);
                if let Heard::Response { http_status, .. } = &mut answered.heard {
                    *http_status = rng.pick(&[201, 400, 401, 429, 500, 502, 503]);
                }
                answered
            }
            _ => self.answered(timespan, given, send, dies),
        }
    }

    /// What the API itself does with a request that arrives.
    fn answered(&self, timespan: u64, given: &str, send: usize, dies: bool) -> Fate {
        let rng = &self.world.rng;
        let slow = rng.chance(self.draw.fault * 0.1);
        let arrives_ms = if slow { self.long() } else { self.short() };
        let server_ms = EPOCH + self.world.time() + arrives_ms;
        let right = token(KEY, timespan, SECRET) == given.as_bytes()
            && (timespan as f64 * 1000.0 - server_ms).abs() <= self.draw.tolerance_ms;
        let status = if !right {
            rng.pick(&[107, 115])
        } else if !rng.chance(self.draw.fault * 0.6) {
            rng.pick(&[200, 200, 200, 201])
        } else if rng.chance(0.15) {
            rng.pick(&[-1, 0, 121, 224, 7777])
        } else if rng.chance(0.4) {
            rng.pick(&[120, 122, 199, 203, 205, 205, 205, 500])
        } else {
            TABLE[rng.below(TABLE.len())].code.into()
        };
        let (billed, said) = match status_info(status) {
            Some(info) if info.billed => (true, "【有效请求】"),
            Some(_) => (false, "【无效请求】"),
            None => match rng.below(3) {
                0 => (true, "【有效请求】"),
                1 => (false, "【无效请求】"),
                _ => (rng.chance(0.5), ""),
            },
        };
        let told = if rng.chance(self.draw.fault * 0.2) { KEY } else { "" };
        let list = if status == 200 && rng.chance(self.draw.fault * 0.05) { "7" } else { "[]" };
        let body = format!(
            "{{\"status\":\"{status}\",\"msg\":\"{said}{told}\",\"result\":{{\"requestId\":\"r{send}\",\"key\":\"{KEY}\",\"partnershipRelationList\":{list}}}}}"
        );
        let mut head = self.head(200, arrives_ms);
        if matches!(status, 120 | 122 | 199 | 203 | 500) && rng.chance(0.2) {
            head.retry_after = self.retry_after(arrives_ms);
        }
        Fate {
            arrives_ms: Some(arrives_ms),
            heard_ms: Some(arrives_ms + self.short()),
            billed,
            dies,
            heard: Heard::Response { http_status: 200, status: Some(status), body, head },
        }
    }

    /// A page as proxies make them, which echo what they were sent.
    fn page(&self, given: &str) -> String {
        format!("<html><body>Error at /x?key={KEY}&amp;q=1 <!-- Token: {given} --></body></html>")
    }

    fn head(&self, http_status: u16, after_ms: f64) -> Head {
        let rng = &self.world.rng;
        let mut head = Head::default();
        if matches!(http_status, 429 | 502 | 503 | 504) && rng.chance(0.6) {
            head.retry_after = self.retry_after(after_ms);
        }
        let server_ms = EPOCH + self.world.time() + after_ms;
        match rng.below(10) {
            0 => {}
            1 => {
                head.aged = true;
                head.date = Some(http_date(server_ms - 3_600_000.0));
            }
            _ => head.date = Some(http_date(server_ms)),
        }
        head
    }

    fn retry_after(&self, after_ms: f64) -> Option<String> {
        let rng = &self.world.rng;
        let seconds = rng.pick(&[0u64, 1, 5, 59, 60, 61, 3_600, 259_200]);
        Some(match rng.below(5) {
            0 => "soon".to_owned(),
            1 => "99999999999999999999999".to_owned(),
            2 => http_date(EPOCH + self.world.time() + after_ms + seconds as f64 * 1000.0),
            _ => seconds.to_string(),
        })
    }
}

/// An HTTP date, made with another algorithm than the one that reads it: day by day.
pub fn http_date(ms: f64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let seconds = (ms / 1000.0).floor() as u64;
    let (days, clock) = (seconds / 86_400, seconds % 86_400);
    let mut rest = days;
    let mut year = 1970;
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while rest >= 365 + u64::from(leap(year)) {
        rest -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while rest >= lengths[month] {
        rest -= lengths[month];
        month += 1;
    }
    format!(
        "{}, {:02} {} {year} {:02}:{:02}:{:02} GMT",
        DAYS[(days % 7) as usize],
        rest + 1,
        MONTHS[month],
        clock / 3600,
        clock / 60 % 60,
        clock % 60
    )
}

/// Whether an answer with this code was paid for, stays true and so is to be kept: by the documents' section 7, not by the
/// client's own list.
pub fn stays_true(status: i64) -> bool {
    status_info(status).is_some_and(|info| {
        info.billed && !matches!(info.kind, Kind::Pending | Kind::Server | Kind::UnknownStatus)
    })
}
