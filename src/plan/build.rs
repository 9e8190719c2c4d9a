//! Covers built from recipes, each once, its parts before it.
//!
//! Recipes come from [`super::choose`] or from a record, and from nowhere else: what is not sound is refused.

use super::choose::Chooser;
use super::cover::{Forest, Groups, Id};
use super::grid::Grid;
use super::recipe::{self, LISTED_NAMES, Run, Spread};
use super::table::TABLE;
use super::text::{Reader, push};
use super::tidy::stir;
use super::walk::walk;
use std::sync::OnceLock;

/// How many times a cover may be tidied.
const TIDIED: usize = 4;

/// The cover that a plan is made from. What it takes is known at once; it is laid out when a call is asked for.
#[derive(Debug, Default)]
pub(crate) struct Construction {
    pub(crate) points: u32,
    pub(crate) hole: u32,
    pub(crate) calls: u64,
    /// None where there is nothing to cover.
    pub(crate) recipe: String,
    forest: OnceLock<Forest>,
}

impl Construction {
    pub(crate) fn of(points: u32, hole: u32, calls: u64, recipe: String) -> Self {
        Self { points, hole, calls, recipe, forest: OnceLock::new() }
    }

    /// A grid of the first `rows`, whose own pairs are not asked for, with all others, and what covers those.
    pub(crate) fn joined(rows: u32, points: u32, hole: u32, calls: u64) -> Self {
        let mut recipe = String::new();
        push(&mut recipe, "J", rows);
        Self::of(points, hole, calls, recipe)
    }

    /// What was laid out before: the last cover.
    pub(crate) fn laid(forest: Forest) -> Self {
        let root = forest.get(forest.last());
        let (points, hole, calls, recipe) = (root.points, root.hole, root.calls, root.recipe.clone());
        Self { points, hole, calls, recipe, forest: forest.into() }
    }

    /// How many names stand first whose own pairs are left out; nothing where there are none.
    pub(crate) fn rows(&self) -> Option<u32> {
        let mut reader = Reader(&self.recipe);
        if reader.eat('J') { reader.number() } else { None }
    }

    /// The cover in calls of `k` and all it is built from.
    pub(crate) fn forest(&self, k: u32) -> &Forest {
        self.forest.get_or_init(|| {
            let mut chooser = Chooser::new(k, self.points, TABLE);
            let root = chooser.lay(self);
            debug_assert!(root.is_some_and(|root| chooser.forest.get(root).calls == self.calls), "{self:?}");
            chooser.into_forest()
        })
    }
}

impl Chooser<'_> {
    /// Builds what was chosen.
    fn lay(&mut self, chosen: &Construction) -> Option<Id> {
        if chosen.recipe.is_empty() {
            return Some(self.forest.nothing(chosen.points));
        }
        self.follow(chosen.points, chosen.hole, &chosen.recipe, chosen.calls)
    }

    /// The best cover of `n` names but for the pairs among the last `hole`, built.
    pub(super) fn build(&mut self, n: u32, hole: u32) -> Option<Id> {
        if n < 2 || hole >= n {
            return Some(self.forest.nothing(n));
        }
        let hole = if self.told { hole } else { self.hole(n, hole) };
        let standing = self.standing(n, hole);
        if standing.is_some() || self.told {
            return standing;
        }
        let (recipe, calls) = (self.recipe(n, hole), self.calls(n, hole));
        self.follow(n, hole, &recipe, calls)
    }

    /// What was built before; where everything is told, a cover without the hole stands for one with it.
    pub(super) fn standing(&self, n: u32, hole: u32) -> Option<Id> {
        let find = |hole| self.built.iter().find(|(key, _)| *key == (n, hole)).map(|(_, id)| *id);
        find(hole).or_else(|| find(0).filter(|_| self.told))
    }

    /// Builds by a recipe. Nothing comes of one that does not fit the numbers, and none leaves out a pair that is not
    /// inside the hole (or, after a `J`, among the first names). `calls`: how many it gives, or nought where that is not known.
    pub(crate) fn follow(&mut self, n: u32, hole: u32, recipe: &str, calls: u64) -> Option<Id> {
        let id = self.carry_out(n, hole, recipe, calls)?;
        self.forest.note(id, recipe);
        self.built.push(((n, hole), id));
        Some(id)
    }

    fn carry_out(&mut self, n: u32, hole: u32, recipe: &str, calls: u64) -> Option<Id> {
        let (k, others) = (self.k, n.checked_sub(hole)?);
        let mut reader = Reader(recipe);
        let letter = reader.char()?;
        let id = match letter {
            'A' if n <= k => self.forest.whole(n, hole),
            'A' | 'G' if hole > 0 && others > 0 => {
                if letter == 'A' && others >= k {
                    return None;
                }
                let even = || Grid::even(others, hole, others, k - others);
                let grid = if letter == 'A' { even() } else { Grid::new(others, hole, k) };
                let first = if grid.keeps_rows_together() {
                    self.forest.nothing(others)
                } else {
                    self.build(others, 0)?
                };
                let rest = self.forest.nothing(hole);
                self.forest.join(grid, first, rest, hole)
            }
            'J' => {
                let rows = reader.number().filter(|&rows| rows > 0 && rows <= others)?;
                let rest = if self.told {
                    self.build(n - rows, hole)?
                } else {
                    let chosen = self.choose_open(n - rows, hole);
                    self.lay(&chosen)?
                };
                let first = self.forest.nothing(rows);
                self.forest.join(Grid::new(rows, n - rows, k), first, rest, hole)
            }
            'E' => {
                let by =
                    reader.number().filter(|&by| by > 0 && by < k && by < n && (hole == 0 || hole == by))?;
                let first = self.build(n - by, 0)?;
                let rest = self.forest.nothing(by);
                self.forest.join(Grid::even(n - by, by, k - by, by), first, rest, hole)
            }
            'T' => {
                let spread = Spread::read(&mut reader)?;
                self.spread(n, spread, hole)?
            }
            _ if n > LISTED_NAMES => return None,
            'B' => {
                let calls = recipe::weighted(reader.0, n, hole, k)?;
                reader.0 = "";
                self.forest.listed(n, hole, calls)
            }
            'X' => {
                let size = reader.number().filter(|&size| size <= hole && hole < n)?;
                reader.expect('@')?;
                let first = reader.number()?;
                let whole = self.build(n, 0)?;
                let calls = recipe::laid(self.forest.blocks(whole), n, size, first, k);
                self.forest.listed(n, hole, calls)
            }
            _ if hole > 0 => return None,
            '~' | '^' => {
                let seed = reader.number().unwrap_or(0);
                let given_up = if letter == '^' && reader.eat('-') { reader.number()? } else { 0 };
                let inner = reader.0;
                // Each of them takes a level of the stack.
                if inner.bytes().filter(|&byte| byte == b'~' || byte == b'^').count() >= TIDIED {
                    return None;
                }
                reader.0 = "";
                let inner = self.carry_out(n, 0, inner, 0)?;
                let mut blocks = self.forest.blocks(inner);
                if letter == '^' {
                    let told = blocks.len().saturating_sub(given_up as usize);
                    let last = if given_up > 0 { told } else { calls as usize };
                    walk(&mut blocks, n, k as usize, seed, last);
                } else if seed > 0 {
                    stir(&mut blocks, n, k as usize, seed);
                }
                self.forest.listed(n, 0, recipe::tidied(blocks, n, k))
            }
            _ => {
                reader.0 = "";
                let part = &mut |n, own: &str| {
                    let id = if own.is_empty() { self.build(n, 0) } else { self.carry_out(n, 0, own, 0) };
                    id.map(|id| self.forest.blocks(id))
                };
                let calls = recipe::list(recipe, n, k, part)?;
                self.forest.listed(n, 0, calls)
            }
        };
        reader.is_empty().then_some(id)
    }

    fn spread(&mut self, n: u32, spread: Spread, hole: u32) -> Option<Id> {
        let extra = spread.extra;
        let mut groups = Vec::new();
        let (mut points, mut all, mut last) = (extra, 0, Run::default());
        if !spread.is_sound(self.k) {
            return None;
        }
        for &run in spread.runs() {
            points = points.checked_add(run.count * run.names())?;
            (all, last) = (all + 1, run);
        }
        let with_last = last.count == 1 && hole == extra + last.names();
        if points != n || (hole > 0 && hole != extra && !with_last) {
            return None;
        }
        for (run, number) in spread.runs().zip(1..) {
            let (run, names) = (*run, run.names() + extra);
            let is_hole = hole > extra && number == all;
            let fill = if is_hole { self.forest.nothing(names) } else { self.build(names, extra)? };
            groups.push(Groups { run, fill });
        }
        if hole == 0 && extra > 1 {
            // One group is covered together with the pairs among the extra names: where that costs least.
            let mut least: Option<(u64, usize)> = None;
            for (at, Groups { run, .. }) in groups.iter().enumerate() {
                let names = run.names() + extra;
                let more = self.calls(names, 0) - self.calls(names, extra);
                if least.is_none_or(|(best, _)| more < best) {
                    least = Some((more, at));
                }
            }
            let (_, at) = least?;
            let Groups { run, fill: open } = *groups.get(at)?;
            let fill = self.build(run.names() + extra, 0)?;
            if fill != open {
                groups.get_mut(at)?.run.count -= 1;
                groups.retain(|groups| groups.run.count > 0);
                groups.push(Groups { run: Run { count: 1, ..run }, fill });
            }
        }
        Some(self.forest.transversal(spread.order, groups, extra, hole))
    }
}
