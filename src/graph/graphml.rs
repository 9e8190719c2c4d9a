//! GraphML, as igraph, Cytoscape, yEd, NetworkX, graphology and Gephi read it (<http://graphml.graphdrawing.org>).

use super::export::{EDGE, End, Format, Kind, NODE, Value, put};
use super::{RelationGraph, xml};
use crate::api::write::number_text;
use crate::text::joined;

impl RelationGraph {
    /// The graph as GraphML: a node for each company (`n0`, `n1` …, as the schema allows no blanks and brackets in an
    /// identifier; its name is the attribute `name`) and an undirected edge for each link, weighted by the number of its
    /// relations. Attributes are those of [`super::CompanyNode`] and [`super::CompanyLink`], periods as ISO text, sources
    /// joined by `; `; one that is not known is left out.
    pub fn to_graphml(&self) -> String {
        self.write(&GraphMl)
    }
}

struct GraphMl;

/// A node's name is there twice: igraph and Cytoscape look for `name`, Gephi and sigma for `label`.
const NAMES: [(&str, Kind); 2] = [("name", Kind::Text), ("label", Kind::Text)];
const WEIGHT: [(&str, Kind); 1] = [("weight", Kind::Number)];

impl Format for GraphMl {
    fn head(&self, out: &mut String) {
        put(out, xml::HEAD);
        put(
            out,
            "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n",
        );
        let classes = [("node", &NAMES[..]), ("node", &NODE), ("edge", &WEIGHT), ("edge", &EDGE)];
        for (class, attributes) in classes {
            for (name, kind) in attributes {
                put(out, "<key id=\"");
                push_key(out, class, name);
                put(out, "\" for=\"");
                put(out, class);
                put(out, "\" attr.name=\"");
                put(out, name);
                put(out, "\" attr.type=\"");
                put(
                    out,
                    match kind {
                        Kind::Count => "int",
                        Kind::Number => "double",
                        Kind::Text | Kind::Texts => "string",
                    },
                );
                put(out, "\"/>\n");
            }
        }
        put(out, "<graph id=\"relations\" edgedefault=\"undirected\">\n");
    }

    fn open_node(&self, out: &mut String, node: End<'_>) {
        put(out, "<node id=\"n");
        put(out, &number_text(node.place as u64));
        put(out, "\">");
        for (key, _) in NAMES {
            push_data(out, "node", key, node.name);
        }
    }

    fn close_node(&self, out: &mut String) {
        put(out, "</node>\n");
    }

    fn middle(&self, _: &mut String) {}

    fn open_edge(&self, out: &mut String, place: usize, [a, b]: [End<'_>; 2], weight: &str) {
        put(out, "<edge id=\"e");
        put(out, &number_text(place as u64));
        put(out, "\" source=\"n");
        put(out, &number_text(a.place as u64));
        put(out, "\" target=\"n");
        put(out, &number_text(b.place as u64));
        put(out, "\">");
        push_data(out, "edge", "weight", weight);
    }

    fn close_edge(&self, out: &mut String) {
        put(out, "</edge>\n");
    }

    fn tail(&self, out: &mut String) {
        put(out, "</graph>\n</graphml>\n");
    }

    fn value(&self, out: &mut String, class: &str, name: &str, value: Value<'_>) {
        let text = match value {
            Value::Number(text) | Value::Text(Some(text)) => text,
            Value::Text(None) | Value::Texts([]) => return,
            Value::Texts(texts) => joined(texts, "; "),
        };
        push_data(out, class, name, &text);
    }
}

/// Nodes and edges have attributes of the same name, and keys are unique.
fn push_key(out: &mut String, class: &str, name: &str) {
    put(out, class);
    put(out, "-");
    put(out, name);
}

fn push_data(out: &mut String, class: &str, name: &str, text: &str) {
    put(out, "<data key=\"");
    push_key(out, class, name);
    put(out, "\">");
    xml::push(out, text);
    put(out, "</data>");
}

#[cfg(test)]
mod tests {
    use crate::graph::graph_of;

    #[test]
    fn writes_nodes_and_edges() {
        let graphml = graph_of(&[
            ("甲", "乙", ["34.8", "2021-11", "招投标"]),
            ("乙", "甲", ["", "2020年报", "<年报>"]),
            ("甲", "A & B", ["", "", ""]),
        ])
        .to_graphml();
        for line in [
            r#"<node id="n0"><data key="node-name">A &amp; B</data><data key="node-label">A &amp; B</data><data key="node-degree">1</data><data key="node-relationCount">1</data><data key="node-totalWan">0</data><data key="node-amountCount">0</data></node>"#,
            r#"<edge id="e0" source="n0" target="n2"><data key="edge-weight">1</data><data key="edge-relationCount">1</data><data key="edge-totalWan">0</data><data key="edge-amountCount">0</data></edge>"#,
            r#"<edge id="e1" source="n1" target="n2"><data key="edge-weight">2</data><data key="edge-relationCount">2</data><data key="edge-totalWan">34.8</data><data key="edge-amountCount">1</data><data key="edge-first">2020</data><data key="edge-last">2021-11</data><data key="edge-sources">&lt;年报&gt;; 招投标</data></edge>"#,
        ] {
            assert!(graphml.contains(line), "{line}\n{graphml}");
        }
    }
}
