//! What an endpoint is, and the table of those we know in full.
//!
//! An endpoint is data: its path, the parameters it takes, how they are made and how its answer is read. Adding one is one
//! file beside this one and one line in `mod.rs`, from which [`ENDPOINTS`] is made.

use super::company::{CallNames, NameError};
use super::json::Malformed;
use super::partnership::Partnership;
use super::{ENDPOINTS, envelope};

/// One endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// The vendor's name for it, the method's name in every language.
    pub name: &'static str,
    /// The path on the vendor's host.
    pub path: &'static str,
    /// The query parameters it takes beside `key`.
    pub params: &'static [&'static str],
    /// Whether an answer stays true: it is then kept in a store and never paid for again.
    pub stored: bool,
    /// Makes the parameters from the caller's names, or says what is wrong with them.
    pub query: fn(&[&str]) -> Result<Query, NameError>,
    /// Reads the answer's body.
    pub read: for<'a> fn(&'a [u8]) -> Result<Answer<'a>, Malformed>,
}

/// The parameters of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Names and values, not yet percent-encoded.
    pub params: Vec<(&'static str, String)>,
    /// The question in a form that equal questions share, whatever the order of the names.
    pub canonical: String,
    /// The companies, where the endpoint takes any.
    pub names: Option<CallNames>,
}

/// An answer whose envelope could be read.
#[derive(Debug)]
pub struct Answer<'a> {
    /// QCC's code.
    pub status: i64,
    /// The vendor's words.
    pub message: String,
    /// `requestId`, where the answer has one.
    pub request_id: Option<String>,
    /// What was asked for: nothing for a code other than 200 and 201, [`Malformed`] where the result is not what the
    /// document describes.
    pub payload: Result<Option<Payload<'a>>, Malformed>,
}

/// What was asked for, in the form in which it leaves Rust.
#[derive(Debug)]
pub enum Payload<'a> {
    /// Relations: many rows, few different texts.
    Relations(Box<Partnership<'a>>),
    /// A small result: the text of one JSON object whose members join the result's `status`, `message` and `meta`.
    Members(String),
}

/// The endpoint with this vendor's name.
pub fn by_name(name: &str) -> Option<&'static Endpoint> {
    ENDPOINTS.iter().copied().find(|endpoint| endpoint.name == name)
}

/// The endpoint with this path.
pub fn by_path(path: &str) -> Option<&'static Endpoint> {
    ENDPOINTS.iter().copied().find(|endpoint| endpoint.path == path)
}

/// Reads the answer of an endpoint that is not in the table: `result` is handed on as it came.
///
/// # Errors
/// [`Malformed`] where the envelope cannot be read.
pub fn read_any(body: &[u8]) -> Result<Answer<'_>, Malformed> {
    let mut result = "null";
    let envelope = envelope::read(body, &mut |scanner| {
        result = scanner.skip()?;
        Ok(())
    })?;
    let members = match envelope.status {
        200 | 201 => {
            let mut members = String::with_capacity(result.len() + 32);
            members.push_str("{\"result\":");
            members.push_str(result);
            push_extra(&mut members, &envelope.extra);
            members.push('}');
            Some(Payload::Members(members))
        }
        _ => None,
    };
    Ok(Answer { status: envelope.status, message: envelope.message, request_id: None, payload: Ok(members) })
}

/// Adds `,"extra":{…}` where something was kept.
pub fn push_extra(out: &mut String, extra: &envelope::Extra) {
    if let Some(object) = extra.to_object() {
        out.push_str(",\"extra\":");
        out.push_str(&object);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_endpoint_by_name_and_path() {
        for endpoint in ENDPOINTS {
            assert_eq!(by_name(endpoint.name).map(|found| found.path), Some(endpoint.path));
            assert_eq!(by_path(endpoint.path).map(|found| found.name), Some(endpoint.name));
        }
        assert!(by_name("x").is_none() && by_path("/").is_none());
    }

    #[test]
    fn hands_any_other_result_on_as_it_came() {
        let body =
            r#"{"Status":"200","Message":"查询成功","Result":{"Name":"甲","n":[1.50]},"OrderNumber":"7"}"#;
        let answer = read_any(body.as_bytes()).unwrap();
        let Ok(Some(Payload::Members(members))) = answer.payload else { panic!("{answer:?}") };
        assert_eq!(members, r#"{"result":{"Name":"甲","n":[1.50]},"extra":{"OrderNumber":"7"}}"#);
    }
}
