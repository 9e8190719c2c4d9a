//! Planes whose weights are annealed from a good beginning: without the lines of a dual arc, as in [`super::arcs`]. Names come,
//! go and wander, and now and then those of a whole line are taken to another one. How many names there are is left open
//! until the end; what counts is how many calls fewer there seem to be than the best known cover of as many has.

use super::anneal::{Random, recipe};
use super::arcs;
use super::designs::{ORDERS, lines, lines_on_points, names_on};
use super::{Best, CALL};

/// How many changes are tried for each point.
const STEPS: u64 = 4000;

/// After what part of them a line must not have more names than a call.
const STRICT: f64 = 0.7;

/// With how many seeds a cover is walked from, and the first of them.
const WALKS: u32 = 4;
const FIRST: u32 = 4200;

/// How many calls a plane may seem to take more than the best known cover, or fewer than one more.
const NEAR: f64 = 0.5;

/// Tries a plane of every order.
pub fn planes(best: &mut Best, from: u32, to: u32, seed: u64) {
    let mut random = Random::new(seed);
    for q in ORDERS.into_iter().filter(|&q| (5..=16).contains(&q)) {
        let lines = lines(q);
        let points = lines.len() as u32;
        let base = 1 + random.below(8) as u32;
        let count = (base * (q + 1) + random.below(3) as u32).saturating_sub(CALL + 1);
        let about = (base * points).saturating_sub(count * (q + 1));
        if count * 4 > points * 3 || about + 15 < from || about > to + 25 {
            continue;
        }
        let mut plane =
            Plane::new(best, lines, arcs::anneal(lines, base, count, 1, &mut random), &mut random);
        let aim = from + random.below((to - from + 1) as usize) as u32;
        let Some((more, weights)) = plane.anneal(best, (from, to), aim, &mut random) else { continue };
        if more > NEAR {
            continue;
        }
        let (n, recipe) = (weights.iter().sum(), recipe(q, &weights));
        best.offer_walks(n, &recipe, FIRST..FIRST + WALKS * best.effort as u32);
    }
}

struct Plane {
    lines: &'static [Vec<u32>],
    /// The lines on each point.
    on: Vec<Vec<usize>>,
    weights: Vec<u32>,
    /// Names on each line, and on all.
    names: Vec<usize>,
    total: u32,
    /// About how many calls a line of so many names takes.
    cost: Vec<f64>,
}

impl Plane {
    fn new(best: &Best, lines: &'static [Vec<u32>], weights: Vec<u32>, random: &mut Random) -> Self {
        // How well light lines share calls nobody knows before; a guess that differs finds different planes.
        let (shared, half) = (0.6 + 0.4 * random.unit(), 0.4 + 0.25 * random.unit());
        let guess = |names: u32| match names {
            0 | 1 => 0.0,
            2..=10 => (shared / f64::from(CALL / names)).max(f64::from(names * (names - 1)) / 380.0),
            11..=CALL => (half + f64::from(names - 10) * (1.0 - half) / 5.0).min(1.0),
            _ => f64::from(best.calls(names)),
        };
        let total = weights.iter().sum();
        let names = lines.iter().map(|line| names_on(line, &weights) as usize).collect();
        let cost = (0..=super::MOST).map(guess).collect();
        Self { lines, on: lines_on_points(lines), weights, names, total, cost }
    }

    /// Gives a point one name more or takes one away; what that costs.
    fn turn(&mut self, point: usize, up: bool) -> f64 {
        let by = |n: usize| if up { n + 1 } else { n - 1 };
        let mut more = 0.0;
        for &line in &self.on[point] {
            let names = &mut self.names[line];
            more -= self.cost[*names];
            *names = by(*names);
            more += self.cost[*names];
        }
        self.weights[point] = by(self.weights[point] as usize) as u32;
        self.total = by(self.total as usize) as u32;
        more
    }

    /// The points and directions of a change of any kind.
    fn change(&self, random: &mut Random, turns: &mut Vec<(usize, bool)>) {
        turns.clear();
        let points = self.weights.len();
        let (a, b) = (random.below(points), random.below(points));
        match random.below(10) {
            0 if a != b => {
                let full = self.lines[a].iter().filter(|&&point| self.weights[point as usize] > 0);
                turns.extend(full.map(|&point| (point as usize, false)));
                turns.extend(self.lines[b].iter().map(|&point| (point as usize, true)));
            }
            1..=4 if random.below(2) == 0 => turns.push((a, true)),
            1..=4 if self.weights[a] > 0 => turns.push((a, false)),
            5.. if a != b && self.weights[a] > 0 && self.weights[b] < CALL => {
                turns.extend([(a, false), (b, true)])
            }
            _ => {}
        }
    }

    /// The weights that seem best for their number of names, and by how many calls they seem to be more than the best cover.
    fn anneal(
        &mut self,
        best: &Best,
        (from, to): (u32, u32),
        aim: u32,
        random: &mut Random,
    ) -> Option<(f64, Vec<u32>)> {
        let steps = STEPS * self.weights.len() as u64;
        // What a name is worth: about the calls that one more takes.
        let worth = self.lines[0].len() as f64 / 20.0 * (1.0 + 0.5 * random.unit());
        let pull = if random.below(2) == 0 { 0.02 } else { 0.2 };
        let value =
            |total: u32| pull * (f64::from(total) - f64::from(aim)).powi(2) - worth * f64::from(total);
        let (hot, cold) = (0.15 + 0.5 * random.unit(), 0.02 + 0.04 * random.unit());
        let mut found: Option<(f64, Vec<u32>)> = None;
        let (mut heat, mut turns) = (hot, Vec::new());
        for step in 0..steps {
            if step % 64 == 0 {
                let part = step as f64 / steps as f64;
                heat = hot * (cold / hot).powf(part);
                // At first a line may have a few names too many.
                let strict = (part / STRICT).min(1.0);
                for names in CALL + 1..=CALL + 6 {
                    let lenient = 1.0 + 0.45 * f64::from(names - CALL);
                    let calls = f64::from(best.calls(names));
                    self.cost[names as usize] = lenient * (1.0 - strict) + calls * strict;
                }
                if part > STRICT && (from..=to).contains(&self.total) {
                    let calls: f64 = self.names.iter().map(|&names| self.cost[names]).sum();
                    let more = calls - f64::from(best.calls(self.total));
                    if found.as_ref().is_none_or(|found| more < found.0) {
                        found = Some((more, self.weights.clone()));
                    }
                }
            }
            self.change(random, &mut turns);
            if self.total + turns.len() as u32 > super::MOST {
                continue;
            }
            let before = value(self.total);
            let mut more: f64 = turns.iter().map(|&(point, up)| self.turn(point, up)).sum();
            more += value(self.total) - before;
            if more > 0.0 && random.unit() >= (-more / heat).exp() {
                for &(point, up) in turns.iter().rev() {
                    self.turn(point, !up);
                }
            }
        }
        found.filter(|found| found.1.iter().all(|&weight| weight <= CALL))
    }
}
