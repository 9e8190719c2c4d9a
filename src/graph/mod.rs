//! Relations merged, counted and exported: who deals with whom, how often, for how much, since when.
//!
//! Pure: it knows the rows of [`crate::api::partnership`] and nothing of calls, stores or JavaScript. No document says which
//! of the two companies supplies, so a row keeps its order and a link between two companies has none.

mod csv;
mod export;
mod gexf;
mod graphml;
mod intern;
mod json;
mod merge;
mod view;
mod xml;

pub use merge::RelationSet;
pub use view::{CompanyLink, CompanyNode, TimelineBucket, TimelineUnit};

use crate::api::partnership::RelationRef;
use crate::api::table::{self, NONE, RelationTable, Role};
use crate::api::words::hash;
use crate::sort;
use intern::{ABSENT, Index, Texts};

/// Relations and the graph they make. Every distinct row and every distinct text is kept once, so memory grows with what
/// was found and not with how often it was seen.
///
/// What it lists is sorted by the texts' code points: two graphs of the same relations, added in whatever order, give the same
/// lists and the same files, byte for byte. A company without any relation is not in it.
///
/// ```
/// use qcc_pro::{api::partnership::RelationRef, graph::RelationGraph};
/// let mut graph = RelationGraph::new();
/// let row = RelationRef { company_name: "甲", related_company_name: "乙", amount: Some("34.8"), ..Default::default() };
/// graph.add(row);
/// graph.add(row);
/// let link = &graph.links()[0];
/// assert_eq!((link.relation_count, link.total_wan.text().as_str()), (2, "69.6"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct RelationGraph {
    texts: Texts,
    index: Index,
    rows: Vec<Row>,
    relation_count: usize,
}

/// How many of a row's columns are names.
const NAMES: usize = 2;
const COLUMNS: usize = 6;

/// A distinct row: the numbers of its texts, in the order by which rows are sorted, and how many relations have just these.
#[derive(Debug, Clone, Copy)]
struct Row {
    columns: [u32; COLUMNS],
    count: u32,
}

impl Row {
    const PUBLIC_DATE: usize = 2;
    const AMOUNT: usize = 3;
    const SOURCE: usize = 4;
    const EXTRA: usize = 5;
}

impl RelationGraph {
    /// A graph without relations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one relation. A row that is equal to an earlier one is another relation; to merge what overlapping calls
    /// answered, take a [`RelationSet`].
    pub fn add(&mut self, relation: RelationRef<'_>) {
        let row = self.row(relation);
        self.count(row);
    }

    /// The number of the row that is equal to `relation`, kept from now on, though it may not count yet.
    fn row(&mut self, relation: RelationRef<'_>) -> u32 {
        let texts = &mut self.texts;
        let mut optional = |text: Option<&str>| text.map_or(ABSENT, |text| texts.intern(text));
        let columns = [
            optional(Some(relation.company_name)),
            optional(Some(relation.related_company_name)),
            optional(relation.public_date),
            optional(relation.amount),
            optional(relation.source),
            optional(relation.extra),
        ];
        let hash = hash(columns.map(u32::to_le_bytes).as_flattened());
        let known = self.index.find(hash, &|row| self.rows[row as usize].columns == columns);
        known.unwrap_or_else(|| {
            self.rows.push(Row { columns, count: 0 });
            self.index.insert(hash)
        })
    }

    /// One relation more that has this row.
    fn count(&mut self, row: u32) {
        self.rows[row as usize].count += 1;
        self.relation_count += 1;
    }

    /// How many relations there are.
    pub fn relation_count(&self) -> usize {
        self.relation_count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.relation_count == 0
    }

    /// Every relation, sorted by companyName, relatedCompanyName, publicDate, amount, source, extra; an absent text before any
    /// other. The order in which a row has its two companies is kept.
    pub fn relations(&self) -> impl Iterator<Item = RelationRef<'_>> {
        self.sorted().into_iter().flat_map(|row| {
            let Row { columns, count } = self.rows[row as usize];
            let relation = RelationRef {
                company_name: self.texts.text(columns[0]),
                related_company_name: self.texts.text(columns[1]),
                amount: self.texts.get(columns[Row::AMOUNT]),
                public_date: self.texts.get(columns[Row::PUBLIC_DATE]),
                source: self.texts.get(columns[Row::SOURCE]),
                extra: self.texts.get(columns[Row::EXTRA]),
            };
            std::iter::repeat_n(relation, count as usize)
        })
    }

    /// The same relations in the same order as a table of an answer: each text once, rows of numbers.
    pub fn to_table(&self) -> RelationTable<'_> {
        let mut table = RelationTable::default();
        let mut ids = vec![NONE; self.texts.count()];
        for (id, text) in ids.iter_mut().zip(0..).skip(1) {
            *id = table.strings.push(self.texts.text(text).into(), Role::Other);
        }
        let mut is_date = vec![false; ids.len()];
        for row in self.sorted() {
            let Row { mut columns, count } = self.rows[row as usize];
            let date = columns[Row::PUBLIC_DATE];
            columns.iter_mut().for_each(|text| *text = ids[*text as usize]);
            let [company_name, related_company_name, public_date, amount, source, extra] = columns;
            if public_date != NONE && !std::mem::replace(&mut is_date[date as usize], true) {
                table.strings.note(public_date, Role::Date);
            }
            let row = table::Row { company_name, related_company_name, amount, public_date, source, extra };
            for _ in 0..count {
                table.push(row);
            }
        }
        table
    }

    /// The numbers of the rows in the order of [`RelationGraph::relations`].
    fn sorted(&self) -> Vec<u32> {
        let (_, rank) = self.ranks(COLUMNS);
        sort::places(self.rows.len(), &|a, b| {
            let (a, b) = (&self.rows[a as usize], &self.rows[b as usize]);
            let mut columns = a.columns.iter().zip(&b.columns);
            columns.find(|(a, b)| a != b).is_some_and(|(&a, &b)| rank[a as usize] < rank[b as usize])
        })
    }

    /// Whether any relation has fields that this version does not know.
    fn has_extra(&self) -> bool {
        self.rows.iter().any(|row| row.columns[Row::EXTRA] != ABSENT)
    }

    /// The texts of the first `columns` columns in their order, and the place of each in it by its number.
    fn ranks(&self, columns: usize) -> (Vec<u32>, Vec<u32>) {
        let mut used = vec![false; self.texts.count()];
        for row in &self.rows {
            row.columns[..columns].iter().for_each(|&text| used[text as usize] = true);
        }
        let mut ordered = sort::chosen(used.len(), &|text| used[text as usize]);
        sort::numbers(&mut ordered, &|a, b| self.texts.get(a) < self.texts.get(b));
        let mut rank = vec![0; self.texts.count()];
        for (place, &text) in ordered.iter().enumerate() {
            rank[text as usize] = place as u32;
        }
        (ordered, rank)
    }
}

/// Amount, date and source of a relation between two companies, for the tests of this module's parts.
#[cfg(test)]
fn example(
    company_name: &'static str,
    related: &'static str,
    rest: [&'static str; 3],
) -> RelationRef<'static> {
    let [amount, public_date, source] = rest.map(|text| (!text.is_empty()).then_some(text));
    RelationRef { company_name, related_company_name: related, amount, public_date, source, extra: None }
}

/// A graph of such relations.
#[cfg(test)]
fn graph_of(rows: &[(&'static str, &'static str, [&'static str; 3])]) -> RelationGraph {
    let mut graph = RelationGraph::new();
    rows.iter().for_each(|&(a, b, rest)| graph.add(example(a, b, rest)));
    graph
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_relations_in_one_order_whatever_the_order_of_arrival() {
        let rows = [
            ("乙", "甲", ["1", "2021-11", "招投标"]),
            ("甲", "乙", ["1", "2021-11", "招投标"]),
            ("甲", "乙", ["", "2021-11", "招投标"]),
            ("甲", "乙", ["1", "2021-02", ""]),
            ("甲", "乙", ["1", "2021-11", "招投标"]),
            ("丙", "甲", ["", "", ""]),
        ];
        let mut reversed = rows;
        reversed.reverse();
        let (graph, other) = (graph_of(&rows), graph_of(&reversed));
        let listed: Vec<_> = graph.relations().collect();
        assert_eq!(listed, other.relations().collect::<Vec<_>>());
        let expected = [5, 0, 3, 2, 1, 4].map(|at: usize| example(rows[at].0, rows[at].1, rows[at].2));
        assert_eq!(listed, expected);
        assert_eq!(graph.to_table().iter().collect::<Vec<_>>(), expected);
        assert_eq!((graph.relation_count(), graph.is_empty()), (6, false));
        assert!(RelationGraph::new().is_empty());
    }

    #[test]
    fn keeps_what_this_version_does_not_know() {
        let mut graph = RelationGraph::new();
        let plain = example("甲", "乙", ["1", "", ""]);
        let extra = RelationRef { extra: Some("{\"x\":1}"), ..plain };
        let empty = RelationRef { source: Some(""), ..plain };
        [extra, plain, empty].into_iter().for_each(|row| graph.add(row));
        assert_eq!(graph.relations().collect::<Vec<_>>(), [plain, extra, empty]);
    }
}
