//! The table of status codes: what each means, whether it counts, what a client does about it. The one table behind
//! errors, `statusInfo`, the retry policy, the run and the sandbox.
//!
//! Source: both documents, section 7 «请求状态码» (7.1 有效请求 counts, 7.2 无效请求 does not). 105, 110, 120 and 122 are not in
//! them; the vendor lists them for its open platform. Any other code is unknown: carried, never lost.

use crate::text::{contains, parted};

/// What kind of answer or failure something is: the code a program branches on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Found, or found nothing (200, 201).
    Success,
    /// The input cannot be sent or was refused as wrong.
    InvalidArgument,
    /// Key, secret, signature or address refused.
    Auth,
    /// The account cannot be used: arrears, suspension, no balance.
    Account,
    /// A daily limit is reached.
    Quota,
    /// QCC blocks the account for what it sent before.
    Blocked,
    /// The account may not use this endpoint in this way.
    Permission,
    /// A company or keyword that the endpoint does not serve.
    Unsupported,
    /// More than 5000 rows (207).
    TooManyRows,
    /// Still being processed (205).
    Pending,
    /// QCC failed inside.
    Server,
    /// An HTTP status other than 2xx, from QCC or something in front of it.
    Http,
    /// No answer: refused, unresolved, reset.
    Network,
    /// No answer in time.
    Timeout,
    /// The caller aborted.
    Aborted,
    /// An answer that is not what the documents describe.
    MalformedResponse,
    /// A code that is in no table.
    UnknownStatus,
    /// The client is set up wrongly.
    Config,
}

impl Kind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Kind; 18] = [
        Kind::Success,
        Kind::InvalidArgument,
        Kind::Auth,
        Kind::Account,
        Kind::Quota,
        Kind::Blocked,
        Kind::Permission,
        Kind::Unsupported,
        Kind::TooManyRows,
        Kind::Pending,
        Kind::Server,
        Kind::Http,
        Kind::Network,
        Kind::Timeout,
        Kind::Aborted,
        Kind::MalformedResponse,
        Kind::UnknownStatus,
        Kind::Config,
    ];

    /// The name users see: `invalid-argument`, `auth` …
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Success => "success",
            Kind::InvalidArgument => "invalid-argument",
            Kind::Auth => "auth",
            Kind::Account => "account",
            Kind::Quota => "quota",
            Kind::Blocked => "blocked",
            Kind::Permission => "permission",
            Kind::Unsupported => "unsupported",
            Kind::TooManyRows => "too-many-rows",
            Kind::Pending => "pending",
            Kind::Server => "server",
            Kind::Http => "http",
            Kind::Network => "network",
            Kind::Timeout => "timeout",
            Kind::Aborted => "aborted",
            Kind::MalformedResponse => "malformed-response",
            Kind::UnknownStatus => "unknown-status",
            Kind::Config => "config",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusInfo {
    /// QCC's code.
    pub code: u16,
    /// What kind of answer it is.
    pub kind: Kind,
    /// Whether it counts against the account (有效请求).
    pub billed: bool,
    /// Whether the same call would have a chance later.
    pub retryable: bool,
    /// Whether every further call would fare the same, so that a run stops at once.
    pub stops_run: bool,
}

/// What a row says to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The vendor's words.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// What to do about it, one sentence.
    pub hint: &'static str,
}

impl StatusInfo {
    /// The row's words.
    pub fn words(&self) -> Words {
        let mut rest = WORDS;
        let mut next = || {
            let (line, after) = parted(rest, b'\n').unwrap_or_default();
            rest = after;
            line
        };
        let before = TABLE.iter().take_while(|info| info.code < self.code).count();
        for _ in 0..before * 3 {
            next();
        }
        Words { zh: next(), en: next(), hint: next() }
    }
}

macro_rules! table {
    ($($code:literal, $kind:ident, $billed:literal, $retryable:literal, $stops_run:literal, $zh:literal, $en:literal, $hint:literal;)*) => {
        /// Every code that is known, ascending.
        pub const TABLE: [StatusInfo; 37] = [$(StatusInfo {
            code: $code,
            kind: Kind::$kind,
            billed: $billed,
            retryable: $retryable,
            stops_run: $stops_run,
        }),*];

        /// The words of the rows, in one text: the place and the length of each would weigh as much as a third of them.
        const WORDS: &str = concat!($($zh, "\n", $en, "\n", $hint, "\n"),*);
    };
}

// Columns: code, kind, billed, retryable, stops a run, Chinese, English, hint.
#[rustfmt::skip]
table! {
    101, Auth, false, false, false, "当前的 KEY 无效或者还未生效中", "The key is invalid or not yet in force.", "Check the key in 设置中心 → 我的公司.";
    102, Account, false, false, true, "当前 KEY 已欠费", "The key is in arrears.", "Settle the account with QCC, then go on: nothing paid for is lost.";
    103, Account, false, false, true, "当前 KEY 被暂停使用", "The key is suspended.", "Ask QCC to lift the suspension (400-928-2212).";
    104, Auth, false, false, false, "请求 KEY 异常，请联系管理员", "The key of this request is abnormal.", "Check the key in 设置中心 → 我的公司, then ask QCC (400-928-2212).";
    105, UnknownStatus, true, false, false, "（开放平台状态码，专业版文档未说明）", "A code of the vendor's open platform that these documents do not explain; there it counts.", "Ask QCC what it means for your account.";
    106, Blocked, false, false, true, "非法请求过多，请联系管理员", "Too many illegal requests.", "Stop calling and ask QCC to lift the block (400-928-2212).";
    107, Auth, false, false, false, "被禁止的 IP 或者签名错误", "The IP address is banned or the signature is wrong.", "Check the secret key, this machine's clock and the IP addresses QCC allows.";
    108, Blocked, false, false, true, "异常请求过多，请联系管理员", "Too many abnormal requests.", "Stop calling and ask QCC to lift the block (400-928-2212).";
    109, Quota, false, false, true, "请求超过每日系统限制", "Over the system's daily limit.", "Go on tomorrow: nothing paid for is lost.";
    110, Server, true, true, false, "当前相同查询连续出错，请等 2 小时后重试", "The same query failed again and again (a code of the vendor's open platform; there it counts).", "Wait two hours before asking the same again.";
    111, Permission, false, false, false, "接口权限未开通，请联系管理员", "No permission for this endpoint.", "Ask QCC to open the endpoint for your account.";
    112, Account, false, false, true, "您的账号剩余使用量已不足或已过期", "The account's balance is used up or has expired.", "Top the account up, then go on: nothing paid for is lost.";
    113, Permission, false, false, false, "当前接口已被删除，请重新申请", "The endpoint has been removed.", "Apply for the endpoint again.";
    114, Permission, false, false, false, "当前接口已被禁用，请联系管理员", "The endpoint is disabled.", "Ask QCC to enable the endpoint for your account.";
    115, Auth, false, false, false, "身份验证错误或者已过期", "The identity check failed or has expired.", "Check key and secret key and this machine's clock.";
    116, Quota, false, false, true, "请求超过每日调用总量限制", "Over the daily call limit.", "Go on tomorrow: nothing paid for is lost.";
    117, Blocked, false, false, true, "当前不支持的请求参数调用量过多", "Too many calls with unsupported parameters.", "Stop calling and check the parameters with QCC.";
    118, Permission, false, false, false, "当前接口不支持此方式的调用", "The endpoint does not support this way of calling.", "Ask QCC how your account may call this endpoint.";
    119, Account, false, false, true, "您的帐号出现异常，请联系管理员", "The account is abnormal.", "Ask QCC about the account (400-928-2212).";
    120, Server, false, true, false, "流量限制（开放平台状态码）", "Traffic limit (a code of the vendor's open platform).", "Call more slowly; it did not count.";
    122, Server, false, true, false, "并发限制（开放平台状态码）", "Concurrency limit (a code of the vendor's open platform).", "Make fewer calls at once; it did not count.";
    199, Server, false, true, false, "系统未知错误，请联系技术客服", "Unknown system error.", "Try again later; it did not count.";
    200, Success, true, false, false, "查询成功", "The query succeeded.", "Nothing to do.";
    201, Success, true, false, false, "查询无结果", "The query succeeded and found nothing.", "Nothing to do: an empty answer is an answer.";
    202, InvalidArgument, true, false, false, "查询参数错误，请检查", "A query parameter is wrong.", "Check the company names: registered names in full, nothing else.";
    203, Server, false, true, false, "系统查询有异常，请联系技术人员", "The query failed inside QCC.", "Try again later; it did not count.";
    205, Pending, true, true, false, "等待处理中", "The query is still being processed.", "Ask again after a while; each asking may count.";
    207, TooManyRows, true, false, false, "请求数据的条目数超过上限（5000）", "The answer would have more than 5000 rows.", "Ask for fewer companies at once; scan() splits such a call by itself.";
    208, Unsupported, true, false, false, "此接口不支持此公司类型查询", "This endpoint does not support a company of this type.", "Leave that company out; scan() finds it by itself.";
    209, InvalidArgument, true, false, false, "企业数量超过上限", "Too many companies in one call.", "Send at most 20 companies in one call.";
    213, InvalidArgument, true, false, false, "参数长度不能小于 2", "A parameter is shorter than 2 characters.", "Send names of at least two characters.";
    214, Permission, false, false, false, "您还未购买过该接口，请先购买", "The endpoint has not been bought.", "Buy the endpoint first.";
    215, Unsupported, true, false, false, "不支持的查询关键字", "A search keyword is not supported.", "Leave that company out; scan() finds it by itself.";
    218, Unsupported, true, false, false, "该企业暂不支持空壳扫描", "This company does not support a shell-company scan.", "Leave that company out; scan() finds it by itself.";
    219, Unsupported, true, false, false, "该企业暂不支持准入尽调（另一文档：暂不支持开户尽调）", "This company does not support due diligence (admission in one document, account opening in the other).", "Leave that company out; scan() finds it by itself.";
    223, Permission, false, false, false, "当前接口的计费方式不支持此查询参数", "The billing plan does not cover this parameter.", "Ask QCC for a billing plan that covers it.";
    500, Server, false, true, false, "接口相关的逻辑错误", "Logic error in the endpoint.", "Try again later; it did not count.";
}

/// The table's row for `code`; `None` for a code it does not have.
pub fn status_info(code: i64) -> Option<&'static StatusInfo> {
    TABLE.iter().find(|info| i64::from(info.code) == code)
}

/// Whether an answer with this code counted: the table's word; for an unknown code the message's 【有效请求】 or 【无效请求】;
/// `None` where neither tells.
pub fn billed(code: i64, message: &str) -> Option<bool> {
    match status_info(code) {
        Some(info) => Some(info.billed),
        None if contains(message, "【有效请求】") => Some(true),
        None if contains(message, "【无效请求】") => Some(false),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_sorted_and_has_no_code_twice() {
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn has_words_for_each_row() {
        for info in TABLE {
            let Words { zh, en, hint } = info.words();
            assert!(
                !zh.is_ascii() && en.is_ascii() && en.ends_with('.') && hint.ends_with('.'),
                "{}",
                info.code
            );
        }
        assert_eq!(TABLE[36].words().en, "Logic error in the endpoint.");
    }

    #[test]
    fn counts_what_section_7_1_lists_and_nothing_of_7_2() {
        for code in [200, 201, 202, 205, 207, 208, 209, 213, 215, 218, 219] {
            assert_eq!(billed(code, "【无效请求】"), Some(true), "{code}");
        }
        for code in [
            101, 102, 103, 104, 106, 107, 108, 109, 111, 112, 113, 114, 115, 116, 117, 118, 119, 199, 203,
            214, 223, 500,
        ] {
            assert_eq!(billed(code, "【有效请求】"), Some(false), "{code}");
        }
    }

    #[test]
    fn believes_the_message_only_of_an_unknown_code() {
        assert_eq!(billed(777, "【有效请求】x"), Some(true));
        assert_eq!(billed(777, "【无效请求】x"), Some(false));
        assert_eq!(billed(777, "x"), None);
        assert_eq!(status_info(777), None);
    }

    #[test]
    fn stops_a_run_for_the_account_level_codes_alone() {
        let stops: Vec<_> = TABLE.iter().filter(|info| info.stops_run).map(|info| info.code).collect();
        assert_eq!(stops, [102, 103, 106, 108, 109, 112, 116, 117, 119]);
    }
}
