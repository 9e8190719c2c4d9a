//! Rows of texts, each different text kept once: what 5,000 relations among 20 companies become.
//!
//! A text is compared as bytes while the scanner runs and checked for UTF-8 the first time only; the rows are numbers, so
//! that a caller decodes each different text once, however many rows have it.

use super::json::{Malformed, Text};
use super::partnership::RelationRef;
use std::borrow::Cow;

/// The number of a text in [`Strings`].
pub type StringId = u32;

/// The place of a text that is not there.
pub const NONE: StringId = StringId::MAX;

/// Different texts, numbered in the order of their first appearance.
#[derive(Debug, Default)]
pub struct Strings<'a> {
    texts: Vec<Cow<'a, str>>,
    hashes: Vec<u32>,
    /// Open addressing, a power of two long, at most half full; `NONE` is a free slot.
    slots: Vec<StringId>,
}

impl<'a> Strings<'a> {
    /// The number of what `text` says.
    ///
    /// # Errors
    /// [`Malformed`] where it is not UTF-8 or has a wrong escape.
    pub fn intern(&mut self, text: Text<'a>) -> Result<StringId, Malformed> {
        if text.is_escaped() {
            return Ok(self.intern_cow(text.decode()?));
        }
        let hash = hash(text.raw());
        match self.find(hash, text.raw()) {
            Some(id) => Ok(id),
            None => Ok(self.push(hash, text.decode()?)),
        }
    }

    /// The number of `text`.
    pub fn intern_cow(&mut self, text: Cow<'a, str>) -> StringId {
        let hash = hash(text.as_bytes());
        self.find(hash, text.as_bytes()).unwrap_or_else(|| self.push(hash, text))
    }

    /// The text with this number; empty for [`NONE`].
    pub fn get(&self, id: StringId) -> &str {
        self.texts.get(id as usize).map_or("", |text| text)
    }

    /// The text with this number, if there is one.
    pub fn some(&self, id: StringId) -> Option<&str> {
        self.texts.get(id as usize).map(|text| &**text)
    }

    /// All texts, in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|text| &**text)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    fn find(&self, hash: u32, bytes: &[u8]) -> Option<StringId> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash as usize & mask;
        loop {
            let id = *self.slots.get(slot)?;
            let index = id as usize;
            if id == NONE {
                return None;
            }
            if self.hashes.get(index) == Some(&hash)
                && self.texts.get(index).is_some_and(|text| same(text.as_bytes(), bytes))
            {
                return Some(id);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn push(&mut self, hash: u32, text: Cow<'a, str>) -> StringId {
        let id = self.texts.len() as StringId;
        self.texts.push(text);
        self.hashes.push(hash);
        if self.texts.len() * 2 > self.slots.len() {
            let length = (self.slots.len() * 2).max(64);
            self.slots.clear();
            self.slots.resize(length, NONE);
            for id in 0..=id {
                self.seat(id);
            }
        } else {
            self.seat(id);
        }
        id
    }

    fn seat(&mut self, id: StringId) {
        let mask = self.slots.len() - 1;
        let mut slot = self.hashes[id as usize] as usize & mask;
        while self.slots[slot] != NONE {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = id;
    }
}

/// A hash for a table that lives as long as one answer: quick, eight bytes a step, and no defence against chosen texts.
pub fn hash(bytes: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |state: u64, word: u64| (state.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    let (chunks, rest) = bytes.as_chunks::<8>();
    let state = chunks.iter().fold(bytes.len() as u64, |state, chunk| mix(state, u64::from_le_bytes(*chunk)));
    // The last eight bytes, some of them for the second time: copying what is left would be a call.
    let last = bytes.last_chunk::<8>().map(|chunk| u64::from_le_bytes(*chunk));
    let state =
        mix(state, last.unwrap_or_else(|| rest.iter().fold(0, |word, &byte| word << 8 | u64::from(byte))));
    (state >> 32) as u32
}

/// Whether the two are the same, eight bytes a step: in WebAssembly `==` is a call that goes byte by byte.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    let ((left_chunks, left_rest), (right_chunks, right_rest)) =
        (left.as_chunks::<8>(), right.as_chunks::<8>());
    left.len() == right.len()
        && left_chunks.iter().zip(right_chunks).all(|(a, b)| u64::from_le_bytes(*a) == u64::from_le_bytes(*b))
        && left_rest.iter().zip(right_rest).all(|(a, b)| a == b)
}

/// One relation as numbers of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Row {
    /// `companyName`.
    pub company_name: StringId,
    /// `relatedCompanyName`.
    pub related_company_name: StringId,
    /// `amount`, or [`NONE`].
    pub amount: StringId,
    /// `publicDate`, or [`NONE`].
    pub public_date: StringId,
    /// `source`, or [`NONE`].
    pub source: StringId,
    /// The text of one JSON object with the members that are not known, or [`NONE`].
    pub extra: StringId,
}

/// Relations and the texts they are made of.
#[derive(Debug, Default)]
pub struct RelationTable<'a> {
    /// The texts.
    pub strings: Strings<'a>,
    /// The relations, in the order of the answer.
    pub rows: Vec<Row>,
}

impl RelationTable<'_> {
    /// The relations, one after another.
    pub fn iter(&self) -> impl Iterator<Item = RelationRef<'_>> {
        self.rows.iter().map(|row| RelationRef {
            company_name: self.strings.get(row.company_name),
            related_company_name: self.strings.get(row.related_company_name),
            amount: self.strings.some(row.amount),
            public_date: self.strings.some(row.public_date),
            source: self.strings.some(row.source),
            extra: self.strings.some(row.extra),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn compares_as_equality_does(left in prop::collection::vec(any::<u8>(), 0..40), at in any::<prop::sample::Index>(), longer in any::<bool>()) {
            prop_assert!(same(&left, &left.clone()));
            let mut right = left.clone();
            if longer || right.is_empty() {
                right.push(0);
            } else {
                let at = at.index(right.len());
                right[at] ^= 1;
            }
            prop_assert!(!same(&left, &right) && !same(&right, &left));
        }

        #[test]
        fn numbers_each_text_once(texts in prop::collection::vec(".{0,12}", 0..300)) {
            let mut strings = Strings::default();
            let ids: Vec<_> = texts.iter().map(|text| strings.intern_cow(text.into())).collect();
            let mut different = texts.clone();
            different.sort();
            different.dedup();
            prop_assert_eq!(strings.len(), different.len());
            for (text, id) in texts.iter().zip(ids) {
                prop_assert_eq!(strings.get(id), text);
                prop_assert_eq!(strings.intern_cow(text.into()), id);
            }
        }
    }
}
