//! Candidates by formula and by rule, without chance.

use super::{Best, CALL, MOST, joins};
use qcc_pro::plan::workshop;
use std::fmt::Write as _;

/// Prime powers that a table up to [`MOST`] names can use.
pub const ORDERS: [u32; 23] =
    [2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 19, 23, 25, 27, 29, 31, 32, 37, 41, 43, 47, 49];

/// The cover of n − b, extended.
pub fn extensions(best: &mut Best, n: u32) {
    for by in 1..CALL.min(n) {
        if best.calls(n - by) + joins(n, by) < best.calls(n) {
            best.offer(n, &format!("E{by}"));
        }
    }
}

/// Transversal designs of every order and every distribution of weights, with one kind of group cut short; those that
/// come near are tidied as well.
pub fn transversals(best: &mut Best, n: u32) {
    let slack = 2 + n / 150 + best.effort as u32 / 3;
    let (mut near, mut better) = (Vec::new(), Vec::new());
    spreads(best, n, &mut |design| {
        let Some(calls) = design.calls(best, n, slack) else { return };
        if calls < best.calls(n) {
            better.push((calls, design.recipe()));
        }
        if near.len() < 5_000 {
            near.push((calls, design.recipe()));
        }
    });
    better.sort();
    for (calls, recipe) in better {
        if calls < best.calls(n) {
            best.offer(n, &recipe);
        }
    }
    near.sort();
    near.dedup();
    for (_, recipe) in near.into_iter().take(best.effort * if n > 350 { 2 } else { 12 }) {
        best.offer(n, &format!("~{recipe}"));
    }
}

/// A transversal design.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Design {
    order: u32,
    pub extra: u32,
    /// Of each run of groups the count, weight and points.
    pub runs: Vec<(u32, u32, u32)>,
}

impl Design {
    /// How many calls it takes, if it is at most so many more than the best known.
    pub fn calls(&self, best: &Best, n: u32, slack: u32) -> Option<u32> {
        let mut calls = self.order * self.order;
        let mut closing = u32::MAX;
        for &(count, weight, points) in &self.runs {
            let names = weight * points + self.extra;
            if names >= n {
                return None;
            }
            let open = best.with_hole(names, self.extra);
            calls += count * open;
            closing = closing.min(best.calls(names) - open);
            if calls > best.calls(n) + slack {
                return None;
            }
        }
        (calls + closing <= best.calls(n) + slack).then_some(calls + closing)
    }

    pub fn recipe(&self) -> String {
        let mut recipe = format!("T{}+{}", self.order, self.extra);
        for (i, &(count, weight, points)) in self.runs.iter().enumerate() {
            let mark = if i == 0 { ':' } else { ',' };
            let cut = if points < self.order { format!("/{points}") } else { String::new() };
            write!(recipe, "{mark}{count}x{weight}{cut}").expect("a string takes everything");
        }
        recipe
    }
}

/// Every design whose transversals alone are fewer than the best known calls.
pub fn spreads(best: &Best, n: u32, found: &mut impl FnMut(Design)) {
    for order in ORDERS {
        if order * order >= best.calls(n) {
            break;
        }
        for heaviest in 2..=CALL {
            let mut weights = Vec::new();
            partitions(heaviest, heaviest, order + 1, &mut weights, &mut |weights| {
                spread(n, order, heaviest, weights, found);
            });
        }
    }
}

/// Calls back with every way to write `sum` as at most `parts` falling summands of at most `most`.
fn partitions(sum: u32, most: u32, parts: u32, so_far: &mut Vec<u32>, found: &mut impl FnMut(&[u32])) {
    if sum == 0 {
        found(so_far);
        return;
    }
    if parts == 0 || most * parts < sum {
        return;
    }
    for part in (1..=most.min(sum)).rev() {
        so_far.push(part);
        partitions(sum - part, part, parts - 1, so_far, found);
        so_far.pop();
    }
}

/// One distribution of weights: whole groups and what is left as extra names, or some groups cut.
fn spread(n: u32, order: u32, heaviest: u32, weights: &[u32], found: &mut impl FnMut(Design)) {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &weight in weights {
        match runs.last_mut() {
            Some((count, last)) if *last == weight => *count += 1,
            _ => runs.push((1, weight)),
        }
    }
    if runs.len() > 4 {
        return;
    }
    let all = order * heaviest;
    if all <= n && n - all <= 5 * CALL {
        let runs = runs.iter().map(|&(count, weight)| (count, weight, order)).collect();
        found(Design { order, extra: n - all, runs });
    }
    if runs.len() > 3 || all > n + 3 * CALL {
        return;
    }
    // Of one weight j groups lose t points each.
    for (at, &(count, weight)) in runs.iter().enumerate() {
        for cut in 1..=count {
            for lost in 1..order {
                let less = cut * lost * weight;
                if less >= all || all - less > n || n + less - all > 2 * CALL {
                    continue;
                }
                let mut cut_runs: Vec<_> =
                    runs.iter().map(|&(count, weight)| (count, weight, order)).collect();
                cut_runs[at].0 -= cut;
                cut_runs.push((cut, weight, order - lost));
                cut_runs.retain(|run| run.0 > 0);
                found(Design { order, extra: n + less - all, runs: cut_runs });
            }
        }
    }
}

/// Planes whose weights follow lines.
pub fn planes(best: &mut Best, from: u32, to: u32) {
    for q in ORDERS.into_iter().filter(|&q| q <= 25) {
        for base in 0..=(CALL / q + 2) {
            for pencil in [false, true] {
                for first in -(base as i32).min(3)..=5 {
                    for second in [-3, -2, -1, 0, 1, 2] {
                        for count in 0..=q + 1 {
                            if (second == 0 && count > 0) || (first == 0 && second != 0 && pencil) {
                                continue;
                            }
                            let mut summands = if first == 0 { vec![] } else { vec![first] };
                            summands.extend((0..count).map(|_| second));
                            plane(best, q, base as i32, &summands, pencil, from, to);
                        }
                    }
                }
            }
        }
    }
}

fn plane(best: &mut Best, q: u32, base: i32, summands: &[i32], pencil: bool, from: u32, to: u32) {
    let Some(weights) = workshop::weights_by_lines(q, base, summands, pencil) else { return };
    let n: u32 = weights.iter().sum();
    if n < from || n > to {
        return;
    }
    // Light lines can be merged at best into full calls.
    let lines = lines(q);
    let mut calls = 0.0;
    for line in lines.iter() {
        let names: u32 = line.iter().map(|&point| weights[point as usize]).sum();
        calls += match names {
            0 | 1 => 0.0,
            2..=10 => f64::from(names) / f64::from(CALL),
            11..=20 => 1.0,
            _ => f64::from(best.calls(names)),
        };
    }
    if calls < f64::from(best.calls(n)) + 3.0 {
        let mut recipe = format!("{}{q}:{base}", if pencil { 'P' } else { 'S' });
        let mut at = 0;
        while at < summands.len() {
            let times = summands[at..].iter().take_while(|&&other| other == summands[at]).count();
            write!(recipe, "{:+}", summands[at]).expect("a string takes everything");
            if times > 1 {
                write!(recipe, "x{times}").expect("a string takes everything");
            }
            at += times;
        }
        best.offer(n, &recipe);
        best.offer(n, &format!("^{recipe}"));
    }
}

/// The lines of PG(2, q), computed once.
pub fn lines(q: u32) -> &'static [Vec<u32>] {
    use std::sync::{Mutex, OnceLock};
    type Planes = Vec<(u32, &'static [Vec<u32>])>;
    static PLANES: OnceLock<Mutex<Planes>> = OnceLock::new();
    let mut planes = PLANES.get_or_init(Mutex::default).lock().expect("no other thread");
    if let Some((_, lines)) = planes.iter().find(|plane| plane.0 == q) {
        return lines;
    }
    let lines: &'static [Vec<u32>] = workshop::plane_lines(q).leak();
    planes.push((q, lines));
    lines
}

/// The lines on each point.
pub fn lines_on_points(lines: &[Vec<u32>]) -> Vec<Vec<usize>> {
    let mut on = vec![Vec::new(); lines.len()];
    for (number, line) in lines.iter().enumerate() {
        line.iter().for_each(|&point| on[point as usize].push(number));
    }
    on
}

/// How many names a line has, by its points' weights.
pub fn names_on(line: &[u32], weights: &[u32]) -> u32 {
    line.iter().map(|&point| weights[point as usize]).sum()
}

/// Every cyclic cover, every weight that leaves room in a call.
pub fn cyclic(best: &mut Best) {
    for (number, points) in workshop::starter_points().into_iter().enumerate() {
        for weight in 1..=5 {
            if points * weight <= MOST && points * weight > CALL {
                best.offer(points * weight, &format!("C{number}x{weight}"));
            }
        }
    }
}

/// What is there already, tidied.
pub fn tidied(best: &mut Best, n: u32) {
    let recipe = best.recipe(n).to_owned();
    if recipe.starts_with(['E', 'T']) {
        best.offer(n, &format!("~{recipe}"));
    }
}

/// How many times a cover is tidied at most: a plan has to be rebuilt quickly.
const TIDIED: usize = 3;

/// The first seed of walks whose failing takes long.
const LONG_WALKS: u32 = 1 << 20;

/// How many tidyings, walks and deletions a recipe has: each takes the time of rebuilding another cover.
fn depth(recipe: &str) -> usize {
    recipe.matches(['~', '^', 'D']).count()
}

/// What a tidied or a walked recipe begins from.
fn without_seed(recipe: &str, letter: char) -> Option<&str> {
    let number = |char: char| char.is_ascii_digit() || char == '-';
    Some(recipe.strip_prefix(letter)?.trim_start_matches(number))
}

/// The recipe of a walk that begins where another one ended, with how many calls that one gives up, where its failing at the end
/// would take long.
pub fn told(best: &Best, n: u32, recipe: &str) -> Option<String> {
    let inner = without_seed(recipe, '^')?;
    let before = without_seed(inner, '^')?;
    let seed = inner.get(1..inner.len() - before.len())?;
    if seed.parse::<u32>().ok()? < LONG_WALKS {
        return None;
    }
    let calls = |recipe| Some(best.carry_out(n, recipe)?.len());
    let given_up = calls(before)?.checked_sub(calls(inner)?).filter(|&calls| calls > 0)?;
    let outer = recipe.strip_suffix(inner)?;
    Some(format!("{outer}^{seed}-{given_up}{before}"))
}

/// What is there already, stirred and tidied; with one tidying more, or with another seed for the last. A cover with one to
/// three names more, the same with those left out.
pub fn stirred(best: &mut Best, n: u32, seeds: std::ops::Range<u32>) {
    for seed in seeds {
        let recipe = best.recipe(n).to_owned();
        if recipe.matches(['~', '^']).count() < TIDIED {
            best.offer(n, &format!("~{seed}{recipe}"));
        }
        if let Some(inner) = without_seed(&recipe, '~') {
            best.offer(n, &format!("~{seed}{inner}"));
        }
        for names in 1..=3.min(MOST - n) {
            let larger = best.calls(n + names);
            if larger < best.calls(n) + 3 * names && depth(best.recipe(n + names)) < TIDIED {
                let call = seed.wrapping_mul(2_654_435_761) % larger;
                best.offer(n, &format!("~{seed}D{names}@{call}"));
            }
        }
    }
}

/// Gives up calls on a walk: of what is there, of larger covers without some names, of extensions, and of the designs that
/// come nearest.
pub fn walked(best: &mut Best, n: u32, seeds: std::ops::Range<u32>) {
    let mut designs = Vec::new();
    spreads(best, n, &mut |design| {
        if let Some(calls) = design.calls(best, n, 2 + n / 150)
            && designs.len() < 5_000
        {
            designs.push((calls, design.recipe()));
        }
    });
    designs.sort();
    designs.dedup();
    let recipe = best.recipe(n).to_owned();
    let mut recipes = Vec::new();
    if depth(&recipe) < TIDIED {
        recipes.push(recipe.clone());
    }
    recipes.extend(without_seed(&recipe, '^').map(str::to_owned));
    for names in 1..=16.min(MOST - n) {
        let larger = best.calls(n + names);
        if larger <= best.calls(n) + 1 + names / 3 && depth(best.recipe(n + names)) < TIDIED {
            let any = |turn: u32| (seeds.start + turn).wrapping_mul(2_654_435_761) % larger;
            recipes.extend((0..4 * best.effort as u32).map(|turn| format!("D{names}@{}", any(turn))));
        }
    }
    for by in 1..=12.min(n - CALL) {
        if best.calls(n - by) + joins(n, by) <= best.calls(n) + 1 && depth(best.recipe(n - by)) < TIDIED {
            recipes.push(format!("E{by}"));
        }
    }
    let tries = best.effort * if n > 350 { 2 } else { 6 };
    recipes.extend(designs.iter().take(tries).map(|(_, recipe)| format!("~{recipe}")));
    let mut found = Vec::new();
    for recipe in recipes {
        let calls = workshop::carry_out(&best.text, n, 0, &recipe);
        if let Some(calls) = calls.filter(|calls| calls.len() <= best.calls(n) as usize + 2) {
            found.push((calls.len(), fewest_own(n, &calls), recipe, calls));
        }
    }
    found.sort();
    // Some of each sort: the nearest one is not always the one that gives way.
    let mut bases = Vec::new();
    for (sort, most) in [("^", 2), ("D", 4), ("E", 2), ("~", 4)] {
        let of_sort = |base: &&(usize, usize, String, Vec<Vec<u32>>)| base.2.starts_with(sort);
        bases.extend(found.iter().filter(of_sort).take(most * best.effort).cloned());
    }
    for seed in seeds {
        for (_, _, recipe, calls) in &bases {
            best.offer_walk(n, recipe, calls, seed);
        }
    }
}

/// How many pairs are in no other call, of the call that has the fewest such: the fewer, the sooner it can be given up.
fn fewest_own(n: u32, calls: &[Vec<u32>]) -> usize {
    let mut times = vec![0u8; (n * n) as usize];
    let pairs = |call: &[u32]| -> Vec<usize> {
        let of = |&a: &u32| call.iter().filter(move |&&b| a < b).map(move |&b| (a * n + b) as usize);
        call.iter().flat_map(of).collect()
    };
    for pair in calls.iter().flat_map(|call| pairs(call)) {
        times[pair] = times[pair].saturating_add(1);
    }
    let own = |call: &Vec<u32>| pairs(call).into_iter().filter(|&pair| times[pair] == 1).count();
    calls.iter().map(own).min().unwrap_or(0)
}

/// A larger cover without some names of one call: those calls are tried that become small. Covers that are made in this
/// way themselves come last and only as they are, so that chains stay short.
pub fn deletions(best: &mut Best, n: u32) {
    // Tidying large covers takes long and wins little.
    let tries = best.effort * if n > 350 { 2 } else { 6 };
    for chained in [false, true] {
        for names in 1..=CALL.min(MOST - n) {
            let larger = n + names;
            let inherits = best.calls(larger) < best.calls(n);
            if best.is_deleted(larger) != chained || (chained && !inherits) {
                continue;
            }
            if best.calls(larger) <= best.calls(n) + names.div_ceil(4) {
                delete(best, n, names, if inherits { 2 * best.effort } else { tries }, best.calls(n));
            }
        }
    }
}

/// Makes what hangs on a chain of deletions hang on its first cover, where that costs nothing.
pub fn unchained(best: &mut Best, n: u32) {
    for names in 1..=CALL.min(MOST - n) {
        if !best.is_chained(n) {
            return;
        }
        if !best.is_deleted(n + names) && best.calls(n + names) <= best.calls(n) + names.div_ceil(4) {
            delete(best, n, names, 5, best.calls(n) + 1);
        }
    }
}

fn delete(best: &mut Best, n: u32, names: u32, tries: usize, below: u32) {
    let Some(calls) = best.covers(n + names) else { return };
    let mut order: Vec<usize> =
        (0..calls.len()).filter(|&call| calls[call].len() >= names as usize).collect();
    order.sort_by_key(|&call| calls[call].len());
    for call in order.into_iter().take(tries) {
        if best.offer_below(n, &format!("D{names}@{call}"), below) {
            return;
        }
    }
}
