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
    /// Whether each name is in the first and in the second list; empty for a list of pairs.
    pub(super) sides: Vec<(bool, bool)>,
    /// The pairs asked for when there are no sides, else the known ones: sorted, without doubles, smaller name first.
    pub(super) listed: Vec<(u32, u32)>,
}

impl Wanted {
    pub(super) fn new(question: &Question, known: &[(u32, u32)]) -> Self {
        let mut sides: Vec<(bool, bool)> = Vec::new();
        let split = |sides: &mut Vec<(bool, bool)>, first: u32, second: u32| {
            sides.resize(first as usize, (true, false));
            sides.resize((first + second) as usize, (false, true));
        };
        match question {
            Question::Among { n } => sides.resize(*n as usize, (true, true)),
            Question::Between { a, b } => split(&mut sides, *a, *b),
            Question::Hub { others } => split(&mut sides, 1, *others),
            Question::Overlap { sides: all } => {
                for side in all {
                    sides.push((*side != Side::Second, *side != Side::First));
                }
            }
            Question::Pairs { .. } => {}
        }
        let n = if let Question::Pairs { n, .. } = question { *n } else { sides.len() as u32 };
        let sorted = |pairs: &[(u32, u32)]| {
            let mut sorted: Vec<(u32, u32)> = Vec::new();
            for &(a, b) in pairs {
                let (a, b) = (a.min(b), a.max(b));
                if a < b && b < n && (sides.is_empty() || across(&sides, a, b)) {
                    sorted.push((a, b));
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
        Self { n, sides, listed }
    }

    pub(super) fn wants(&self, a: u32, b: u32) -> bool {
        let listed = self.listed.binary_search(&(a.min(b), a.max(b))).is_ok();
        if self.sides.is_empty() { listed } else { a != b && across(&self.sides, a, b) && !listed }
    }

    /// How many pairs each name has.
    pub(super) fn degrees(&self) -> Vec<u32> {
        let (mut first, mut second, mut both) = (0, 0, 0);
        for &(one, other) in &self.sides {
            first += u32::from(one);
            second += u32::from(other);
            both += u32::from(one && other);
        }
        let mut degrees: Vec<u32> = vec![0; self.n as usize];
        for (degree, side) in degrees.iter_mut().zip(&self.sides) {
            *degree = match side {
                (true, true) => first + second - both - 1,
                (true, false) => second,
                _ => first,
            };
        }
        for &(a, b) in &self.listed {
            for name in [a, b] {
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
        for (name, &degree) in (0..).zip(&self.degrees()) {
            if degree > 0 {
                active.push(name);
            }
        }
        active
    }

    /// Names of which no pair is known, and the others, which may have been asked before, all or in part.
    pub(super) fn new_and_old(&self) -> (Vec<u32>, Vec<u32>) {
        let mut is_old = vec![false; self.n as usize];
        for &(a, b) in &self.listed {
            for name in [a, b] {
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
        let among = !self.sides.is_empty() && self.sides.iter().all(|side| *side == (true, true));
        among.then(|| all.saturating_sub(self.listed.len() as u64))
    }

    /// The pairs themselves, sorted; only asked for when they are few enough.
    pub(super) fn list(&self, names: &[u32]) -> Vec<(u32, u32)> {
        if self.sides.is_empty() {
            return self.listed.clone();
        }
        let mut list = Vec::new();
        for (i, &a) in names.iter().enumerate() {
            for &b in names.iter().skip(i + 1) {
                if self.wants(a, b) {
                    list.push((a.min(b), a.max(b)));
                }
            }
        }
        sort::pairs(&mut list);
        list
    }
}

fn across(sides: &[(bool, bool)], a: u32, b: u32) -> bool {
    match (sides.get(a as usize), sides.get(b as usize)) {
        (Some(a), Some(b)) => (a.0 && b.1) || (a.1 && b.0),
        _ => false,
    }
}

/// Names of the first list only, of both, of the second only.
pub(super) struct Parts {
    pub(super) first: Vec<u32>,
    pub(super) both: Vec<u32>,
    pub(super) second: Vec<u32>,
}

impl Parts {
    pub(super) fn new(sides: &[(bool, bool)], active: &[u32]) -> Self {
        let (mut first, mut both, mut second) = (Vec::new(), Vec::new(), Vec::new());
        for &name in active {
            match sides.get(name as usize) {
                Some((true, true)) => both.push(name),
                Some((true, false)) => first.push(name),
                Some((false, true)) => second.push(name),
                _ => {}
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
