//! Reads the short texts of an answer (amounts, dates) from left to right, full-width characters as their ASCII ones.
//!
//! Source: Unicode's block «Halfwidth and Fullwidth Forms», in which U+FF01 to U+FF5E are ASCII's `!` to `~`.

use std::str::Chars;

/// What is left to read of a text.
#[derive(Clone)]
pub(super) struct Cursor<'a>(Chars<'a>);

impl<'a> Cursor<'a> {
    /// The text without the white space around it.
    pub(super) fn new(text: &'a str) -> Self {
        Self(text.trim().chars())
    }

    pub(super) fn is_done(&self) -> bool {
        self.0.as_str().is_empty()
    }

    /// The next character, which stays to be read. Its own function, so that decoding is in the module once.
    #[inline(never)]
    pub(super) fn peek(&self) -> Option<char> {
        Some(match self.0.clone().next()? {
            '\u{2212}' => '-',
            c @ '\u{ff01}'..='\u{ff5e}' => char::from((c as u32 - 0xfee0) as u8),
            c => c,
        })
    }

    /// One of these characters, or nothing is read.
    #[inline(never)]
    pub(super) fn eat(&mut self, any: &[char]) -> Option<char> {
        let next = self.peek().filter(|c| any.contains(c))?;
        self.0.next();
        Some(next)
    }

    /// A digit, or nothing is read.
    #[inline(never)]
    pub(super) fn digit(&mut self) -> Option<u64> {
        let digit = self.peek()?.to_digit(10)?;
        self.0.next();
        Some(u64::from(digit))
    }

    /// From one digit to `most`: how many, and the number they make.
    #[inline(never)]
    pub(super) fn number(&mut self, most: u32) -> Option<(u32, u64)> {
        let (mut digits, mut number) = (0, 0);
        while digits < most
            && let Some(digit) = self.digit()
        {
            digits += 1;
            number = number * 10 + digit;
        }
        (digits > 0).then_some((digits, number))
    }
}
