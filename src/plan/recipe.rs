//! Recipes: a construction in a few characters, of which the package carries one per number of names.
//!
//! | recipe | cover of n |
//! | --- | --- |
//! | `E5` | the cover of n − 5, and calls that join the five others with its points |
//! | `T4+6:1x6,1x5,3x3` | transversal design of order 4: groups of points that weigh 6, 5, 3, 3, 3 names, and 6 names more; `20x1/22` cuts the groups to 22 points, `1x5-2` takes two names from the last |
//! | `S7:3-2-1-1` | PG(2, 7): a point weighs 3 names, less 2, 1 and 1 for each of three lines it lies on, in general position |
//! | `P7:3-2-1` | the same with lines through one point |
//! | `W5:0213…` | PG(2, 5) with these weights (0 … 9, a … k), point by point |
//! | `C3x2` | the fourth of the cyclic covers with two names for each point |
//! | `D2@5` | the cover of n + 2 without the first two names of its call number 5 |
//! | `~T3+2:4x5` | any of these, tidied |
//!
//! The last six are tidied ([`super::tidy`]). A recipe says nothing of its parts (the covers of its groups, of n − 5, of
//! heavy lines): those are the best known ones in a table, and named by number in a record.

use super::cover::{Calls, Forest, Id};
use super::plane::{STARTERS, lines, weights_by_lines};
use super::sort;
use super::text::{Reader, push_number};
use super::tidy::{Counts, tidy};

/// Alike groups of a transversal design, without what covers them: count, points of each, names for each point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Run {
    pub(crate) count: u32,
    pub(crate) points: u32,
    pub(crate) weight: u32,
    /// Names that each group's last point lacks.
    pub(crate) less: u32,
}

/// How many different runs a design may have.
pub(crate) const RUNS: usize = 4;

/// A transversal design and how names are spread over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spread {
    pub(crate) order: u32,
    pub(crate) extra: u32,
    /// Runs of no group stand at the end.
    pub(crate) runs: [Run; RUNS],
}

impl Spread {
    pub(crate) fn runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(|run| run.count > 0)
    }

    pub(crate) fn is_sound(&self, k: u32) -> bool {
        is_sound(self.order, &self.runs, k)
    }

    /// Reads what stands after the `T`.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let order = reader.number()?;
        reader.expect('+')?;
        let extra = reader.number()?;
        reader.expect(':')?;
        let mut runs = [Run::default(); RUNS];
        for slot in &mut runs {
            *slot = Run::read(reader, order)?;
            if !reader.eat(',') {
                break;
            }
        }
        Some(Self { order, extra, runs })
    }
}

/// Whether there is a design of this order with such groups for calls of `k`, each call of which holds two names at least.
pub(crate) fn is_sound(order: u32, runs: &[Run], k: u32) -> bool {
    let runs = || runs.iter().filter(|run| run.count > 0);
    let groups: u32 = runs().map(|run| run.count).sum();
    let heaviest: u32 = runs().map(|run| run.count * run.weight).sum();
    let always: u32 =
        runs().filter(|run| run.points == order).map(|run| run.count * (run.weight - run.less)).sum();
    let enough = groups <= 3 || (groups <= order + 1 && super::field::prime_power(order).is_some());
    order > 0
        && enough
        && heaviest <= k
        && always > 1
        && runs().all(|run| (1..=order).contains(&run.points) && run.weight > 0)
}

impl Run {
    /// Groups of whole points.
    pub(crate) fn new(count: u32, points: u32, weight: u32) -> Self {
        Self { count, points, weight, less: 0 }
    }

    /// Names in one of these groups.
    pub(crate) fn names(&self) -> u32 {
        self.points * self.weight - self.less
    }

    pub(crate) fn read(reader: &mut Reader<'_>, order: u32) -> Option<Self> {
        let count = reader.number()?;
        reader.expect('x')?;
        let weight = reader.number()?;
        let less = if reader.eat('-') { reader.number()? } else { 0 };
        let points = if reader.eat('/') { reader.number()? } else { order };
        // Bounded here once, so that no sum or product of these can overflow.
        let bounded = count <= 64 && weight <= 64 && less < weight && points <= order && order <= 1 << 20;
        (count > 0 && points > 0 && bounded).then_some(Self { count, points, weight, less })
    }

    pub(crate) fn write(&self, order: u32, out: &mut String) {
        push_number(out, self.count.into());
        out.push('x');
        push_number(out, self.weight.into());
        if self.less > 0 {
            out.push('-');
            push_number(out, self.less.into());
        }
        if self.points < order {
            out.push('/');
            push_number(out, self.points.into());
        }
    }
}

/// A recipe whose calls are listed when it is built.
#[derive(Debug)]
enum Listed {
    Plane { order: u32, weights: Vec<u32> },
    Cyclic { starter: usize, weight: u32 },
    Deleted { names: u32, call: u32 },
    Tidied,
}

/// The largest plane and the most names for which a listed recipe is carried out.
const LISTED_ORDER: u32 = 64;
pub(crate) const LISTED_NAMES: u32 = 2048;

impl Listed {
    fn read(recipe: &str) -> Option<Self> {
        let mut reader = Reader(recipe);
        let letter = reader.char()?;
        if letter == '~' {
            return reader.is_empty().then_some(Self::Tidied);
        }
        let number = reader.number()?;
        let read = match letter {
            'S' | 'P' if number <= LISTED_ORDER => {
                super::field::prime_power(number)?;
                reader.expect(':')?;
                let base = reader.number()?.min(64) as i32;
                let mut summands = Vec::new();
                while let Some(sign) = reader.char() {
                    let size = reader.number()?.min(64) as i32;
                    let summand = if sign == '-' { -size } else { size };
                    let times = if reader.eat('x') { reader.number()?.min(LISTED_ORDER + 2) } else { 1 };
                    for _ in 0..times {
                        summands.push(summand);
                    }
                }
                let weights = weights_by_lines(number, base, &summands, letter == 'P')?;
                Self::Plane { order: number, weights }
            }
            'W' if number <= LISTED_ORDER => {
                super::field::prime_power(number)?;
                reader.expect(':')?;
                let mut weights = Vec::new();
                while let Some(digit) = reader.char() {
                    weights.push(digit.to_digit(21)?);
                }
                if weights.len() as u32 != number * number + number + 1 {
                    return None;
                }
                Self::Plane { order: number, weights }
            }
            'C' => {
                reader.expect('x')?;
                Self::Cyclic { starter: number as usize, weight: reader.number()?.min(20) }
            }
            'D' => {
                reader.expect('@')?;
                Self::Deleted { names: number, call: reader.number()? }
            }
            _ => return None,
        };
        reader.is_empty().then_some(read)
    }
}

/// What a listed recipe does, in words.
pub(crate) fn describe(recipe: &str, out: &mut String) {
    let mut reader = Reader(recipe);
    let letter = reader.char();
    let number = u64::from(reader.number().unwrap_or(0));
    out.push_str(match letter {
        Some('C') => "cyclic cover with several names for each point",
        Some('D') => "larger cover without ",
        Some('~') => "smaller covers joined and tidied",
        _ => "weighted projective plane of order ",
    });
    if letter != Some('C') && letter != Some('~') {
        push_number(out, number);
    }
}

/// The names of each point when point i stands for `weights[i]` of them, in order.
fn inflate(blocks: Vec<Vec<u32>>, weights: &[u32]) -> (u32, Vec<Vec<u32>>) {
    let (mut names, mut firsts) = (0, Vec::new());
    for weight in weights {
        firsts.push(names);
        names += weight;
    }
    let mut inflated = blocks;
    for block in &mut inflated {
        for point in std::mem::take(block) {
            let first = firsts.get(point as usize).copied().unwrap_or(0);
            block.extend(first..first + weights.get(point as usize).copied().unwrap_or(0));
        }
    }
    (names, inflated)
}

/// The sizes of the covers that a listed recipe for `n` names needs as its parts, each once.
pub(crate) fn part_sizes(recipe: &str, n: u32, k: u32) -> Option<Vec<u32>> {
    let mut sizes: Vec<u32> = match Listed::read(recipe)? {
        Listed::Plane { order, weights } => {
            let (names, blocks) = inflate(lines(order), &weights);
            if names != n {
                return None;
            }
            let mut sizes = Vec::new();
            for block in blocks {
                if block.len() as u32 > k {
                    sizes.push(block.len() as u32);
                }
            }
            sizes
        }
        Listed::Cyclic { .. } => Vec::new(),
        Listed::Deleted { names, .. } => vec![n.checked_add(names)?],
        Listed::Tidied => vec![n],
    };
    sort::few(&mut sizes);
    sizes.dedup();
    Some(sizes)
}

/// Carries a listed recipe out; `parts` are covers of the sizes that [`part_sizes`] asks for.
pub(crate) fn list(recipe: &str, n: u32, k: u32, forest: &Forest, parts: &[Id]) -> Option<Calls> {
    if n > LISTED_NAMES {
        return None;
    }
    let part = |points: u32| parts.iter().copied().find(|&id| forest.get(id).points == points);
    let listed = |id: Id| {
        let mut calls = Vec::new();
        for index in 0..forest.get(id).calls {
            let mut call = Vec::new();
            forest.call(id, index, &mut call);
            calls.push(call);
        }
        calls
    };
    let blocks = match Listed::read(recipe)? {
        Listed::Plane { order, weights } => {
            let (names, blocks) = inflate(lines(order), &weights);
            if names != n {
                return None;
            }
            let mut calls = Vec::new();
            for block in blocks {
                if block.len() as u32 <= k {
                    calls.push(block);
                    continue;
                }
                for mut call in listed(part(block.len() as u32)?) {
                    call.iter_mut()
                        .for_each(|point| *point = block.get(*point as usize).copied().unwrap_or(*point));
                    calls.push(call);
                }
            }
            calls
        }
        Listed::Cyclic { starter, weight } => {
            let starter = STARTERS.get(starter)?;
            let (names, blocks) = inflate(starter.blocks(), &vec![weight; usize::from(starter.points)]);
            if names != n || blocks.iter().any(|block| block.len() as u32 > k) {
                return None;
            }
            blocks
        }
        Listed::Tidied => listed(part(n)?),
        Listed::Deleted { names, call } => {
            let mut calls = listed(part(n.checked_add(names)?)?);
            let mut gone = calls.get(call as usize)?.clone();
            gone.truncate(names as usize);
            sort::few(&mut gone);
            if gone.len() < names as usize {
                return None;
            }
            for call in &mut calls {
                for point in std::mem::take(call) {
                    let before = gone.iter().take_while(|&&name| name < point).count();
                    if gone.get(before) != Some(&point) {
                        call.push(point - before as u32);
                    }
                }
            }
            calls
        }
    };
    Some(tidy(blocks, &mut Counts::all(n), k as usize))
}
