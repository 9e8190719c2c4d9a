//! What is to be scanned: lists of names as the caller spells them, checked before anything is planned or paid.

use crate::api::company::{CompanyName, NameError};
use crate::plan::{CallPlan, PlanError, PlanInput};
use crate::sort;
use crate::text::{self, concat};

/// Which pairs of the companies are asked for. The numbers are positions in all the lists one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// All pairs.
    Among,
    /// The first so many with the others.
    Between(usize),
    /// The first with each of the others.
    Hub,
    /// Each even one with the odd one behind it.
    Pairs,
}

/// A checked input.
#[derive(Debug, Clone)]
pub struct ScanInput {
    shape: Shape,
    names: Vec<CompanyName>,
    /// The caller's spelling, where it is another.
    spellings: Vec<Option<String>>,
    known: Vec<(CompanyName, CompanyName)>,
}

impl ScanInput {
    /// Checks the names, all lists one after another; `known` are pairs by turns that need not be asked.
    ///
    /// # Errors
    /// [`NameError`] naming the first name that cannot be sent.
    pub fn new<'a>(
        shape: Shape,
        names: impl IntoIterator<Item = &'a str>,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, NameError> {
        let parse = |(at, name)| CompanyName::parse(name, at);
        let mut parsed = Vec::new();
        let mut spellings = Vec::new();
        for (at, spelling) in names.into_iter().enumerate() {
            let name = parse((at, spelling))?;
            spellings.push((name.as_str() != spelling).then(|| spelling.to_owned()));
            parsed.push(name);
        }
        let mut known = known.into_iter().enumerate().map(parse);
        let mut pairs = Vec::new();
        while let (Some(one), Some(other)) = (known.next(), known.next()) {
            pairs.push((one?, other?));
        }
        Ok(Self { shape, names: parsed, spellings, known: pairs })
    }

    /// The company at a position, as it is sent.
    pub fn name(&self, position: u32) -> &str {
        self.names.get(position as usize).map_or("", CompanyName::as_str)
    }

    /// The company at a position, as the caller spells it.
    pub fn spelling(&self, position: u32) -> &str {
        let own = self.spellings.get(position as usize).and_then(Option::as_deref);
        own.unwrap_or_else(|| self.name(position))
    }

    /// Replaces the caller's spelling of the company at a position.
    pub fn spell(&mut self, position: u32, spelling: String) {
        if let Some(slot) = self.spellings.get_mut(position as usize) {
            *slot = Some(spelling);
        }
    }

    /// How many positions there are, doubled names included.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no name at all.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Which pairs are asked for.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The pairs that need not be asked.
    pub fn known(&self) -> impl Iterator<Item = (&str, &str)> {
        self.known.iter().map(|(one, other)| (one.as_str(), other.as_str()))
    }

    /// The plan for it.
    ///
    /// # Errors
    /// [`PlanError`] for fewer than two names and for a call size outside 2 … 20.
    pub fn plan(&self, call_size: u32) -> Result<CallPlan, PlanError> {
        self.with(|input, known| CallPlan::new(input, known, call_size))
    }

    /// The plan that a record describes.
    ///
    /// # Errors
    /// [`PlanError::Record`] when the record is damaged or of other names.
    pub fn plan_from_record(&self, record: &str) -> Result<CallPlan, PlanError> {
        self.with(|input, known| CallPlan::from_record(record, input, known))
    }

    fn with<T>(&self, plan: impl FnOnce(&PlanInput<'_>, &[(&str, &str)]) -> T) -> T {
        let names = texts(&self.names);
        let known: Vec<_> = self.known().collect();
        match self.shape {
            Shape::Among => plan(&PlanInput::Among(&names), &known),
            Shape::Between(first) => {
                let (first, second) = names.split_at(first.min(names.len()));
                plan(&PlanInput::Between(first, second), &known)
            }
            Shape::Hub => match names.split_first() {
                Some((hub, others)) => plan(&PlanInput::Hub(hub, others), &known),
                None => plan(&PlanInput::Among(&[]), &known),
            },
            Shape::Pairs => {
                let mut pairs = Vec::with_capacity(names.len() / 2);
                for &[one, other] in names.as_chunks::<2>().0 {
                    pairs.push((one, other));
                }
                plan(&PlanInput::Pairs(&pairs), &known)
            }
        }
    }

    /// The question in the form that equal questions share, for the key under which a run's record is kept.
    pub fn canonical(&self, call_size: u32) -> String {
        let sorted = |names: &[CompanyName]| joined(&texts(names), ",");
        let add_pair = |pairs: &mut Vec<String>, one: &CompanyName, other: &CompanyName| {
            let (one, other) = (one.min(other), one.max(other));
            pairs.push(concat(&[one.as_str(), ",", other.as_str()]));
        };
        let joined_pairs = |pairs: &[String]| {
            let mut listed = Vec::with_capacity(pairs.len());
            for pair in pairs {
                listed.push(pair.as_str());
            }
            joined(&listed, ";")
        };
        let body = match self.shape {
            Shape::Among => concat(&["among:", &sorted(&self.names)]),
            Shape::Between(first) => {
                let (first, second) = self.names.split_at(first.min(self.names.len()));
                let (first, second) = (sorted(first), sorted(second));
                let (one, other) = (first.as_str().min(&second), first.as_str().max(&second));
                concat(&["between:", one, ";", other])
            }
            Shape::Hub => {
                let (hub, others) = self.names.split_at(1.min(self.names.len()));
                concat(&["hub:", &sorted(hub), ";", &sorted(others)])
            }
            Shape::Pairs => {
                let mut pairs = Vec::new();
                for [one, other] in self.names.as_chunks::<2>().0 {
                    add_pair(&mut pairs, one, other);
                }
                concat(&["pairs:", &joined_pairs(&pairs)])
            }
        };
        let mut known = Vec::new();
        for (one, other) in &self.known {
            add_pair(&mut known, one, other);
        }
        let size = char::from_u32(u32::from(b'@') + call_size).unwrap_or('@');
        let mut out = String::from(size);
        for part in [&body, "|", &joined_pairs(&known)] {
            out.push_str(part);
        }
        out
    }
}

fn texts(names: &[CompanyName]) -> Vec<&str> {
    let mut texts = Vec::with_capacity(names.len());
    for name in names {
        texts.push(name.as_str());
    }
    texts
}

/// The texts in their order, each once.
fn joined(texts: &[&str], separator: &str) -> String {
    let mut sorted = sort::sorted(texts);
    sorted.dedup();
    text::joined(&sorted, separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(shape: Shape, names: &[&str], known: &[&str]) -> ScanInput {
        ScanInput::new(shape, names.iter().copied(), known.iter().copied()).unwrap()
    }

    #[test]
    fn is_the_same_question_in_any_order() {
        let one = input(Shape::Among, &["甲公司", "乙公司", "丙公司"], &["甲公司", "乙公司"]);
        let two = input(Shape::Among, &["丙公司 ", "甲公司", "乙公司", "甲公司"], &["乙公司", "甲公司"]);
        assert_eq!(one.canonical(20), two.canonical(20));
        assert_ne!(one.canonical(20), one.canonical(19));
        let one = input(Shape::Between(1), &["甲公司", "乙公司", "丙公司"], &[]);
        let two = input(Shape::Between(2), &["丙公司", "乙公司", "甲公司"], &[]);
        assert_eq!(one.canonical(20), two.canonical(20));
        let other = input(Shape::Hub, &["甲公司", "乙公司", "丙公司"], &[]);
        assert_ne!(one.canonical(20), other.canonical(20));
        let one = input(Shape::Pairs, &["甲公司", "乙公司", "丙公司", "甲公司"], &[]);
        let two = input(Shape::Pairs, &["甲公司", "丙公司", "乙公司", "甲公司"], &[]);
        assert_eq!(one.canonical(20), two.canonical(20));
    }

    #[test]
    fn names_what_cannot_be_sent() {
        let error = ScanInput::new(Shape::Among, ["甲公司", "a,b"], []).unwrap_err();
        assert_eq!(error, NameError::Comma(1, "a,b".into()));
        assert!(input(Shape::Among, &["甲公司", "甲公司"], &[]).plan(20).is_err());
        assert!(input(Shape::Hub, &[], &[]).plan(20).is_err());
    }
}
