//! Planes whose weights are annealed: names wander between points, and the lines' calls are what it costs.

use super::designs::{ORDERS, lines, lines_on_points, names_on};
use super::{Best, CALL};

/// A small generator (SplitMix64): the search is the same for the same seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// How many times each plane is annealed in a round.
const RESTARTS: u64 = 6;

/// Tries every order whose plane is near the best known number of calls.
pub fn planes(best: &mut Best, n: u32, steps: u64, seed: u64) {
    for q in ORDERS {
        let lines = q * q + q + 1;
        let target = best.calls(n);
        if q > 17 || lines * 10 > target * 14 || lines * 2 < target {
            continue;
        }
        let plane = Plane::new(q);
        for restart in 0..RESTARTS {
            let mut random = Random::new(seed ^ u64::from(n) << 32 ^ u64::from(q) << 16 ^ restart << 48);
            let (cost, weights) = plane.anneal(best, n, steps, &mut random);
            if std::env::var_os("PLAN_SEARCH_TRACE").is_some() {
                println!("{n} q={q}: {cost:.2} against {}", best.calls(n));
            }
            if cost < f64::from(best.calls(n)) + 2.5 {
                let recipe = recipe(q, &weights);
                best.offer_walks(n, &recipe, 0..4 * best.effort as u32);
            }
        }
    }
}

/// The recipe of a plane with these weights.
pub fn recipe(q: u32, weights: &[u32]) -> String {
    let digit = |&weight: &u32| char::from_digit(weight, 21).expect("a digit in base 21");
    let digits: String = weights.iter().map(digit).collect();
    format!("W{q}:{digits}")
}

struct Plane {
    lines: &'static [Vec<u32>],
    /// The lines on each point.
    on: Vec<Vec<usize>>,
    /// The line through each two points.
    through: Vec<u16>,
}

/// Calls that a line of each weight takes if light ones share calls as well as they can (`counted`), and the same if
/// every free place could be used (`spaced`).
struct Costs {
    counted: Vec<f64>,
    spaced: Vec<f64>,
}

impl Costs {
    fn new(best: &Best, n: u32) -> Self {
        let counted = |names: u32| match names {
            0 | 1 => 0.0,
            2..=CALL => 1.0 / f64::from(CALL / names),
            _ => f64::from(best.calls(names)),
        };
        let spaced = |names: u32| match names {
            0 | 1 => 0.0,
            2..=CALL => f64::from(names) / f64::from(CALL),
            21..=30 => f64::from(names) / 10.0,
            _ => f64::from(best.calls(names)),
        };
        Self { counted: (0..=n).map(counted).collect(), spaced: (0..=n).map(spaced).collect() }
    }

    /// The mixture of both that a stage of the annealing looks at.
    fn mixed(&self, counted: f64) -> Vec<f64> {
        let mix = |(a, b): (&f64, &f64)| a * counted + b * (1.0 - counted);
        self.counted.iter().zip(&self.spaced).map(mix).collect()
    }
}

const STAGES: u64 = 20;

impl Plane {
    fn new(q: u32) -> Self {
        let lines = lines(q);
        let points = lines.len();
        let mut through = vec![u16::MAX; points * points];
        for (number, line) in lines.iter().enumerate() {
            for &a in line {
                line.iter().for_each(|&b| through[a as usize * points + b as usize] = number as u16);
            }
        }
        Self { lines, on: lines_on_points(lines), through }
    }

    /// The weights with the lowest cost that were met.
    fn anneal(&self, best: &Best, n: u32, steps: u64, random: &mut Random) -> (f64, Vec<u32>) {
        let points = self.lines.len();
        let costs = Costs::new(best, n);
        let empty = random.unit() * 0.4;
        let full: Vec<usize> = (0..points).filter(|_| random.unit() >= empty).collect();
        let mut weights = vec![0u32; points];
        for name in 0..n as usize {
            weights[full[name % full.len().max(1)]] += 1;
        }
        let mut names: Vec<usize> = self.lines.iter().map(|line| names_on(line, &weights) as usize).collect();
        let (mut least, mut winner) = (f64::MAX, weights.clone());
        let (hot, cold) = (0.5f64, 0.04f64);
        for stage in 0..STAGES {
            let part = stage as f64 / (STAGES - 1) as f64;
            let cost = costs.mixed(0.5 + 0.5 * part.min(0.8) / 0.8);
            let heat = hot * (cold / hot).powf(part);
            for _ in 0..steps / STAGES {
                let (from, to) = (random.below(points), random.below(points));
                if from == to || weights[from] == 0 {
                    continue;
                }
                // One name wanders, or all of the difference between two points.
                let by = if random.below(4) == 0 { weights[from].abs_diff(weights[to]) } else { 1 };
                let by = by.min(weights[from]) as usize;
                if by == 0 || weights[to] as usize + by > 20 {
                    continue;
                }
                let shared = usize::from(self.through[from * points + to]);
                let mut change = 0.0;
                for &line in &self.on[from] {
                    if line != shared {
                        change += cost[names[line] - by] - cost[names[line]];
                    }
                }
                for &line in &self.on[to] {
                    if line != shared {
                        change += cost[names[line] + by] - cost[names[line]];
                    }
                }
                if change > 0.0 && random.unit() >= (-change / heat).exp() {
                    continue;
                }
                weights[from] -= by as u32;
                weights[to] += by as u32;
                self.on[from].iter().for_each(|&line| names[line] -= by);
                self.on[to].iter().for_each(|&line| names[line] += by);
            }
            let counted: f64 = names.iter().map(|&names| costs.counted[names]).sum();
            if counted < least {
                least = counted;
                winner.clone_from(&weights);
            }
        }
        (least, winner)
    }
}
