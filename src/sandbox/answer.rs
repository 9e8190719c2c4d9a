//! What is answered: the vendor's JSON, its words, and how it travels.

use super::TransportFault;
use super::limits::Daily;
use super::question::Endpoint;
use crate::api::json::write_string;
use crate::api::partnership::RelationRef;
use crate::api::period::civil_from_days;
use crate::api::status::status_info;

/// What became of a call, as the statistics count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The server answered with this status code of QCC's.
    Status(i64),
    /// Something in front of the server answered with this HTTP status.
    Http(u16),
    /// The server never saw the call and nothing was answered.
    Lost,
}

impl Outcome {
    /// As a key of the statistics: `200`, `HTTP 503`, `lost`.
    pub fn label(self) -> String {
        match self {
            Outcome::Status(code) => code.to_string(),
            Outcome::Http(status) => ["HTTP ", &status.to_string()].concat(),
            Outcome::Lost => "lost".to_owned(),
        }
    }
}

/// How the answer travels. What carries the sandbox (a fetch function, a socket) has to do this for real.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// It arrives whole.
    Deliver,
    /// The connection is refused before anything was sent.
    Refuse,
    /// The connection is reset before anything of the answer arrives.
    Reset,
    /// Nothing arrives, and the connection stays open.
    NeverAnswer,
    /// So many bytes of the body arrive, then the connection is closed.
    CutBodyAfter(usize),
    /// So many bytes of the body arrive, then nothing, and the connection stays open.
    StallBodyAfter(usize),
}

/// One answer, ready to be carried.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The call's number, the first being 1.
    pub number: u64,
    /// What became of the call. With [`Transport`] other than `Deliver` the caller may never learn it.
    pub outcome: Outcome,
    /// Whether the call counted against the account.
    pub billed: bool,
    /// How long the answer is to be held back, in milliseconds.
    pub delay_ms: u64,
    /// Over how long the body arrives, piece by piece, in milliseconds; 0: at once.
    pub body_ms: u64,
    /// The HTTP status.
    pub http_status: u16,
    /// The HTTP headers, `content-length` among them.
    pub headers: Vec<(&'static str, String)>,
    /// The whole body, in UTF-8, even where `transport` lets only a part of it arrive.
    pub body: String,
    /// How it travels.
    pub transport: Transport,
}

/// A body and what kind of thing it is.
#[derive(Debug)]
pub(super) struct Page {
    pub http_status: u16,
    pub content_type: &'static str,
    pub body: String,
}

impl Page {
    pub fn json(body: String) -> Self {
        Self { http_status: 200, content_type: "application/json;charset=UTF-8", body }
    }

    /// What a proxy in front of the server shows a person.
    pub fn html(http_status: u16) -> Self {
        let title = match http_status {
            200 => "系统维护中",
            404 => "404 Not Found",
            429 => "429 Too Many Requests",
            500 => "500 Internal Server Error",
            502 => "502 Bad Gateway",
            503 => "503 Service Temporarily Unavailable",
            504 => "504 Gateway Time-out",
            _ => "Error",
        };
        let body = [
            "<html>\r\n<head><title>",
            title,
            "</title></head>\r\n<body>\r\n<center><h1>",
            title,
            "</h1></center>\r\n<hr><center>qcc-pro sandbox</center>\r\n</body>\r\n</html>\r\n",
        ]
        .concat();
        Self { http_status, content_type: "text/html;charset=UTF-8", body }
    }

    /// The page as it is after `fault` spoilt it, and how it travels then.
    pub fn spoil(mut self, fault: Option<TransportFault>) -> (Self, Transport) {
        // In bytes: a connection does not break between characters.
        let half = self.body.len() / 2;
        let transport = match fault {
            None => Transport::Deliver,
            Some(TransportFault::Refuse) => Transport::Refuse,
            Some(TransportFault::Reset) => Transport::Reset,
            Some(TransportFault::NoAnswer) => Transport::NeverAnswer,
            Some(TransportFault::CutBody) => Transport::CutBodyAfter(half),
            Some(TransportFault::StallBody) => Transport::StallBodyAfter(half),
            Some(TransportFault::TruncatedJson) => {
                self.body.truncate(self.body.floor_char_boundary(half));
                Transport::Deliver
            }
            Some(TransportFault::Empty) => {
                self.body.clear();
                Transport::Deliver
            }
            Some(TransportFault::Html) => {
                self = Self::html(self.http_status);
                Transport::Deliver
            }
        };
        (self, transport)
    }
}

/// An answer that carries a code and no result.
pub(super) fn status_body(status: i64, message: &str) -> String {
    let mut body = head(status, message);
    body.push_str("null}");
    body
}

/// The vendor's words for a code, with the prefix that says whether it counts.
pub(super) fn message(status: i64, endpoint: Option<Endpoint>) -> String {
    let Some(info) = status_info(status) else {
        return "未知状态码".to_owned();
    };
    let zh = info.words().zh;
    match (status, endpoint) {
        // The two documents differ here, each in its own way.
        (200, Some(Endpoint::Quota)) => zh.to_owned(),
        (219, Some(Endpoint::Quota)) => "【有效请求】该企业暂不支持开户尽调".to_owned(),
        _ => {
            // What the table adds in brackets to the vendor's words is not the vendor's.
            let words = zh.split_once("（另一").or(zh.split_once("（开放")).map_or(zh, |(w, _)| w);
            let words = if words.is_empty() { zh } else { words };
            [if info.billed { "【有效请求】" } else { "【无效请求】" }, words].concat()
        }
    }
}

/// 合作关系挖掘查询 with its rows still to come.
pub(super) fn partnership_head(request_id: &str, key: &str, company_names: &str) -> String {
    let mut body = head(200, &message(200, Some(Endpoint::PartnershipRelation)));
    for (field, text) in
        [("{\"requestId\":", request_id), (",\"key\":", key), (",\"companyNames\":", company_names)]
    {
        body.push_str(field);
        write_string(&mut body, text);
    }
    body.push_str(",\"partnershipRelationList\":[");
    body
}

/// Ends what [`partnership_head`] began.
pub(super) const PARTNERSHIP_TAIL: &str = "]}}";

/// One row of `partnershipRelationList`.
pub(super) fn push_relation(body: &mut String, relation: &RelationRef<'_>) {
    if body.ends_with('}') {
        body.push(',');
    }
    for (field, text) in [
        ("{\"companyName\":", Some(relation.company_name)),
        (",\"relatedCompanyName\":", Some(relation.related_company_name)),
        (",\"amount\":", relation.amount),
        (",\"publicDate\":", relation.public_date),
        (",\"source\":", relation.source),
    ] {
        body.push_str(field);
        match text {
            Some(text) => write_string(body, text),
            None => body.push_str("null"),
        }
    }
    if let Some(fields) = relation.extra.and_then(|extra| extra.strip_prefix('{')) {
        if fields.trim_start().starts_with('"') {
            body.push(',');
        }
        body.push_str(fields);
    } else {
        body.push('}');
    }
}

/// The module under which a sandbox shows its own limit of calls a day. The documents name none for it.
const DAILY_MODULE: &str = "daily_calls";

/// 额度查询: the document's example, 6.2.1 «Json 返回示例», and after its modules the day's calls where they are limited.
pub(super) fn quota_body(daily: Option<Daily>) -> String {
    let mut body = head(200, &message(200, Some(Endpoint::Quota)));
    body.push_str(
        r#"[{"id":"radar_id","totalCount":50,"canDeletedCount":50,"consumedCount":2},{"id":"bene_id","totalCount":100,"canDeletedCount":30,"consumedCount":2},{"id":"natural_person_id","totalCount":50,"canDeletedCount":15,"consumedCount":0}"#,
    );
    if let Some(Daily { total, consumed }) = daily {
        for part in [
            ",{\"id\":\"",
            DAILY_MODULE,
            "\",\"totalCount\":",
            &total.to_string(),
            ",\"canDeletedCount\":0,\"consumedCount\":",
            &consumed.to_string(),
            "}",
        ] {
            body.push_str(part);
        }
    }
    body.push_str("]}");
    body
}

fn head(status: i64, message: &str) -> String {
    let mut body = String::with_capacity(256);
    body.push_str("{\"status\":\"");
    body.push_str(&status.to_string());
    body.push_str("\",\"msg\":");
    write_string(&mut body, message);
    body.push_str(",\"result\":");
    body
}

/// The lowest `digits` hexadecimal digits of `number`, in lower case.
pub(super) fn push_hex(text: &mut String, number: u64, digits: u32) {
    for place in (0..digits).rev() {
        text.push(char::from(b"0123456789abcdef"[(number >> (place * 4)) as usize & 15]));
    }
}

/// The header `Date` (IMF-fixdate, RFC 9110 section 5.6.7).
pub(super) fn http_date(ms: u64) -> String {
    const DAYS: [&str; 7] = ["Thu, ", "Fri, ", "Sat, ", "Sun, ", "Mon, ", "Tue, ", "Wed, "];
    const MONTHS: [&str; 12] = [
        " Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ", " Jul ", " Aug ", " Sep ", " Oct ", " Nov ",
        " Dec ",
    ];
    let seconds = ms / 1000;
    let days = seconds / 86_400;
    let time = (seconds % 86_400) as i64;
    let (year, month, day) = civil_from_days(days as i64);
    let two = |text: &mut String, number: i64| {
        text.push(char::from(b'0' + (number / 10 % 10) as u8));
        text.push(char::from(b'0' + (number % 10) as u8));
    };
    let mut text = String::with_capacity(29);
    text.push_str(DAYS[(days % 7) as usize]);
    two(&mut text, day);
    text.push_str(MONTHS[month as usize - 1]);
    two(&mut text, year / 100);
    two(&mut text, year);
    text.push(' ');
    two(&mut text, time / 3600);
    text.push(':');
    two(&mut text, time / 60 % 60);
    text.push(':');
    two(&mut text, time % 60);
    text.push_str(" GMT");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_date_as_http_does() {
        // Made with coreutils' `date -u -R`.
        for (seconds, date) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_587_693_600, "Fri, 24 Apr 2020 02:00:00 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        ] {
            assert_eq!(http_date(seconds * 1000 + 999), date);
        }
    }

    #[test]
    fn says_what_the_documents_say() {
        let relation = Some(Endpoint::PartnershipRelation);
        assert_eq!(message(200, relation), "【有效请求】查询成功");
        assert_eq!(message(200, Some(Endpoint::Quota)), "查询成功");
        assert_eq!(message(207, relation), "【有效请求】请求数据的条目数超过上限（5000）");
        assert_eq!(message(219, relation), "【有效请求】该企业暂不支持准入尽调");
        assert_eq!(message(219, Some(Endpoint::Quota)), "【有效请求】该企业暂不支持开户尽调");
        assert_eq!(message(107, relation), "【无效请求】被禁止的 IP 或者签名错误");
        assert_eq!(message(120, relation), "【无效请求】流量限制");
    }
}
