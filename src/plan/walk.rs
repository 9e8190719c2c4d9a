//! Gives up calls: the one with the fewest pairs of its own goes, and names wander through the others, one for another, until
//! every pair is in a call again. Greedy tidying ends where every single step costs something; here a few such steps are
//! taken too. The walk is I. Bluskov's (Problem dependent optimization (PDO), J. Comb. Optim. 31, 2016): an open pair is drawn,
//! and of all changes that close it one of the best is made. Deterministic, and bounded by work; stored plans are rebuilt through it.

use super::tidy::{Counts, below, ones};

/// How many changes are tried for each call that is given up: so many with a seed below [`LONGER`], twice as many with one
/// below twice that, and so on, up to sixteen times as many; from seeds of [`STILL_LONGER`] on again in the same way.
const STEPS: u32 = 250;
const LONGER: u32 = 1 << 10;
const STILL_LONGER: u32 = 1 << 20;

/// With seeds from here on a step that leaves more pairs open is made oftener.
const WARMER: u32 = 1 << 23;

/// For how many steps a call stays as it is once it was changed.
const REST: u32 = 16;

/// Takes calls of at most `k` away for as long as the walk that follows ends with every pair of `names` in a call. Which way
/// it goes says the seed. Who knows that it ends at `last` calls is spared the walk that fails, which is the longest; else 0.
pub(crate) fn walk(calls: &mut Vec<Vec<u32>>, names: u32, k: usize, seed: u32, last: usize) {
    let mut counts = Counts::all(names);
    calls.iter().for_each(|call| counts.count(call, 1));
    let mut state = seed;
    let cold = u32::from(seed < WARMER);
    let most = STEPS << ((seed / LONGER).min(4) + (seed / STILL_LONGER).min(4));
    while calls.len() > last {
        let before = calls.clone();
        let (mut least, mut fewest) = (0, usize::MAX);
        for (at, call) in calls.iter().enumerate() {
            let pairs = call.iter().map(|&name| own(call, name, &counts)).sum();
            if pairs < fewest {
                (least, fewest) = (at, pairs);
            }
        }
        if calls.is_empty() {
            return;
        }
        let gone = calls.swap_remove(least);
        counts.count(&gone, -1);
        // Pairs as one number.
        let mut open = Vec::new();
        for (at, &a) in gone.iter().enumerate() {
            open.extend(gone.iter().take(at).map(|&b| a * names + b));
        }
        let size = calls.len();
        let words = size.div_ceil(32);
        let all = names as usize;
        let mut places = Places { names: all, words, has: vec![0; all * words], own: vec![0; all * size] };
        for (at, call) in calls.iter().enumerate() {
            for &name in call {
                places.turn(name, at);
                places.add(name, at, own(call, name, &counts) as u8);
            }
        }
        let mut resting = vec![0; size];
        let mut near = Vec::new();
        let mut steps = 0;
        while !open.is_empty() {
            let at = below(&mut state, open.len());
            let Some(&pair) = open.get(at) else { return };
            let pair = (pair / names, pair % names);
            if counts.get(pair.0, pair.1) != Some(0) {
                open.swap_remove(at);
                continue;
            }
            if steps == most {
                *calls = before;
                return;
            }
            steps += 1;
            near.clear();
            for (at, (&has_a, &has_b)) in places.row(pair.0).iter().zip(places.row(pair.1)).enumerate() {
                ones(has_a ^ has_b, |bit| {
                    let call = at * 32 + bit;
                    if resting.get(call).is_some_and(|&rest| rest <= steps) {
                        near.push((call, if has_a >> bit & 1 == 1 { pair } else { (pair.1, pair.0) }));
                    }
                });
            }
            let Some(change) = best_change(calls, &near, k, &counts, &places, cold, &mut state) else {
                continue;
            };
            let (at, new) = (change.call, change.new);
            let (Some(call), Some(rest)) = (calls.get_mut(at), resting.get_mut(at)) else { return };
            *rest = steps + REST;
            if call.len() == k {
                let old = call.swap_remove(change.place);
                places.turn(old, at);
                for &other in call.iter() {
                    places.change(&mut counts, at, (old, other), -1);
                    open.push(old * names + other);
                }
            }
            call.iter().for_each(|&other| places.change(&mut counts, at, (new, other), 1));
            call.push(new);
            places.turn(new, at);
        }
    }
}

/// How many pairs of a name in a call are in no other.
fn own(call: &[u32], name: u32, counts: &Counts) -> usize {
    let row = counts.row(name);
    call.iter().filter(|&&other| row.get(other as usize) == Some(&1)).count()
}

/// Where names are.
struct Places {
    names: usize,
    words: usize,
    /// Of each name which calls have it, by bits.
    has: Vec<u32>,
    /// Of each call and each name that it has how many of its pairs there are in no other.
    own: Vec<u8>,
}

impl Places {
    fn row(&self, name: u32) -> &[u32] {
        let from = name as usize * self.words;
        self.has.get(from..from + self.words).unwrap_or(&[])
    }

    /// Says that a call has a name now, or has it no more.
    fn turn(&mut self, name: u32, call: usize) {
        if let Some(word) = self.has.get_mut(name as usize * self.words + call / 32) {
            *word ^= 1 << (call % 32);
        }
    }

    fn add(&mut self, name: u32, call: usize, by: u8) {
        if let Some(own) = self.own.get_mut(call * self.names + name as usize) {
            *own = own.wrapping_add(by);
        }
    }

    /// Counts a pair in (+1) or out (−1) in a call that is not told to have its first name yet, or any more.
    fn change(&mut self, counts: &mut Counts, call: usize, pair: (u32, u32), by: i16) {
        counts.change(pair.0, pair.1, by);
        let count = counts.get(pair.0, pair.1);
        let alone = u16::from(by > 0);
        let add = |places: &mut Self, call, by: i16| {
            places.add(pair.0, call, by as u8);
            places.add(pair.1, call, by as u8);
        };
        if count == Some(alone) {
            add(self, call, by);
        } else if count == Some(alone + 1) {
            // It is in one other call, which now has it alone or no longer does.
            let mut other = None;
            for (word, (has_one, has_other)) in self.row(pair.0).iter().zip(self.row(pair.1)).enumerate() {
                let both = has_one & has_other;
                if both != 0 {
                    other = Some(word * 32 + both.trailing_zeros() as usize);
                    break;
                }
            }
            if let Some(call) = other {
                add(self, call, -by);
            }
        }
    }
}

/// A name for the one at a place of a call, or for room that it has.
struct Change {
    call: usize,
    place: usize,
    new: u32,
}

/// Of all changes that bring a pair together those that leave the fewest pairs open, and of these any. One that leaves more open
/// than before is made now and then: with each pair more it is four times as seldom, or twice where it is not `cold`. `near` are
/// the calls that have one name of the pair, each with that one and the other.
fn best_change(
    calls: &[Vec<u32>],
    near: &[(usize, (u32, u32))],
    k: usize,
    counts: &Counts,
    places: &Places,
    cold: u32,
    state: &mut u32,
) -> Option<Change> {
    let (mut best, mut ties, mut found) = (i32::MAX, 0, None);
    for &(index, (stays, new)) in near {
        let call = calls.get(index)?;
        let is_full = call.len() == k;
        let (with_new, own) = (counts.row(new), places.own.get(index * places.names..)?);
        let (mut closed, mut least) = (0, if is_full { i32::MAX } else { 0 });
        for &name in call {
            let (is_open, opened) = opens(with_new, own, name);
            closed += is_open;
            if opened < least && name != stays {
                least = opened;
            }
        }
        // Few calls have any change that is good enough, and only those are gone through one by one.
        if least - closed > best {
            continue;
        }
        for (place, &old) in call.iter().enumerate() {
            if is_full && old == stays {
                continue;
            }
            let opened = if is_full { opens(with_new, own, old).1 } else { 0 } - closed;
            if opened < best {
                (best, ties) = (opened, 0);
            }
            if opened == best {
                ties += 1;
                if below(state, ties) == 0 {
                    found = Some(Change { call: index, place, new });
                }
            }
            if !is_full {
                break;
            }
        }
    }
    found.filter(|_| best <= 0 || below(state, 1 << (best << cold).min(14)) == 0)
}

/// Whether a name is in no call with the new one, and how many pairs are in no call without it. Once for each place of a call:
/// as a function of its own, which "z" would make of it, listing covers made by walks took 1.3 to 2 times as long.
#[inline(always)]
fn opens(with_new: &[u16], own: &[u8], name: u32) -> (i32, i32) {
    let is_open = i32::from(with_new.get(name as usize) == Some(&0));
    (is_open, is_open + i32::from(own.get(name as usize).copied().unwrap_or(0)))
}
