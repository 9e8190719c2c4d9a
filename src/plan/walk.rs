//! Gives up calls: the one with the fewest pairs of its own goes, and names wander through the others, one for another, until
//! every pair is in a call again. Greedy tidying ends where every single step costs something; here a few such steps are
//! taken too. The walk is that of S. Bluskov and others' problem-dependent optimisation (I. Bluskov, Problem dependent
//! optimization (PDO), J. Comb. Optim. 31, 2016): an open pair is drawn, and of all changes that close it one of the best is
//! made. Deterministic, and bounded by work; stored plans are rebuilt through it.

use super::tidy::{Counts, below};

/// How many changes are tried for each call that is given up.
const STEPS: u32 = 250;

/// For how many steps a call stays as it is once it was changed.
const REST: u32 = 16;

/// Takes calls of at most `k` away for as long as the walk that follows ends with every pair of `names` in a call. Which way
/// it goes says the seed. Who knows that it ends at `last` calls is spared the walk that fails, which is the longest; else 0.
pub(crate) fn walk(calls: &mut Vec<Vec<u32>>, names: u32, k: usize, seed: u32, last: usize) {
    let mut counts = Counts::all(names);
    calls.iter().for_each(|call| counts.count(call, 1));
    let mut state = seed;
    while calls.len() > last {
        let before = calls.clone();
        let (mut least, mut fewest) = (0, usize::MAX);
        for (at, call) in calls.iter().enumerate() {
            let own = |&a: &u32| call.iter().filter(|&&b| counts.get(a, b) == Some(1)).count();
            let pairs = call.iter().map(own).sum();
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
        // Of each name which calls have it.
        let mut has = vec![false; names as usize * size];
        for (at, call) in calls.iter().enumerate() {
            call.iter().for_each(|&name| set(&mut has, size, name, at, true));
        }
        let mut resting = vec![0; size];
        let mut steps = 0;
        while !open.is_empty() {
            let at = below(&mut state, open.len());
            let Some(&pair) = open.get(at) else { return };
            let pair = (pair / names, pair % names);
            if counts.get(pair.0, pair.1) != Some(0) {
                open.swap_remove(at);
                continue;
            }
            if steps == STEPS {
                *calls = before;
                return;
            }
            steps += 1;
            let row = |name| has.iter().skip(name as usize * size);
            let mut near = Vec::new();
            for (call, ((&has_a, &has_b), &rest)) in row(pair.0).zip(row(pair.1)).zip(&resting).enumerate() {
                if has_a != has_b && rest <= steps {
                    near.push((call, if has_a { pair } else { (pair.1, pair.0) }));
                }
            }
            let Some(change) = best_change(calls, &near, k, &counts, &mut state) else {
                continue;
            };
            let (Some(call), Some(rest)) = (calls.get_mut(change.call), resting.get_mut(change.call)) else {
                return;
            };
            *rest = steps + REST;
            if call.len() == k {
                let old = call.swap_remove(change.place);
                set(&mut has, size, old, change.call, false);
                for &other in call.iter() {
                    counts.change(old, other, -1);
                    open.push(old * names + other);
                }
            }
            call.iter().for_each(|&other| counts.change(change.new, other, 1));
            call.push(change.new);
            set(&mut has, size, change.new, change.call, true);
        }
    }
}

fn set(has: &mut [bool], calls: usize, name: u32, call: usize, value: bool) {
    if let Some(has) = has.get_mut(name as usize * calls + call) {
        *has = value;
    }
}

/// A name for the one at a place of a call, or for room that it has.
struct Change {
    call: usize,
    place: usize,
    new: u32,
}

/// Of all changes that bring a pair together those that leave the fewest pairs open, and of these any. One that leaves more open
/// than before is made now and then: with each pair more it is four times as seldom. `near` are the calls that have one name
/// of the pair, each with that one and the other.
fn best_change(
    calls: &[Vec<u32>],
    near: &[(usize, (u32, u32))],
    k: usize,
    counts: &Counts,
    state: &mut u32,
) -> Option<Change> {
    let (mut best, mut ties, mut found) = (i32::MAX, 0, None);
    for &(index, (stays, new)) in near {
        let call = calls.get(index)?;
        let closed = call.iter().filter(|&&name| counts.get(new, name) == Some(0)).count() as i32;
        let is_full = call.len() == k;
        for (place, &old) in call.iter().enumerate() {
            let mut opened = -closed;
            if is_full {
                if old == stays {
                    continue;
                }
                opened += i32::from(counts.get(new, old) == Some(0));
                for &other in call {
                    if opened > best {
                        break;
                    }
                    opened += i32::from(counts.get(old, other) == Some(1));
                }
            }
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
    found.filter(|_| best <= 0 || below(state, 1 << (2 * best).min(14)) == 0)
}
