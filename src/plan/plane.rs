//! Projective planes over GF(q) whose points stand for several names each, and cyclic covers developed from a few calls.
//!
//! Every two points of PG(2, q) lie on one of its q² + q + 1 lines, so the lines cover all pairs of names whatever the
//! points weigh; a line that weighs more than a call holds is covered by a smaller cover. Numbering is fixed: stored
//! plans depend on it.

use super::field::Field;

/// A point or line in homogeneous coordinates, the first that is not zero being 1.
type Triple = [u32; 3];

/// The points (and, dually, the lines) of PG(2, q): (1, a, b), then (0, 1, c), then (0, 0, 1).
fn triples(q: u32) -> Vec<Triple> {
    let mut triples = Vec::new();
    for a in 0..q * q {
        triples.push([1, a / q, a % q]);
    }
    for c in 0..q {
        triples.push([0, 1, c]);
    }
    triples.push([0, 0, 1]);
    triples
}

fn incident(field: &Field, [a, b, c]: Triple, [x, y, z]: Triple) -> bool {
    field.add(field.add(field.mul(a, x), field.mul(b, y)), field.mul(c, z)) == 0
}

/// The lines of PG(2, q), each as the numbers of its points, ascending.
pub(crate) fn lines(q: u32) -> Vec<Vec<u32>> {
    let field = Field::new(q);
    let minus_one = (0..q).find(|&a| field.add(a, 1) == 0).unwrap_or(0);
    let inverse = |a: u32| (1..q).find(|&b| field.mul(a, b) == 1).unwrap_or(0);
    let (horizon, top) = (q * q, q * q + q);
    let mut lines = Vec::new();
    for [a, b, c] in triples(q) {
        let mut line: Vec<u32> = Vec::new();
        if c > 0 {
            // y = intercept + slope · x, and the point at infinity of that slope.
            let by = field.mul(minus_one, inverse(c));
            let (intercept, slope) = (field.mul(a, by), field.mul(b, by));
            for x in 0..q {
                line.push(x * q + field.add(intercept, field.mul(slope, x)));
            }
            line.push(horizon + slope);
        } else if b > 0 {
            let x = field.mul(a, field.mul(minus_one, inverse(b)));
            line.extend(x * q..(x + 1) * q);
            line.push(top);
        } else {
            line.extend(horizon..top + 1);
        }
        lines.push(line);
    }
    lines
}

/// The weight of each point: `base`, and for each of a few lines that it lies on the line's summand; never below zero.
/// The lines are in general position (no three through a point: a dual conic, with its nucleus for even q), or all
/// through one point.
pub(crate) fn weights_by_lines(q: u32, base: i32, summands: &[i32], pencil: bool) -> Option<Vec<u32>> {
    let field = Field::new(q);
    let line = |number: u32| -> Option<Triple> {
        if pencil {
            return match number.cmp(&q) {
                std::cmp::Ordering::Less => Some([1, number, 0]),
                std::cmp::Ordering::Equal => Some([0, 1, 0]),
                std::cmp::Ordering::Greater => None,
            };
        }
        match number {
            t if t < q => Some([1, t, field.mul(t, t)]),
            t if t == q => Some([0, 0, 1]),
            t if t == q + 1 && q.is_multiple_of(2) => Some([0, 1, 0]),
            _ => None,
        }
    };
    let mut chosen: Vec<Triple> = Vec::new();
    for number in 0..summands.len() as u32 {
        chosen.push(line(number)?);
    }
    let mut weights = Vec::new();
    for point in triples(q) {
        let mut weight = base;
        for (line, summand) in chosen.iter().zip(summands) {
            if incident(&field, *line, point) {
                weight += summand;
            }
        }
        weights.push(weight.max(0) as u32);
    }
    Some(weights)
}

/// A cover of few points that is invariant under a cyclic group: the orbits of `group` points each are numbered one
/// after another, then come the fixed points. Each block stands for those it is turned into until it comes back to itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Starter {
    points: u8,
    group: u8,
    fixed: u8,
    /// Names for each point of an orbit, by orbit, then for each fixed point; nothing where all have one.
    weights: &'static [u8],
    /// The blocks one after another: how far each point is after the one before, the first after −1; 0 ends a block.
    blocks: &'static [u8],
}

impl Starter {
    /// Every block of the cover.
    pub(crate) fn blocks(&self) -> Vec<Vec<u32>> {
        let (group, moving) = (u32::from(self.group), u32::from(self.points - self.fixed));
        let turn = |point: u32, by: u32| {
            if point < moving { point - point % group + (point + by) % group } else { point }
        };
        let (mut all, mut start, mut next) = (Vec::new(), Vec::new(), 0);
        for &step in self.blocks {
            if step > 0 {
                next += u32::from(step);
                start.push(next - 1);
                continue;
            }
            next = 0;
            for by in 0..group {
                let mut block = start.clone();
                block.iter_mut().for_each(|point| *point = turn(*point, by));
                if by > 0 && block.iter().all(|point| start.contains(point)) {
                    break;
                }
                all.push(block);
            }
            start.clear();
        }
        all
    }

    /// The names for each point, so many times as many.
    pub(crate) fn weights(&self, times: u32) -> Vec<u32> {
        let (group, moving) = (usize::from(self.group), usize::from(self.points - self.fixed));
        let mut weights = Vec::new();
        for point in 0..usize::from(self.points) {
            let at = if point < moving { point / group } else { moving / group + point - moving };
            weights.push(times * u32::from(self.weights.get(at).copied().unwrap_or(1)));
        }
        weights
    }
}

/// The starters by their number in recipes: only ever appended to.
pub(crate) const STARTERS: &[Starter] = &[
    Starter {
        points: 9,
        group: 2,
        fixed: 1,
        weights: &[],
        blocks: &[3, 1, 2, 1, 2, 0, 2, 3, 1, 1, 1, 0, 1, 1, 1, 1, 5, 0],
    },
    Starter {
        points: 24,
        group: 2,
        fixed: 0,
        weights: &[],
        blocks: &[
            3, 2, 1, 2, 2, 4, 2, 2, 5, 1, 0, 1, 1, 1, 5, 1, 4, 2, 3, 3, 1, 0, 1, 4, 1, 5, 1, 7, 1, 1, 2, 1,
            0, 9, 1, 1, 1, 1, 1, 1, 1, 3, 1, 0, 3, 1, 3, 1, 3, 1, 5, 1, 1, 1, 0,
        ],
    },
    Starter {
        points: 13,
        group: 3,
        fixed: 1,
        weights: &[],
        blocks: &[3, 2, 2, 3, 2, 0, 1, 2, 2, 1, 3, 0, 3, 2, 2, 4, 2, 0, 7, 1, 1, 4, 0],
    },
    Starter {
        points: 28,
        group: 2,
        fixed: 0,
        weights: &[],
        blocks: &[
            2, 1, 1, 8, 1, 1, 2, 1, 5, 2, 0, 1, 1, 10, 4, 2, 1, 1, 1, 2, 2, 0, 5, 1, 3, 1, 2, 4, 2, 3, 2, 3,
            0, 3, 1, 1, 1, 3, 1, 3, 1, 5, 1, 0, 3, 1, 3, 1, 5, 1, 11, 1, 1, 1, 0, 7, 1, 9, 1, 3, 1, 1, 1, 3,
            1, 0, 7, 1, 3, 1, 3, 1, 3, 1, 7, 1, 0, 1, 1, 3, 1, 1, 1, 1, 1, 17, 1, 0,
        ],
    },
    Starter { points: 12, group: 12, fixed: 0, weights: &[], blocks: &[3, 1, 6, 2, 0] },
    Starter {
        points: 21,
        group: 2,
        fixed: 3,
        weights: &[4, 4, 4, 4, 4, 4, 3, 1, 1, 5, 2, 2],
        blocks: &[
            1, 2, 2, 2, 1, 0, 4, 1, 4, 1, 2, 0, 1, 5, 6, 1, 1, 1, 1, 0, 7, 3, 3, 1, 3, 2, 0, 1, 3, 7, 4, 2,
            1, 1, 0, 7, 1, 3, 1, 8, 1, 0, 5, 1, 11, 1, 1, 1, 1, 0, 1, 1, 7, 1, 10, 1, 0, 3, 1, 9, 1, 1, 1, 4,
            1, 0, 7, 1, 1, 1, 5, 1, 1, 1, 0,
        ],
    },
    Starter { points: 19, group: 19, fixed: 0, weights: &[], blocks: &[1, 2, 3, 1, 8, 0] },
    Starter {
        points: 47,
        group: 4,
        fixed: 3,
        weights: &[],
        blocks: &[
            10, 2, 4, 2, 5, 3, 6, 3, 5, 4, 0, 1, 7, 2, 14, 4, 1, 4, 6, 4, 4, 0, 2, 3, 10, 2, 6, 5, 4, 1, 4,
            4, 0, 4, 3, 5, 3, 2, 7, 5, 11, 4, 2, 0, 2, 3, 7, 4, 2, 9, 9, 3, 4, 2, 0, 4, 3, 3, 1, 5, 2, 4, 6,
            3, 2, 0, 37, 1, 1, 1, 1, 1, 1, 1, 2, 1, 0, 25, 1, 1, 1, 5, 1, 1, 1, 9, 1, 0, 1, 1, 1, 1, 1, 1, 1,
            1, 37, 2, 0, 21, 1, 1, 1, 5, 1, 1, 1, 13, 2, 0, 13, 1, 1, 1, 1, 1, 1, 1, 26, 1, 0,
        ],
    },
    Starter {
        points: 42,
        group: 5,
        fixed: 2,
        weights: &[3, 3, 3, 3, 3, 3, 2, 2, 2, 1],
        blocks: &[
            6, 8, 1, 8, 5, 2, 10, 0, 1, 15, 4, 1, 3, 6, 9, 0, 2, 1, 8, 3, 6, 8, 7, 0, 1, 5, 2, 9, 11, 1, 3,
            0, 7, 5, 5, 2, 16, 4, 1, 1, 0, 9, 5, 3, 7, 1, 6, 3, 8, 0, 3, 21, 3, 5, 1, 5, 2, 1, 1, 0, 3, 2, 3,
            1, 6, 7, 17, 0,
        ],
    },
    Starter {
        points: 30,
        group: 5,
        fixed: 0,
        weights: &[],
        blocks: &[
            11, 6, 3, 3, 4, 0, 5, 2, 2, 11, 6, 0, 1, 9, 3, 7, 8, 0, 7, 5, 9, 1, 6, 0, 7, 1, 6, 11, 3, 0, 5,
            8, 3, 5, 9, 0, 4, 6, 7, 4, 3, 0, 1, 2, 3, 9, 5, 0, 3, 1, 10, 8, 5, 0, 26, 1, 1, 1, 1, 0, 16, 1,
            1, 1, 1, 0, 11, 1, 1, 1, 1, 0,
        ],
    },
    Starter {
        points: 31,
        group: 7,
        fixed: 3,
        weights: &[],
        blocks: &[
            3, 8, 9, 7, 3, 0, 2, 11, 12, 2, 1, 0, 6, 12, 1, 2, 6, 0, 8, 4, 2, 6, 5, 0, 1, 2, 4, 3, 11, 0, 2,
            12, 7, 3, 5, 0, 7, 6, 3, 11, 4, 0, 29, 1, 1, 0,
        ],
    },
    Starter {
        points: 25,
        group: 7,
        fixed: 4,
        weights: &[5, 5, 5, 5, 5, 5, 5],
        blocks: &[
            6, 2, 12, 3, 0, 1, 4, 2, 1, 0, 2, 6, 13, 4, 0, 6, 4, 9, 3, 0, 11, 2, 1, 7, 0, 3, 5, 11, 5, 0, 4,
            11, 4, 2, 0, 22, 1, 1, 1, 0,
        ],
    },
    Starter {
        points: 39,
        group: 12,
        fixed: 3,
        weights: &[4, 4, 2, 5, 2, 1],
        blocks: &[
            2, 13, 1, 8, 6, 6, 0, 5, 5, 12, 2, 5, 6, 0, 1, 2, 1, 15, 5, 0, 4, 6, 15, 2, 3, 1, 2, 3, 0, 13, 6,
            10, 6, 2, 1, 1, 0, 3, 4, 4, 26, 1, 1, 0,
        ],
    },
    Starter {
        points: 36,
        group: 7,
        fixed: 1,
        weights: &[4, 4, 4, 2, 2, 4],
        blocks: &[
            7, 7, 1, 11, 6, 4, 0, 1, 5, 8, 3, 7, 8, 0, 1, 3, 9, 5, 10, 3, 0, 9, 1, 4, 9, 9, 2, 1, 0, 2, 1,
            10, 2, 9, 7, 0, 10, 6, 1, 4, 1, 13, 0, 22, 1, 1, 1, 1, 1, 1, 8, 0,
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_two_points_share_exactly_one_line() {
        for q in [2, 3, 4, 5, 7, 8, 9, 16] {
            let lines = lines(q);
            let v = (q * q + q + 1) as usize;
            assert_eq!(lines.len(), v);
            let mut shared = vec![0u8; v * v];
            for line in &lines {
                assert_eq!(line.len() as u32, q + 1);
                for &a in line {
                    line.iter().for_each(|&b| shared[a as usize * v + b as usize] += 1);
                }
            }
            for a in 0..v {
                assert!((0..v).all(|b| a == b || shared[a * v + b] == 1), "q = {q}");
            }
        }
    }

    #[test]
    fn lines_are_what_their_equations_say() {
        for q in [2, 3, 4, 5, 8, 9] {
            let (field, triples) = (Field::new(q), triples(q));
            for (line, points) in triples.iter().zip(lines(q)) {
                let on: Vec<u32> = (0..)
                    .zip(&triples)
                    .filter(|(_, p)| incident(&field, *line, **p))
                    .map(|(i, _)| i)
                    .collect();
                assert_eq!(points, on, "q = {q}, {line:?}");
            }
        }
    }

    #[test]
    fn every_starter_covers_its_points() {
        for (number, starter) in STARTERS.iter().enumerate() {
            let v = usize::from(starter.points);
            let mut seen = vec![false; v * v];
            for block in starter.blocks() {
                for &a in &block {
                    block.iter().for_each(|&b| seen[a as usize * v + b as usize] = true);
                }
            }
            assert!((0..v * v).all(|pair| pair / v == pair % v || seen[pair]), "starter {number}");
        }
    }

    #[test]
    fn lines_in_general_position_never_meet_in_threes() {
        for q in [4, 5, 7, 8, 9] {
            let count = q as usize + 1 + usize::from(q % 2 == 0);
            let weights = weights_by_lines(q, 0, &vec![1; count], false).expect("enough lines");
            assert!(weights.iter().all(|&weight| weight <= 2), "q = {q}");
        }
    }
}
