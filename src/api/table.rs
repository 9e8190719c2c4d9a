//! Rows of texts, one that comes often kept once: what 5,000 relations among 20 companies become.
//!
//! A text is compared as bytes with one met before and checked for UTF-8 the first time only; the rows are numbers, so that
//! a caller decodes the 20 names once, however many rows have them. Amounts seldom come twice: nobody looks for them.

use super::decimal;
use super::flat::Texts;
use super::partnership::RelationRef;
use super::words::{AHEAD, ahead, mix, plain_text, same_at, short_ascii, word_at};
use std::borrow::Cow;

/// The number of a text in [`Strings`].
pub type StringId = u32;

/// The place of a text that is not there.
pub const NONE: StringId = StringId::MAX;

/// What a text is in its row. One that is a name here and a source there is in the table twice: what a face does to the one
/// must not happen to the other, and it need not go through the rows to find out which are which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Role {
    /// `companyName` or `relatedCompanyName`.
    Name = 1,
    /// `publicDate`.
    Date,
    /// Anything else.
    Other,
}

/// Texts, numbered in the order of their first appearance. One that comes often is there once; one that has not come for
/// long may be there again.
#[derive(Debug, Default)]
pub struct Strings<'a> {
    /// Those that stand in the body; nothing in place of the others.
    texts: Vec<&'a str>,
    /// Those that do not, by number: few, and all there is to drop.
    owned: Vec<(StringId, String)>,
    names: Vec<StringId>,
    dates: Vec<StringId>,
    /// The same, as a face takes them over.
    flat: Texts,
    /// Where in the body texts were met last, each in the place that its bytes say.
    met: Vec<Met>,
}

/// A text that was met in the body.
#[derive(Debug, Clone, Copy)]
struct Met {
    /// Of the eight bytes it begins with, what follows it included, and of its role: whoever sees that they are others need not
    /// look where it stands, which is seldom at hand.
    tag: u32,
    /// Where it begins.
    start: u32,
    length: u32,
    id: StringId,
}

/// So long that it stands nowhere.
const NEVER: Met = Met { tag: 0, start: 0, length: u32::MAX >> 1, id: NONE };

const FACTORS: [u64; 3] = [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9];

impl Met {
    /// Whether it stands at `at` too, its closing quote included, where the eight bytes `head` are.
    #[inline(always)]
    fn is_at(&self, body: &[u8], at: usize, head: u64, role: Role) -> bool {
        self.tag == tag(head, role) && same_at(body, self.start as usize, at, self.length as usize + 1)
    }
}

#[inline(always)]
const fn tag(head: u64, role: Role) -> u32 {
    (head ^ head >> 32) as u32 ^ role as u32
}

impl<'a> Strings<'a> {
    /// Reads the text that begins at `at` of `body`, after its opening quote, as long as nothing in it needs a closer look:
    /// its number, and where its closing quote stands.
    pub fn intern_plain(&mut self, body: &'a [u8], at: usize, role: Role) -> Option<(StringId, usize)> {
        self.intern_ahead::<0, 1>(body, at, ahead(body, at, &mut [0; AHEAD]), role)
    }

    /// As [`Strings::intern_plain`], where `next` are the bytes that come, of which the text begins `BEFORE` in. It is looked for
    /// by its first `WORDS` times eight bytes, what follows it included: as many as are always the same where the text is.
    #[inline(always)]
    pub fn intern_ahead<const BEFORE: usize, const WORDS: usize>(
        &mut self,
        body: &'a [u8],
        at: usize,
        next: &[u8; AHEAD],
        role: Role,
    ) -> Option<(StringId, usize)> {
        let head = word_at(next, BEFORE)?;
        // Multiplied side by side and not one after another: where the next text begins hangs on how long this takes.
        let mut key = head.wrapping_mul(FACTORS[0]);
        if WORDS > 1 {
            key ^= word_at(next, BEFORE + 8)?.wrapping_mul(FACTORS[1]);
        }
        if WORDS > 2 {
            key ^= word_at(next, BEFORE + 16)?.wrapping_mul(FACTORS[2]);
        }
        let place = self.place(key);
        if let Some(met) = self.met.get(place)
            && met.is_at(body, at, head, role)
        {
            return Some((met.id, at + met.length as usize));
        }
        self.look(body, at, head, place, role)
    }

    #[inline(never)]
    #[cfg_attr(wasm_module, optimize(speed))]
    fn look(
        &mut self,
        body: &'a [u8],
        at: usize,
        head: u64,
        first: usize,
        role: Role,
    ) -> Option<(StringId, usize)> {
        let wide = self.flat.wide(body, at);
        let (text, end) = match wide {
            Some((text, end, _)) => (text, end),
            None => plain_text(body, at)?,
        };
        // Many companies begin alike: by its end then.
        let second = if text.len() < 16 {
            self.place(mix(head, text.len() as u64))
        } else {
            self.place(mix(word_at(body, end - 8)?, word_at(body, end - 16)?))
        };
        if let Some(met) = self.met.get(second).copied()
            && met.is_at(body, at, head, role)
        {
            if let Some(slot) = self.met.get_mut(first) {
                *slot = met;
            }
            return Some((met.id, end));
        }
        let id = match wide {
            Some((.., taken)) => self.flat.push_wide(taken),
            None => self.flat.push(text),
        };
        self.texts.push(text);
        self.note(id, role);
        if let (Ok(start), Ok(length)) = (at.try_into(), text.len().try_into()) {
            let met = Met { tag: tag(head, role), start, length, id };
            for place in [first, second] {
                if let Some(slot) = self.met.get_mut(place) {
                    *slot = met;
                }
            }
        }
        Some((id, end))
    }

    /// As [`Strings::intern_ahead`], for amounts, which seldom come twice; and what the amount is, or NaN.
    #[inline(always)]
    pub fn push_amount<const BEFORE: usize>(
        &mut self,
        body: &'a [u8],
        at: usize,
        next: &[u8; AHEAD],
    ) -> Option<(StringId, usize, f64)> {
        let word = word_at(next, BEFORE)?;
        if let Some((text, end)) = short_ascii(body, at, word) {
            let mut amount = decimal::of_short(word, text.len());
            if amount.is_nan() {
                amount = decimal::to_f64(text).unwrap_or(f64::NAN);
            }
            self.texts.push(text);
            return Some((self.flat.push_short(word, text.len()), end, amount));
        }
        let (text, end) = plain_text(body, at)?;
        Some((self.push(Cow::Borrowed(text), Role::Other), end, decimal::to_f64(text).unwrap_or(f64::NAN)))
    }

    /// Makes room for the texts of so many rows.
    fn expect_rows(&mut self, count: usize) {
        self.texts.reserve(count + 64);
        self.flat.expect(count + 64);
        if self.met.is_empty() {
            self.met = vec![NEVER; (count * 4).clamp(16, 2048).next_power_of_two()];
        }
    }

    #[inline(always)]
    fn place(&self, key: u64) -> usize {
        (key >> 40) as usize & self.met.len().wrapping_sub(1)
    }

    /// Adds a text and gives its number.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn push(&mut self, text: Cow<'a, str>, role: Role) -> StringId {
        let id = self.flat.push(&text);
        self.texts.push(match text {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => {
                self.owned.push((id, text));
                ""
            }
        });
        self.note(id, role);
        id
    }

    /// Notes what a text is, where a face will have to know.
    #[inline(always)]
    pub fn note(&mut self, id: StringId, role: Role) {
        match role {
            Role::Name => self.names.push(id),
            Role::Date => self.dates.push(id),
            Role::Other => {}
        }
    }

    /// The texts that are names, and their numbers.
    #[inline(always)]
    pub fn names(&self) -> impl Iterator<Item = (StringId, &str)> {
        self.noted(&self.names)
    }

    /// The texts that are dates, and their numbers.
    #[inline(always)]
    pub fn dates(&self) -> impl Iterator<Item = (StringId, &str)> {
        self.noted(&self.dates)
    }

    #[inline(always)]
    fn noted<'b>(&'b self, ids: &'b [StringId]) -> impl Iterator<Item = (StringId, &'b str)> {
        // As `some` has it, without a call of that for the many that stand in the body: with one, an answer of ten thousand names
        // took a twentieth longer.
        ids.iter().map(|&id| match self.texts.get(id as usize) {
            Some(&text) if !text.is_empty() => (id, text),
            _ => (id, self.get(id)),
        })
    }

    /// All texts, laid flat.
    pub fn flat(&mut self) -> &mut Texts {
        &mut self.flat
    }

    /// The text with this number; empty for [`NONE`].
    pub fn get(&self, id: StringId) -> &str {
        self.some(id).unwrap_or_default()
    }

    /// The text with this number, if there is one.
    pub fn some(&self, id: StringId) -> Option<&str> {
        let &text = self.texts.get(id as usize)?;
        if !text.is_empty() {
            return Some(text);
        }
        let own = self.owned.binary_search_by_key(&id, |(id, _)| *id).ok().and_then(|at| self.owned.get(at));
        Some(own.map_or("", |(_, text)| text))
    }

    /// All texts, in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.texts.len()).map(|id| self.get(id as StringId))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
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
    /// What the amount of each is, or NaN: read along with its text, where its bytes are at hand.
    pub amounts: Vec<f64>,
    /// The relations that have `extra`: number, and that of the text.
    pub extras: Vec<[u32; 2]>,
}

impl RelationTable<'_> {
    /// Makes room for so many rows.
    pub fn expect(&mut self, rows: usize) {
        self.rows.reserve(rows + 1);
        self.amounts.reserve(rows + 1);
        self.strings.expect_rows(rows);
    }

    /// Adds a row, and what its amount is; a company that it does not name has an empty name from here on.
    pub fn push(&mut self, mut row: Row) {
        for name in [&mut row.company_name, &mut row.related_company_name] {
            if *name == NONE {
                *name = self.strings.push(Cow::Borrowed(""), Role::Other);
            }
        }
        let amount = self.strings.some(row.amount).and_then(decimal::to_f64);
        if row.extra != NONE {
            self.extras.push([self.rows.len() as u32, row.extra]);
        }
        self.rows.push(row);
        self.amounts.push(amount.unwrap_or(f64::NAN));
    }

    /// Forgets all relations; the texts stay.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.amounts.clear();
        self.extras.clear();
    }

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
        fn reads_texts_and_knows_them_again(
            texts in prop::collection::vec(prop_oneof!["[ab]{0,12}", "[甲乙]{0,9}", "[0-9]{0,5}[.,-]?[0-9]{0,4}", "[甲Aé\u{1F600}ࠀ\u{D7FF}（]{1,9}", "甲公司北京分公司第[1-3]营业[部处]", "[^\"\\\\\\pC]{0,12}"], 1..40),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..200),
        ) {
            let mut body = Vec::new();
            let mut starts = Vec::new();
            for at in &order {
                starts.push((body.len(), at.get(&texts)));
                body.extend_from_slice(at.get(&texts).as_bytes());
                body.extend_from_slice(b"\",\"amount\":\"123456789012");
            }
            let mut strings = Strings::default();
            strings.expect_rows(order.len());
            for &(at, text) in &starts {
                let expected = Some((text.as_str(), at + text.len()));
                let mut spare = [0; AHEAD];
                let next = ahead(&body, at, &mut spare);
                let amount = strings.push_amount::<0>(&body, at, next);
                let value = amount.map_or(f64::NAN, |(.., value)| value);
                prop_assert_eq!(Some(value).filter(|value| !value.is_nan()), decimal::to_f64(text));
                let amount = amount.map(|(id, end, _)| (id, end));
                for read in [strings.intern_ahead::<0, 3>(&body, at, next, Role::Name), strings.intern_plain(&body, at, Role::Date), amount] {
                    prop_assert_eq!(read.map(|(id, end)| (strings.get(id), end)), expected);
                }
            }
            prop_assert_eq!(strings.flat().decoded(), strings.iter().map(str::to_owned).collect::<Vec<_>>());
        }
    }

    #[test]
    fn keeps_what_comes_often_once() {
        let body: String =
            (0..1000).map(|i| format!("第{}供应链管理有限公司\"{}", i % 20, " ".repeat(24))).collect();
        let mut strings = Strings::default();
        strings.expect_rows(1000);
        let mut at = 0;
        let mut spare = [0; AHEAD];
        for _ in 0..1000 {
            let next = ahead(body.as_bytes(), at, &mut spare);
            let (_, end) = strings.intern_ahead::<0, 3>(body.as_bytes(), at, next, Role::Name).unwrap();
            at = end + 25;
        }
        // Two that happen to share their places put each other out.
        assert!(strings.len() < 60, "{}", strings.len());
    }
}
