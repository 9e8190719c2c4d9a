//! What must hold in every history, each under its own name. The rules are written from issue and documents, not from the
//! client's policy: what the model knows in truth decides.

use crate::history::{Asked, End, History, Observed, Send};
use crate::model::stays_true;
use qcc_pro::api::status::Kind;
use qcc_pro::client::event::EventType;
use qcc_pro::client::policy::Billed;

/// A rule: what is wrong with a history, or nothing.
pub type Check = fn(&History) -> Result<(), String>;

/// All rules, by name.
pub const CHECKS: &[(&str, Check)] = &[
    ("nothing unasked is sent twice", sent_once),
    ("equal questions in flight share one call", one_call),
    ("every call settles by its deadline", settles),
    ("an abort is heard at once", abort_is_heard),
    ("billed is never reported wrongly", billed_is_true),
    ("an answer is never lost", answers_are_kept),
    ("a stored answer is never paid for again", paid_once),
    ("retries are as many and as long as the policy says", retries_are_bounded),
    ("Retry-After is honoured", retry_after_is_honoured),
    ("a refused signature under a right clock is told at once", wrong_secret_is_told),
    ("the clock is corrected once and remembered", clock_is_corrected),
    ("nothing is left behind", nothing_is_left),
    ("no secret is told", no_secret_is_told),
];

/// The longest `Retry-After` that is waited for, in milliseconds.
const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

/// What two readings of a clock of whole seconds may differ by, in milliseconds.
const SECOND: f64 = 1_000.0;

fn ensure(holds: bool, said: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(said()) }
}

impl History {
    /// What was sent for one ask, in order.
    fn sends_of(&self, ask: usize) -> Vec<(usize, &Send)> {
        self.sends.iter().enumerate().filter(|(_, send)| send.ask == ask).collect()
    }

    /// Each sending that was followed by another one of the same ask, with that one.
    fn resends(&self) -> Vec<(&Asked, &Send, &Send)> {
        (0..self.asks.len())
            .flat_map(|ask| {
                let sends = self.sends_of(ask);
                sends.windows(2).map(|pair| (&self.asks[ask], pair[0].1, pair[1].1)).collect::<Vec<_>>()
            })
            .collect()
    }

    fn alike<'h>(&'h self, send: &'h Send) -> impl Iterator<Item = &'h Asked> {
        self.asks.iter().filter(|ask| ask.same_as(send.client, send.question))
    }
}

impl Send {
    fn end_time(&self) -> f64 {
        self.end.map_or(f64::INFINITY, |end| end.time)
    }

    fn end_step(&self) -> u64 {
        self.end.map_or(u64::MAX, |end| end.step)
    }

    fn status(&self) -> Option<i64> {
        match self.observed {
            Observed::Response { status, .. } => status,
            _ => None,
        }
    }

    fn is_signature_refused(&self) -> bool {
        matches!(self.status(), Some(107 | 115))
    }

    fn is_pending(&self) -> bool {
        self.status() == Some(205)
    }

    /// What passes by itself and, as far as the documents go, was not billed.
    fn passes(&self) -> bool {
        match self.observed {
            Observed::NeverRan { passing } => passing,
            Observed::Unsent => true,
            Observed::Response { status: Some(status), .. } => {
                matches!(status, 120 | 122 | 199 | 203 | 500)
            }
            Observed::Response { http_status, status: None } => {
                matches!(http_status, 429 | 502 | 503 | 504)
            }
            Observed::Lost | Observed::Dropped => false,
        }
    }

    /// Whether the client cannot know if the request arrived.
    fn is_unknown(&self) -> bool {
        matches!(self.observed, Observed::Lost | Observed::Dropped)
    }
}

impl Asked {
    fn deadline(&self) -> f64 {
        self.asked.map_or(f64::INFINITY, |asked| asked.time) + self.policy.deadline_ms
    }

    /// Whether it was waiting at `step`, did not give up later and had more than `ms` left at `time`.
    fn stays(&self, step: u64, time: f64, ms: f64) -> bool {
        self.waits_at(step) && !self.is_aborted() && self.deadline() > time + ms
    }
}

fn sent_once(history: &History) -> Result<(), String> {
    for (ask, send, next) in history.resends() {
        let told_to = send.is_unknown() && ask.policy.resend_when_unknown;
        let right = told_to || send.passes() || send.is_pending() || send.is_signature_refused();
        ensure(right, || format!("sent again after {send:?}: {next:?}"))?;
        // Of an HTTP 502 or 504 nobody knows what was behind it; it was decided to send such a call again.
        let gateway = matches!(send.observed, Observed::Response { http_status: 502 | 504, status: None });
        let right = !send.billed || told_to || send.is_pending() || gateway;
        ensure(right, || format!("sent again though billed: {send:?}"))?;
    }
    Ok(())
}

fn one_call(history: &History) -> Result<(), String> {
    for send in &history.sends {
        for other in history.sends.iter().filter(|other| {
            other.ask != send.ask && other.client == send.client && other.question == send.question
        }) {
            let overlap = send.start.step < other.start.step && other.start.step < send.end_step();
            ensure(!overlap, || format!("two calls at once: {send:?} and {other:?}"))?;
            let waited = history.asks[other.ask].waits_at(send.end_step());
            let again = send.intact && waited && other.start.step > send.end_step();
            ensure(!again, || format!("{send:?} answered it, and yet {other:?} was sent"))?;
        }
    }
    // A call's waits are part of it.
    for (_, send, next) in history.resends() {
        let between = history.sends.iter().find(|other| {
            other.ask != send.ask
                && other.client == send.client
                && other.question == send.question
                && (send.start.step..next.start.step).contains(&other.start.step)
        });
        ensure(between.is_none(), || format!("{between:?} between {send:?} and {next:?}"))?;
    }
    Ok(())
}

fn settles(history: &History) -> Result<(), String> {
    for ask in &history.asks {
        let in_time = ask.ended.as_ref().is_some_and(|(ended, _)| ended.time <= ask.deadline() + 1.0);
        ensure(in_time || ask.is_aborted(), || format!("late: {ask:?}"))?;
        // A call whose time is over has tried; no store and no other's deadline takes it all.
        let timed_out =
            matches!(ask.ended, Some((_, End::Error { kind: Kind::Timeout, billed: Billed::No, .. })));
        let shared = |send: &Send| {
            ask.same_as(send.client, send.question)
                && ask.ended.as_ref().is_some_and(|(ended, _)| send.start.step < ended.step)
                && ask.asked.is_some_and(|asked| asked.step < send.end_step())
        };
        let tried = || history.sends.iter().any(shared);
        let right = !timed_out || ask.policy.timeout_ms.min(ask.policy.deadline_ms) < 2.0 || tried();
        ensure(right, || format!("never tried: {ask:?}"))?;
    }
    Ok(())
}

fn abort_is_heard(history: &History) -> Result<(), String> {
    for send in &history.sends {
        let wanted = history.alike(send).any(|ask| ask.waits_at(send.start.step));
        ensure(wanted, || format!("nobody waited for {send:?}"))?;
        let wanted = history.alike(send).any(|ask| {
            ask.asked.is_some_and(|asked| asked.step < send.end_step())
                && ask.ended.as_ref().is_none_or(|(ended, _)| ended.time >= send.end_time())
        });
        ensure(wanted, || format!("nobody waited any longer for {send:?}"))?;
    }
    Ok(())
}

fn billed_is_true(history: &History) -> Result<(), String> {
    let fits = |said: Billed, truth: usize, what: &dyn std::fmt::Debug| {
        let wrong = match said {
            Billed::No => truth > 0,
            Billed::Yes => truth == 0,
            Billed::Unknown => false,
        };
        ensure(!wrong, || format!("{said:?} was said, {truth} were billed: {what:?}"))
    };
    let count = |ask: usize| history.sends_of(ask).iter().filter(|(_, send)| send.billed).count();
    for (number, ask) in history.asks.iter().enumerate() {
        match &ask.ended {
            Some((_, End::Answer { send, meta, .. })) if !meta.from_store => {
                let truth = count(history.sends[*send].ask);
                fits(meta.billed, truth, ask)?;
                let range = meta.billed_calls..=meta.billed_calls + meta.unknown_calls;
                ensure(range.contains(&(truth as u32)), || format!("{truth} were billed: {ask:?}"))?;
            }
            Some((ended, End::Error { billed, billed_calls, from_store: false, .. })) => {
                // Whoever sent nothing shared a call with whoever did: where it is said to be billed, the last one.
                let truth = if history.sends.iter().any(|send| send.ask == number) {
                    count(number)
                } else {
                    let shared = |send: &&Send| {
                        let overlaps = send.start.time < ended.time
                            && ask.asked.is_some_and(|asked| asked.time < send.end_time());
                        ask.same_as(send.client, send.question)
                            && send.start.step < ended.step
                            && (overlaps || *billed == Billed::Yes)
                    };
                    let flown = history.sends.iter().rev().find(shared);
                    flown.map_or(0, |send| count(send.ask))
                };
                fits(*billed, truth, ask)?;
                ensure(*billed_calls as usize <= truth, || format!("{truth} were billed: {ask:?}"))?;
            }
            _ => {}
        }
    }
    for told in &history.events {
        let Some(billed) = told.event.billed else { continue };
        let before = |step: u64| {
            let of = |send: &&Send| send.client == told.client && send.question == told.question;
            history.sends.iter().filter(of).rfind(move |send| send.start.step < step)
        };
        let Some(send) = before(told.at.step).filter(|_| told.event.attempt > 0) else { continue };
        match told.event.kind {
            EventType::Abort => fits(billed, count(send.ask), told)?,
            _ => fits(billed, usize::from(send.billed), told)?,
        }
    }
    Ok(())
}

fn answers_are_kept(history: &History) -> Result<(), String> {
    for ask in &history.asks {
        if let Some((_, End::Answer { send: number, meta, unkept })) = &ask.ended {
            let is_kept = |store: usize| {
                history
                    .sets
                    .iter()
                    .any(|set| set.store == store && set.send == Some(*number) && set.kept.is_some())
            };
            let told = *unkept || meta.from_store || !ask.stored || ask.store.is_none_or(is_kept);
            ensure(told, || format!("it is not said that its store did not keep it: {ask:?}"))?;
            let send = &history.sends[*number];
            let right = send.intact && send.question == ask.question;
            ensure(right, || format!("{send:?} is no answer to {ask:?}"))?;
        }
    }
    for (number, send) in history.sends.iter().enumerate() {
        let (step, time) = (send.end_step(), send.end_time());
        let answered = matches!(send.observed, Observed::Response { .. });
        if send.intact && answered {
            for ask in history.alike(send).filter(|ask| ask.stays(step, time, 1.0)) {
                // A refusal that its own store had is as good: it was paid for.
                let told =
                    matches!(ask.ended, Some((_, End::Answer { .. } | End::Error { from_store: true, .. })));
                ensure(told, || format!("{send:?} did not get to {ask:?}"))?;
            }
        }
        if !answered || !(send.intact || send.status().is_some_and(stays_to_be_kept)) {
            continue;
        }
        let opener = &history.asks[send.ask];
        for ask in history.alike(send).filter(|ask| ask.stored && ask.waits_at(step)) {
            let Some(store) = ask.store else { continue };
            let (sound, latency_ms) = history.stores[store];
            let time_left = ask.deadline().min(opener.deadline()) - time;
            if !sound || time_left < 3.0 * latency_ms + 2.0 || looks_up(ask, latency_ms, time) {
                continue;
            }
            let kept = history
                .sets
                .iter()
                .any(|set| set.store == store && set.send == Some(number) && set.kept.is_some());
            // Whoever was answered by its store, or by an earlier call, has nothing of this one to keep.
            let needless = match &ask.ended {
                Some((_, End::Answer { send, meta, .. })) => meta.from_store || *send != number,
                Some((_, End::Error { from_store, .. })) => *from_store,
                _ => false,
            };
            ensure(kept || needless, || format!("{send:?} is not in the store of {ask:?}"))?;
        }
    }
    Ok(())
}

/// A refusal that was paid for and that the same question would meet again.
fn stays_to_be_kept(status: i64) -> bool {
    stays_true(status) && !matches!(status, 200 | 201)
}

/// Whether the ask may still have been reading its store at `time`.
fn looks_up(ask: &Asked, latency_ms: f64, time: f64) -> bool {
    ask.asked.is_some_and(|asked| time <= asked.time + latency_ms)
}

fn paid_once(history: &History) -> Result<(), String> {
    for (number, ask) in history.asks.iter().enumerate() {
        let (Some(store), Some(asked), true) = (ask.store, ask.asked, ask.stored) else { continue };
        let (sound, latency_ms) = history.stores[store];
        let patience = ask.policy.timeout_ms.min(ask.policy.deadline_ms) / 2.0;
        if !sound || latency_ms >= patience {
            continue;
        }
        let knows_its_clock = history.clocks_ms[ask.client] == 0.0
            || history.sends.iter().any(|send| {
                send.client == ask.client && send.signature_accepted && send.end_step() < asked.step
            });
        let kept = history.sets.iter().find(|set| {
            let in_time = set.send.is_some_and(|send| {
                let age = asked.time + latency_ms - history.sends[send].start.time;
                ask.ttl_ms.is_none_or(|ttl_ms| knows_its_clock && age + 60.0 * SECOND < ttl_ms)
            });
            let before = set.kept.is_some_and(|kept| kept.step < asked.step);
            set.store == store && set.question == ask.question && before && in_time
        });
        let paid = history.sends_of(number);
        ensure(kept.is_none() || paid.is_empty(), || format!("{ask:?} was paid for, stored was {kept:?}"))?;
    }
    Ok(())
}

fn retries_are_bounded(history: &History) -> Result<(), String> {
    for (number, ask) in history.asks.iter().enumerate() {
        let policy = &ask.policy;
        let sends = history.sends_of(number);
        let (mut retries, mut polls) = (0, 0);
        for (index, (_, send)) in sends.iter().enumerate() {
            let next = sends.get(index + 1).map(|(_, next)| next);
            let waited = next.map(|next| next.start.time - send.end_time());
            let doubled = policy.base_delay_ms * 2f64.powi(retries as i32);
            let longest = doubled.min(policy.max_delay_ms);
            // No attempt begins that has hardly any time left.
            let least = policy.least_attempt_ms();
            let must = |ms: f64| ask.stays(send.end_step(), send.end_time(), ms + least + 2.0);
            if send.is_pending() {
                let due = polls < policy.max_polls && must(policy.poll_delay_ms);
                ensure(!due || next.is_some(), || format!("not asked again: {send:?}"))?;
                let right = waited.is_none_or(|ms| (ms - policy.poll_delay_ms).abs() < 1.0);
                ensure(right, || format!("asked again after {waited:?} ms: {send:?}"))?;
                polls += u32::from(next.is_some());
            } else if !send.is_signature_refused() {
                let tries = send.passes() || (send.is_unknown() && policy.resend_when_unknown);
                let due = tries && retries < policy.max_retries && !send.asks_to_wait && must(longest);
                ensure(!due || next.is_some(), || format!("not tried again: {send:?}"))?;
                let right = send.asks_to_wait || waited.is_none_or(|ms| ms <= longest + 1.0);
                ensure(right, || format!("tried again after {waited:?} ms: {send:?}"))?;
                retries += u32::from(next.is_some());
            }
        }
        let right = retries <= policy.max_retries && polls <= policy.max_polls;
        ensure(right, || format!("{retries} retries, {polls} polls: {ask:?}"))?;
    }
    Ok(())
}

fn retry_after_is_honoured(history: &History) -> Result<(), String> {
    for (_, send, next) in history.resends() {
        let Some(ms) = send.retry_after_ms.filter(|_| send.passes()) else { continue };
        ensure(ms <= MAX_RETRY_AFTER_MS, || format!("waited for {ms} ms: {send:?}"))?;
        let waited = next.start.time - send.end_time();
        ensure(waited >= ms - 1.0, || format!("{waited} ms in place of {ms} were waited: {send:?}"))?;
    }
    Ok(())
}

fn wrong_secret_is_told(history: &History) -> Result<(), String> {
    for (_, send, next) in history.resends() {
        let off = send.clock_error_ms.abs() > 30.0 * SECOND - 2.0 * SECOND;
        ensure(!send.is_signature_refused() || off, || format!("{send:?} was signed anew: {next:?}"))?;
    }
    Ok(())
}

fn clock_is_corrected(history: &History) -> Result<(), String> {
    let resends = history.resends();
    let corrected: Vec<_> = resends.iter().filter(|(_, send, _)| send.is_signature_refused()).collect();
    for (ask, send, next) in &corrected {
        let times = corrected.iter().filter(|(_, other, _)| other.ask == send.ask).count();
        ensure(times == 1, || format!("{times} corrections: {ask:?}"))?;
        // `Date` was made at some moment of the attempt, and has whole seconds.
        let took = send.end_time() - send.start.time;
        let near = next.clock_error_ms.abs() <= took / 2.0 + 2.0 * SECOND;
        ensure(near || !send.dated, || format!("badly corrected: {send:?} {next:?}"))?;
        ensure(send.dated, || format!("corrected by no clock: {send:?}"))?;
    }
    for send in history.sends.iter().filter(|send| send.is_signature_refused() && send.dated) {
        let took = send.end_time() - send.start.time;
        let off = send.clock_error_ms.abs() > 32.0 * SECOND + took;
        let sends = history.sends_of(send.ask);
        let place = sends.iter().position(|(_, other)| other.start == send.start).unwrap_or(0);
        let first = !sends[..place].iter().any(|(_, other)| other.is_signature_refused());
        let stays = history.asks[send.ask].stays(send.end_step(), send.end_time(), 2.0);
        let again = place + 1 < sends.len();
        ensure(!(off && first && stays) || again, || format!("not corrected: {send:?}"))?;
    }
    for (_, _, right) in corrected.iter().filter(|(_, _, next)| next.signature_accepted) {
        let worst = |step: u64| {
            let before =
                corrected.iter().filter(|(_, _, next)| next.client == right.client && next.start.step < step);
            before.map(|(_, _, next)| next.clock_error_ms.abs()).fold(0.0, f64::max)
        };
        let mended = |send: &Send| corrected.iter().any(|(_, _, next)| next.start == send.start);
        for later in history.sends.iter().filter(|send| !mended(send)) {
            let after = later.client == right.client && later.start.step > right.end_step();
            let known = later.clock_error_ms.abs() <= worst(later.start.step) + 2.0 * SECOND;
            ensure(!after || known, || format!("{later:?} does not know what {right:?} knew"))?;
        }
    }
    Ok(())
}

fn nothing_is_left(history: &History) -> Result<(), String> {
    for quiet in &history.quiet {
        // An answer that was paid for is written to its end, by the deadline.
        let bare = quiet.sends == 0 && quiet.gets == 0;
        let right = bare && quiet.timers <= 2 * quiet.sets && quiet.tasks <= quiet.sets;
        ensure(right, || format!("{quiet:?}"))?;
    }
    let Some(last) = history.quiet.last() else { return Err("it never ended".to_owned()) };
    let bare = last.timers == 0 && last.sets == 0 && last.tasks == 0;
    ensure(bare, || format!("at the end: {last:?}"))
}

fn no_secret_is_told(history: &History) -> Result<(), String> {
    for text in &history.texts {
        let found = history.secrets.iter().find(|secret| text.contains(secret.as_str()));
        ensure(found.is_none(), || format!("{found:?} in {text}"))?;
    }
    Ok(())
}
