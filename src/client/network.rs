//! Why a request came to nothing: did it provably never run, or may it have reached the server?
//!
//! The platform's error is seen as the list of what it and its causes say. A request never ran only where the connection
//! was not made; anything that is not known counts as perhaps arrived. Codes: Node's (libuv's and undici's), Bun's, and the
//! words of Deno's errors; browsers tell nothing.

use super::policy::Seen;
use crate::text::contains;

/// What one error in the chain of causes says; empty where it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said<'a> {
    /// `error.code`.
    pub code: &'a str,
    /// `error.syscall`.
    pub syscall: &'a str,
    /// `error.message`.
    pub message: &'a str,
}

/// Connections that were not made and may be the next time.
const PASSING: [&str; 11] = [
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "EHOSTDOWN",
    "ENETUNREACH",
    "ENETDOWN",
    "EADDRNOTAVAIL",
    "UND_ERR_CONNECT_TIMEOUT",
    "ConnectionRefused",
    "FailedToOpenSocket",
];

/// Requests that were refused on our side: sending them again would change nothing.
const LASTING: [&str; 17] = [
    "ERR_INVALID_URL",
    "ERR_INVALID_ARG_TYPE",
    "ERR_INVALID_PROTOCOL",
    "UND_ERR_INVALID_ARG",
    "UND_ERR_NOT_SUPPORTED",
    "CERT_HAS_EXPIRED",
    "CERT_NOT_YET_VALID",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "CERT_REVOKED",
    "UNABLE_TO_GET_ISSUER_CERT",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    "QCC_PRO_NOT_SENT",
];

/// Deno's words for a connection that was not made.
const PASSING_WORDS: [&str; 4] =
    ["client error (Connect)", "tcp connect error", "Connection refused (os error", "dns error:"];

/// The whole words of errors without a code with which undici's fetch refuses an address before it connects, as the fetch
/// standard has it («block bad port», «scheme fetch»).
const LASTING_WORDS: [&str; 3] = ["bad port", "unknown scheme", "URL scheme must be a HTTP(S) scheme"];

/// The code with which the face begins where there was no connection yet, whatever else went wrong.
const NOT_CONNECTED: &str = "QCC_PRO_NOT_CONNECTED";

/// Whether Node and OpenSSL say by this code that the two sides cannot talk, or that there was nothing fit to be sent. Once there
/// is a connection the same codes come in the middle of it.
fn is_disagreement(code: &str) -> bool {
    code == "EPROTO" || (code.starts_with("ERR_") && code != "ERR_SOCKET_CONNECTION_TIMEOUT")
}

/// Judges a failure by the chain of its causes. Several addresses tried one after the other show as siblings, each of which
/// must have failed before anything was sent.
pub fn judge<'a>(chain: impl IntoIterator<Item = Said<'a>>) -> Seen {
    let mut verdict = None;
    let (mut connected, mut lost) = (true, false);
    for said in chain {
        let connecting = matches!(said.syscall, "connect" | "getaddrinfo");
        let passing = connecting
            || PASSING.contains(&said.code)
            || PASSING_WORDS.iter().any(|words| contains(said.message, words));
        let refused = said.code.is_empty() && LASTING_WORDS.contains(&said.message);
        let unagreed = !connected && is_disagreement(said.code);
        if refused || unagreed || LASTING.contains(&said.code) {
            verdict = Some(Seen::NeverRan { passing: false });
        } else if passing {
            verdict.get_or_insert(Seen::NeverRan { passing: true });
        } else if !said.code.is_empty() {
            // A code that is not known to be harmless, unless nothing could be sent at all.
            match said.code {
                NOT_CONNECTED => connected = false,
                _ => lost = true,
            }
        }
    }
    match verdict {
        Some(seen) if !lost || !connected => seen,
        None if !connected => Seen::NeverRan { passing: true },
        _ => Seen::Lost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: &'static str, syscall: &'static str, message: &'static str) -> Said<'static> {
        Said { code, syscall, message }
    }

    #[test]
    fn takes_only_unmade_connections_for_never_sent() {
        let passing = Seen::NeverRan { passing: true };
        let failed = said("", "", "fetch failed");
        assert_eq!(judge([failed, said("ECONNREFUSED", "connect", "")]), passing);
        assert_eq!(judge([failed, said("ETIMEDOUT", "connect", "")]), passing);
        assert_eq!(judge([failed, said("ENOTFOUND", "getaddrinfo", "")]), passing);
        assert_eq!(judge([failed, said("UND_ERR_CONNECT_TIMEOUT", "", "")]), passing);
        assert_eq!(judge([said("ConnectionRefused", "", "")]), passing);
        assert_eq!(
            judge([said("", "", "error sending request: client error (Connect): tcp connect error")]),
            passing
        );
        assert_eq!(judge([failed, said("ECONNRESET", "read", "")]), Seen::Lost);
        assert_eq!(judge([failed, said("UND_ERR_SOCKET", "", "other side closed")]), Seen::Lost);
        assert_eq!(judge([failed, said("ETIMEDOUT", "read", "")]), Seen::Lost);
        assert_eq!(judge([said("", "", "Failed to fetch")]), Seen::Lost);
        assert_eq!(judge([]), Seen::Lost);
    }

    #[test]
    fn believes_that_there_was_no_connection() {
        let unconnected = said("QCC_PRO_NOT_CONNECTED", "", "");
        let passing = Seen::NeverRan { passing: true };
        assert_eq!(judge([unconnected, said("ECONNRESET", "", "")]), passing);
        assert_eq!(judge([unconnected, said("", "", "anything")]), passing);
        assert_eq!(judge([unconnected]), passing);
        assert_eq!(judge([unconnected, said("ERR_SOCKET_CONNECTION_TIMEOUT", "", "")]), passing);
        let lasting = Seen::NeverRan { passing: false };
        assert_eq!(judge([unconnected, said("EPROTO", "write", "")]), lasting);
        assert_eq!(judge([unconnected, said("ERR_SSL_NO_PROTOCOLS_AVAILABLE", "", "")]), lasting);
        assert_eq!(
            judge([unconnected, said("ECONNRESET", "", ""), said("CERT_HAS_EXPIRED", "", "")]),
            lasting
        );
        assert_eq!(judge([said("EPROTO", "read", "")]), Seen::Lost);
    }

    #[test]
    fn believes_no_sibling_alone() {
        let refused = said("ECONNREFUSED", "connect", "");
        assert_eq!(judge([refused, refused]), Seen::NeverRan { passing: true });
        assert_eq!(judge([refused, said("ECONNRESET", "read", "")]), Seen::Lost);
    }

    #[test]
    fn knows_what_no_repetition_mends() {
        let lasting = Seen::NeverRan { passing: false };
        let failed = said("", "", "fetch failed");
        assert_eq!(judge([said("CERT_HAS_EXPIRED", "", "")]), lasting);
        assert_eq!(judge([failed, said("", "", "bad port")]), lasting);
        // Such words with a code, or among others, are somebody else's.
        assert_eq!(judge([failed, said("EPROXY", "", "bad port")]), Seen::Lost);
        assert_eq!(judge([failed, said("", "", "the proxy answered: bad port")]), Seen::Lost);
    }
}
