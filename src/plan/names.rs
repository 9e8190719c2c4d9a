//! A question over names, and its plan.
//!
//! Names come normalised (the caller keeps its own spelling) and are told apart as text; a name that comes several times
//! counts once. They are numbered by their order as text before anything is planned, so the order in which they come
//! changes nothing. Results speak of the caller's positions: see [`CallPlan::call`].

use super::layout::Layout;
use super::question::{Question, Side};
use super::{MAX_CALL_SIZE, PlanError, record, sort};
use std::sync::Arc;

/// How many names can be numbered.
const MOST_NAMES: usize = 1 << 24;

/// Which pairs of which names. A name's position is where it first stands when all lists are read one after another
/// (the hub first; of pairs, both names of each in turn).
#[derive(Debug, Clone, Copy)]
pub enum PlanInput<'a> {
    /// All pairs.
    Among(&'a [&'a str]),
    /// Every name of one list with every name of the other. A name may be in both.
    Between(&'a [&'a str], &'a [&'a str]),
    /// One name with each of the others.
    Hub(&'a str, &'a [&'a str]),
    /// These pairs; a pair of a name with itself asks for nothing.
    Pairs(&'a [(&'a str, &'a str)]),
}

/// The calls that cover every pair that is asked for.
#[derive(Debug, Clone)]
pub struct CallPlan {
    layout: Arc<Layout>,
    /// Number of the name → its position in the input.
    positions: Arc<[u32]>,
    /// The calls first, first + step, … of the whole plan.
    first: u64,
    step: u64,
    calls: u64,
}

/// Different names in canonical order, and what is asked of them.
struct Numbered {
    positions: Vec<u32>,
    question: Question,
    known: Vec<(u32, u32)>,
}

impl CallPlan {
    /// Plans calls of at most `call_size` names for every pair of the input but those that are `known`. Known pairs of
    /// other names are passed over.
    ///
    /// # Errors
    /// [`PlanError`] for fewer than two names and for a call size outside 2 … 20.
    pub fn new(input: &PlanInput<'_>, known: &[(&str, &str)], call_size: u32) -> Result<Self, PlanError> {
        if !(2..=MAX_CALL_SIZE).contains(&call_size) {
            return Err(PlanError::CallSize(call_size));
        }
        let Numbered { positions, question, known } = number(input, known)?;
        Ok(Self::whole(Layout::new(&question, &known, call_size), positions))
    }

    /// The plan that [`CallPlan::record`] described, from the same input and known pairs.
    ///
    /// # Errors
    /// [`PlanError::Record`] when the record is damaged or of other names; [`PlanError::TooFewNames`].
    pub fn from_record(
        record: &str,
        input: &PlanInput<'_>,
        known: &[(&str, &str)],
    ) -> Result<Self, PlanError> {
        let Numbered { positions, question, known } = number(input, known)?;
        let (layout, part) = record::read(record, &question, &known).ok_or(PlanError::Record)?;
        let whole = Self::whole(layout, positions);
        match part {
            None => Ok(whole),
            Some((first, step)) => whole.part(first, step).ok_or(PlanError::Record),
        }
    }

    fn whole(layout: Layout, positions: Vec<u32>) -> Self {
        let calls = layout.calls();
        Self { layout: Arc::new(layout), positions: positions.into(), first: 0, step: 1, calls }
    }

    /// A line of text from which later versions rebuild this very plan: what a run keeps beside its answers.
    pub fn record(&self) -> String {
        let whole = self.step == 1;
        record::write(&self.layout, self.positions.len() as u32, (!whole).then_some((self.first, self.step)))
    }

    /// How many different names.
    pub fn companies(&self) -> u32 {
        self.positions.len() as u32
    }

    /// How many pairs are asked for.
    pub fn pairs(&self) -> u64 {
        self.layout.pairs()
    }

    /// How many calls will be paid for (in this shard, if it is one).
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// No plan for the whole question has fewer calls: see [`super::bound`].
    pub fn lower_bound(&self) -> u64 {
        self.layout.lower_bound()
    }

    /// How many calls the whole question takes by hand: halves of a call paired with each other.
    pub fn naive_calls(&self) -> u64 {
        self.layout.naive_calls()
    }

    /// The construction that won, in words.
    pub fn method(&self) -> String {
        self.layout.method()
    }

    /// The positions of a call's names in the input, in the names' canonical order. Found without listing other calls.
    ///
    /// # Errors
    /// [`PlanError::Call`] when the plan has no such call.
    pub fn call(&self, index: u64) -> Result<Vec<u32>, PlanError> {
        let mut call = Vec::with_capacity(MAX_CALL_SIZE as usize);
        self.append(index, &mut call)?;
        Ok(call)
    }

    /// Appends the positions of a call's names, for who lists many.
    ///
    /// # Errors
    /// [`PlanError::Call`] when the plan has no such call.
    pub fn append(&self, index: u64, out: &mut Vec<u32>) -> Result<(), PlanError> {
        let (start, missing) = (out.len(), PlanError::Call { index, calls: self.calls });
        if index >= self.calls || !self.layout.append(self.first + index * self.step, out) {
            return Err(missing);
        }
        for name in out.iter_mut().skip(start) {
            *name = self.positions.get(*name as usize).copied().ok_or(missing)?;
        }
        Ok(())
    }

    /// Every call in turn.
    pub fn iter(&self) -> impl Iterator<Item = Vec<u32>> + '_ {
        (0..self.calls).map_while(|index| self.call(index).ok())
    }

    /// Part `index` of `count`: every `count`-th call. The parts are disjoint and together the whole.
    ///
    /// # Errors
    /// [`PlanError::Shard`] unless `index` is below `count`.
    pub fn shard(&self, index: u64, count: u64) -> Result<Self, PlanError> {
        let outside = PlanError::Shard { index, count };
        if index >= count {
            return Err(outside);
        }
        let calls = self.calls.saturating_sub(index).div_ceil(count);
        // Beyond its last call a shard's numbers are never asked for: they may saturate.
        let first = self.first.saturating_add(index.saturating_mul(self.step));
        Ok(Self { first, step: self.step.saturating_mul(count), calls, ..self.clone() })
    }

    /// The part of the whole plan that a record speaks of.
    fn part(&self, first: u64, step: u64) -> Option<Self> {
        let calls = self.calls.saturating_sub(first).checked_div(step)?;
        let more = u64::from(!self.calls.saturating_sub(first).is_multiple_of(step));
        Some(Self { first, step, calls: calls + more, ..self.clone() })
    }
}

fn number(input: &PlanInput<'_>, known: &[(&str, &str)]) -> Result<Numbered, PlanError> {
    let mut names: Vec<&str> = Vec::new();
    match *input {
        PlanInput::Among(list) => names.extend_from_slice(list),
        PlanInput::Between(first, second) => {
            names.extend_from_slice(first);
            names.extend_from_slice(second);
        }
        PlanInput::Hub(hub, others) => {
            names.push(hub);
            names.extend_from_slice(others);
        }
        PlanInput::Pairs(pairs) => {
            for &(a, b) in pairs {
                names.extend_from_slice(&[a, b]);
            }
        }
    }
    if names.len() > MOST_NAMES {
        return Err(PlanError::TooManyNames);
    }
    let name_at = |position: u32| names.get(position as usize).copied().unwrap_or("");
    let sorted = sort::by(names.len() as u32, &|a, b| name_at(a) < name_at(b));
    let mut positions: Vec<u32> = Vec::with_capacity(sorted.len());
    // Position → number of the name.
    let mut ranks = vec![0; sorted.len()];
    for position in sorted {
        if positions.last().is_none_or(|&last| name_at(last) != name_at(position)) {
            positions.push(position);
        }
        if let Some(rank) = ranks.get_mut(position as usize) {
            *rank = positions.len() as u32 - 1;
        }
    }
    let n = positions.len() as u32;
    let question = match *input {
        PlanInput::Among(_) => Some(Question::Among { n }),
        PlanInput::Between(first, _) => across(n, &ranks, first.len()),
        PlanInput::Hub(..) => across(n, &ranks, 1),
        PlanInput::Pairs(_) => Some(Question::Pairs { n, list: pairs_of(&ranks) }),
    };
    let question = question.filter(|_| n > 1).ok_or(PlanError::TooFewNames)?;
    let mut known_ranks = Vec::new();
    for &(a, b) in known {
        let find = |name: &str| {
            let rank = positions.partition_point(|&position| name_at(position) < name) as u32;
            positions.get(rank as usize).filter(|&&position| name_at(position) == name).map(|_| rank)
        };
        let (Some(a), Some(b)) = (find(a), find(b)) else { continue };
        known_ranks.extend_from_slice(&[a, b]);
    }
    Ok(Numbered { question, known: pairs_of(&known_ranks), positions })
}

/// Numbers that come by twos.
fn pairs_of(ranks: &[u32]) -> Vec<(u32, u32)> {
    let mut pairs = Vec::with_capacity(ranks.len() / 2);
    for &[a, b] in ranks.as_chunks::<2>().0 {
        pairs.push((a, b));
    }
    pairs
}

/// The first `first` of the names, by their numbers, with the others; nothing where that asks for no pair.
fn across(n: u32, ranks: &[u32], first: usize) -> Option<Question> {
    let mut sides: Vec<Option<Side>> = vec![None; n as usize];
    let (mut has_first, mut has_second) = (false, false);
    for (position, &rank) in ranks.iter().enumerate() {
        let entry = sides.get_mut(rank as usize)?;
        *entry = Some(match *entry {
            _ if position < first => Side::First,
            Some(Side::First | Side::Both) => Side::Both,
            _ => Side::Second,
        });
    }
    let mut known = Vec::with_capacity(sides.len());
    for side in sides {
        let side = side?;
        has_first |= side != Side::Second;
        has_second |= side != Side::First;
        known.push(side);
    }
    (has_first && has_second).then_some(Question::Overlap { sides: known })
}
