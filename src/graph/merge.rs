//! What overlapping calls answered, merged into relations.

use super::RelationGraph;
use crate::api::partnership::RelationRef;

/// Takes the rows of one answer after another. The same relation seen by several calls is one relation; two equal rows
/// inside one answer are two. So a row stands as often as in the answer that has it most often, whatever the order in which
/// answers come in.
///
/// Rows are equal when all their texts are, `extra` included and the order of the two companies too. An answer costs no memory
/// beyond the rows and texts it is the first to have.
///
/// ```
/// use qcc_pro::{api::partnership::RelationRef, graph::RelationSet};
/// let row = RelationRef { company_name: "甲", related_company_name: "乙", ..Default::default() };
/// let mut relations = RelationSet::new();
/// for answer in [vec![row], vec![row, row], vec![row]] {
///     relations.begin_answer();
///     answer.into_iter().for_each(|row| relations.add(row));
/// }
/// assert_eq!(relations.graph().relation_count(), 2);
/// ```
#[derive(Debug, Default)]
pub struct RelationSet {
    graph: RelationGraph,
    answer: u32,
    /// For each of the graph's rows: the last answer that had it, and how often.
    seen: Vec<(u32, u32)>,
}

impl RelationSet {
    /// No relations yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// From here on the rows are those of another answer.
    pub fn begin_answer(&mut self) {
        self.answer = self.answer.wrapping_add(1);
    }

    /// One row of the answer begun last.
    pub fn add(&mut self, relation: RelationRef<'_>) {
        let row = self.graph.row(relation);
        if row as usize == self.seen.len() {
            self.seen.push((self.answer, 0));
        }
        let (answer, times) = &mut self.seen[row as usize];
        if *answer != self.answer {
            (*answer, *times) = (self.answer, 0);
        }
        *times += 1;
        if *times > self.graph.rows[row as usize].count {
            self.graph.count(row);
        }
    }

    /// The relations so far.
    pub fn graph(&self) -> &RelationGraph {
        &self.graph
    }

    /// The relations, for good.
    pub fn into_graph(self) -> RelationGraph {
        self.graph
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::example;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const AMOUNTS: [&str; 3] = ["", "1", "2"];

    fn row(kind: u8) -> RelationRef<'static> {
        let (a, b) = if kind.is_multiple_of(2) { ("甲", "乙") } else { ("乙", "甲") };
        let plain = example(a, b, [AMOUNTS[usize::from(kind / 2 % 3)], "2021-11", "招投标"]);
        RelationRef { extra: (kind >= 6).then_some("{\"x\":1}"), ..plain }
    }

    fn merged(answers: &[Vec<u8>]) -> RelationSet {
        let mut relations = RelationSet::new();
        for answer in answers {
            relations.begin_answer();
            answer.iter().for_each(|&kind| relations.add(row(kind)));
        }
        relations
    }

    proptest! {
        #[test]
        fn counts_each_row_as_the_answer_that_has_it_most_often(
            answers in prop::collection::vec(prop::collection::vec(0u8..12, 0..12), 0..12),
            order in any::<prop::sample::Index>(),
        ) {
            let mut most = BTreeMap::new();
            for answer in &answers {
                for kind in answer {
                    let times = answer.iter().filter(|other| *other == kind).count();
                    let best = most.entry(*kind).or_insert(0);
                    *best = times.max(*best);
                }
            }
            let relations = merged(&answers);
            let graph = relations.graph();
            prop_assert_eq!(graph.relation_count(), most.values().sum::<usize>());
            for (kind, times) in most {
                prop_assert_eq!(graph.relations().filter(|other| *other == row(kind)).count(), times);
            }
            let mut other = answers.clone();
            if !other.is_empty() {
                let turn = order.index(other.len());
                other.rotate_left(turn);
                other.iter_mut().for_each(|answer| answer.reverse());
            }
            let other = merged(&other).into_graph();
            prop_assert!(graph.relations().eq(other.relations()));
            prop_assert_eq!(graph.to_csv(true), other.to_csv(true));
            prop_assert_eq!(graph.to_gexf(), other.to_gexf());
            prop_assert_eq!(graph.to_json(), other.to_json());
        }
    }
}
