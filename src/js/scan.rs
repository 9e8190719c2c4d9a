//! Runs, as the face holds them.

use super::answer::{self, Build, Names};
use super::client::CoreClient;
use super::graph::CoreGraph;
use super::host::{JsHost, JsStore};
use super::plan::{CoreInput, CorePlan};
use super::{error_to_js, task, thrown};
use crate::api::company::CallNames;
use crate::api::endpoint::{Answer, Payload};
use crate::api::envelope::Extra;
use crate::api::partnership::Partnership;
use crate::client::call::{Body, Meta};
use crate::client::error::QccError;
use crate::client::policy::Billed;
use crate::scan::drive::{Drive, Happened, Listener, Settings};
use crate::scan::input::ScanInput;
use crate::scan::run::{Limits, Stopped, Told};
use js_sys::{Array, Float64Array, Function, Uint32Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A run: set up, started once, asked for its report.
#[wasm_bindgen]
#[derive(Debug)]
pub struct CoreScan {
    drive: Rc<RefCell<Begun>>,
}

/// A run begins when its record is read.
#[derive(Debug)]
enum Begun {
    NotYet { stop: Option<Stopped>, listener: Option<(Build, Function)> },
    Yes(Rc<Drive<JsHost>>),
}

#[wasm_bindgen]
impl CoreScan {
    /// A run that has not begun.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self { drive: Rc::new(RefCell::new(Begun::NotYet { stop: None, listener: None })) }
    }

    /// Begins and runs to the end. `settings` are callSize, concurrency, callsPerSecond, maxCalls, the shard's index and count
    /// (negative for none). `begun` is called with the plan once it is known, `progress` whenever something has changed,
    /// `resolve` at the end, `reject` with the fields of a `QccError` where nothing could begin.
    #[expect(clippy::too_many_arguments, reason = "an object would have to be read field by field")]
    pub fn start(
        &self,
        client: &CoreClient,
        input: CoreInput,
        settings: Float64Array,
        store: Option<JsStore>,
        ttl_ms: Option<f64>,
        begun: Function,
        progress: Function,
        resolve: Function,
        reject: Function,
    ) -> u32 {
        let settings = settings.to_vec();
        let setting = |index: usize| settings.get(index).copied().unwrap_or(f64::INFINITY);
        let settings = Settings {
            base_url: client.base_url().to_owned(),
            policy: client.policy(),
            store,
            ttl_ms,
            call_size: setting(0) as u32,
            shard: (setting(4) >= 0.0).then(|| (setting(4) as u64, setting(5) as u64)),
            limits: Limits {
                concurrency: setting(1) as u32,
                calls_per_second: setting(2),
                max_calls: setting(3) as u64,
                bills_per_call: 1,
                has_store: false,
            },
        };
        let client = client.client();
        let state = Rc::clone(&self.drive);
        task::spawn(Box::pin(async move {
            let drive = match Drive::begin(client, input.into_inner(), settings).await {
                Ok(drive) => drive,
                Err(error) => {
                    let _ = reject.call1(&JsValue::UNDEFINED, &thrown(error));
                    return;
                }
            };
            if let Begun::NotYet { stop, listener } = state.replace(Begun::Yes(Rc::clone(&drive))) {
                if let Some(why) = stop {
                    drive.stop(why);
                }
                drive.listen(listener.map(|(build, told)| listen(build, told)));
            }
            let plan = CorePlan::from(drive.run().borrow().plan().clone());
            let _ = begun.call1(&JsValue::UNDEFINED, &plan.into());
            drive
                .go(
                    || JsValue::UNDEFINED,
                    || {
                        // The face's: it does not throw.
                        let _ = progress.call0(&JsValue::UNDEFINED);
                    },
                )
                .await;
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }))
    }

    /// Starts nothing more; what is under way ends by itself, and is kept.
    pub fn stop(&self) {
        let drive = match &mut *self.drive.borrow_mut() {
            Begun::NotYet { stop, .. } => {
                *stop = Some(Stopped::Aborted);
                return;
            }
            Begun::Yes(drive) => Rc::clone(drive),
        };
        drive.stop(Stopped::Aborted);
    }

    /// From here on `build` and `told` get what happens, until they are taken back.
    pub fn listen(&self, build: Option<Build>, told: Option<Function>) {
        let new = build.zip(told);
        let drive = match &mut *self.drive.borrow_mut() {
            Begun::NotYet { listener, .. } => {
                *listener = new;
                return;
            }
            Begun::Yes(drive) => Rc::clone(drive),
        };
        drive.listen(new.map(|(build, told)| listen(build, told)));
    }

    /// One happening was taken.
    pub fn took(&self) {
        if let Some(drive) = self.drive() {
            drive.took();
        }
    }

    /// calls, done, paid, fromStore, failed, relations, etaMs (NaN where unknown).
    pub fn progress(&self, now: f64) -> Float64Array {
        let Some(drive) = self.drive() else { return Float64Array::from(&[][..]) };
        let progress = drive.run().borrow().progress(now);
        let figures = [
            progress.calls as f64,
            progress.done as f64,
            progress.paid as f64,
            progress.from_store as f64,
            progress.failed as f64,
            progress.relations as f64,
            progress.eta_ms.unwrap_or(f64::NAN),
        ];
        Float64Array::from(&figures[..])
    }

    /// Why the run ended before its plan.
    pub fn stopped(&self) -> JsValue {
        let stopped = self.drive().and_then(|drive| drive.run().borrow().stopped());
        stopped.map_or(JsValue::UNDEFINED, |why| why.name().into())
    }

    /// What was found so far, as `build` makes it.
    pub fn relations(&self, build: &Build) -> JsValue {
        let Some(drive) = self.drive() else { return JsValue::UNDEFINED };
        let run = drive.run().borrow();
        let payload = Payload::Relations(Box::new(Partnership {
            table: run.graph().to_table(),
            extra: Extra::default(),
        }));
        let answer =
            Answer { status: 200, message: String::new(), request_id: None, payload: Ok(Some(payload)) };
        answer::deliver(build, &Names::default(), answer, &NO_META, Body::Text(""))
    }

    /// The graph of what was found so far.
    pub fn graph(&self) -> CoreGraph {
        self.drive().map(|drive| drive.run().borrow().graph().clone()).unwrap_or_default().into()
    }

    /// `[positions, error]` of each question that failed for good.
    pub fn failed(&self) -> Array {
        let Some(drive) = self.drive() else { return Array::new() };
        let run = drive.run().borrow();
        let list = Array::new();
        for (companies, error) in run.failed() {
            list.push(&failure(companies, error));
        }
        list
    }

    /// The positions of the companies that QCC does not serve.
    pub fn unsupported(&self) -> JsValue {
        let Some(drive) = self.drive() else { return positions(&[]) };
        let run = drive.run().borrow();
        positions(run.unsupported())
    }

    /// The positions, by twos, of the pairs that no answer covers.
    pub fn uncovered(&self, whole: bool) -> JsValue {
        let mut pairs = Vec::new();
        if let Some(drive) = self.drive() {
            drive.run().borrow().uncovered(whole, |one, other| {
                pairs.extend([one, other]);
                true
            });
        }
        positions(&pairs)
    }
}

impl Default for CoreScan {
    fn default() -> Self {
        Self::new()
    }
}

impl CoreScan {
    fn drive(&self) -> Option<Rc<Drive<JsHost>>> {
        match &*self.drive.borrow() {
            Begun::Yes(drive) => Some(Rc::clone(drive)),
            Begun::NotYet { .. } => None,
        }
    }
}

const NO_META: Meta = Meta {
    attempts: 0,
    billed: Billed::No,
    billed_calls: 0,
    unknown_calls: 0,
    from_store: false,
    http_status: 0,
    duration_ms: 0.0,
    timespan: 0,
};

fn listen(build: Build, told: Function) -> Listener {
    Rc::new(move |happened| {
        // Both are the face's: they queue what they get and do not call back.
        let _ = match happened {
            Happened::Answer(input, companies, answer, meta) => {
                let names = names(input, companies);
                answer::deliver(&build, &names, *answer, meta, Body::Text(""));
                Ok(JsValue::UNDEFINED)
            }
            Happened::Told(_, Told::Failed(companies, error)) => {
                told.call2(&JsValue::UNDEFINED, &"failed".into(), &failure(companies, error))
            }
            Happened::Told(_, Told::Split(companies, parts)) => {
                let what = Array::of2(&positions(companies), &(*parts as u32).into());
                told.call2(&JsValue::UNDEFINED, &"split".into(), &what)
            }
            Happened::Told(_, Told::Unpaid(companies)) => {
                told.call2(&JsValue::UNDEFINED, &"unpaid".into(), &positions(companies))
            }
            Happened::Told(_, Told::Unsupported(company)) => {
                told.call2(&JsValue::UNDEFINED, &"unsupported".into(), &(*company).into())
            }
        };
    })
}

fn names(input: &ScanInput, companies: &[u32]) -> Names {
    let mut names = CallNames::default();
    for &company in companies {
        names.add(input.name(company), company);
    }
    names.into()
}

fn positions(companies: &[u32]) -> JsValue {
    Uint32Array::from(companies).into()
}

fn failure(companies: &[u32], error: &QccError) -> JsValue {
    Array::of2(&positions(companies), &error_to_js(error)).into()
}
