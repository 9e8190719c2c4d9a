//! The sandbox as a caller sees it. Options are written as JSON, the way JavaScript gives them.

use super::{read, *};
use crate::auth;
use proptest::prelude::*;
use serde_json::{Value, json};

mod faults;
mod relations;

const RELATION: &str = "/api/corp/correlation/findPartnershipRelation";
const QUOTA: &str = "/api/company/quota/getQuota";
/// 2020-04-24T02:00:00Z, the second of the project's signing vectors.
const NOW: u64 = 1_587_693_600;

fn made(options: &Value) -> Result<Sandbox, OptionsError> {
    Options::read(options).and_then(Sandbox::new)
}

fn sandbox(options: Value) -> Sandbox {
    made(&options).unwrap()
}

impl read::Value for Value {
    fn is_undefined(&self) -> bool {
        false
    }

    fn is_null(&self) -> bool {
        Value::is_null(self)
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn list(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }

    fn fields(&self) -> Option<Vec<(String, Self)>> {
        let fields = self.as_object()?;
        Some(fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    fn json(&self) -> Option<String> {
        Some(self.to_string())
    }
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A rightly signed call at `now_ms`.
fn call_at(sandbox: &mut Sandbox, path: &str, parameters: &str, now_ms: u64) -> Answer {
    let token = auth::token(SANDBOX_KEY, now_ms / 1000, SANDBOX_SECRET_KEY);
    let request = Request {
        method: "GET",
        path,
        query: &format!("key={SANDBOX_KEY}{parameters}"),
        token: Some(std::str::from_utf8(&token).unwrap()),
        timespan: Some(&(now_ms / 1000).to_string()),
    };
    sandbox.handle(&request, now_ms)
}

fn ask(sandbox: &mut Sandbox, names: &[&str]) -> Answer {
    call_at(sandbox, RELATION, &format!("&companyNames={}", encode(&names.join(","))), NOW * 1000)
}

fn quota(sandbox: &mut Sandbox) -> Answer {
    call_at(sandbox, QUOTA, "", NOW * 1000)
}

fn parsed(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

fn status(answer: &Answer) -> String {
    parsed(answer)["status"].as_str().unwrap().to_owned()
}

fn rows(answer: &Answer) -> Vec<Value> {
    parsed(answer)["result"]["partnershipRelationList"].as_array().cloned().unwrap_or_default()
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(header, _)| *header == name).map(|(_, value)| value.as_str())
}

#[test]
fn answers_the_documents_example_word_for_word() {
    let answer = ask(&mut sandbox(json!({})), &["企查查科技股份有限公司", "大连银行股份有限公司"]);
    assert_eq!(
        answer.body,
        r#"{"status":"200","msg":"【有效请求】查询成功","result":{"requestId":"535d3329cf664265bfa6cb00a0185a53","key":"9bc448a2ff6511e8890a6c92bf31542f","companyNames":"企查查科技股份有限公司,大连银行股份有限公司","partnershipRelationList":[{"companyName":"企查查科技股份有限公司","relatedCompanyName":"大连银行股份有限公司","amount":"34.8","publicDate":"2021-11","source":"招投标"}]}}"#
    );
    assert_eq!((answer.http_status, answer.billed, answer.transport), (200, true, Transport::Deliver));
    assert_eq!(header(&answer, "content-length"), Some(answer.body.len().to_string().as_str()));
    assert_eq!(header(&answer, "date"), Some("Fri, 24 Apr 2020 02:00:00 GMT"));
}

#[test]
fn answers_the_documents_quota_word_for_word() {
    assert_eq!(
        quota(&mut sandbox(json!({}))).body,
        r#"{"status":"200","msg":"查询成功","result":[{"id":"radar_id","totalCount":50,"canDeletedCount":50,"consumedCount":2},{"id":"bene_id","totalCount":100,"canDeletedCount":30,"consumedCount":2},{"id":"natural_person_id","totalCount":50,"canDeletedCount":15,"consumedCount":0}]}"#
    );
}

#[test]
fn keeps_the_examples_relation_in_whatever_company() {
    let mut sandbox = sandbox(json!({ "density": 0 }));
    let answer = ask(&mut sandbox, &["大连银行股份有限公司", "某某有限公司", "企查查科技股份有限公司"]);
    let expected = json!([{
        "companyName": "企查查科技股份有限公司", "relatedCompanyName": "大连银行股份有限公司",
        "amount": "34.8", "publicDate": "2021-11", "source": "招投标"
    }]);
    assert_eq!(Value::from(rows(&answer)), expected);
}

#[test]
fn answers_each_mistake_in_who_asks_with_its_code() {
    let second = NOW.to_string();
    let good = auth::token(SANDBOX_KEY, NOW, SANDBOX_SECRET_KEY);
    let good = std::str::from_utf8(&good).unwrap();
    let of =
        |time: u64| String::from_utf8(auth::token(SANDBOX_KEY, time, SANDBOX_SECRET_KEY).to_vec()).unwrap();
    let other = String::from_utf8(auth::token(SANDBOX_KEY, NOW, "another").to_vec()).unwrap();
    let (early, late) = (of(NOW - 301), of(NOW + 301));
    let (just_early, just_late) = (of(NOW - 300), of(NOW + 300));
    let milliseconds = of(NOW * 1000);
    let key = format!("key={SANDBOX_KEY}");
    let twice = format!("{key}&{key}");
    let request = |method, query, token, timespan| Request { method, path: QUOTA, query, token, timespan };
    let early_second = (NOW - 301).to_string();
    let late_second = (NOW + 301).to_string();
    let just_early_second = (NOW - 300).to_string();
    let just_late_second = (NOW + 300).to_string();
    let in_milliseconds = (NOW * 1000).to_string();
    let lower = good.to_lowercase();
    let cases = [
        ("200", request("GET", &key, Some(good), Some(&second))),
        ("200", request("GET", &key, Some(&just_early), Some(&just_early_second))),
        ("200", request("GET", &key, Some(&just_late), Some(&just_late_second))),
        ("118", request("POST", &key, Some(good), Some(&second))),
        ("118", request("HEAD", &key, Some(good), Some(&second))),
        ("101", request("GET", "", Some(good), Some(&second))),
        ("101", request("GET", "key=", Some(good), Some(&second))),
        ("101", request("GET", "key=another", Some(good), Some(&second))),
        ("101", request("GET", "KEY=9bc448a2ff6511e8890a6c92bf31542f", Some(good), Some(&second))),
        ("104", request("GET", &twice, Some(good), Some(&second))),
        ("104", request("GET", "key=%FF", Some(good), Some(&second))),
        ("115", request("GET", &key, None, Some(&second))),
        ("115", request("GET", &key, Some(good), None)),
        ("115", request("GET", &key, Some(good), Some(""))),
        ("115", request("GET", &key, Some(good), Some("now"))),
        ("115", request("GET", &key, Some(&early), Some(&early_second))),
        ("115", request("GET", &key, Some(&late), Some(&late_second))),
        ("115", request("GET", &key, Some(&milliseconds), Some(&in_milliseconds))),
        ("107", request("GET", &key, Some(&other), Some(&second))),
        ("107", request("GET", &key, Some(&lower), Some(&second))),
        ("107", request("GET", &key, Some(&good[1..]), Some(&second))),
        ("107", request("GET", &key, Some(&just_early), Some(&second))),
    ];
    let mut sandbox = sandbox(json!({}));
    for (code, request) in cases {
        let answer = sandbox.handle(&request, NOW * 1000);
        assert_eq!(status(&answer), code, "{request:?} {:?} {:?}", request.query, request.timespan);
        assert_eq!(answer.billed, code == "200");
        assert_eq!(answer.http_status, 200);
        if code != "200" {
            let info = status::status_info(code.parse().unwrap()).unwrap();
            let message = format!("【无效请求】{}", info.words().zh);
            assert_eq!(parsed(&answer), json!({ "status": code, "msg": message, "result": null }));
        }
    }
    let other_path = call_at(&mut sandbox, "/api/corp/acctScan/getResult", "", NOW * 1000);
    assert_eq!((other_path.http_status, other_path.billed), (404, false));
    assert_eq!(sandbox.stats().billed, 3);
}

#[test]
fn answers_each_mistake_in_what_is_asked_with_its_code() {
    let mut sandbox = sandbox(json!({ "density": 1 }));
    let many = |count: usize| (0..count).map(|i| format!("第{i}号公司")).collect::<Vec<_>>().join(",");
    let (twenty, more) = (many(20), many(21));
    for (code, parameters) in [
        ("202", "".to_owned()),
        ("202", "&companyNames=".to_owned()),
        ("202", "&companynames=%E7%94%B2".to_owned()),
        ("202", format!("&companyNames={0}&companyNames={0}", encode("甲公司,乙公司"))),
        ("202", "&companyNames=%E4%BC,%E4%BC".to_owned()),
        ("202", format!("&companyNames={}", encode("甲公司,乙\u{0}公司"))),
        ("209", format!("&companyNames={}", encode(&more))),
        ("213", format!("&companyNames={}", encode("甲公司,乙"))),
        ("213", format!("&companyNames={}", encode("甲公司,,乙公司"))),
        ("213", format!("&companyNames={}", encode("甲公司,"))),
        ("213", format!("&companyNames={}", encode("甲公司, 乙 "))),
        ("215", format!("&companyNames={}", encode("甲公司,12-34"))),
        ("201", format!("&companyNames={}", encode("甲公司"))),
        ("201", format!("&companyNames={}", encode("甲公司,甲公司"))),
        ("200", format!("&companyNames={}", encode(&twenty))),
        ("200", "&companyNames=Ab,C1".to_owned()),
    ] {
        let answer = call_at(&mut sandbox, RELATION, &parameters, NOW * 1000);
        assert_eq!(status(&answer), code, "{parameters}");
        // 7.1: all of these count.
        assert!(answer.billed);
        assert!(parsed(&answer)["msg"].as_str().unwrap().starts_with("【有效请求】"));
    }
}

#[test]
fn answers_every_code_of_the_table_on_request_and_any_other() {
    for info in &status::TABLE {
        let mut sandbox = sandbox(json!({ "faults": [{ "calls": 2, "status": info.code }] }));
        let plain = ask(&mut sandbox, &["甲公司", "乙公司"]);
        assert_eq!(status(&plain), "201");
        let answer = ask(&mut sandbox, &["甲公司", "乙公司"]);
        assert_eq!((status(&answer), answer.billed), (info.code.to_string(), info.billed));
        assert_eq!(answer.outcome, Outcome::Status(info.code.into()));
        assert_eq!(status(&ask(&mut sandbox, &["甲公司", "乙公司"])), "201");
    }
    let mut sandbox = sandbox(json!({ "faults": [{ "status": 777, "message": "【有效请求】\"新\"\n" }] }));
    let answer = quota(&mut sandbox);
    assert_eq!(parsed(&answer), json!({ "status": "777", "msg": "【有效请求】\"新\"\n", "result": null }));
    assert!(answer.billed);
}

#[test]
fn lets_a_badly_signed_call_no_further_than_the_signature() {
    let mut sandbox = sandbox(json!({ "faults": [{ "status": 109 }], "limits": { "dailyCalls": 0 } }));
    let request = Request {
        method: "GET",
        path: QUOTA,
        query: "key=9bc448a2ff6511e8890a6c92bf31542f",
        ..Request::default()
    };
    assert_eq!(status(&sandbox.handle(&request, NOW * 1000)), "115");
}

#[test]
fn spoils_the_answer_in_every_way() {
    let whole = quota(&mut sandbox(json!({}))).body;
    for (name, transport, outcome, billed) in [
        ("refuse", Transport::Refuse, Outcome::Lost, false),
        ("reset", Transport::Reset, Outcome::Status(200), true),
        ("no-answer", Transport::NeverAnswer, Outcome::Status(200), true),
        ("cut-body", Transport::CutBodyAfter(whole.len() / 2), Outcome::Status(200), true),
        ("stall-body", Transport::StallBodyAfter(whole.len() / 2), Outcome::Status(200), true),
        ("truncated-json", Transport::Deliver, Outcome::Status(200), true),
        ("empty", Transport::Deliver, Outcome::Status(200), true),
        ("html", Transport::Deliver, Outcome::Http(200), false),
    ] {
        let answer = quota(&mut sandbox(json!({ "faults": [{ "transport": name }] })));
        assert_eq!((answer.transport, answer.outcome, answer.billed), (transport, outcome, billed), "{name}");
        assert_eq!(header(&answer, "content-length"), Some(answer.body.len().to_string().as_str()));
        match name {
            "truncated-json" => assert!(whole.starts_with(&answer.body) && answer.body.len() < whole.len()),
            "empty" => assert_eq!(answer.body, ""),
            "html" => assert!(answer.body.starts_with("<html>")),
            "refuse" => {}
            _ => assert_eq!(answer.body, whole),
        }
    }
    for (transport, billed) in [("reset", false), ("no-answer", false), ("html", true)] {
        let fault = json!({ "transport": transport, "billed": billed });
        let mut sandbox = sandbox(json!({ "faults": [fault] }));
        assert_eq!(quota(&mut sandbox).billed, billed, "{transport}");
        assert_eq!(sandbox.stats().billed, u64::from(billed));
    }
}

#[test]
fn answers_http_statuses_with_retry_after() {
    let date = "Fri, 24 Apr 2020 02:00:30 GMT";
    let mut sandbox = sandbox(json!({ "faults": [
        { "calls": 1, "http": 429, "retryAfter": 3 },
        { "calls": 2, "http": 503, "retryAfter": date },
        { "calls": [3, 4], "http": 502 },
    ] }));
    let answers: Vec<_> = (0..4).map(|_| quota(&mut sandbox)).collect();
    let seen: Vec<_> = answers.iter().map(|a| (a.http_status, header(a, "retry-after"))).collect();
    assert_eq!(seen, [(429, Some("3")), (503, Some(date)), (502, None), (502, None)]);
    assert!(answers.iter().all(|a| !a.billed && header(a, "content-type").unwrap().starts_with("text/html")));
    assert_eq!(
        sandbox.stats().by_outcome,
        [(Outcome::Http(429), 1), (Outcome::Http(502), 2), (Outcome::Http(503), 1)]
    );
    assert_eq!(Outcome::Http(503).label(), "HTTP 503");
}

#[test]
fn has_a_clock_that_may_be_off() {
    let mut sandbox =
        sandbox(json!({ "faults": [{ "times": 1, "clockOffsetSeconds": -3600 }], "latencyMs": 20 }));
    let off = quota(&mut sandbox);
    assert_eq!((status(&off).as_str(), header(&off, "date")), ("115", Some("Fri, 24 Apr 2020 01:00:00 GMT")));
    let on = quota(&mut sandbox);
    assert_eq!((status(&on).as_str(), on.delay_ms), ("200", 20));
}

#[test]
fn lets_faults_act_when_they_say() {
    let acting = |fault: Value, calls: u64| -> Vec<u64> {
        let mut sandbox = sandbox(json!({ "faults": [fault], "seed": 5 }));
        (1..=calls).filter(|_| ask(&mut sandbox, &["甲公司", "乙公司"]).delay_ms > 0).collect()
    };
    assert_eq!(acting(json!({ "delayMs": 1 }), 3), [1, 2, 3]);
    assert_eq!(acting(json!({ "delayMs": 1, "calls": 2 }), 4), [2]);
    assert_eq!(acting(json!({ "delayMs": 1, "calls": [1, 4] }), 4), [1, 4]);
    assert_eq!(acting(json!({ "delayMs": 1, "calls": { "every": 3 } }), 9), [3, 6, 9]);
    assert_eq!(acting(json!({ "delayMs": 1, "calls": { "from": 2, "to": 7, "every": 2 } }), 9), [2, 4, 6]);
    assert_eq!(acting(json!({ "delayMs": 1, "calls": { "to": 2 } }), 9), [1, 2]);
    assert_eq!(acting(json!({ "delayMs": 1, "times": 2 }), 9), [1, 2]);
    assert_eq!(acting(json!({ "delayMs": 1, "path": QUOTA }), 9), [0; 0]);
    assert_eq!(acting(json!({ "delayMs": 1, "company": "甲公司" }), 2), [1, 2]);
    assert_eq!(acting(json!({ "delayMs": 1, "company": ["丙公司", "乙公司"] }), 2), [1, 2]);
    assert_eq!(acting(json!({ "delayMs": 1, "company": "甲" }), 2), [0; 0]);
    let drawn = acting(json!({ "delayMs": 1, "probability": 0.3 }), 1000);
    assert!((250..350).contains(&drawn.len()), "{}", drawn.len());
    assert_eq!(drawn, acting(json!({ "delayMs": 1, "probability": 0.3 }), 1000));
    assert_eq!(acting(json!({ "delayMs": 1, "probability": 0 }), 100), [0; 0]);
    assert_eq!(acting(json!({ "delayMs": 1, "probability": 1 }), 3), [1, 2, 3]);
}

#[test]
fn adds_delays_up_and_lets_the_first_reply_have_its_way() {
    let mut sandbox = sandbox(json!({ "latencyMs": 1, "faults": [
        { "delayMs": 10 }, { "status": 199, "delayMs": 100 }, { "status": 203, "delayMs": 1000, "times": 1 }, { "delayMs": 10000 },
    ] }));
    let answer = quota(&mut sandbox);
    assert_eq!((status(&answer).as_str(), answer.delay_ms), ("199", 10111));
}

#[test]
fn changes_its_faults_on_the_way() {
    let mut sandbox = sandbox(json!({ "faults": [{ "status": 199 }] }));
    assert_eq!(status(&quota(&mut sandbox)), "199");
    sandbox.set_faults(Fault::read_list(&json!([{ "calls": 2, "status": 203 }])).unwrap()).unwrap();
    let codes: Vec<_> = (0..3).map(|_| status(&quota(&mut sandbox))).collect();
    assert_eq!(codes, ["200", "203", "200"]);
    assert!(sandbox.set_faults(vec![Fault::default()]).is_err());
    sandbox.reset();
    let codes: Vec<_> = (0..3).map(|_| status(&quota(&mut sandbox))).collect();
    assert_eq!(codes, ["200", "203", "200"]);
}

#[test]
fn keeps_the_companies_at_fault_at_fault() {
    let mut sandbox = sandbox(json!({ "faults": [{ "company": ["坏公司", "劣公司"], "status": 208 }] }));
    assert_eq!(status(&ask(&mut sandbox, &["甲公司", "坏公司", "乙公司"])), "208");
    assert_eq!(status(&ask(&mut sandbox, &["劣公司", "乙公司"])), "208");
    assert_eq!(status(&ask(&mut sandbox, &["甲公司", "乙公司"])), "201");
}

#[test]
fn refuses_too_many_rows() {
    let row = json!({ "companyName": "甲公司", "relatedCompanyName": "乙公司" });
    let mut small = sandbox(json!({ "relations": [row, row, row], "maxRows": 3 }));
    assert_eq!(rows(&ask(&mut small, &["甲公司", "乙公司"])).len(), 3);
    let mut full = sandbox(json!({ "relations": vec![row; 5001] }));
    let answer = ask(&mut full, &["乙公司", "甲公司"]);
    assert_eq!((status(&answer).as_str(), parsed(&answer)["result"].is_null()), ("207", true));
}

#[test]
fn runs_down_its_limits() {
    let mut daily = sandbox(json!({ "limits": { "dailyCalls": 2, "dailyStatus": 112 } }));
    let codes: Vec<_> = (0..4).map(|_| status(&ask(&mut daily, &["甲公司", "乙公司"]))).collect();
    assert_eq!(codes, ["201", "201", "112", "112"]);
    assert_eq!((daily.stats().calls, daily.stats().billed), (4, 2));
    daily.reset();
    assert_eq!(status(&ask(&mut daily, &["甲公司", "乙公司"])), "201");

    let mut fast = sandbox(json!({ "limits": { "callsPerSecond": 1 } }));
    let codes = [0, 10, 1000].map(|ms| status(&call_at(&mut fast, QUOTA, "", NOW * 1000 + ms)));
    assert_eq!(codes, ["200", "120", "200"]);

    let mut busy = sandbox(json!({ "limits": { "concurrency": 1 }, "latencyMs": 100 }));
    let codes = [0, 99, 100].map(|ms| status(&call_at(&mut busy, QUOTA, "", NOW * 1000 + ms)));
    assert_eq!(codes, ["200", "122", "200"]);
}

#[test]
fn counts_what_was_called_billed_and_paid_twice() {
    let mut sandbox = sandbox(
        json!({ "trackRepeats": true, "faults": [{ "calls": 3, "status": 205 }, { "calls": 4, "status": 199 }] }),
    );
    for names in [
        ["甲公司", "乙公司"],
        ["乙公司", "甲公司"],
        ["甲公司", "丙公司"],
        ["甲公司", "丙公司"],
        ["甲公司", "丙公司"],
    ] {
        ask(&mut sandbox, &names);
    }
    quota(&mut sandbox);
    quota(&mut sandbox);
    let stats = sandbox.stats();
    assert_eq!((stats.calls, stats.billed, stats.repeats), (7, 6, Some(1)));
    let by_status: Vec<_> =
        stats.by_outcome.iter().map(|(outcome, count)| (outcome.label(), *count)).collect();
    assert_eq!(by_status, [("199", 1), ("200", 2), ("201", 3), ("205", 1)].map(|(l, c)| (l.to_owned(), c)));
    sandbox.reset();
    assert_eq!(sandbox.stats(), &Stats { repeats: Some(0), ..Stats::default() });
}

#[test]
fn refuses_options_that_cannot_be_meant() {
    for (options, word) in [
        (json!({ "key": " " }), "key"),
        (json!({ "secretKey": "a\nb" }), "secretKey"),
        (json!({ "density": 1.5 }), "density"),
        (json!({ "maxRows": 0 }), "maxRows"),
        (json!({ "limits": { "callsPerSecond": 0 } }), "callsPerSecond"),
        (json!({ "limits": { "dailyStatus": 200 } }), "dailyStatus"),
        (json!({ "relations": [{ "companyName": "甲公司" }] }), "relatedCompanyName"),
        (
            json!({ "relations": [{ "companyName": "甲公司", "relatedCompanyName": "乙公司", "extra": 1 }] }),
            "extra",
        ),
        (json!({ "faults": [{}] }), "each needs"),
        (json!({ "faults": [{ "calls": 0, "delayMs": 1 }] }), "counted from 1"),
        (json!({ "faults": [{ "calls": { "from": 3, "to": 2 }, "delayMs": 1 }] }), "before from"),
        (json!({ "faults": [{ "status": 1, "http": 500 }] }), "exclude"),
        (json!({ "faults": [{ "http": 99 }] }), "200 to 599"),
        (json!({ "faults": [{ "http": 304 }] }), "no body"),
        (json!({ "faults": [{ "status": 1, "retryAfter": 1 }] }), "retryAfter"),
        (json!({ "faults": [{ "delayMs": 1, "message": "" }] }), "message"),
        (json!({ "faults": [{ "transport": "cut-body", "billed": false }] }), "billed"),
        (json!({ "faults": [{ "status": 1, "probability": -0.1 }] }), "probability"),
    ] {
        let error = made(&options).unwrap_err();
        assert!(error.to_string().contains(word), "{options}: {error}");
    }
    for (options, place) in [
        (json!([]), "options: an object"),
        (json!({ "fault": [] }), "fault: there is no such option"),
        (json!({ "key": 1 }), "key: a text"),
        (json!({ "seed": -1 }), "seed: a whole number"),
        (json!({ "seed": 0.5 }), "seed: a whole number"),
        (json!({ "latencyMs": 5_000_000_000_u64 }), "latencyMs: a whole number"),
        (json!({ "trackRepeats": 1 }), "trackRepeats: true or false"),
        (json!({ "limits": { "perDay": 1 } }), "limits.perDay: there is no such option"),
        (json!({ "faults": {} }), "faults: a list"),
        (
            json!({ "faults": [{ "status": 1 }, { "stauts": 1 }] }),
            "faults[1].stauts: there is no such option",
        ),
        (json!({ "faults": [{ "calls": "1" }] }), "faults[0].calls: an object"),
        (json!({ "faults": [{ "calls": [1, 1.5] }] }), "faults[0].calls[1]: a whole number"),
        (json!({ "faults": [{ "calls": { "each": 1 } }] }), "faults[0].calls.each: there is no such option"),
        (json!({ "faults": [{ "company": [1] }] }), "faults[0].company[0]: a text"),
        (json!({ "faults": [{ "retryAfter": null }] }), "faults[0].retryAfter: a whole number"),
        (
            json!({ "faults": [{ "transport": "gone" }] }),
            "faults[0].transport: there is no such transport fault",
        ),
        (json!({ "relations": [{ "amount": 1 }] }), "relations[0].amount: a text or null"),
    ] {
        let error = made(&options).unwrap_err();
        assert!(error.to_string().starts_with(place), "{options}: {error}");
    }
}

#[test]
fn reads_every_transport_fault_by_its_name() {
    for fault in TransportFault::ALL {
        let options = Options::read(&json!({ "faults": [{ "transport": fault.name() }] })).unwrap();
        assert_eq!(options.faults.unwrap()[0].transport, Some(fault));
    }
}

#[test]
fn shows_no_secret() {
    let options = Options { secret_key: Some("TOPSECRET".to_owned()), ..Options::default() };
    let shown = format!("{options:?} {:?}", Sandbox::new(options.clone()).unwrap());
    assert!(!shown.contains("TOPSECRET") && !shown.contains(SANDBOX_KEY), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// No call whatever makes it stumble, and every body that arrives as JSON is JSON.
    #[test]
    fn survives_any_call(
        method in "GET|POST|\\PC{0,5}", path in "/api/corp/correlation/findPartnershipRelation|\\PC{0,30}",
        query in "(key=9bc448a2ff6511e8890a6c92bf31542f&companyNames=)?\\PC{0,60}",
        token in proptest::option::of("\\PC{0,40}"), timespan in proptest::option::of("[0-9]{0,25}|\\PC{0,9}"), now in any::<u64>(),
    ) {
        let mut sandbox = sandbox(json!({ "toleranceSeconds": 9_007_199_254_740_991_u64, "limits": { "dailyCalls": 3 } }));
        let request = Request { method: &method, path: &path, query: &query, token: token.as_deref(), timespan: timespan.as_deref() };
        let answer = sandbox.handle(&request, now);
        if answer.http_status == 200 {
            prop_assert!(serde_json::from_str::<Value>(&answer.body).is_ok());
        }
    }

    /// The echo and the rows carry any name unharmed.
    #[test]
    fn writes_any_name_as_json(a in "\\PC{2,12}", b in "\\PC{2,12}") {
        prop_assume!(!a.contains(',') && !b.contains(',') && a != b);
        let relation = json!({ "companyName": a, "relatedCompanyName": b });
        let mut sandbox = sandbox(json!({ "relations": [relation] }));
        let answer = ask(&mut sandbox, &[&a, &b]);
        if status(&answer) == "200" {
            prop_assert_eq!(&rows(&answer)[0]["companyName"], &json!(a));
            prop_assert_eq!(&parsed(&answer)["result"]["companyNames"], &json!([a, b].join(",")));
        } else {
            prop_assert!(["213", "215"].contains(&status(&answer).as_str()));
        }
    }
}
