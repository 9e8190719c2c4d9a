//! The one error type: what went wrong, whether it was billed, what to do. It never carries the secret key, and whatever
//! could carry the company's key is masked before it gets here.

use super::policy::{Billed, Call, Seen};
use crate::api::company::NameError;
use crate::api::decimal::push_digits;
use crate::api::json::Malformed;
use crate::api::status::{Kind, StatusInfo, Words, status_info};
use crate::api::write::{self, number_text, push_integer};
use crate::auth::{CredentialsError, mask};
use crate::plan::PlanError;
use crate::text::{concat, replaced};
use serde::{Serialize, Serializer};

/// How much of an unreadable body an error shows, in bytes.
pub const MAX_EXCERPT: usize = 2048;

/// A call that failed. Serialised, it is the fields of JavaScript's `QccError`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QccError {
    /// The vendor's words and an English explanation.
    pub message: String,
    /// What a program branches on.
    #[serde(serialize_with = "kind_name")]
    pub kind: Kind,
    /// QCC's code.
    pub status: Option<i64>,
    /// The HTTP status.
    pub http_status: Option<u16>,
    /// Whether anything of the call was billed.
    #[serde(serialize_with = "billed_word")]
    pub billed: Billed,
    /// How many of its attempts were billed for certain.
    pub billed_calls: u32,
    /// How many more of its attempts may have been billed.
    pub unknown_calls: u32,
    /// Whether the same call would have a chance later.
    pub retryable: bool,
    /// The vendor's number of the request.
    pub request_id: Option<String>,
    /// How many attempts were sent.
    pub attempts: u32,
    /// What to do about it, one sentence.
    pub hint: String,
    /// The start of what came, keys masked.
    pub body: Option<String>,
    /// Whether the refusal was paid for earlier and came from the store.
    pub from_store: bool,
}

/// The words of a code that is in no table.
const UNKNOWN: Words = Words {
    zh: "",
    en: "A code that is in none of the vendor's documents.",
    hint: "Ask QCC what the code means (400-928-2212).",
};

fn kind_name<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

fn billed_word<S: Serializer>(billed: &Billed, serializer: S) -> Result<S::Ok, S::Error> {
    match billed {
        Billed::No => serializer.serialize_bool(false),
        Billed::Yes => serializer.serialize_bool(true),
        Billed::Unknown => serializer.serialize_str("unknown"),
    }
}

impl QccError {
    /// An error before anything was sent.
    pub fn unsent(kind: Kind, message: &str, hint: &str) -> Self {
        Self {
            message: message.to_owned(),
            kind,
            status: None,
            http_status: None,
            billed: Billed::No,
            billed_calls: 0,
            unknown_calls: 0,
            retryable: false,
            request_id: None,
            attempts: 0,
            hint: hint.to_owned(),
            body: None,
            from_store: false,
        }
    }

    /// An option's number that makes no sense.
    pub fn bad_figure(name: &str) -> Self {
        let message = concat(&["配置错误 (the option ", name, " is not a number that makes sense)"]);
        Self::unsent(
            Kind::Config,
            &message,
            "Times are milliseconds, counts whole numbers, neither negative.",
        )
    }

    /// A code that QCC answered.
    pub fn of_status(status: i64, said: &str, kind: Kind, retryable: bool) -> Self {
        let Words { zh, en, hint } = status_info(status).map_or(UNKNOWN, StatusInfo::words);
        let mut message = String::from("QCC ");
        push_integer(&mut message, status);
        let zh = if said.is_empty() { zh } else { said };
        for part in [zh, en] {
            if !part.is_empty() {
                message.push_str(if part == zh { ": " } else { " — " });
                message.push_str(part);
            }
        }
        let mut error = Self::unsent(kind, &message, hint);
        (error.status, error.retryable) = (Some(status), retryable);
        error
    }

    /// An attempt that ended without a code of QCC's.
    pub fn of_attempt(seen: Seen, kind: Kind, retryable: bool) -> Self {
        let (message, hint) = match seen {
            Seen::Http(401 | 403) if kind == Kind::Auth => (
                "网关拒绝访问 (the gateway lets this caller or this page in no further; QCC was not asked)",
                "Sign in with the server that the gateway belongs to; its authorize and its origins decide.",
            ),
            Seen::Http(429) if kind == Kind::Quota => (
                "网关限流 (over the calls per minute that the gateway allows this caller; QCC was not asked)",
                "Wait up to a minute, or call more slowly; it did not count.",
            ),
            Seen::Http(429) => {
                ("HTTP 429：请求过多 (too many requests)", "Call more slowly; it did not count.")
            }
            // A browser does not show a redirect's status.
            Seen::Http(0 | 300..400) => (
                "服务器要求转到别处，未跟随 (the server redirects elsewhere, which is not followed: the signature would travel along)",
                "Check baseUrl.",
            ),
            Seen::Http(400..500) => {
                ("HTTP 错误 (the server or something in front of it refused the request)", "Check baseUrl.")
            }
            Seen::Http(_) => {
                ("HTTP 错误 (the server or something in front of it failed)", "Try again later.")
            }
            Seen::NeverRan { passing: true } => (
                "无法建立连接，请求未发出 (no connection could be made; the request was never sent)",
                "Check the network and baseUrl, then try again; it did not count.",
            ),
            Seen::NeverRan { passing: false } => (
                "无法发出请求 (the request could not be sent)",
                "See the cause: a certificate, the address or the fetch function is at fault.",
            ),
            Seen::Lost => (
                "连接中断，不知请求是否已到达服务器 (the connection broke; it is not known whether the request reached the server)",
                "It may have been billed. Look at getQuota, or set retry.resendWhenUnknown to have such calls sent again.",
            ),
            Seen::TimedOut => (
                "超时，不知请求是否已到达服务器 (no answer in time; it is not known whether the request reached the server)",
                "It may have been billed. Give it more time with timeoutMs, or set retry.resendWhenUnknown to have such calls sent again.",
            ),
            Seen::Malformed | Seen::Answer { .. } => (
                "无法解析返回内容 (the answer is not what the documents describe)",
                "See body for its start; is baseUrl the API's?",
            ),
        };
        let http_status = match seen {
            Seen::Http(status) => Some(status),
            _ => None,
        };
        let mut error = Self::unsent(kind, message, hint);
        (error.retryable, error.http_status) = (retryable, http_status);
        error
    }

    /// The fields of JavaScript's `QccError`, as a JSON object.
    pub fn to_json(&self) -> String {
        let mut out = String::from("{");
        self.write_common(&mut out);
        match self.billed {
            Billed::Unknown => write::text(&mut out, "billed", Some("unknown")),
            billed => write::flag(&mut out, "billed", billed == Billed::Yes),
        }
        for (name, count) in [
            ("billedCalls", self.billed_calls),
            ("unknownCalls", self.unknown_calls),
            ("attempts", self.attempts),
        ] {
            write::number(&mut out, name, Some(count.into()));
        }
        write::flag(&mut out, "fromStore", self.from_store);
        out.push('}');
        out
    }

    /// Appends the members that a gateway tells of its errors too.
    pub(super) fn write_common(&self, out: &mut String) {
        for (name, text) in [
            ("kind", Some(self.kind.name())),
            ("message", Some(&*self.message)),
            ("hint", Some(&*self.hint)),
            ("requestId", self.request_id.as_deref()),
            ("body", self.body.as_deref()),
        ] {
            write::text(out, name, text);
        }
        write::number(out, "status", self.status);
        write::number(out, "httpStatus", self.http_status.map(i64::from));
        write::flag(out, "retryable", self.retryable);
    }

    /// Adds what the call has cost so far.
    pub fn with_call(mut self, call: &Call) -> Self {
        self.billed = call.billed();
        self.billed_calls = call.billed_attempts();
        self.unknown_calls = call.unknown_attempts();
        self.attempts = call.attempts();
        self
    }

    /// Masks the company's key where the vendor's own words have it.
    pub fn with_masked(mut self, key: &str) -> Self {
        self.message = mask_key(&self.message, key);
        self.request_id = self.request_id.map(|id| mask_key(&id, key));
        self
    }

    /// Adds where the reading ended.
    pub fn with_malformed(mut self, malformed: Malformed) -> Self {
        for part in [": expected ", malformed.expected, " at byte "] {
            self.message.push_str(part);
        }
        push_digits(&mut self.message, malformed.at as u64, 1);
        self
    }
}

impl From<NameError> for QccError {
    fn from(error: NameError) -> Self {
        let hint = match error {
            NameError::Empty => "Give at least one company name.",
            NameError::TooMany(_) => {
                "Use scan(), which covers all pairs of any number of companies in as few calls as possible."
            }
            NameError::TooShort(..) => "Give registered names in full.",
            NameError::Comma(..) => {
                "Use the company's registered Chinese name: a name with an ASCII comma cannot be asked for."
            }
            NameError::Control(..) | NameError::Undecoded(..) => "Clean the list; nothing was sent.",
        };
        Self::unsent(Kind::InvalidArgument, &error.message(), hint)
    }
}

impl From<PlanError> for QccError {
    fn from(error: PlanError) -> Self {
        let what = match error {
            PlanError::TooFewNames => {
                "fewer than two different companies: there is no pair to ask for".to_owned()
            }
            PlanError::TooManyNames => "more companies than can be numbered".to_owned(),
            PlanError::CallSize(size) => {
                concat(&["callSize is ", &number_text(size.into()), ", and a call takes 2 to 20 companies"])
            }
            PlanError::Call { index, calls } => {
                concat(&["there is no call ", &number_text(index), " in a plan of ", &number_text(calls)])
            }
            PlanError::Shard { index, count } => {
                let shard = concat(&[&number_text(index), " of ", &*number_text(count)]);
                concat(&["there is no shard ", &shard, ": they count from 0"])
            }
            PlanError::Record => "the plan's record is damaged, or of other companies".to_owned(),
        };
        let message = concat(&["参数错误 (", &what, ")"]);
        Self::unsent(Kind::InvalidArgument, &message, "Nothing was sent.")
    }
}

impl From<CredentialsError> for QccError {
    fn from(error: CredentialsError) -> Self {
        let what = if error.empty { " is empty)" } else { " has a control character inside)" };
        let message = concat(&["凭证不可用 (the option ", error.field, what]);
        Self::unsent(Kind::Config, &message, "Both stand in 设置中心 → 我的公司 at pro.qcc.com.")
    }
}

/// The start of a body, as text, with each of `keys` masked: the company's key, and the Token, which some proxies' pages
/// echo.
pub fn excerpt(body: &[u8], keys: &[&str]) -> String {
    // A little more than is shown, so that a key across the end is found too.
    let ahead = &body[..body.len().min(MAX_EXCERPT + 256)];
    let mut text = String::from_utf8_lossy(ahead).into_owned();
    for key in keys {
        text = mask_key(&text, key);
    }
    let end = (0..=MAX_EXCERPT.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    text.truncate(end);
    text
}

/// `text` with the company's key masked wherever it stands as a whole JSON string; a key too long to be there by accident,
/// wherever it stands.
pub fn mask_key(text: &str, key: &str) -> String {
    const CERTAIN: usize = 12;
    if key.is_empty() {
        return text.to_owned();
    }
    if key.len() >= CERTAIN {
        return replaced(text, key, &mask(key));
    }
    let quoted = |key: &str| concat(&["\"", key, "\""]);
    replaced(text, &quoted(key), &quoted(&mask(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "9bc448a2ff6511e8890a6c92bf31542f";

    #[test]
    fn says_it_in_both_languages() {
        let error = QccError::of_status(102, "【无效请求】当前 KEY 已欠费", Kind::Account, false);
        assert_eq!(error.message, "QCC 102: 【无效请求】当前 KEY 已欠费 — The key is in arrears.");
        let error = QccError::of_status(102, "", Kind::Account, false);
        assert_eq!(error.message, "QCC 102: 当前 KEY 已欠费 — The key is in arrears.");
        let error = QccError::of_status(4711, "新", Kind::UnknownStatus, false);
        assert!(error.message.starts_with("QCC 4711: 新 — "), "{}", error.message);
    }

    #[test]
    fn masks_keys_across_the_end_of_an_excerpt() {
        for start in [0, 100, MAX_EXCERPT - 40, MAX_EXCERPT - 20, MAX_EXCERPT - 1, MAX_EXCERPT] {
            let body = format!("{}{KEY}{}", "x".repeat(start), "键".repeat(2000));
            let shown = excerpt(body.as_bytes(), &["token", KEY]);
            assert!(shown.len() <= MAX_EXCERPT && !shown.contains(&KEY[..4]), "{start}");
        }
        assert_eq!(excerpt(b"\xff\xfe", &[KEY]), "\u{FFFD}\u{FFFD}");
        assert_eq!(mask_key(r#"{"key":"k","kk":"key"}"#, "k"), r#"{"key":"****","kk":"key"}"#);
    }

    #[test]
    fn masks_the_key_in_the_vendors_words() {
        let error = QccError::of_status(101, &format!("无效的 KEY {KEY}"), Kind::Auth, false);
        let error = QccError { request_id: Some(KEY.to_owned()), ..error }.with_masked(KEY);
        assert!(!format!("{error:?}").contains(KEY) && error.message.contains("9b****2f"), "{error:?}");
    }

    #[test]
    fn serialises_as_users_see_it() {
        let error =
            QccError { billed: Billed::Unknown, ..QccError::of_attempt(Seen::Lost, Kind::Network, true) };
        let json = serde_json::to_value(&error).unwrap();
        assert_eq!(json["kind"], "network");
        assert_eq!(json["billed"], "unknown");
        assert_eq!(json["httpStatus"], serde_json::Value::Null);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&error.to_json()).unwrap(), json);
        let refused = QccError {
            body: Some("{\"a\": 1}".to_owned()),
            ..QccError::of_status(102, "欠费", Kind::Account, false)
        };
        let json = serde_json::to_value(&refused).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&refused.to_json()).unwrap(), json);
    }
}
