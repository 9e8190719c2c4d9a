//! What is fuzzed: functions that take any bytes and fail where something does not hold. `cargo test` and cargo-fuzz run
//! these very functions, the one without and the other with coverage to guide it.

use qcc_pro::api::company::{CallNames, CompanyName, MAX_NAMES};
use qcc_pro::api::endpoint::{Answer, Payload, read_any};
use qcc_pro::api::envelope;
use qcc_pro::api::json::{Malformed, Scanner, Type};
use qcc_pro::api::{partnership, quota};
use qcc_pro::client::date::{parse_http_date, parse_retry_after};
use qcc_pro::client::error::{MAX_EXCERPT, excerpt};
use qcc_pro::client::store;
use serde_json::{Map, Value};

/// One of them.
pub type Target = fn(&[u8]);

/// All of them, by name: the name of the corpus's folder and of cargo-fuzz's target.
pub const TARGETS: &[(&str, Target)] = &[
    ("json", json),
    ("envelope", envelope),
    ("partnership", partnership),
    ("quota", quota),
    ("names", names),
    ("stored", stored),
    ("dates", dates),
    ("excerpts", excerpts),
];

/// What serde_json makes of the bytes. A byte order mark is passed over, as the scanner does; a name that serde_json keeps for
/// itself (it stands for a number inside) is nobody's to compare with.
fn judge(bytes: &[u8]) -> Option<Option<Value>> {
    const OWN: &[u8] = b"$serde_json";
    // The name may be spelled with escapes.
    let suspicious =
        bytes.windows(OWN.len()).any(|window| window == OWN) || bytes.windows(2).any(|two| two == b"\\u");
    if suspicious && String::from_utf8_lossy(bytes).to_lowercase().contains("serde") {
        return None;
    }
    Some(serde_json::from_slice(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).ok())
}

/// What the scanner makes of one value, as serde_json's tree.
fn tree(scanner: &mut Scanner<'_>) -> Result<Value, Malformed> {
    Ok(match scanner.peek()? {
        Type::Object => {
            let mut map = Map::new();
            let mut inside = scanner.object()?;
            while let Some(key) = scanner.key(&mut inside)? {
                let key = key.decode()?.into_owned();
                map.insert(key, tree(scanner)?);
            }
            Value::Object(map)
        }
        Type::Array => {
            let mut items = Vec::new();
            let mut inside = scanner.array()?;
            while scanner.element(&mut inside)? {
                items.push(tree(scanner)?);
            }
            Value::Array(items)
        }
        Type::String => Value::String(scanner.string()?.decode()?.into_owned()),
        Type::Number => serde_json::from_str(scanner.number()?).expect("a number"),
        Type::Bool | Type::Null => serde_json::from_str(scanner.skip()?).expect("a word"),
    })
}

/// The scanner reads what serde_json reads, and makes the same of it.
pub fn json(bytes: &[u8]) {
    let Some(judged) = judge(bytes) else { return };
    let mut scanner = Scanner::new(bytes);
    let read = tree(&mut scanner).and_then(|tree| scanner.end().map(|()| tree)).ok();
    assert_eq!(read, judged);
    let mut scanner = Scanner::new(bytes);
    let skipped = scanner.skip().map(str::to_owned).and_then(|text| scanner.end().map(|()| text)).ok();
    assert_eq!(skipped.is_some(), judged.is_some());
    if let Some(text) = skipped {
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), judged);
    }
}

/// The members that are called `name`, whatever the case of its letters.
fn named<'v>(object: &'v Map<String, Value>, name: &str) -> Vec<&'v Value> {
    object.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

/// A status as the documents have it: a number, or a number's text.
fn status_of(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// An envelope is read exactly where there is one, and says what stands in it.
pub fn envelope(bytes: &[u8]) {
    let read = envelope::read(bytes, &mut |scanner| scanner.skip().map(drop));
    let any = read_any(bytes);
    assert_eq!(read.as_ref().err(), any.as_ref().err());
    let Some(judged) = judge(bytes) else { return };
    let Some(Value::Object(object)) = judged else {
        assert!(read.is_err(), "{read:?}");
        return;
    };
    let statuses = named(&object, "status");
    match &read {
        Ok(envelope) => {
            if let [status] = statuses[..]
                && let Some(expected) = status_of(status)
            {
                assert_eq!(envelope.status, expected);
            }
            if let ([message], []) = (&named(&object, "msg")[..], &named(&object, "message")[..])
                && let Value::String(expected) = message
            {
                assert_eq!(&envelope.message, expected);
            }
            if let Some(extra) = envelope.extra.to_object() {
                serde_json::from_str::<Map<String, Value>>(&extra).expect("the extra is one object");
            }
        }
        // Doubled members, the first of which is wrong, may be refused though the last is right.
        Err(malformed) => assert!(
            doubled(bytes) || statuses.len() != 1 || status_of(statuses[0]).is_none(),
            "{malformed:?}"
        ),
    }
    if let Ok(Answer { payload, .. }) = any {
        members_are_json(&payload);
    }
}

/// Whether an object at the top may have two members of one name: serde_json's tree has lost them.
fn doubled(bytes: &[u8]) -> bool {
    let mut scanner = Scanner::new(bytes);
    let mut names = Vec::new();
    let Ok(mut inside) = scanner.object() else { return false };
    while let Ok(Some(key)) = scanner.key(&mut inside) {
        names.push(key.decode().map(|name| name.to_ascii_lowercase()).unwrap_or_default());
        if scanner.skip().is_err() {
            break;
        }
    }
    let count = names.len();
    names.sort();
    names.dedup();
    names.len() < count
}

fn members_are_json(payload: &Result<Option<Payload<'_>>, Malformed>) -> Option<Map<String, Value>> {
    match payload {
        Ok(Some(Payload::Members(members))) => {
            Some(serde_json::from_str(members).expect("the members are one object"))
        }
        _ => None,
    }
}

/// An answer of findPartnershipRelation is read only where the envelope is, and has the relations that stand in it.
pub fn partnership(bytes: &[u8]) {
    let Ok(answer) = (partnership::ENDPOINT.read)(bytes) else { return };
    let envelope = envelope::read(bytes, &mut |scanner| scanner.skip().map(drop)).expect("an envelope");
    assert_eq!((answer.status, &answer.message), (envelope.status, &envelope.message));
    let Ok(Some(Payload::Relations(relations))) = &answer.payload else { return };
    if let Some(extra) = relations.extra.to_object() {
        serde_json::from_str::<Map<String, Value>>(&extra).expect("the extra is one object");
    }
    for relation in relations.table.iter() {
        if let Some(extra) = relation.extra {
            serde_json::from_str::<Map<String, Value>>(extra).expect("a relation's extra is one object");
        }
    }
    let Some(Some(judged)) = judge(bytes) else { return };
    let Some(object) = judged.as_object() else { panic!("no object") };
    if answer.status != 200 || doubled(bytes) {
        return;
    }
    let [Value::Object(result)] = named(object, "result")[..] else { return };
    let lists = named(result, "partnershipRelationList");
    if lists.len() > 1 {
        return;
    }
    let empty = Vec::new();
    let rows = lists.first().and_then(|list| list.as_array()).unwrap_or(&empty);
    assert_eq!(relations.table.rows.len(), rows.len());
    for (relation, row) in relations.table.iter().zip(rows) {
        let Some(row) = row.as_object() else { panic!("no object") };
        if let [Value::String(name)] = named(row, "companyName")[..] {
            assert_eq!(relation.company_name, name);
        }
        if let [amount @ Value::Number(_)] = named(row, "amount")[..] {
            assert_eq!(serde_json::from_str(relation.amount.expect("an amount")).ok().as_ref(), Some(amount));
        }
    }
}

/// An answer of getQuota is read only where the envelope is, and what is made of it is JSON.
pub fn quota(bytes: &[u8]) {
    let Ok(answer) = (quota::ENDPOINT.read)(bytes) else { return };
    let envelope = envelope::read(bytes, &mut |scanner| scanner.skip().map(drop)).expect("an envelope");
    assert_eq!((answer.status, &answer.message), (envelope.status, &envelope.message));
    if let Some(members) = members_are_json(&answer.payload) {
        let quotas = members.get("quotas").and_then(Value::as_array).expect("a list");
        if answer.status == 200 {
            assert_eq!(quota::quotas(bytes).map(|quotas| quotas.len()), Ok(quotas.len()));
        }
    }
}

/// What passes as a name can be sent, stays what it is when read again, and a call's names do not depend on their order.
pub fn names(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let list: Vec<&str> = text.split('\n').collect();
    for (at, name) in list.iter().enumerate() {
        match CompanyName::parse(name, at) {
            Ok(name) => {
                assert!(!name.as_str().contains(',') && !name.as_str().chars().any(char::is_control));
                assert!(name.as_str().chars().count() >= 2);
                assert_eq!(CompanyName::parse(name.as_str(), at).as_ref(), Ok(&name));
            }
            Err(error) => assert!(!error.message().is_empty()),
        }
    }
    let call = CallNames::parse(list.iter().copied());
    let reversed = CallNames::parse(list.iter().rev().copied());
    assert_eq!(call.is_ok(), reversed.is_ok());
    let (Ok(call), Ok(reversed)) = (call, reversed) else { return };
    assert_eq!(call.canonical(), reversed.canonical());
    assert!((1..=MAX_NAMES).contains(&call.names().len()));
    assert!(call.joined().split(',').eq(call.names()));
    assert_eq!(call.places().len(), call.names().len());
    for (name, &place) in call.names().into_iter().zip(call.places()) {
        let place = place as usize;
        assert_eq!(CompanyName::parse(list[place], place).as_ref().map(CompanyName::as_str), Ok(name));
    }
}

/// What a store holds is taken only where it is the question's answer; what was kept is found again.
pub fn stored(bytes: &[u8]) {
    const QUESTION: &str = "甲公司,乙公司";
    const KEY: &str = "9bc448a2ff6511e8890a6c92bf31542f";
    let text = String::from_utf8_lossy(bytes);
    if let Some(stored) = store::decode(&text, QUESTION) {
        assert_eq!(text.get(stored.range.clone()), Some(stored.body));
        serde_json::from_str::<serde::de::IgnoredAny>(stored.body).expect("the body is JSON");
        let kept = store::encode(QUESTION, stored.timespan, stored.body, KEY);
        let again = store::decode(&kept, QUESTION).expect("what was kept is found");
        assert_eq!(again.timespan, stored.timespan);
        assert!(!kept.contains(KEY));
        assert_eq!(again.body, stored.body.replace(KEY, "9b****2f"));
    }
    // Any text as the question.
    let kept = store::encode(&text, 7, "[1]", KEY);
    if !text.contains(KEY) {
        assert_eq!(store::decode(&kept, &text).map(|stored| stored.body), Some("[1]"));
    }
}

/// A date is a time that can be, and a wait is never negative.
pub fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let date = parse_http_date(&text);
    if let Some(date) = date {
        // To the end of the year 9999, and a leap second.
        assert!((0.0..=253_402_300_800_000.0).contains(&date), "{date}");
        assert_eq!(date % 1000.0, 0.0);
    }
    for now in [0.0, 1_709_208_000_000.0] {
        for server_date in [None, date] {
            let wait = parse_retry_after(&text, now, server_date);
            assert!(wait.is_none_or(|ms| ms >= 0.0), "{wait:?}");
        }
    }
}

/// The start of a body never shows a key, wherever it stands, and is never too long.
pub fn excerpts(bytes: &[u8]) {
    const KEY: &str = "9bc448a2ff6511e8890a6c92bf31542f";
    const TOKEN: &str = "E2F39D1F595AD80C9694D29D5075AB95";
    let middle = bytes.len() / 2;
    let with_key = [&bytes[..middle], KEY.as_bytes(), TOKEN.as_bytes(), &bytes[middle..]].concat();
    for body in [bytes, &with_key] {
        let shown = excerpt(body, &[KEY, TOKEN]);
        assert!(shown.len() <= MAX_EXCERPT);
        assert!(!shown.contains(KEY) && !shown.contains(TOKEN), "{shown}");
    }
}
