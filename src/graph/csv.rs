//! The relations as CSV (RFC 4180) that a spreadsheet opens as it is and runs nothing of.

use super::RelationGraph;
use super::export::{put, put_escaped};
use crate::api::decimal::Decimal;

impl RelationGraph {
    /// One line for each relation under a line of the vendor's field names, in the order of [`RelationGraph::relations`]:
    /// `companyName,relatedCompanyName,amount,amountWan,publicDate,source`, and `extra` (JSON) if any relation has some. `amount`
    /// is the text as it came, `amountWan` the plain number in it, empty if there is none. Lines end in CR LF; `bom` puts the
    /// mark in front by which Excel knows UTF-8.
    ///
    /// A text that a spreadsheet would take for a formula (it begins with `= + - @`, their full-width forms, a tab or a line
    /// break) gets an apostrophe in front, the spreadsheets' own mark for text; a number keeps its sign.
    pub fn to_csv(&self, bom: bool) -> String {
        let has_extra = self.has_extra();
        let mut out = String::from(if bom { "\u{feff}" } else { "" });
        put(&mut out, "companyName,relatedCompanyName,amount,amountWan,publicDate,source");
        put(&mut out, if has_extra { ",extra\r\n" } else { "\r\n" });
        for relation in self.relations() {
            let wan = relation.amount.and_then(Decimal::parse);
            let wan_text = wan.map(|wan| wan.text()).unwrap_or_default();
            // Whether a number, which may begin with a sign, and the text.
            let cells = [
                (false, Some(relation.company_name)),
                (false, Some(relation.related_company_name)),
                (wan.is_some(), relation.amount),
                (true, Some(&*wan_text)),
                (false, relation.public_date),
                (false, relation.source),
                (false, relation.extra),
            ];
            for (at, (is_number, text)) in cells[..6 + usize::from(has_extra)].iter().enumerate() {
                put(&mut out, if at == 0 { "" } else { "," });
                cell(&mut out, text.unwrap_or_default(), *is_number);
            }
            put(&mut out, "\r\n");
        }
        out
    }
}

/// One cell. A text gets an apostrophe, inside its quotes, where it would be run.
fn cell(out: &mut String, text: &str, is_number: bool) {
    const FORMULA: [char; 11] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];
    // Semicolon and tab part the cells where the system's list separator is another one.
    let has_special = text.chars().any(|c| matches!(c, ',' | '"' | '\r' | '\n' | ';' | '\t'));
    let is_quoted = has_special || text.trim() != text;
    let quote = if is_quoted { "\"" } else { "" };
    put(out, quote);
    if !is_number && text.starts_with(FORMULA) {
        put(out, "'");
    }
    put_escaped(out, text, &|c| c == '"', &|out, _| put(out, "\"\""));
    put(out, quote);
}

#[cfg(test)]
mod tests {
    use crate::api::partnership::RelationRef;
    use crate::graph::{RelationGraph, example, graph_of};
    use proptest::prelude::*;

    #[test]
    fn writes_what_a_spreadsheet_reads() {
        let graph = graph_of(&[("甲", "乙", ["34.8", "2021-11", "招投标"]), ("乙", "甲", ["约30", "", ""])]);
        let lines = "companyName,relatedCompanyName,amount,amountWan,publicDate,source\r\n\
                     乙,甲,约30,,,\r\n甲,乙,34.8,34.8,2021-11,招投标\r\n";
        assert_eq!(graph.to_csv(false), lines);
        assert_eq!(graph.to_csv(true), ["\u{feff}", lines].concat());
    }

    #[test]
    fn runs_nothing() {
        for (name, cell) in [
            ("=1+1", "'=1+1"),
            ("+86", "'+86"),
            ("-2", "'-2"),
            ("@SUM(1)", "'@SUM(1)"),
            ("＝1", "'＝1"),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            (" a", "\" a\""),
            ("a;=1", "\"a;=1\""),
            ("a\"b", "\"a\"\"b\""),
        ] {
            let mut graph = RelationGraph::new();
            graph.add(RelationRef { company_name: name, related_company_name: "乙", ..Default::default() });
            let csv = graph.to_csv(false);
            assert_eq!(csv.split_once("\r\n").unwrap().1, format!("{cell},乙,,,,\r\n"));
        }
    }

    #[test]
    fn keeps_the_sign_of_a_number_and_of_nothing_else() {
        for (amount, cells) in [
            ("-12.50", "-12.50,-12.5"),
            ("-1,234.5", "\"-1,234.5\",-1234.5"),
            ("-1+1", "'-1+1,"),
            ("－3", "－3,-3"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0,"),
        ] {
            let mut graph = RelationGraph::new();
            graph.add(RelationRef { amount: Some(amount), ..example("甲", "乙", ["", "", ""]) });
            assert!(graph.to_csv(false).ends_with(&format!("\r\n甲,乙,{cells},,\r\n")), "{amount}");
        }
    }

    #[test]
    fn has_a_column_for_unknown_fields_only_where_there_are_some() {
        let mut graph = graph_of(&[("甲", "乙", ["", "", ""])]);
        graph.add(RelationRef { extra: Some("{\"x\":1}"), ..example("甲", "丙", ["", "", ""]) });
        assert!(graph.to_csv(false).ends_with(",extra\r\n甲,丙,,,,,\"{\"\"x\"\":1}\"\r\n甲,乙,,,,,\r\n"));
    }

    /// Reads RFC 4180.
    fn read(csv: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut cell, mut quoted) = (vec![], vec![], String::new(), false);
        let mut chars = csv.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(std::mem::take(&mut cell)),
                '\r' if !quoted => {
                    assert_eq!(chars.next(), Some('\n'));
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                c => cell.push(c),
            }
        }
        assert!(!quoted && row.is_empty() && cell.is_empty());
        rows
    }

    proptest! {
        #[test]
        fn reads_back_as_written(texts in prop::array::uniform5("[-=+@a企,;\"'\r\n\t 1.]{0,6}")) {
            let [name, related, amount, date, source] = texts.each_ref().map(String::as_str);
            let mut graph = RelationGraph::new();
            graph.add(RelationRef {
                company_name: name,
                related_company_name: related,
                amount: Some(amount),
                public_date: Some(date),
                source: Some(source),
                extra: None,
            });
            let rows = read(&graph.to_csv(false));
            prop_assert_eq!(rows.len(), 2);
            let cells = &rows[1];
            prop_assert_eq!(cells.len(), 6);
            for (cell, text) in [0, 1, 2, 4, 5].map(|at| &cells[at]).into_iter().zip([name, related, amount, date, source]) {
                prop_assert!(cell == text || cell.strip_prefix('\'') == Some(text));
                let number = cell.trim().trim_start_matches(['-', '+']).trim_start_matches(|c: char| c.is_ascii_digit() || ".,".contains(c)).is_empty();
                prop_assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{:?}", cell);
            }
        }
    }
}
