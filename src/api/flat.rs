//! Relations laid flat, as a face takes them over at once: the texts behind one another, what each is
//! worth as amount or date, and rows of numbers.
//!
//! Whatever is derived is derived once for each text of the table, however many rows have it. Nothing here knows JavaScript.

use super::company::{CallNames, has_plain_ends, normalise};
use super::partnership::Period;
use super::room::Room;
use super::table::{NONE, RelationTable, StringId};
use super::words::{has_bracket, is_ascii, mix, same, short_word, wide_text, word_at};
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
    sent: Vec<String>,
    /// A bit for each of them, which few other texts have: most that are none of them are told by that.
    marks: [u64; 16],
    /// Whether one of them has a bracket, which is full-width.
    bracketed: OnceCell<bool>,
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
        let mut marks = [0; 16];
        for name in &sent {
            let (place, bit) = mark(name);
            marks[place] |= bit;
        }
        Self { sent, marks, bracketed: OnceCell::new(), places }
    }

    /// Where each stands in the caller's list.
    pub fn places(&self) -> &[u32] {
        &self.places
    }

    /// The place in the caller's list of the name that `text` is.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn place(&self, text: &str) -> Option<u32> {
        let index = self.index(text).or_else(|| {
            // Most are normal already, or become none of them.
            if has_plain_ends(text.as_bytes()) && !(self.is_bracketed() && has_bracket(text.as_bytes())) {
                return None;
            }
            self.index(&normalise(text))
        })?;
        self.places.get(index).copied()
    }

    fn is_bracketed(&self) -> bool {
        let full_width = |bytes: &[u8]| matches!(bytes, [0xEF, 0xBC, 0x88 | 0x89]);
        *self
            .bracketed
            .get_or_init(|| self.sent.iter().any(|name| name.as_bytes().windows(3).any(full_width)))
    }

    #[cfg_attr(wasm_module, optimize(speed))]
    fn index(&self, text: &str) -> Option<usize> {
        let (place, bit) = mark(text);
        if self.marks[place] & bit == 0 {
            return None;
        }
        self.sent.iter().position(|name| same(name.as_bytes(), text.as_bytes()))
    }
}

/// By its length and its first eight bytes: in which of the words, and which bit.
#[inline(always)]
fn mark(text: &str) -> (usize, u64) {
    let key = mix(word_at(text.as_bytes(), 0).unwrap_or_default(), text.len() as u64);
    ((key >> 60) as usize, 1 << (key >> 54 & 63))
}

/// Where in the face's list nothing stands, and where the empty text.
const NOTHING: u32 = 0;
const EMPTY: u32 = 1;
/// Where in that list the texts begin. Behind them stands what the caller's list has.
const FIRST_TEXT: u32 = 2;

/// Where in the face's list a text stands.
pub fn place_of(id: StringId) -> u32 {
    // NONE is the largest there is.
    if id == NONE { NOTHING } else { id + FIRST_TEXT }
}

/// The relations of a table as a face takes them over: each text by its place in one list, of nothing, the empty text, all
/// texts and the caller's names.
#[derive(Debug, Default)]
pub struct Laid {
    /// Of each relation the places of its two names, which are the caller's own if they are among those, of `amount` and
    /// `publicDate`, the place of its period behind nothing and [`Laid::periods`], and the place of `source`.
    pub rows: Vec<[u32; 6]>,
    /// Of each relation `amountWan`, or NaN.
    pub amounts: Vec<f64>,
    /// Each `period` as year · 10,000 + month · 100 + day.
    pub periods: Vec<u32>,
    /// The relations that have `extra`: number, place of the text.
    pub extras: Vec<[u32; 2]>,
}

impl Laid {
    /// Lays out `table`, for a list with `count` texts: there may be more of them than in the table.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn out(table: &mut RelationTable<'_>, names: &Names, count: usize) -> Self {
        let first_name = FIRST_TEXT + count as u32;
        let (mut periods, mut extras) = (Vec::new(), Vec::new());
        // Of each text one more than its place as a name, and as a date; noughts until it is looked at.
        let mut known = vec![[0; 2]; table.strings.len()];
        let name = |known: &mut [[u32; 2]], id: StringId| {
            let Some([place, _]) = known.get_mut(id as usize) else { return EMPTY };
            if *place == 0 {
                let own = names.place(table.strings.get(id));
                *place = 1 + own.map_or(place_of(id), |own| first_name + own);
            }
            *place - 1
        };
        // In the room that the table's rows had.
        let rows = std::mem::take(&mut table.rows).into_iter().enumerate().map(|(number, row)| {
            let period = known.get_mut(row.public_date as usize).map_or(NOTHING, |[_, period]| {
                if *period == 0 {
                    let parsed = Period::parse(table.strings.get(row.public_date));
                    periods.extend(parsed.map(packed));
                    *period = 1 + parsed.map_or(NOTHING, |_| periods.len() as u32);
                }
                *period - 1
            });
            if row.extra != NONE {
                extras.push([number as u32, place_of(row.extra)]);
            }
            [
                name(&mut known, row.company_name),
                name(&mut known, row.related_company_name),
                place_of(row.amount),
                place_of(row.public_date),
                period,
                place_of(row.source),
            ]
        });
        let rows = rows.collect();
        Self { rows, amounts: std::mem::take(&mut table.amounts), periods, extras }
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
    fn lays_out_rows_by_places() {
        let mut table = RelationTable::default();
        let mut id = |text: &'static str| table.strings.push(text.into());
        // «2021» is a date here and an amount there, 乙公司 a name, a date and a source.
        let (own, other, year, extra) = (id("甲(集团)公司"), id("乙公司"), id("2021"), id("{}"));
        let row = Row {
            company_name: own,
            related_company_name: other,
            amount: NONE,
            public_date: year,
            source: NONE,
            extra: NONE,
        };
        let odd = Row { amount: year, public_date: other, source: own, extra, ..row };
        for row in [row, odd, Row { company_name: NONE, public_date: NONE, ..row }, row] {
            table.push(row);
        }
        let names = Names::new(vec!["丙公司".into(), "甲（集团）公司".into()], vec![4, 2]);
        // One text more than the table has.
        let laid = Laid::out(&mut table, &names, 5);
        let mine = 2 + 5 + 2;
        assert_eq!(
            laid.rows,
            [[mine, 3, 0, 4, 1, 0], [mine, 3, 4, 3, 0, 2], [1, 3, 0, 0, 0, 0], [mine, 3, 0, 4, 1, 0]]
        );
        assert!(laid.amounts[0].is_nan() && laid.amounts[2].is_nan() && laid.amounts[1] == 2021.0);
        assert_eq!((laid.periods, laid.extras), (vec![20_210_000], vec![[1, 5]]));
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
            text in "[ ]{0,1}[甲(（a]{1,2}[)）甲a]{1,2}[ ]{0,1}",
        ) {
            let sent: Vec<_> = sent.iter().map(|name| normalise(name).into_owned()).collect();
            let names = Names::new(sent.clone(), (0..sent.len() as u32).collect());
            let place = sent.iter().position(|name| *name == normalise(&text));
            prop_assert_eq!(names.place(&text), place.map(|place| place as u32));
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
