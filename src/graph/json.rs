//! Node-link JSON, as D3 and NetworkX read it, and each list of a view as JSON: in JavaScript nothing is quicker to make
//! objects of.

use super::export::{self, EDGE, End, Format, NODE, Value, put, put_escaped};
use super::{CompanyLink, RelationGraph, TimelineUnit};

impl RelationGraph {
    /// The graph as one JSON object: `{"directed":false,"multigraph":false,"graph":{},"nodes":[…],"links":[…]}`. A node has `id` (the
    /// name), `degree`, `relationCount`, `totalWan`, `amountCount`; a link has `source`, `target` (names), `relationCount`, `totalWan`,
    /// `amountCount`, `first`, `last` (ISO text or null) and `sources`. Totals are written with every digit they have.
    pub fn to_json(&self) -> String {
        self.write(&NodeLink)
    }

    /// [`RelationGraph::companies`] as a JSON array: `name`, `degree`, `relationCount`, `totalWan`, `amountCount`.
    pub fn companies_json(&self) -> String {
        let mut out = String::new();
        for node in self.companies() {
            open(&mut out, "name", node.name);
            push_values(&mut out, NODE.into_iter().map(|(name, _)| name).zip(export::node_values(&node)));
        }
        closed(out)
    }

    /// [`RelationGraph::links`], or [`RelationGraph::neighbours`] of one company, as a JSON array: `a`, `b`, `relationCount`,
    /// `totalWan`, `amountCount`, `first`, `last`, `sources`.
    pub fn links_json(&self, of: Option<&str>) -> String {
        let links: Vec<CompanyLink<'_>> = of.map_or_else(|| self.links(), |name| self.neighbours(name));
        let mut out = String::new();
        for link in links {
            open(&mut out, "a", link.a);
            put(&mut out, ",\"b\":");
            push_text(&mut out, link.b);
            push_values(&mut out, EDGE.into_iter().map(|(name, _)| name).zip(export::link_values(&link)));
        }
        closed(out)
    }

    /// [`RelationGraph::components`] as a JSON array of arrays of names.
    pub fn components_json(&self) -> String {
        let mut out = String::new();
        for component in self.components() {
            open_element(&mut out);
            push_texts(&mut out, &component);
        }
        closed(out)
    }

    /// [`RelationGraph::timeline`] as a JSON array: `period` (ISO text or null), `relationCount`, `totalWan`, `amountCount`.
    pub fn timeline_json(&self, unit: TimelineUnit) -> String {
        let mut out = String::new();
        for bucket in self.timeline(unit) {
            open_element(&mut out);
            put(&mut out, "{\"period\":");
            push_value(&mut out, export::period(bucket.period));
            let values = [
                ("relationCount", export::count(bucket.relation_count)),
                ("totalWan", export::number(bucket.total_wan)),
                ("amountCount", export::count(bucket.amount_count)),
            ];
            push_values(&mut out, values.into_iter());
        }
        closed(out)
    }
}

/// What stands before an array's next element.
fn open_element(out: &mut String) {
    let before = if out.is_empty() { "[" } else { "," };
    put(out, before);
}

/// The next object of an array, and its first member.
fn open(out: &mut String, name: &str, text: &str) {
    open_element(out);
    put(out, "{\"");
    put(out, name);
    put(out, "\":");
    push_text(out, text);
}

/// The other members of an object, and its end.
fn push_values<'a>(out: &mut String, values: impl Iterator<Item = (&'a str, Value<'a>)>) {
    for (name, value) in values {
        NodeLink.value(out, "", name, value);
    }
    put(out, "}");
}

fn closed(mut out: String) -> String {
    if out.is_empty() {
        put(&mut out, "[");
    }
    put(&mut out, "]");
    out
}

struct NodeLink;

impl Format for NodeLink {
    fn head(&self, out: &mut String) {
        put(out, "{\"directed\":false,\"multigraph\":false,\"graph\":{},\"nodes\":[");
    }

    fn open_node(&self, out: &mut String, node: End<'_>) {
        put(out, if node.place == 0 { "{\"id\":" } else { ",{\"id\":" });
        push_text(out, node.name);
    }

    fn close_node(&self, out: &mut String) {
        put(out, "}");
    }

    fn middle(&self, out: &mut String) {
        put(out, "],\"links\":[");
    }

    fn open_edge(&self, out: &mut String, place: usize, [a, b]: [End<'_>; 2], _: &str) {
        put(out, if place == 0 { "{\"source\":" } else { ",{\"source\":" });
        push_text(out, a.name);
        put(out, ",\"target\":");
        push_text(out, b.name);
    }

    fn close_edge(&self, out: &mut String) {
        put(out, "}");
    }

    fn tail(&self, out: &mut String) {
        put(out, "]}");
    }

    fn value(&self, out: &mut String, _: &str, name: &str, value: Value<'_>) {
        put(out, ",\"");
        put(out, name);
        put(out, "\":");
        push_value(out, value);
    }
}

fn push_value(out: &mut String, value: Value<'_>) {
    match value {
        Value::Number(number) => put(out, &number),
        Value::Text(Some(text)) => push_text(out, &text),
        Value::Text(None) => put(out, "null"),
        Value::Texts(texts) => push_texts(out, texts),
    }
}

fn push_texts(out: &mut String, texts: &[&str]) {
    put(out, "[");
    for (at, text) in texts.iter().enumerate() {
        put(out, if at == 0 { "" } else { "," });
        push_text(out, text);
    }
    put(out, "]");
}

fn push_text(out: &mut String, text: &str) {
    put(out, "\"");
    put_escaped(out, text, &|c| c < ' ' || c == '"' || c == '\\', &|out, c| {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        match c {
            '"' => put(out, "\\\""),
            '\\' => put(out, "\\\\"),
            c => {
                put(out, if c < '\u{10}' { "\\u000" } else { "\\u001" });
                out.push(char::from(HEX[c as usize & 15]));
            }
        }
    });
    put(out, "\"");
}

#[cfg(test)]
mod tests {
    use crate::api::partnership::RelationRef;
    use crate::graph::{RelationGraph, TimelineUnit, graph_of};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn read(graph: &RelationGraph) -> Value {
        serde_json::from_str(&graph.to_json()).unwrap()
    }

    #[test]
    fn writes_nodes_and_links() {
        let graph =
            graph_of(&[("甲", "乙", ["34.8", "2021-11", "招投标"]), ("乙", "甲", ["", "2020年报", "年报"])]);
        let expected = json!({
            "directed": false, "multigraph": false, "graph": {},
            "nodes": [
                {"id": "乙", "degree": 1, "relationCount": 2, "totalWan": 34.8, "amountCount": 1},
                {"id": "甲", "degree": 1, "relationCount": 2, "totalWan": 34.8, "amountCount": 1},
            ],
            "links": [{"source": "乙", "target": "甲", "relationCount": 2, "totalWan": 34.8, "amountCount": 1,
                       "first": "2020", "last": "2021-11", "sources": ["年报", "招投标"]}],
        });
        assert_eq!(read(&graph), expected);
        let empty = json!({"directed": false, "multigraph": false, "graph": {}, "nodes": [], "links": []});
        assert_eq!(read(&RelationGraph::new()), empty);
    }

    #[test]
    fn writes_each_list() {
        let graph = graph_of(&[
            ("甲", "乙", ["34.8", "2021-11", "招投标"]),
            ("乙", "甲", ["", "2020年报", "年报"]),
            ("丙", "丁", ["-0.5", "", ""]),
        ]);
        let list = |json: String| serde_json::from_str::<Value>(&json).unwrap();
        let node = |name, count, total: f64, amounts| json!({"name": name, "degree": 1, "relationCount": count, "totalWan": total, "amountCount": amounts});
        let nodes =
            [node("丁", 1, -0.5, 1), node("丙", 1, -0.5, 1), node("乙", 2, 34.8, 1), node("甲", 2, 34.8, 1)];
        assert_eq!(list(graph.companies_json()), json!(nodes));
        let links = [
            json!({"a": "丁", "b": "丙", "relationCount": 1, "totalWan": -0.5, "amountCount": 1, "first": null, "last": null, "sources": []}),
            json!({"a": "乙", "b": "甲", "relationCount": 2, "totalWan": 34.8, "amountCount": 1, "first": "2020", "last": "2021-11", "sources": ["年报", "招投标"]}),
        ];
        assert_eq!(list(graph.links_json(None)), json!(links));
        assert_eq!(list(graph.links_json(Some("甲"))), json!(links[1..]));
        assert_eq!(list(graph.components_json()), json!([["丁", "丙"], ["乙", "甲"]]));
        let bucket = |period: Option<&str>, total: Value, amounts| json!({"period": period, "relationCount": 1, "totalWan": total, "amountCount": amounts});
        let buckets = [
            bucket(Some("2020"), json!(0), 0),
            bucket(Some("2021-11"), json!(34.8), 1),
            bucket(None, json!(-0.5), 1),
        ];
        assert_eq!(list(graph.timeline_json(TimelineUnit::Month)), json!(buckets));
        let empty = RelationGraph::new();
        for json in [
            empty.companies_json(),
            empty.links_json(None),
            empty.links_json(Some("甲")),
            empty.components_json(),
            empty.timeline_json(TimelineUnit::Year),
        ] {
            assert_eq!(json, "[]");
        }
    }

    proptest! {
        #[test]
        fn reads_back_any_text(name in "\\PC{0,8}|[\\x00-\\x20\"\\\\]{0,8}", source in any::<String>()) {
            let mut graph = RelationGraph::new();
            let row = RelationRef { company_name: &name, related_company_name: "乙", source: Some(&source), ..Default::default() };
            graph.add(row);
            let link = &read(&graph)["links"][0];
            prop_assert!(link["source"] == name.as_str() || link["target"] == name.as_str());
            let sources: Vec<_> = Some(source).into_iter().filter(|source| !source.is_empty()).collect();
            prop_assert_eq!(&link["sources"], &json!(sources));
        }
    }
}
