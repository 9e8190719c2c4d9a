//! The relation graph, as the face holds it.

use super::text_of;
use crate::api::partnership::RelationRef;
use crate::graph::{RelationGraph, TimelineUnit};
use js_sys::Uint32Array;
use wasm_bindgen::prelude::*;

/// Relations and the graph they make. Lists are handed over as JSON.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct CoreGraph(RelationGraph);

impl From<RelationGraph> for CoreGraph {
    fn from(graph: RelationGraph) -> Self {
        Self(graph)
    }
}

#[wasm_bindgen]
impl CoreGraph {
    /// A graph without relations.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds rows of six numbers (companyName, relatedCompanyName, amount, publicDate, source, extra), each that of one of the
    /// different texts, or beyond them where there is none. The texts stand one after another in `texts`, a line break after
    /// each; `lengths` are theirs in UTF-16 units.
    pub fn add(&mut self, texts: JsValue, lengths: Uint32Array, rows: Uint32Array) {
        let texts = text_of(&texts);
        let mut rest = &*texts;
        let mut list = Vec::new();
        for length in lengths.to_vec() {
            let (text, after) = split_at_unit(rest, length);
            rest = after.strip_prefix('\n').unwrap_or(after);
            list.push(text);
        }
        let text = |number: u32| list.get(number as usize).copied();
        for &[company_name, related_company_name, amount, public_date, source, extra] in
            rows.to_vec().as_chunks().0
        {
            self.0.add(RelationRef {
                company_name: text(company_name).unwrap_or_default(),
                related_company_name: text(related_company_name).unwrap_or_default(),
                amount: text(amount),
                public_date: text(public_date),
                source: text(source),
                extra: text(extra),
            });
        }
    }

    /// A list or a file of it. `detail` is the company of which the links are wanted, `month` for a timeline by months, and
    /// anything for CSV with a byte order mark in front.
    pub fn text(&self, what: JsValue, detail: JsValue) -> JsValue {
        let detail = detail.as_string();
        let detail = detail.as_deref();
        let unit = if detail == Some("month") { TimelineUnit::Month } else { TimelineUnit::Year };
        JsValue::from_str(&match &*text_of(&what) {
            "companies" => self.0.companies_json(),
            "links" => self.0.links_json(detail),
            "components" => self.0.components_json(),
            "timeline" => self.0.timeline_json(unit),
            "csv" => self.0.to_csv(detail.is_some()),
            "gexf" => self.0.to_gexf(),
            "graphml" => self.0.to_graphml(),
            _ => self.0.to_json(),
        })
    }
}

/// The text's first `length` UTF-16 units, and the rest.
fn split_at_unit(text: &str, length: u32) -> (&str, &str) {
    let mut units = 0;
    let mut starts = text.char_indices();
    let after = starts.find(|(_, c)| {
        let is_after = units >= length;
        units += c.len_utf16() as u32;
        is_after
    });
    after.and_then(|(at, _)| text.split_at_checked(at)).unwrap_or((text, ""))
}
