//! Relations laid flat, as a face takes them over at once: the texts behind one another, and what the names and dates among
//! them are. The rows are taken over as they stand in the table.
//!
//! Whatever is derived is derived once for each text of the table, however many rows have it. Nothing here knows JavaScript.

use super::company::{CallNames, has_plain_ends, normalise};
use super::partnership::Period;
use super::room::Room;
use super::table::{NONE, RelationTable, StringId};
use super::words::{has_bracket, is_ascii, mix, short_word, wide_text, word_at};
use crate::text::contains;
use std::cell::OnceCell;

/// Texts, one after another: those that are ASCII byte by byte, which engines keep in half the room, the others in UTF-16.
#[derive(Debug, Default)]
pub struct Texts {
    ascii: Room<u8>,
    units: Room<u16>,
    ends: Vec<u32>,
}

impl Texts {
    /// The texts that are ASCII.
    pub fn ascii(&self) -> &[u8] {
        self.ascii.taken()
    }

    /// The others.
    pub fn units(&self) -> &[u16] {
        self.units.taken()
    }

    /// Where each ends, and the next of its sort begins: twice the place in `units`, or one more than twice that in `ascii`.
    pub fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// Makes room for so many texts that are short ASCII.
    pub(super) fn expect(&mut self, count: usize) {
        self.ends.reserve(count);
        self.ascii.behind(0, 8 * count);
    }

    /// Adds a text and gives its number.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn push(&mut self, text: &str) -> StringId {
        if is_ascii(text.as_bytes()) {
            match short_word(text.as_bytes()) {
                Some(word) => return self.push_short(word, text.len()),
                None => self.ascii.extend(text.bytes()),
            }
            self.end_ascii()
        } else {
            self.units.extend(text.encode_utf16());
            self.end_units()
        }
    }

    /// Adds a text, if there is one; [`NONE`] if not.
    pub fn push_some(&mut self, text: Option<&str>) -> StringId {
        text.map_or(NONE, |text| self.push(text))
    }

    /// Adds the ASCII of which the lowest `length` bytes of `word` are, at most all eight.
    #[inline(always)]
    pub(super) fn push_short(&mut self, word: u64, length: usize) -> StringId {
        self.ascii.push_short(word, length);
        self.end_ascii()
    }

    /// Reads a text as [`wide_text`] does; [`Texts::push_wide`] adds it.
    #[inline(always)]
    pub(super) fn wide<'a>(&mut self, body: &'a [u8], at: usize) -> Option<(&'a str, usize, usize)> {
        wide_text(body, at, &mut self.units)
    }

    /// Adds what was read last, up to `taken`.
    #[inline(always)]
    pub(super) fn push_wide(&mut self, taken: usize) -> StringId {
        self.units.taken = taken;
        self.end_units()
    }

    /// The texts, as a face reads them.
    #[cfg(test)]
    pub(super) fn decoded(&self) -> Vec<String> {
        let mut starts = [0, 0];
        let read = |&end: &u32| {
            let (end, sort) = (end as usize / 2, end as usize % 2);
            let range = std::mem::replace(&mut starts[sort], end)..end;
            if sort == 0 {
                String::from_utf16(&self.units()[range]).unwrap()
            } else {
                String::from_utf8(self.ascii()[range].to_vec()).unwrap()
            }
        };
        self.ends.iter().map(read).collect()
    }

    #[inline(always)]
    fn end_ascii(&mut self) -> StringId {
        self.end(2 * self.ascii.taken + 1)
    }

    #[inline(always)]
    fn end_units(&mut self) -> StringId {
        self.end(2 * self.units.taken)
    }

    #[inline(always)]
    fn end(&mut self, end: usize) -> StringId {
        self.ends.push(end as u32);
        self.ends.len() as StringId - 1
    }
}

/// The companies of a call as they were sent, and where in the caller's list each stood first.
#[derive(Debug, Default)]
pub struct Names {
    sent: CallNames,
    /// A bit for each of them, which few other texts have: most that are none of them are told by that.
    marks: [u64; 16],
    /// Whether one of them has a bracket, which is full-width.
    bracketed: OnceCell<bool>,
}

impl From<CallNames> for Names {
    fn from(sent: CallNames) -> Self {
        let mut marks = [0; 16];
        for name in sent.names() {
            let (place, bit) = mark(name);
            marks[place] |= bit;
        }
        Self { sent, marks, bracketed: OnceCell::new() }
    }
}

impl Names {
    /// Where each stands in the caller's list.
    pub fn places(&self) -> &[u32] {
        self.sent.places()
    }

    /// The place in the caller's list of the name that `text` is.
    #[inline(always)]
    pub fn place(&self, text: &str) -> Option<u32> {
        let (place, bit) = mark(text);
        let is_marked = self.marks[place] & bit != 0;
        // Most are none of them, and normal already.
        if !is_marked && has_plain_ends(text.as_bytes()) && self.bracketed.get() == Some(&false) {
            return None;
        }
        self.look(text, is_marked)
    }

    #[inline(never)]
    fn look(&self, text: &str, is_marked: bool) -> Option<u32> {
        let index = if is_marked { self.sent.position(text) } else { None };
        let index = index.or_else(|| {
            // It is normal already, or becomes none of them.
            if has_plain_ends(text.as_bytes()) && !(self.is_bracketed() && has_bracket(text.as_bytes())) {
                return None;
            }
            self.sent.position(&normalise(text))
        })?;
        self.places().get(index).copied()
    }

    fn is_bracketed(&self) -> bool {
        let has = |bracket| contains(self.sent.joined(), bracket);
        *self.bracketed.get_or_init(|| has("（") || has("）"))
    }
}

/// By its length and its first eight bytes: in which of the words, and which bit.
#[inline(always)]
fn mark(text: &str) -> (usize, u64) {
    let key = mix(word_at(text.as_bytes(), 0).unwrap_or_default(), text.len() as u64);
    ((key >> 60) as usize, 1 << (key >> 54 & 63))
}

/// Where in the face's list a text stands, behind nothing, which has the first place.
pub fn place_of(id: StringId) -> u32 {
    // NONE is the largest there is.
    id.wrapping_add(1)
}

/// What a face has to know of the texts of a table, by their places in its list, before it makes the rows.
#[derive(Debug, Default)]
pub struct Laid {
    /// Of each name that is one of the caller's its place, and where in the caller's list that stands.
    pub own: Vec<[u32; 2]>,
    /// Of each date its place, and its `period` as year · 10,000 + month · 100 + day, or 0.
    pub periods: Vec<[u32; 2]>,
}

impl Laid {
    /// Lays out what `table` has.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn out(table: &RelationTable<'_>, names: &Names) -> Self {
        let mut laid = Self::default();
        for (id, text) in table.strings.names() {
            if let Some(own) = names.place(text) {
                laid.own.push([place_of(id), own]);
            }
        }
        for (id, text) in table.strings.dates() {
            laid.periods.push([place_of(id), Period::parse(text).map_or(0, packed)]);
        }
        laid
    }
}

fn packed(period: Period) -> u32 {
    let part = |part: Option<u8>| u32::from(part.unwrap_or_default());
    u32::from(period.year) * 10_000 + part(period.month) * 100 + part(period.day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::table::Role;
    use proptest::prelude::*;

    #[test]
    fn lays_out_names_and_dates_by_places() {
        let mut table = RelationTable::default();
        let mut push = |text: &'static str, role| table.strings.push(text.into(), role);
        push("乙公司", Role::Name);
        push("甲(集团)公司", Role::Name);
        // Neither is the caller's name nor a date.
        push("丙公司", Role::Other);
        push("2021", Role::Other);
        push("2021", Role::Date);
        push("丙公司", Role::Date);
        push("丙公司", Role::Name);
        let list = ["丁公司", "丁公司", "甲(集团)公司 ", "甲（集团）公司", "丙公司"];
        let names = Names::from(CallNames::parse(list).unwrap());
        let laid = Laid::out(&table, &names);
        assert_eq!(laid.own, [[2, 2], [7, 4]]);
        assert_eq!(laid.periods, [[5, 20_210_000], [6, 0]]);
        assert_eq!(place_of(NONE), 0);
    }

    #[test]
    fn packs_periods() {
        for (text, packed_) in [("2021", 20_210_000), ("2021-11", 20_211_100), ("2021-11-05", 20_211_105)] {
            assert_eq!(Period::parse(text).map(packed), Some(packed_));
        }
    }

    proptest! {
        #[test]
        fn knows_a_name_however_it_is_written(
            sent in prop::collection::vec("[甲（）a]{2,4}", 1..5),
            // What one of them shows is remembered for the others.
            texts in prop::collection::vec("[ ]{0,1}[甲(（a]{1,2}[)）甲a]{1,2}[ ]{0,1}", 1..6),
        ) {
            let names = Names::from(CallNames::parse(sent.iter().map(String::as_str)).unwrap());
            for text in &texts {
                let place = sent.iter().position(|name| normalise(name) == normalise(text));
                prop_assert_eq!(names.place(text), place.map(|place| place as u32));
            }
        }

        #[test]
        fn writes_every_text(texts in prop::collection::vec(any::<String>(), 0..6)) {
            let mut written = Texts::default();
            for (number, text) in texts.iter().enumerate() {
                prop_assert_eq!(written.push(text) as usize, number);
            }
            prop_assert_eq!(written.decoded(), texts.clone());
            let is_ascii: Vec<_> = written.ends.iter().map(|end| end % 2 == 1).collect();
            prop_assert_eq!(is_ascii, texts.iter().map(|text| text.is_ascii()).collect::<Vec<_>>());
        }
    }
}
