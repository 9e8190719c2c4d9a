//! Answers on their way out: one table of the different texts, in UTF-16, and rows of numbers. The face makes plain objects
//! of it, decoding each different text once.

use super::host::JsHost;
use crate::api::company::{CallNames, normalise};
use crate::api::decimal::Decimal;
use crate::api::endpoint::{Answer, Payload};
use crate::api::envelope::Extra;
use crate::api::partnership::Period;
use crate::api::table::{NONE, RelationTable, Row};
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
const HEAD: usize = 23;

/// Texts in UTF-16, one after another, with their ends.
#[derive(Default)]
struct Texts {
    units: Vec<u16>,
    ends: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &str) -> u32 {
        self.units.extend(text.encode_utf16());
        self.ends.push(self.units.len() as u32);
        self.ends.len() as u32 - 1
    }

    fn push_some(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NONE, |text| self.push(text))
    }
}

/// The companies of a call as they were sent, and where in the caller's list each stood first.
#[derive(Default)]
pub struct Names {
    sent: Vec<String>,
    places: Vec<u32>,
}

impl From<CallNames> for Names {
    fn from(names: CallNames) -> Self {
        Self {
            sent: names.names().iter().map(|name| name.as_str().to_owned()).collect(),
            places: names.places().iter().map(|&place| place as u32).collect(),
        }
    }
}

impl Names {
    /// Companies as they were sent, and where each stands in the caller's list.
    pub fn new(sent: Vec<String>, places: Vec<u32>) -> Self {
        Self { sent, places }
    }

    /// The place in the caller's list of the name that `text` is.
    fn place(&self, text: &str) -> Option<u32> {
        let index = self.sent.iter().position(|name| name == text).or_else(|| {
            let normal = normalise(text);
            self.sent.iter().position(|name| *name == normal)
        })?;
        self.places.get(index).copied()
    }
}

/// Makes the caller's object of an answer. A row that has one of `names` gets the caller's own spelling.
pub fn deliver(
    build: &Build,
    names: &Names,
    answer: &Answer<'_>,
    meta: &Meta,
    body: Body<'_, JsHost>,
) -> JsValue {
    let body = match body {
        Body::Raw(raw) => raw.into(),
        Body::Text(text) => JsValue::from_str(text),
    };
    let mut texts = Texts::default();
    let mut table = Derived::default();
    let mut rows: &[Row] = &[];
    let mut members = NONE;
    let mut extra = NONE;
    match &answer.payload {
        Ok(Some(Payload::Relations(partnership))) => {
            table = Derived::of(&partnership.table, names, &mut texts);
            rows = &partnership.table.rows;
            extra = texts.push_some(Extra::to_object(&partnership.extra).as_deref());
        }
        Ok(Some(Payload::Members(text))) => members = texts.push(text),
        Ok(None) | Err(_) => {}
    }
    let message = texts.push(&answer.message);
    let request_id = texts.push_some(answer.request_id.as_deref());
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
        address(&texts.units),
        address(&texts.ends),
        texts.ends.len() as f64,
        address(&table.own),
        address(&table.amounts),
        address(&table.periods),
        address(&names.places),
        names.places.len() as f64,
    ];
    build.build(&JsValue::UNDEFINED, head.as_ptr(), &body)
}

fn address<T>(slice: &[T]) -> f64 {
    slice.as_ptr() as usize as f64
}

/// What is derived of each text, once, whatever the number of rows that have it.
#[derive(Default)]
struct Derived {
    /// The place in the caller's list of the name it is, or -1.
    own: Vec<i32>,
    /// `amountWan`, or NaN.
    amounts: Vec<f64>,
    /// `period` as year · 10,000 + month · 100 + day, or 0.
    periods: Vec<u32>,
}

impl Derived {
    fn of(table: &RelationTable<'_>, names: &Names, texts: &mut Texts) -> Self {
        const IS_NAME: u8 = 1;
        const IS_AMOUNT: u8 = 2;
        const IS_DATE: u8 = 4;
        let mut uses = vec![0u8; table.strings.len()];
        for row in &table.rows {
            let fields = [
                (row.company_name, IS_NAME),
                (row.related_company_name, IS_NAME),
                (row.amount, IS_AMOUNT),
                (row.public_date, IS_DATE),
            ];
            for (id, usage) in fields {
                if let Some(uses) = uses.get_mut(id as usize) {
                    *uses |= usage;
                }
            }
        }
        let mut derived = Self::default();
        for (text, uses) in table.strings.iter().zip(uses) {
            let own = if uses & IS_NAME != 0 { names.place(text) } else { None };
            // The caller's own spelling is a string already.
            texts.push(if uses == IS_NAME && own.is_some() { "" } else { text });
            derived.own.push(own.map_or(-1, |place| place as i32));
            let amount = if uses & IS_AMOUNT != 0 { Decimal::parse(text) } else { None };
            derived.amounts.push(amount.map_or(f64::NAN, |amount| amount.to_f64()));
            let period = if uses & IS_DATE != 0 { Period::parse(text) } else { None };
            derived.periods.push(period.map_or(0, packed));
        }
        derived
    }
}

fn packed(period: Period) -> u32 {
    let part = |part: Option<u8>| u32::from(part.unwrap_or_default());
    u32::from(period.year) * 10_000 + part(period.month) * 100 + part(period.day)
}
