//! Plans, as the face holds them: it keeps the names, here are their positions.

use super::{names_of, text_of, thrown};
use crate::plan::CallPlan;
use crate::scan::input::{ScanInput, Shape};
use js_sys::{Float64Array, Uint32Array};
use wasm_bindgen::prelude::*;

/// Which pairs are asked for, and of whom.
#[wasm_bindgen]
#[derive(Debug)]
pub struct CoreInput(ScanInput);

#[wasm_bindgen]
impl CoreInput {
    /// `shape` is `among`, `between`, `hub` or `pairs`; `first` is how many names the first of two lists has.
    ///
    /// # Errors
    /// The fields of a `QccError` naming the first name that cannot be sent.
    #[wasm_bindgen(constructor)]
    pub fn new(shape: JsValue, first: u32, names: JsValue, known: JsValue) -> Result<Self, JsValue> {
        let (shape, names, known) = (text_of(&shape), text_of(&names), text_of(&known));
        let shape = match &*shape {
            "between" => Shape::Between(first as usize),
            "hub" => Shape::Hub,
            "pairs" => Shape::Pairs,
            _ => Shape::Among,
        };
        ScanInput::new(shape, names_of(&names), names_of(&known)).map(Self).map_err(thrown)
    }

    /// The caller's spelling of the name at a position, where the face has changed it.
    pub fn spell(&mut self, position: u32, spelling: JsValue) {
        self.0.spell(position, text_of(&spelling));
    }

    /// The plan for it.
    ///
    /// # Errors
    /// The fields of a `QccError`.
    pub fn plan(&self, call_size: u32) -> Result<CorePlan, JsValue> {
        self.0.plan(call_size).map(CorePlan).map_err(thrown)
    }
}

impl CoreInput {
    /// What it holds.
    pub fn into_inner(self) -> ScanInput {
        self.0
    }
}

/// The calls that cover every pair.
#[wasm_bindgen]
#[derive(Debug)]
pub struct CorePlan(CallPlan);

impl From<CallPlan> for CorePlan {
    fn from(plan: CallPlan) -> Self {
        Self(plan)
    }
}

#[wasm_bindgen]
impl CorePlan {
    /// companies, pairs, calls, lowerBound, naiveCalls.
    pub fn figures(&self) -> Float64Array {
        let plan = &self.0;
        let figures = [
            f64::from(plan.companies()),
            plan.pairs() as f64,
            plan.calls() as f64,
            plan.lower_bound() as f64,
            plan.naive_calls() as f64,
        ];
        Float64Array::from(&figures[..])
    }

    /// The construction that won, in words.
    pub fn method(&self) -> JsValue {
        JsValue::from_str(&self.0.method())
    }

    /// The positions of a call's names.
    ///
    /// # Errors
    /// The fields of a `QccError` where there is no such call.
    pub fn call(&self, index: f64) -> Result<Uint32Array, JsValue> {
        self.0.call(index as u64).map(|call| Uint32Array::from(&*call)).map_err(thrown)
    }

    /// Up to `count` calls from number `first` on, one after another: how many names, then their positions.
    pub fn list(&self, first: f64, count: u32) -> Uint32Array {
        let mut out = Vec::new();
        for index in (first as u64..).take(count as usize) {
            let start = out.len();
            out.push(0);
            if self.0.append(index, &mut out).is_err() {
                out.truncate(start);
                break;
            }
            let names = (out.len() - start - 1) as u32;
            if let Some(slot) = out.get_mut(start) {
                *slot = names;
            }
        }
        Uint32Array::from(&*out)
    }

    /// Part `index` of `count`.
    ///
    /// # Errors
    /// The fields of a `QccError` unless `index` is below `count`.
    pub fn shard(&self, index: f64, count: f64) -> Result<CorePlan, JsValue> {
        self.0.shard(index as u64, count as u64).map(CorePlan).map_err(thrown)
    }
}
