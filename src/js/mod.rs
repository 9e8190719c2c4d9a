//! The only place with `#[wasm_bindgen]`: what the JavaScript face calls, and nothing that decides.
//!
//! The face guards every call into this module: a trap makes it throw the instance away, settle what was under way and go on
//! with a fresh one. That is why tasks are [run from the face](task) and why whatever is waited for here is settled by the
//! face's [host](host), which settles nothing of a dead instance.

mod answer;
mod client;
mod gateway;
mod graph;
mod host;
mod plan;
mod scan;
mod task;

use crate::api::{status, write};
use crate::auth;
use crate::client::error::QccError;
use js_sys::JSON;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// Names that come as one text, which is handed over quicker than many: ASCII's unit separator ends each. No name has one,
/// since the face has seen to that.
fn names_of(text: &str) -> Vec<&str> {
    text.split_terminator('\u{1F}').collect()
}

/// Anything that can be told as a `QccError`, as its fields.
fn thrown(error: impl Into<QccError>) -> JsValue {
    error_to_js(&error.into())
}

/// The fields of a `QccError`, which the face makes one of.
fn error_to_js(error: &QccError) -> JsValue {
    parsed(&error.to_json())
}

/// A small value as plain JavaScript objects.
fn parsed(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or_default()
}

thread_local! {
    /// Whom [`sign`] signs for, and where the face reads a Token from: handing over a `String` costs more than the MD5 itself.
    static SIGNER: RefCell<(Option<auth::Credentials>, [u8; auth::TOKEN_LEN])> =
        const { RefCell::new((None, [0; auth::TOKEN_LEN])) };
}

/// Tells [`sign`] whom to sign for from now on: handing over both texts costs more than the MD5 too.
///
/// # Errors
/// The fields of a `QccError` where one of the two texts cannot sign; then nobody is signed for.
#[wasm_bindgen(js_name = setSigner)]
pub fn set_signer(key: &str, secret_key: &str) -> Result<(), JsValue> {
    SIGNER.with_borrow_mut(|(signer, _)| {
        *signer = None;
        *signer = Some(auth::Credentials::new(key, secret_key).map_err(thrown)?);
        Ok(())
    })
}

/// Signs, and says where in memory the 32 characters of the Token stand until the next call. Zero where there is nobody to
/// sign for.
#[wasm_bindgen]
pub fn sign(timespan: f64) -> *const u8 {
    SIGNER.with_borrow_mut(|(signer, token)| match signer {
        Some(credentials) => {
            *token = *credentials.sign(timespan as u64).token_bytes();
            token.as_ptr()
        }
        None => std::ptr::null(),
    })
}

/// The instance's memory, for reading what is too much to hand over piece by piece.
#[wasm_bindgen(js_name = linearMemory)]
pub fn linear_memory() -> JsValue {
    wasm_bindgen::memory()
}

/// The table's row for a code, or null.
#[wasm_bindgen(js_name = statusInfo)]
pub fn status_info(code: f64) -> JsValue {
    let found = if code.fract() == 0.0 { status::status_info(code as i64) } else { None };
    let Some(info) = found else { return JsValue::NULL };
    let mut out = String::from("{");
    write::number(&mut out, "code", Some(info.code));
    write::text(&mut out, "kind", Some(info.kind.name()));
    write::flag(&mut out, "billed", info.billed);
    write::flag(&mut out, "retryable", info.retryable);
    for (name, text) in [("zh", info.zh), ("en", info.en), ("hint", info.hint)] {
        write::text(&mut out, name, Some(text));
    }
    out.push('}');
    parsed(&out)
}
