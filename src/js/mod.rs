//! The only place with `#[wasm_bindgen]`: what the JavaScript face calls, and nothing that decides.
//!
//! The face guards every call into this module: a trap makes it throw the instance away, settle what was under way and go on
//! with a fresh one. That is why tasks are [run from the face](task) and why whatever is waited for here is settled by the
//! face's [host](host), which settles nothing of a dead instance.

mod answer;
mod client;
mod graph;
mod host;
mod plan;
mod relay;
mod scan;
mod task;

use crate::api::{status, write};
use crate::client::error::QccError;
use crate::text::parted;
use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;

/// Names that come as one text, which is handed over quicker than many: ASCII's unit separator ends each. No name has one,
/// since the face has seen to that.
fn names_of(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((name, others)) = parted(rest, 0x1F) {
        names.push(name);
        rest = others;
    }
    if !rest.is_empty() {
        names.push(rest);
    }
    names
}

/// A text, which comes as a value: of a parameter that is a text the glue and the module each take care on their own, and that
/// weighs more.
fn text_of(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}

/// The texts of an array from some place on.
fn texts_of(list: &Array, from: u32) -> Vec<String> {
    let mut texts = Vec::new();
    for place in from..list.length() {
        texts.push(text_of(&list.get(place)));
    }
    texts
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
    write::number(&mut out, "code", Some(info.code.into()));
    write::text(&mut out, "kind", Some(info.kind.name()));
    write::flag(&mut out, "billed", info.billed);
    write::flag(&mut out, "retryable", info.retryable);
    let words = info.words();
    for (name, text) in [("zh", words.zh), ("en", words.en), ("hint", words.hint)] {
        write::text(&mut out, name, Some(text));
    }
    out.push('}');
    parsed(&out)
}
