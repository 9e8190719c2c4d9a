//! Which construction has the fewest calls: looked up where a recipe is kept, computed where a formula must do.
//!
//! Recipes are kept for calls of twenty names and the numbers of names that [`TABLE`] lists. Elsewhere extensions and
//! transversal designs are compared, from small to large; for large numbers the designs alone, over a bounded choice of
//! orders, extra names and cut groups. The sizes are known before anything is built, and only the winner is.

use super::build::Construction;
use super::cover::{Forest, Id};
use super::field::prime_power;
use super::grid::Grid;
use super::recipe::{RUNS, Run, Spread};
use super::table::{CUT, Choice, Chosen, Open, TABLE_CALL_SIZE, read_hole};
use super::text::Reader;

/// Chooses covers for one call size, and builds them ([`super::build`]).
#[derive(Debug)]
pub(crate) struct Chooser<'a> {
    pub(super) k: u32,
    /// For 0, 1, 2 … names.
    small: Vec<Chosen<'a>>,
    /// What is listed with a hole, and the most names of those.
    open: Vec<Open<'a>>,
    widest: u32,
    /// How many calls those take with a hole, by names and then by hole; zero where it has not been asked.
    holed: Vec<Vec<u32>>,
    /// Beyond: by names and hole, sorted.
    large: Vec<((u32, u32), Chosen<'a>)>,
    /// By names and hole.
    pub(super) built: Vec<((u32, u32), Id)>,
    pub(super) forest: Forest,
    /// Whether every cover's recipe is given, its parts' first: nothing is chosen.
    pub(super) told: bool,
}

impl<'a> Chooser<'a> {
    /// For up to `names` names in calls of `k`; `table` is [`TABLE`](super::table::TABLE) outside the search for a better one.
    pub(crate) fn new(k: u32, names: u32, table: &'a str) -> Self {
        let (mut small, mut open) = (Vec::new(), Vec::new());
        for n in 0..=k.min(names) {
            small.push(Chosen { calls: u64::from(n > 1), choice: Choice::All });
        }
        if k == TABLE_CALL_SIZE && names > k {
            let mut calls = 1u32;
            let mut rest = Reader(table);
            while !rest.is_empty() {
                let line = rest.until('\n').unwrap_or_else(|| std::mem::take(&mut rest.0));
                let mut reader = Reader(line);
                let number = reader.number().unwrap_or(0);
                if reader.eat('-') {
                    open.extend(Open::read(number, reader));
                    continue;
                }
                calls = calls.wrapping_add(number);
                small.push(Chosen { calls: calls.into(), choice: Choice::Kept(reader.0) });
            }
        }
        let widest = open.iter().map(|open| open.names).max().unwrap_or(0);
        let mut chooser = Self { small, open, widest, told: false, ..Self::told(k) };
        for n in chooser.small.len() as u32..=names.min(32 * k) {
            let chosen = chooser.choose_small(n);
            chooser.small.push(chosen);
        }
        chooser
    }

    /// For a record, which tells by [`Chooser::follow`] how every cover is built.
    pub(crate) fn told(k: u32) -> Self {
        Self {
            k,
            small: Vec::new(),
            open: Vec::new(),
            widest: 0,
            holed: Vec::new(),
            large: Vec::new(),
            built: Vec::new(),
            forest: Forest::default(),
            told: true,
        }
    }

    pub(crate) fn into_forest(self) -> Forest {
        self.forest
    }

    /// How many calls cover `n` names but for the pairs among the last `hole`.
    pub(crate) fn calls(&mut self, n: u32, hole: u32) -> u64 {
        if n < 2 || hole >= n {
            return 0;
        }
        if self.told {
            return self.standing(n, hole).map_or(u64::MAX, |id| self.forest.get(id).calls);
        }
        let Some(full) = self.small.get(n as usize).map(|chosen| chosen.calls) else {
            return self.large(n, if hole < 2 { 0 } else { hole }).calls;
        };
        if hole < 2 {
            return full;
        }
        let (at, hole_at) = (n as usize, hole as usize);
        let known = self.holed.get(at).and_then(|row| row.get(hole_at)).copied().unwrap_or(0);
        if known > 0 {
            return known.into();
        }
        let calls = self.part(n, hole).calls;
        if self.holed.len() <= at {
            self.holed.resize_with(at + 1, Vec::new);
        }
        if let Some(row) = self.holed.get_mut(at) {
            row.resize(at + 1, 0);
            if let Some(slot) = row.get_mut(hole_at) {
                *slot = calls as u32;
            }
        }
        calls
    }

    /// The best small cover with a hole: one without; the hole's names joined piece by piece with all others, or as they
    /// are with a cover of the others; one that is listed; a design that has the hole as a group.
    fn holed(&mut self, n: u32, hole: u32) -> Chosen<'a> {
        let (k, others) = (self.k, n - hole);
        let mut best = Chosen { calls: self.small_calls(n), choice: Choice::All };
        let (joined, choice) = if others < k {
            (u64::from(hole.div_ceil(k - others)), Choice::All)
        } else if hole < k {
            (self.small_calls(others) + joins(n, hole, k), Choice::Extend(hole))
        } else {
            (u64::MAX, Choice::All)
        };
        if joined < best.calls {
            best = Chosen { calls: joined, choice };
        }
        if let Some(Chosen { choice: Choice::Kept(line), .. }) = self.small.get(n as usize) {
            let mut reader = Reader(line);
            reader.until(' ');
            let mut calls = self.small_calls(n);
            while let Some((size, first, fewer)) = read_hole(&mut reader) {
                calls -= u64::from(fewer).min(calls);
                if size <= hole && calls < best.calls {
                    best = Chosen { calls, choice: Choice::Laid(size, first) };
                }
            }
        }
        let fits = |open: &&Open| {
            (n..=n + CUT).contains(&open.names)
                && open.names - open.hole >= others
                && u64::from(open.calls) < best.calls
        };
        if n <= self.widest
            && let Some(open) = self.open.iter().find(fits)
        {
            best = open.chosen();
        }
        if others > 1
            && let Some((calls, spread)) =
                hole_designs(n, hole, k, best.calls, &mut |n, hole| self.calls(n, hole))
        {
            best = Chosen { calls, choice: Choice::Spread(spread) };
        }
        best
    }

    /// What another cover is made from: for just these numbers one may be listed not because its calls are few, but for the
    /// sake of what tidying makes of the small ones.
    fn part(&mut self, n: u32, hole: u32) -> Chosen<'a> {
        match self.listed(n, hole) {
            Some(open) => open.chosen(),
            None => self.holed(n, hole),
        }
    }

    fn listed(&self, n: u32, hole: u32) -> Option<&Open<'a>> {
        // Asked for every part: most are wider than any that is listed.
        if n > self.widest {
            return None;
        }
        self.open.iter().find(|open| (open.names, open.hole) == (n, hole))
    }

    fn small_calls(&self, n: u32) -> u64 {
        self.small.get(n as usize).map_or(0, |chosen| chosen.calls)
    }

    fn choose_small(&mut self, n: u32) -> Chosen<'a> {
        let k = self.k;
        let mut best = Chosen { calls: u64::MAX, choice: Choice::All };
        for by in 1..k.min(n) {
            let calls = self.small_calls(n - by) + joins(n, by, k);
            if calls < best.calls {
                best = Chosen { calls, choice: Choice::Extend(by) };
            }
        }
        for order in 2..n.div_ceil(2) {
            let field = prime_power(order).is_some();
            if !field && k > 3 {
                continue;
            }
            for heaviest in 2..=k.min(n / order) {
                let extra = n - heaviest * order;
                if extra > 2 * k {
                    continue;
                }
                for groups in [order + 1, order] {
                    let groups = groups.min(heaviest).min(if field { heaviest } else { 3 });
                    let (weight, more) = (heaviest / groups, heaviest % groups);
                    let mut runs = [Run::default(); RUNS];
                    runs[usize::from(more > 0)] = Run::new(groups - more, order, weight);
                    if more > 0 {
                        runs[0] = Run::new(more, order, weight + 1);
                    }
                    self.consider(&mut best, n, Spread { order, extra, runs });
                }
            }
        }
        if n >= 2 * k {
            for extra in 0..=k {
                self.cut_designs(&mut best, n, extra, 0, &CUTS);
            }
        }
        best
    }

    /// Takes a spread if it is better. Its hole, if it is to have one, is its extra names.
    fn consider(&mut self, best: &mut Chosen<'a>, n: u32, spread: Spread) {
        self.consider_with_hole(best, n, spread, 0);
    }

    fn consider_with_hole(&mut self, best: &mut Chosen<'a>, n: u32, spread: Spread, hole: u32) {
        let extra = spread.extra;
        // Most designs need not be looked at closer: their groups would take too many calls at best.
        let mut calls = u64::from(spread.order) * u64::from(spread.order);
        for run in spread.runs() {
            calls += u64::from(run.count) * fewest(run.names(), extra, self.k);
        }
        let mut closing = u64::MAX;
        for run in spread.runs() {
            let names = run.names() + extra;
            if calls >= best.calls || names >= n {
                return;
            }
            let open = self.calls(names, extra);
            calls += u64::from(run.count) * (open - fewest(run.names(), extra, self.k));
            closing = closing.min(self.calls(names, 0) - open);
        }
        if hole == 0 {
            calls += closing;
        }
        if calls < best.calls && spread.is_sound(self.k) {
            *best = Chosen { calls, choice: Choice::Spread(spread) };
        }
    }

    /// Designs of k groups just large enough for n − extra points, some of their groups cut short.
    fn cut_designs(&mut self, best: &mut Chosen<'a>, n: u32, extra: u32, hole: u32, cuts: &[u32]) {
        let k = self.k;
        let points = n - extra;
        let mut order = points.div_ceil(k).max(2);
        for _ in 0..2 {
            while k > 3 && prime_power(order).is_none() {
                order += 1;
            }
            // The groups have the fewest pairs when all are alike; each cut costs more than that.
            let (lines, all) = (u64::from(order) * u64::from(order), u64::from(points));
            let pairs = all * (all / u64::from(k) + 2 * u64::from(extra)).saturating_sub(1) / 2;
            if lines + pairs / u64::from(k * (k - 1) / 2) >= best.calls {
                order += 1;
                continue;
            }
            let missing = k * order - points;
            for &short in cuts {
                let short = short.min(k - 2);
                if short == 0 && missing > 0 {
                    continue;
                }
                let (by, more) = if missing > 0 { (missing / short, missing % short) } else { (0, 0) };
                if by + 1 >= order {
                    continue;
                }
                let full = if missing > 0 { k - short } else { k };
                let mut runs = [Run::default(); RUNS];
                let sizes = [(full, order), (short - more, order - by), (more, order - by - 1)];
                for (slot, (count, points)) in runs.iter_mut().zip(sizes) {
                    *slot = Run::new(count, points, 1);
                }
                if by == 0 && missing > 0 {
                    runs[0].count = k - more;
                    runs[1] = runs[2];
                    runs[2] = Run::default();
                }
                if missing == 0 {
                    runs[1..].fill(Run::default());
                }
                self.consider_with_hole(best, n, Spread { order, extra, runs: packed(runs) }, hole);
                if missing == 0 {
                    break;
                }
            }
            order += 1;
        }
    }

    fn large(&mut self, n: u32, hole: u32) -> Chosen<'a> {
        match self.large.binary_search_by_key(&(n, hole), |entry| entry.0) {
            Ok(at) => self.large[at].1,
            Err(_) => {
                let chosen = self.choose_large(n, hole);
                let at = self.large.partition_point(|entry| entry.0 < (n, hole));
                self.large.insert(at, ((n, hole), chosen));
                chosen
            }
        }
    }

    fn choose_large(&mut self, n: u32, hole: u32) -> Chosen<'a> {
        let k = self.k;
        if hole > 0 {
            // Without its hole filled a design of the rest may do; or the cover of everything serves.
            let mut best = self.large(n, 0);
            if n > 2 * hole {
                self.cut_designs(&mut best, n, hole, hole, &FEW_CUTS);
            }
            return best;
        }
        let mut best = Chosen { calls: u64::MAX, choice: Choice::All };
        // Beyond a few thousand names the parts of parts are many: fewer cuts are tried.
        let (cuts, cut_extra) =
            if n <= self.small.len() as u32 * k { (&CUTS[..], 4 * k) } else { (&FEW_CUTS[..], k) };
        let mut below = n / k;
        while k > 3 && prime_power(below).is_none() {
            below -= 1;
        }
        let fitting = n - k * below;
        // What a design of whole groups takes, if there is one near: the others are held against that from the start.
        if fitting <= cut_extra.min(below) {
            self.cut_designs(&mut best, n, fitting, 0, &cuts[..1]);
            best.calls = best.calls.saturating_add(1);
        }
        for extra in 0..=fitting.min(below).max(cut_extra) {
            let whole = (n - extra).is_multiple_of(k) && (k <= 3 || prime_power((n - extra) / k).is_some());
            if whole || extra <= cut_extra {
                self.cut_designs(&mut best, n, extra, 0, cuts);
            }
        }
        // What stands a little above a design of whole groups may extend it, in one step or in two.
        let lines = u64::from(below) * u64::from(below);
        for extra in 0..=cut_extra.min(fitting).min(below - 1) {
            let more = fitting - extra;
            if more == 0 || more > 2 * (k - 1) || lines >= best.calls {
                continue;
            }
            let (open, full) = (self.calls(below + extra, extra), self.calls(below + extra, 0));
            let whole = lines + u64::from(k - 1) * open + full;
            for by in more.saturating_sub(k - 1).max(1)..=more.min(k - 1) {
                let before = if by < more { joins(n - by, more - by, k) } else { 0 };
                let calls = whole + joins(n, by, k) + before;
                if calls < best.calls {
                    best = Chosen { calls, choice: Choice::Extend(by) };
                }
            }
        }
        if let Choice::Extend(by) = best.choice {
            // What is extended may be better than the design above.
            best.calls = self.calls(n - by, 0) + joins(n, by, k);
        }
        best
    }

    /// The hole that the best cover leaves: none where that takes no more calls, unless such a one is listed.
    pub(super) fn hole(&mut self, n: u32, hole: u32) -> u32 {
        let is_whole = self.listed(n, hole).is_none() && self.calls(n, hole) == self.calls(n, 0);
        if hole < 2 || is_whole { 0 } else { hole }
    }

    /// The recipe of the best cover of `n` names but for the pairs among the last `hole`.
    pub(super) fn recipe(&mut self, n: u32, hole: u32) -> String {
        let chosen = match self.small.get(n as usize) {
            Some(chosen) if hole == 0 => *chosen,
            Some(_) => self.part(n, hole),
            None => self.large(n, hole),
        };
        chosen.recipe()
    }

    /// The best cover of `n` names but for the pairs among the last `hole`.
    pub(crate) fn choose(&mut self, n: u32, hole: u32) -> Construction {
        if self.listed(n, hole).is_some() {
            // Not a part.
            let chosen = self.holed(n, hole);
            if chosen.calls < self.small_calls(n) {
                return Construction::of(n, hole, chosen.calls, chosen.recipe());
            }
            return self.choose(n, 0);
        }
        let calls = self.calls(n, hole);
        if calls == 0 {
            return Construction::of(n, n, 0, String::new());
        }
        let hole = self.hole(n, hole);
        Construction::of(n, hole, calls, self.recipe(n, hole))
    }

    /// The same for a question whose lists leave the hole: it may be that large that a grid of it with the others is best.
    pub(crate) fn choose_open(&mut self, n: u32, hole: u32) -> Construction {
        let chosen = self.choose(n, hole);
        if hole < 2 || hole >= n {
            return chosen;
        }
        let grid = Grid::new(n - hole, hole, self.k);
        let apart = if grid.keeps_rows_together() { 0 } else { self.calls(n - hole, 0) };
        let calls = grid.calls() + apart;
        if calls >= chosen.calls {
            return chosen;
        }
        Construction::of(n, hole, calls, "G".to_owned())
    }
}

/// Designs that have the hole as their last group, with or without extra names of it that join every other group: the
/// fewer the other groups, the heavier their points, and the more of the hole meets them in a call. Affine planes whose
/// parallel classes share out the hole are among them. The best of all orders, if it takes fewer than `below`; `calls`
/// says what covers a number of names but for a hole.
pub(crate) fn hole_designs(
    n: u32,
    hole: u32,
    k: u32,
    below: u64,
    calls: &mut dyn FnMut(u32, u32) -> u64,
) -> Option<(u64, Spread)> {
    let (mut best, mut least) = (None, below);
    let others = n - hole;
    for order in SMALL_ORDERS {
        let lines = order * order;
        let (class, all) = (hole.div_ceil(order + 1), others.div_ceil(order));
        if u64::from(lines) >= least || all >= k || order >= k {
            continue;
        }
        // All room that a call has is for the hole; or a class each for its group and the extra names.
        let widest = k - all;
        let mut consider = |groups: u32, width: u32, extra: u32| {
            if extra >= hole || groups == 0 || width == 0 {
                return;
            }
            let (weight, more) = (all / groups, all % groups);
            // The last group of whole names loses what there is too much of.
            let surplus = order * all - others;
            if weight == 0 || surplus >= weight * order {
                return;
            }
            let points = (hole - extra).div_ceil(width);
            let mut runs = [
                Run::new(more, order, weight + 1),
                Run::new(groups - more - 1, order, weight),
                Run { count: 1, points: order - surplus / weight, weight, less: surplus % weight },
                Run { count: 1, points, weight: width, less: points * width - (hole - extra) },
            ];
            let filled = || runs.iter().take(3).filter(|run| run.count > 0);
            let mut total = u64::from(lines);
            for run in filled() {
                total += u64::from(run.count) * fewest(run.names(), extra, k);
            }
            for run in filled() {
                if total >= least {
                    return;
                }
                total += u64::from(run.count)
                    * (calls(run.names() + extra, extra) - fewest(run.names(), extra, k));
            }
            if total < least {
                runs = packed(runs);
                let spread = Spread { order, extra, runs };
                if spread.is_sound(k) {
                    least = total;
                    best = Some((total, spread));
                }
            }
        };
        if all + class <= k {
            consider(order.min(all), class, class);
        }
        for groups in 1..=order.min(all) {
            consider(groups, widest, hole.saturating_sub(order * widest));
        }
    }
    best
}

/// The prime powers below the largest call.
const SMALL_ORDERS: [u32; 12] = [2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 19];

/// Into how many groups what is missing is spread.
const CUTS: [u32; 18] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
const FEW_CUTS: [u32; 3] = [1, 2, 18];

/// No cover of so many names and `extra` others that are its hole has fewer calls than this: a call has so many pairs, a
/// name meets so many others in a call, and so do the others with the names.
pub(super) fn fewest(names: u32, extra: u32, k: u32) -> u64 {
    let (others, meets) = ((names + extra - 1).div_ceil(k - 1), names.div_ceil(k - 1));
    let pairs = u64::from(names) * u64::from(names - 1 + 2 * extra) / 2;
    let places = u64::from(names) * u64::from(others) + u64::from(extra) * u64::from(meets);
    pairs.div_ceil(u64::from(k * (k - 1) / 2)).max(places.div_ceil(u64::from(k)))
}

/// How many calls join `by` new names with the other n − by.
fn joins(n: u32, by: u32, k: u32) -> u64 {
    u64::from((n - by).div_ceil(k - by))
}

/// The runs that have groups, first.
fn packed(runs: [Run; RUNS]) -> [Run; RUNS] {
    let mut packed = [Run::default(); RUNS];
    for (slot, run) in packed.iter_mut().zip(runs.iter().filter(|run| run.count > 0)) {
        *slot = *run;
    }
    packed
}
