//! The graph as a file: what each of the three formats is told, in one order.

use super::{CompanyLink, CompanyNode, RelationGraph};
use crate::api::decimal::Decimal;
use crate::api::partnership::Period;
use crate::api::write::number_text;

/// What kind of value an attribute has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Count,
    Number,
    Text,
    Texts,
}

/// The attributes of a company.
pub(super) const NODE: [(&str, Kind); 4] = [
    ("degree", Kind::Count),
    ("relationCount", Kind::Count),
    ("totalWan", Kind::Number),
    ("amountCount", Kind::Count),
];

/// The attributes of a link.
pub(super) const EDGE: [(&str, Kind); 6] = [
    ("relationCount", Kind::Count),
    ("totalWan", Kind::Number),
    ("amountCount", Kind::Count),
    ("first", Kind::Text),
    ("last", Kind::Text),
    ("sources", Kind::Texts),
];

/// The value of an attribute. A count is a number too; a text that is not known is absent.
pub(super) enum Value<'a> {
    Number(String),
    Text(Option<String>),
    Texts(&'a [&'a str]),
}

/// A company: its place among all, and its name.
#[derive(Clone, Copy)]
pub(super) struct End<'a> {
    pub(super) place: usize,
    pub(super) name: &'a str,
}

/// A format of graph files: what is written where.
pub(super) trait Format {
    fn head(&self, out: &mut String);
    fn open_node(&self, out: &mut String, node: End<'_>);
    fn close_node(&self, out: &mut String);
    /// Between the last node and the first edge.
    fn middle(&self, out: &mut String);
    fn open_edge(&self, out: &mut String, place: usize, ends: [End<'_>; 2], weight: &str);
    fn close_edge(&self, out: &mut String);
    fn tail(&self, out: &mut String);
    /// `class` is `node` or `edge`.
    fn value(&self, out: &mut String, class: &str, name: &str, value: Value<'_>);
}

impl RelationGraph {
    pub(super) fn write(&self, format: &dyn Format) -> String {
        let names = self.names();
        let groups = self.groups(&names, None);
        let mut out = String::new();
        format.head(&mut out);
        for (place, node) in self.nodes(&names, &groups).iter().enumerate() {
            format.open_node(&mut out, End { place, name: node.name });
            for ((name, _), value) in NODE.into_iter().zip(node_values(node)) {
                format.value(&mut out, "node", name, value);
            }
            format.close_node(&mut out);
        }
        format.middle(&mut out);
        for (place, group) in groups.into_iter().enumerate() {
            let places = [group.a as usize, group.b as usize];
            let link = self.link(&names, group);
            let ends = [End { place: places[0], name: link.a }, End { place: places[1], name: link.b }];
            format.open_edge(&mut out, place, ends, &number_text(link.relation_count as u64));
            for ((name, _), value) in EDGE.into_iter().zip(link_values(&link)) {
                format.value(&mut out, "edge", name, value);
            }
            format.close_edge(&mut out);
        }
        format.tail(&mut out);
        out
    }
}

/// The values of [`NODE`].
pub(super) fn node_values(node: &CompanyNode<'_>) -> [Value<'static>; NODE.len()] {
    [count(node.degree), count(node.relation_count), number(node.total_wan), count(node.amount_count)]
}

/// The values of [`EDGE`].
pub(super) fn link_values<'a>(link: &'a CompanyLink<'_>) -> [Value<'a>; EDGE.len()] {
    [
        count(link.relation_count),
        number(link.total_wan),
        count(link.amount_count),
        period(link.first),
        period(link.last),
        Value::Texts(&link.sources),
    ]
}

pub(super) fn period(period: Option<Period>) -> Value<'static> {
    Value::Text(period.map(|period| period.text()))
}

pub(super) fn count(count: usize) -> Value<'static> {
    Value::Number(number_text(count as u64))
}

pub(super) fn number(number: Decimal) -> Value<'static> {
    Value::Number(number.text())
}

/// Appends `text`. Its own function: the standard one is copied to each of its many callers here.
#[inline(never)]
pub(super) fn put(out: &mut String, text: &str) {
    out.push_str(text);
}

/// Appends `text`, but what `is_special` knows as `replace` writes it. Runs of other characters go over whole.
pub(super) fn put_escaped(
    out: &mut String,
    text: &str,
    is_special: &dyn Fn(char) -> bool,
    replace: &dyn Fn(&mut String, char),
) {
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if is_special(c) {
            put(out, text.get(start..at).unwrap_or_default());
            replace(out, c);
            start = at + c.len_utf8();
        }
    }
    put(out, text.get(start..).unwrap_or_default());
}
