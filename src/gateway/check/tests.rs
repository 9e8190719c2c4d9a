//! What a gateway lets through, and what it refuses, however a request is spelt.

use super::*;
use crate::client::request::{percent_encoded, url};
use proptest::prelude::*;

const PARTNERSHIP: &str = "/api/corp/correlation/findPartnershipRelation";
const QUOTA: &str = "/api/company/quota/getQuota";
const PAGE: &str = "https://page.example";

fn gate() -> Gate {
    Gate::new(None, vec![PAGE.to_owned()]).unwrap()
}

fn check(method: &str, target: &str, headers: &[(&str, &str)]) -> Checked {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    gate().check(Asked { method, target, headers: &headers })
}

fn refusal(method: &str, target: &str, headers: &[(&str, &str)]) -> Option<Refusal> {
    match check(method, target, headers).decision {
        Decision::Refuse(refusal) => Some(refusal),
        Decision::Preflight | Decision::Forward(..) => None,
    }
}

fn value<'a>(checked: &'a Checked, name: &str) -> Option<&'a str> {
    checked.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}

#[test]
fn passes_on_what_the_client_sends() {
    let query = (ENDPOINTS[0].query)(&["企查查科技股份有限公司", "A&B=C+1 (x)"]).unwrap();
    let params = query.params.iter().map(|(name, value)| (*name, value.as_str()));
    for mount in ["", "/api/qcc", "/a/b-c_d/~e"] {
        let target = url(mount, PARTNERSHIP, None, params.clone());
        match check("GET", &target, &[("sec-fetch-site", "same-origin")]).decision {
            Decision::Forward(endpoint, names) => {
                assert_eq!(endpoint.path, PARTNERSHIP);
                assert_eq!(names, ["企查查科技股份有限公司", "A&B=C+1 (x)"]);
            }
            other => panic!("{other:?}"),
        }
        let quota = check("GET", &[mount, QUOTA].concat(), &[]).decision;
        assert!(
            matches!(quota, Decision::Forward(endpoint, names) if endpoint.path == QUOTA && names.is_empty())
        );
    }
}

#[test]
fn answers_only_listed_pages_of_other_origins() {
    let from = |headers: &[(&str, &str)]| refusal("GET", QUOTA, headers);
    assert_eq!(from(&[("origin", PAGE), ("sec-fetch-site", "cross-site")]), None);
    assert_eq!(from(&[("sec-fetch-site", "none")]), None);
    assert_eq!(from(&[]), None);
    for origin in [
        "null",
        "",
        "https://page.example.evil",
        "http://page.example",
        "https://page.example/",
        "HTTPS://PAGE.EXAMPLE",
        "*",
    ] {
        assert_eq!(from(&[("origin", origin)]), Some(Refusal::Origin), "{origin}");
    }
    // An image, a script, a form or a link on somebody else's page: cookies, but no Origin.
    for site in ["cross-site", "same-site"] {
        assert_eq!(from(&[("sec-fetch-site", site)]), Some(Refusal::Origin), "{site}");
    }
    let listed = check("GET", QUOTA, &[("origin", PAGE)]);
    assert_eq!(value(&listed, "Access-Control-Allow-Origin"), Some(PAGE));
    let other = check("GET", QUOTA, &[("origin", "https://evil.example")]);
    assert!(other.headers.iter().all(|(name, _)| !name.starts_with("Access-Control")));
    for checked in [&listed, &other, &check("PUT", "/", &[])] {
        assert_eq!(value(checked, "Vary"), Some("Origin"));
        assert_eq!(value(checked, "Cache-Control"), Some("no-store"));
        assert_eq!(value(checked, "X-Content-Type-Options"), Some("nosniff"));
    }
}

#[test]
fn answers_the_preflight_of_a_listed_page() {
    let ask = |origin, method, names| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", method),
            ("access-control-request-headers", names),
        ];
        check("OPTIONS", PARTNERSHIP, &headers)
    };
    let allowed = ask(PAGE, "GET", "authorization, x-csrf-token");
    assert!(matches!(allowed.decision, Decision::Preflight));
    assert_eq!(value(&allowed, "Access-Control-Allow-Headers"), Some("authorization, x-csrf-token"));
    assert_eq!(value(&allowed, "Access-Control-Allow-Methods"), Some("GET"));
    for (origin, method, names) in [
        ("https://evil.example", "GET", ""),
        (PAGE, "POST", ""),
        (PAGE, "get", ""),
        (PAGE, "GET", "Token"),
        (PAGE, "GET", "x-a,timespan"),
        (PAGE, "GET", "x-http-method-override"),
        (PAGE, "GET", "a\r\nb"),
        (PAGE, "GET", "a:b"),
    ] {
        assert!(
            matches!(ask(origin, method, names).decision, Decision::Refuse(_)),
            "{origin} {method} {names}"
        );
    }
    assert_eq!(refusal("OPTIONS", QUOTA, &[]), Some(Refusal::Method));
    assert_eq!(refusal("OPTIONS", "/api/other", &[("origin", PAGE)]), Some(Refusal::Endpoint));
}

#[test]
fn passes_only_listed_endpoints_on() {
    let only = Gate::new(Some(&["getQuota".to_owned()]), Vec::new()).unwrap();
    let ask = |target| only.check(Asked { method: "GET", target, headers: &[] }).decision;
    assert!(matches!(ask(QUOTA), Decision::Forward(..)));
    let target = [PARTNERSHIP, "?companyNames=ab,cd"].concat();
    assert!(matches!(ask(&target), Decision::Refuse(Refusal::Endpoint)));
    assert!(Gate::new(Some(&[QUOTA.to_owned()]), Vec::new()).is_ok());
    assert_eq!(
        Gate::new(Some(&["getQuota".into(), "/api/other".into()]), Vec::new()).unwrap_err(),
        "/api/other"
    );
}

#[test]
fn refuses_what_is_too_long_before_it_looks_further() {
    let target = ["/", &"a".repeat(MAX_TARGET - QUOTA.len() - 1), QUOTA].concat();
    assert_eq!(target.len(), MAX_TARGET);
    assert_eq!(refusal("GET", &target, &[]), None);
    assert_eq!(refusal("GET", &[&target, "?"].concat(), &[]), Some(Refusal::TooLong));
}

#[test]
fn tells_each_refusal_in_both_languages_and_nothing_else() {
    let all = [
        Refusal::Method,
        Refusal::Path,
        Refusal::Endpoint,
        Refusal::TooLong,
        Refusal::Query,
        Refusal::Headers,
        Refusal::Origin,
        Refusal::Names(NameError::Empty),
        Refusal::Caller,
        Refusal::TooMany(7),
        Refusal::Inside,
    ];
    for refusal in all {
        let error = refusal.error();
        assert!(
            error.message.contains(|c: char| c >= '\u{4E00}') && error.message.contains(" ("),
            "{error:?}"
        );
        assert_eq!(error.attempts, 0);
        assert_eq!(error.billed == Billed::Unknown, refusal == Refusal::Inside);
        assert!((400..=500).contains(&refusal.http_status()));
    }
    assert_eq!(Refusal::TooMany(7).headers(), [("Retry-After", "7".to_owned())]);
}

proptest! {
    /// Whatever comes: what is passed on is a call that the client itself could have made.
    #[test]
    fn passes_on_nothing_but_good_calls(
        method in prop_oneof!["GET", "get", "POST", "OPTIONS", "[A-Z]{1,8}"],
        mount in prop_oneof!["", "/[a-z]{1,5}", "/\\.\\.", "//[a-z]{3}", "/%2e", ".{0,5}"],
        path in prop_oneof![Just(PARTNERSHIP.to_owned()), Just(QUOTA.to_owned()), "/api/[a-zA-Z/.%]{0,40}", ".{0,20}"],
        pairs in prop::collection::vec((prop_oneof!["companyNames", "key", "Token", "companynames", ".{0,6}"], ".{0,30}", any::<bool>()), 0..4),
        header in prop::sample::select(&LOOKED_AT[..]),
        said in prop_oneof![Just(PAGE.to_owned()), Just("https://evil.example".to_owned()), Just("0".to_owned()), ".{0,10}"],
    ) {
        let mut target = [mount.as_str(), path.as_str()].concat();
        for (index, (name, text, encode)) in pairs.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(name);
            target.push('=');
            if *encode { target.push_str(&percent_encoded(text)) } else { target.push_str(text) }
        }
        let headers = [(header.to_owned(), said)];
        let gate = gate();
        let checked = gate.check(Asked { method: &method, target: &target, headers: &headers });
        let allowed = checked.headers.iter().find(|(name, _)| *name == "Access-Control-Allow-Origin");
        prop_assert!(allowed.is_none_or(|(_, origin)| origin == PAGE));
        match checked.decision {
            Decision::Forward(endpoint, names) => {
                prop_assert_eq!(&method, "GET");
                prop_assert!(ENDPOINTS.iter().any(|known| std::ptr::eq(*known, endpoint)));
                prop_assert!(!REFUSED.contains(&header) && header != "transfer-encoding");
                let listed: Vec<&str> = names.iter().map(String::as_str).collect();
                let query = (endpoint.query)(&listed).unwrap();
                let sent = url("https://pro.qcc.com", endpoint.path, Some("K"), query.params.iter().map(|(name, value)| (*name, value.as_str())));
                let (start, query) = sent.split_once('?').unwrap();
                prop_assert_eq!(start, ["https://pro.qcc.com", endpoint.path].concat());
                let names: Vec<_> = query.split('&').map(|pair| pair.split('=').next().unwrap()).collect();
                let expected: Vec<_> = ["key"].into_iter().chain(endpoint.params.iter().copied()).collect();
                prop_assert_eq!(names, expected);
            }
            Decision::Preflight => prop_assert_eq!(&method, "OPTIONS"),
            Decision::Refuse(refusal) => prop_assert!(refusal.http_status() >= 400),
        }
    }
}
