//! Answers on their way out: one table of the texts and rows of numbers. The face makes plain objects
//! of it, decoding each text of the table once.

use super::host::JsHost;
use crate::api::endpoint::{Answer, Payload};
pub use crate::api::flat::Names;
use crate::api::flat::{Laid, place_of};
use crate::api::partnership::Partnership;
use crate::api::table::RelationTable;
use crate::client::call::{Body, Meta};
use crate::client::policy::Billed;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The face's function that makes the caller's object: where in memory the [`Head`] stands, and the body.
    #[derive(Clone, Debug)]
    pub type Build;

    #[wasm_bindgen(method, js_name = call)]
    fn build(this: &Build, this_arg: &JsValue, head: *const f64, body: &JsValue) -> JsValue;
}

/// What the head's numbers are, in order; pkg-template/src/answer.js reads them by the same names.
const HEAD: usize = 30;

/// Makes the caller's object of an answer. A row that has one of `names` gets the caller's own spelling.
pub fn deliver(
    build: &Build,
    names: &Names,
    answer: Answer<'_>,
    meta: &Meta,
    body: Body<'_, JsHost>,
) -> JsValue {
    let body = match body {
        Body::Raw(raw) => raw.into(),
        Body::Text(text) => JsValue::from_str(text),
    };
    let mut partnership = Partnership::default();
    let mut small = None;
    match answer.payload {
        Ok(Some(Payload::Relations(relations))) => partnership = *relations,
        Ok(Some(Payload::Members(text))) => small = Some(text),
        Ok(None) | Err(_) => {}
    }
    let texts = partnership.table.strings.flat();
    let members = place_of(texts.push_some(small.as_deref()));
    let extra = place_of(texts.push_some(partnership.extra.to_object().as_deref()));
    let message = place_of(texts.push(&answer.message));
    let request_id = place_of(texts.push_some(answer.request_id.as_deref()));
    let laid = Laid::out(&partnership.table, names);
    let RelationTable { strings, rows, amounts, extras } = &mut partnership.table;
    let texts = strings.flat();
    let billed = match meta.billed {
        Billed::No => 0.0,
        Billed::Yes => 1.0,
        Billed::Unknown => 2.0,
    };
    let head: [f64; HEAD] = [
        answer.status as f64,
        f64::from(meta.attempts),
        billed,
        f64::from(meta.billed_calls),
        f64::from(meta.unknown_calls),
        f64::from(u8::from(meta.from_store)),
        f64::from(meta.http_status),
        meta.duration_ms,
        meta.timespan as f64,
        f64::from(message),
        f64::from(request_id),
        f64::from(members),
        f64::from(extra),
        address(rows),
        rows.len() as f64,
        address(texts.ascii()),
        texts.ascii().len() as f64,
        address(texts.units()),
        texts.units().len() as f64,
        address(texts.ends()),
        texts.ends().len() as f64,
        address(amounts),
        address(laid.periods.as_flattened()),
        laid.periods.as_flattened().len() as f64,
        address(extras.as_flattened()),
        extras.as_flattened().len() as f64,
        address(laid.own.as_flattened()),
        laid.own.as_flattened().len() as f64,
        address(names.places()),
        names.places().len() as f64,
    ];
    build.build(&JsValue::UNDEFINED, head.as_ptr(), &body)
}

fn address<T>(slice: &[T]) -> f64 {
    slice.as_ptr() as usize as f64
}
