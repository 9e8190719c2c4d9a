//! What a gateway says beside an answer: written on its side, read on the client's.
//!
//! The wire is ours. HTTP 200 carries QCC's own body, without the company's key, whatever its code. Anything else carries
//! `{"error":{…}}`, the fields of a [`QccError`]. With both goes the header [`HEADER`], from which the client tells the same
//! `meta` as if it had made the call itself. Where somebody on the way drops the header, the body alone still tells the
//! answer.

use super::call::Meta;
use super::error::QccError;
use super::policy::Billed;
use crate::api::decimal::push_digits;
use crate::api::envelope::{self, is_named};
use crate::api::json::{Malformed, Scanner, Text, Type};
use crate::api::status::Kind;
use crate::api::write;
use crate::text::number;

/// The response header: one JSON object in ASCII, the fields of [`Relayed`].
pub const HEADER: &str = "QCC-Meta";

/// What a call has cost on the gateway's side, and where its answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relayed {
    /// How many attempts the gateway sent; 0 where it refused the request or had the answer in its store.
    pub attempts: u32,
    /// How many of them were billed for certain.
    pub billed_calls: u32,
    /// How many may have been billed.
    pub unknown_calls: u32,
    /// Whether the answer was paid for earlier.
    pub from_store: bool,
    /// The HTTP status that QCC answered with.
    pub http_status: Option<u16>,
    /// The second QCC was asked, Unix time.
    pub timespan: u64,
    /// Whether the body is an error of the gateway's and not QCC's answer.
    pub failed: bool,
}

impl From<&Meta> for Relayed {
    fn from(meta: &Meta) -> Self {
        Self {
            attempts: meta.attempts,
            billed_calls: meta.billed_calls,
            unknown_calls: meta.unknown_calls,
            from_store: meta.from_store,
            http_status: Some(meta.http_status),
            timespan: meta.timespan,
            failed: false,
        }
    }
}

impl From<&QccError> for Relayed {
    fn from(error: &QccError) -> Self {
        Self {
            attempts: error.attempts,
            billed_calls: error.billed_calls,
            unknown_calls: error.unknown_calls.max(u32::from(error.billed == Billed::Unknown)),
            from_store: error.from_store,
            http_status: error.http_status,
            timespan: 0,
            failed: true,
        }
    }
}

impl Relayed {
    /// Whether anything of the call was billed.
    pub fn billed(&self) -> Billed {
        match (self.billed_calls, self.unknown_calls) {
            (0, 0) => Billed::No,
            (0, _) => Billed::Unknown,
            _ => Billed::Yes,
        }
    }

    /// The header's value.
    pub fn to_header(self) -> String {
        let mut out = String::from("{");
        for (name, count) in [
            ("attempts", u64::from(self.attempts)),
            ("billedCalls", u64::from(self.billed_calls)),
            ("unknownCalls", u64::from(self.unknown_calls)),
            ("httpStatus", self.http_status.map_or(0, u64::from)),
            ("timespan", self.timespan),
        ] {
            write::member(&mut out, name);
            push_digits(&mut out, count, 1);
        }
        write::flag(&mut out, "fromStore", self.from_store);
        write::flag(&mut out, "failed", self.failed);
        out.push('}');
        out
    }

    /// Reads the header's value; `None` where it is none of ours.
    pub fn from_header(text: &str) -> Option<Self> {
        let mut relayed = Self::default();
        let mut scanner = Scanner::new(text.as_bytes());
        envelope::members(&mut scanner, &mut |scanner, name| {
            let value = scanner.skip()?;
            let count = || number(value).unwrap_or_default();
            let small = || u32::try_from(count()).unwrap_or(u32::MAX);
            match name.plain() {
                "attempts" => relayed.attempts = small(),
                "billedCalls" => relayed.billed_calls = small(),
                "unknownCalls" => relayed.unknown_calls = small(),
                "httpStatus" => {
                    relayed.http_status = u16::try_from(count()).ok().filter(|&status| status > 0)
                }
                "timespan" => relayed.timespan = count(),
                "fromStore" => relayed.from_store = value == "true",
                "failed" => relayed.failed = value == "true",
                _ => {}
            }
            Ok(())
        })
        .ok()?;
        scanner.end().ok()?;
        Some(relayed)
    }
}

/// The body that tells an error: `{"error":{…}}`.
pub fn write_error(error: &QccError) -> String {
    let mut out = String::from("{\"error\":{");
    error.write_common(&mut out);
    out.push_str("}}");
    out
}

/// Reads such a body; what the call has cost stands in the header. `None` where it is no error of a gateway's.
pub fn read_error(body: &[u8]) -> Option<QccError> {
    let mut error = None;
    let mut scanner = Scanner::new(body);
    envelope::members(&mut scanner, &mut |scanner, name| {
        if !is_named(name, "error") {
            return scanner.skip().map(drop);
        }
        let read = error.insert(QccError::unsent(Kind::Http, "", ""));
        envelope::members(scanner, &mut |scanner, name| read_member(read, scanner, name))
    })
    .ok()?;
    scanner.end().ok()?;
    error
}

fn read_member<'a>(error: &mut QccError, scanner: &mut Scanner<'a>, name: Text<'a>) -> Result<(), Malformed> {
    match name.plain() {
        "kind" => {
            let said = envelope::text(scanner)?;
            let known = Kind::ALL.iter().find(|kind| said.as_deref() == Some(kind.name()));
            error.kind = known.copied().filter(|kind| *kind != Kind::Success).unwrap_or(Kind::Http);
        }
        "message" => error.message = envelope::text(scanner)?.unwrap_or_default(),
        "hint" => error.hint = envelope::text(scanner)?.unwrap_or_default(),
        "requestId" => error.request_id = envelope::text(scanner)?,
        "body" => error.body = envelope::text(scanner)?,
        "status" => error.status = read_number(scanner)?,
        "httpStatus" => {
            error.http_status = read_number(scanner)?.and_then(|number| u16::try_from(number).ok());
        }
        "retryable" => error.retryable = scanner.skip()? == "true",
        _ => {
            scanner.skip()?;
        }
    }
    Ok(())
}

fn read_number(scanner: &mut Scanner<'_>) -> Result<Option<i64>, Malformed> {
    match scanner.peek()? {
        Type::Null => scanner.skip().map(|_| None),
        _ => envelope::integer(scanner).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn relayed()(attempts: u32, billed_calls: u32, unknown_calls: u32, from_store: bool, http_status in prop::option::of(1u16..), timespan: u64, failed: bool) -> Relayed {
            Relayed { attempts, billed_calls, unknown_calls, from_store, http_status, timespan, failed }
        }
    }

    proptest! {
        #[test]
        fn reads_back_what_it_says(relayed in relayed()) {
            let header = relayed.to_header();
            prop_assert!(header.bytes().all(|byte| byte.is_ascii_graphic()), "{}", header);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&header).unwrap().is_object());
            prop_assert_eq!(Relayed::from_header(&header), Some(relayed));
        }

        #[test]
        fn reads_back_an_error(kind in 1..Kind::ALL.len(), message: String, hint: String, request_id: Option<String>, body: Option<String>, status: Option<i64>, http_status: Option<u16>, retryable: bool) {
            let error = QccError { request_id, body, status, http_status, retryable, ..QccError::unsent(Kind::ALL[kind], &message, &hint) };
            let written = write_error(&error);
            let parsed: serde_json::Value = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(&parsed["error"]["message"], &message);
            prop_assert_eq!(read_error(written.as_bytes()), Some(error));
        }

        #[test]
        fn never_panics(text: String) {
            Relayed::from_header(&text);
            read_error(text.as_bytes());
        }
    }

    #[test]
    fn takes_nothing_else_for_its_own() {
        for text in ["", "x", "[]", "1", "{\"attempts\":1", "{} {}"] {
            assert_eq!(Relayed::from_header(text), None, "{text}");
        }
        assert_eq!(Relayed::from_header("{\"attempts\":-1,\"new\":[7]}"), Some(Relayed::default()));
        for body in ["", "[]", "{}", r#"{"error":"x"}"#, r#"{"status":"200"}"#] {
            assert_eq!(read_error(body.as_bytes()), None, "{body}");
        }
        assert_eq!(read_error(br#"{"error":{"kind":"success"}}"#).unwrap().kind, Kind::Http);
    }
}
