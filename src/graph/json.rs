//! Node-link JSON, as D3 and NetworkX read it.

use super::RelationGraph;
use super::export::{End, Format, Value, put};

impl RelationGraph {
    /// The graph as one JSON object: `{"directed":false,"multigraph":false,"graph":{},"nodes":[…],"links":[…]}`. A node has `id` (the
    /// name), `degree`, `relationCount`, `totalWan`, `amountCount`; a link has `source`, `target` (names), `relationCount`, `totalWan`,
    /// `amountCount`, `first`, `last` (ISO text or null) and `sources`. Totals are written with every digit they have.
    pub fn to_json(&self) -> String {
        self.write(&NodeLink)
    }
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
        match value {
            Value::Number(number) => put(out, &number),
            Value::Text(Some(text)) => push_text(out, &text),
            Value::Text(None) => put(out, "null"),
            Value::Texts(texts) => {
                put(out, "[");
                for (at, text) in texts.iter().enumerate() {
                    put(out, if at == 0 { "" } else { "," });
                    push_text(out, text);
                }
                put(out, "]");
            }
        }
    }
}

fn push_text(out: &mut String, text: &str) {
    put(out, "\"");
    for c in text.chars() {
        match c {
            '"' => put(out, "\\\""),
            '\\' => put(out, "\\\\"),
            '\u{0}'..='\u{1f}' => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                put(out, if c < '\u{10}' { "\\u000" } else { "\\u001" });
                out.push(char::from(HEX[c as usize & 15]));
            }
            c => out.push(c),
        }
    }
    put(out, "\"");
}

#[cfg(test)]
mod tests {
    use crate::api::partnership::RelationRef;
    use crate::graph::{RelationGraph, graph_of};
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
