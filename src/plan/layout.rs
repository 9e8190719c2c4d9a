//! A question over the numbers of names, and the calls that answer it.
//!
//! Names are numbered by the caller ([`super::names`] does so by their canonical order, which makes plans independent of
//! the order in which names are given).

use super::bound;
use super::build::Construction;
use super::choose::Chooser;
use super::cover::{Calls, Forest, Shape};
use super::graph;
use super::grid::Grid;
use super::question::{Parts, Question, Wanted};
use super::recipe;
use super::sort;
use super::table::TABLE;
use super::tidy::{Counts, tidy};
use std::sync::Arc;

/// Up to how many pairs a question is answered name by name, where no construction fits it as it is.
const LISTED_PAIRS: u64 = 4_000_000;
/// Up to how many calls of a construction are listed in order to leave out those that are not needed.
const LISTED_CALLS: u64 = 300_000;
/// Up to how many calls of a construction are looked at, one by one, in order to skip those of which all is known.
const SKIPPED_CALLS: u64 = 4_000_000;
/// Up to how much work (names looked at) calls are grown for.
const GROWN_WORK: u64 = 2_000_000_000;

/// How the calls were found, and what a record must say to find them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The cover is the plan.
    Cover,
    /// Of the cover's calls those that are needed, tidied.
    Filtered,
    /// The cover without the calls of which every pair is known: for numbers of pairs that are not listed.
    Skipping,
    /// The same, with the names first of which most is known, so that whole groups of a design may be skipped.
    Gathered,
    /// The cover leaves the pairs among its last names; those that are asked for were grown.
    Completed,
    /// All calls were grown.
    Grown,
}

/// What a record keeps of a layout; the rest follows from the question.
pub(crate) struct Kept {
    pub(crate) call_size: u32,
    pub(crate) way: Way,
    pub(crate) turned: bool,
    pub(crate) cover: Construction,
}

/// The calls that answer a [`Question`].
#[derive(Debug, Clone)]
pub struct Layout {
    pub(crate) call_size: u32,
    pub(crate) way: Way,
    /// Shared, since plans are compared and parted.
    cover: Arc<Construction>,
    /// Whether the second list stands first in the order.
    pub(crate) turned: bool,
    /// Point of the cover → number of the name.
    pub(crate) order: Vec<u32>,
    /// Calls beside those of the cover, already by numbers of names.
    listed: Calls,
    /// The calls of the cover that are left out, ascending.
    skipped: Vec<u32>,
    pairs: u64,
    lower_bound: u64,
    naive: u64,
}

impl Layout {
    /// Plans calls of at most `call_size` names (2 … 20, which the caller has checked) for every pair of the question
    /// that is not `known`. Pairs with a number that names nothing, or twice the same name, are passed over.
    pub fn new(question: &Question, known: &[(u32, u32)], call_size: u32) -> Self {
        let wanted = Wanted::new(question, known);
        let mut layout = Self::blank(&wanted, call_size);
        if layout.pairs == 0 {
            return layout;
        }
        if wanted.sides.is_empty() {
            layout.way = Way::Grown;
            layout.grow(&wanted, &all_of(wanted.n));
            return layout;
        }
        let active = wanted.active();
        let parts = Parts::new(&wanted.sides, &active).sorted();
        layout.construct(&parts);
        if !wanted.listed.is_empty() {
            layout.improve(&wanted, &active);
        }
        layout
    }

    /// Everything but the calls.
    fn blank(wanted: &Wanted, call_size: u32) -> Self {
        let degrees = &wanted.degrees;
        let pairs = degrees.iter().map(|&degree| u64::from(degree)).sum::<u64>() / 2;
        let parts = Parts::new(&wanted.sides, &all_of(wanted.n));
        let (a, o, b) = (parts.first.len() as u32, parts.both.len() as u32, parts.second.len() as u32);
        let packed = pairs.div_ceil(u64::from(call_size / 2));
        let mut lower_bound = bound::graph(degrees.iter().copied(), call_size);
        let mut naive = packed;
        if a + b + o > 0 {
            let by_hand = match o {
                0 => bound::between_by_hand(a, b, call_size),
                _ if a + b == 0 => bound::among_by_hand(o, call_size),
                _ => {
                    let apart = bound::between_by_hand(a, o + b, call_size)
                        + bound::between_by_hand(o, b, call_size)
                        + bound::among_by_hand(o, call_size);
                    apart.min(bound::among_by_hand(a + b + o, call_size))
                }
            };
            if wanted.listed.is_empty() {
                naive = by_hand;
                if o == 0 {
                    lower_bound = lower_bound.max(bound::between(a, b, call_size));
                } else if a + b == 0 {
                    lower_bound = lower_bound.max(bound::among(o, call_size));
                }
            } else {
                naive = by_hand.min(packed);
            }
        }
        Self {
            call_size,
            way: Way::Cover,
            cover: Arc::default(),
            turned: false,
            order: Vec::new(),
            listed: Calls::default(),
            skipped: Vec::new(),
            pairs,
            lower_bound,
            naive,
        }
    }

    /// The best construction for two lists that may overlap.
    fn construct(&mut self, parts: &Parts) {
        let k = self.call_size;
        let (a, o, b) = (parts.first.len() as u32, parts.both.len() as u32, parts.second.len() as u32);
        let mut chooser = Chooser::new(k, parts.len(), TABLE);
        if o == 0 {
            self.order = parts.order(false);
            self.cover = Construction::joined(a, a + b, b, Grid::new(a, b, k).calls()).into();
            return;
        }
        // A list whose own names meet both lists is covered with what it shares, and joined with the rest; either list
        // can be that one. Where nearly all is shared, a cover of everything may be as good.
        let mut joined = |a, b| {
            let rest = chooser.choose_open(o + b, b);
            if a == 0 {
                return rest;
            }
            Construction::joined(a, a + o + b, b, Grid::new(a, o + b, k).calls() + rest.calls)
        };
        let (straight, turned) = (joined(a, b), joined(b, a));
        self.turned = turned.calls < straight.calls;
        self.order = parts.order(self.turned);
        let mut best = if self.turned { turned } else { straight };
        if chooser.calls(a + o + b, 0) < best.calls {
            best = chooser.choose(a + o + b, 0);
        }
        self.cover = best.into();
    }

    /// The layout that a record kept, if it answers the question.
    pub(crate) fn rebuild(question: &Question, known: &[(u32, u32)], names: u32, kept: Kept) -> Option<Self> {
        let wanted = Wanted::new(question, known);
        let mut layout = Self::blank(&wanted, kept.call_size);
        if names != wanted.n {
            return None;
        }
        if layout.pairs == 0 {
            return Some(layout);
        }
        let Kept { way, turned, cover, .. } = kept;
        layout = Self { way, turned, cover: cover.into(), ..layout };
        let all = all_of(wanted.n);
        let active = wanted.active();
        match way {
            Way::Grown => {
                let listable = wanted.sides.is_empty() || layout.pairs <= LISTED_PAIRS;
                layout.cover = Arc::default();
                layout.grow(&wanted, if wanted.sides.is_empty() { &all } else { &active });
                listable.then_some(layout)
            }
            Way::Cover | Way::Filtered | Way::Skipping | Way::Gathered => {
                let parts = Parts::new(&wanted.sides, &active).sorted();
                layout.order = parts.order(turned);
                if !layout.answers(&parts) {
                    return None;
                }
                if way == Way::Filtered {
                    let listable = layout.cover.calls <= LISTED_CALLS && layout.pairs <= LISTED_PAIRS;
                    listable.then(|| layout.filter(&wanted, &active))?;
                }
                if matches!(way, Way::Skipping | Way::Gathered) {
                    layout.skip(&wanted, way)?;
                }
                Some(layout)
            }
            Way::Completed => {
                let (new, old) = wanted.new_and_old();
                let left = wanted.left_among(&old)?;
                let cover = &layout.cover;
                let fits = cover.points == wanted.n && (cover.hole < 2 || cover.hole == old.len() as u32);
                if !fits || !may_grow(left, old.len() as u32, old.len() as u64, layout.call_size) {
                    return None;
                }
                layout.order = joined(&new, &old);
                layout.complete(&wanted, &old);
                Some(layout)
            }
        }
    }

    /// Whether the cover fits two lists that may overlap.
    fn answers(&self, parts: &Parts) -> bool {
        let (first, both, second) = (parts.first.len(), parts.both.len(), parts.second.len());
        let (a, b) = if self.turned { (second, first) } else { (first, second) };
        let (a, o, b) = (a as u32, both as u32, b as u32);
        let cover = &self.cover;
        let fits = match cover.rows() {
            Some(rows) => rows == a && cover.hole == b,
            None => cover.hole < 2 || (a == 0 && cover.hole == b),
        };
        fits && cover.points == a + o + b
    }

    /// Known pairs are left out: whichever of three ways needs the fewest calls.
    fn improve(&mut self, wanted: &Wanted, active: &[u32]) {
        let mut best = std::mem::replace(self, Self::blank(wanted, self.call_size));
        let cover = best.clone();
        let mut consider = |other: Self| {
            if other.calls() < best.calls() {
                best = other;
            }
        };
        let (new, old) = wanted.new_and_old();
        if let Some(completed) = self.completed(wanted, &new, &old) {
            consider(completed);
        }
        if cover.calls() <= LISTED_CALLS && self.pairs <= LISTED_PAIRS {
            let mut filtered = cover;
            filtered.filter(wanted, active);
            consider(filtered);
        } else {
            for way in [Way::Skipping, Way::Gathered] {
                let mut skipping = cover.clone();
                if skipping.skip(wanted, way).is_some() {
                    consider(skipping);
                }
            }
        }
        let most = wanted.degrees.iter().copied().max().unwrap_or(0);
        if may_grow(self.pairs, most, active.len() as u64, self.call_size) {
            let mut grown = self.clone();
            grown.way = Way::Grown;
            grown.grow(wanted, active);
            if grown.calls() < best.calls() {
                best = grown;
            }
        }
        *self = best;
    }

    /// New names are joined with the old ones; what is asked for among those is grown.
    fn completed(&self, wanted: &Wanted, new: &[u32], old: &[u32]) -> Option<Self> {
        let mut layout = self.clone();
        layout.way = Way::Completed;
        layout.order = joined(new, old);
        let (n, hole) = (layout.order.len() as u32, old.len() as u32);
        if new.is_empty() || !may_grow(wanted.left_among(old)?, hole, u64::from(hole), self.call_size) {
            return None;
        }
        layout.cover = Chooser::new(self.call_size, n, TABLE).choose_open(n, hole).into();
        layout.complete(wanted, old);
        Some(layout)
    }

    /// Grows calls for the pairs that the cover leaves among its last names.
    fn complete(&mut self, wanted: &Wanted, old: &[u32]) {
        if self.cover.hole > 1 {
            self.grow(wanted, old);
        }
    }

    /// Leaves out what is not asked for.
    fn filter(&mut self, wanted: &Wanted, names: &[u32]) {
        let forest = self.forest();
        let mut calls = forest.blocks(forest.last());
        for point in calls.iter_mut().flatten() {
            *point = self.name_of(*point);
        }
        self.way = Way::Filtered;
        let mut counts = Counts::of(wanted.n, &wanted.list(names));
        self.listed = tidy(calls, &mut counts, self.call_size as usize);
    }

    /// Leaves out the calls of which every pair is known, unless there are too many to look at. Names can be gathered
    /// only where all their pairs were asked for.
    fn skip(&mut self, wanted: &Wanted, way: Way) -> Option<()> {
        let all = self.cover.calls;
        let gathered = way == Way::Gathered;
        if all > SKIPPED_CALLS || (gathered && wanted.left_among(&self.order).is_none()) {
            return None;
        }
        self.way = way;
        if gathered {
            let degree =
                |at: u32| self.order.get(at as usize).and_then(|&name| wanted.degrees.get(name as usize));
            let places = sort::by(self.order.len() as u32, &|a, b| degree(a) < degree(b));
            let mut order = Vec::with_capacity(places.len());
            for place in places {
                order.push(self.name_of(place));
            }
            // The first of them join every group, so the calls of the first group need them too; they stand last.
            if let Shape::Transversal { extra, .. } = &self.forest().get(self.forest().last()).shape {
                let first = (*extra as usize).min(order.len());
                let mut others = order.split_off(first);
                others.extend_from_slice(&order);
                order = others;
            }
            self.order = order;
        }
        self.skipped.clear();
        let mut call = Vec::new();
        for index in 0..all {
            call.clear();
            let forest = self.forest();
            forest.call(forest.last(), index, &mut call);
            call.iter_mut().for_each(|point| *point = self.name_of(*point));
            let asked = |(i, &a): (usize, &u32)| call.iter().take(i).any(|&b| wanted.wants(a, b));
            if !call.iter().enumerate().any(asked) {
                self.skipped.push(index as u32);
            }
        }
        Some(())
    }

    /// Grows calls for the pairs among `names`.
    fn grow(&mut self, wanted: &Wanted, names: &[u32]) {
        self.listed = graph::cover(wanted.n, &wanted.list(names), self.call_size);
    }

    /// The cover, laid out.
    pub(crate) fn forest(&self) -> &Forest {
        self.cover.forest(self.call_size)
    }

    /// How many pairs are asked for.
    pub fn pairs(&self) -> u64 {
        self.pairs
    }

    /// How many calls there are.
    pub fn calls(&self) -> u64 {
        let covered = if self.way == Way::Filtered { 0 } else { self.cover.calls };
        covered - self.skipped.len() as u64 + self.listed.len() as u64
    }

    /// No plan has fewer calls: see [`super::bound`].
    pub fn lower_bound(&self) -> u64 {
        self.lower_bound
    }

    /// How many calls it takes by hand: halves of a call paired with each other, or pairs packed k/2 to a call.
    pub fn naive_calls(&self) -> u64 {
        self.naive
    }

    /// The names of call number `index`, ascending, if there is one.
    pub fn call(&self, index: u64) -> Option<Vec<u32>> {
        let mut out = Vec::with_capacity(self.call_size as usize);
        self.append(index, &mut out).then_some(out)
    }

    /// Appends the names of call number `index`, ascending; `false` if there is none.
    pub(crate) fn append(&self, index: u64, out: &mut Vec<u32>) -> bool {
        if index >= self.calls() {
            return false;
        }
        let start = out.len();
        let covered = self.calls() - self.listed.len() as u64;
        if index < covered {
            // Of those before the call that is meant, each moves it on by one.
            let (mut low, mut high) = (0, self.skipped.len());
            while low < high {
                let middle = low + (high - low) / 2;
                let kept = self.skipped.get(middle).map_or(u64::MAX, |&at| u64::from(at) - middle as u64);
                if kept <= index { low = middle + 1 } else { high = middle }
            }
            let forest = self.forest();
            forest.call(forest.last(), index + low as u64, out);
            for point in out.iter_mut().skip(start) {
                *point = self.name_of(*point);
            }
        } else {
            out.extend_from_slice(self.listed.get((index - covered) as usize));
        }
        sort::few(out.get_mut(start..).unwrap_or_default());
        true
    }

    fn name_of(&self, point: u32) -> u32 {
        self.order.get(point as usize).copied().unwrap_or(point)
    }

    /// Which construction won, in words.
    pub fn method(&self) -> String {
        let mut words = String::new();
        if self.way == Way::Grown {
            words.push_str("calls grown along the graph of pairs");
            return words;
        }
        recipe::describe(&self.cover.recipe, self.cover.points, self.cover.hole, &mut words);
        words.push_str(match self.way {
            Way::Filtered | Way::Skipping | Way::Gathered => ", without what is known",
            Way::Completed if self.listed.len() > 0 => ", completed along the graph of pairs",
            _ => "",
        });
        words
    }
}

fn all_of(names: u32) -> Vec<u32> {
    let mut all = Vec::new();
    all.extend(0..names);
    all
}

fn joined(one: &[u32], other: &[u32]) -> Vec<u32> {
    let mut joined = one.to_vec();
    joined.extend_from_slice(other);
    joined
}

/// Whether calls for so many pairs are grown within bounds: each of their names is looked at once for each in a call.
fn may_grow(pairs: u64, most: u32, names: u64, call_size: u32) -> bool {
    let k = u64::from(call_size);
    let calls = pairs / (k * (k - 1) / 2) * 2 + 1;
    pairs <= LISTED_PAIRS && calls.saturating_mul(k * (u64::from(most) + names)) <= GROWN_WORK
}
