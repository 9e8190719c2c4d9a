//! What `cargo xtask plan-search` and `plan-table` need of the planner's inside. Not part of the interface.

use super::choose::{self, Chooser, hole_designs};
use super::table::{self, TABLE, TABLE_CALL_SIZE};
use super::text::push_number;
use super::{Layout, Question, bound, plane, walk};

/// The La Jolla Covering Repository's sizes for calls of 20, for 21 … 99 names.
pub const BEST_KNOWN: [u8; 79] = [
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11,
    11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 13, 15, 15, 16, 17, 17, 18, 18, 19, 19, 19, 19, 20, 20, 20, 20,
    21, 21, 21, 21, 24, 25, 25, 26, 27, 27, 28, 28, 29, 29, 30, 30, 30, 30, 30,
];

/// `TABLE.md`: sizes beside bounds, best known sizes and what is done by hand.
pub fn sizes() -> String {
    let mut out = String::from(
        "# How many calls a plan has\n\n\
         Written by `cargo xtask plan-table`, checked by a test. All pairs of so many names, twenty to a call. Schönheim's bound; the\n\
         bound that `lowerBound` reports (`bound.rs`); the best cover that the La Jolla Covering Repository knows, which ends\n\
         at 99 names; this planner; halves of ten paired with each other by hand; how much is saved against that.\n\n\
         | names | Schönheim | lower bound | best known | calls | by hand | saved | construction |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n",
    );
    let larger = (21..=200).chain((210..=640).step_by(10)).chain((700..=2000).step_by(100));
    for n in larger.chain([3000, 5000, 7000, 10_000, 12_000, 20_000, 50_000, 100_000]) {
        let plan = Layout::new(&Question::Among { n }, &[], TABLE_CALL_SIZE);
        let (calls, by_hand) = (plan.calls(), plan.naive_calls());
        let mut cell = |number: Option<u64>| {
            out.push_str("| ");
            match number {
                Some(number) => push_number(&mut out, number),
                None => out.push('–'),
            }
            out.push(' ');
        };
        cell(Some(n.into()));
        cell(Some(bound::schoenheim(n, TABLE_CALL_SIZE)));
        cell(Some(plan.lower_bound()));
        cell(BEST_KNOWN.get(n as usize - 21).map(|&best| best.into()));
        cell(Some(calls));
        cell(Some(by_hand));
        cell(Some((by_hand - calls) * 100 / by_hand));
        out.pop();
        out.push_str("% | ");
        out.push_str(&plan.method());
        out.push_str(" |\n");
    }
    out
}

/// The tables of recipes that the package carries: a line for each number of names from 21 on, and then those of covers with
/// holes.
pub fn table() -> &'static str {
    TABLE
}

/// What no cover of so many names and a hole has fewer calls than.
pub fn fewest(names: u32, hole: u32) -> u32 {
    choose::fewest(names, hole, TABLE_CALL_SIZE) as u32
}

/// How many names may be left out of a listed cover with a hole.
pub const CUT: u32 = table::CUT;

/// The calls of a recipe for `n` names, of which the last `hole` may be left open, when its parts are made by this table.
pub fn carry_out(table: &str, n: u32, hole: u32, recipe: &str) -> Option<Vec<Vec<u32>>> {
    let mut chooser = Chooser::new(TABLE_CALL_SIZE, n, table);
    let id = chooser.follow(n, hole, recipe, 0)?;
    Some(chooser.into_forest().blocks(id))
}

/// Takes a walk from calls for `n` names, as a recipe says it with this seed.
pub fn walk(calls: &mut Vec<Vec<u32>>, n: u32, seed: u32) {
    walk::walk(calls, n, TABLE_CALL_SIZE as usize, seed, 0);
}

/// How many calls `n` names take by this table, or beyond it by formula.
pub fn calls(table: &str, n: u32) -> u64 {
    Chooser::new(TABLE_CALL_SIZE, n, table).calls(n, 0)
}

/// What covers the plan for `n` names is built from by this table: their names and recipes.
pub fn parts(table: &str, n: u32) -> Vec<(u32, String)> {
    let mut chooser = Chooser::new(TABLE_CALL_SIZE, n, table);
    chooser.build(n, 0);
    chooser.into_forest().iter().map(|cover| (cover.points, cover.recipe.clone())).collect()
}

/// How many calls a design of affine planes takes for `n` names but for the pairs among the last `hole`, when `calls`
/// says what its parts take.
pub fn hole_design(n: u32, hole: u32, calls: &mut dyn FnMut(u32, u32) -> u64) -> Option<u64> {
    hole_designs(n, hole, TABLE_CALL_SIZE, u64::MAX, calls).map(|(calls, _)| calls)
}

/// The lines of PG(2, q) as the numbers of their points, in the order of a recipe's weights.
pub fn plane_lines(q: u32) -> Vec<Vec<u32>> {
    plane::lines(q)
}

/// The weights of the points for `S` and `P` recipes.
pub fn weights_by_lines(q: u32, base: i32, summands: &[i32], pencil: bool) -> Option<Vec<u32>> {
    plane::weights_by_lines(q, base, summands, pencil)
}

/// How many names each cyclic cover has for each point it is inflated to one name, in the order of recipes.
pub fn starter_points() -> Vec<u32> {
    plane::STARTERS.iter().map(|starter| starter.weights(1).iter().sum()).collect()
}
