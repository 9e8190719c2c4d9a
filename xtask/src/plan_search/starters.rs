//! `cargo xtask plan-starters`: looks for covers that are invariant under a cyclic group, whose points have weights by orbit,
//! and prints them as the planner keeps them (`STARTERS` in `src/plan/plane.rs`).
//!
//! A shape says how many points each orbit's and each fixed point's names have, and for how many turns each block stands.
//! All shapes that can have so few calls are annealed for a short time, the better half of them longer, and so on. What is
//! annealed is the starting blocks; what it costs is the pairs of names in orbits of pairs that no block covers.

use super::CALL;
use super::anneal::Random;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::ops::RangeInclusive;

/// What a starter looks like before it has blocks.
#[derive(Debug, Clone)]
struct Shape {
    group: usize,
    /// Names for each point, by orbit and then by fixed point.
    orbits: Vec<u32>,
    fixed: Vec<u32>,
    /// For each block how many of the group's elements leave it as it is.
    blocks: Vec<usize>,
}

impl Shape {
    fn weights(&self) -> Vec<u32> {
        let moving = self.orbits.iter().flat_map(|&weight| std::iter::repeat_n(weight, self.group));
        moving.chain(self.fixed.iter().copied()).collect()
    }

    /// How many names' places are taken if every point is in as few calls as can be, in calls.
    fn fewest(&self) -> f64 {
        let weights = self.weights();
        let names: u32 = weights.iter().sum();
        let places = |&weight: &u32| weight * (names - weight).div_ceil(CALL - weight);
        f64::from(weights.iter().map(places).sum::<u32>()) / f64::from(CALL)
    }
}

/// Calls back with every way to write `sum` as falling summands within `range`.
fn sums(sum: u32, range: RangeInclusive<u32>, so_far: &mut Vec<u32>, found: &mut dyn FnMut(&[u32])) {
    if sum == 0 {
        return found(so_far);
    }
    for part in range.clone().rev().filter(|&part| part <= sum) {
        so_far.push(part);
        sums(sum - part, *range.start()..=part, so_far, found);
        so_far.pop();
    }
}

/// Calls back with the blocks' stabilisers, for every way to make so many calls of orbits of blocks.
fn orbits(
    calls: usize,
    group: usize,
    least: usize,
    so_far: &mut Vec<usize>,
    found: &mut dyn FnMut(&[usize]),
) {
    if calls == 0 {
        return found(so_far);
    }
    for stabiliser in (least..=group).filter(|order| group.is_multiple_of(*order)) {
        if group / stabiliser <= calls {
            so_far.push(stabiliser);
            orbits(calls - group / stabiliser, group, stabiliser, so_far, found);
            so_far.pop();
        }
    }
}

/// Every shape of so many names and calls under this group that has a chance.
fn shapes(names: u32, calls: usize, group: usize) -> Vec<Shape> {
    let mut blocks = Vec::new();
    // Blocks that are turned into few others hardly cover anything: no more than two thirds of the calls are theirs.
    orbits(calls, group, 1, &mut Vec::new(), &mut |found| {
        if found.iter().filter(|&&order| order == 1).count() * group * 3 >= calls {
            blocks.push(found.to_vec());
        }
    });
    let mut shapes = Vec::new();
    for heavy in 0..=(12.min(names)) {
        if !((names - heavy) as usize).is_multiple_of(group) {
            continue;
        }
        sums(heavy, 1..=6, &mut Vec::new(), &mut |fixed| {
            sums((names - heavy) / group as u32, 2..=5, &mut Vec::new(), &mut |orbits| {
                for blocks in &blocks {
                    let (orbits, fixed, blocks) = (orbits.to_vec(), fixed.to_vec(), blocks.clone());
                    let shape = Shape { group, orbits, fixed, blocks };
                    if shape.fixed.len() <= 3 && shape.fewest() <= calls as f64 {
                        shapes.push(shape);
                    }
                }
            });
        });
    }
    shapes.sort_by(|a, b| a.fewest().total_cmp(&b.fewest()));
    shapes
}

/// A block while it is annealed: its points, and the names it has.
struct Block {
    points: Vec<usize>,
    names: u32,
    stabiliser: usize,
}

/// The pairs of a shape's points by their orbits, and what no block covers.
struct Cover {
    weights: Vec<u32>,
    moving: usize,
    group: usize,
    /// The orbit of each pair; a point with itself has the last.
    orbit: Vec<usize>,
    /// Pairs of names in each orbit.
    pairs: Vec<i64>,
    times: Vec<u32>,
    cost: i64,
}

impl Cover {
    fn new(shape: &Shape) -> Self {
        let weights = shape.weights();
        let (points, moving, group) = (weights.len(), shape.orbits.len() * shape.group, shape.group);
        let turn = |p: usize| if p < moving { p - p % group + (p + 1) % group } else { p };
        let (mut orbit, mut pairs) = (vec![usize::MAX; points * points], Vec::new());
        for first in 0..points {
            for second in 0..first {
                let (mut a, mut b, mut names) = (first, second, 0);
                while orbit[a * points + b] == usize::MAX {
                    (orbit[a * points + b], orbit[b * points + a]) = (pairs.len(), pairs.len());
                    names += i64::from(weights[a] * weights[b]);
                    (a, b) = (turn(a), turn(b));
                }
                if names > 0 {
                    pairs.push(names);
                }
            }
        }
        (0..points).for_each(|point| orbit[point * points + point] = pairs.len());
        let (times, cost) = (vec![0; pairs.len()], pairs.iter().sum());
        Self { weights, moving, group, orbit, pairs, times, cost }
    }

    fn put(&mut self, block: &mut Block, point: usize) {
        for &other in &block.points {
            let orbit = self.orbit[point * self.weights.len() + other];
            if self.times[orbit] == 0 {
                self.cost -= self.pairs[orbit];
            }
            self.times[orbit] += 1;
        }
        block.points.push(point);
        block.names += self.weights[point];
    }

    fn take(&mut self, block: &mut Block, at: usize) -> usize {
        let point = block.points.swap_remove(at);
        block.names -= self.weights[point];
        for &other in &block.points {
            let orbit = self.orbit[point * self.weights.len() + other];
            self.times[orbit] -= 1;
            if self.times[orbit] == 0 {
                self.cost += self.pairs[orbit];
            }
        }
        point
    }

    /// The points that a block's stabiliser moves this one to.
    fn class(&self, point: usize, stabiliser: usize) -> impl Iterator<Item = usize> {
        let (group, first) = (self.group, point - point % self.group);
        let images = if point < self.moving { stabiliser } else { 1 };
        (0..images).map(move |image| match images {
            1 => point,
            _ => first + (point + image * group / stabiliser) % group,
        })
    }

    /// The lowest cost that was met, with the blocks where that is nothing.
    fn anneal(&mut self, shape: &Shape, steps: u64, random: &mut Random) -> (i64, Vec<Block>) {
        let blocks = shape.blocks.iter();
        let mut blocks: Vec<Block> =
            blocks.map(|&stabiliser| Block { points: Vec::new(), names: 0, stabiliser }).collect();
        let names: u32 = self.weights.iter().sum();
        let scale = (f64::from(names) / self.weights.len() as f64).powi(2) * self.group as f64;
        let (hot, cold) = (0.55 * scale, 0.13 * scale);
        let mut least = self.cost;
        for step in 0..steps {
            let heat = hot * (cold / hot).powf(step as f64 / steps as f64);
            let block = &mut blocks[random.below(shape.blocks.len())];
            let point = random.below(self.weights.len());
            let class: Vec<usize> = self.class(point, block.stabiliser).collect();
            let more = class.len() as u32 * self.weights[point];
            if block.points.contains(&point) || more > CALL {
                continue;
            }
            let before = self.cost;
            let mut gone = Vec::new();
            while block.names + more > CALL {
                let point = block.points[random.below(block.points.len())];
                for point in self.class(point, block.stabiliser).collect::<Vec<_>>() {
                    let at = block.points.iter().position(|&other| other == point).expect("whole classes");
                    gone.push(self.take(block, at));
                }
            }
            class.iter().for_each(|&point| self.put(block, point));
            let change = (self.cost - before) as f64;
            if change > 0.0 && random.unit() >= (-change / heat).exp() {
                for _ in class {
                    self.take(block, block.points.len() - 1);
                }
                gone.into_iter().rev().for_each(|point| self.put(block, point));
            }
            least = least.min(self.cost);
            if self.cost == 0 {
                return (0, blocks);
            }
        }
        (least, Vec::new())
    }
}

/// Runs the search: `--names N --calls B --group G [--steps S] [--rounds R] [--seed S] [--most M]`. The M likeliest shapes
/// are annealed for S steps, and in each round the better half of them for twice as many.
pub fn run(_: &Workspace, args: &[String]) -> Result<()> {
    let (mut names, mut calls, mut group, mut steps, mut rounds) = (0u32, 0, 0, 100_000u64, 6);
    let (mut seed, mut most) = (0u64, 200);
    for pair in args.chunks(2) {
        let [name, value] = pair else { bail!("{} needs a value", pair[0]) };
        let number = value.parse::<u64>().with_context(|| format!("{name} {value}"))?;
        match name.as_str() {
            "--names" => names = number as u32,
            "--calls" => calls = number as usize,
            "--group" => group = number as usize,
            "--steps" => steps = number,
            "--rounds" => rounds = number,
            "--seed" => seed = number,
            "--most" => most = number as usize,
            _ => bail!("{name} is not known"),
        }
    }
    if names <= CALL || calls == 0 || group == 0 {
        bail!("--names, --calls and --group are needed");
    }
    let mut shapes = shapes(names, calls, group);
    println!("{} shapes of {names} names in {calls} calls under a group of {group}", shapes.len());
    shapes.truncate(most);
    let mut random = Random::new(seed);
    for _ in 0..rounds {
        let mut ranked = Vec::new();
        for shape in shapes {
            let (cost, blocks) = Cover::new(&shape).anneal(&shape, steps, &mut random);
            if cost == 0 {
                print(&shape, &blocks);
                return Ok(());
            }
            ranked.push((cost, shape));
        }
        ranked.sort_by_key(|&(cost, _)| cost);
        if let Some((cost, shape)) = ranked.first() {
            println!("{steps} steps leave {cost} pairs: {shape:?}");
        }
        ranked.truncate(ranked.len().div_ceil(2));
        shapes = ranked.into_iter().map(|(_, shape)| shape).collect();
        steps *= 2;
    }
    println!("nothing found");
    Ok(())
}

fn print(shape: &Shape, blocks: &[Block]) {
    let points = shape.weights().len();
    let weights: Vec<u32> = shape.orbits.iter().chain(&shape.fixed).copied().collect();
    println!("Starter {{ points: {points}, group: {}, fixed: {},", shape.group, shape.fixed.len());
    println!("weights: &{weights:?}, blocks: &[");
    for block in blocks {
        let mut next = 0;
        let mut points = block.points.clone();
        points.sort_unstable();
        for point in points {
            print!("{}, ", point + 1 - next);
            next = point + 1;
        }
        println!("0,");
    }
    println!("] }},");
}
