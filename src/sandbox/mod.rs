//! QCC Pro emulated, for trying and testing without an account: checks what the vendor checks, answers what the vendor
//! answers, and goes wrong on request.
//!
//! Pure: it sees a request as text and the time as a number, and what it answers says itself how it travels. So the same
//! code is a fetch function in a page, a server in Node, and a model in a simulation.
//!
//! Facts: the vendor's two documents. What they leave open is decided in `question` (which mistake gets which code) and
//! here: a failure carries `"result":null`; a path that is not theirs is HTTP 404.
//!
//! ```
//! use qcc_pro::sandbox::{Options, Request, Sandbox};
//!
//! let mut sandbox = Sandbox::new(Options::default())?;
//! let request = Request { method: "GET", path: "/api/company/quota/getQuota", ..Request::default() };
//! assert!(sandbox.handle(&request, 1_587_693_600_000).body.starts_with(r#"{"status":"101""#));
//! # Ok::<(), qcc_pro::sandbox::OptionsError>(())
//! ```

mod answer;
mod companies;
mod faults;
#[cfg(target_arch = "wasm32")]
mod js;
mod limits;
mod market;
mod options;
mod question;
mod read;
mod stats;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Outcome, Transport};
pub use companies::{MOST_SAMPLE_COMPANIES, sample_companies};
pub use options::{
    CallRange, Calls, Companies, DEFAULT_DENSITY, DEFAULT_MAX_ROWS, DEFAULT_TOLERANCE_SECONDS, Fault,
    GivenRelation, Limits, Options, OptionsError, RetryAfter, SANDBOX_KEY, SANDBOX_SECRET_KEY,
    TransportFault,
};
pub use read::Value;
pub use stats::Stats;

use crate::api::status;
use crate::auth::Credentials;
use answer::Page;
use faults::{Effect, Faults};
use limits::{Daily, Gauge};
use market::{EXAMPLE, Market, mix};
use question::{Account, Endpoint, Question};
use stats::Ledger;

/// `requestId` of the document's example.
const EXAMPLE_REQUEST_ID: &str = "535d3329cf664265bfa6cb00a0185a53";

/// One call, as the server sees it.
#[derive(Clone, Copy, Default)]
pub struct Request<'a> {
    /// The HTTP method, in upper case.
    pub method: &'a str,
    /// The path, without query.
    pub path: &'a str,
    /// The query without its `?`, still percent-encoded.
    pub query: &'a str,
    /// The header `Token`.
    pub token: Option<&'a str>,
    /// The header `Timespan`.
    pub timespan: Option<&'a str>,
}

impl std::fmt::Debug for Request<'_> {
    /// Without the query, which has the key in it, and without the Token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// An emulated QCC Pro with one account.
///
/// A call costs some microseconds; the memory does not grow with the calls (with [`Options::track_repeats`]: by about
/// ten bytes a billed question).
#[derive(Debug)]
pub struct Sandbox {
    account: Account,
    latency_ms: u64,
    max_rows: u32,
    seed: u64,
    market: Market,
    faults: Faults,
    gauge: Gauge,
    ledger: Ledger,
}

impl Sandbox {
    /// # Errors
    /// [`OptionsError`] for an option that cannot be meant.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        options.check()?;
        let key = options.key.as_deref().unwrap_or(SANDBOX_KEY);
        let secret_key = options.secret_key.as_deref().unwrap_or(SANDBOX_SECRET_KEY);
        let credentials = Credentials::new(key, secret_key).map_err(|_| {
            OptionsError::from("key, secretKey: neither empty nor with a control character inside")
        })?;
        let seed = options.seed.unwrap_or(0);
        let density =
            options.density.unwrap_or(if options.relations.is_some() { 0.0 } else { DEFAULT_DENSITY });
        Ok(Self {
            account: Account {
                credentials,
                tolerance_seconds: options.tolerance_seconds.unwrap_or(DEFAULT_TOLERANCE_SECONDS),
            },
            latency_ms: u64::from(options.latency_ms.unwrap_or(0)),
            max_rows: options.max_rows.unwrap_or(DEFAULT_MAX_ROWS),
            seed: mix(seed),
            market: Market::new(seed, density, options.relations.as_deref().unwrap_or_default()),
            faults: Faults::new(options.faults.unwrap_or_default(), seed),
            gauge: Gauge::new(options.limits.unwrap_or_default()),
            ledger: Ledger::new(options.track_repeats.unwrap_or(false)),
        })
    }

    /// Answers one call that arrives at `now_ms` (Unix time in milliseconds).
    pub fn handle(&mut self, request: &Request<'_>, now_ms: u64) -> Answer {
        let number = self.ledger.open();
        let question = Question::read(request);
        let effect = self.faults.act(number, request.path, &question);
        let delay_ms = self.latency_ms + effect.delay_ms;
        let server_ms = now_ms.saturating_add_signed(effect.clock_offset_ms);
        let (transport, body_ms) = (effect.transport(), effect.body_ms);

        let mut retry_after = None;
        let mut billed = false;
        let (outcome, page) = if let Some((http, fault)) = effect.http() {
            retry_after.clone_from(&fault.retry_after);
            (Outcome::Http(http), Page::html(http))
        } else if !effect.reaches_server() {
            match transport {
                Some(TransportFault::Html) => (Outcome::Http(200), Page::html(200)),
                _ => (Outcome::Lost, Page::html(200)),
            }
        } else if let Some(endpoint) = question.endpoint {
            let server = Server {
                account: &self.account,
                market: &self.market,
                max_rows: self.max_rows,
                request_id: mix(self.seed ^ mix(number)),
            };
            let admit = || {
                self.gauge.admit(now_ms, now_ms.saturating_add(delay_ms).saturating_add(effect.body_ms))?;
                Ok(self.gauge.daily())
            };
            let (code, message, body) =
                server.serve(request, &question, endpoint, &effect, server_ms / 1000, admit);
            billed = status::billed(code, &message) == Some(true);
            if billed {
                self.gauge.bill();
                // A pending answer has to be asked for again, and a quota may be looked at as often as one likes.
                if endpoint == Endpoint::PartnershipRelation && code != 205 {
                    let of = |name| mix(self.market.party(name).hash);
                    self.ledger.remember(|| question.names().map(of).fold(0, u64::wrapping_add));
                }
            }
            (Outcome::Status(code), Page::json(body))
        } else {
            (Outcome::Http(404), Page::html(404))
        };
        self.ledger.close(outcome, billed);

        let (page, transport) = page.spoil(transport);
        let mut headers = vec![
            ("date", answer::http_date(server_ms)),
            ("content-type", page.content_type.to_owned()),
            ("content-length", page.body.len().to_string()),
            ("server", "qcc-pro-sandbox".to_owned()),
        ];
        match retry_after {
            Some(RetryAfter::Seconds(seconds)) => headers.push(("retry-after", seconds.to_string())),
            Some(RetryAfter::Text(text)) => headers.push(("retry-after", text)),
            None => {}
        }
        Answer {
            number,
            outcome,
            billed,
            delay_ms,
            body_ms,
            http_status: page.http_status,
            headers,
            body: page.body,
            transport,
        }
    }

    /// Puts other faults in the place of those there are, from the next call on, which they count as their first.
    ///
    /// # Errors
    /// [`OptionsError`] for one that cannot be meant; the old ones stay then.
    pub fn set_faults(&mut self, faults: Vec<Fault>) -> Result<(), OptionsError> {
        faults.iter().try_for_each(Fault::check)?;
        self.faults.set(faults, self.ledger.stats().calls);
        Ok(())
    }

    /// What was called and billed since the sandbox was made or reset.
    pub fn stats(&self) -> &Stats {
        self.ledger.stats()
    }

    /// As if nothing had been called: counts, limits and the faults' `times` begin anew. Relations stay as they are.
    pub fn reset(&mut self) {
        self.ledger.reset();
        self.gauge.reset();
        self.faults.reset();
    }

    /// Every relation among these companies, as the text of a JSON list of rows: what any plan that covers all their
    /// pairs has to find. Costs no call, knows no limit; doubled names count once.
    pub fn relations_among<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> String {
        let mut list = "[".to_owned();
        self.market.among(names, |relation| answer::push_relation(&mut list, relation));
        list.push(']');
        list
    }
}

/// What one call needs of the sandbox while its faults are borrowed.
struct Server<'a> {
    account: &'a Account,
    market: &'a Market,
    max_rows: u32,
    request_id: u64,
}

impl Server<'_> {
    /// Code, message and body, found in the order a server finds them: who asks, whether they may, what they ask.
    fn serve(
        &self,
        request: &Request<'_>,
        question: &Question,
        endpoint: Endpoint,
        effect: &Effect<'_>,
        server_seconds: u64,
        admit: impl FnOnce() -> Result<Option<Daily>, i64>,
    ) -> (i64, String, String) {
        let plain = |code: i64, words: Option<&str>| {
            let message = words.map_or_else(|| answer::message(code, Some(endpoint)), str::to_owned);
            let body = answer::status_body(code, &message);
            (code, message, body)
        };
        if let Some(code) = question.refusal(request, self.account, server_seconds) {
            return plain(code, None);
        }
        if let Some((code, words)) = effect.status() {
            return plain(code, words);
        }
        let daily = match admit() {
            Ok(daily) => daily,
            Err(code) => return plain(code, None),
        };
        let found = match endpoint {
            Endpoint::Quota => Ok(answer::quota_body(daily)),
            Endpoint::PartnershipRelation => self.partnership(question),
        };
        match found {
            Ok(body) => (200, answer::message(200, Some(endpoint)), body),
            Err(code) => plain(code, None),
        }
    }

    /// 合作关系挖掘查询: the body, or the code for why there is none.
    fn partnership(&self, question: &Question) -> Result<String, i64> {
        let names = question.companies()?;
        let is_example = |name: &&str| *name == EXAMPLE.company_name || *name == EXAMPLE.related_company_name;
        let request_id = if names.len() == 2 && names[0] != names[1] && names.iter().all(is_example) {
            EXAMPLE_REQUEST_ID.to_owned()
        } else {
            let mut id = String::with_capacity(32);
            answer::push_hex(&mut id, self.request_id, 16);
            answer::push_hex(&mut id, mix(self.request_id), 16);
            id
        };
        let mut rows = 0;
        let mut body =
            answer::partnership_head(&request_id, self.account.credentials.key(), question.company_names());
        self.market.among(names, |relation| {
            rows += 1;
            if rows <= self.max_rows {
                answer::push_relation(&mut body, relation);
            }
        });
        body.push_str(answer::PARTNERSHIP_TAIL);
        match rows {
            0 => Err(201),
            rows if rows > self.max_rows => Err(207),
            _ => Ok(body),
        }
    }
}
