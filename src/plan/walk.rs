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
        let (has, own_pairs) = (vec![0; all * words], vec![0; all * size]);
        let mut places =
            Places { names: all, words, has, own: own_pairs, least: vec![u8::MAX; size], apart: Vec::new() };
        for &pair in &open {
            let (a, b) = (pair / names, pair % names);
            if counts.get(a, b) == Some(0) {
                places.apart.push((a, b));
            }
        }
        for (at, call) in calls.iter().enumerate() {
            for &name in call {
                places.turn(name, at);
                places.add(name, at, own(call, name, &counts) as u8);
            }
        }
        let mut resting = vec![0; size];
        let (mut near, mut ends) = (Vec::new(), [End::default(), End::default()]);
        let mut steps = 0;
        while !open.is_empty() {
            let at = below(&mut state, open.len());
            let Some(&pair) = open.get(at) else { return };
            let (a, b) = (pair / names, pair % names);
            if counts.get(a, b) != Some(0) {
                open.swap_remove(at);
                continue;
            }
            if steps == most {
                *calls = before;
                return;
            }
            steps += 1;
            for (end, (stays, new)) in ends.iter_mut().zip([(a, b), (b, a)]) {
                (end.stays, end.new) = (stays, new);
                end.apart.clear();
                for &(a, b) in &places.apart {
                    if a == new || b == new {
                        // The other of the two.
                        end.apart.push(a ^ b ^ new);
                    }
                }
            }
            near.clear();
            for (at, (&has_a, &has_b)) in places.row(a).iter().zip(places.row(b)).enumerate() {
                ones(has_a ^ has_b, |bit| {
                    let call = at * 32 + bit;
                    if resting.get(call).is_some_and(|&rest| rest <= steps) {
                        near.push((call, (has_b >> bit & 1) as usize));
                    }
                });
            }
            let Some(change) = best_change(calls, &near, &ends, k, &mut places, cold, &mut state) else {
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
    /// Of each call a lower bound of these, over the names in it.
    least: Vec<u8>,
    /// The pairs that are in no call.
    apart: Vec<(u32, u32)>,
}

impl Places {
    fn row(&self, name: u32) -> &[u32] {
        let from = name as usize * self.words;
        self.has.get(from..from + self.words).unwrap_or(&[])
    }

    /// One where a call has a name, else nought.
    fn has(&self, name: u32, call: usize) -> i32 {
        self.has
            .get(name as usize * self.words + call / 32)
            .map_or(0, |word| (word >> (call % 32) & 1) as i32)
    }

    /// Says that a call has a name now, or has it no more.
    fn turn(&mut self, name: u32, call: usize) {
        if let Some(word) = self.has.get_mut(name as usize * self.words + call / 32) {
            *word ^= 1 << (call % 32);
        }
    }

    fn add(&mut self, name: u32, call: usize, by: u8) {
        let own = self.own.get_mut(call * self.names + name as usize);
        if let (Some(own), Some(least)) = (own, self.least.get_mut(call)) {
            *own = own.wrapping_add(by);
            *least = (*least).min(*own);
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
            if by < 0 {
                self.apart.push(pair);
            } else if let Some(at) = self.apart.iter().position(|&one| one == pair || one == (pair.1, pair.0))
            {
                self.apart.swap_remove(at);
            }
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

/// A way to bring a pair together: one of its names stays where it is, the other comes.
#[derive(Default)]
struct End {
    stays: u32,
    new: u32,
    /// The names that the new one is in no call with.
    apart: Vec<u32>,
}

/// Of all changes that bring a pair together those that leave the fewest pairs open, and of these any. One that leaves more open
/// than before is made now and then: with each pair more it is four times as seldom, or twice where it is not `cold`. `near` are
/// the calls that have one name of the pair, each with which end of the pair comes to it.
fn best_change(
    calls: &[Vec<u32>],
    near: &[(usize, usize)],
    ends: &[End; 2],
    k: usize,
    places: &mut Places,
    cold: u32,
    state: &mut u32,
) -> Option<Change> {
    let (mut best, mut ties, mut found) = (i32::MAX, 0, None);
    for &(index, end) in near {
        let call = calls.get(index)?;
        let &End { stays, new, ref apart } = ends.get(end)?;
        let is_full = call.len() == k;
        // Few calls have any change that is good enough, and only those are gone through.
        let least = if is_full { i32::from(*places.least.get(index)?) } else { 0 };
        if least - apart.len() as i32 > best {
            continue;
        }
        let mut closed = 0;
        for &name in apart {
            closed += places.has(name, index);
        }
        if least - closed > best {
            continue;
        }
        let own = places.own.get(index * places.names..)?;
        let mut least = u8::MAX;
        for (place, &old) in call.iter().enumerate() {
            let own = if is_full { *own.get(old as usize)? } else { 0 };
            least = least.min(own);
            let mut opened = i32::from(own) - closed;
            if opened > best || is_full && old == stays {
                continue;
            }
            opened += i32::from(is_full && apart.contains(&old));
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
        *places.least.get_mut(index)? = least;
    }
    found.filter(|_| best <= 0 || below(state, 1 << (best << cold).min(14)) == 0)
}
