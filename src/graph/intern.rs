//! Every text once, and a number in its place.
//!
//! A hash table of our own: it keeps texts and rows alike in a few flat vectors, without an allocation for each, and costs
//! the WebAssembly module a fraction of what the generic map does.

use crate::api::words::hash;

/// Finds the number of something that is kept in a vector elsewhere, by its hash: open addressing, linear probing.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// 0 for a free slot, else a number plus one. The length is a power of two, or nought.
    slots: Vec<u32>,
    /// The hash of each number's thing.
    hashes: Vec<u32>,
}

impl Index {
    /// The number that has this hash and that `is_same` recognises.
    pub(super) fn find(&self, hash: u32, is_same: &dyn Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        while let Some(number) = self.slots[at].checked_sub(1) {
            if self.hashes[number as usize] == hash && is_same(number) {
                return Some(number);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Gives the next number to a thing with this hash.
    pub(super) fn insert(&mut self, hash: u32) -> u32 {
        let number = self.hashes.len() as u32;
        self.hashes.push(hash);
        if self.hashes.len() * 4 <= self.slots.len() * 3 {
            self.place(number);
        } else {
            let size = (self.slots.len() * 2).max(16);
            self.slots.clear();
            self.slots.resize(size, 0);
            (0..=number).for_each(|number| self.place(number));
        }
        number
    }

    fn place(&mut self, number: u32) {
        let mask = self.slots.len() - 1;
        let mut at = self.hashes[number as usize] as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = number + 1;
    }
}

/// The number of a text that is absent.
pub(super) const ABSENT: u32 = 0;

/// Texts, each kept once, one after another in a single buffer. Their numbers begin at 1: 0 is [`ABSENT`].
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    buffer: String,
    ends: Vec<usize>,
    index: Index,
}

impl Texts {
    /// The number of `text`, which is kept from now on.
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        let hash = hash(text.as_bytes());
        let known = self.index.find(hash, &|number| self.get(number + 1) == Some(text));
        1 + known.unwrap_or_else(|| {
            self.buffer.push_str(text);
            self.ends.push(self.buffer.len());
            self.index.insert(hash)
        })
    }

    /// The number of `text`, if it is kept.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.index
            .find(hash(text.as_bytes()), &|number| self.get(number + 1) == Some(text))
            .map(|number| number + 1)
    }

    /// The text with this number; `None` for [`ABSENT`].
    pub(super) fn get(&self, number: u32) -> Option<&str> {
        let at = number.checked_sub(1)? as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.buffer.get(start..*self.ends.get(at)?)
    }

    /// The text with this number; empty for [`ABSENT`].
    pub(super) fn text(&self, number: u32) -> &str {
        self.get(number).unwrap_or_default()
    }

    /// How many numbers there are, [`ABSENT`] included.
    pub(super) fn count(&self) -> usize {
        self.ends.len() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tells_an_empty_text_from_an_absent_one() {
        let mut texts = Texts::default();
        assert_eq!((texts.find(""), texts.get(ABSENT), texts.count()), (None, None, 1));
        let empty = texts.intern("");
        assert_ne!(empty, ABSENT);
        assert_eq!((texts.find(""), texts.get(empty), texts.count()), (Some(empty), Some(""), 2));
    }

    proptest! {
        #[test]
        fn keeps_each_text_once(inputs in prop::collection::vec("[ab企]{0,3}", 0..200)) {
            let mut texts = Texts::default();
            let numbers: Vec<_> = inputs.iter().map(|input| texts.intern(input)).collect();
            let distinct: std::collections::BTreeSet<_> = inputs.iter().collect();
            prop_assert_eq!(texts.count(), distinct.len() + 1);
            for (input, number) in inputs.iter().zip(numbers) {
                prop_assert_eq!(texts.get(number), Some(input.as_str()));
                prop_assert_eq!(texts.find(input), Some(number));
            }
        }
    }
}
