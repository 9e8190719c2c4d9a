//! Covers as trees of constructions: a call is found from its number, without listing the others.
//!
//! A cover of n points has every pair of them in a call, except perhaps the pairs inside its hole, which is its last h
//! points. Covers live in a [`Forest`] and name their parts by number; a part stands before what is built from it.

use super::field::Field;
use super::grid::Grid;
use super::recipe::Run;

/// The number of a cover in its [`Forest`].
pub(crate) type Id = u32;

/// Several alike groups of a transversal design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Groups {
    pub(crate) run: Run,
    /// What covers a group together with the extra names; it may have those as its hole.
    pub(crate) fill: Id,
}

/// How a cover is made.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// Nothing is left to cover.
    Nothing,
    /// One call holds all points.
    Whole,
    /// The calls themselves, for small covers whose construction cannot be entered in the middle.
    Listed(Calls),
    /// order² calls that each meet every group in at most one point; groups are covered apart, each together with the
    /// `extra` names, which stand last. The pairs among these are covered by the last group's fill, or they are the hole,
    /// alone or with the last group.
    Transversal { field: Field, groups: Vec<Groups>, extra: u32 },
    /// A cover of the first points, and a grid that joins them with the others, which are the hole if they are not
    /// covered by `rest`.
    Join { grid: Grid, first: Id, rest: Id },
}

/// A cover of the pairs of `points` points.
#[derive(Debug, Clone)]
pub(crate) struct Cover {
    pub(crate) points: u32,
    pub(crate) hole: u32,
    pub(crate) calls: u64,
    pub(crate) shape: Shape,
    /// What a record says of it: nothing where it goes without saying, or where it is but a step to the next one.
    pub(crate) recipe: String,
}

/// Calls one after another in one array.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Calls {
    points: Vec<u32>,
    ends: Vec<u32>,
}

impl Calls {
    pub(crate) fn push(&mut self, call: &[u32]) {
        self.points.extend_from_slice(call);
        self.ends.push(self.points.len() as u32);
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, index: usize) -> &[u32] {
        let end = self.ends.get(index).copied().unwrap_or(0) as usize;
        let start = if index == 0 { 0 } else { self.ends.get(index - 1).copied().unwrap_or(0) as usize };
        self.points.get(start..end).unwrap_or(&[])
    }
}

/// Covers that are built from one another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Forest {
    covers: Vec<Cover>,
}

impl Forest {
    fn add(&mut self, points: u32, hole: u32, calls: u64, shape: Shape) -> Id {
        self.covers.push(Cover { points, hole, calls, shape, recipe: String::new() });
        self.covers.len() as Id - 1
    }

    /// Says how a cover was made.
    pub(crate) fn note(&mut self, id: Id, recipe: &str) {
        if let Some(cover) = self.covers.get_mut(id as usize) {
            cover.recipe = recipe.to_owned();
        }
    }

    pub(crate) fn get(&self, id: Id) -> &Cover {
        const NOTHING: &Cover =
            &Cover { points: 0, hole: 0, calls: 0, shape: Shape::Nothing, recipe: String::new() };
        self.covers.get(id as usize).unwrap_or(NOTHING)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Cover> {
        self.covers.iter()
    }

    /// The cover that all the others were built for.
    pub(crate) fn last(&self) -> Id {
        (self.covers.len() as Id).saturating_sub(1)
    }

    /// One call for all of `points`.
    pub(crate) fn whole(&mut self, points: u32, hole: u32) -> Id {
        self.add(points, hole, 1, Shape::Whole)
    }

    /// No call, for points whose pairs are covered elsewhere or not asked for.
    pub(crate) fn nothing(&mut self, points: u32) -> Id {
        self.add(points, points, 0, Shape::Nothing)
    }

    pub(crate) fn listed(&mut self, points: u32, hole: u32, calls: Calls) -> Id {
        self.add(points, hole, calls.len() as u64, Shape::Listed(calls))
    }

    pub(crate) fn transversal(&mut self, order: u32, groups: Vec<Groups>, extra: u32, hole: u32) -> Id {
        let points = groups.iter().map(|g| g.run.count * g.run.names()).sum::<u32>() + extra;
        let fills: u64 = groups.iter().map(|g| u64::from(g.run.count) * self.get(g.fill).calls).sum();
        let calls = u64::from(order) * u64::from(order) + fills;
        self.add(points, hole, calls, Shape::Transversal { field: Field::new(order), groups, extra })
    }

    pub(crate) fn join(&mut self, grid: Grid, first: Id, rest: Id, hole: u32) -> Id {
        let points = self.get(first).points + grid.columns();
        let calls = self.get(first).calls + grid.calls() + self.get(rest).calls;
        self.add(points, hole, calls, Shape::Join { grid, first, rest })
    }

    /// Every call of a cover.
    pub(crate) fn blocks(&self, id: Id) -> Vec<Vec<u32>> {
        let mut blocks = Vec::new();
        for index in 0..self.get(id).calls {
            let mut block = Vec::new();
            self.call(id, index, &mut block);
            blocks.push(block);
        }
        blocks
    }

    /// Appends the points of the cover's call number `index`, which is below its `calls`.
    pub(crate) fn call(&self, id: Id, index: u64, out: &mut Vec<u32>) {
        let cover = self.get(id);
        match &cover.shape {
            Shape::Nothing => {}
            Shape::Whole => out.extend(0..cover.points),
            Shape::Listed(calls) => out.extend_from_slice(calls.get(index as usize)),
            Shape::Transversal { field, groups, extra } => {
                self.transversal_call(field, groups, cover.points - extra, index, out);
            }
            Shape::Join { grid, first, rest } => {
                let (joined, before) = (grid.calls(), self.get(*first).calls);
                if index < joined {
                    grid.call(index, out);
                } else if index - joined < before {
                    self.call(*first, index - joined, out);
                } else {
                    let start = out.len();
                    self.call(*rest, index - joined - before, out);
                    let shift = self.get(*first).points;
                    out.iter_mut().skip(start).for_each(|point| *point += shift);
                }
            }
        }
    }

    fn transversal_call(
        &self,
        field: &Field,
        groups: &[Groups],
        shared: u32,
        index: u64,
        out: &mut Vec<u32>,
    ) {
        let order = u64::from(field.order());
        let mut offset = 0;
        if index < order * order {
            let (a, b) = ((index / order) as u32, (index % order) as u32);
            let (mut number, mut last) = (0, b);
            for Groups { run, .. } in groups {
                for _ in 0..run.count {
                    // Groups 0 and 1 are the two coordinates, so that rings serve for up to three groups.
                    let point = match number {
                        0 => b,
                        1 => a,
                        // Slope times a, and b; from one slope to the next a sum does where multiples are sums.
                        _ if field.is_ring() => field.add(last, a),
                        slope => field.add(field.mul(slope - 1, a), b),
                    };
                    if number != 1 {
                        last = point;
                    }
                    if point < run.points {
                        let first = offset + point * run.weight;
                        out.extend(first..(first + run.weight).min(offset + run.names()));
                    }
                    number += 1;
                    offset += run.names();
                }
            }
            return;
        }
        let mut index = index - order * order;
        for &Groups { run, fill } in groups {
            let each = self.get(fill).calls;
            if index < each * u64::from(run.count) {
                offset += (index / each) as u32 * run.names();
                let start = out.len();
                self.call(fill, index % each, out);
                for point in out.iter_mut().skip(start) {
                    *point =
                        if *point < run.names() { *point + offset } else { *point - run.names() + shared };
                }
                return;
            }
            index -= each * u64::from(run.count);
            offset += run.count * run.names();
        }
    }
}
