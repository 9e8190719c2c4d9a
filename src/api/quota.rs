//! `GET /api/company/quota/getQuota` · 额度查询: what the account has left.
//!
//! Source: 《额度查询》 section 6.2.1. The table says `result` is an Object with `Id`, the sample shows an array with `id`: both
//! are taken, a lone object as an array of one.

use super::company::NameError;
use super::endpoint::{Answer, Endpoint, Payload, Query, push_extra};
use super::envelope::{self, Extra, is_named};
use super::json::{Malformed, Scanner, Type, write_string};
use super::write::push_integer;

/// The endpoint. What it answers changes with every call that is made, so it is never kept in a store.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "getQuota",
    path: "/api/company/quota/getQuota",
    params: &[],
    stored: false,
    query: |_| Ok::<_, NameError>(Query { params: Vec::new(), canonical: String::new(), names: None }),
    read,
};

/// The quota of one module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModuleQuota {
    /// `id`: `radar_id`, `natural_person_id`, `bene_id`, or one these documents do not know.
    pub id: String,
    /// `totalCount`, 模块总额度.
    pub total_count: i64,
    /// `consumedCount`, 模块消耗额度.
    pub consumed_count: i64,
    /// `canDeletedCount`, 模块可删除额度.
    pub can_deleted_count: i64,
    /// Members the document does not name.
    pub extra: Extra,
}

impl ModuleQuota {
    /// The module's name in the vendor's words; its id where the document has none.
    pub fn name(&self) -> &str {
        match self.id.as_str() {
            "radar_id" => "风险监控-企业",
            "natural_person_id" => "自然人核验",
            "bene_id" => "股权穿透",
            id => id,
        }
    }

    /// What is left: the total less what is consumed.
    pub fn remaining_count(&self) -> i64 {
        self.total_count.saturating_sub(self.consumed_count)
    }
}

/// Reads the quotas of an answer with code 200; an empty list for any other code.
///
/// # Errors
/// [`Malformed`] where the body is not what the document describes.
pub fn quotas(body: &[u8]) -> Result<Vec<ModuleQuota>, Malformed> {
    let mut quotas = Ok(Vec::new());
    envelope::read(body, &mut |scanner| result(scanner, &mut quotas))?;
    quotas
}

fn read(body: &[u8]) -> Result<Answer<'_>, Malformed> {
    let mut quotas = Err(Malformed { at: 0, expected: "a member «result»" });
    let envelope = envelope::read(body, &mut |scanner| result(scanner, &mut quotas))?;
    let payload = match envelope.status {
        200 => quotas.map(|quotas| Some(Payload::Members(members(&quotas, &envelope.extra)))),
        201 => Ok(Some(Payload::Members(members(&quotas.unwrap_or_default(), &envelope.extra)))),
        _ => Ok(None),
    };
    Ok(Answer { status: envelope.status, message: envelope.message, request_id: None, payload })
}

/// Reads `result` whatever its type; only bytes that are no JSON end the whole reading.
fn result(
    scanner: &mut Scanner<'_>,
    quotas: &mut Result<Vec<ModuleQuota>, Malformed>,
) -> Result<(), Malformed> {
    let ahead = scanner.clone();
    scanner.skip()?;
    *quotas = list(ahead);
    Ok(())
}

fn list(mut scanner: Scanner<'_>) -> Result<Vec<ModuleQuota>, Malformed> {
    if scanner.peek()? == Type::Object {
        return Ok(vec![quota(&mut scanner)?]);
    }
    let mut quotas = Vec::new();
    let mut inside = scanner.array()?;
    while scanner.element(&mut inside)? {
        quotas.push(quota(&mut scanner)?);
    }
    Ok(quotas)
}

fn quota(scanner: &mut Scanner<'_>) -> Result<ModuleQuota, Malformed> {
    let mut quota = ModuleQuota::default();
    envelope::members(scanner, &mut |scanner, key| {
        let count = if is_named(key, "totalCount") {
            &mut quota.total_count
        } else if is_named(key, "consumedCount") {
            &mut quota.consumed_count
        } else if is_named(key, "canDeletedCount") {
            &mut quota.can_deleted_count
        } else if is_named(key, "id") {
            quota.id = envelope::text(scanner)?.unwrap_or_default();
            return Ok(());
        } else {
            return envelope::keep(scanner, key, &mut quota.extra);
        };
        *count = envelope::integer(scanner)?;
        Ok(())
    })?;
    Ok(quota)
}

fn members(quotas: &[ModuleQuota], extra: &Extra) -> String {
    let mut out = String::from("{\"quotas\":[");
    for (index, quota) in quotas.iter().enumerate() {
        out.push_str(if index == 0 { "{\"id\":" } else { ",{\"id\":" });
        write_string(&mut out, &quota.id);
        out.push_str(",\"name\":");
        write_string(&mut out, quota.name());
        for (name, count) in [
            (",\"totalCount\":", quota.total_count),
            (",\"consumedCount\":", quota.consumed_count),
            (",\"canDeletedCount\":", quota.can_deleted_count),
            (",\"remainingCount\":", quota.remaining_count()),
        ] {
            out.push_str(name);
            push_integer(&mut out, count);
        }
        push_extra(&mut out, &quota.extra);
        out.push('}');
    }
    out.push(']');
    push_extra(&mut out, extra);
    out.push('}');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const SAMPLE: &str = r#"{"status":"200","msg":"查询成功","result":[{"id":"radar_id","totalCount":50,"canDeletedCount":50,"consumedCount":2},{"id":"bene_id","totalCount":100,"canDeletedCount":30,"consumedCount":2},{"id":"natural_person_id","totalCount":50,"canDeletedCount":15,"consumedCount":0}]}"#;

    fn read_members(body: &str) -> Option<Value> {
        match read(body.as_bytes()).ok()?.payload.ok()?? {
            Payload::Members(text) => serde_json::from_str(&text).ok(),
            Payload::Relations(_) => None,
        }
    }

    #[test]
    fn reads_the_documents_sample_to_the_last_field() {
        let expected = json!({"quotas": [
            {"id": "radar_id", "name": "风险监控-企业", "totalCount": 50, "consumedCount": 2, "canDeletedCount": 50, "remainingCount": 48},
            {"id": "bene_id", "name": "股权穿透", "totalCount": 100, "consumedCount": 2, "canDeletedCount": 30, "remainingCount": 98},
            {"id": "natural_person_id", "name": "自然人核验", "totalCount": 50, "consumedCount": 0, "canDeletedCount": 15, "remainingCount": 50},
        ]});
        assert_eq!(read_members(SAMPLE).unwrap(), expected);
    }

    #[test]
    fn takes_an_object_the_other_spelling_and_numeric_text() {
        let body = r#"{"result":{"Id":"x","totalCount":"7","consumedCount":9.0,"new":[true]},"status":200,"msg":""}"#;
        let expected = json!({"quotas": [{"id": "x", "name": "x", "totalCount": 7, "consumedCount": 9, "canDeletedCount": 0, "remainingCount": -2, "extra": {"new": [true]}}]});
        assert_eq!(read_members(body).unwrap(), expected);
    }

    #[test]
    fn tells_an_empty_answer_from_a_wrong_one() {
        assert_eq!(read_members(r#"{"status":201,"msg":"","result":null}"#).unwrap(), json!({"quotas": []}));
        assert_eq!(read_members(r#"{"status":200,"msg":"","result":[]}"#).unwrap(), json!({"quotas": []}));
        for result in
            ["null", "1", "\"x\"", "[1]", "[[]]", r#"[{"totalCount":null}]"#, r#"[{"totalCount":"many"}]"#]
        {
            let body = format!(r#"{{"status":200,"msg":"","result":{result}}}"#);
            assert!(read(body.as_bytes()).unwrap().payload.is_err(), "{result}");
        }
        assert!(read(br#"{"status":200}"#).unwrap().payload.is_err());
    }

    proptest! {
        #[test]
        fn reads_back_what_is_written(counts in prop::collection::vec(any::<(u32, u32, u32)>(), 0..5)) {
            let list: Vec<_> = counts.iter().map(|(a, b, c)| json!({"id": "radar_id", "totalCount": a, "consumedCount": b.to_string(), "canDeletedCount": c})).collect();
            let body = json!({"status": 200, "msg": "", "result": list}).to_string();
            let read: Vec<_> = quotas(body.as_bytes()).unwrap().iter().map(|quota| (quota.total_count as u32, quota.consumed_count as u32, quota.can_deleted_count as u32)).collect();
            prop_assert_eq!(read, counts);
        }
    }
}
