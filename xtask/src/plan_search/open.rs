//! Covers with holes, annealed name by name: each name is in a few calls, and names that are in the same ones make a point
//! of the recipe. A call may be shared: `c` groups that leave the same hole use it together, each for its own names.

use super::anneal::Random;
use super::{Best, CALL, Open, designs};
use qcc_pro::plan::workshop;
use std::collections::HashMap;
use std::time::Instant;

/// The most names of a cover that is looked for.
const MOST_NAMES: u32 = 100;
/// The most calls: the letters of a recipe.
const MOST_CALLS: u32 = 20;
/// A cover of so many points more is not worth its place in the table.
const MOST_POINTS: usize = 40;

/// The state of an annealing.
struct Cover<'a> {
    outside: u32,
    /// How many groups share each call.
    shared: &'a [u32],
    /// The calls that have each name, by bits.
    masks: Vec<u32>,
    calls: Vec<Vec<u32>>,
    /// Places of each call that are free.
    room: Vec<u32>,
    /// Pairs without a call.
    cost: i32,
}

impl<'a> Cover<'a> {
    fn new(outside: u32, hole: u32, shared: &'a [u32]) -> Self {
        let (names, pairs) = (outside + hole, outside * (outside - 1) / 2 + outside * hole);
        Self {
            outside,
            shared,
            masks: vec![0; names as usize],
            calls: vec![Vec::new(); shared.len()],
            room: vec![CALL; shared.len()],
            cost: pairs as i32,
        }
    }

    fn places(&self, call: usize, name: u32) -> u32 {
        if name < self.outside { self.shared[call] } else { 1 }
    }

    /// How many pairs of the name with others of the call are in the calls of `masks` that both have, and in no others.
    fn only(&self, call: usize, name: u32, common: u32) -> i32 {
        let mask = self.masks[name as usize];
        let counts = |other: u32| other != name && (name < self.outside || other < self.outside);
        let only = |&&other: &&u32| counts(other) && self.masks[other as usize] & mask == common;
        self.calls[call].iter().filter(only).count() as i32
    }

    fn add(&mut self, call: usize, name: u32) {
        self.cost -= self.only(call, name, 0);
        self.masks[name as usize] |= 1 << call;
        self.room[call] -= self.places(call, name);
        self.calls[call].push(name);
    }

    fn remove(&mut self, call: usize, name: u32) {
        self.cost += self.only(call, name, 1 << call);
        self.masks[name as usize] &= !(1 << call);
        self.room[call] += self.places(call, name);
        let at = self.calls[call].iter().position(|&other| other == name);
        self.calls[call].swap_remove(at.expect("a name of the call"));
    }

    /// Whether every pair found a call.
    fn anneal(&mut self, steps: u64, random: &mut Random) -> bool {
        let (hot, cold) = (1.2f64, 0.15f64);
        let names = self.masks.len();
        let mut out: Vec<u32> = Vec::new();
        let mut heat = hot;
        for step in 0..steps {
            if self.cost == 0 {
                return true;
            }
            if step % 64 == 0 {
                heat = hot * (cold / hot).powf(step as f64 / steps as f64);
            }
            let (call, name) = (random.below(self.calls.len()), random.below(names) as u32);
            if self.masks[name as usize] >> call & 1 == 1 || self.places(call, name) > CALL {
                continue;
            }
            let before = self.cost;
            out.clear();
            while self.room[call] < self.places(call, name) {
                let other = self.calls[call][random.below(self.calls[call].len())];
                self.remove(call, other);
                out.push(other);
            }
            self.add(call, name);
            let change = f64::from(self.cost - before);
            if change > 0.0 && random.unit() >= (-change / heat).exp() {
                self.remove(call, name);
                out.iter().for_each(|&other| self.add(call, other));
            }
        }
        self.cost == 0
    }

    /// Takes names out of calls that do not need them, and gives names the calls of another one, so that points are few.
    fn simplify(&mut self) {
        for name in (0..self.masks.len() as u32).rev() {
            self.thin(name);
        }
        for _ in 0..4 {
            let mut kinds: HashMap<(bool, u32), usize> = HashMap::new();
            for (name, &mask) in (0..).zip(&self.masks) {
                *kinds.entry((name < self.outside, mask)).or_default() += 1;
            }
            let mut kinds: Vec<_> = kinds.into_iter().map(|(kind, count)| (count, kind)).collect();
            kinds.sort_unstable_by(|a, b| b.cmp(a));
            for name in 0..self.masks.len() as u32 {
                let inside = name >= self.outside;
                let own = self.masks[name as usize];
                let count =
                    |mask| kinds.iter().find(|kind| kind.1 == (!inside, mask)).map_or(0, |kind| kind.0);
                let mine = count(own);
                for &(_, (_, mask)) in kinds.iter().filter(|kind| kind.1.0 != inside && kind.0 > mine) {
                    if self.change(name, mask) {
                        break;
                    }
                }
            }
        }
    }

    fn thin(&mut self, name: u32) {
        for call in 0..self.calls.len() {
            if self.masks[name as usize] >> call & 1 == 1 && self.only(call, name, 1 << call) == 0 {
                self.remove(call, name);
            }
        }
    }

    /// Puts the name into other calls, if all pairs still find one.
    fn change(&mut self, name: u32, mask: u32) -> bool {
        let own = self.masks[name as usize];
        for call in (0..self.calls.len()).filter(|call| (own & !mask) >> call & 1 == 1) {
            self.remove(call, name);
        }
        let mut good = true;
        for call in (0..self.calls.len()).filter(|call| (mask & !own) >> call & 1 == 1) {
            good &= self.room[call] >= self.places(call, name);
            if good {
                self.add(call, name);
            }
        }
        good &= self.cost == 0;
        if !good {
            for call in 0..self.calls.len() {
                match (self.masks[name as usize] >> call & 1, own >> call & 1) {
                    (1, 0) => self.remove(call, name),
                    (0, 1) => self.add(call, name),
                    _ => {}
                }
            }
        }
        good
    }

    /// The recipe, its calls in the order in which points name them, and how many points it has.
    fn recipe(&self) -> (String, usize) {
        let mut points: Vec<(bool, u32, u32)> = Vec::new();
        for (name, &mask) in (0..).zip(&self.masks) {
            let inside = name >= self.outside;
            match points.iter_mut().find(|point| point.0 == inside && point.1 == mask) {
                Some(point) => point.2 += 1,
                None => points.push((inside, mask, 1)),
            }
        }
        points.sort_by_key(|&(inside, mask, names)| (inside, u32::MAX - names, mask.count_ones(), mask));
        let mut order: Vec<u32> = Vec::new();
        let mut recipe = String::from("B");
        for &(_, mask, names) in &points {
            recipe += &names.to_string();
            let mut letters: Vec<u8> = Vec::new();
            for call in (0..32).filter(|call| mask >> call & 1 == 1) {
                if !order.contains(&call) {
                    order.push(call);
                }
                letters
                    .push(b'a' + order.iter().position(|&known| known == call).expect("just put in") as u8);
            }
            letters.sort_unstable();
            recipe += std::str::from_utf8(&letters).expect("letters");
        }
        (recipe, points.len())
    }
}

/// The recipe of a cover of `outside` names and a hole by calls shared like this, the shortest of those found.
pub fn find(outside: u32, hole: u32, shared: &[u32], steps: u64, tries: u64, seed: u64) -> Option<String> {
    let mut shortest: Option<(usize, String)> = None;
    // Said for a cover of middling size.
    let steps = steps * u64::from(outside + hole) * shared.len() as u64 / 200;
    for restart in 0..tries {
        let mut random = Random::new(seed ^ restart << 48 ^ u64::from(outside) << 32 ^ u64::from(hole) << 16);
        let mut cover = Cover::new(outside, hole, shared);
        if cover.anneal(steps, &mut random) {
            cover.simplify();
            let (recipe, points) = cover.recipe();
            if points <= MOST_POINTS && shortest.as_ref().is_none_or(|known| recipe.len() < known.0) {
                shortest = Some((recipe.len(), recipe));
            }
            if restart > tries / 2 {
                break;
            }
        } else if cover.cost > 5 + cover.masks.len() as i32 / 8 && shortest.is_none() {
            // Not even near.
            break;
        }
    }
    shortest.map(|found| found.1)
}

/// What a cover of fewer calls would be worth: by names outside, hole and calls, how many calls plans would save.
fn wanted(best: &Best, from: u32, to: u32) -> HashMap<(u32, u32, u32), u32> {
    let mut wanted: HashMap<(u32, u32, u32), u32> = HashMap::new();
    for n in from..=to {
        let mut gains: HashMap<(u32, u32, u32), u32> = HashMap::new();
        designs::spreads(best, n, &mut |design| {
            let Some(total) = design.calls(best, n, n / 2) else { return };
            let extra = design.extra;
            for (count, weight, points) in design.runs {
                let (outside, now) = (weight * points, best.with_hole(weight * points + extra, extra));
                if extra < 2 || outside + extra > MOST_NAMES || now > MOST_CALLS {
                    continue;
                }
                for calls in (workshop::fewest(outside, extra)..now).rev() {
                    let with = total - count * (now - calls);
                    if with < best.calls(n) {
                        let gain = gains.entry((outside, extra, calls)).or_default();
                        *gain = (*gain).max(best.calls(n) - with);
                    }
                }
            }
        });
        for (key, gain) in gains {
            *wanted.entry(key).or_default() += gain;
        }
    }
    wanted
}

/// Looks for the covers with holes that plans for `from` to `to` names want most, for so long.
pub fn search(best: &mut Best, from: u32, to: u32, seconds: u64, steps: u64, seed: u64) {
    let started = Instant::now();
    let mut failed: Vec<(u32, u32, u32)> = Vec::new();
    loop {
        let mut wanted: Vec<_> = wanted(best, from, to).into_iter().map(|(key, gain)| (gain, key)).collect();
        wanted.sort_unstable_by(|a, b| b.cmp(a));
        println!("{} wanted, after {} s", wanted.len(), started.elapsed().as_secs());
        let mut found = 0;
        for (gain, (outside, hole, calls)) in wanted {
            if started.elapsed().as_secs() > seconds {
                return;
            }
            // What has more outside or a larger hole in as few calls is no easier.
            let hopeless =
                failed.iter().any(|&(o, h, c)| outside >= o && outside + hole >= o + h && calls <= c);
            if hopeless || best.with_hole(outside + hole, hole) <= calls {
                continue;
            }
            let shared = vec![1; calls as usize];
            let Some(mut recipe) = find(outside, hole, &shared, steps, 6, seed) else {
                failed.push((outside, hole, calls));
                continue;
            };
            // The same calls may have room for more.
            let mut most = hole;
            while outside + most < MOST_NAMES
                && workshop::fewest(outside, most + 1) <= calls
                && best.with_hole(outside + most + 1, most + 1) > calls
                && let Some(larger) = find(outside, most + 1, &shared, steps, 4, seed)
            {
                (most, recipe) = (most + 1, larger);
            }
            let open = Open { names: outside + most, hole: most, calls, recipe };
            if !open.stands() {
                failed.push((outside, hole, calls));
                continue;
            }
            let recipe = &open.recipe;
            println!("{outside} and a hole of {hole} to {most} in {calls}, worth {gain}: {recipe}");
            best.open.push(open);
            best.tidy_open();
            best.write();
            found += 1;
        }
        if found == 0 {
            return;
        }
    }
}

/// How many groups may share a call.
const SHARES: [u32; 8] = [2, 3, 4, 5, 7, 10, 14, 16];

/// Looks for covers of no fewer calls than are known, some of which tidying can merge: light ones, each with the same part
/// of the hole for all groups of a design. Those that plans for `from` to `to` names want are kept where they make one
/// better.
pub fn search_shared(best: &mut Best, from: u32, to: u32, seconds: u64, steps: u64, seed: u64) {
    let started = Instant::now();
    // What the lightest known cover costs each of many groups.
    let mut costs: HashMap<(u32, u32), Option<Light>> = HashMap::new();
    for n in (from..=to).rev() {
        let mut candidates = Vec::new();
        designs::spreads(best, n, &mut |design| {
            let slack = design.runs.iter().map(|run| if run.0 > 2 { 4 * run.0 } else { 0 }).sum();
            let extra = design.extra;
            let Some(total) = design.calls(best, n, slack).filter(|_| extra > 1) else { return };
            // Whatever is shared, a group has so many pairs.
            let saves = |&(count, weight, points): &(u32, u32, u32)| {
                let outside = weight * points;
                let pairs = outside * (outside - 1) / 2 + outside * extra;
                (count * best.with_hole(outside + extra, extra)).saturating_sub(count * pairs / 190)
            };
            if total < best.calls(n) + design.runs.iter().filter(|run| run.0 > 2).map(saves).sum::<u32>() {
                candidates.push((total, design));
            }
        });
        candidates.sort();
        let mut offers = Vec::new();
        for (total, design) in candidates {
            let extra = design.extra;
            let mut saved = 0.0;
            let mut covers: Vec<Open> = Vec::new();
            for &(count, weight, points) in design.runs.iter().filter(|run| run.0 > 2) {
                let outside = weight * points;
                let now = best.with_hole(outside + extra, extra);
                if outside + extra > 60 || now > 7 || started.elapsed().as_secs() > seconds {
                    continue;
                }
                let light = costs
                    .entry((outside, extra))
                    .or_insert_with(|| lightest(best, outside, extra, now, steps, seed))
                    .clone();
                if let Some((cost, calls, recipe)) = light {
                    let open = Open { names: outside + extra, hole: extra, calls, recipe };
                    if open.stands() {
                        saved += f64::from(count) * (f64::from(now) - cost);
                        covers.push(open);
                    }
                }
            }
            if saved > 0.0 && f64::from(total) - saved < f64::from(best.calls(n)) + 0.5 {
                offers.push((f64::from(total) - saved, design.recipe(), covers));
            }
        }
        offers.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, recipe, covers) in offers.into_iter().take(4 * best.effort) {
            let before = best.open.clone();
            for cover in covers {
                let same = |open: &Open| (open.names, open.hole) == (cover.names, cover.hole);
                if !best.open.iter().any(same) {
                    best.open.push(cover);
                }
            }
            best.tidy_open();
            best.write();
            if !best.offer(n, &format!("~{recipe}")) {
                best.open = before;
                best.write();
            }
        }
    }
    println!("{} light covers looked for, {} s", costs.len(), started.elapsed().as_secs());
}

/// What a cover costs each of the groups that share calls of it, its calls and its recipe.
type Light = (f64, u32, String);

/// The cheapest cover that shares calls and has at most one call more than is known to be enough.
fn lightest(best: &Best, outside: u32, hole: u32, now: u32, steps: u64, seed: u64) -> Option<Light> {
    let mut ways: Vec<(f64, Vec<u32>)> = Vec::new();
    for calls in now..=best.calls(outside + hole).min(now + 1) {
        let mut extend = |shares: &[u32]| {
            let mut shared = vec![1; (calls as usize).saturating_sub(shares.len())];
            shared.extend(shares);
            let cost = shared.iter().map(|&share| 1.0 / f64::from(share)).sum();
            let pairs: u32 = shared.iter().map(|&share| most_pairs(share)).sum();
            if cost < f64::from(now) && pairs >= outside * (outside - 1) / 2 + outside * hole {
                ways.push((cost, shared));
            }
        };
        for share in SHARES {
            // With more effort more calls are shared, and by different numbers of groups.
            for count in 1..=calls.min(if best.effort > 3 { 5 } else { 3 }) {
                let mut shares = vec![share; count as usize];
                extend(&shares);
                shares.push(0);
                let few = count == 1 && calls < 5 || best.effort > 3;
                for other in SHARES.into_iter().filter(|&other| few && count < calls && other != share) {
                    shares[count as usize] = other;
                    extend(&shares);
                }
            }
        }
    }
    ways.sort_by(|a, b| a.0.total_cmp(&b.0));
    let found = ways.into_iter().find_map(|(cost, shared)| {
        let recipe = find(outside, hole, &shared, steps, 4, seed)?;
        Some((cost, shared.len() as u32, recipe))
    });
    if let Some((cost, calls, recipe)) = &found {
        println!("{outside} and a hole of {hole} in {calls} at {cost:.2}: {recipe}");
    }
    found
}

/// The most pairs that a group can have in a call that it shares.
fn most_pairs(share: u32) -> u32 {
    (1..=CALL / share)
        .map(|names| names * (names - 1) / 2 + names * (CALL - share * names))
        .max()
        .unwrap_or(0)
}
