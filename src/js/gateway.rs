//! The gateway, as the face holds it: checks, limits, and calls whose outcome is an HTTP answer.

use super::error_to_js;
use super::host::JsHost;
use crate::api::status::Kind;
use crate::client::call::{Body, Failure};
use crate::client::error::QccError;
use crate::client::relay::{self, Relayed};
use crate::gateway::check::{Asked, Decision, Gate, LOOKED_AT, Refusal};
use crate::gateway::limit::Limiter;
use crate::gateway::redact::without_key;
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// What a gateway lets through, and how often.
#[wasm_bindgen]
#[derive(Debug)]
pub struct CoreGateway {
    gate: Gate,
    limiter: Option<RefCell<Limiter>>,
}

#[wasm_bindgen]
impl CoreGateway {
    /// `most` is of calls per minute and caller; without it nobody is limited.
    ///
    /// # Errors
    /// The fields of a `QccError` where no endpoint has one of the names.
    #[wasm_bindgen(constructor)]
    pub fn new(
        endpoints: Option<Vec<String>>,
        origins: Vec<String>,
        most: Option<u32>,
    ) -> Result<Self, JsValue> {
        let gate = Gate::new(endpoints.as_deref(), origins).map_err(|name| {
            let message =
                ["配置错误 (the option endpoints has ", &name, ", which no endpoint is called)"].concat();
            error_to_js(&QccError::unsent(Kind::Config, &message, "Give names such as getQuota."))
        })?;
        Ok(Self { gate, limiter: most.map(|most| RefCell::new(Limiter::new(most))) })
    }

    /// The request headers that [`CoreGateway::check`] looks at.
    #[wasm_bindgen(js_name = lookedAt)]
    pub fn looked_at() -> Vec<String> {
        LOOKED_AT.map(str::to_owned).into()
    }

    /// `headers` are names and values by turns, in and out. Gives `[httpStatus, body, headers, meta]` for an answer of the
    /// gateway's own, or `[0, endpoint, headers, names]` for a call to be made.
    pub fn check(&self, method: &str, target: &str, headers: Vec<String>) -> Array {
        let pairs: Vec<(String, String)> =
            headers.as_chunks::<2>().0.iter().cloned().map(|[name, value]| (name, value)).collect();
        let checked = self.gate.check(Asked { method, target, headers: &pairs });
        let headers = flat(&checked.headers);
        match checked.decision {
            Decision::Refuse(refusal) => refused(&refusal, &headers),
            Decision::Preflight => Array::of3(&204.into(), &JsValue::NULL, &headers),
            Decision::Forward(endpoint, names) => {
                let list = Array::new();
                for name in names {
                    list.push(&name.into());
                }
                Array::of4(&0.into(), &endpoint.name.into(), &headers, &list)
            }
        }
    }

    /// Counts a call of `caller` at `now`, or gives the refusal; nobody is let in without a `caller`.
    pub fn admit(&self, caller: Option<String>, now: f64) -> Option<Array> {
        let refusal = match (caller, &self.limiter) {
            (None, _) => Refusal::Caller,
            (Some(_), None) => return None,
            (Some(caller), Some(limiter)) => {
                Refusal::TooMany(limiter.borrow_mut().admit(&caller, now).err()?)
            }
        };
        Some(refused(&refusal, &flat(&refusal.headers())))
    }

    /// What is answered where the gateway itself failed.
    pub fn failed() -> Array {
        refused(&Refusal::Inside, &Array::new())
    }
}

/// `[httpStatus, body, headers, meta]`.
fn refused(refusal: &Refusal, headers: &Array) -> Array {
    let error = refusal.error();
    let meta = Relayed::from(&error).to_header();
    Array::of4(&refusal.http_status().into(), &relay::write_error(&error).into(), headers, &meta.into())
}

fn flat(headers: &[(&str, String)]) -> Array {
    let list = Array::new();
    for (name, value) in headers {
        list.push(&(*name).into());
        list.push(&value.into());
    }
    list
}

/// `[httpStatus, body, meta]` of QCC's answer, without the key.
pub fn answer(body: &[u8], relayed: Relayed, key: &str) -> Array {
    match without_key(body, key) {
        Ok(body) => Array::of3(&200.into(), &Uint8Array::from(body.as_slice()), &relayed.to_header().into()),
        // It was read as JSON before.
        Err(malformed) => {
            let error = QccError::unsent(Kind::MalformedResponse, "", "").with_malformed(malformed);
            error_answer(&error, Relayed { failed: true, ..relayed })
        }
    }
}

/// QCC's answer as the platform holds it, or as a store does.
pub fn bytes(body: Body<'_, JsHost>) -> Vec<u8> {
    match body {
        Body::Raw(raw) => Uint8Array::new(raw).to_vec(),
        Body::Text(text) => text.as_bytes().to_vec(),
    }
}

/// What a failed call is answered with: QCC's own answer where there is one, else the error.
pub fn failure(failure: &Failure<JsHost>, key: &str) -> Array {
    let error = &failure.error;
    let relayed = Relayed::from(error);
    match &failure.answer {
        Some(body) => answer(body.as_bytes(), Relayed { failed: false, ..relayed }, key),
        // What something in between has answered is not for everybody to see.
        None => error_answer(&QccError { body: None, ..error.clone() }, relayed),
    }
}

fn error_answer(error: &QccError, relayed: Relayed) -> Array {
    let http_status = match error.kind {
        Kind::Timeout => 504,
        Kind::Config | Kind::InvalidArgument => 500,
        _ => 502,
    };
    Array::of3(&http_status.into(), &relay::write_error(error).into(), &relayed.to_header().into())
}
