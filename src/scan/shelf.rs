//! What a run keeps in the store beside answers: the plan it began with, and which companies QCC was found not to serve.

use super::input::ScanInput;
use crate::api::decimal::push_digits;
use crate::api::json::{Scanner, write_string};
use crate::client::call::{Client, Host, Store};
use crate::client::flight::{Either, race};
use crate::plan::CallPlan;
use crate::text::number;
use std::pin::pin;

/// The store failed, or took too long.
pub(super) struct Failed;

/// How long another run's search is waited for, in milliseconds: whoever began it may have died.
pub(super) const SEARCH_MS: f64 = 10_000.0;

/// What a run keeps in the store beside answers.
pub(super) struct Shelf<'d, H: Host> {
    /// Where it is kept.
    pub(super) store: &'d H::Store,
    /// Whose account it is of.
    pub(super) client: &'d Client<H>,
    /// How long the store may take, in milliseconds.
    pub(super) time_ms: f64,
}

impl<H: Host> Shelf<'_, H> {
    /// Replaces `plan` by the one the run began with, or writes down that it begins with this one. A single call needs no
    /// record: there is no other plan for it.
    pub(super) async fn record(
        &self,
        input: &ScanInput,
        call_size: u32,
        plan: &mut CallPlan,
    ) -> Result<(), Failed> {
        if plan.calls() <= 1 {
            return Ok(());
        }
        let key = self.client.key_for("scan", &input.canonical(call_size));
        let recorded = self.read(&key).await?.as_deref().and_then(read_record);
        if let Some(known) = recorded.and_then(|record| input.plan_from_record(&record).ok()) {
            *plan = known;
            return Ok(());
        }
        let mut text = String::from("{\"qccPro\":1,\"plan\":");
        write_string(&mut text, &plan.record());
        text.push('}');
        self.write(&key, &text).await
    }

    /// The companies found not to be served, in the order in which they were found, and when that was (Unix time in seconds): of any run of the account.
    pub(super) async fn unsupported(&self, ttl_ms: Option<f64>) -> Result<Vec<(String, u64)>, Failed> {
        let text = self.read(&self.note_key()).await?;
        let mut noted = text.as_deref().and_then(read_note).unwrap_or_default();
        if let Some(ttl_ms) = ttl_ms {
            let now = self.client.host().now();
            noted.retain(|(_, second)| now - *second as f64 * 1000.0 <= ttl_ms);
        }
        Ok(noted)
    }

    fn note_key(&self) -> String {
        self.client.key_for("unsupported", "")
    }

    /// Writes the note anew, as [`write_note`] has made it.
    pub(super) async fn keep_note(&self, text: &str) -> Result<(), Failed> {
        self.write(&self.note_key(), text).await
    }

    /// Who is looking for a company at fault, if anybody is.
    pub(super) async fn searcher(&self) -> Result<Option<String>, Failed> {
        Ok(self.read(&self.client.key_for("search", "")).await?.filter(|mark| !mark.is_empty()))
    }

    /// Marks that `who` is looking for a company at fault; nobody, where it is empty.
    pub(super) async fn mark(&self, who: &str) -> Result<(), Failed> {
        let key = self.client.key_for("search", "");
        self.write_for(&key, who, Some(SEARCH_MS)).await
    }

    async fn read(&self, key: &str) -> Result<Option<String>, Failed> {
        let got = race(pin!(self.store.get(key)), pin!(self.client.host().sleep(self.time_ms))).await;
        match got {
            Either::Left(Ok(text)) => Ok(text),
            _ => Err(Failed),
        }
    }

    async fn write(&self, key: &str, text: &str) -> Result<(), Failed> {
        self.write_for(key, text, None).await
    }

    async fn write_for(&self, key: &str, text: &str, ttl_ms: Option<f64>) -> Result<(), Failed> {
        let set = self.store.set(key, text, ttl_ms);
        let set = race(pin!(set), pin!(self.client.host().sleep(self.time_ms))).await;
        match set {
            Either::Left(Ok(())) => Ok(()),
            _ => Err(Failed),
        }
    }
}

fn read_record(text: &str) -> Option<String> {
    let mut scanner = Scanner::new(text.as_bytes());
    let mut plan = None;
    let mut inside = scanner.object().ok()?;
    while let Some(key) = scanner.key(&mut inside).ok()? {
        match key.plain() {
            "plan" => plan = Some(scanner.string().ok()?.decode().ok()?.into_owned()),
            _ => {
                scanner.skip().ok()?;
            }
        }
    }
    scanner.end().ok()?;
    plan
}

/// The note of companies that are not served: those noted, and `names`, found by now.
pub(super) fn write_note<'a>(
    noted: Vec<(String, u64)>,
    names: impl Iterator<Item = &'a str>,
    now: u64,
) -> String {
    let mut all = noted;
    for name in names {
        if !all.iter().any(|(known, _)| known == name) {
            all.push((name.to_owned(), now));
        }
    }
    let mut out = String::from("{\"qccPro\":1,\"unsupported\":{");
    for (index, (name, second)) in all.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(&mut out, name);
        out.push(':');
        push_digits(&mut out, *second, 1);
    }
    out.push_str("}}");
    out
}

fn read_note(text: &str) -> Option<Vec<(String, u64)>> {
    let mut scanner = Scanner::new(text.as_bytes());
    let mut noted = Vec::new();
    let mut inside = scanner.object().ok()?;
    while let Some(key) = scanner.key(&mut inside).ok()? {
        match key.plain() {
            "unsupported" => {
                let mut inside = scanner.object().ok()?;
                while let Some(name) = scanner.key(&mut inside).ok()? {
                    let name = name.decode().ok()?.into_owned();
                    noted.push((name, number(scanner.number().ok()?)?));
                }
            }
            _ => {
                scanner.skip().ok()?;
            }
        }
    }
    scanner.end().ok()?;
    Some(noted)
}

/// Where the companies of `noted` stand in the input first, in their order.
pub(super) fn positions(input: &ScanInput, noted: &[(String, u64)]) -> Vec<u32> {
    // They are few; to sort them, or the input, would be more code than it saves time.
    let first = |name: &str| (0..input.len() as u32).find(|&position| input.name(position) == name);
    let mut positions = Vec::new();
    for (name, _) in noted {
        positions.extend_from_slice(first(name).as_slice());
    }
    positions
}
