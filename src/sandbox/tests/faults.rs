//! Every fault there is, chosen in every way there is: by the call's number, by chance, by company.

use super::*;

/// Every status code of the table and every transport, as the fields of a fault.
fn every_fault() -> Vec<Value> {
    let codes = status::TABLE.iter().map(|info| json!({ "status": info.code }));
    let transports = TransportFault::ALL.iter().map(|fault| json!({ "transport": fault.name() }));
    codes.chain(transports).chain([json!({ "status": 777 }), json!({ "http": 503 })]).collect()
}

fn with(mut fault: Value, field: &str, value: Value) -> Value {
    fault[field] = value;
    fault
}

/// What an answer that `fault` acts on differs by.
fn struck(answer: &Answer, fault: &Value) -> bool {
    let of_transport = answer.transport != Transport::Deliver || answer.body.is_empty();
    let truncated = serde_json::from_str::<Value>(&answer.body).is_err();
    match fault["status"].as_i64() {
        Some(code) => answer.outcome == Outcome::Status(code) && status_only(answer),
        None => of_transport || truncated,
    }
}

/// Whether an answer carries a code and no result: 200 and 201 look like that only when a fault made them.
fn status_only(answer: &Answer) -> bool {
    parsed(answer)["result"].is_null()
}

/// A question whose own answer has rows, so that no fault's answer can be taken for it.
const OURS: [&str; 2] = ["企查查科技股份有限公司", "大连银行股份有限公司"];

#[test]
fn strikes_the_calls_with_its_numbers() {
    for fault in every_fault() {
        let mut sandbox = sandbox(json!({ "faults": [with(fault.clone(), "calls", json!([2, 4]))] }));
        let hits: Vec<bool> = (0..5).map(|_| struck(&ask(&mut sandbox, &OURS), &fault)).collect();
        assert_eq!(hits, [false, true, false, true, false], "{fault}");
    }
}

#[test]
fn strikes_the_calls_that_name_its_company() {
    for fault in every_fault() {
        let mut sandbox = sandbox(json!({ "faults": [with(fault.clone(), "company", json!("某某大学"))] }));
        assert!(!struck(&ask(&mut sandbox, &OURS), &fault), "{fault}");
        assert!(struck(&ask(&mut sandbox, &[OURS[0], "某某大学", OURS[1]]), &fault), "{fault}");
        assert!(!struck(&ask(&mut sandbox, &[OURS[0], "某某大学堂", OURS[1]]), &fault), "{fault}");
    }
}

#[test]
fn strikes_by_chance_the_same_calls_for_the_same_seed() {
    let hits = |fault: &Value, seed: u64| -> Vec<bool> {
        let fault = with(fault.clone(), "probability", json!(0.3));
        let mut sandbox = sandbox(json!({ "seed": seed, "faults": [fault] }));
        (0..200).map(|_| struck(&ask(&mut sandbox, &OURS), &fault)).collect()
    };
    for fault in every_fault() {
        let first = hits(&fault, 7);
        let count = first.iter().filter(|hit| **hit).count();
        assert!((35..=85).contains(&count), "{count} of 200 at 0.3 for {fault}");
        assert_eq!(first, hits(&fault, 7), "{fault}");
        assert_ne!(first, hits(&fault, 8), "{fault}");
    }
}

#[test]
fn lets_the_body_take_its_time_beside_any_other_fault() {
    let faults = json!([{ "bodyMs": 300 }, { "calls": 2, "bodyMs": 200, "transport": "cut-body" }]);
    let mut sandbox = sandbox(json!({ "faults": faults }));
    let [whole, cut] = [ask(&mut sandbox, &OURS), ask(&mut sandbox, &OURS)];
    assert_eq!((whole.body_ms, whole.transport, whole.delay_ms), (300, Transport::Deliver, 0));
    assert_eq!((cut.body_ms, cut.transport), (500, Transport::CutBodyAfter(cut.body.len() / 2)));
}

#[test]
fn shows_in_the_quota_how_the_day_runs_down() {
    let daily = |answer: &Answer| -> Value { parsed(answer)["result"][3].clone() };
    let mut sandbox = sandbox(json!({ "limits": { "dailyCalls": 4 } }));
    let module = |used: u64| json!({ "id": "daily_calls", "totalCount": 4, "canDeletedCount": 0, "consumedCount": used });
    assert_eq!(daily(&quota(&mut sandbox)), module(1));
    ask(&mut sandbox, &OURS);
    ask(&mut sandbox, &["只一家公司"]);
    assert_eq!(daily(&quota(&mut sandbox)), module(4));
    assert_eq!(status(&quota(&mut sandbox)), "116");
    let tomorrow = NOW * 1000 + 86_400_000;
    assert_eq!(daily(&call_at(&mut sandbox, QUOTA, "", tomorrow)), module(1));
}
