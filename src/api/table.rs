//! Rows of texts, each different text kept once: what 5,000 relations among 20 companies become.
//!
//! A text is compared as bytes while the scanner runs and checked for UTF-8 the first time only; the rows are numbers, so
//! that a caller decodes each different text once, however many rows have it.

use super::json::{Malformed, Text};
use super::partnership::RelationRef;
use super::words::{hash, same};
use std::borrow::Cow;

/// The number of a text in [`Strings`].
pub type StringId = u32;

/// The place of a text that is not there.
pub const NONE: StringId = StringId::MAX;

/// Different texts, numbered in the order of their first appearance.
#[derive(Debug, Default)]
pub struct Strings<'a> {
    texts: Vec<Cow<'a, str>>,
    /// Open addressing, a power of two long, at most half full.
    slots: Vec<Slot>,
}

/// A text's number beside its hash; [`NONE`] where the slot is free.
#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    id: StringId,
}

const FREE: Slot = Slot { hash: 0, id: NONE };

impl<'a> Strings<'a> {
    /// The number of what `text` says, which has no escape and the hash `hash`.
    ///
    /// # Errors
    /// [`Malformed`] where it is not UTF-8.
    #[inline(always)]
    pub fn intern(&mut self, text: Text<'a>, hash: u32) -> Result<StringId, Malformed> {
        match self.find(hash, text.raw()) {
            Some(id) => Ok(id),
            None => self.decode(text, hash),
        }
    }

    #[inline(never)]
    fn decode(&mut self, text: Text<'a>, hash: u32) -> Result<StringId, Malformed> {
        text.decode().map(|text| self.push(hash, text))
    }

    /// The number of `text`.
    #[inline(never)]
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

    #[inline(always)]
    fn find(&self, hash: u32, bytes: &[u8]) -> Option<StringId> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = hash as usize & mask;
        // Ends where there is no slot yet, and at the latest at a free one.
        while let Some(slot) = self.slots.get(place) {
            if slot.hash == hash
                && let Some(text) = self.texts.get(slot.id as usize)
                && same(text.as_bytes(), bytes)
            {
                return Some(slot.id);
            }
            if slot.id == NONE {
                break;
            }
            place = (place + 1) & mask;
        }
        None
    }

    #[inline(never)]
    fn push(&mut self, hash: u32, text: Cow<'a, str>) -> StringId {
        let id = self.texts.len() as StringId;
        self.texts.push(text);
        if self.texts.len() * 2 > self.slots.len() {
            let slots = vec![FREE; (self.slots.len() * 2).max(64)];
            for slot in std::mem::replace(&mut self.slots, slots) {
                if slot.id != NONE {
                    self.seat(slot);
                }
            }
        }
        self.seat(Slot { hash, id });
        id
    }

    fn seat(&mut self, slot: Slot) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = slot.hash as usize & mask;
        while let Some(other) = self.slots.get_mut(place) {
            if other.id == NONE {
                *other = slot;
                break;
            }
            place = (place + 1) & mask;
        }
    }
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
