//! Reading and writing the short texts of recipes and records, without the formatting machinery.

/// Appends a number in decimal.
pub(crate) fn push_number(out: &mut String, number: u64) {
    if number > 9 {
        push_number(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Reads a text from its start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a str);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Reads `mark` if it stands next.
    pub(crate) fn eat(&mut self, mark: char) -> bool {
        match self.0.strip_prefix(mark) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    pub(crate) fn expect(&mut self, mark: char) -> Option<()> {
        self.eat(mark).then_some(())
    }

    pub(crate) fn char(&mut self) -> Option<char> {
        let mut chars = self.0.chars();
        let next = chars.next()?;
        self.0 = chars.as_str();
        Some(next)
    }

    /// A decimal number that fits.
    pub(crate) fn number(&mut self) -> Option<u32> {
        let mut value: Option<u32> = None;
        while let Some(digit) = self.0.chars().next().and_then(|c| c.to_digit(10)) {
            value = Some(value.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
            self.0 = self.0.get(1..)?;
        }
        value
    }

    /// Everything before the next `mark`, which is read too; nothing if there is none.
    pub(crate) fn until(&mut self, mark: char) -> Option<&'a str> {
        let (head, tail) = self.0.split_once(mark)?;
        self.0 = tail;
        Some(head)
    }
}
