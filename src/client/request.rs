//! The request as it goes out: address, parameters, percent-encoding. It knows no secret: the headers that sign are
//! [`auth`](crate::auth)'s.
//!
//! Source: both documents, section 6.2.1 «请求参数» (GET, the company's `key` in the query); RFC 3986 section 2 for the encoding.

use crate::sort;
use crate::text::contains;

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
    let mut out = [base, path].concat();
    let mut separator = "?";
    let mut push = |name: &str, value: &str| {
        out.push_str(separator);
        separator = "&";
        percent_encode(&mut out, name);
        out.push('=');
        percent_encode(&mut out, value);
    };
    if let Some(key) = key {
        push("key", key);
    }
    params.into_iter().for_each(|(name, value)| push(name, value));
    out
}

/// Appends `text` as a query's name or value: RFC 3986's unreserved characters and the comma, which separates names on this
/// wire, as they are, every other byte of the UTF-8 as `%XX`.
pub fn percent_encode(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    // In one piece: a text that grows by single characters takes ten times as long.
    let mut encoded = vec![0; text.len() * 3];
    let mut length = 0;
    for &byte in text.as_bytes() {
        let Some([first, second, third]) = encoded.get_mut(length..).and_then(<[u8]>::first_chunk_mut) else {
            break;
        };
        if byte.is_ascii()
            && (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b','))
        {
            *first = byte;
            length += 1;
        } else {
            *first = b'%';
            *second = HEX[usize::from(byte >> 4)];
            *third = HEX[usize::from(byte & 15)];
            length += 3;
        }
    }
    encoded.truncate(length);
    out.push_str(&String::from_utf8(encoded).unwrap_or_default());
}

/// The inverse of [`percent_encode`], with `+` as a space, as forms write it. `None` where a `%` is not followed by two
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
    let segments = || path.split('/').skip(1);
    if !path.starts_with('/') {
        Some("must start with a slash")
    } else if path.starts_with("//") || contains(path, "\\") {
        Some("must not carry a host")
    } else if path.contains(['?', '#']) {
        Some("must not carry a query or a fragment: pass parameters as params")
    } else if path.chars().any(|c| c.is_control() || c.is_whitespace()) {
        Some("must not have white space or control characters")
    } else if segments().any(|segment| matches!(segment, "." | "..") || contains(segment, "%")) {
        Some("must not climb or be percent-encoded")
    } else {
        None
    }
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
            let mut out = String::new();
            percent_encode(&mut out, &text);
            prop_assert!(out.is_ascii());
            prop_assert_eq!(percent_decode(&out), Some(text));
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            percent_decode(&text);
            path_fault(&text);
        }
    }
}
