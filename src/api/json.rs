//! A strict pull scanner over bytes: the one reader of everything QCC Pro sends.
//!
//! It reads JSON as RFC 8259 has it and refuses everything else: what it accepts, and what it makes of it, is what
//! serde_json makes of it (the tests compare the two). It allocates nothing, keeps strings as slices of the body until
//! somebody asks for their text, and never panics, whatever the bytes.

use super::words::{self, plain_until};
use std::borrow::Cow;

/// How deep arrays and objects may be nested. Real answers have four levels; the limit is serde_json's.
const MAX_DEPTH: u32 = 128;

/// The bytes are not JSON, or not the JSON that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// Where in the body, in bytes.
    pub at: usize,
    /// What was expected there, in English.
    pub expected: &'static str,
}

/// The type of the value that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `{`
    Object,
    /// `[`
    Array,
    /// `"`
    String,
    /// A digit or `-`.
    Number,
    /// `true` or `false`
    Bool,
    /// `null`
    Null,
}

/// A string as it stands between its quotes. Its bytes are not yet known to be UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    raw: &'a [u8],
    escaped: bool,
    at: usize,
}

impl<'a> Text<'a> {
    /// The bytes between the quotes.
    pub fn raw(self) -> &'a [u8] {
        self.raw
    }

    /// The same as text, nothing where it is none: what a name that must be written without escapes is compared with. To match
    /// bytes takes a comparison of each of them.
    pub fn plain(self) -> &'a str {
        std::str::from_utf8(self.raw).unwrap_or_default()
    }

    /// Whether there is an escape in it; without one [`Text::raw`] is the text itself.
    pub fn is_escaped(self) -> bool {
        self.escaped
    }

    /// The text, escapes resolved.
    ///
    /// # Errors
    /// [`Malformed`] where it is not UTF-8 or an escape is wrong (a lone surrogate is).
    pub fn decode(self) -> Result<Cow<'a, str>, Malformed> {
        if !self.escaped {
            return words::utf8(self.raw).map(Cow::Borrowed).ok_or(self.malformed("UTF-8"));
        }
        let mut bytes = Vec::with_capacity(self.raw.len());
        self.unescape(&mut bytes)?;
        String::from_utf8(bytes).map(Cow::Owned).map_err(|_| self.malformed("UTF-8"))
    }

    /// Appends the text with its escapes resolved; what stands between the escapes is not checked.
    fn unescape(self, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let mut rest = self.raw;
        while let Some(start) = rest.iter().position(|&byte| byte == b'\\') {
            out.extend_from_slice(&rest[..start]);
            let (&kind, after) = rest[start + 1..].split_first().ok_or(self.malformed("an escape"))?;
            rest = after;
            let plain = match kind {
                b'"' | b'\\' | b'/' => kind,
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'u' => {
                    let mut code = self.hex4(&mut rest)?;
                    if (0xD800..0xDC00).contains(&code) {
                        rest = rest
                            .strip_prefix(b"\\u")
                            .ok_or(self.malformed("the second half of a surrogate pair"))?;
                        let low = self.hex4(&mut rest)?;
                        if !(0xDC00..0xE000).contains(&low) {
                            return Err(self.malformed("the second half of a surrogate pair"));
                        }
                        code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                    }
                    let character =
                        char::from_u32(code).ok_or(self.malformed("the first half of a surrogate pair"))?;
                    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    continue;
                }
                _ => return Err(self.malformed("an escape")),
            };
            out.push(plain);
        }
        out.extend_from_slice(rest);
        Ok(())
    }

    fn hex4(self, rest: &mut &[u8]) -> Result<u32, Malformed> {
        let (digits, after) = rest.split_at_checked(4).ok_or(self.malformed("four hexadecimal digits"))?;
        *rest = after;
        digits.iter().try_fold(0, |code, &digit| {
            let value = char::from(digit).to_digit(16).ok_or(self.malformed("four hexadecimal digits"))?;
            Ok(code << 4 | value)
        })
    }

    fn malformed(self, expected: &'static str) -> Malformed {
        Malformed { at: self.at, expected }
    }
}

/// Where the reading stands inside one object or array.
#[derive(Debug)]
pub struct Inside {
    first: bool,
}

/// Reads one JSON text from front to back.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u32,
}

impl<'a> Scanner<'a> {
    /// A scanner at the start of `bytes`. A byte order mark there is passed over, as `response.json()` does.
    pub fn new(bytes: &'a [u8]) -> Self {
        let at = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        Self { bytes, at, depth: 0 }
    }

    /// How many bytes have been read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The type of the value that comes next.
    ///
    /// # Errors
    /// [`Malformed`] where no value starts.
    pub fn peek(&mut self) -> Result<Type, Malformed> {
        match self.next_byte() {
            Some(b'{') => Ok(Type::Object),
            Some(b'[') => Ok(Type::Array),
            Some(b'"') => Ok(Type::String),
            Some(b'-' | b'0'..=b'9') => Ok(Type::Number),
            Some(b't' | b'f') => Ok(Type::Bool),
            Some(b'n') => Ok(Type::Null),
            _ => Err(self.malformed("a value")),
        }
    }

    /// Enters an object; then [`Scanner::key`] until it gives `None`.
    ///
    /// # Errors
    /// [`Malformed`] where no object starts, or one too deep.
    pub fn object(&mut self) -> Result<Inside, Malformed> {
        self.enter(b'{', "an object")
    }

    /// Enters an array; then [`Scanner::element`] until it gives `false`.
    ///
    /// # Errors
    /// [`Malformed`] where no array starts, or one too deep.
    pub fn array(&mut self) -> Result<Inside, Malformed> {
        self.enter(b'[', "an array")
    }

    fn enter(&mut self, open: u8, expected: &'static str) -> Result<Inside, Malformed> {
        if self.next_byte() != Some(open) {
            return Err(self.malformed(expected));
        }
        self.depth += 1;
        if self.depth >= MAX_DEPTH {
            return Err(self.malformed("fewer levels"));
        }
        self.at += 1;
        Ok(Inside { first: true })
    }

    /// The next member's name, after which its value must be read; `None` at the object's end.
    ///
    /// # Errors
    /// [`Malformed`] on anything else.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn key(&mut self, inside: &mut Inside) -> Result<Option<Text<'a>>, Malformed> {
        if !self.more(inside, b'}', "a comma or the object's end")? {
            return Ok(None);
        }
        let key = self.string()?;
        if self.next_byte() != Some(b':') {
            return Err(self.malformed("a colon"));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Whether an element follows, which must then be read; `false` at the array's end.
    ///
    /// # Errors
    /// [`Malformed`] on anything else.
    pub fn element(&mut self, inside: &mut Inside) -> Result<bool, Malformed> {
        self.more(inside, b']', "a comma or the array's end")
    }

    #[cfg_attr(wasm_module, optimize(speed))]
    fn more(&mut self, inside: &mut Inside, close: u8, expected: &'static str) -> Result<bool, Malformed> {
        let next = self.next_byte();
        let first = std::mem::replace(&mut inside.first, false);
        if next == Some(close) {
            self.at += 1;
            self.depth -= 1;
            return Ok(false);
        }
        if !first {
            if next != Some(b',') {
                return Err(self.malformed(expected));
            }
            self.at += 1;
        }
        Ok(true)
    }

    /// Reads a string.
    ///
    /// # Errors
    /// [`Malformed`] where none stands. Its UTF-8 and escapes are checked by [`Text::decode`] only.
    #[cfg_attr(wasm_module, optimize(speed))]
    pub fn string(&mut self) -> Result<Text<'a>, Malformed> {
        if self.next_byte() != Some(b'"') {
            return Err(self.malformed("a string"));
        }
        let start = self.at + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            at = plain_until(self.bytes, at);
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at += 2;
                }
                _ => {
                    self.at = at.min(self.bytes.len());
                    return Err(self.malformed("the string's closing quote"));
                }
            }
        }
        self.at = at + 1;
        Ok(Text { raw: &self.bytes[start..at], escaped, at: start })
    }

    /// All bytes, and how many have been read: for whoever reads thousands of objects alike and knows how programs write them.
    pub fn here(&self) -> (&'a [u8], usize) {
        (self.bytes, self.at)
    }

    /// Goes on at `at`, up to which somebody has read by [`Scanner::here`] what the other functions would have read.
    pub fn go_on(&mut self, at: usize) {
        self.at = at;
    }

    /// Reads a number and gives its text.
    ///
    /// # Errors
    /// [`Malformed`] where none stands.
    pub fn number(&mut self) -> Result<&'a str, Malformed> {
        self.next_byte();
        let start = self.at;
        self.take(b"-");
        if !self.take(b"0") {
            self.digits()?;
        }
        if self.take(b".") {
            self.digits()?;
        }
        if self.take(b"eE") {
            self.take(b"+-");
            self.digits()?;
        }
        // Only ASCII was taken.
        std::str::from_utf8(&self.bytes[start..self.at]).map_err(|_| self.malformed("a number"))
    }

    fn take(&mut self, any: &[u8]) -> bool {
        let taken = self.bytes.get(self.at).is_some_and(|byte| any.contains(byte));
        self.at += usize::from(taken);
        taken
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start { Err(self.malformed("a digit")) } else { Ok(()) }
    }

    /// Reads one value of any type, checks it whole and gives its text.
    ///
    /// # Errors
    /// [`Malformed`] where it is not JSON.
    pub fn skip(&mut self) -> Result<&'a str, Malformed> {
        self.next_byte();
        let start = self.at;
        self.pass()?;
        words::utf8(&self.bytes[start..self.at]).ok_or(Malformed { at: start, expected: "UTF-8" })
    }

    /// Reads one value of any type and checks it whole, for whoever has no use for it.
    ///
    /// # Errors
    /// As [`Scanner::skip`].
    pub fn ignore(&mut self) -> Result<(), Malformed> {
        self.next_byte();
        let start = self.at;
        self.pass()?;
        let is_utf8 = self.bytes.get(start..self.at).and_then(words::utf8).is_some();
        if is_utf8 { Ok(()) } else { Err(Malformed { at: start, expected: "UTF-8" }) }
    }

    /// The depth is bounded by [`Scanner::enter`], so this recursion is.
    #[cfg_attr(wasm_module, optimize(speed))]
    fn pass(&mut self) -> Result<(), Malformed> {
        match self.peek()? {
            Type::Object => {
                let mut inside = self.object()?;
                while let Some(key) = self.key(&mut inside)? {
                    self.check(key)?;
                    self.pass()?;
                }
            }
            Type::Array => {
                let mut inside = self.array()?;
                while self.element(&mut inside)? {
                    self.pass()?;
                }
            }
            Type::String => {
                let text = self.string()?;
                self.check(text)?;
            }
            Type::Number => {
                self.number()?;
            }
            Type::Bool if self.word(b"true") || self.word(b"false") => {}
            Type::Null if self.word(b"null") => {}
            Type::Bool | Type::Null => return Err(self.malformed("a value")),
        }
        Ok(())
    }

    /// The UTF-8 is checked once for the whole value, in [`Scanner::skip`].
    fn check(&self, text: Text<'a>) -> Result<(), Malformed> {
        if text.is_escaped() { text.decode().map(drop) } else { Ok(()) }
    }

    fn word(&mut self, word: &[u8]) -> bool {
        let found = self.bytes[self.at..].starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// Checks that nothing but white space is left.
    ///
    /// # Errors
    /// [`Malformed`] where there is.
    pub fn end(&mut self) -> Result<(), Malformed> {
        if self.next_byte().is_some() { Err(self.malformed("the end")) } else { Ok(()) }
    }

    /// The byte that comes next, white space passed over.
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// What is wrong at this place.
    pub fn malformed(&self, expected: &'static str) -> Malformed {
        Malformed { at: self.at, expected }
    }
}

/// Appends `text` as a JSON string, quotes included.
pub fn write_string(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control @ '\0'..='\x1f' => {
                out.push_str("\\u00");
                out.push(char::from(HEX[control as usize >> 4]));
                out.push(char::from(HEX[control as usize & 15]));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
