//! The request as it goes out: address, parameters, percent-encoding. It knows no secret: the headers that sign are
//! [`auth`](crate::auth)'s.
//!
//! Source: both documents, section 6.2.1 «请求参数» (GET, the company's `key` in the query); RFC 3986 section 2 for the encoding.

use crate::api::room::Room;
use crate::api::words::hex_digits;
use crate::sort;
use crate::text::{concat, contains, parted};

/// The vendor's host.
pub const DEFAULT_BASE_URL: &str = "https://pro.qcc.com";

/// The URL of a call. `base` has no slash at its end; the company's key goes first, as in the documents' examples; behind a
/// gateway there is none.
pub fn url<'p>(
    base: &str,
    path: &str,
    key: Option<&'p str>,
    params: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> String {
    let mut out = Room::from(concat(&[base, path]).into_bytes());
    let mut separator = b'?';
    if let Some(key) = key {
        push_param(&mut out, &mut separator, "key", key);
    }
    for (name, value) in params {
        push_param(&mut out, &mut separator, name, value);
    }
    finished(out)
}

/// `text` as a query's name or value.
pub fn percent_encoded(text: &str) -> String {
    let mut out = Room::default();
    percent_encode(&mut out, text);
    finished(out)
}

/// Once in the module, not in each [`url`].
#[inline(never)]
fn push_param(out: &mut Room<u8>, separator: &mut u8, name: &str, value: &str) {
    out.push_short((*separator).into(), 1);
    *separator = b'&';
    percent_encode(out, name);
    out.push_short(b'='.into(), 1);
    percent_encode(out, value);
}

#[inline(never)]
fn finished(out: Room<u8>) -> String {
    String::from_utf8(out.into()).unwrap_or_default()
}

/// Appends `text` as a query's name or value: RFC 3986's unreserved characters and the comma, which separates names on this
/// wire, as they are, every other byte of the UTF-8 as `%XX`.
#[cfg_attr(wasm_module, optimize(speed))]
fn percent_encode(out: &mut Room<u8>, text: &str) {
    let mut rest = text.as_bytes();
    // Whole words are written, the last of them beyond its end.
    out.fill(3 * rest.len() + 8, |slots| {
        let mut length = 0;
        let mut push = |word: u64, more: usize| {
            if let Some(slot) = slots.get_mut(length..).and_then(<[u8]>::first_chunk_mut) {
                *slot = word.to_le_bytes();
                length += more;
            }
        };
        loop {
            // Nearly every name is Chinese, of which no byte stands as it is.
            if let Some((four, after)) = rest.split_first_chunk()
                && let word = u32::from_le_bytes(*four)
                && word & 0x8080_8080 == 0x8080_8080
            {
                let digits = hex_digits(word);
                push(percents(digits), 6);
                push(percents(digits >> 32), 6);
                rest = after;
            } else if let Some((&byte, after)) = rest.split_first() {
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b',') {
                    push(byte.into(), 1);
                } else {
                    push(percents(hex_digits(byte.into())), 3);
                }
                rest = after;
            } else {
                break;
            }
        }
        length
    });
}

/// A percent sign before each two of the first four of `digits`.
#[inline(always)]
const fn percents(digits: u64) -> u64 {
    const SIGNS: u64 = (b'%' as u64) << 24 | b'%' as u64;
    SIGNS | (digits & 0xFFFF) << 8 | (digits & 0xFFFF_0000) << 16
}

/// The inverse of percent-encoding, with `+` as a space, as forms write it. `None` where a `%` is not followed by two
/// hexadecimal digits or the bytes are not UTF-8.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                (high << 4 | low) as u8
            }
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Why a path or a host cannot be called; `None` for one that can. A path must stay on its host: it starts with one slash,
/// climbs nowhere and brings no query, since the query is where the key goes.
pub fn path_fault(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') {
        Some("must start with a slash")
    } else if path.starts_with("//") || contains(path, "\\") {
        Some("must not carry a host")
    } else if path.bytes().any(|byte| matches!(byte, b'?' | b'#')) {
        Some("must not carry a query or a fragment: pass parameters as params")
    } else if path.chars().any(|c| c.is_control() || c.is_whitespace()) {
        Some("must not have white space or control characters")
    } else if contains(path, "%") || climbs(path) {
        Some("must not climb or be percent-encoded")
    } else {
        None
    }
}

/// Whether a segment behind a slash is `.` or `..`.
fn climbs(path: &str) -> bool {
    let mut rest = path;
    while let Some((_, after)) = parted(rest, b'/') {
        rest = after;
        if matches!(parted(rest, b'/').map_or(rest, |(segment, _)| segment), "." | "..") {
            return true;
        }
    }
    false
}

/// Why parameters cannot be sent; `None` where they can.
pub fn params_fault<'p>(mut params: impl Iterator<Item = (&'p str, &'p str)>) -> Option<&'static str> {
    params.find_map(|(name, _)| match name {
        "" => Some("has a parameter without a name"),
        _ if name.eq_ignore_ascii_case("key") => Some("must not be given a key: the client adds its own"),
        _ => None,
    })
}

/// Parameters in the form that equal questions share: sorted and percent-encoded.
pub fn canonical<'p>(params: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let pairs: Vec<_> = params.collect();
    url("", "", None, sort::sorted(&pairs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn looks_like_the_documents_example() {
        let params = [("companyNames", "企查查,A&B=C 1")];
        assert_eq!(
            url("https://pro.qcc.com", "/api/x", Some("K/1"), params),
            "https://pro.qcc.com/api/x?key=K%2F1&companyNames=%E4%BC%81%E6%9F%A5%E6%9F%A5,A%26B%3DC%201"
        );
        assert_eq!(url("b", "/p", None, []), "b/p");
    }

    #[test]
    fn refuses_paths_that_leave_their_host() {
        for path in [
            "",
            "api",
            "//evil/x",
            "/\\evil",
            "/a/../b",
            "/a/.",
            "/a?x=1",
            "/a#b",
            "/a b",
            "/%2e%2e/x",
            "/a\n",
        ] {
            assert!(path_fault(path).is_some(), "{path}");
        }
        assert_eq!(path_fault("/api/corp/correlation/findPartnershipRelation"), None);
    }

    proptest! {
        #[test]
        fn decodes_what_it_encodes(text in any::<String>()) {
            let out = url("", "", None, [("", text.as_str())]);
            prop_assert!(out.is_ascii() && out.starts_with("?="));
            prop_assert_eq!(percent_decode(&out), Some("?=".to_owned() + &text));
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            percent_decode(&text);
            path_fault(&text);
        }
    }
}
