//! What is kept in a store, and under which key.
//!
//! A key is made of the endpoint, the question (names normalised and sorted) and a hash of account and host; a value is the
//! answer as it came, the echoed key masked. Neither the company's key nor the secret is ever in either.

use super::error::mask_key;
use crate::api::decimal::push_digits;
use crate::api::json::Scanner;
use crate::api::write;
use crate::auth::{Credentials, hex_digest};
use crate::text::{concat, number};
use std::ops::Range;

/// An answer as it lies in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<'a> {
    /// When it was asked for, Unix time in seconds.
    pub timespan: u64,
    /// The answer's body.
    pub body: &'a str,
    /// Where in the stored text the body stands.
    pub range: Range<usize>,
}

/// What tells one account's answers from another's: sixteen hexadecimal characters from which nothing can be read back.
/// The same key at another host (a sandbox, say) is another account; another secret is not.
pub fn account(credentials: Option<&Credentials>, base_url: &str) -> String {
    let key = credentials.map_or("", Credentials::key);
    let mut account = hex_digest(&[b"qcc-pro account\0", base_url.as_bytes(), b"\0", key.as_bytes()]);
    account.truncate(16);
    account
}

/// The key under which the answer to a question is kept.
pub fn key(account: &str, endpoint: &str, canonical: &str) -> String {
    concat(&["qcc-pro:1:", account, ":", endpoint, ":", &hex_digest(&[canonical.as_bytes()])])
}

/// The text that is stored for an answer. `body` must be one JSON text, as it is once its envelope was read.
pub fn encode(canonical: &str, timespan: u64, body: &str, company_key: &str) -> String {
    let mut out = String::with_capacity(body.len() + canonical.len() + 64);
    out.push_str("{\"qccPro\":1");
    write::member(&mut out, "timespan");
    push_digits(&mut out, timespan, 1);
    write::text(&mut out, "question", Some(canonical));
    write::member(&mut out, "answer");
    out.push_str(&mask_key(body.trim_start_matches('\u{FEFF}'), company_key));
    out.push('}');
    out
}

/// Reads a stored text; `None` where it is not an answer to this very question.
pub fn decode<'a>(text: &'a str, canonical: &str) -> Option<Stored<'a>> {
    let mut scanner = Scanner::new(text.as_bytes());
    let mut version = "";
    let mut timespan = None;
    let mut question_fits = false;
    let mut body = None;
    let mut inside = scanner.object().ok()?;
    while let Some(name) = scanner.key(&mut inside).ok()? {
        match name.plain() {
            "qccPro" => version = scanner.number().ok()?,
            "timespan" => timespan = number(scanner.number().ok()?),
            "question" => question_fits = scanner.string().ok()?.decode().ok()? == canonical,
            "answer" => {
                scanner.peek().ok()?;
                let start = scanner.position();
                body = Some((scanner.skip().ok()?, start..scanner.position()));
            }
            _ => {
                scanner.skip().ok()?;
            }
        }
    }
    scanner.end().ok()?;
    let (body, range) = body?;
    (version == "1" && question_fits).then_some(Stored { timespan: timespan?, body, range })
}

/// Whether an answer with this code is kept: what was found, and what was refused for what was asked. What passes by itself
/// or with the account's state is not.
pub fn is_kept(status: i64) -> bool {
    matches!(status, 200 | 201 | 202 | 207 | 208 | 209 | 213 | 215 | 218 | 219)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::status::{Kind, TABLE};
    use proptest::prelude::*;

    #[test]
    fn keeps_what_was_paid_for_and_stays_true() {
        for info in TABLE {
            let passes = matches!(info.kind, Kind::Pending | Kind::Server | Kind::UnknownStatus);
            assert_eq!(is_kept(info.code.into()), info.billed && !passes, "{}", info.code);
        }
    }

    #[test]
    fn has_no_key_and_no_secret_in_what_it_stores() {
        let credentials = Credentials::new("9bc448a2ff6511e8890a6c92bf31542f", "TOPSECRET").unwrap();
        let account = account(Some(&credentials), "https://pro.qcc.com");
        let body = r#"{"status":"200","result":{"key":"9bc448a2ff6511e8890a6c92bf31542f"}}"#;
        let stored = key(&account, "findPartnershipRelation", "甲公司")
            + &encode("甲公司", 7, body, credentials.key());
        assert!(!stored.contains("9bc448") && !stored.contains("TOPSECRET"), "{stored}");
    }

    #[test]
    fn tells_accounts_hosts_and_questions_apart() {
        let one = Credentials::new("key one", "s").unwrap();
        let two = Credentials::new("key two", "s").unwrap();
        let accounts = [
            account(Some(&one), "a"),
            account(Some(&one), "b"),
            account(Some(&two), "a"),
            account(None, "a"),
        ];
        let mut different = accounts.to_vec();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), accounts.len());
        assert_ne!(key("a", "e", "甲公司"), key("a", "e", "乙公司"));
        assert_eq!(account(Some(&one), "a"), account(Some(&Credentials::new("key one", "t").unwrap()), "a"));
    }

    #[test]
    fn refuses_what_is_not_the_answer_to_the_question() {
        let text = encode("甲公司,乙公司", 7, "\u{FEFF} {\"status\":1} ", "k");
        let stored = decode(&text, "甲公司,乙公司").unwrap();
        assert_eq!((stored.timespan, stored.body), (7, "{\"status\":1}"));
        assert_eq!(&text[stored.range.clone()], stored.body);
        assert_eq!(decode(&text, "甲公司"), None);
        assert_eq!(decode(&text[..text.len() - 1], "甲公司,乙公司"), None);
        assert_eq!(decode(&text.replace("\"qccPro\":1", "\"qccPro\":2"), "甲公司,乙公司"), None);
        assert_eq!(decode("", ""), None);
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            decode(&text, "");
        }

        #[test]
        fn reads_back_what_it_writes(canonical in any::<String>(), timespan in any::<u64>(), said in any::<String>()) {
            let body = serde_json::json!({"status": "200", "msg": said}).to_string();
            let text = encode(&canonical, timespan, &body, "");
            let stored = decode(&text, &canonical).unwrap();
            prop_assert_eq!((stored.timespan, stored.body), (timespan, body.as_str()));
        }
    }
}
