//! Which faults act on which call.

use super::market::{mix, unit};
use super::options::{Fault, TransportFault};
use super::question::Question;

/// The faults there are, and how often each has acted.
#[derive(Debug)]
pub(super) struct Faults {
    faults: Vec<(Fault, u64)>,
    seed: u64,
    /// How many calls came before these faults were set: `calls` counts from there.
    before: u64,
}

/// All that goes wrong with one call.
#[derive(Debug, Default)]
pub(super) struct Effect<'a> {
    /// The one fault that sets status, HTTP status or transport.
    reply: Option<&'a Fault>,
    /// How much later the answer comes.
    pub delay_ms: u64,
    /// Over how long the body arrives.
    pub body_ms: u64,
    /// How far the server's clock is ahead.
    pub clock_offset_ms: i64,
}

impl Faults {
    pub fn new(faults: Vec<Fault>, seed: u64) -> Self {
        let mut new = Self { faults: Vec::new(), seed: mix(seed ^ 0x5DEE_CE66_D1CE_4E5B), before: 0 };
        new.set(faults, 0);
        new
    }

    /// Puts these in the place of all others, after `before` calls.
    pub fn set(&mut self, faults: Vec<Fault>, before: u64) {
        self.faults = faults.into_iter().map(|fault| (fault, 0)).collect();
        self.before = before;
    }

    /// What acts on the call with this number, which uses it up by one time.
    pub fn act(&mut self, number: u64, path: &str, question: &Question) -> Effect<'_> {
        let mut effect = Effect::default();
        let before = self.before;
        for (index, (fault, used)) in self.faults.iter_mut().enumerate() {
            let replies = fault.status.is_some() || fault.http.is_some() || fault.transport.is_some();
            let chance = unit(mix(self.seed ^ mix(number ^ mix(index as u64))));
            let acts = !(replies && effect.reply.is_some())
                && fault.times.is_none_or(|times| *used < times)
                && fault.calls.as_ref().is_none_or(|calls| calls.contains(number - before))
                && fault.path.as_ref().is_none_or(|only| only == path)
                && fault.company.as_ref().is_none_or(|c| question.names().any(|name| c.contains(name)))
                && fault.probability.is_none_or(|probability| chance < probability);
            if !acts {
                continue;
            }
            *used += 1;
            effect.delay_ms += u64::from(fault.delay_ms.unwrap_or(0));
            effect.body_ms += u64::from(fault.body_ms.unwrap_or(0));
            let offset = fault.clock_offset_seconds.unwrap_or(0).saturating_mul(1000);
            effect.clock_offset_ms = effect.clock_offset_ms.saturating_add(offset);
            if replies {
                effect.reply = Some(fault);
            }
        }
        effect
    }

    /// As if none had acted.
    pub fn reset(&mut self) {
        self.faults.iter_mut().for_each(|(_, used)| *used = 0);
        self.before = 0;
    }
}

impl<'a> Effect<'a> {
    /// The status code that is answered, and the words if they are not the vendor's.
    pub fn status(&self) -> Option<(i64, Option<&'a str>)> {
        self.reply.and_then(|fault| fault.status.map(|status| (status, fault.message.as_deref())))
    }

    /// The fault, if it sets an HTTP status.
    pub fn http(&self) -> Option<(u16, &'a Fault)> {
        self.reply.and_then(|fault| fault.http.map(|http| (http, fault)))
    }

    /// How the answer is spoilt.
    pub fn transport(&self) -> Option<TransportFault> {
        self.reply.and_then(|fault| fault.transport)
    }

    /// Whether the call gets as far as the server.
    pub fn reaches_server(&self) -> bool {
        let billed = self.reply.and_then(|fault| fault.billed);
        match self.transport() {
            _ if self.http().is_some() => false,
            Some(TransportFault::Refuse) => false,
            Some(TransportFault::Html) => billed.unwrap_or(false),
            _ => billed.unwrap_or(true),
        }
    }
}
