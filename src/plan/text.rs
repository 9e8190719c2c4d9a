//! Reading and writing the short texts of recipes and records, without the formatting machinery.

/// Appends a number in decimal.
pub(crate) fn push_number(out: &mut String, number: u64) {
    if number > 9 {
        push_number(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Appends words and a number. Once in the module: it is called from many places, and each copy weighs as much as they do.
#[inline(never)]
pub(crate) fn push(out: &mut String, words: &str, number: u32) {
    out.push_str(words);
    push_number(out, number.into());
}

/// Reads a text from its start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a str);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    fn first(self) -> Option<u8> {
        self.0.as_bytes().first().copied()
    }

    fn skip(&mut self, bytes: usize) -> &'a str {
        let (head, tail) = self.0.split_at_checked(bytes).unwrap_or((self.0, ""));
        self.0 = tail;
        head
    }

    /// Reads `mark`, which is ASCII, if it stands next.
    pub(crate) fn eat(&mut self, mark: char) -> bool {
        let next = self.first().map(char::from) == Some(mark);
        if next {
            self.skip(1);
        }
        next
    }

    pub(crate) fn expect(&mut self, mark: char) -> Option<()> {
        self.eat(mark).then_some(())
    }

    /// The next character, if it is ASCII: nothing that is read has others.
    pub(crate) fn char(&mut self) -> Option<char> {
        let next = self.first().filter(u8::is_ascii)?;
        self.skip(1);
        Some(char::from(next))
    }

    /// A decimal number that fits.
    pub(crate) fn long(&mut self) -> Option<u64> {
        let mut value: Option<u64> = None;
        while let Some(digit) = self.first().map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10) {
            value = Some(value.unwrap_or(0).checked_mul(10)?.checked_add(digit.into())?);
            self.skip(1);
        }
        value
    }

    /// The same in 32 bits.
    #[inline(always)]
    pub(crate) fn number(&mut self) -> Option<u32> {
        u32::try_from(self.short()).ok()
    }

    /// The same without the memory that an `Option` takes on its way: what does not fit stands for nothing.
    #[inline(never)]
    fn short(&mut self) -> u64 {
        self.long().unwrap_or(u64::MAX)
    }

    /// Everything before the next `mark`, which is ASCII and read too; nothing if there is none.
    pub(crate) fn until(&mut self, mark: char) -> Option<&'a str> {
        let end = self.0.bytes().position(|byte| char::from(byte) == mark)?;
        let head = self.skip(end);
        self.skip(1);
        Some(head)
    }
}
