//! GEXF 1.3, as Gephi, graphology and NetworkX read it (<https://gexf.net>).

use super::{CompanyLink, RelationGraph, push_number, xml};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" version="1.3">
<meta><creator>qcc-pro</creator></meta>
<graph defaultedgetype="undirected" idtype="string" mode="static">
<attributes class="node" mode="static">
<attribute id="degree" title="degree" type="integer"/>
<attribute id="relationCount" title="relationCount" type="integer"/>
<attribute id="totalWan" title="totalWan" type="double"/>
<attribute id="amountCount" title="amountCount" type="integer"/>
</attributes>
<attributes class="edge" mode="static">
<attribute id="relationCount" title="relationCount" type="integer"/>
<attribute id="totalWan" title="totalWan" type="double"/>
<attribute id="amountCount" title="amountCount" type="integer"/>
<attribute id="first" title="first" type="string"/>
<attribute id="last" title="last" type="string"/>
<attribute id="sources" title="sources" type="liststring"/>
</attributes>
<nodes>
"#;

impl RelationGraph {
    /// The graph as GEXF 1.3: a node for each company, its name both identifier and label; an undirected edge for each link,
    /// weighted by the number of its relations. Attributes are those of [`super::CompanyNode`] and [`super::CompanyLink`], periods
    /// as ISO text; one that is not known is left out.
    pub fn to_gexf(&self) -> String {
        let names = self.names();
        let groups = self.groups(&names, None);
        let mut out = String::from(HEAD);
        for (place, node) in self.nodes(&names, &groups).iter().enumerate() {
            out.push_str("<node id=\"");
            push_id(&mut out, node.name, place);
            out.push_str("\" label=\"");
            xml::push(&mut out, node.name);
            out.push_str("\"><attvalues>");
            push_count(&mut out, "degree", node.degree);
            push_count(&mut out, "relationCount", node.relation_count);
            push_value(&mut out, "totalWan", &node.total_wan.text());
            push_count(&mut out, "amountCount", node.amount_count);
            out.push_str("</attvalues></node>\n");
        }
        out.push_str("</nodes>\n<edges>\n");
        for (id, group) in groups.into_iter().enumerate() {
            let (a, b) = (group.a as usize, group.b as usize);
            let link = self.link(&names, group);
            out.push_str("<edge id=\"");
            push_number(&mut out, id);
            out.push_str("\" source=\"");
            push_id(&mut out, link.a, a);
            out.push_str("\" target=\"");
            push_id(&mut out, link.b, b);
            out.push_str("\" weight=\"");
            push_number(&mut out, link.relation_count);
            out.push_str("\"><attvalues>");
            push_link(&mut out, &link);
            out.push_str("</attvalues></edge>\n");
        }
        out.push_str("</edges>\n</graph>\n</gexf>\n");
        out
    }
}

/// The name, which is unique; if XML cannot hold it, what XML can and the node's place.
fn push_id(out: &mut String, name: &str, place: usize) {
    xml::push(out, name);
    if !xml::is_legal(name) {
        out.push('#');
        push_number(out, place);
    }
}

fn push_link(out: &mut String, link: &CompanyLink<'_>) {
    push_count(out, "relationCount", link.relation_count);
    push_value(out, "totalWan", &link.total_wan.text());
    push_count(out, "amountCount", link.amount_count);
    for (name, period) in [("first", link.first), ("last", link.last)] {
        if let Some(period) = period {
            push_value(out, name, &period.text());
        }
    }
    if !link.sources.is_empty() {
        let quoted: Vec<_> = link
            .sources
            .iter()
            .map(|source| ["\"", &source.replace('\\', "\\\\").replace('"', "\\\""), "\""].concat())
            .collect();
        push_value(out, "sources", &["[", &quoted.join(", "), "]"].concat());
    }
}

fn push_count(out: &mut String, name: &str, count: usize) {
    let mut text = String::new();
    push_number(&mut text, count);
    push_value(out, name, &text);
}

fn push_value(out: &mut String, name: &str, value: &str) {
    out.push_str("<attvalue for=\"");
    out.push_str(name);
    out.push_str("\" value=\"");
    xml::push(out, value);
    out.push_str("\"/>");
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
