//! GEXF 1.3, as Gephi, graphology and NetworkX read it (<https://gexf.net>).

use super::export::{EDGE, End, Format, Kind, NODE, Value, put, put_escaped};
use super::{RelationGraph, xml};
use crate::api::write::number_text;

impl RelationGraph {
    /// The graph as GEXF 1.3: a node for each company, its name both identifier and label; an undirected edge for each link,
    /// weighted by the number of its relations. Attributes are those of [`super::CompanyNode`] and [`super::CompanyLink`], periods
    /// as ISO text; one that is not known is left out.
    pub fn to_gexf(&self) -> String {
        self.write(&Gexf)
    }
}

struct Gexf;

impl Format for Gexf {
    fn head(&self, out: &mut String) {
        put(out, xml::HEAD);
        put(
            out,
            "<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n<meta><creator>qcc-pro</creator></meta>\n\
             <graph defaultedgetype=\"undirected\" idtype=\"string\" mode=\"static\">\n",
        );
        for (class, attributes) in [("node", &NODE[..]), ("edge", &EDGE[..])] {
            put(out, "<attributes class=\"");
            put(out, class);
            put(out, "\" mode=\"static\">\n");
            for (name, kind) in attributes {
                put(out, "<attribute id=\"");
                put(out, name);
                put(out, "\" title=\"");
                put(out, name);
                put(out, "\" type=\"");
                put(
                    out,
                    match kind {
                        Kind::Count => "integer",
                        Kind::Number => "double",
                        Kind::Text => "string",
                        Kind::Texts => "liststring",
                    },
                );
                put(out, "\"/>\n");
            }
            put(out, "</attributes>\n");
        }
        put(out, "<nodes>\n");
    }

    fn open_node(&self, out: &mut String, node: End<'_>) {
        put(out, "<node id=\"");
        push_id(out, node);
        put(out, "\" label=\"");
        xml::push(out, node.name);
        put(out, "\"><attvalues>");
    }

    fn close_node(&self, out: &mut String) {
        put(out, "</attvalues></node>\n");
    }

    fn middle(&self, out: &mut String) {
        put(out, "</nodes>\n<edges>\n");
    }

    fn open_edge(&self, out: &mut String, place: usize, [a, b]: [End<'_>; 2], weight: &str) {
        put(out, "<edge id=\"");
        put(out, &number_text(place as u64));
        put(out, "\" source=\"");
        push_id(out, a);
        put(out, "\" target=\"");
        push_id(out, b);
        put(out, "\" weight=\"");
        put(out, weight);
        put(out, "\"><attvalues>");
    }

    fn close_edge(&self, out: &mut String) {
        put(out, "</attvalues></edge>\n");
    }

    fn tail(&self, out: &mut String) {
        put(out, "</edges>\n</graph>\n</gexf>\n");
    }

    fn value(&self, out: &mut String, _: &str, name: &str, value: Value<'_>) {
        let text = match value {
            Value::Number(text) | Value::Text(Some(text)) => text,
            Value::Text(None) | Value::Texts([]) => return,
            Value::Texts(texts) => list(texts),
        };
        put(out, "<attvalue for=\"");
        put(out, name);
        put(out, "\" value=\"");
        xml::push(out, &text);
        put(out, "\"/>");
    }
}

/// The name, which is unique; if XML cannot hold it, what XML can and the node's place.
fn push_id(out: &mut String, node: End<'_>) {
    xml::push(out, node.name);
    if !xml::is_legal(node.name) {
        put(out, "#");
        put(out, &number_text(node.place as u64));
    }
}

/// `["a", "b"]`, as Gephi writes a list of texts.
fn list(texts: &[&str]) -> String {
    let mut out = String::from("[");
    for (at, text) in texts.iter().enumerate() {
        put(&mut out, if at == 0 { "\"" } else { ", \"" });
        put_escaped(&mut out, text, &|c| c == '"' || c == '\\', &|out, c| {
            put(out, if c == '"' { "\\\"" } else { "\\\\" });
        });
        put(&mut out, "\"");
    }
    put(&mut out, "]");
    out
}

#[cfg(test)]
mod tests {
    use crate::api::partnership::RelationRef;
    use crate::graph::{RelationGraph, graph_of};

    #[test]
    fn writes_nodes_and_edges() {
        let gexf = graph_of(&[
            ("甲", "乙", ["34.8", "2021-11", "招\"投\\标"]),
            ("乙", "甲", ["", "2020年报", "年报"]),
            ("甲", "A & B", ["", "", ""]),
        ])
        .to_gexf();
        for line in [
            r#"<node id="甲" label="甲"><attvalues><attvalue for="degree" value="2"/><attvalue for="relationCount" value="3"/><attvalue for="totalWan" value="34.8"/><attvalue for="amountCount" value="1"/></attvalues></node>"#,
            r#"<edge id="0" source="A &amp; B" target="甲" weight="1"><attvalues><attvalue for="relationCount" value="1"/><attvalue for="totalWan" value="0"/><attvalue for="amountCount" value="0"/></attvalues></edge>"#,
            r#"<edge id="1" source="乙" target="甲" weight="2"><attvalues><attvalue for="relationCount" value="2"/><attvalue for="totalWan" value="34.8"/><attvalue for="amountCount" value="1"/><attvalue for="first" value="2020"/><attvalue for="last" value="2021-11"/><attvalue for="sources" value="[&quot;年报&quot;, &quot;招\&quot;投\\标&quot;]"/></attvalues></edge>"#,
        ] {
            assert!(gexf.contains(line), "{line}\n{gexf}");
        }
    }

    #[test]
    fn keeps_names_apart_that_xml_cannot_hold() {
        let mut graph = RelationGraph::new();
        graph.add(RelationRef {
            company_name: "a\u{1}",
            related_company_name: "a\u{2}",
            ..Default::default()
        });
        let gexf = graph.to_gexf();
        assert!(gexf.contains("source=\"a\u{fffd}#0\" target=\"a\u{fffd}#1\""), "{gexf}");
    }
}
