//! `GET /api/corp/correlation/findPartnershipRelation` · 合作关系挖掘查询: which of up to 20 companies supply one another.
//!
//! Source: 《合作关系挖掘查询》 section 6.2.1. `result` is an object of `requestId`, `key` (the caller's own, echoed),
//! `companyNames` (echoed) and `partnershipRelationList`.

use super::company::{CallNames, NameError};
use super::endpoint::{Answer, Endpoint, Payload, Query};
use super::envelope::{self, Extra, is_named};
use super::json::{Malformed, Scanner, Type};
use super::table::{NONE, RelationTable, Role, Row, StringId, Strings};
use super::words::{AHEAD, ahead, begins};
use std::borrow::Cow;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "findPartnershipRelation",
    path: "/api/corp/correlation/findPartnershipRelation",
    params: &["companyNames"],
    stored: true,
    query,
    read,
};

/// A whole answer: the relations, and what stands beside them.
#[derive(Debug, Default)]
pub struct Partnership<'a> {
    /// The relations.
    pub table: RelationTable<'a>,
    /// Members of the envelope and of `result` that the document does not name.
    pub extra: Extra,
}

fn query(names: &[&str]) -> Result<Query, NameError> {
    let names = CallNames::parse(names.iter().copied())?;
    Ok(Query {
        params: vec![("companyNames", names.joined().to_owned())],
        canonical: names.canonical(),
        names: Some(names),
    })
}

fn read(body: &[u8]) -> Result<Answer<'_>, Malformed> {
    let mut reading = Reading::default();
    let envelope = envelope::read(body, &mut |scanner| {
        // The last `result` counts, as everywhere in JSON.
        reading = Reading::default();
        reading.result(scanner)
    })?;
    let mut extra = envelope.extra;
    extra.append(&reading.extra);
    let payload = match reading.fault {
        _ if !matches!(envelope.status, 200 | 201) => Ok(None),
        // 201 is 查询无结果: whatever stands there, there is nothing in it.
        Some(fault) if envelope.status == 200 => Err(fault),
        None if envelope.status == 200 && !reading.found => {
            Err(Malformed { at: 0, expected: "a member «result»" })
        }
        _ => Ok(Some(Payload::Relations(Box::new(Partnership { table: reading.table, extra })))),
    };
    Ok(Answer { status: envelope.status, message: envelope.message, request_id: reading.request_id, payload })
}

#[derive(Default)]
struct Reading<'a> {
    table: RelationTable<'a>,
    extra: Extra,
    request_id: Option<String>,
    found: bool,
    fault: Option<Malformed>,
}

impl<'a> Reading<'a> {
    fn result(&mut self, scanner: &mut Scanner<'a>) -> Result<(), Malformed> {
        if scanner.peek()? != Type::Object {
            self.fault = Some(scanner.malformed("«result» as an object"));
            return scanner.ignore();
        }
        self.found = true;
        envelope::members(scanner, &mut |scanner, key| {
            if is_named(key, "partnershipRelationList") {
                self.list(scanner)
            } else if is_named(key, "requestId") {
                self.request_id = envelope::text(scanner)?;
                Ok(())
            } else if is_named(key, "key") || is_named(key, "companyNames") {
                // Both are the caller's own, and the key must not travel further than it has to.
                scanner.ignore()
            } else {
                envelope::keep(scanner, key, &mut self.extra)
            }
        })
    }

    fn list(&mut self, scanner: &mut Scanner<'a>) -> Result<(), Malformed> {
        self.table.clear();
        match scanner.peek()? {
            Type::Array => {
                let mut inside = scanner.array()?;
                let (body, at) = scanner.here();
                self.table.expect((body.len() - at) / SHORT_ROW);
                while scanner.element(&mut inside)? {
                    if self.plain_rows(scanner) {
                        continue;
                    }
                    if scanner.peek()? == Type::Object {
                        let row = self.row(scanner)?;
                        self.table.push(row);
                    } else {
                        self.fault = Some(scanner.malformed("a relation as an object"));
                        scanner.ignore()?;
                    }
                }
            }
            Type::Null => {
                scanner.ignore()?;
            }
            _ => {
                self.fault = Some(scanner.malformed("«partnershipRelationList» as an array"));
                scanner.ignore()?;
            }
        }
        Ok(())
    }

    /// Rows as programs write them: the document's members in the document's order, each with a text, and no white space. Where
    /// anything else comes nothing of it is read.
    #[inline(never)]
    #[cfg_attr(wasm_module, optimize(speed))]
    fn plain_rows(&mut self, scanner: &mut Scanner<'a>) -> bool {
        let (body, mut at) = scanner.here();
        let first = at;
        while let Some((row, amount, end)) = plain_row(&mut self.table.strings, body, at) {
            self.table.rows.push(row);
            self.table.amounts.push(amount);
            scanner.go_on(end);
            at = end + 1;
            if body.get(end) != Some(&b',') {
                break;
            }
        }
        at > first
    }

    #[cfg_attr(wasm_module, optimize(speed))]
    fn row(&mut self, scanner: &mut Scanner<'a>) -> Result<Row, Malformed> {
        let mut extra = Extra::default();
        let mut fields = [NONE; 5];
        envelope::members(scanner, &mut |scanner, key| {
            let field = FIELDS.iter().zip(&mut fields).find(|((name, _), _)| is_named(key, name));
            match (field, scanner.peek()?) {
                (Some((&(_, role), id)), Type::String) => *id = self.text(scanner, role)?,
                (Some((&(_, role), id)), Type::Number) => {
                    *id = self.table.strings.push(Cow::Borrowed(scanner.number()?), role)
                }
                (Some((_, id)), Type::Null) => {
                    *id = NONE;
                    scanner.ignore()?;
                }
                _ => envelope::keep(scanner, key, &mut extra)?,
            }
            Ok(())
        })?;
        let [company_name, related_company_name, amount, public_date, source] = fields;
        let strings = &mut self.table.strings;
        let extra = extra.to_object().map_or(NONE, |object| strings.push(Cow::Owned(object), Role::Other));
        Ok(Row { company_name, related_company_name, amount, public_date, source, extra })
    }

    /// Reads a string in front of which the scanner stands.
    #[cfg_attr(wasm_module, optimize(speed))]
    fn text(&mut self, scanner: &mut Scanner<'a>, role: Role) -> Result<StringId, Malformed> {
        let (body, at) = scanner.here();
        if let Some((id, end)) = self.table.strings.intern_plain(body, at + 1, role) {
            scanner.go_on(end + 1);
            return Ok(id);
        }
        Ok(self.table.strings.push(scanner.string()?.decode()?, role))
    }
}

const FIELDS: [(&str, Role); 5] = [
    ("companyName", Role::Name),
    ("relatedCompanyName", Role::Name),
    ("amount", Role::Other),
    ("publicDate", Role::Date),
    ("source", Role::Other),
];

/// So many bytes few rows fall short of.
const SHORT_ROW: usize = 160;

/// See [`Reading::plain_rows`]: the row that begins at `at`, what its amount is, or NaN, and where it ends.
#[inline(always)]
fn plain_row<'a>(strings: &mut Strings<'a>, body: &'a [u8], at: usize) -> Option<(Row, f64, usize)> {
    let spare = &mut [0; AHEAD];
    let next = after(body, at, spare, b"{\"companyName\":\"")?;
    let (company_name, at) = strings.intern_ahead::<16, 3>(body, at + 16, next, Role::Name)?;
    let next = after(body, at, spare, b"\",\"relatedCompanyName\":\"")?;
    let (related_company_name, at) = strings.intern_ahead::<24, 3>(body, at + 24, next, Role::Name)?;
    let next = after(body, at, spare, b"\",\"amount\":\"")?;
    let (amount, at, value) = strings.push_amount::<12>(body, at + 12, next)?;
    let next = after(body, at, spare, b"\",\"publicDate\":\"")?;
    let (public_date, at) = strings.intern_ahead::<16, 1>(body, at + 16, next, Role::Date)?;
    let next = after(body, at, spare, b"\",\"source\":\"")?;
    let (source, at) = strings.intern_ahead::<12, 1>(body, at + 12, next, Role::Other)?;
    let row = Row { company_name, related_company_name, amount, public_date, source, extra: NONE };
    (body.get(at + 1) == Some(&b'}')).then_some((row, value, at + 2))
}

/// The bytes from `at` on, if they begin with `expected`.
#[inline(always)]
fn after<'b, const N: usize>(
    body: &'b [u8],
    at: usize,
    spare: &'b mut [u8; AHEAD],
    expected: &[u8; N],
) -> Option<&'b [u8; AHEAD]> {
    let next = ahead(body, at, spare);
    begins(next, expected).then_some(next)
}

/// One relation as the vendor sends it, its texts borrowed from wherever they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RelationRef<'a> {
    /// `companyName`. The documents do not say which side supplies: the order is kept, the pair is treated as undirected.
    pub company_name: &'a str,
    /// `relatedCompanyName`.
    pub related_company_name: &'a str,
    /// `amount` in 万元 (10,000 yuan), as it came.
    pub amount: Option<&'a str>,
    /// `publicDate`, 报告期/公开时间, as it came.
    pub public_date: Option<&'a str>,
    /// `source`, 公开来源.
    pub source: Option<&'a str>,
    /// Fields this version does not know, as the text of one JSON object.
    pub extra: Option<&'a str>,
}

/// A reporting period or a publication date, as exact as the vendor's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// Four digits, 1900 to 2199.
    pub year: u16,
    /// 1 to 12, where the text names one.
    pub month: Option<u8>,
    /// 1 to 31, where the text names one (never without a month).
    pub day: Option<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// The document's example, its line break inside `companyNames` included.
    const SAMPLE: &str = r#"{"status":"200","msg":"【有效请求】查询成功","result":{"requestId":"535d3329cf664265bfa6cb00a0185a53","key":"9bc448a2ff6511e8890a6c92bf31542f","companyNames":"企查查科技股份有限公司,大连银行股份有限公司 ","partnershipRelationList":[{"companyName":"企查查科技股份有限公司","relatedCompanyName":"大连银行股份有限公司","amount":"34.8","publicDate":"2021-11","source":"招投标"}]}}"#;

    fn relations(body: &str) -> Result<Vec<Value>, Malformed> {
        match read(body.as_bytes())?.payload? {
            Some(Payload::Relations(partnership)) => Ok(partnership
                .table
                .iter()
                .map(|row| {
                    json!([
                        row.company_name,
                        row.related_company_name,
                        row.amount,
                        row.public_date,
                        row.source,
                        row.extra
                    ])
                })
                .collect()),
            _ => Ok(vec![Value::Null]),
        }
    }

    fn wrapped(list: &str) -> String {
        format!(r#"{{"status":"200","msg":"","result":{{"partnershipRelationList":{list}}}}}"#)
    }

    #[test]
    fn reads_the_documents_sample_to_the_last_field() {
        let answer = read(SAMPLE.as_bytes()).unwrap();
        assert_eq!((answer.status, answer.message.as_str()), (200, "【有效请求】查询成功"));
        assert_eq!(answer.request_id.as_deref(), Some("535d3329cf664265bfa6cb00a0185a53"));
        let row =
            json!(["企查查科技股份有限公司", "大连银行股份有限公司", "34.8", "2021-11", "招投标", null]);
        assert_eq!(relations(SAMPLE).unwrap(), [row]);
    }

    #[test]
    fn carries_odd_types_and_unknown_fields() {
        let list = r#"[{"source":null,"amount":34.80,"relatedCompanyName":"乙","companyName":"甲","x":[1, 2],"publicDate":{"y":1}},{}]"#;
        let rows = relations(&wrapped(list)).unwrap();
        assert_eq!(rows[0], json!(["甲", "乙", "34.80", null, null, r#"{"x":[1, 2],"publicDate":{"y":1}}"#]));
        assert_eq!(rows[1], json!(["", "", null, null, null, null]));
    }

    #[test]
    fn tells_an_empty_answer_from_a_wrong_one() {
        assert_eq!(relations(&wrapped("[]")).unwrap().len(), 0);
        assert_eq!(relations(&wrapped("null")).unwrap().len(), 0);
        assert_eq!(relations(r#"{"status":201,"msg":"查询无结果"}"#).unwrap().len(), 0);
        assert_eq!(relations(r#"{"status":201,"msg":"查询无结果","result":""}"#).unwrap().len(), 0);
        assert_eq!(relations(r#"{"status":"102","msg":"x","result":"?"}"#).unwrap(), [Value::Null]);
        for wrong in ["{}", "\"x\"", "[1]", "[[]]"] {
            assert!(relations(&wrapped(wrong)).is_err(), "{wrong}");
        }
        for wrong in [r#"{"status":200}"#, r#"{"status":200,"result":null}"#, r#"{"status":200,"result":[]}"#]
        {
            assert!(relations(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn asks_for_names_joined_by_commas() {
        let query = query(&["乙公司", "甲公司"]).unwrap();
        assert_eq!(query.params, [("companyNames", "乙公司,甲公司".to_owned())]);
        assert_eq!(query.canonical, "乙公司,甲公司".to_owned());
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }

        #[test]
        fn never_panics_on_a_changed_sample(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
            let mut bytes = SAMPLE.as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if cut {
                bytes.truncate(at);
            }
            let _ = read(&bytes);
        }

        #[test]
        fn reads_back_what_is_written(
            rows in prop::collection::vec((".{0,9}", ".{0,9}", prop::option::of(".{0,9}"), prop::option::of(".{0,9}"), prop::option::of(".{0,9}")), 0..40)
        ) {
            let list: Vec<Value> = rows
                .iter()
                .map(|(a, b, amount, date, source)| json!({"companyName": a, "relatedCompanyName": b, "amount": amount, "publicDate": date, "source": source}))
                .collect();
            let read = relations(&wrapped(&Value::from(list).to_string())).unwrap();
            let written: Vec<Value> = rows.iter().map(|(a, b, c, d, e)| json!([a, b, c, d, e, null])).collect();
            prop_assert_eq!(read, written);
        }
    }
}
