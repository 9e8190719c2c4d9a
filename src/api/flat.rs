//! Relations laid flat, as a face takes them over at once: the texts behind one another, what each is
//! worth as amount or date, and rows of numbers.
//!
//! Whatever is derived is derived once for each text of the table, however many rows have it. Nothing here knows JavaScript.

use super::company::{CallNames, has_plain_ends, normalise};
use super::decimal;
use super::partnership::Period;
use super::room::Room;
use super::table::{NONE, RelationTable, StringId};
use super::words::{has_bracket, is_ascii, mix, same, short_word, wide_text, word_at};

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
    sent: Vec<String>,
    /// A bit for each of them, which few other texts have: most that are none of them are told by that.
    marks: u64,
    places: Vec<u32>,
}

impl From<CallNames> for Names {
    fn from(names: CallNames) -> Self {
        let (names, places) = names.into_parts();
        Self::new(names.into_iter().map(String::from).collect(), places)
    }
}

impl Names {
    /// Companies as they were sent, and where each stands in the caller's list.
    pub fn new(sent: Vec<String>, places: Vec<u32>) -> Self {
        let marks = sent.iter().fold(0, |marks, name| marks | mark(name));
        Self { sent, marks, places }
    }

    /// Where each stands in the caller's list.
    pub fn places(&self) -> &[u32] {
        &self.places
    }

    /// The place in the caller's list of the name that `text` is.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn place(&self, text: &str) -> Option<u32> {
        let index = self.index(text).or_else(|| {
            // Most are normal already.
            if has_plain_ends(text.as_bytes()) && !has_bracket(text.as_bytes()) {
                return None;
            }
            self.index(&normalise(text))
        })?;
        self.places.get(index).copied()
    }

    #[cfg_attr(wasm_module, optimize(speed))]
    fn index(&self, text: &str) -> Option<usize> {
        if self.marks & mark(text) == 0 {
            return None;
        }
        self.sent.iter().position(|name| same(name.as_bytes(), text.as_bytes()))
    }
}

/// By its length and its first eight bytes.
#[cfg_attr(wasm_module, optimize(speed))]
fn mark(text: &str) -> u64 {
    let key = mix(word_at(text.as_bytes(), 0).unwrap_or_default(), text.len() as u64);
    1 << (key >> 58)
}

/// What is derived of each text of a table, by its number.
#[derive(Debug, Default)]
pub struct Derived {
    /// The place in the caller's list of the name it is, or -1.
    pub own: Vec<i32>,
    /// `amountWan`, or NaN.
    pub amounts: Vec<f64>,
    /// `period` as year · 10,000 + month · 100 + day, or 0.
    pub periods: Vec<u32>,
}

impl Derived {
    /// Derives it.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn of(table: &RelationTable<'_>, names: &Names) -> Self {
        const IS_NAME: u8 = 1;
        const IS_AMOUNT: u8 = 2;
        const IS_DATE: u8 = 4;
        let mut uses = vec![0u8; table.strings.len()];
        for row in &table.rows {
            let fields = [
                (row.company_name, IS_NAME),
                (row.related_company_name, IS_NAME),
                (row.amount, IS_AMOUNT),
                (row.public_date, IS_DATE),
            ];
            for (id, usage) in fields {
                if let Some(uses) = uses.get_mut(id as usize) {
                    *uses |= usage;
                }
            }
        }
        let count = table.strings.len();
        let mut derived = Self {
            own: Vec::with_capacity(count),
            amounts: Vec::with_capacity(count),
            periods: Vec::with_capacity(count),
        };
        for (text, uses) in table.strings.iter().zip(uses) {
            let own = if uses & IS_NAME != 0 { names.place(text) } else { None };
            derived.own.push(own.map_or(-1, |place| place as i32));
            let amount = if uses & IS_AMOUNT != 0 { decimal::to_f64(text) } else { None };
            derived.amounts.push(amount.unwrap_or(f64::NAN));
            let period = if uses & IS_DATE != 0 { Period::parse(text) } else { None };
            derived.periods.push(period.map_or(0, packed));
        }
        derived
    }
}

fn packed(period: Period) -> u32 {
    let part = |part: Option<u8>| u32::from(part.unwrap_or_default());
    u32::from(period.year) * 10_000 + part(period.month) * 100 + part(period.day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::table::Row;
    use proptest::prelude::*;

    #[test]
    fn derives_each_text_for_what_it_is_used_as() {
        let mut table = RelationTable::default();
        let mut id = |text: &'static str| table.strings.push(text.into());
        // «2021» is a date here and an amount there.
        let (own, other, year) = (id("甲(集团)公司"), id("乙公司"), id("2021"));
        let row = Row {
            company_name: own,
            related_company_name: other,
            amount: NONE,
            public_date: year,
            source: NONE,
            extra: NONE,
        };
        table.rows = vec![row, Row { amount: year, public_date: other, source: own, ..row }];
        let names = Names::new(vec!["丙公司".into(), "甲（集团）公司".into()], vec![4, 2]);
        let derived = Derived::of(&table, &names);
        assert_eq!(derived.own, [2, -1, -1]);
        assert!(derived.amounts[0].is_nan() && derived.amounts[1].is_nan() && derived.amounts[2] == 2021.0);
        assert_eq!(derived.periods, [0, 0, 20_210_000]);
    }

    #[test]
    fn packs_periods() {
        for (text, packed_) in [("2021", 20_210_000), ("2021-11", 20_211_100), ("2021-11-05", 20_211_105)] {
            assert_eq!(Period::parse(text).map(packed), Some(packed_));
        }
    }

    proptest! {
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
