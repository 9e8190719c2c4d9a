//! Recipes: a construction in a few characters, of which the package carries one per number of names.
//!
//! | recipe | cover of n |
//! | --- | --- |
//! | `E5` | the cover of n − 5, and calls that join the five others with its points |
//! | `T4+6:1x6,1x5,3x3` | transversal design of order 4: groups of points that weigh 6, 5, 3, 3, 3 names, and 6 names more; `20x1/22` cuts the groups to 22 points, `1x5-2` takes two names from the last |
//! | `S7:3-2-1-1` | PG(2, 7): a point weighs 3 names, less 2, 1 and 1 for each of three lines it lies on, in general position |
//! | `P7:3-2-1` | the same with lines through one point |
//! | `W5:0213…` | PG(2, 5) with these weights (0 … 9, a … k), point by point |
//! | `C3x2` | the fourth of the cyclic covers with two names for each point, or twice its own weights |
//! | `D2@5`, `D2@5~T3+2:4x5` | the cover of n + 2 without the first two names of its call number 5: the one that the table has, or that of the recipe behind it |
//! | `~T3+2:4x5`, `~7T3+2:4x5` | any of these, tidied; stirred before with this seed |
//! | `^7~T3+2:4x5`, `^7-2~T3+2:4x5` | any of these with calls given up on a walk ([`super::walk`]) with this seed, tidied; no more than two, which spares the walk that fails |
//! | `B5ace5adf…` | points of so many names and the calls that have them: five names in calls a, c and e, five in a, d and f; the last points are the hole, and of names that are too many the last are left out |
//! | `X36@5` | with a hole: the cover of all, laid so that 36 names of the hole are those of its call number 5 and of calls near it |
//! | `A` | one call of all, or where there is a hole calls of all that is not in it, each with some that is |
//! | `G` | with a hole: a grid of what is not in it with what is, and if need be the cover of the former |
//! | `J7` | with a hole: a grid of the first seven, whose own pairs are not asked for, with the cover of the rest |
//!
//! Those from `S` to `X` are tidied ([`super::tidy`]). The last three stand in no table: planning makes them. A recipe says
//! nothing of its parts (the covers of its groups, of n − 5, of heavy lines) but how many names they have and how many of
//! those are a hole: which recipe they follow says the table, or the record. A cover by `E` or `T` may have a hole too: the
//! five names; the six more, alone or with the last group. A change of what a recipe gives needs a new letter.

use super::cover::Calls;
use super::plane::{STARTERS, lines, weights_by_lines};
use super::sort;
use super::text::{Reader, push};
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

    /// Whether there is a design of this order with such groups for calls of `k`, each call of which holds two names at
    /// least.
    pub(crate) fn is_sound(&self, k: u32) -> bool {
        let (mut groups, mut heaviest, mut always, mut fitting) = (0, 0, 0, self.order > 0);
        for run in self.runs() {
            groups += run.count;
            heaviest += run.count * run.weight;
            if run.points == self.order {
                always += run.count * (run.weight - run.less);
            }
            fitting &= (1..=self.order).contains(&run.points) && run.weight > 0;
        }
        let enough =
            groups <= 3 || (groups <= self.order + 1 && super::field::prime_power(self.order).is_some());
        fitting && enough && heaviest <= k && always > 1
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

    /// The recipe.
    pub(crate) fn write(&self) -> String {
        let mut out = String::new();
        push(&mut out, "T", self.order);
        push(&mut out, "+", self.extra);
        let mut before = ":";
        for run in self.runs() {
            push(&mut out, before, run.count);
            push(&mut out, "x", run.weight);
            if run.less > 0 {
                push(&mut out, "-", run.less);
            }
            if run.points < self.order {
                push(&mut out, "/", run.points);
            }
            before = ",";
        }
        out
    }
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
}

/// The largest plane and the most names for which a listed recipe is carried out.
const LISTED_ORDER: u32 = 64;
pub(crate) const LISTED_NAMES: u32 = 2048;

/// Calls by the numbers of their points.
pub(crate) type Blocks = Vec<Vec<u32>>;

/// What a recipe for `n` names does, in words.
pub(crate) fn describe(recipe: &str, n: u32, hole: u32, out: &mut String) {
    let mut reader = Reader(recipe);
    let letter = reader.char();
    if let Some('T') = letter {
        let Some(spread) = Spread::read(&mut reader) else { return };
        push(out, "transversal design of order ", spread.order);
        push(out, " with ", spread.runs().map(|run| run.count).sum());
        out.push_str(" groups");
        if spread.extra > 0 {
            push(out, ", each joined by the same ", spread.extra);
            out.push_str(" more");
        }
        return;
    }
    let number = reader.number().unwrap_or(0);
    let columns = if letter == Some('J') { n - number } else { hole };
    let (words, number) = match letter {
        Some('E') => {
            push(out, "cover of ", n - number);
            (" extended by ", number)
        }
        Some('J' | 'A' | 'G') if letter == Some('J') || hole > 1 => {
            push(out, "grid of ", n - columns);
            (" by ", columns)
        }
        Some('D') => ("larger cover without ", number),
        Some('X') => ("cover laid over ", number),
        Some('S' | 'P' | 'W') => ("weighted projective plane of order ", number),
        Some('B') => ("weighted points around a hole of ", hole),
        _ => {
            out.push_str(match letter {
                Some('A') => "one call",
                Some('C') => "cyclic cover with several names for each point",
                Some('~' | '^') => "smaller covers joined and tidied",
                _ => "no call",
            });
            return;
        }
    };
    push(out, words, number);
}

/// Puts so many names in the place of each point, in order; the number of names, unless some have no place.
fn inflate(blocks: &mut Blocks, weights: &[u32]) -> u32 {
    let (mut names, mut firsts) = (0, Vec::new());
    for weight in weights {
        firsts.push(names);
        names += weight;
    }
    for block in blocks {
        for point in std::mem::take(block) {
            let first = firsts.get(point as usize).copied().unwrap_or(0);
            block.extend(first..first + weights.get(point as usize).copied().unwrap_or(0));
        }
    }
    names
}

/// The weights of a plane's points, from what stands after its order.
fn read_weights(reader: &mut Reader<'_>, letter: char, order: u32) -> Option<Vec<u32>> {
    super::field::prime_power(order).filter(|_| order <= LISTED_ORDER)?;
    reader.expect(':')?;
    if letter == 'W' {
        let mut weights = Vec::new();
        while let Some(digit) = reader.char() {
            weights.push(digit.to_digit(21)?);
        }
        return (weights.len() as u32 == order * order + order + 1).then_some(weights);
    }
    let base = reader.number()?.min(64) as i32;
    let mut summands = Vec::new();
    while let Some(sign) = reader.char() {
        let size = reader.number()?.min(64) as i32;
        let times = if reader.eat('x') { reader.number()?.min(LISTED_ORDER + 2) } else { 1 };
        summands.resize(summands.len() + times as usize, if sign == '-' { -size } else { size });
    }
    weights_by_lines(order, base, &summands, letter == 'P')
}

/// Carries out a recipe that is listed when it is built; `part` lists the cover of so many names, by a recipe
/// of its own where there is one.
pub(crate) fn list(
    recipe: &str,
    n: u32,
    k: u32,
    part: &mut dyn FnMut(u32, &str) -> Option<Blocks>,
) -> Option<Calls> {
    let mut reader = Reader(recipe);
    let letter = reader.char()?;
    let number = reader.number()?;
    let mut blocks;
    match letter {
        'S' | 'P' | 'W' => {
            let weights = read_weights(&mut reader, letter, number)?;
            let mut planes = lines(number);
            if inflate(&mut planes, &weights) != n {
                return None;
            }
            blocks = Vec::new();
            for line in planes {
                if line.len() as u32 <= k {
                    blocks.push(line);
                    continue;
                }
                for mut call in part(line.len() as u32, "")? {
                    for point in &mut call {
                        *point = *line.get(*point as usize)?;
                    }
                    blocks.push(call);
                }
            }
        }
        'C' => {
            reader.expect('x')?;
            let weight = reader.number()?.min(20);
            let starter = STARTERS.get(number as usize)?;
            blocks = starter.blocks();
            let names = inflate(&mut blocks, &starter.weights(weight));
            if names != n || blocks.iter().any(|block| block.len() as u32 > k) {
                return None;
            }
        }
        'D' => {
            reader.expect('@')?;
            let call = reader.number()?;
            // Once in a recipe: each takes a level of the stack.
            let own = Some(std::mem::take(&mut reader.0)).filter(|own| !own.contains('D'))?;
            blocks = part(n.checked_add(number).filter(|&names| names <= LISTED_NAMES)?, own)?;
            let mut gone = blocks.get(call as usize)?.clone();
            gone.truncate(number as usize);
            sort::few(&mut gone);
            if gone.len() < number as usize {
                return None;
            }
            for block in &mut blocks {
                for point in std::mem::take(block) {
                    let before = gone.iter().take_while(|&&name| name < point).count();
                    if gone.get(before) != Some(&point) {
                        block.push(point - before as u32);
                    }
                }
            }
        }
        _ => return None,
    }
    reader.is_empty().then(|| tidied(blocks, n, k))
}

/// The calls of a recipe that says of each point how many names it has and which calls have it, if they cover every pair
/// but for those among the last `hole` names.
pub(crate) fn weighted(text: &str, n: u32, hole: u32, k: u32) -> Option<Calls> {
    let mut points: Vec<(u32, u32)> = Vec::new();
    for byte in text.bytes() {
        if byte.is_ascii_digit() {
            if points.last().is_none_or(|point| point.1 > 0) {
                points.push((0, 0));
            }
            let names = &mut points.last_mut()?.0;
            *names = (*names * 10 + u32::from(byte - b'0')).min(LISTED_NAMES);
        } else {
            points.last_mut()?.1 |= 1 << byte.checked_sub(b'a').filter(|&call| call < 26)?;
        }
    }
    let mut blocks = vec![Vec::new(); 26];
    let mut names = 0;
    for (at, &(weight, calls)) in points.iter().enumerate() {
        // A point that is partly in the hole counts as outside, and the later of two is never farther outside.
        let meets = |point: &(u32, u32)| point.1 & calls != 0;
        if names < n - hole && !points.iter().skip(at).all(meets) {
            return None;
        }
        let end = (names + weight).min(n);
        for (block, call) in blocks.iter_mut().zip(0..) {
            if calls >> call & 1 == 1 {
                block.extend(names..end);
            }
        }
        names = end;
    }
    let mut listed = Calls::default();
    for block in blocks.iter().filter(|block| block.len() > 1) {
        listed.push(block);
    }
    (names == n && blocks.iter().all(|block| block.len() <= k as usize)).then_some(listed)
}

/// Calls that cover every pair of `n` names, tidied.
pub(crate) fn tidied(blocks: Blocks, n: u32, k: u32) -> Calls {
    tidy(blocks, &mut Counts::all(n), k as usize)
}

/// A cover of `n` names without the pairs among the last `hole`: those that the call number `first` has, then those of
/// whichever call has the fewest others, and so on.
pub(crate) fn laid(mut blocks: Blocks, n: u32, hole: u32, first: u32, k: u32) -> Calls {
    let mut inside = vec![false; n as usize];
    let (mut size, mut next) = (0, blocks.get(first as usize));
    while let Some(block) = next {
        for &point in block {
            if let Some(inside) = inside.get_mut(point as usize)
                && !*inside
                && size < hole
            {
                *inside = true;
                size += 1;
            }
        }
        let others =
            |block: &[u32]| block.iter().filter(|&&point| inside.get(point as usize) == Some(&false)).count();
        let mut fewest = usize::MAX;
        next = None;
        for block in blocks.iter().filter(|_| size < hole) {
            let count = others(block);
            if count > 0 && count < fewest {
                (fewest, next) = (count, Some(block));
            }
        }
    }
    let (mut outer, mut inner) = (0, n - size);
    let mut numbers = Vec::new();
    for inside in inside {
        let next = if inside { &mut inner } else { &mut outer };
        numbers.push(*next);
        *next += 1;
    }
    for block in &mut blocks {
        block.iter_mut().for_each(|point| *point = numbers.get(*point as usize).copied().unwrap_or(*point));
    }
    // Pairs inside the hole count as covered elsewhere.
    let mut counts = Counts::all(n);
    let mut hole_names = Vec::new();
    hole_names.extend(n - hole..n);
    counts.count(&hole_names, 1);
    tidy(blocks, &mut counts, k as usize)
}
