//! Which pairs are asked for, over numbers of names, and which of them are left when some are known.

use super::sort;

/// Which pairs are asked for, over names 0 … n − 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// All pairs of `n` names.
    Among {
        /// How many names.
        n: u32,
    },
    /// Every name of one list with every name of another: 0 … a − 1 with a … a + b − 1.
    Between {
        /// How many names the first list has.
        a: u32,
        /// How many names the second list has.
        b: u32,
    },
    /// Name 0 with each of 1 … others.
    Hub {
        /// How many names besides the hub.
        others: u32,
    },
    /// Lists that overlap: every name of one list with every name of the other. One entry per name.
    Overlap {
        /// In which of the two lists each name is.
        sides: Vec<Side>,
    },
    /// These pairs of `n` names.
    Pairs {
        /// How many names.
        n: u32,
        /// The pairs, in any order.
        list: Vec<(u32, u32)>,
    },
}

/// In which of two lists a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first.
    First,
    /// The second.
    Second,
    /// Both.
    Both,
}

/// The pairs of a question without those that are known.
pub(super) struct Wanted {
    pub(super) n: u32,
    /// In which lists each name is, by bits: [`FIRST`], [`SECOND`]; empty for a list of pairs.
    pub(super) sides: Vec<u8>,
    /// The pairs asked for when there are no sides, else the known ones: sorted, without doubles.
    pub(super) listed: Vec<u64>,
    /// How many pairs each name has.
    pub(super) degrees: Vec<u32>,
}

const FIRST: u8 = 1;
const SECOND: u8 = 2;
pub(super) const BOTH: u8 = FIRST | SECOND;

impl Wanted {
    pub(super) fn new(question: &Question, known: &[(u32, u32)]) -> Self {
        let mut sides: Vec<u8> = Vec::new();
        let mut split = |first: u32, second: u32| {
            sides.resize(first as usize, FIRST);
            sides.resize((first + second) as usize, SECOND);
        };
        match question {
            Question::Among { n } => sides.resize(*n as usize, BOTH),
            Question::Between { a, b } => split(*a, *b),
            Question::Hub { others } => split(1, *others),
            Question::Overlap { sides: all } => {
                for side in all {
                    sides.push(match side {
                        Side::First => FIRST,
                        Side::Second => SECOND,
                        Side::Both => BOTH,
                    });
                }
            }
            Question::Pairs { .. } => {}
        }
        let n = if let Question::Pairs { n, .. } = question { *n } else { sides.len() as u32 };
        let sorted = |pairs: &[(u32, u32)]| {
            let mut sorted: Vec<u64> = Vec::new();
            for &(a, b) in pairs {
                if a != b && a.max(b) < n && (sides.is_empty() || across(&sides, a, b)) {
                    sorted.push(sort::pair(a, b));
                }
            }
            sort::pairs(&mut sorted);
            sorted
        };
        let mut listed = sorted(known);
        if let Question::Pairs { list, .. } = question {
            let known = std::mem::replace(&mut listed, sorted(list));
            listed.retain(|pair| known.binary_search(pair).is_err());
        }
        let mut wanted = Self { n, sides, listed, degrees: Vec::new() };
        wanted.degrees = wanted.count();
        wanted
    }

    pub(super) fn wants(&self, a: u32, b: u32) -> bool {
        let listed = self.listed.binary_search(&sort::pair(a, b)).is_ok();
        if self.sides.is_empty() { listed } else { a != b && across(&self.sides, a, b) && !listed }
    }

    fn count(&self) -> Vec<u32> {
        // By sides: how many names a name of that side meets, itself counted where it is in both lists.
        let mut meets = [0u32; 4];
        for &side in &self.sides {
            for (other, meets) in (0..).zip(&mut meets) {
                *meets += u32::from(meet(side, other));
            }
        }
        let mut degrees: Vec<u32> = vec![0; self.n as usize];
        for (degree, &side) in degrees.iter_mut().zip(&self.sides) {
            *degree = meets.get(usize::from(side)).copied().unwrap_or(0) - u32::from(side == BOTH);
        }
        for &pair in &self.listed {
            for name in sort::names(pair) {
                if let Some(degree) = degrees.get_mut(name as usize) {
                    *degree = if self.sides.is_empty() { *degree + 1 } else { *degree - 1 };
                }
            }
        }
        degrees
    }

    /// Names that have a pair.
    pub(super) fn active(&self) -> Vec<u32> {
        let mut active = Vec::new();
        for (name, &degree) in (0..).zip(&self.degrees) {
            if degree > 0 {
                active.push(name);
            }
        }
        active
    }

    /// Names of which no pair is known, and the others, which may have been asked before, all or in part.
    pub(super) fn new_and_old(&self) -> (Vec<u32>, Vec<u32>) {
        let mut is_old = vec![false; self.n as usize];
        for &pair in &self.listed {
            for name in sort::names(pair) {
                if let Some(old) = is_old.get_mut(name as usize) {
                    *old = true;
                }
            }
        }
        let (mut new, mut old) = (Vec::new(), Vec::new());
        for (name, &is_old) in (0..).zip(&is_old) {
            if is_old { old.push(name) } else { new.push(name) }
        }
        (new, old)
    }

    /// How many pairs are left among the old names, when all pairs were asked for.
    pub(super) fn left_among(&self, old: &[u32]) -> Option<u64> {
        let all = old.len() as u64 * (old.len() as u64).saturating_sub(1) / 2;
        let among = !self.sides.is_empty() && self.sides.iter().all(|side| *side == BOTH);
        among.then(|| all.saturating_sub(self.listed.len() as u64))
    }

    /// The pairs themselves, sorted; only asked for when they are few enough.
    pub(super) fn list(&self, names: &[u32]) -> Vec<u64> {
        if self.sides.is_empty() {
            return self.listed.clone();
        }
        let mut list = Vec::new();
        for (i, &a) in names.iter().enumerate() {
            for &b in names.iter().skip(i + 1) {
                if self.wants(a, b) {
                    list.push(sort::pair(a, b));
                }
            }
        }
        sort::pairs(&mut list);
        list
    }
}

fn across(sides: &[u8], a: u32, b: u32) -> bool {
    match (sides.get(a as usize), sides.get(b as usize)) {
        (Some(&a), Some(&b)) => meet(a, b),
        _ => false,
    }
}

/// Whether one of two names is in the first list and the other one in the second.
fn meet(a: u8, b: u8) -> bool {
    (a & FIRST > 0 && b & SECOND > 0) || (a & SECOND > 0 && b & FIRST > 0)
}

/// Names of the first list only, of both, of the second only.
pub(super) struct Parts {
    pub(super) first: Vec<u32>,
    pub(super) both: Vec<u32>,
    pub(super) second: Vec<u32>,
}

impl Parts {
    pub(super) fn new(sides: &[u8], active: &[u32]) -> Self {
        let (mut first, mut both, mut second) = (Vec::new(), Vec::new(), Vec::new());
        for &name in active {
            match sides.get(name as usize) {
                Some(&BOTH) => both.push(name),
                Some(&FIRST) => first.push(name),
                Some(_) => second.push(name),
                None => {}
            }
        }
        Self { first, both, second }
    }

    pub(super) fn len(&self) -> u32 {
        (self.first.len() + self.both.len() + self.second.len()) as u32
    }

    pub(super) fn order(&self, turned: bool) -> Vec<u32> {
        let (one, other) = if turned { (&self.second, &self.first) } else { (&self.first, &self.second) };
        let mut order = one.clone();
        order.extend_from_slice(&self.both);
        order.extend_from_slice(other);
        order
    }

    /// The list with the first name stands first, so that the order of the lists does not matter.
    pub(super) fn sorted(mut self) -> Self {
        if self.second.first() < self.first.first() && !self.second.is_empty() || self.first.is_empty() {
            std::mem::swap(&mut self.first, &mut self.second);
        }
        self
    }
}
