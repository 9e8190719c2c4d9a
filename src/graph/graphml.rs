//! GraphML, as igraph, Cytoscape, yEd, NetworkX, graphology and Gephi read it (<http://graphml.graphdrawing.org>).

use super::{RelationGraph, push_number, xml};

/// Keys begin with the element they are for, as both have some of the same name. A node's name is there twice: igraph and
/// Cytoscape look for `name`, Gephi and sigma for `label`.
const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
<key id="n-name" for="node" attr.name="name" attr.type="string"/>
<key id="n-label" for="node" attr.name="label" attr.type="string"/>
<key id="n-degree" for="node" attr.name="degree" attr.type="int"/>
<key id="n-relationCount" for="node" attr.name="relationCount" attr.type="int"/>
<key id="n-totalWan" for="node" attr.name="totalWan" attr.type="double"/>
<key id="n-amountCount" for="node" attr.name="amountCount" attr.type="int"/>
<key id="e-weight" for="edge" attr.name="weight" attr.type="double"/>
<key id="e-relationCount" for="edge" attr.name="relationCount" attr.type="int"/>
<key id="e-totalWan" for="edge" attr.name="totalWan" attr.type="double"/>
<key id="e-amountCount" for="edge" attr.name="amountCount" attr.type="int"/>
<key id="e-first" for="edge" attr.name="first" attr.type="string"/>
<key id="e-last" for="edge" attr.name="last" attr.type="string"/>
<key id="e-sources" for="edge" attr.name="sources" attr.type="string"/>
<graph id="relations" edgedefault="undirected">
"#;

impl RelationGraph {
    /// The graph as GraphML: a node for each company (`n0`, `n1` …, as the schema allows no blanks and brackets in an
    /// identifier; its name is the attribute `name`) and an undirected edge for each link, weighted by the number of its
    /// relations. Attributes are those of [`super::CompanyNode`] and [`super::CompanyLink`], periods as ISO text, sources
    /// joined by `; `; one that is not known is left out.
    pub fn to_graphml(&self) -> String {
        let names = self.names();
        let groups = self.groups(&names, None);
        let mut out = String::from(HEAD);
        for (place, node) in self.nodes(&names, &groups).iter().enumerate() {
            out.push_str("<node id=\"n");
            push_number(&mut out, place);
            out.push_str("\">");
            push_data(&mut out, "n-name", node.name);
            push_data(&mut out, "n-label", node.name);
            push_count(&mut out, "n-degree", node.degree);
            push_count(&mut out, "n-relationCount", node.relation_count);
            push_data(&mut out, "n-totalWan", &node.total_wan.text());
            push_count(&mut out, "n-amountCount", node.amount_count);
            out.push_str("</node>\n");
        }
        for (id, group) in groups.into_iter().enumerate() {
            out.push_str("<edge id=\"e");
            push_number(&mut out, id);
            out.push_str("\" source=\"n");
            push_number(&mut out, group.a as usize);
            out.push_str("\" target=\"n");
            push_number(&mut out, group.b as usize);
            out.push_str("\">");
            let link = self.link(&names, group);
            push_count(&mut out, "e-weight", link.relation_count);
            push_count(&mut out, "e-relationCount", link.relation_count);
            push_data(&mut out, "e-totalWan", &link.total_wan.text());
            push_count(&mut out, "e-amountCount", link.amount_count);
            for (key, period) in [("e-first", link.first), ("e-last", link.last)] {
                if let Some(period) = period {
                    push_data(&mut out, key, &period.text());
                }
            }
            if !link.sources.is_empty() {
                push_data(&mut out, "e-sources", &link.sources.join("; "));
            }
            out.push_str("</edge>\n");
        }
        out.push_str("</graph>\n</graphml>\n");
        out
    }
}

fn push_count(out: &mut String, key: &str, count: usize) {
    let mut text = String::new();
    push_number(&mut text, count);
    push_data(out, key, &text);
}

fn push_data(out: &mut String, key: &str, value: &str) {
    out.push_str("<data key=\"");
    out.push_str(key);
    out.push_str("\">");
    xml::push(out, value);
    out.push_str("</data>");
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
            r#"<node id="n0"><data key="n-name">A &amp; B</data><data key="n-label">A &amp; B</data><data key="n-degree">1</data><data key="n-relationCount">1</data><data key="n-totalWan">0</data><data key="n-amountCount">0</data></node>"#,
            r#"<edge id="e0" source="n0" target="n2"><data key="e-weight">1</data><data key="e-relationCount">1</data><data key="e-totalWan">0</data><data key="e-amountCount">0</data></edge>"#,
            r#"<edge id="e1" source="n1" target="n2"><data key="e-weight">2</data><data key="e-relationCount">2</data><data key="e-totalWan">34.8</data><data key="e-amountCount">1</data><data key="e-first">2020</data><data key="e-last">2021-11</data><data key="e-sources">&lt;年报&gt;; 招投标</data></edge>"#,
        ] {
            assert!(graphml.contains(line), "{line}\n{graphml}");
        }
    }
}
