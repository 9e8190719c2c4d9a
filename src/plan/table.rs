//! The covers that are listed, and what is chosen of them or made by a formula.

use super::recipe::Spread;
use super::text::{Reader, push};

/// One line per number of names from 21 on, for calls of twenty: how many calls more than for one name less (nothing where
/// there are no more), and the recipe; then, for holes from some size on, which call the hole is laid over first and how
/// many calls fewer that leaves than the hole before (` 36@5=2`; one where nothing is said). Written by `cargo xtask
/// plan-search`, which may go through tables whose numbers fall: the differences wrap around.
///
/// Then come covers over weighted points that leave a hole: names, hole, calls and recipe (`50-31=6 B5ace…`), the fewest
/// calls first. Without up to [`CUT`] names they have no fewer calls, and serve smaller covers. For just its numbers a part
/// is made by the line there is, even if it takes a call more than it must.
pub(crate) const TABLE: &str = concat!(include_str!("table.txt"), include_str!("holes.txt"));

/// The call size of [`TABLE`].
pub(crate) const TABLE_CALL_SIZE: u32 = 20;

/// How many names may be left out of a listed cover with a hole.
pub(crate) const CUT: u32 = 3;

/// How a cover of some number of names is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice<'a> {
    /// As the table says: the recipe, and holes.
    Kept(&'a str),
    /// Every call has all that is not in the hole, or just all.
    All,
    Extend(u32),
    /// Where there is a hole it is the extra names, with or without the last group.
    Spread(Spread),
    /// So much of the hole is laid over calls, over this one first.
    Laid(u32, u32),
    /// By a recipe of a cover with a hole.
    Open(&'a str),
}

/// A cover with a hole that [`TABLE`] lists.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open<'a> {
    pub(super) names: u32,
    pub(super) hole: u32,
    pub(super) calls: u32,
    pub(super) recipe: &'a str,
}

/// A choice for a number of names, or for one with a hole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen<'a> {
    pub(super) calls: u64,
    pub(super) choice: Choice<'a>,
}

impl Chosen<'_> {
    pub(super) fn recipe(&self) -> String {
        match self.choice {
            Choice::Kept(line) => Reader(line).until(' ').unwrap_or(line).to_owned(),
            Choice::All => "A".to_owned(),
            Choice::Extend(by) => {
                let mut recipe = String::new();
                push(&mut recipe, "E", by);
                recipe
            }
            Choice::Spread(spread) => spread.write(),
            Choice::Laid(size, first) => {
                let mut recipe = String::new();
                push(&mut recipe, "X", size);
                push(&mut recipe, "@", first);
                recipe
            }
            Choice::Open(recipe) => recipe.to_owned(),
        }
    }
}

/// One of the holes in a line of [`TABLE`]: its size, the call that it is laid over first, and how many calls that saves.
pub(super) fn read_hole(reader: &mut Reader<'_>) -> Option<(u32, u32, u32)> {
    let size = reader.number()?;
    reader.expect('@')?;
    let first = reader.number()?;
    let fewer = if reader.eat('=') { reader.number()? } else { 1 };
    reader.eat(' ');
    Some((size, first, fewer))
}

impl<'a> Open<'a> {
    /// Reads what stands after the names and the `-`.
    pub(super) fn read(names: u32, mut reader: Reader<'a>) -> Option<Self> {
        let hole = reader.number()?;
        reader.expect('=')?;
        let calls = reader.number()?;
        reader.expect(' ')?;
        Some(Self { names, hole, calls, recipe: reader.0 })
    }

    pub(super) fn chosen(&self) -> Chosen<'a> {
        Chosen { calls: self.calls.into(), choice: Choice::Open(self.recipe) }
    }
}
