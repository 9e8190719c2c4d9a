//! What a call asks, and what the server finds wrong with it.
//!
//! Source: both vendor documents, 6.2.1 «权限验证», «请求参数» and 7 «请求状态码». They list the codes, not which mistake gets
//! which; where the code's words leave room, the choice is made here and said at [`Question::refusal`] and
//! [`Question::companies`].

use super::Request;
use crate::auth::Credentials;

/// 「最大允许企业数量 20」.
const MOST_COMPANIES: usize = 20;

/// An endpoint that the documents describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// 合作关系挖掘查询.
    PartnershipRelation,
    /// 额度查询.
    Quota,
}

impl Endpoint {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/api/corp/correlation/findPartnershipRelation" => Some(Self::PartnershipRelation),
            "/api/company/quota/getQuota" => Some(Self::Quota),
            _ => None,
        }
    }
}

/// One parameter of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Param {
    Absent,
    /// Twice, or not UTF-8 in percent-encoding.
    Malformed,
    Text(String),
}

/// A call, its query taken apart.
#[derive(Debug)]
pub(super) struct Question {
    pub endpoint: Option<Endpoint>,
    key: Param,
    company_names: Param,
}

impl Question {
    pub fn read(request: &Request<'_>) -> Self {
        Self {
            endpoint: Endpoint::of(request.path),
            key: param(request.query, "key"),
            company_names: param(request.query, "companyNames"),
        }
    }

    /// `companyNames` as it came, for the echo.
    pub fn company_names(&self) -> &str {
        match &self.company_names {
            Param::Text(names) => names,
            _ => "",
        }
    }

    /// The names, however wrong they may be.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.company_names().split(',')
    }

    /// Why the call is refused before its parameters are looked at:
    ///
    /// | mistake | code |
    /// | --- | --- |
    /// | a method other than GET | 118 |
    /// | `key` missing, empty or unknown | 101 |
    /// | `key` twice, or not UTF-8 | 104 |
    /// | `Token` or `Timespan` missing, `Timespan` not a number of seconds or too far off | 115 |
    /// | `Token` wrong, or not in upper case | 107 |
    pub fn refusal(&self, request: &Request<'_>, account: &Account, server_seconds: u64) -> Option<i64> {
        if request.method != "GET" {
            return Some(118);
        }
        match &self.key {
            Param::Malformed => return Some(104),
            Param::Text(key) if key == account.credentials.key() => {}
            _ => return Some(101),
        }
        let Some(timespan) = request.timespan.and_then(whole_seconds) else {
            return Some(115);
        };
        let Some(token) = request.token else {
            return Some(115);
        };
        if timespan.abs_diff(server_seconds) > account.tolerance_seconds {
            return Some(115);
        }
        (token != account.credentials.sign(timespan).token()).then_some(107)
    }

    /// The names asked for, or the code for what is wrong with them:
    ///
    /// | mistake | code |
    /// | --- | --- |
    /// | `companyNames` missing, empty, twice or not UTF-8; a name with a control character | 202 |
    /// | more than 20 names | 209 |
    /// | a name of fewer than 2 characters (an empty one between two commas too) | 213 |
    /// | a name of digits and signs alone | 215 |
    pub fn companies(&self) -> Result<Vec<&str>, i64> {
        if self.company_names().is_empty() {
            return Err(202);
        }
        let names: Vec<&str> = self.names().collect();
        if names.len() > MOST_COMPANIES {
            return Err(209);
        }
        if names.iter().any(|name| name.trim().chars().nth(1).is_none()) {
            return Err(213);
        }
        if names.iter().any(|name| name.chars().any(char::is_control)) {
            return Err(202);
        }
        if names.iter().any(|name| name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic())) {
            return Err(215);
        }
        Ok(names)
    }
}

/// Who is let in.
#[derive(Debug)]
pub(super) struct Account {
    pub credentials: Credentials,
    pub tolerance_seconds: u64,
}

/// Digits alone: no sign, no white space, no fraction.
fn whole_seconds(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// The one value of `name` in a query string (without `?`), percent-decoded, `+` being a space as in a form.
fn param(query: &str, name: &str) -> Param {
    let mut found = Param::Absent;
    for part in query.split('&') {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        if decode(key).as_deref() == Some(name) {
            found = match (found, decode(value)) {
                (Param::Absent, Some(text)) => Param::Text(text),
                _ => Param::Malformed,
            };
        }
    }
    found
}

fn decode(text: &str) -> Option<String> {
    let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => (digit(bytes.next())? * 16 + digit(bytes.next())?) as u8,
            b'+' => b' ',
            _ => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_query_as_a_form() {
        let text = |text: &str| Param::Text(text.to_owned());
        assert_eq!(param("a=1&key=%E9%94%AE+x%2C&b", "key"), text("键 x,"));
        assert_eq!(param("k%65y=1", "key"), text("1"));
        assert_eq!(param("key", "key"), text(""));
        assert_eq!(param("", "key"), Param::Absent);
        for malformed in ["key=1&key=2", "key=%E9%94", "key=%4", "key=%zz", "key=%FF&key=1"] {
            assert_eq!(param(malformed, "key"), Param::Malformed, "{malformed}");
        }
    }

    #[test]
    fn takes_seconds_and_nothing_like_them() {
        assert_eq!(whole_seconds("1587693600"), Some(1_587_693_600));
        for wrong in ["", "+1", "-1", " 1", "1.0", "1e9", "１", "99999999999999999999"] {
            assert_eq!(whole_seconds(wrong), None, "{wrong}");
        }
    }
}
