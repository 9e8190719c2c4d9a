//! The sandbox for `pkg-template/src/sandbox.js`, which makes requests and responses of it.

use super::{
    Answer, Fault, Options, OptionsError, Request, Sandbox, Stats, Transport, Value, sample_companies,
};
use js_sys::{Array, JSON, Object, Reflect, TypeError};
use wasm_bindgen::prelude::*;

/// See [`Sandbox`].
#[wasm_bindgen(js_name = SandboxCore)]
#[derive(Debug)]
pub struct JsSandbox(Sandbox);

/// See [`Answer`]. To be freed once it is read.
#[wasm_bindgen(js_name = SandboxAnswer)]
#[derive(Debug)]
pub struct JsAnswer(Answer);

#[wasm_bindgen(js_class = SandboxCore)]
impl JsSandbox {
    /// # Errors
    /// A `TypeError` that names the option that cannot be meant.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<JsSandbox, JsValue> {
        let options = if options.is_undefined() { Ok(Options::default()) } else { Options::read(&options) };
        options.and_then(Sandbox::new).map(JsSandbox).map_err(type_error)
    }

    /// See [`Sandbox::set_faults`].
    ///
    /// # Errors
    /// A `TypeError` that names the fault that cannot be meant.
    #[wasm_bindgen(js_name = setFaults)]
    pub fn set_faults(&mut self, faults: JsValue) -> Result<(), JsValue> {
        Fault::read_list(&faults).and_then(|faults| self.0.set_faults(faults)).map_err(type_error)
    }

    /// See [`Sandbox::handle`].
    pub fn handle(
        &mut self,
        method: &str,
        path: &str,
        query: &str,
        token: Option<String>,
        timespan: Option<String>,
        now_ms: f64,
    ) -> JsAnswer {
        let request = Request { method, path, query, token: token.as_deref(), timespan: timespan.as_deref() };
        JsAnswer(self.0.handle(&request, now_ms as u64))
    }

    /// See [`Sandbox::relations_among`]: the text of a JSON list.
    #[wasm_bindgen(js_name = relationsAmong)]
    pub fn relations_among(&self, names: Vec<String>) -> String {
        self.0.relations_among(names.iter().map(String::as_str))
    }

    /// `{ calls, billed, byStatus, repeats? }`.
    pub fn stats(&self) -> Object {
        let Stats { calls, billed, by_outcome, repeats } = self.0.stats();
        let by_status = Object::new();
        for (outcome, count) in by_outcome {
            set(&by_status, &outcome.label(), *count as f64);
        }
        let stats = Object::new();
        set(&stats, "calls", *calls as f64);
        set(&stats, "billed", *billed as f64);
        set(&stats, "byStatus", by_status);
        if let Some(repeats) = repeats {
            set(&stats, "repeats", *repeats as f64);
        }
        stats
    }

    /// See [`Sandbox::reset`].
    pub fn reset(&mut self) {
        self.0.reset();
    }
}

#[wasm_bindgen(js_class = SandboxAnswer)]
impl JsAnswer {
    /// The call's number, the first being 1.
    #[wasm_bindgen(getter)]
    pub fn number(&self) -> f64 {
        self.0.number as f64
    }

    /// The key of `byStatus` under which the call is counted.
    #[wasm_bindgen(getter)]
    pub fn outcome(&self) -> String {
        self.0.outcome.label()
    }

    /// Whether the call counted against the account.
    #[wasm_bindgen(getter)]
    pub fn billed(&self) -> bool {
        self.0.billed
    }

    /// How long the answer is to be held back, in milliseconds.
    #[wasm_bindgen(getter, js_name = delayMs)]
    pub fn delay_ms(&self) -> f64 {
        self.0.delay_ms as f64
    }

    /// Over how long the body arrives, in milliseconds.
    #[wasm_bindgen(getter, js_name = bodyMs)]
    pub fn body_ms(&self) -> f64 {
        self.0.body_ms as f64
    }

    /// The HTTP status.
    #[wasm_bindgen(getter, js_name = httpStatus)]
    pub fn http_status(&self) -> u16 {
        self.0.http_status
    }

    /// The HTTP headers: name, value, name, value …
    #[wasm_bindgen(getter)]
    pub fn headers(&self) -> Vec<String> {
        self.0.headers.iter().flat_map(|(name, value)| [(*name).to_owned(), value.clone()]).collect()
    }

    /// The whole body, in UTF-8.
    #[wasm_bindgen(getter)]
    pub fn body(&self) -> Vec<u8> {
        self.0.body.as_bytes().to_vec()
    }

    /// `deliver`, `refuse`, `reset`, `no-answer`, `cut-body` or `stall-body`.
    #[wasm_bindgen(getter)]
    pub fn transport(&self) -> String {
        let name = match self.0.transport {
            Transport::Deliver => "deliver",
            Transport::Refuse => "refuse",
            Transport::Reset => "reset",
            Transport::NeverAnswer => "no-answer",
            Transport::CutBodyAfter(_) => "cut-body",
            Transport::StallBodyAfter(_) => "stall-body",
        };
        name.to_owned()
    }

    /// How many bytes of the body arrive.
    #[wasm_bindgen(getter)]
    pub fn arriving(&self) -> usize {
        match self.0.transport {
            Transport::Deliver => self.0.body.len(),
            Transport::CutBodyAfter(bytes) | Transport::StallBodyAfter(bytes) => bytes,
            Transport::Refuse | Transport::Reset | Transport::NeverAnswer => 0,
        }
    }
}

/// See [`sample_companies`].
#[wasm_bindgen(js_name = sampleCompanies)]
pub fn sample_companies_js(count: u32, seed: f64) -> Vec<String> {
    sample_companies(count as usize, seed as u64)
}

impl Value for JsValue {
    fn is_undefined(&self) -> bool {
        JsValue::is_undefined(self)
    }

    fn is_null(&self) -> bool {
        JsValue::is_null(self)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn list(&self) -> Option<Vec<Self>> {
        let items = if self.is_object() { js_sys::try_iter(self).ok()?? } else { return None };
        items.collect::<Result<_, _>>().ok()
    }

    fn fields(&self) -> Option<Vec<(String, Self)>> {
        if !self.is_object() || Array::is_array(self) {
            return None;
        }
        let field = |entry: JsValue| {
            let entry = Array::from(&entry);
            Some((entry.get(0).as_string()?, entry.get(1)))
        };
        Object::entries(self.unchecked_ref()).iter().map(field).collect()
    }

    fn json(&self) -> Option<String> {
        JSON::stringify(self).ok()?.as_string()
    }
}

fn type_error(error: OptionsError) -> JsValue {
    TypeError::new(&["qcc-pro/sandbox: ", &error.0].concat()).into()
}

/// An own property of a fresh object, which cannot fail to be set.
fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(object, &JsValue::from_str(name), &value.into());
}
