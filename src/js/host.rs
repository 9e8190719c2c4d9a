//! The platform's fetch, timers and stores, as the face binds them, behind the client's [`Host`] and [`Store`].

use super::task::{self, Settled, Ticket};
use super::texts_of;
use crate::client::call::{Head, Host, Request, Sent, Store};
use crate::client::event::Event;
use crate::client::network::{Said, judge};
use js_sys::{Array, Uint8Array};
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The face's side: one per client. None of its functions throws, and none settles a ticket of an instance that is dead.
    #[derive(Clone, Debug)]
    pub type Face;

    /// Sends with the headers that sign, and [settles](task::settle) the ticket with the response, its status and its bytes, or with
    /// the errors' list where it came to nothing: the thrown value, then `code, syscall, message` of it and each of its causes.
    /// `token` is where in memory the Token's characters stand, or null behind a gateway: handing over a text costs more.
    #[wasm_bindgen(method)]
    fn send(this: &Face, ticket: u32, url: &str, token: *const u8, timespan: f64) -> Awaited;

    /// `[retryAfter, date, aged, relayed]` of a response, each a text or nothing but the third, which is a boolean.
    #[wasm_bindgen(method)]
    fn head(this: &Face, response: &JsValue) -> Array;

    /// A request that is being sent, or a timer.
    type Awaited;

    /// Whether it is certain that nothing was sent.
    #[wasm_bindgen(method)]
    fn abort(this: &Awaited) -> bool;

    /// Settles the ticket after so many milliseconds.
    #[wasm_bindgen(method)]
    fn sleep(this: &Face, ticket: u32, ms: f64) -> Awaited;

    /// Whether anybody listens to events.
    #[wasm_bindgen(method, getter)]
    fn listens(this: &Face) -> bool;

    /// Tells an [`Event`]. `figures` are its attempt, status, httpStatus, billed (0, 1, or 2 for unknown), durationMs, waitMs
    /// and offsetMs, NaN where there is none.
    #[wasm_bindgen(method)]
    fn event(this: &Face, kind: &str, endpoint: &str, figures: &[f64], message: Option<&str>);

    /// A user's store. Each settles the ticket with what came of it: the text or nothing, or a list with what was thrown.
    #[derive(Clone, Debug)]
    pub type JsStore;

    #[wasm_bindgen(method)]
    fn get(this: &JsStore, ticket: u32, key: &str);

    #[wasm_bindgen(method)]
    fn set(this: &JsStore, ticket: u32, key: &str, value: &str, ttl_ms: Option<f64>);

    /// What the user gave, by which two of these are told apart.
    #[wasm_bindgen(method, getter)]
    fn original(this: &JsStore) -> JsValue;
}

/// A client's host.
#[derive(Debug)]
pub struct JsHost {
    face: Face,
    listens: bool,
}

impl JsHost {
    pub fn new(face: Face) -> Self {
        let listens = face.listens();
        Self { face, listens }
    }
}

/// Aborts what it holds when it is dropped before there is an answer: to abort what has ended makes an error object with a
/// stack for nobody.
struct AbortOnDrop {
    awaited: Option<Awaited>,
    /// Where it is noted whether nothing was sent.
    unsent: Option<Rc<Cell<bool>>>,
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(awaited) = &self.awaited {
            let unsent = awaited.abort();
            if let Some(noted) = &self.unsent {
                noted.set(unsent);
            }
        }
    }
}

impl Host for JsHost {
    type Raw = Uint8Array;
    /// The whole response.
    type Headers = JsValue;
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
        let ticket = Ticket::new();
        let _timer = AbortOnDrop { awaited: Some(self.face.sleep(ticket.number(), ms)), unsent: None };
        ticket.await;
    }

    async fn send(&self, request: Request) -> Sent<Self> {
        let ticket = Ticket::new();
        let signature = request.signature.as_ref();
        let token = signature.map_or(std::ptr::null(), |signature| signature.token_bytes().as_ptr());
        let timespan = signature.map_or(0.0, |signature| signature.timespan() as f64);
        let sending = self.face.send(ticket.number(), &request.url, token, timespan);
        let mut sending = AbortOnDrop { awaited: Some(sending), unsent: Some(request.unsent) };
        let Settled { value, http_status, bytes } = ticket.await;
        let Some(http_status) = http_status else { return failed(value) };
        sending.awaited = None;
        let raw: Uint8Array = bytes.unchecked_into();
        Sent::Response { http_status, headers: value, body: raw.to_vec(), raw }
    }

    fn head(&self, response: &JsValue) -> Head {
        let head = self.face.head(response);
        Head {
            retry_after: head.get(0).as_string(),
            date: head.get(1).as_string(),
            aged: head.get(2).is_truthy(),
            relayed: head.get(3).as_string(),
        }
    }

    fn emit(&self, event: &Event) {
        if self.listens {
            let none = f64::NAN;
            let figures = [
                event.attempt.into(),
                event.status.map_or(none, |status| status as f64),
                event.http_status.map_or(none, f64::from),
                event.billed.map_or(none, |billed| f64::from(billed as u8)),
                event.duration_ms.unwrap_or(none),
                event.wait_ms.unwrap_or(none),
                event.offset_ms.unwrap_or(none),
            ];
            self.face.event(event.kind.name(), &event.endpoint, &figures, event.message.as_deref());
        }
    }

    fn spawn(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        task::spawn(future);
    }
}

fn failed(errors: JsValue) -> Sent<JsHost> {
    let Ok(errors) = errors.dyn_into::<Array>() else {
        return Sent::Failed { seen: judge([]), cause: JsValue::UNDEFINED };
    };
    let texts = texts_of(&errors, 1);
    let chain = texts.as_chunks::<3>().0.iter();
    let seen = judge(chain.map(|[code, syscall, message]| Said { code, syscall, message }));
    Sent::Failed { seen, cause: errors.get(0) }
}

async fn came_of(ticket: Ticket) -> Result<JsValue, JsValue> {
    match ticket.await.value.dyn_into::<Array>() {
        Ok(thrown) => Err(thrown.get(0)),
        Err(found) => Ok(found),
    }
}

impl Store for JsStore {
    type Cause = JsValue;

    async fn get(&self, key: &str) -> Result<Option<String>, JsValue> {
        let ticket = Ticket::new();
        JsStore::get(self, ticket.number(), key);
        came_of(ticket).await.map(|found| found.as_string())
    }

    async fn set(&self, key: &str, value: &str, ttl_ms: Option<f64>) -> Result<(), JsValue> {
        let ticket = Ticket::new();
        JsStore::set(self, ticket.number(), key, value, ttl_ms);
        came_of(ticket).await.map(drop)
    }

    fn is(&self, other: &Self) -> bool {
        js_sys::Object::is(&self.original(), &other.original())
    }
}
