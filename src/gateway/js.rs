//! The gateway, as the face holds it (pkg-template/src/gateway.js): checks, limits, and answers without the company's key. A
//! WebAssembly module of its own (feature `gateway`), which no page needs; the calls are made in the client's.

use super::check::{Asked, Decision, Gate, LOOKED_AT, Refusal};
use super::limit::Limiter;
use super::redact::without_key;
use crate::api::status::Kind;
use crate::client::error::QccError;
use crate::client::relay::{self, Relayed};
use js_sys::{Array, JSON, Uint8Array};
use std::cell::RefCell;
use std::fmt;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// What a gateway lets through, how often, and what it leaves out of answers.
#[wasm_bindgen]
pub struct CoreGateway {
    gate: Gate,
    limiter: Option<RefCell<Limiter>>,
    key: Zeroizing<String>,
}

impl fmt::Debug for CoreGateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoreGateway").field("gate", &self.gate).finish_non_exhaustive()
    }
}

#[wasm_bindgen]
impl CoreGateway {
    /// `most` is of calls per minute and caller; without it nobody is limited. `key` is the company's, as it was given.
    ///
    /// # Errors
    /// The fields of a `QccError` where no endpoint has one of the names.
    #[wasm_bindgen(constructor)]
    pub fn new(
        endpoints: Option<Vec<String>>,
        origins: Vec<String>,
        most: Option<u32>,
        key: &str,
    ) -> Result<Self, JsValue> {
        let gate = Gate::new(endpoints.as_deref(), origins).map_err(|name| {
            let message =
                ["配置错误 (the option endpoints has ", &name, ", which no endpoint is called)"].concat();
            fields(&QccError::unsent(Kind::Config, &message, "Give names such as getQuota."))
        })?;
        let limiter = most.map(|most| RefCell::new(Limiter::new(most)));
        // As `Credentials` cut it before it was sent.
        Ok(Self { gate, limiter, key: Zeroizing::new(key.trim().to_owned()) })
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

    /// `[httpStatus, body, meta]` of QCC's answer, without the key. `meta` is what the client's module told beside it.
    pub fn answer(&self, body: &[u8], meta: &str) -> Array {
        match without_key(body, &self.key) {
            Ok(body) => Array::of3(&200.into(), &Uint8Array::from(body.as_slice()), &meta.into()),
            // It was read as JSON before.
            Err(malformed) => {
                let error = QccError::unsent(Kind::MalformedResponse, "", "").with_malformed(malformed);
                let relayed = Relayed { failed: true, ..Relayed::from_header(meta).unwrap_or_default() };
                Array::of3(&502.into(), &relay::write_error(&error).into(), &relayed.to_header().into())
            }
        }
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

/// The fields of a `QccError`, which the face makes one of.
fn fields(error: &QccError) -> JsValue {
    JSON::parse(&error.to_json()).unwrap_or_default()
}
