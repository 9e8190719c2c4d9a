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
    /// The blocks' points one after another, each block ended by 255.
    blocks: &'static [u8],
}

impl Starter {
    /// Every block of the cover.
    pub(crate) fn blocks(&self) -> Vec<Vec<u32>> {
        let (group, moving) = (u32::from(self.group), u32::from(self.points - self.fixed));
        let turn = |point: u32, by: u32| {
            if point < moving { point - point % group + (point + by) % group } else { point }
        };
        let (mut all, mut start) = (Vec::new(), Vec::new());
        for &point in self.blocks {
            if point < 255 {
                start.push(u32::from(point));
                continue;
            }
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
        blocks: &[8, 5, 2, 3, 6, 255, 5, 7, 6, 1, 4, 255, 2, 3, 8, 0, 1, 255],
    },
    Starter {
        points: 24,
        group: 2,
        fixed: 0,
        weights: &[],
        blocks: &[
            2, 17, 15, 5, 4, 9, 22, 7, 13, 23, 255, 7, 14, 21, 0, 12, 20, 1, 17, 2, 8, 255, 4, 18, 19, 0, 22,
            11, 10, 20, 23, 5, 255, 10, 11, 14, 15, 12, 13, 8, 9, 18, 19, 255, 2, 3, 16, 17, 10, 11, 6, 7,
            18, 19, 255,
        ],
    },
    Starter {
        points: 13,
        group: 3,
        fixed: 1,
        weights: &[],
        blocks: &[6, 9, 2, 11, 4, 255, 4, 5, 8, 0, 2, 255, 6, 4, 10, 12, 2, 255, 12, 6, 7, 8, 255],
    },
    Starter {
        points: 28,
        group: 2,
        fixed: 0,
        weights: &[],
        blocks: &[
            2, 16, 13, 23, 1, 12, 21, 11, 3, 15, 255, 0, 17, 22, 24, 15, 11, 18, 19, 20, 1, 255, 9, 25, 20,
            11, 5, 15, 8, 17, 22, 4, 255, 8, 9, 18, 19, 2, 3, 12, 13, 4, 5, 255, 12, 13, 24, 25, 26, 27, 2,
            3, 6, 7, 255, 20, 21, 22, 23, 26, 27, 16, 17, 6, 7, 255, 10, 11, 14, 15, 26, 27, 18, 19, 6, 7,
            255, 8, 9, 0, 1, 26, 27, 6, 7, 4, 5, 255,
        ],
    },
    Starter { points: 12, group: 12, fixed: 0, weights: &[], blocks: &[2, 11, 9, 3, 255] },
    Starter {
        points: 67,
        group: 1,
        fixed: 1,
        weights: &[],
        blocks: &[
            48, 23, 20, 49, 52, 24, 41, 27, 19, 62, 4, 39, 16, 42, 10, 54, 32, 15, 51, 9, 255, 56, 15, 11, 2,
            59, 18, 61, 43, 52, 41, 1, 66, 39, 24, 62, 53, 63, 12, 58, 20, 255, 43, 31, 4, 25, 21, 3, 33, 54,
            6, 7, 9, 14, 18, 2, 65, 64, 36, 49, 11, 58, 255, 57, 44, 13, 65, 56, 1, 61, 38, 32, 35, 12, 37,
            64, 26, 42, 10, 29, 27, 7, 21, 255, 37, 63, 9, 29, 66, 53, 13, 17, 47, 26, 54, 49, 35, 57, 38,
            59, 4, 40, 44, 50, 255, 2, 17, 5, 47, 0, 30, 19, 11, 27, 32, 45, 42, 40, 50, 10, 28, 18, 46, 8,
            58, 255, 46, 8, 28, 16, 30, 63, 65, 66, 21, 0, 51, 59, 64, 48, 19, 45, 7, 53, 23, 5, 255, 58, 38,
            16, 51, 48, 44, 37, 23, 11, 34, 35, 18, 60, 57, 2, 26, 22, 55, 29, 13, 255, 12, 17, 33, 3, 47,
            51, 61, 25, 56, 48, 23, 36, 14, 50, 6, 1, 43, 16, 40, 31, 255, 39, 22, 21, 41, 15, 6, 40, 64, 55,
            34, 24, 17, 62, 60, 52, 50, 65, 20, 7, 47, 255, 22, 66, 42, 31, 34, 43, 3, 32, 59, 55, 60, 63,
            36, 33, 53, 6, 14, 27, 25, 10, 255, 28, 3, 46, 31, 14, 52, 25, 20, 36, 41, 0, 5, 15, 13, 44, 39,
            62, 33, 29, 19, 255, 6, 46, 45, 38, 0, 57, 43, 37, 5, 33, 24, 29, 13, 8, 30, 35, 26, 19, 28, 44,
            255, 8, 30, 22, 49, 5, 45, 12, 28, 9, 55, 56, 0, 60, 54, 1, 46, 61, 4, 34, 19, 255, 62, 36, 52,
            30, 37, 8, 38, 41, 57, 3, 20, 31, 14, 25, 45, 26, 15, 35, 39, 24, 255,
        ],
    },
    Starter { points: 19, group: 19, fixed: 0, weights: &[], blocks: &[2, 14, 6, 5, 0, 255] },
    Starter {
        points: 47,
        group: 4,
        fixed: 3,
        weights: &[],
        blocks: &[
            34, 15, 39, 22, 43, 31, 25, 9, 17, 11, 255, 28, 0, 46, 7, 38, 27, 9, 32, 42, 23, 255, 40, 27, 14,
            32, 31, 36, 22, 16, 4, 1, 255, 39, 45, 43, 11, 6, 23, 16, 14, 3, 28, 255, 15, 1, 35, 4, 38, 17,
            44, 42, 11, 26, 255, 15, 6, 21, 9, 3, 32, 30, 10, 27, 17, 255, 40, 41, 42, 43, 46, 45, 36, 37,
            38, 39, 255, 32, 33, 34, 35, 45, 24, 25, 26, 27, 44, 255, 0, 1, 2, 3, 4, 5, 6, 7, 46, 44, 255,
            20, 21, 22, 23, 28, 29, 30, 31, 44, 46, 255, 12, 13, 14, 15, 16, 17, 18, 19, 46, 45, 255,
        ],
    },
    Starter {
        points: 56,
        group: 5,
        fixed: 1,
        weights: &[],
        blocks: &[
            43, 18, 14, 31, 21, 27, 46, 53, 5, 4, 255, 34, 54, 13, 29, 14, 39, 7, 37, 55, 16, 255, 53, 45,
            19, 25, 20, 32, 39, 8, 1, 40, 255, 30, 7, 11, 22, 47, 41, 2, 17, 29, 53, 255, 38, 12, 47, 1, 14,
            22, 37, 26, 40, 9, 255, 46, 42, 21, 3, 51, 38, 19, 32, 29, 7, 255, 13, 1, 51, 35, 47, 31, 55, 18,
            22, 40, 255, 50, 51, 52, 53, 54, 40, 41, 42, 43, 44, 255, 30, 31, 32, 33, 34, 15, 16, 17, 18, 19,
            255, 0, 1, 2, 3, 4, 40, 41, 42, 43, 44, 255, 5, 6, 7, 8, 9, 25, 26, 27, 28, 29, 255, 45, 46, 47,
            48, 49, 20, 21, 22, 23, 24, 255,
        ],
    },
    Starter {
        points: 30,
        group: 5,
        fixed: 0,
        weights: &[],
        blocks: &[
            10, 26, 22, 16, 19, 255, 4, 6, 25, 8, 19, 255, 12, 9, 19, 0, 27, 255, 20, 11, 6, 21, 27, 255, 27,
            24, 13, 7, 6, 255, 15, 4, 29, 20, 12, 255, 9, 16, 3, 20, 23, 255, 5, 19, 0, 2, 14, 255, 3, 13, 2,
            26, 21, 255, 25, 26, 27, 28, 29, 255, 15, 16, 17, 18, 19, 255, 10, 11, 12, 13, 14, 255,
        ],
    },
    Starter {
        points: 31,
        group: 7,
        fixed: 3,
        weights: &[],
        blocks: &[
            26, 2, 10, 19, 29, 255, 26, 27, 24, 12, 1, 255, 20, 18, 5, 17, 26, 255, 11, 19, 7, 13, 24, 255,
            9, 0, 2, 6, 20, 255, 1, 13, 23, 28, 20, 255, 12, 30, 26, 15, 6, 255, 28, 30, 29, 255,
        ],
    },
    Starter {
        points: 25,
        group: 7,
        fixed: 4,
        weights: &[5, 5, 5, 5, 5, 5, 5],
        blocks: &[
            7, 5, 22, 19, 255, 0, 4, 6, 7, 255, 7, 24, 20, 1, 255, 9, 5, 18, 21, 255, 10, 12, 20, 13, 255, 2,
            23, 7, 18, 255, 18, 3, 14, 20, 255, 21, 24, 23, 22, 255,
        ],
    },
    Starter {
        points: 39,
        group: 12,
        fixed: 3,
        weights: &[4, 4, 2, 5, 2, 1],
        blocks: &[
            15, 14, 1, 29, 35, 23, 255, 28, 21, 9, 23, 4, 34, 255, 23, 18, 3, 0, 2, 255, 26, 30, 24, 32, 35,
            29, 9, 3, 255, 36, 37, 18, 12, 38, 34, 28, 255, 37, 10, 6, 2, 36, 38, 255,
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
