//! Node-link JSON, as D3 and NetworkX read it.

use super::{RelationGraph, push_number};

impl RelationGraph {
    /// The graph as one JSON object: `{"directed":false,"multigraph":false,"graph":{},"nodes":[…],"links":[…]}`. A node has `id` (the
    /// name), `degree`, `relationCount`, `totalWan`, `amountCount`; a link has `source`, `target` (names), `relationCount`, `totalWan`,
    /// `amountCount`, `first`, `last` (ISO text or null) and `sources`. Totals are written with every digit they have.
    pub fn to_json(&self) -> String {
        let names = self.names();
        let groups = self.groups(&names, None);
        let mut out = String::from("{\"directed\":false,\"multigraph\":false,\"graph\":{},\"nodes\":[");
        for (place, node) in self.nodes(&names, &groups).iter().enumerate() {
            out.push_str(if place == 0 { "{\"id\":" } else { ",{\"id\":" });
            push_text(&mut out, node.name);
            out.push_str(",\"degree\":");
            push_number(&mut out, node.degree);
            out.push_str(",\"relationCount\":");
            push_number(&mut out, node.relation_count);
            out.push_str(",\"totalWan\":");
            out.push_str(&node.total_wan.text());
            out.push_str(",\"amountCount\":");
            push_number(&mut out, node.amount_count);
            out.push('}');
        }
        out.push_str("],\"links\":[");
        for (place, group) in groups.into_iter().enumerate() {
            let link = self.link(&names, group);
            out.push_str(if place == 0 { "{\"source\":" } else { ",{\"source\":" });
            push_text(&mut out, link.a);
            out.push_str(",\"target\":");
            push_text(&mut out, link.b);
            out.push_str(",\"relationCount\":");
            push_number(&mut out, link.relation_count);
            out.push_str(",\"totalWan\":");
            out.push_str(&link.total_wan.text());
            out.push_str(",\"amountCount\":");
            push_number(&mut out, link.amount_count);
            for (key, period) in [(",\"first\":", link.first), (",\"last\":", link.last)] {
                out.push_str(key);
                match period {
                    Some(period) => push_text(&mut out, &period.text()),
                    None => out.push_str("null"),
                }
            }
            out.push_str(",\"sources\":[");
            for (place, source) in link.sources.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { "," });
                push_text(&mut out, source);
            }
            out.push_str("]}");
        }
        out.push_str("]}");
        out
    }
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{0}'..='\u{1f}' => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.push_str(if c < '\u{10}' { "\\u000" } else { "\\u001" });
                out.push(char::from(HEX[c as usize & 15]));
            }
            c => out.push(c),
        }
    }
    out.push('"');
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
