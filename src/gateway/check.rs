//! What a gateway lets through. A request is refused unless every part of it is one that the client of a page sends.
//!
//! The rules for other origins are the Fetch standard's: a page of another origin is told apart by `Origin`, and what it
//! embeds without asking (an image, a script, a link that is followed), which sends the visitor's cookies but no `Origin`,
//! by `Sec-Fetch-Site`.

use crate::api::ENDPOINTS;
use crate::api::company::NameError;
use crate::api::endpoint::{self, Endpoint};
use crate::api::status::Kind;
use crate::api::write::number_text;
use crate::client::error::QccError;
use crate::client::policy::Billed;
use crate::client::relay;
use crate::client::request::{path_fault, percent_decode};
use crate::text::contains;

/// The longest path and query, in bytes: twenty names of ninety Chinese characters. Node's own limit for all headers is
/// as much.
pub const MAX_TARGET: usize = 16_384;

/// For how long a browser may remember that it is let through, in seconds: what every browser allows at least.
const PREFLIGHT_SECONDS: &str = "600";

/// The request headers that are looked at.
pub const LOOKED_AT: [&str; 11] = [
    "origin",
    "sec-fetch-site",
    "access-control-request-method",
    "access-control-request-headers",
    "content-length",
    "transfer-encoding",
    "token",
    "timespan",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
];

/// Those of them that no caller may send: the gateway signs, and GET is GET.
const REFUSED: [&str; 5] =
    ["token", "timespan", "x-http-method", "x-http-method-override", "x-method-override"];

/// A request, as far as it is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// As it was sent: methods are case-sensitive.
    pub method: &'a str,
    /// Path and query as they were sent, where the platform still knows.
    pub target: &'a str,
    /// The headers of [`LOOKED_AT`] that are there, names in lower case.
    pub headers: &'a [(String, String)],
}

/// What is to be done about a request.
#[derive(Debug)]
pub enum Decision {
    /// It goes no further.
    Refuse(Refusal),
    /// A browser asks whether its page may ask: HTTP 204.
    Preflight,
    /// It is passed on: this endpoint, asked for these companies.
    Forward(&'static Endpoint, Vec<String>),
}

/// A decision and the headers that go with whatever is answered.
#[derive(Debug)]
pub struct Checked {
    /// What is to be done.
    pub decision: Decision,
    /// Names and values, those of CORS included.
    pub headers: Vec<(&'static str, String)>,
}

/// Why a request goes no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Not GET, nor a preflight.
    Method,
    /// The path climbs, is encoded, carries a host or a fragment.
    Path,
    /// The path is no endpoint's, or that of one that is not let through.
    Endpoint,
    /// Path and query are longer than [`MAX_TARGET`].
    TooLong,
    /// The query is not what this endpoint takes.
    Query,
    /// It has a body, signs itself or asks for another method.
    Headers,
    /// It comes from a page that is not on the list.
    Origin,
    /// The companies cannot be asked for.
    Names(NameError),
    /// `authorize` did not let it in.
    Caller,
    /// The caller has had its calls; it may ask again after so many seconds.
    TooMany(u32),
    /// The gateway itself failed, perhaps after it had asked.
    Inside,
}

impl Refusal {
    /// The HTTP status.
    pub fn http_status(&self) -> u16 {
        match self {
            Refusal::Path | Refusal::Query | Refusal::Headers | Refusal::Names(_) => 400,
            Refusal::Caller => 401,
            Refusal::Origin => 403,
            Refusal::Endpoint => 404,
            Refusal::Method => 405,
            Refusal::TooLong => 414,
            Refusal::TooMany(_) => 429,
            Refusal::Inside => 500,
        }
    }

    /// What the caller is told. It says nothing that the caller has not sent.
    pub fn error(&self) -> QccError {
        let (kind, message, hint) = match self {
            Refusal::Names(fault) => return fault.clone().into(),
            Refusal::Method => (Kind::Permission, "网关只接受 GET (the gateway takes GET only)", "Use GET."),
            Refusal::Path => (
                Kind::InvalidArgument,
                "网关拒绝此路径 (the gateway refuses this path: it climbs, is encoded or carries a host)",
                "Use the endpoint's path as it stands in the documents.",
            ),
            Refusal::Endpoint => (
                Kind::Permission,
                "网关未开放此接口 (the gateway does not pass this endpoint on)",
                "Its option endpoints lists what it passes on.",
            ),
            Refusal::TooLong => (
                Kind::InvalidArgument,
                "请求过长 (the gateway refuses a path and query this long)",
                "Ask for fewer companies at once.",
            ),
            Refusal::Query => (
                Kind::InvalidArgument,
                "网关拒绝此参数 (the gateway takes this endpoint's own parameters only, each once, percent-encoded UTF-8)",
                "Leave key and everything else out: the gateway adds its own.",
            ),
            Refusal::Headers => (
                Kind::InvalidArgument,
                "网关拒绝此请求头 (the gateway takes no body, no signature and no other method)",
                "Leave Token, Timespan and the body out: the gateway signs.",
            ),
            Refusal::Origin => (
                Kind::Auth,
                "网关不接受此来源 (the gateway does not answer pages of this origin)",
                "Its option origins lists the pages that may call it.",
            ),
            Refusal::Caller => (
                Kind::Auth,
                "网关拒绝访问 (the gateway did not let this caller in)",
                "Sign in with the server that the gateway belongs to; its option authorize decides.",
            ),
            Refusal::TooMany(_) => (
                Kind::Quota,
                "网关限流 (over the calls per minute that the gateway allows one caller)",
                "Wait up to a minute, or call more slowly; it did not count.",
            ),
            Refusal::Inside => (
                Kind::Server,
                "网关内部错误 (the gateway failed inside)",
                "It may have been billed; the server's own log says more.",
            ),
        };
        let mut error = QccError::unsent(kind, message, hint);
        if let Refusal::TooMany(seconds) = self {
            error.hint =
                ["Wait ", &number_text((*seconds).into()), " s, or call more slowly; it did not count."]
                    .concat();
        }
        error.retryable = matches!(self, Refusal::TooMany(_));
        if *self == Refusal::Inside {
            error.billed = Billed::Unknown;
        }
        QccError { http_status: Some(self.http_status()), ..error }
    }

    /// The headers that go with it, beside those of every answer.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        match self {
            Refusal::Method => vec![("Allow", "GET, OPTIONS".to_owned())],
            Refusal::TooMany(seconds) => vec![("Retry-After", number_text((*seconds).into()))],
            _ => Vec::new(),
        }
    }
}

/// What a gateway has been told to let through.
#[derive(Debug)]
pub struct Gate {
    endpoints: Vec<&'static Endpoint>,
    origins: Vec<String>,
}

impl Gate {
    /// A gate for the endpoints with these names or paths (`None` for every one of the table) and for pages of these
    /// origins, as browsers write them.
    ///
    /// # Errors
    /// The name that no endpoint of the table has.
    pub fn new(endpoints: Option<&[String]>, origins: Vec<String>) -> Result<Self, String> {
        let find = |name: &String| {
            endpoint::by_name(name).or_else(|| endpoint::by_path(name)).ok_or_else(|| name.clone())
        };
        let endpoints = match endpoints {
            Some(names) => names.iter().map(find).collect::<Result<_, _>>()?,
            None => ENDPOINTS.to_vec(),
        };
        Ok(Self { endpoints, origins })
    }

    /// Checks a request. What it lets through can be sent as it is and is paid for at most as any call is.
    pub fn check(&self, asked: Asked<'_>) -> Checked {
        let origin =
            header(asked.headers, "origin").filter(|origin| self.origins.iter().any(|o| o == origin));
        let mut headers = plain_headers();
        if let Some(origin) = origin {
            headers.push(("Access-Control-Allow-Origin", origin.to_owned()));
            headers.push(("Access-Control-Allow-Credentials", "true".to_owned()));
            headers.push(("Access-Control-Expose-Headers", [relay::HEADER, ", Retry-After"].concat()));
        }
        let decision = self.decide(asked, origin.is_some(), &mut headers).unwrap_or_else(Decision::Refuse);
        if let Decision::Refuse(refusal) = &decision {
            headers.append(&mut refusal.headers());
        }
        Checked { decision, headers }
    }

    fn decide(
        &self,
        asked: Asked<'_>,
        from_listed_page: bool,
        headers: &mut Vec<(&'static str, String)>,
    ) -> Result<Decision, Refusal> {
        if !matches!(asked.method, "GET" | "OPTIONS") {
            return Err(Refusal::Method);
        }
        let (endpoint, query) = self.find(asked.target)?;
        let elsewhere = header(asked.headers, "origin").is_some()
            || matches!(header(asked.headers, "sec-fetch-site"), Some("cross-site" | "same-site"));
        if elsewhere && !from_listed_page {
            return Err(Refusal::Origin);
        }
        if asked.method == "OPTIONS" {
            return preflight(asked.headers, from_listed_page, headers);
        }
        let has_body = header(asked.headers, "transfer-encoding").is_some()
            || header(asked.headers, "content-length").is_some_and(|length| length != "0");
        if has_body || asked.headers.iter().any(|(name, _)| REFUSED.contains(&name.as_str())) {
            return Err(Refusal::Headers);
        }
        let names = read_query(endpoint, query)?;
        let listed: Vec<&str> = names.iter().map(String::as_str).collect();
        (endpoint.query)(&listed).map_err(Refusal::Names)?;
        Ok(Decision::Forward(endpoint, names))
    }

    /// The endpoint that a path ends with, whatever the gateway is mounted under, and the query.
    fn find<'a>(&self, target: &'a str) -> Result<(&'static Endpoint, &'a str), Refusal> {
        if target.len() > MAX_TARGET {
            return Err(Refusal::TooLong);
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path_fault(path).is_some() || contains(path, "//") || !target.is_ascii() || contains(query, "#") {
            return Err(Refusal::Path);
        }
        let mut endpoints = self.endpoints.iter().copied();
        let endpoint = endpoints.find(|endpoint| path.ends_with(endpoint.path)).ok_or(Refusal::Endpoint)?;
        Ok((endpoint, query))
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// What goes with every answer, a refusal included.
fn plain_headers() -> Vec<(&'static str, String)> {
    [
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("Vary", "Origin"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

/// A page of a listed origin asks whether it may send GET with the headers it names: it may, unless they are refused.
fn preflight(
    asked: &[(String, String)],
    from_listed_page: bool,
    headers: &mut Vec<(&'static str, String)>,
) -> Result<Decision, Refusal> {
    if !from_listed_page || header(asked, "access-control-request-method") != Some("GET") {
        return Err(Refusal::Method);
    }
    let wanted = header(asked, "access-control-request-headers").unwrap_or_default();
    let is_token =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    for name in wanted.split(',').map(str::trim) {
        if !is_token(name) || REFUSED.iter().any(|refused| name.eq_ignore_ascii_case(refused)) {
            return Err(Refusal::Headers);
        }
    }
    headers.retain(|(name, _)| *name != "Content-Type");
    headers.push(("Access-Control-Allow-Methods", "GET".to_owned()));
    if !wanted.is_empty() {
        headers.push(("Access-Control-Allow-Headers", wanted.to_owned()));
    }
    headers.push(("Access-Control-Max-Age", PREFLIGHT_SECONDS.to_owned()));
    Ok(Decision::Preflight)
}

/// The companies of a query that has this endpoint's own parameters, each once, and nothing else.
fn read_query(endpoint: &Endpoint, query: &str) -> Result<Vec<String>, Refusal> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for pair in query.split('&').filter(|_| !query.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(Refusal::Query)?;
        let name = percent_decode(name).ok_or(Refusal::Query)?;
        let known = endpoint.params.iter().copied().find(|param| *param == name).ok_or(Refusal::Query)?;
        if found.iter().any(|(earlier, _)| *earlier == known) {
            return Err(Refusal::Query);
        }
        found.push((known, percent_decode(value).ok_or(Refusal::Query)?));
    }
    // No endpoint of the table takes more than one, and that is a list of names.
    Ok(found.iter().flat_map(|(_, names)| names.split(',')).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests;
