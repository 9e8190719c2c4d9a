//! What the client tells `onEvent`: one record for each thing that happens, for logs and metrics. No secret, no key, no
//! Token and no company's name is in any of them.

use super::policy::Billed;
use serde::{Serialize, Serializer};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EventType {
    /// An attempt is being sent.
    Request,
    /// An attempt has ended.
    Response,
    /// The call will be sent again.
    Retry,
    /// The client waits before the next attempt.
    Wait,
    /// The clock was off; the call is signed anew.
    Skew,
    /// The store failed; the call goes on without it.
    Store,
    /// The caller aborted.
    Abort,
}

impl EventType {
    /// Its name in JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            EventType::Request => "request",
            EventType::Response => "response",
            EventType::Retry => "retry",
            EventType::Wait => "wait",
            EventType::Skew => "skew",
            EventType::Store => "store",
            EventType::Abort => "abort",
        }
    }
}

/// One event. Serialised, it is JavaScript's `QccEvent`; fields that do not apply are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// The endpoint's name, or the path of one that is not in our table.
    pub endpoint: String,
    /// Which attempt of the call, from 1 on.
    pub attempt: u32,
    /// QCC's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    /// The HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// Whether the attempt, or for `abort` the call, was billed.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "billed_word")]
    pub billed: Option<Billed>,
    /// Milliseconds from the attempt's start to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<f64>,
    /// Milliseconds that will be waited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<f64>,
    /// Milliseconds by which the server's clock is ahead of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_ms: Option<f64>,
    /// What went wrong, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Event {
    /// An event with nothing but its type and place.
    pub fn new(kind: EventType, endpoint: &str, attempt: u32) -> Self {
        Self {
            kind,
            endpoint: endpoint.to_owned(),
            attempt,
            status: None,
            http_status: None,
            billed: None,
            duration_ms: None,
            wait_ms: None,
            offset_ms: None,
            message: None,
        }
    }
}

fn billed_word<S: Serializer>(billed: &Option<Billed>, serializer: S) -> Result<S::Ok, S::Error> {
    match billed {
        Some(Billed::No) => serializer.serialize_bool(false),
        Some(Billed::Yes) => serializer.serialize_bool(true),
        Some(Billed::Unknown) | None => serializer.serialize_str("unknown"),
    }
}
