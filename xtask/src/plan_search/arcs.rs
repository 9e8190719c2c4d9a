//! Planes without some of their lines: a point weighs a few names less for each of those that it is on. Where no point is on
//! more of them than it weighs (a dual arc of that degree), all other lines have one call's names and these nearly none.
//! The table's recipes have such lines in general position; here sets of lines are annealed, for weights of three and more.

use super::anneal::{Random, recipe};
use super::designs::{ORDERS, lines, names_on};
use super::{Best, CALL};

/// How long a set of lines is annealed.
const STEPS: u32 = 40_000;

/// With how many seeds a cover is walked from, and the first of them: one of those with the longest walks.
const WALKS: u32 = 4;
const FIRST: u32 = 4096;

/// Tries sets of lines for planes of every order whose points weigh three names and more.
pub fn dual_arcs(best: &mut Best, from: u32, to: u32, seed: u64) {
    let mut random = Random::new(seed);
    for q in ORDERS.into_iter().filter(|&q| q <= 16) {
        let lines = lines(q);
        for base in 3..=8 {
            // With so many lines gone the others have as many names as a call.
            let Some(exact) = (base * (q + 1)).checked_sub(CALL) else { continue };
            for (times, more) in [(1, 0), (1, 1), (2, 0), (2, 1), (3, 0)] {
                let count = exact + more;
                if count == 0 || count * 3 > lines.len() as u32 * times {
                    continue;
                }
                let weights = anneal(lines, base, count, times, &mut random);
                let n: u32 = weights.iter().sum();
                if !(from..=to).contains(&n) || about(lines, &weights) > best.calls(n) + 2 {
                    continue;
                }
                let recipe = recipe(q, &weights);
                best.offer_walks(n, &recipe, FIRST..FIRST + WALKS * best.effort as u32);
            }
        }
    }
}

/// About how many calls there will be, if light lines share them well.
fn about(lines: &[Vec<u32>], weights: &[u32]) -> u32 {
    let (mut calls, mut pairs) = (0, 0);
    for line in lines {
        let names = names_on(line, weights);
        if names > CALL / 2 {
            calls += 1;
        } else {
            pairs += names * names.saturating_sub(1);
        }
    }
    calls + pairs / (CALL * (CALL - 1))
}

/// The points' weights without `count` lines, each taken up to so many times, that are on as few points as can be more often than
/// those weigh; and without what is still too much for a call.
pub fn anneal(lines: &[Vec<u32>], base: u32, count: u32, times: u32, random: &mut Random) -> Vec<u32> {
    let mut taken = vec![0; lines.len()];
    let mut on = vec![0u32; lines.len()];
    let mut chosen = Vec::new();
    while chosen.len() < count as usize {
        let line = random.below(lines.len());
        if taken[line] < times {
            taken[line] += 1;
            chosen.push(line);
            lines[line].iter().for_each(|&point| on[point as usize] += 1);
        }
    }
    let mut total: i64 = on.iter().map(|&on| cost(on, base)).sum();
    for step in 0..STEPS {
        if total == 0 {
            break;
        }
        let heat = 0.15f64.powf(f64::from(step) / f64::from(STEPS));
        let (place, new) = (random.below(chosen.len()), random.below(lines.len()));
        let old = chosen[place];
        if new == old || taken[new] == times {
            continue;
        }
        let before = total;
        total += shift(lines, &mut on, base, old, new);
        let change = (total - before) as f64;
        if change > 0.0 && random.unit() >= (-change / heat).exp() {
            total += shift(lines, &mut on, base, new, old);
            continue;
        }
        taken[old] -= 1;
        taken[new] += 1;
        chosen[place] = new;
    }
    let mut weights: Vec<u32> = on.iter().map(|&on| base.saturating_sub(on)).collect();
    relieve(lines, &mut weights, random);
    weights
}

/// What it costs that a point that weighs `base` is on so many of the lines.
fn cost(on: u32, base: u32) -> i64 {
    i64::from(on.saturating_sub(base)).pow(2)
}

/// Takes one line for another; what that costs more.
fn shift(lines: &[Vec<u32>], on: &mut [u32], base: u32, old: usize, new: usize) -> i64 {
    let mut more = 0;
    for (line, is_new) in [(old, false), (new, true)] {
        for &point in &lines[line] {
            let on = &mut on[point as usize];
            more -= cost(*on, base);
            if is_new {
                *on += 1
            } else {
                *on -= 1
            }
            more += cost(*on, base);
        }
    }
    more
}

/// Takes names away, from the points on most of the lines that have too many, until none has.
fn relieve(lines: &[Vec<u32>], weights: &mut [u32], random: &mut Random) {
    loop {
        let mut over = vec![0; weights.len()];
        for line in lines {
            if names_on(line, weights) > CALL {
                line.iter().for_each(|&point| over[point as usize] += 1);
            }
        }
        let heavy = (0..weights.len()).filter(|&point| weights[point] > 0 && over[point] > 0);
        let Some(most) = heavy.max_by_key(|&point| (over[point], random.below(1 << 16))) else { return };
        weights[most] -= 1;
    }
}
