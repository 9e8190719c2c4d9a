//! `cargo xtask plan-search`: looks for covers of 21 … 640 names in fewer calls, and writes the recipes of the best ones to
//! `src/plan/table.txt`. It starts from that file, so it can be run again at any time. A recipe stays until a better one is found;
//! but where a part of a plan gets better, one that was tidied around the old part may take a call more, which is printed.
//!
//! Rounds go up through the numbers of names, each value improving its neighbours: extensions and transversal designs
//! by formula, weighted planes, cyclic covers, covers with names left out, tidied ones, and planes whose weights, or
//! lines without names, are annealed, or both. Every recipe that is written has been carried out and its cover taken
//! apart pair by pair.

mod anneal;
mod arcs;
mod designs;
mod holes;
mod open;
mod shift;
pub mod starters;

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use qcc_pro::plan::{bound, workshop};
use std::fmt::Write as _;
use std::ops::Range;
use std::{cell::RefCell, collections::HashMap, fs, path::Path, time::Instant};

/// The largest number of names that gets a recipe.
const MOST: u32 = 640;
/// Names in a call.
const CALL: u32 = 20;

/// One number of names.
struct Entry {
    calls: u32,
    recipe: String,
    /// Sizes of holes from which on it takes fewer, where the hole is laid from, and how many calls that leaves.
    holes: Vec<(u32, u32, u32)>,
}

impl Entry {
    fn new(calls: u32, recipe: &str) -> Self {
        Self { calls, recipe: recipe.to_owned(), holes: Vec::new() }
    }

    /// Reads a line of the table; `before` is how many calls one name less takes.
    fn read(line: &str, before: u32) -> Option<Self> {
        let (recipe, laid) = line.split_once(' ').unwrap_or((line, ""));
        let digits = recipe.bytes().take_while(u8::is_ascii_digit).count();
        let (more, recipe) = recipe.split_at(digits);
        let more = if more.is_empty() { 0 } else { more.parse().ok()? };
        let mut entry = Self::new(before.wrapping_add(more), recipe);
        let mut calls = entry.calls;
        for word in laid.split_terminator(' ') {
            let (hole, rest) = word.split_once('@')?;
            let (start, fewer) = rest.split_once('=').unwrap_or((rest, "1"));
            calls -= fewer.parse::<u32>().ok()?;
            entry.holes.push((hole.parse().ok()?, start.parse().ok()?, calls));
        }
        Some(entry)
    }

    fn write(&self, before: u32, out: &mut String) {
        let Self { calls, recipe, holes } = self;
        match calls.wrapping_sub(before) {
            0 => write!(out, "{recipe}"),
            more => write!(out, "{more}{recipe}"),
        }
        .expect("a string takes everything");
        let mut last = *calls;
        for (hole, start, calls) in holes {
            match last - calls {
                1 => write!(out, " {hole}@{start}"),
                fewer => write!(out, " {hole}@{start}={fewer}"),
            }
            .expect("a string takes everything");
            last = *calls;
        }
        out.push('\n');
    }
}

/// A cover with a hole that is listed.
#[derive(Debug, Clone)]
pub struct Open {
    names: u32,
    hole: u32,
    calls: u32,
    recipe: String,
}

impl Open {
    fn read(line: &str) -> Option<Self> {
        let (sizes, recipe) = line.split_once(' ')?;
        let (sizes, calls) = sizes.split_once('=')?;
        let (names, hole) = sizes.split_once('-')?;
        let recipe = recipe.to_owned();
        Some(Self {
            names: names.parse().ok()?,
            hole: hole.parse().ok()?,
            calls: calls.parse().ok()?,
            recipe,
        })
    }
}

impl Open {
    /// Whether it is a cover of `n` names with such a hole too, if need be without a few of its names.
    fn serves(&self, n: u32, hole: u32) -> bool {
        (n..=n + workshop::CUT).contains(&self.names) && self.names - self.hole >= n - hole
    }

    /// Whether no call becomes too small when names are left out.
    fn stands(&self) -> bool {
        (0..=workshop::CUT).all(|cut| {
            let (n, hole) = (self.names - cut, self.hole.saturating_sub(cut));
            let calls = workshop::carry_out("", n, hole, &self.recipe);
            calls.is_some_and(|calls| calls.len() as u32 == self.calls && covers_but(n, hole, &calls))
        })
    }
}

/// Whether a call of the recipe is so small that tidying may merge it.
fn is_light(recipe: &str) -> bool {
    let mut sizes = [0; 26];
    let (mut names, mut done) = (0, true);
    for byte in recipe.bytes().skip(1) {
        if byte.is_ascii_digit() {
            names = u32::from(byte - b'0') + if done { 0 } else { names * 10 };
            done = false;
        } else {
            done = true;
            sizes[usize::from(byte - b'a')] += names;
        }
    }
    sizes.iter().any(|&size| size > 0 && size < 15)
}

/// The best known cover of each number of names.
pub struct Best {
    /// For 21 names and on.
    entries: Vec<Entry>,
    /// The fewest calls first.
    pub open: Vec<Open>,
    text: String,
    /// What covers with holes take, as long as no entry changes.
    holes: RefCell<HashMap<(u32, u32), u32>>,
    /// How many times as many candidates are carried out.
    pub effort: usize,
}

impl Best {
    fn read(text: &str, open: &str) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        for line in text.lines() {
            entries.extend(Entry::read(line, entries.last().map_or(1, |entry| entry.calls)));
        }
        let mut best = Self {
            entries,
            open: open.lines().filter_map(Open::read).filter(Open::stands).collect(),
            text: String::new(),
            holes: RefCell::default(),
            effort: 1,
        };
        for n in best.entries.len() as u32 + CALL + 1..=MOST {
            best.entries.push(Entry::new(best.calls(n - 1) + (n - 1).div_ceil(CALL - 1), "E1"));
        }
        best.write();
        best
    }

    /// Keeps of the covers with holes those that no other makes needless, in order.
    fn tidy_open(&mut self) {
        let all = std::mem::take(&mut self.open);
        for (at, cover) in all.iter().enumerate() {
            if is_light(&cover.recipe) {
                self.open.push(cover.clone());
                continue;
            }
            let needless = |(other_at, other): (usize, &Open)| {
                let same = (cover.names, cover.hole, cover.calls) == (other.names, other.hole, other.calls);
                let serves = other.serves(cover.names, cover.hole) && other.calls <= cover.calls;
                serves && (!same || other_at > at)
            };
            if !all.iter().enumerate().any(needless) {
                self.open.push(cover.clone());
            }
        }
        self.open.sort_by_key(|open| (open.calls, open.names, open.hole));
    }

    fn write(&mut self) {
        self.holes.borrow_mut().clear();
        self.text.clear();
        let mut before = 1;
        for entry in &self.entries {
            entry.write(before, &mut self.text);
            before = entry.calls;
        }
        self.text += &self.open_text();
    }

    fn open_text(&self) -> String {
        let line = |Open { names, hole, calls, recipe }: &Open| format!("{names}-{hole}={calls} {recipe}\n");
        self.open.iter().map(line).collect()
    }

    /// How many calls `n` names take.
    pub fn calls(&self, n: u32) -> u32 {
        match n.checked_sub(CALL + 1) {
            None => u32::from(n > 1),
            Some(at) => self.entries.get(at as usize).map_or(u32::MAX / 4, |entry| entry.calls),
        }
    }

    /// How many when the pairs among the last `hole` are covered elsewhere, as the planner counts it.
    pub fn with_hole(&self, n: u32, hole: u32) -> u32 {
        if n < 2 || hole >= n {
            return 0;
        }
        let full = self.calls(n);
        if hole < 2 || n <= CALL {
            return full;
        }
        if let Some(&known) = self.holes.borrow().get(&(n, hole)) {
            return known;
        }
        if let Some(open) = self.open.iter().find(|open| (open.names, open.hole) == (n, hole)) {
            return open.calls;
        }
        let others = n - hole;
        let mut best = full;
        if others < CALL {
            best = best.min(hole.div_ceil(CALL - others));
        } else if hole < CALL {
            best = best.min(self.calls(others) + joins(n, hole));
        }
        let laid = self.entries.get((n - CALL - 1) as usize).map_or(&[][..], |entry| &entry.holes);
        best = laid.iter().filter(|laid| laid.0 <= hole).fold(best, |best, laid| best.min(laid.2));
        let fits = |open: &&Open| open.serves(n, hole);
        best = self.open.iter().find(fits).map_or(best, |open| best.min(open.calls));
        if others > 1 {
            let design = workshop::hole_design(n, hole, &mut |n, hole| self.with_hole(n, hole).into());
            best = best.min(design.map_or(u32::MAX, |calls| calls as u32));
        }
        self.holes.borrow_mut().insert((n, hole), best);
        best
    }

    /// Carries a recipe out, and keeps it if it is better and covers every pair.
    pub fn offer(&mut self, n: u32, recipe: &str) -> bool {
        self.offer_below(n, recipe, self.calls(n))
    }

    /// The same of a recipe and of walks from its calls, with these seeds.
    pub fn offer_walks(&mut self, n: u32, recipe: &str, seeds: Range<u32>) {
        self.offer(n, recipe);
        let Some(calls) = workshop::carry_out(&self.text, n, 0, recipe) else { return };
        for seed in seeds {
            self.offer_walk(n, recipe, &calls, seed);
        }
    }

    /// The same of one walk, from the calls that the recipe is known to give.
    pub fn offer_walk(&mut self, n: u32, recipe: &str, calls: &[Vec<u32>], seed: u32) {
        let mut calls = calls.to_vec();
        workshop::walk(&mut calls, n, seed);
        if calls.len() < self.calls(n) as usize {
            self.offer(n, &format!("^{seed}{recipe}"));
        }
    }

    /// The same with a limit of its own.
    fn offer_below(&mut self, n: u32, recipe: &str, below: u32) -> bool {
        let Some(calls) = workshop::carry_out(&self.text, n, 0, recipe) else { return false };
        let found = calls.len() as u32;
        if found >= below || !covers(n, &calls) {
            return false;
        }
        let (before, hanging) = (self.calls(n), self.hanging(n));
        let old = std::mem::replace(self.entry(n), Entry::new(found, recipe));
        self.write();
        if self.hanging(n) > hanging + i64::from(before) - i64::from(found) {
            *self.entry(n) = old;
            self.write();
            return false;
        }
        println!("{n}: {before} -> {found} {recipe} (bound {})", bound::schoenheim(n, CALL));
        true
    }

    fn entry(&mut self, n: u32) -> &mut Entry {
        &mut self.entries[(n - CALL - 1) as usize]
    }

    /// How many calls those covers take together that are made from this one by leaving names out or by adding some.
    fn hanging(&self, n: u32) -> i64 {
        let mut calls = 0;
        for other in n.saturating_sub(CALL).max(CALL + 1)..(n + CALL).min(MOST + 1) {
            let made = if other < n { format!("D{}@", n - other) } else { format!("E{}", other - n) };
            let recipe = self.recipe(other);
            if other != n && recipe.contains(&made) && (other < n || recipe.ends_with(&made)) {
                // One that cannot be made any more is worth an extension of its neighbour.
                calls +=
                    self.covers(other).map_or(i64::from(self.calls(other)) + 8, |calls| calls.len() as i64);
            }
        }
        calls
    }

    /// Takes down what the recipes really give now: parts that became better, or other, change what is made of them.
    fn refresh(&mut self) {
        for n in CALL + 1..=MOST {
            self.refresh_one(n);
        }
    }

    fn refresh_one(&mut self, n: u32) {
        if let Some(told) = designs::told(self, n, self.recipe(n)) {
            self.entry(n).recipe = told;
            self.write();
        }
        let calls = self.covers(n).filter(|calls| covers(n, calls)).map(|calls| calls.len() as u32);
        if calls != Some(self.calls(n)) {
            println!("{n}: {} is now {calls:?}", self.calls(n));
            let by_one = self.calls(n - 1) + joins(n, 1);
            let entry = &mut self.entries[(n - CALL - 1) as usize];
            match calls {
                Some(calls) => {
                    entry.calls = calls;
                    entry.holes.retain(|laid| laid.2 < calls);
                }
                None => *entry = Entry::new(by_one, "E1"),
            }
            self.write();
        }
        let at = (n - CALL - 1) as usize;
        let mut holes = Vec::new();
        for &(hole, start, _) in &self.entries[at].holes {
            let laid = workshop::carry_out(&self.text, n, hole, &format!("X{hole}@{start}"));
            if let Some(laid) = laid.filter(|laid| covers_but(n, hole, laid))
                && (laid.len() as u32) < holes.last().map_or(self.calls(n), |laid: &(u32, u32, u32)| laid.2)
            {
                holes.push((hole, start, laid.len() as u32));
            }
        }
        if holes != self.entries[at].holes {
            println!("{n}: holes {:?} are now {holes:?}", self.entries[at].holes);
            self.entries[at].holes = holes;
            self.write();
        }
    }

    fn is_deleted(&self, n: u32) -> bool {
        n > CALL && self.recipe(n).starts_with('D')
    }

    /// Whether names are left out of a cover that is made by leaving names out.
    fn is_chained(&self, n: u32) -> bool {
        let names = |n: u32| self.recipe(n).strip_prefix('D')?.split('@').next()?.parse::<u32>().ok();
        n > CALL && names(n).is_some_and(|names| self.is_deleted(n + names))
    }

    fn covers(&self, n: u32) -> Option<Vec<Vec<u32>>> {
        self.carry_out(n, self.recipe(n))
    }

    fn carry_out(&self, n: u32, recipe: &str) -> Option<Vec<Vec<u32>>> {
        workshop::carry_out(&self.text, n, 0, recipe)
    }

    fn recipe(&self, n: u32) -> &str {
        &self.entries[(n - CALL - 1) as usize].recipe
    }
}

/// How many calls join `by` new names with the other n − by.
pub fn joins(n: u32, by: u32) -> u32 {
    (n - by).div_ceil(CALL - by)
}

/// Whether every pair of `n` names is in a call, and no call is too large.
fn covers(n: u32, calls: &[Vec<u32>]) -> bool {
    covers_but(n, 0, calls)
}

/// The same but for the pairs among the last `hole`.
fn covers_but(n: u32, hole: u32, calls: &[Vec<u32>]) -> bool {
    let outside = (n - hole) as usize;
    let n = n as usize;
    let mut seen = vec![false; n * n];
    for call in calls {
        if call.len() > CALL as usize {
            return false;
        }
        for &a in call {
            call.iter().for_each(|&b| seen[a as usize * n + b as usize] = true);
        }
    }
    (0..n * n).all(|pair| pair / n == pair % n || pair / n >= outside && pair % n >= outside || seen[pair])
}

/// Runs the search: `[--from N] [--to N] [--rounds R] [--effort E] [--anneal STEPS] [--only-anneal 1] [--stir SEEDS]
/// [--walk SEEDS] [--arcs TURNS] [--shift TURNS] [--only-walk 1] [--seed S] [--holes 0] [--open SECONDS]
/// [--shared SECONDS] [--table FILE]`. Covers with holes are looked for first, for so many seconds (those with fewer calls,
/// and light ones for designs to share). Walks take SEEDS numbers a round from S × SEEDS + 1 on: larger ones go on longer, the largest
/// are warmer too (`src/plan/walk.rs`). At the end holes are laid anew (not with 1), and those that no plan uses
/// forgotten (not with 0).
pub fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    let mut table = workspace.root.join("src/plan/table.txt");
    let (mut from, mut to, mut rounds, mut steps, mut seed) = (CALL + 1, MOST, 3, 0u64, 0u64);
    let (mut only_asked, mut hole_work, mut seeds, mut effort, mut open_seconds, mut shared_seconds) =
        (false, 2, 0, 1, 0, 0);
    let (mut walks, mut arcs, mut shifts) = (0, 0, 0);
    for pair in args.chunks(2) {
        let [name, value] = pair else { bail!("{} needs a value", pair[0]) };
        let number = || value.parse::<u64>().with_context(|| format!("{name} {value}"));
        match name.as_str() {
            "--from" => from = number()?.clamp(21, MOST.into()) as u32,
            "--to" => to = number()?.clamp(21, MOST.into()) as u32,
            "--rounds" => rounds = number()?,
            "--anneal" => steps = number()?,
            // One thing by two names: nothing but what is asked for.
            "--only-anneal" | "--only-walk" => only_asked = number()? > 0,
            "--holes" => hole_work = number()?,
            "--open" => open_seconds = number()?,
            "--shared" => shared_seconds = number()?,
            "--stir" => seeds = number()? as u32,
            "--arcs" => arcs = number()?,
            "--shift" => shifts = number()?,
            "--walk" => walks = number()? as u32,
            "--effort" => effort = number()?.clamp(1, 1000) as usize,
            "--seed" => seed = number()?,
            "--table" => table = value.into(),
            _ => bail!("{name} is not known"),
        }
    }
    let open = fs::read_to_string(table.with_file_name("holes.txt"))?;
    let mut best = Best::read(&fs::read_to_string(&table)?, &open);
    best.effort = effort;
    let started = Instant::now();
    best.refresh();
    save(&best, &table)?;
    if open_seconds > 0 {
        open::search(&mut best, from, to, open_seconds, if steps > 0 { steps } else { 400_000 }, seed);
        save(&best, &table)?;
    }
    if shared_seconds > 0 {
        open::search_shared(
            &mut best,
            from,
            to,
            shared_seconds,
            if steps > 0 { steps } else { 100_000 },
            seed,
        );
        save(&best, &table)?;
    }
    for round in 0..rounds {
        if !only_asked {
            improve(&mut best, from, to, &table)?;
        }
        if seeds > 0 {
            let first = seed.wrapping_add(round) as u32 * seeds + 1;
            for n in (from..=to).rev() {
                designs::stirred(&mut best, n, first..first + seeds);
                save(&best, &table)?;
            }
        }
        for turn in 0..arcs {
            arcs::dual_arcs(&mut best, from, to, (seed << 32) ^ (round << 16) ^ turn);
            save(&best, &table)?;
        }
        for turn in 0..shifts {
            shift::planes(&mut best, from, to, (seed << 32) ^ (round << 16) ^ turn);
            save(&best, &table)?;
        }
        if walks > 0 {
            let first = seed.wrapping_add(round) as u32 * walks + 1;
            for n in (from..=to).rev() {
                designs::walked(&mut best, n, first..first + walks);
                save(&best, &table)?;
            }
            best.refresh();
        }
        if steps > 0 {
            for n in (from..=to).rev() {
                anneal::planes(&mut best, n, steps, seed.wrapping_mul(1_000_003).wrapping_add(round));
                save(&best, &table)?;
            }
        }
        println!("round {round} done after {} s: {}", started.elapsed().as_secs(), summary(&best));
    }
    // A part that became better can leave what was made of it behind one name more.
    for n in (CALL + 1..MOST).rev() {
        if best.calls(n) > best.calls(n + 1) {
            best.offer(n, "D1@0");
        }
    }
    if hole_work > 1 {
        holes::lay(&mut best);
    }
    if hole_work > 0 {
        holes::keep_used(&mut best);
    }
    println!("done after {} s: {}", started.elapsed().as_secs(), summary(&best));
    save(&best, &table)
}

/// Writes `src/plan/TABLE.md`.
pub fn write_table(workspace: &Workspace, _: &[String]) -> Result<()> {
    Ok(fs::write(workspace.root.join("src/plan/TABLE.md"), workshop::sizes())?)
}

/// One round of everything but annealing.
fn improve(best: &mut Best, from: u32, to: u32, table: &Path) -> Result<()> {
    for n in from..=to {
        designs::extensions(best, n);
        designs::transversals(best, n);
    }
    save(best, table)?;
    designs::planes(best, from, to);
    designs::cyclic(best);
    save(best, table)?;
    for n in (from..=to).rev() {
        designs::tidied(best, n);
        designs::deletions(best, n);
    }
    for n in (from..=to).rev() {
        designs::unchained(best, n);
    }
    best.refresh();
    save(best, table)
}

fn save(best: &Best, path: &Path) -> Result<()> {
    let open = best.open_text();
    fs::write(path, best.text.strip_suffix(&open).unwrap_or(&best.text))?;
    Ok(fs::write(path.with_file_name("holes.txt"), open)?)
}

fn summary(best: &Best) -> String {
    let sum: u32 = (21..=99).map(|n| best.calls(n)).sum();
    let mean = |from: u32, to: u32| {
        let calls = |n| if n > MOST { workshop::calls(&best.text, n) } else { best.calls(n).into() };
        let ratio = |n| calls(n) as f64 / bound::schoenheim(n, CALL) as f64;
        (from..=to).map(ratio).sum::<f64>() / f64::from(to - from + 1)
    };
    format!(
        "21-99: {sum}, over Schönheim 100-200: {:.4}, 100-400: {:.4}, 400-2,000: {:.4}",
        mean(100, 200),
        mean(100, 400),
        mean(400, 2000)
    )
}
