//! Relations laid flat, as a face takes them over at once: the texts behind one another, what each is
//! worth as amount or date, and rows of numbers.
//!
//! Whatever is derived is derived once for each text of the table, however many rows have it. Nothing here knows JavaScript.

use super::company::{CallNames, normalise};
use super::decimal;
use super::partnership::Period;
use super::table::{NONE, RelationTable, StringId};
use super::words::{is_ascii, mix, same, word_at};
use std::borrow::Cow;

/// Texts, one after another: those that are ASCII byte by byte, which engines keep in half the room, the others in UTF-16.
#[derive(Debug, Default)]
pub struct Texts {
    /// The texts that are ASCII.
    pub ascii: Vec<u8>,
    /// The others.
    pub units: Vec<u16>,
    /// Where each ends, and the next of its sort begins: twice the place in `units`, or one more than twice that in `ascii`.
    pub ends: Vec<u32>,
}

impl Texts {
    /// Adds a text and gives its number.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn push(&mut self, text: &str) -> StringId {
        let bytes = text.as_bytes();
        let end = if is_ascii(bytes) {
            self.ascii.extend_from_slice(bytes);
            2 * self.ascii.len() + 1
        } else {
            self.push_units(text);
            2 * self.units.len()
        };
        self.ends.push(end as u32);
        self.ends.len() as StringId - 1
    }

    #[cfg_attr(wasm_module, optimize(speed))]
    fn push_units(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        let mut units = [0; 32];
        loop {
            let mut count = 0;
            // Chinese and ASCII here, everything else by the standard library.
            while let Some([one, two]) = units.get_mut(count..count + 2) {
                if let Some(pair) = rest.first_chunk().and_then(|word| pair(u64::from_le_bytes(*word))) {
                    (*one, *two) = pair;
                    rest = &rest[6..];
                    count += 2;
                } else if let Some((unit, after)) = unit(rest) {
                    *one = unit;
                    rest = after;
                    count += 1;
                } else {
                    break;
                }
            }
            self.units.extend_from_slice(units.get(..count).unwrap_or_default());
            if count + 1 < units.len() {
                break;
            }
        }
        if !rest.is_empty() {
            let rest = text.get(text.len() - rest.len()..).unwrap_or_default();
            self.units.extend(rest.encode_utf16());
        }
    }

    /// Adds a text, if there is one; [`NONE`] if not.
    pub fn push_some(&mut self, text: Option<&str>) -> StringId {
        text.map_or(NONE, |text| self.push(text))
    }
}

/// The two units that a word of UTF-8 begins with, if both stand for three bytes.
#[inline(always)]
const fn pair(word: u64) -> Option<(u16, u16)> {
    const fn unit(word: u64) -> u16 {
        ((word & 0xF) << 12 | (word >> 2 & 0xFC0) | (word >> 16 & 0x3F)) as u16
    }
    if word & 0xF000_00F0 == 0xE000_00E0 { Some((unit(word), unit(word >> 24))) } else { None }
}

/// The unit that `bytes`, which are UTF-8, begin with, if it stands for one or three of them, and what follows.
#[inline(always)]
fn unit(bytes: &[u8]) -> Option<(u16, &[u8])> {
    match *bytes {
        [one @ 0..0x80, ref after @ ..] => Some((u16::from(one), after)),
        [one @ 0xE0..=0xEF, two, three, ref after @ ..] => {
            Some((u16::from(one) << 12 | u16::from(two & 0x3F) << 6 | u16::from(three & 0x3F), after))
        }
        _ => None,
    }
}

/// The companies of a call as they were sent, and where in the caller's list each stood first.
#[derive(Debug, Default)]
pub struct Names {
    sent: Vec<String>,
    /// A bit for each of them, which few other texts have: most that are none of them are told by that.
    marks: u128,
    places: Vec<u32>,
}

impl From<CallNames> for Names {
    fn from(names: CallNames) -> Self {
        let sent = names.names().iter().map(|name| name.as_str().to_owned()).collect();
        Self::new(sent, names.places().iter().map(|&place| place as u32).collect())
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
            let normal = normalise(text);
            if matches!(normal, Cow::Borrowed(same) if same.len() == text.len()) {
                None
            } else {
                self.index(&normal)
            }
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
fn mark(text: &str) -> u128 {
    let key = mix(word_at(text.as_bytes(), 0).unwrap_or_default(), text.len() as u64);
    1 << (key >> 57)
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
    /// Derives it, and appends the texts to `texts`. A text that is only ever one of `names` stays empty there: the caller has
    /// it already, in the spelling that is wanted.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn of(table: &RelationTable<'_>, names: &Names, texts: &mut Texts) -> Self {
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
            texts.push(if uses == IS_NAME && own.is_some() { "" } else { text });
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
        let mut texts = Texts::default();
        let derived = Derived::of(&table, &names, &mut texts);
        assert_eq!(derived.own, [2, -1, -1]);
        assert!(derived.amounts[0].is_nan() && derived.amounts[1].is_nan() && derived.amounts[2] == 2021.0);
        assert_eq!(derived.periods, [0, 0, 20_210_000]);
        // The caller's own name is left out, and 乙公司 is kept although it is no date.
        assert_eq!(String::from_utf16(&texts.units).unwrap(), "乙公司");
        assert_eq!(
            (texts.ascii.as_slice(), texts.ends.as_slice()),
            (b"2021".as_slice(), [1, 6, 9].as_slice())
        );
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
            let mut starts = [0, 0];
            for (text, &end) in texts.iter().zip(&written.ends) {
                let (end, sort) = (end as usize / 2, end as usize % 2);
                let range = std::mem::replace(&mut starts[sort], end)..end;
                let read = match sort {
                    0 => String::from_utf16(&written.units[range]).unwrap(),
                    _ => String::from_utf8(written.ascii[range].to_vec()).unwrap(),
                };
                prop_assert_eq!(&read, text);
                prop_assert_eq!(sort == 1, text.is_ascii());
            }
        }
    }
}
