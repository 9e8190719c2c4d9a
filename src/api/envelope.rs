//! The envelope around every answer: `status`, `msg`, `result`.
//!
//! Source: both documents, section 6.2.1 «返回参数». The two endpoints here say `status`/`msg`/`result`; the vendor's other
//! endpoints say `Status`/`Message`/`Result`, so the case of a name is not looked at. `status` is text in the documents and
//! may as well be a number.

use super::json::{self, Inside, Malformed, Scanner, Text, Type};
use crate::text::{number, parted};

/// What stands around a result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Envelope {
    /// QCC's code.
    pub status: i64,
    /// The vendor's words.
    pub message: String,
    /// Members the documents do not name.
    pub extra: Extra,
}

/// Members that this version does not know, kept as they came: the inside of one JSON object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extra {
    members: String,
}

impl Extra {
    /// Keeps one member; `value` is its JSON text.
    pub fn push(&mut self, name: &str, value: &str) {
        if !self.members.is_empty() {
            self.members.push(',');
        }
        json::write_string(&mut self.members, name);
        self.members.push(':');
        self.members.push_str(value);
    }

    /// Whether nothing was kept.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// What was kept as the text of one JSON object; `None` where that is nothing.
    pub fn to_object(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(self.members.len() + 2);
        out.push('{');
        out.push_str(&self.members);
        out.push('}');
        Some(out)
    }

    /// Adds all that `other` kept.
    pub fn append(&mut self, other: &Extra) {
        if !self.is_empty() && !other.is_empty() {
            self.members.push(',');
        }
        self.members.push_str(&other.members);
    }
}

/// Whether a member's name is `name`, whatever the case of its ASCII letters.
#[inline(never)]
pub fn is_named(key: Text<'_>, name: &str) -> bool {
    key.raw().eq_ignore_ascii_case(name.as_bytes())
}

/// Reads a whole answer. `result` is called with the scanner in front of the result's value, which it must read; it is not
/// called where there is none, and called again where the member stands twice (the last one counts).
///
/// # Errors
/// [`Malformed`] where the bytes are not JSON, not an object or have no readable `status`.
pub fn read<'a>(
    body: &'a [u8],
    result: &mut dyn FnMut(&mut Scanner<'a>) -> Result<(), Malformed>,
) -> Result<Envelope, Malformed> {
    let mut scanner = Scanner::new(body);
    let mut envelope = Envelope::default();
    let mut status = None;
    let mut inside = scanner.object()?;
    while let Some(key) = scanner.key(&mut inside)? {
        if is_named(key, "status") {
            status = Some(integer(&mut scanner)?);
        } else if is_named(key, "msg") || is_named(key, "message") {
            envelope.message = text(&mut scanner)?.unwrap_or_default();
        } else if is_named(key, "result") {
            result(&mut scanner)?;
        } else {
            keep(&mut scanner, key, &mut envelope.extra)?;
        }
    }
    scanner.end()?;
    envelope.status = status.ok_or(Malformed { at: 0, expected: "a member «status»" })?;
    Ok(envelope)
}

/// Reads a value that this version does not know into `extra`.
///
/// # Errors
/// [`Malformed`] where it is not JSON.
pub fn keep<'a>(scanner: &mut Scanner<'a>, key: Text<'a>, extra: &mut Extra) -> Result<(), Malformed> {
    let value = scanner.skip()?;
    extra.push(&key.decode()?, value);
    Ok(())
}

/// Reads text: a string as it is, any other value as its JSON text, `null` as `None`.
///
/// # Errors
/// [`Malformed`] where it is not JSON.
pub fn text(scanner: &mut Scanner<'_>) -> Result<Option<String>, Malformed> {
    match scanner.peek()? {
        Type::String => scanner.string()?.decode().map(|text| Some(text.into_owned())),
        Type::Null => scanner.skip().map(|_| None),
        _ => scanner.skip().map(|raw| Some(raw.to_owned())),
    }
}

/// Reads a whole number, written as a number or as text.
///
/// # Errors
/// [`Malformed`] where it is neither, or beyond what an `i64` holds.
pub fn integer(scanner: &mut Scanner<'_>) -> Result<i64, Malformed> {
    let fault = scanner.malformed("a whole number");
    let parsed = match scanner.peek()? {
        Type::Number => parse_integer(scanner.number()?),
        Type::String => parse_integer(scanner.string()?.decode()?.trim()),
        _ => None,
    };
    parsed.ok_or(fault)
}

/// A whole number's text; a fraction of zeroes is let pass (`200.0`).
fn parse_integer(text: &str) -> Option<i64> {
    let whole = match parted(text, b'.') {
        Some((whole, zeroes)) if zeroes.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    if let Some(digits) = whole.strip_prefix('-') {
        return 0_i64.checked_sub_unsigned(number(digits)?);
    }
    i64::try_from(number(whole.strip_prefix('+').unwrap_or(whole))?).ok()
}

/// Reads one object's members; `member` gets each name and reads its value.
///
/// # Errors
/// [`Malformed`] where no object stands, or what `member` gives.
pub fn members<'a>(
    scanner: &mut Scanner<'a>,
    member: &mut dyn FnMut(&mut Scanner<'a>, Text<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let mut inside: Inside = scanner.object()?;
    while let Some(key) = scanner.key(&mut inside)? {
        member(scanner, key)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_plain(body: &str) -> Result<(Envelope, Option<String>), Malformed> {
        let mut result = None;
        let envelope = read(body.as_bytes(), &mut |scanner| {
            result = Some(scanner.skip()?.to_owned());
            Ok(())
        })?;
        Ok((envelope, result))
    }

    #[test]
    fn reads_both_spellings_in_any_order() {
        for body in [
            r#"{"status":"200","msg":"查询成功","result":[1]}"#,
            r#"{"Result":[1],"Message":"查询成功","Status":200}"#,
            r#" {"message":"查询成功","result":[1],"STATUS":" 200 "} "#,
            r#"{"status":1,"status":"200.0","msg":"查询成功","result":0,"result":[1]}"#,
        ] {
            let (envelope, result) = read_plain(body).unwrap();
            assert_eq!((envelope.status, envelope.message.as_str()), (200, "查询成功"));
            assert_eq!(result.as_deref(), Some("[1]"));
            assert!(envelope.extra.is_empty());
        }
    }

    #[test]
    fn keeps_what_it_does_not_know() {
        let (envelope, _) =
            read_plain(r#"{"OrderNumber":"X\u0031","status":"101","msg":null,"n":{"a":[1.50]}}"#).unwrap();
        assert_eq!(envelope.message, "");
        assert_eq!(envelope.extra.to_object().unwrap(), r#"{"OrderNumber":"X\u0031","n":{"a":[1.50]}}"#);
    }

    #[test]
    fn refuses_what_has_no_status() {
        for body in [
            "",
            "[]",
            "{}",
            r#"{"status":null}"#,
            r#"{"status":"ok"}"#,
            r#"{"status":1.5}"#,
            r#"{"status":{}}"#,
            r#"{"status":"200"}x"#,
        ] {
            assert!(read_plain(body).is_err(), "{body}");
        }
    }
}
