//! Makes a list of calls smaller without losing a pair: names that a call does not need are taken out, and small calls
//! are dissolved into the room that others have. Deterministic, and bounded by work rather than by time. Stored plans
//! are rebuilt through this, so a change of behaviour needs a new letter in the recipes.

use super::cover::Calls;
use super::sort;

/// How many rounds of taking out and dissolving; a second one seldom finds much, a fourth nothing.
const ROUNDS: usize = 4;

/// How many times a call is looked at for room, in all.
const WORK: u32 = 200_000;

/// After how many calls in a row that cannot be dissolved no larger one is tried.
const FAILURES: usize = 24;

/// No place in the call that is dissolved.
const NOWHERE: u8 = u8::MAX;

/// How many calls hold each pair that counts.
#[derive(Debug)]
pub(crate) struct Counts {
    names: usize,
    /// Neighbours of name i, ascending, at `starts[i]..starts[i + 1]`; empty where every pair counts.
    starts: Vec<u32>,
    neighbours: Vec<u32>,
    counts: Vec<u16>,
}

impl Counts {
    /// Every pair of `names` counts.
    pub(crate) fn all(names: u32) -> Self {
        let names = names as usize;
        Self { names, starts: Vec::new(), neighbours: Vec::new(), counts: vec![0; names * names] }
    }

    /// Only these pairs count: sorted, without doubles.
    pub(crate) fn of(names: u32, pairs: &[u64]) -> Self {
        let names = names as usize;
        let mut starts = vec![0u32; names + 2];
        for &pair in pairs {
            for end in sort::names(pair) {
                if let Some(start) = starts.get_mut(end as usize + 2) {
                    *start += 1;
                }
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut neighbours = vec![0; pairs.len() * 2];
        // First the smaller neighbours of every name, then the larger ones: each list comes out ascending.
        let mut place = |of: u32, neighbour: u32| {
            if let Some(next) = starts.get_mut(of as usize + 1) {
                if let Some(slot) = neighbours.get_mut(*next as usize) {
                    *slot = neighbour;
                }
                *next += 1;
            }
        };
        for turned in [true, false] {
            for &pair in pairs {
                let [a, b] = sort::names(pair);
                if turned { place(b, a) } else { place(a, b) }
            }
        }
        Self { names, starts, counts: vec![0; neighbours.len()], neighbours }
    }

    /// The neighbours of a name, when not every pair counts.
    pub(crate) fn neighbours(&self, name: u32) -> &[u32] {
        self.range(name).and_then(|range| self.neighbours.get(range)).unwrap_or(&[])
    }

    fn range(&self, name: u32) -> Option<std::ops::Range<usize>> {
        let start = *self.starts.get(name as usize)? as usize;
        Some(start..*self.starts.get(name as usize + 1)? as usize)
    }

    fn slot(&self, a: u32, b: u32) -> Option<usize> {
        if self.starts.is_empty() {
            return Some(a as usize * self.names + b as usize);
        }
        let range = self.range(a)?;
        let at = self.neighbours.get(range.clone())?.binary_search(&b).ok()?;
        Some(range.start + at)
    }

    /// In how many calls the pair is; nothing where it does not count.
    #[inline(always)]
    pub(crate) fn get(&self, a: u32, b: u32) -> Option<u16> {
        u16::try_from(self.known(a, b)).ok()
    }

    /// The same as one number, which needs no memory on its way; less than nought for nothing. Once in the module: it is asked
    /// for in many places.
    #[inline(never)]
    fn known(&self, a: u32, b: u32) -> i32 {
        self.slot(a, b).and_then(|slot| self.counts.get(slot)).map_or(-1, |&count| count.into())
    }

    /// In how many calls a name is with each other, where every pair counts.
    pub(crate) fn row(&self, name: u32) -> &[u16] {
        self.counts.get(name as usize * self.names..).unwrap_or(&[])
    }

    /// Every pair is counted from both its names.
    pub(crate) fn change(&mut self, a: u32, b: u32, by: i16) {
        // As `slot` has it, but without a function's call: with one, walks took a tenth longer.
        let all = self.starts.is_empty();
        for (a, b) in [(a, b), (b, a)] {
            let slot = if all { Some(a as usize * self.names + b as usize) } else { self.slot(a, b) };
            if let Some(count) = slot.and_then(|slot| self.counts.get_mut(slot)) {
                *count = count.saturating_add_signed(by);
            }
        }
    }

    /// Counts the pairs of a call in (+1) or out (−1).
    pub(crate) fn count(&mut self, call: &[u32], by: i16) {
        for (i, &a) in call.iter().enumerate() {
            let row = a as usize * self.names;
            if self.starts.is_empty()
                && let Some(row) = self.counts.get_mut(row..row + self.names)
            {
                // The same, row by row.
                for &b in call {
                    if let Some(count) = row.get_mut(b as usize).filter(|_| a != b) {
                        *count = count.saturating_add_signed(by);
                    }
                }
                continue;
            }
            call.iter().take(i).for_each(|&b| self.change(a, b, by));
        }
    }

    /// Whether any pair of the call counts and is in no other.
    fn needs(&self, call: &[u32], name: u32) -> bool {
        call.iter().any(|&other| self.get(name, other) == Some(1))
    }
}

/// The same pairs in fewer calls of at most `k`, if it can be done by small moves. `counts` comes without any call.
pub(crate) fn tidy(calls: Vec<Vec<u32>>, counts: &mut Counts, k: usize) -> Calls {
    let mut calls = calls;
    calls.iter().for_each(|call| counts.count(call, 1));
    let mut work = WORK;
    let mut place = vec![NOWHERE; counts.names];
    for _ in 0..ROUNDS {
        let before: usize = calls.iter().map(Vec::len).sum();
        let order = by_size(&calls);
        for &index in &order {
            if let Some(call) = calls.get_mut(index as usize) {
                thin(call, counts);
            }
        }
        calls.retain(|call| call.len() > 1);
        let mut failures = 0;
        for index in by_size(&calls) {
            let Some(call) = calls.get_mut(index as usize).map(std::mem::take) else { continue };
            if failures < FAILURES && dissolve(&mut calls, &call, counts, k, &mut place, &mut work) {
                failures = 0;
            } else if let Some(slot) = calls.get_mut(index as usize) {
                *slot = call;
                failures += 1;
            }
        }
        calls.retain(|call| call.len() > 1);
        if calls.iter().map(Vec::len).sum::<usize>() == before {
            break;
        }
    }
    let mut out = Calls::default();
    for call in &mut calls {
        sort::few(call);
        out.push(call);
    }
    out
}

/// A number below n, which is at most 65,536, and the next state.
pub(crate) fn below(state: &mut u32, n: usize) -> usize {
    *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    ((*state >> 16) as usize * n) >> 16
}

/// Puts calls and their names into a random order and random names into the room of those that are at least half full, so
/// that tidying finds another way. The same for the same seed.
pub(crate) fn stir(calls: &mut [Vec<u32>], names: u32, k: usize, seed: u32) {
    let mut state = seed;
    let mut below = |n: usize| below(&mut state, n);
    for at in (1..calls.len()).rev() {
        calls.swap(at, below(at + 1));
    }
    for call in calls {
        for _ in 0..4 * k {
            let name = below(names as usize) as u32;
            if call.len() * 2 > k && call.len() < k && !call.contains(&name) {
                call.push(name);
            }
        }
        for at in (1..call.len()).rev() {
            call.swap(at, below(at + 1));
        }
    }
}

fn by_size(calls: &[Vec<u32>]) -> Vec<u32> {
    let size = |index: u32| calls.get(index as usize).map_or(0, Vec::len);
    sort::by(calls.len() as u32, &|a, b| size(a) < size(b))
}

/// Takes out the names whose pairs are all in other calls too.
fn thin(call: &mut Vec<u32>, counts: &mut Counts) {
    let mut at = 0;
    while let Some(&name) = call.get(at) {
        if counts.needs(call, name) {
            at += 1;
        } else {
            call.remove(at);
            call.iter().for_each(|&other| counts.change(name, other, -1));
        }
    }
}

/// Moves what a call alone covers into the room of others; all of it, or nothing. The call has been taken out of `calls`,
/// `place` is a table of all names that stays as it comes.
fn dissolve(
    calls: &mut [Vec<u32>],
    call: &[u32],
    counts: &mut Counts,
    k: usize,
    place: &mut [u8],
    work: &mut u32,
) -> bool {
    for (at, &name) in call.iter().enumerate() {
        if let Some(place) = place.get_mut(name as usize) {
            *place = at as u8;
        }
    }
    // For each name of the call, by bits: those it meets nowhere else.
    let mut needed = Vec::with_capacity(call.len());
    for &a in call {
        let mut only_here = 0;
        for (at, &b) in call.iter().enumerate() {
            only_here |= u32::from(counts.get(a, b) == Some(1)) << at;
        }
        needed.push(only_here);
    }
    let mut left: u32 = needed.iter().map(|others| others.count_ones()).sum::<u32>() / 2;
    // What each call with room could take over; this only becomes less, so it is looked at again when its turn comes.
    let mut offers: Vec<(u32, usize)> = Vec::new();
    for (at, other) in calls.iter().enumerate() {
        // An empty call is one that was dissolved before: filling it again would win nothing.
        if !other.is_empty() && other.len() < k && *work > 0 {
            *work -= 1;
            offers.push((offer(other, &needed, k, place).0, at));
        }
    }
    let mut added: Vec<(usize, usize)> = Vec::new();
    let mut most = offers.iter().map(|offer| offer.0).max().unwrap_or(0);
    while left > 0 && most > 0 {
        for (gain, at) in &mut offers {
            while *gain >= most && left > 0 && *work > 0 {
                let Some(other) = calls.get_mut(*at) else { break };
                *work -= 1;
                let (now, names, all) = offer(other, &needed, k, place);
                *gain = now;
                if now < most {
                    break;
                }
                if added.iter().all(|(known, _)| known != at) {
                    added.push((*at, other.len()));
                }
                for (i, &name) in call.iter().enumerate() {
                    if names >> i & 1 == 1 {
                        other.push(name);
                    }
                    if all >> i & 1 == 1
                        && let Some(others) = needed.get_mut(i)
                    {
                        *others &= !all;
                    }
                }
                left -= now;
            }
        }
        most -= 1;
    }
    call.iter().for_each(|&name| {
        if let Some(place) = place.get_mut(name as usize) {
            *place = NOWHERE;
        }
    });
    if left > 0 {
        for &(at, len) in &added {
            if let Some(other) = calls.get_mut(at) {
                other.truncate(len);
            }
        }
        return false;
    }
    for &(at, len) in &added {
        let Some(other) = calls.get(at) else { continue };
        for (i, &name) in other.iter().enumerate().skip(len) {
            other.iter().take(i).for_each(|&mate| counts.change(name, mate, 1));
        }
    }
    counts.count(call, -1);
    true
}

/// How many of the needed pairs a call with room can take over, the names it must take in for that, and these with the
/// names of the dissolved call that it has already. Names are taken in greedily.
fn offer(other: &[u32], needed: &[u32], k: usize, place: &[u8]) -> (u32, u32, u32) {
    let mut all = 0u32;
    for &name in other {
        if let Some(&at) = place.get(name as usize)
            && at != NOWHERE
        {
            all |= 1 << at;
        }
    }
    let within = (1u32 << needed.len()) - 1;
    let (mut gain, mut names) = (0, 0u32);
    for room in (1..=k - other.len()).rev() {
        // Those that are needed with a name that is there; a first name alone covers nothing, but may make room useful
        // for a second one.
        let mut open = if all == 0 && room > 1 { u32::MAX } else { 0 };
        ones(all, |at| open |= needed.get(at).copied().unwrap_or(0));
        let (mut best, mut most) = (None, 0);
        ones(open & !all & within, |at| {
            let others = needed.get(at).copied().unwrap_or(0);
            let key = ((others & all).count_ones() << 8) + others.count_ones();
            if key > most {
                (best, most) = (Some(at), key);
            }
        });
        let Some(at) = best else { break };
        gain += most >> 8;
        names |= 1 << at;
        all |= 1 << at;
    }
    (gain, names, all)
}

/// Calls back with the place of each bit that is set.
pub(crate) fn ones(mut bits: u32, mut found: impl FnMut(usize)) {
    while bits != 0 {
        found(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}
