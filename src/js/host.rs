//! The platform's fetch, timers and stores, as the face binds them, behind the client's [`Host`] and [`Store`].

use super::task;
use super::to_js;
use crate::client::call::{Head, Host, Request, Sent, Store};
use crate::client::event::Event;
use crate::client::network::{Said, judge};
use gloo_net::http::Headers;
use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    /// The face's side: one per client. None of its functions throws, and none of its promises settles once the instance
    /// they belong to is dead.
    #[derive(Clone, Debug)]
    pub type Face;

    /// A promise of `[httpStatus, retryAfter, date, aged, arrayBuffer, relayed]`, or of the errors' list where it came to nothing:
    /// the thrown value, then `code, syscall, message` of it and each of its causes.
    #[wasm_bindgen(method)]
    fn send(this: &Face, url: &str, headers: web_sys::Headers, abort: &AbortController) -> Promise;

    #[wasm_bindgen(method)]
    fn sleep(this: &Face, ms: f64) -> Timer;

    /// Whether anybody listens to events.
    #[wasm_bindgen(method, getter)]
    fn listens(this: &Face) -> bool;

    #[wasm_bindgen(method)]
    fn event(this: &Face, event: JsValue);

    /// A timer's `promise`, and `cancel`, which settles it too: a promise that never settles would never be freed.
    type Timer;

    #[wasm_bindgen(method, getter)]
    fn promise(this: &Timer) -> Promise;

    #[wasm_bindgen(method)]
    fn cancel(this: &Timer);

    /// A user's store, its functions made to return promises.
    #[derive(Clone, Debug)]
    pub type JsStore;

    #[wasm_bindgen(method)]
    fn get(this: &JsStore, key: &str) -> Promise;

    #[wasm_bindgen(method)]
    fn set(this: &JsStore, key: &str, value: &str, ttl_ms: Option<f64>) -> Promise;

    /// What the user gave, by which two of these are told apart.
    #[wasm_bindgen(method, getter)]
    fn original(this: &JsStore) -> JsValue;
}

/// A client's host.
#[derive(Debug)]
pub struct JsHost {
    face: Face,
    /// Header names and values, checked by the face.
    headers: Vec<(String, String)>,
}

impl JsHost {
    pub fn new(face: Face, headers: Vec<(String, String)>) -> Self {
        Self { face, headers }
    }
}

/// Aborts what it holds when it is dropped before it is done.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct CancelOnDrop(Timer);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Host for JsHost {
    type Raw = ArrayBuffer;
    type Cause = JsValue;
    type Value = JsValue;
    type Store = JsStore;

    fn now(&self) -> f64 {
        js_sys::Date::now()
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    async fn sleep(&self, ms: f64) {
        let timer = CancelOnDrop(self.face.sleep(ms));
        let _ = JsFuture::from(timer.0.promise()).await;
    }

    async fn send(&self, request: Request) -> Sent<Self> {
        let headers = Headers::new();
        headers.set("Accept", "application/json");
        for (name, value) in &self.headers {
            headers.set(name, value);
        }
        if let Some(signature) = &request.signature {
            headers.set("Token", signature.token());
            headers.set("Timespan", &signature.timespan().to_string());
        }
        let Ok(abort) = AbortController::new() else {
            return Sent::Failed { seen: judge([not_sent()]), cause: JsValue::UNDEFINED };
        };
        let abort = AbortOnDrop(abort);
        let answer = JsFuture::from(self.face.send(&request.url, headers.into_raw(), &abort.0)).await;
        match answer.map(JsCast::dyn_into::<Array>) {
            Ok(Ok(answer)) => received(&answer),
            _ => Sent::Failed { seen: judge([]), cause: JsValue::UNDEFINED },
        }
    }

    fn emit(&self, event: &Event) {
        if self.face.listens() {
            self.face.event(to_js(event));
        }
    }

    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        task::spawn(future);
    }
}

fn not_sent() -> Said<'static> {
    Said { code: "QCC_PRO_NOT_SENT", ..Said::default() }
}

fn received(answer: &Array) -> Sent<JsHost> {
    if let Ok(raw) = answer.get(4).dyn_into::<ArrayBuffer>() {
        return Sent::Response {
            http_status: answer.get(0).as_f64().unwrap_or_default() as u16,
            head: Head {
                retry_after: answer.get(1).as_string(),
                date: answer.get(2).as_string(),
                aged: answer.get(3).is_truthy(),
                relayed: answer.get(5).as_string(),
            },
            body: Uint8Array::new(&raw).to_vec(),
            raw,
        };
    }
    let texts: Vec<String> = answer.iter().skip(1).map(|text| text.as_string().unwrap_or_default()).collect();
    let chain = texts.as_chunks::<3>().0.iter();
    let seen = judge(chain.map(|[code, syscall, message]| Said { code, syscall, message }));
    Sent::Failed { seen, cause: answer.get(0) }
}

impl Store for JsStore {
    type Cause = JsValue;

    async fn get(&self, key: &str) -> Result<Option<String>, JsValue> {
        Ok(JsFuture::from(JsStore::get(self, key)).await?.as_string())
    }

    async fn set(&self, key: &str, value: &str, ttl_ms: Option<f64>) -> Result<(), JsValue> {
        JsFuture::from(JsStore::set(self, key, value, ttl_ms)).await.map(drop)
    }

    fn is(&self, other: &Self) -> bool {
        js_sys::Object::is(&self.original(), &other.original())
    }
}
