//! What a graph shows: companies, links, components, a timeline.

use super::{NAMES, RelationGraph, Row};
use crate::api::decimal::Decimal;
use crate::api::partnership::Period;
use crate::sort;
use std::cmp::Reverse;

/// A company that has at least one relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompanyNode<'a> {
    /// Its name.
    pub name: &'a str,
    /// With how many other companies it has a relation.
    pub degree: usize,
    /// How many relations it takes part in.
    pub relation_count: usize,
    /// What those relations come to, 万元, exactly: the sum of every amount that could be read.
    pub total_wan: Decimal,
    /// Of how many relations the amount could be read.
    pub amount_count: usize,
}

/// All relations between two companies, whichever of the two a row names first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyLink<'a> {
    /// The company whose name comes first by code points.
    pub a: &'a str,
    /// The other one; the same one if a row names it on both sides.
    pub b: &'a str,
    /// How many relations there are.
    pub relation_count: usize,
    /// What they come to, 万元, exactly: the sum of every amount that could be read.
    pub total_wan: Decimal,
    /// Of how many relations the amount could be read.
    pub amount_count: usize,
    /// The earliest period, as exact as it is known; none where no date could be read. A year comes before its months.
    pub first: Option<Period>,
    /// The latest period.
    pub last: Option<Period>,
    /// The public sources, sorted, each once; an empty text is none.
    pub sources: Vec<&'a str>,
}

/// How a timeline is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimelineUnit {
    /// By calendar month.
    Month,
    /// By calendar year.
    Year,
}

/// The relations of one stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineBucket {
    /// The month or year. In a timeline by months a year without a month holds what is known to the year alone (a yearly
    /// report); no period at all, what has no date that could be read.
    pub period: Option<Period>,
    /// How many relations there are.
    pub relation_count: usize,
    /// What they come to, 万元, exactly: the sum of every amount that could be read.
    pub total_wan: Decimal,
    /// Of how many relations the amount could be read.
    pub amount_count: usize,
}

/// Relations counted and their amounts added up.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    relations: usize,
    amounts: usize,
    total: Decimal,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.relations += other.relations;
        self.amounts += other.amounts;
        self.total.add(other.total);
    }
}

/// The names in their order, and the place of each in it by the number of its text.
pub(super) struct Names {
    pub(super) ordered: Vec<u32>,
    place: Vec<u32>,
}

/// A link whose companies are still places in [`Names`].
#[derive(Default)]
pub(super) struct Group {
    pub(super) a: u32,
    pub(super) b: u32,
    tally: Tally,
    first: Option<Period>,
    last: Option<Period>,
    sources: Vec<u32>,
}

impl RelationGraph {
    /// The companies, sorted by name.
    pub fn companies(&self) -> Vec<CompanyNode<'_>> {
        let names = self.names();
        let groups = self.groups(&names, None);
        self.nodes(&names, &groups)
    }

    /// The links, sorted by the names of their companies.
    pub fn links(&self) -> Vec<CompanyLink<'_>> {
        let names = self.names();
        self.links_of(&names, None)
    }

    /// The links of the company with just this name, sorted; none for a name without relations.
    pub fn neighbours(&self, name: &str) -> Vec<CompanyLink<'_>> {
        let Some(name) = self.texts.find(name) else { return Vec::new() };
        let names = self.names();
        self.links_of(&names, Some(name))
    }

    fn links_of(&self, names: &Names, only: Option<u32>) -> Vec<CompanyLink<'_>> {
        let mut links = Vec::new();
        for group in self.groups(names, only) {
            links.push(self.link(names, group));
        }
        links
    }

    /// The companies in groups that are connected with one another, directly or by way of others, and with no further one:
    /// the largest first, of equal ones the one whose first name comes first. Names within are sorted.
    pub fn components(&self) -> Vec<Vec<&str>> {
        let names = self.names();
        let mut parent: Vec<u32> = (0..names.ordered.len() as u32).collect();
        for row in &self.rows {
            let [a, b] = names.pair(row);
            let (a, b) = (root(&mut parent, a), root(&mut parent, b));
            // The smaller place is the root: a component is called after the first of its names.
            parent[a.max(b) as usize] = a.min(b);
        }
        let mut size = vec![0_u32; parent.len()];
        for place in 0..parent.len() as u32 {
            let root = root(&mut parent, place);
            parent[place as usize] = root;
            size[root as usize] += 1;
        }
        let key = |place: u32| {
            let root = parent[place as usize];
            (Reverse(size[root as usize]), root, place)
        };
        let mut components: Vec<Vec<&str>> = Vec::new();
        let mut last = None;
        for place in sort::places(parent.len(), &|a, b| key(a) < key(b)) {
            let root = Some(parent[place as usize]);
            if last != root {
                components.push(Vec::new());
                last = root;
            }
            if let Some(component) = components.last_mut() {
                component.push(self.name(&names, place));
            }
        }
        components
    }

    /// The relations by month or by year, ascending. A stretch without relations has no bucket. Each relation is in just one
    /// bucket, so that the buckets add up to the whole: see [`TimelineBucket::period`] for those whose date is less exact.
    pub fn timeline(&self, unit: TimelineUnit) -> Vec<TimelineBucket> {
        let mut periods = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            periods.push(self.period(row).map(|period| {
                let month = period.month.filter(|_| unit == TimelineUnit::Month);
                Period { year: period.year, month, day: None }
            }));
        }
        let key = |row: u32| (periods[row as usize].is_none(), periods[row as usize]);
        let mut buckets: Vec<TimelineBucket> = Vec::new();
        for row in sort::places(self.rows.len(), &|a, b| key(a) < key(b)) {
            let (period, tally) = (periods[row as usize], self.tally(&self.rows[row as usize]));
            match buckets.last_mut().filter(|bucket| bucket.period == period) {
                Some(bucket) => {
                    bucket.relation_count += tally.relations;
                    bucket.total_wan.add(tally.total);
                    bucket.amount_count += tally.amounts;
                }
                None => buckets.push(TimelineBucket {
                    period,
                    relation_count: tally.relations,
                    total_wan: tally.total,
                    amount_count: tally.amounts,
                }),
            }
        }
        buckets
    }

    pub(super) fn names(&self) -> Names {
        let (ordered, place) = self.ranks(NAMES);
        Names { ordered, place }
    }

    pub(super) fn name(&self, names: &Names, place: u32) -> &str {
        self.texts.text(names.ordered[place as usize])
    }

    /// The links, of one company (the number of its name) or of all, sorted.
    pub(super) fn groups(&self, names: &Names, only: Option<u32>) -> Vec<Group> {
        let pair = |row: u32| {
            let [a, b] = names.pair(&self.rows[row as usize]);
            (a.min(b), a.max(b))
        };
        let is_meant =
            |row: u32| only.is_none_or(|name| self.rows[row as usize].columns[..NAMES].contains(&name));
        let mut rows = sort::chosen(self.rows.len(), &is_meant);
        sort::numbers(&mut rows, &|a, b| pair(a) < pair(b));
        let mut groups = Vec::new();
        for rows in rows.chunk_by(|&a, &b| pair(a) == pair(b)) {
            groups.push(self.group(pair(rows[0]), rows));
        }
        groups
    }

    fn group(&self, (a, b): (u32, u32), rows: &[u32]) -> Group {
        let mut group = Group { a, b, ..Group::default() };
        for row in rows.iter().map(|&row| &self.rows[row as usize]) {
            group.tally.add(self.tally(row));
            if let Some(period) = self.period(row) {
                group.first = Some(group.first.map_or(period, |first| first.min(period)));
                group.last = group.last.max(Some(period));
            }
            let source = row.columns[Row::SOURCE];
            if !self.texts.text(source).is_empty() && group.sources.last() != Some(&source) {
                group.sources.push(source);
            }
        }
        sort::numbers(&mut group.sources, &|a, b| self.texts.text(a) < self.texts.text(b));
        group.sources.dedup();
        group
    }

    pub(super) fn link(&self, names: &Names, group: Group) -> CompanyLink<'_> {
        let mut sources = Vec::with_capacity(group.sources.len());
        for source in group.sources {
            sources.push(self.texts.text(source));
        }
        CompanyLink {
            a: self.name(names, group.a),
            b: self.name(names, group.b),
            relation_count: group.tally.relations,
            total_wan: group.tally.total,
            amount_count: group.tally.amounts,
            first: group.first,
            last: group.last,
            sources,
        }
    }

    pub(super) fn nodes(&self, names: &Names, groups: &[Group]) -> Vec<CompanyNode<'_>> {
        let mut nodes = Vec::with_capacity(names.ordered.len());
        for &name in &names.ordered {
            nodes.push(CompanyNode {
                name: self.texts.text(name),
                degree: 0,
                relation_count: 0,
                total_wan: Decimal::ZERO,
                amount_count: 0,
            });
        }
        for group in groups {
            let ends = [Some(group.a), Some(group.b).filter(|&b| b != group.a)];
            for end in ends.into_iter().flatten() {
                let node = &mut nodes[end as usize];
                node.degree += usize::from(group.a != group.b);
                node.relation_count += group.tally.relations;
                node.total_wan.add(group.tally.total);
                node.amount_count += group.tally.amounts;
            }
        }
        nodes
    }

    /// The relations of one row.
    fn tally(&self, row: &Row) -> Tally {
        let amount = self.texts.get(row.columns[Row::AMOUNT]).and_then(Decimal::parse);
        let mut tally = Tally { relations: row.count as usize, ..Tally::default() };
        if let Some(amount) = amount {
            tally.amounts = tally.relations;
            (0..row.count).for_each(|_| tally.total.add(amount));
        }
        tally
    }

    fn period(&self, row: &Row) -> Option<Period> {
        self.texts.get(row.columns[Row::PUBLIC_DATE]).and_then(Period::parse)
    }
}

impl Names {
    /// The places of a row's two companies.
    fn pair(&self, row: &Row) -> [u32; 2] {
        [self.place[row.columns[0] as usize], self.place[row.columns[1] as usize]]
    }
}

/// The root of `place`; the path to it is halved on the way.
fn root(parent: &mut [u32], mut place: u32) -> u32 {
    while parent[place as usize] != place {
        let above = parent[parent[place as usize] as usize];
        parent[place as usize] = above;
        place = above;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::partnership::RelationRef;
    use crate::graph::graph_of;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn period(text: &str) -> Option<Period> {
        Some(Period::parse(text).unwrap())
    }

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn small() -> RelationGraph {
        graph_of(&[
            ("乙", "甲", ["0.1", "2021-11", "招投标"]),
            ("甲", "乙", ["0.2", "2020年报", "年报"]),
            ("甲", "乙", ["约30", "2021-11-05", "招投标"]),
            ("甲", "丙", ["", "", ""]),
            ("丁", "丁", ["5", "至今", "公告"]),
        ])
    }

    #[test]
    fn counts_companies() {
        let graph = small();
        let node = |name, degree, relation_count, total: &str, amount_count| CompanyNode {
            name,
            degree,
            relation_count,
            total_wan: number(total),
            amount_count,
        };
        let expected = [
            node("丁", 0, 1, "5", 1),
            node("丙", 1, 1, "0", 0),
            node("乙", 1, 3, "0.3", 2),
            node("甲", 2, 4, "0.3", 2),
        ];
        assert_eq!(graph.companies(), expected);
    }

    #[test]
    fn joins_both_directions_in_one_link() {
        let graph = small();
        let links = graph.links();
        assert_eq!(
            links.iter().map(|link| (link.a, link.b)).collect::<Vec<_>>(),
            [("丁", "丁"), ("丙", "甲"), ("乙", "甲")]
        );
        let expected = CompanyLink {
            a: "乙",
            b: "甲",
            relation_count: 3,
            total_wan: number("0.3"),
            amount_count: 2,
            first: period("2020"),
            last: period("2021-11-05"),
            sources: vec!["年报", "招投标"],
        };
        assert_eq!(links[2], expected);
        assert_eq!((links[1].first, links[1].last, links[1].sources.len()), (None, None, 0));
        assert_eq!(graph.neighbours("甲"), links[1..]);
        assert_eq!(graph.neighbours("丁"), links[..1]);
        assert_eq!((graph.neighbours("戊"), graph.neighbours("招投标")), (vec![], vec![]));
    }

    #[test]
    fn counts_no_empty_text_as_a_source() {
        let mut graph = RelationGraph::new();
        graph.add(RelationRef {
            company_name: "甲",
            related_company_name: "乙",
            source: Some(""),
            ..Default::default()
        });
        assert!(graph.links()[0].sources.is_empty());
    }

    #[test]
    fn finds_what_hangs_together() {
        assert_eq!(small().components(), [vec!["丙", "乙", "甲"], vec!["丁"]]);
        assert!(RelationGraph::new().components().is_empty());
    }

    #[test]
    fn puts_every_relation_into_one_bucket_of_time() {
        let graph = small();
        let bucket = |text: &str, relation_count, total: &str, amount_count| TimelineBucket {
            period: Period::parse(text),
            relation_count,
            total_wan: number(total),
            amount_count,
        };
        let months = [bucket("2020", 1, "0.2", 1), bucket("2021-11", 2, "0.1", 1), bucket("", 2, "5", 1)];
        assert_eq!(graph.timeline(TimelineUnit::Month), months);
        let years = [bucket("2020", 1, "0.2", 1), bucket("2021", 2, "0.1", 1), bucket("", 2, "5", 1)];
        assert_eq!(graph.timeline(TimelineUnit::Year), years);
    }

    const NAME: [&str; 8] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"];
    const AMOUNT: [&str; 5] = ["", "0.1", "-3", "1,000.25", "约30"];
    const DATE: [&str; 5] = ["", "2021-11", "2021", "2020年11月5日", "不详"];

    proptest! {
        #[test]
        fn agrees_with_a_plain_count(
            rows in prop::collection::vec((0usize..8, 0usize..8, 0usize..5, 0usize..5), 0..60),
        ) {
            let rows: Vec<_> =
                rows.into_iter().map(|(a, b, amount, date)| (NAME[a], NAME[b], [AMOUNT[amount], DATE[date], ""])).collect();
            let graph = graph_of(&rows);
            let cents = |text| [("0.1", 10), ("-3", -300), ("1,000.25", 100_025)].iter().find(|(t, _)| *t == text).map(|(_, n)| *n);
            let wan = |cents: i64| number(&format!("{cents}e-2"));

            let mut links: BTreeMap<(&str, &str), Vec<_>> = BTreeMap::new();
            for (a, b, rest) in &rows {
                links.entry((*a.min(b), *a.max(b))).or_default().push(rest);
            }
            let listed = graph.links();
            prop_assert_eq!(listed.len(), links.len());
            for (link, ((a, b), rows)) in listed.iter().zip(&links) {
                prop_assert_eq!((link.a, link.b, link.relation_count), (*a, *b, rows.len()));
                prop_assert_eq!(link.total_wan, wan(rows.iter().filter_map(|row| cents(row[0])).sum()));
                prop_assert_eq!(link.first, rows.iter().filter_map(|row| Period::parse(row[1])).min());
                prop_assert_eq!(link.last, rows.iter().filter_map(|row| Period::parse(row[1])).max());
            }

            for node in graph.companies() {
                let own: Vec<_> = rows.iter().filter(|(a, b, _)| *a == node.name || *b == node.name).collect();
                let partners: BTreeSet<_> = own.iter().flat_map(|(a, b, _)| [*a, *b]).filter(|name| *name != node.name).collect();
                prop_assert_eq!((node.degree, node.relation_count), (partners.len(), own.len()));
                prop_assert_eq!(node.amount_count, own.iter().filter(|row| cents(row.2[0]).is_some()).count());
                let neighbours = graph.neighbours(node.name);
                prop_assert!(neighbours.iter().eq(listed.iter().filter(|link| link.a == node.name || link.b == node.name)));
            }

            let components = graph.components();
            let home: BTreeMap<_, _> = components.iter().enumerate().flat_map(|(at, names)| names.iter().map(move |name| (*name, at))).collect();
            prop_assert_eq!(home.len(), components.iter().map(Vec::len).sum::<usize>());
            prop_assert_eq!(home.len(), graph.companies().len());
            prop_assert!(rows.iter().all(|(a, b, _)| home[a] == home[b]));
            // A connected component of n companies has at least n - 1 links, and none leaves it.
            for (at, names) in components.iter().enumerate() {
                let mut reached = BTreeSet::from([names[0]]);
                for _ in names {
                    for (a, b) in links.keys() {
                        if reached.contains(a) || reached.contains(b) {
                            reached.extend([*a, *b]);
                        }
                    }
                }
                prop_assert!(reached.iter().all(|name| home[name] == at) && reached.len() == names.len());
            }

            for unit in [TimelineUnit::Month, TimelineUnit::Year] {
                let buckets = graph.timeline(unit);
                prop_assert_eq!(buckets.iter().map(|bucket| bucket.relation_count).sum::<usize>(), rows.len());
                prop_assert!(buckets.is_sorted_by_key(|bucket| (bucket.period.is_none(), bucket.period)));
            }
        }
    }
}
