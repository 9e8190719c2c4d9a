//! The client under simulated time: many drawn histories, each judged by every rule of [`check`]; for every rule a planted
//! mistake that it must find; and a count of what the histories come across.
//!
//! `QCC_SIM_SEED` sets the first seed, `QCC_SIM_HISTORIES` how many histories follow it: a failure names its seed, and
//! `QCC_SIM_SEED=that QCC_SIM_HISTORIES=1` plays it again.

mod check;
mod history;
mod host;
mod model;
mod scenario;
mod world;

use check::CHECKS;
use history::{End, History, Observed};
use model::Plant;
use qcc_pro::api::status::Kind;
use qcc_pro::client::event::EventType;
use scenario::simulate;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
}

/// A history in which a rule is broken.
struct Broken {
    seed: u64,
    rule: &'static str,
    said: String,
}

#[test]
fn holds_in_every_history() {
    let seed = from_environment("QCC_SIM_SEED", 1);
    let count = from_environment("QCC_SIM_HISTORIES", 100_000);
    println!("QCC_SIM_SEED={seed} QCC_SIM_HISTORIES={count}");
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let broken: Vec<Broken> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|thread| {
                let mine = (thread..count).step_by(threads as usize);
                scope
                    .spawn(move || mine.flat_map(|index| judge(seed.wrapping_add(index))).collect::<Vec<_>>())
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    for (rule, _) in CHECKS {
        let of_rule = || broken.iter().filter(|broken| broken.rule == *rule);
        if let Some(first) = of_rule().min_by_key(|broken| broken.said.len()) {
            println!(
                "«{rule}» is broken in {} histories, one is QCC_SIM_SEED={} QCC_SIM_HISTORIES=1:\n  {}",
                of_rule().count(),
                first.seed,
                first.said
            );
        }
    }
    if let ([only], 1) = (&broken[..], count) {
        println!("{}", simulate(only.seed, Plant::Nothing).listed());
    }
    assert!(broken.is_empty(), "{} rules are broken, see above", broken.len());
}

/// Plays one history and names the rules that are broken in it.
fn judge(seed: u64) -> Vec<Broken> {
    let history = catch_unwind(AssertUnwindSafe(|| simulate(seed, Plant::Nothing)))
        .unwrap_or_else(|_| panic!("QCC_SIM_SEED={seed} QCC_SIM_HISTORIES=1: panicked"));
    let verdicts = CHECKS.iter().map(|(rule, check)| (*rule, check(&history)));
    verdicts.filter_map(|(rule, verdict)| Some(Broken { seed, rule, said: verdict.err()? })).collect()
}

/// Each rule finds the mistake that is planted for it, and finds nothing in the same histories without it.
#[test]
fn finds_each_planted_mistake() {
    let plants = [
        (Plant::ResendsUnknown, "nothing unasked is sent twice"),
        (Plant::ForgetsQuestions, "equal questions in flight share one call"),
        (Plant::TakesItsTime, "every call settles by its deadline"),
        (Plant::IgnoresAbort, "an abort is heard at once"),
        (Plant::CallsLostUnsent, "billed is never reported wrongly"),
        (Plant::CallsGivenUpUnsent, "billed is never reported wrongly"),
        (Plant::ForgetsSets, "an answer is never lost"),
        (Plant::DropsAnswers, "an answer is never lost"),
        (Plant::ForgetsQuestions, "a stored answer is never paid for again"),
        (Plant::RetriesMore, "retries are as many and as long as the policy says"),
        (Plant::HidesRetryAfter, "Retry-After is honoured"),
        (Plant::ShiftsDate, "a refused signature under a right clock is told at once"),
        (Plant::ForgetsClock, "the clock is corrected once and remembered"),
        (Plant::RepeatsRefused, "the clock is corrected once and remembered"),
        (Plant::LeaksTimers, "nothing is left behind"),
        (Plant::TellsKey, "no secret is told"),
    ];
    for (rule, check) in CHECKS {
        let of_rule: Vec<_> = plants.iter().filter(|(_, planted)| planted == rule).collect();
        assert!(!of_rule.is_empty(), "no mistake is planted for «{rule}»");
        for (plant, _) in of_rule {
            let found = (1..5_000).find(|seed| check(&simulate(*seed, *plant)).is_err());
            let seed = found.unwrap_or_else(|| panic!("«{rule}» does not find {plant:?}"));
            println!("«{rule}» finds {plant:?} at seed {seed}");
            assert_eq!(check(&simulate(seed, Plant::Nothing)), Ok(()), "«{rule}» at seed {seed}");
        }
    }
}

/// What the histories must contain for the rules to mean anything.
#[test]
fn comes_across_everything() {
    let mut seen = std::collections::BTreeMap::new();
    for seed in 1..3_000 {
        let history = simulate(seed, Plant::Nothing);
        for sight in sights(&history) {
            *seen.entry(sight).or_insert(0) += 1;
        }
    }
    println!("{seen:#?}");
    for sight in [
        "lost after it was billed",
        "given up after it was billed",
        "arrived after it was given up",
        "sent again after it was given up unsent",
        "aborted unsent",
        "billed behind a 502 or 504",
        "asked again after 205",
        "sent again as told",
        "clock corrected",
        "wrong secret",
        "Retry-After waited for",
        "shared answer",
        "shared error",
        "answer from a store",
        "refusal from a store",
        "store failed",
        "aborted",
        "aborted and written all the same",
        "timed out unsent",
        "malformed",
        "unknown code",
    ] {
        assert!(seen.get(sight).is_some_and(|times| *times > 2), "{sight}: {seen:#?}");
    }
}

fn sights(history: &History) -> Vec<&'static str> {
    let mut sights = Vec::new();
    let mut see = |sight, seen: bool| {
        if seen {
            sights.push(sight);
        }
    };
    let resent = |send: &history::Send| {
        history.sends.iter().any(|next| next.ask == send.ask && next.start.step > send.start.step)
    };
    for send in &history.sends {
        let status = match send.observed {
            Observed::Response { status, .. } => status,
            _ => None,
        };
        see("lost after it was billed", send.billed && send.observed == Observed::Lost);
        see("given up after it was billed", send.billed && send.observed == Observed::Dropped);
        see("arrived after it was given up", send.reached && send.observed == Observed::Dropped);
        see("sent again after it was given up unsent", send.observed == Observed::Unsent && resent(send));
        let gateway = Observed::Response { http_status: 502, status: None };
        see("billed behind a 502 or 504", send.billed && send.observed == gateway);
        see("asked again after 205", status == Some(205) && resent(send));
        let unknown = matches!(send.observed, Observed::Lost | Observed::Dropped);
        see("sent again as told", unknown && resent(send));
        see("clock corrected", matches!(status, Some(107 | 115)) && resent(send));
        let refused = matches!(status, Some(107 | 115)) && !resent(send);
        see("wrong secret", refused && send.clock_error_ms.abs() < 20_000.0);
        see("Retry-After waited for", send.retry_after_ms.is_some_and(|ms| ms > 0.0) && resent(send));
        see("unknown code", status == Some(7777));
    }
    for (number, ask) in history.asks.iter().enumerate() {
        let sent = history.sends.iter().any(|send| send.ask == number);
        match &ask.ended {
            Some((at, End::Aborted)) => {
                see("aborted", sent);
                let unsent = |send: &history::Send| send.ask == number && send.observed == Observed::Unsent;
                see("aborted unsent", history.sends.iter().any(unsent));
                let later = |set: &history::Set| set.kept.is_some_and(|kept| kept.step > at.step);
                let written = |set: &&history::Set| set.question == ask.question && set.start.step < at.step;
                see("aborted and written all the same", history.sets.iter().filter(written).any(later));
            }
            Some((_, End::Answer { meta, .. })) => {
                see("shared answer", !sent && !meta.from_store);
                see("answer from a store", meta.from_store);
            }
            Some((_, End::Error { kind, from_store, .. })) => {
                see("shared error", !sent && !from_store && *kind == Kind::Server);
                see("refusal from a store", *from_store);
                see("timed out unsent", !sent && *kind == Kind::Timeout);
                see("malformed", *kind == Kind::MalformedResponse);
            }
            None => {}
        }
    }
    see("store failed", history.events.iter().any(|told| told.event.kind == EventType::Store));
    sights
}
