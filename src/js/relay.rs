//! What a call ends in for a gateway (pkg-template/src/gateway.js): what has been paid for and what was answered, as it goes over
//! the wire but for the company's key, which the gateway's own module takes out.

use super::host::JsHost;
use crate::api::status::Kind;
use crate::client::call::{Body, Failure, Meta};
use crate::client::relay::{Relayed, write_error};
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// `[meta, body]` of QCC's answer, as the platform holds it or as a store does.
pub fn answer(meta: &Meta, body: Body<'_, JsHost>) -> JsValue {
    let body = match body {
        Body::Raw(raw) => raw.into(),
        Body::Text(text) => JsValue::from_str(text),
    };
    Array::of2(&Relayed::from(meta).to_header().into(), &body).into()
}

/// `[meta, body]` of QCC's own answer where there is one, else `[meta, error, httpStatus]`.
pub fn failure(failure: Failure<JsHost>) -> JsValue {
    let mut error = failure.error;
    let relayed = Relayed::from(&*error);
    if let Some(body) = failure.answer {
        let meta = Relayed { failed: false, ..relayed }.to_header();
        return Array::of2(&meta.into(), &JsValue::from_str(&body)).into();
    }
    let http_status = match error.kind {
        Kind::Timeout => 504,
        Kind::Config | Kind::InvalidArgument => 500,
        _ => 502,
    };
    // What something in between has answered is not for everybody to see.
    error.body = None;
    let error = write_error(&error);
    Array::of3(&relayed.to_header().into(), &error.into(), &http_status.into()).into()
}
