//! What a call does next, played by hand.

use super::*;

fn answer(status: i64) -> Seen {
    let billed = Billed::from_known(crate::api::status::billed(status, ""));
    Seen::Answer { status, billed, readable: true }
}

fn call() -> Call {
    let mut call = Call::new(Policy::default(), 0.0);
    call.begin(0.0);
    call
}

fn after(call: &mut Call, seen: Seen) -> Next {
    call.after(seen, Hints::default(), 0.0, 0.0, 0.5)
}

fn dated(date: f64) -> Hints {
    Hints { server_date: Some(date), ..Hints::default() }
}

fn sends(next: Next) -> bool {
    matches!(next, Next::SendAfter { .. })
}

#[test]
fn sends_again_only_what_was_not_billed_and_passes() {
    for status in (100..600).chain([0, -1, 7777]) {
        let again = sends(after(&mut call(), answer(status)));
        assert_eq!(again, matches!(status, 120 | 122 | 199 | 203 | 205 | 500), "{status}");
    }
    for status in 300..600 {
        let again = sends(after(&mut call(), Seen::Http(status)));
        assert_eq!(again, matches!(status, 429 | 502 | 503 | 504), "{status}");
    }
    assert!(sends(after(&mut call(), Seen::NeverRan { passing: true })));
    assert!(!sends(after(&mut call(), Seen::NeverRan { passing: false })));
    for seen in [Seen::Lost, Seen::TimedOut, Seen::Malformed] {
        let mut call = call();
        assert!(!sends(after(&mut call, seen)));
        assert_eq!(call.billed(), Billed::Unknown);
    }
}

#[test]
fn sends_again_what_may_have_arrived_only_if_told_to() {
    let policy = Policy { resend_when_unknown: true, ..Policy::default() };
    for seen in [Seen::Lost, Seen::TimedOut] {
        let mut call = Call::new(policy, 0.0);
        assert!(sends(after(&mut call, seen)) && sends(after(&mut call, seen)));
        assert!(!sends(after(&mut call, seen)));
        assert_eq!(call.unknown_attempts(), 3);
    }
    assert!(!sends(after(&mut Call::new(policy, 0.0), Seen::Malformed)));
}

#[test]
fn doubles_a_jittered_wait() {
    let policy = Policy { max_retries: 9, deadline_ms: f64::INFINITY, ..Policy::default() };
    let mut call = Call::new(policy, 0.0);
    let waits: Vec<_> = (0..7)
        .map(|_| match after(&mut call, Seen::Http(503)) {
            Next::SendAfter { wait_ms, reason: Reason::Retry } => wait_ms,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(waits, [250.0, 500.0, 1000.0, 2000.0, 4000.0, 4000.0, 4000.0]);
}

#[test]
fn honours_retry_after_up_to_a_minute_and_within_the_deadline() {
    let wait = |ms, now| {
        let hints = Hints { retry_after_ms: Some(ms), ..Hints::default() };
        match call().after(Seen::Http(429), hints, now, 0.0, 0.0) {
            Next::SendAfter { wait_ms, .. } => Some(wait_ms),
            _ => None,
        }
    };
    assert_eq!(wait(3000.0, 0.0), Some(3000.0));
    assert_eq!(wait(60_000.0, 0.0), Some(60_000.0));
    assert_eq!(wait(60_001.0, 0.0), None);
    assert_eq!(wait(f64::INFINITY, 0.0), None);
    assert_eq!(wait(30_000.0, 90_000.0), None);
}

#[test]
fn asks_again_for_what_is_pending_as_often_as_told_and_counts_each() {
    let mut call = call();
    for _ in 0..3 {
        assert_eq!(after(&mut call, answer(205)), Next::SendAfter { wait_ms: 2000.0, reason: Reason::Poll });
    }
    assert_eq!(after(&mut call, answer(205)), Next::Fail { kind: Kind::Pending, retryable: true });
    assert_eq!(call.billed_attempts(), 4);
}

#[test]
fn corrects_the_clock_once() {
    for status in [107, 115] {
        let ahead = dated(600_000.0);
        let mut call = call();
        let next = call.after(answer(status), ahead, 1_000.0, 0.0, 0.0);
        assert_eq!(next, Next::SendAfter { wait_ms: 0.0, reason: Reason::Skew(599_000) });
        assert!(!sends(call.after(answer(status), ahead, 1_000.0, 599_000.0, 0.0)));
        assert!(!sends(call.after(answer(status), ahead, 1_000.0, 0.0, 0.0)));
    }
    let near = dated(29_999.0);
    assert!(!sends(call().after(answer(107), near, 0.0, 0.0, 0.0)));
    assert!(sends(call().after(answer(107), near, 0.0, 60_000.0, 0.0)));
    let behind = dated(0.0);
    assert!(sends(call().after(answer(107), behind, 30_000.0, 0.0, 0.0)));
    assert!(!sends(after(&mut call(), answer(107))));
    assert!(!sends(call().after(answer(101), behind, 90_000.0, 0.0, 0.0)));
}

#[test]
fn asks_a_gateway_nothing_twice_that_it_has_answered() {
    let policy = Policy { resend_when_unknown: true, ..Policy::behind_gateway() };
    let call = || {
        let mut call = Call::new(policy, 0.0);
        call.begin(0.0);
        call
    };
    for status in (100..600).chain([0, -1, 7777]) {
        let direct =
            after(&mut Call::new(Policy { max_retries: 0, max_polls: 0, ..policy }, 0.0), answer(status));
        assert_eq!(after(&mut call(), answer(status)), direct, "{status}");
        assert!(!sends(direct), "{status}");
    }
    for status in 100..600 {
        assert_eq!(sends(after(&mut call(), Seen::Http(status))), status == 503, "{status}");
    }
    let refused = |status| after(&mut call(), Seen::Http(status));
    assert_eq!(refused(401), Next::Fail { kind: Kind::Auth, retryable: false });
    assert_eq!(refused(403), Next::Fail { kind: Kind::Auth, retryable: false });
    assert_eq!(refused(429), Next::Fail { kind: Kind::Quota, retryable: true });
    assert!(sends(after(&mut call(), Seen::NeverRan { passing: true })));
    assert!(!sends(after(&mut call(), Seen::Malformed)));
}

#[test]
fn counts_what_a_gateway_spent_in_place_of_its_own_attempt() {
    let mut call = Call::new(Policy::behind_gateway(), 0.0);
    assert_eq!(call.begin(0.0), Some(120_000.0));
    after(&mut call, Seen::NeverRan { passing: true });
    call.begin(1.0);
    call.spend(3, 2, 1);
    assert_eq!((call.attempts(), call.billed_attempts(), call.unknown_attempts()), (4, 2, 1));
    let mut stored = Call::new(Policy::behind_gateway(), 0.0);
    stored.begin(0.0);
    stored.spend(0, 0, 0);
    assert_eq!((stored.attempts(), stored.billed()), (0, Billed::No));
}

#[test]
fn takes_figures_and_refuses_what_makes_no_sense() {
    let none = [f64::NAN; 8];
    assert_eq!(Policy::default().with_figures(&none).unwrap(), Policy::default());
    assert_eq!(Policy::default().with_figures(&[]).unwrap(), Policy::default());
    let policy = Policy::default().with_figures(&[1.0, f64::INFINITY, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]).unwrap();
    assert_eq!((policy.timeout_ms, policy.deadline_ms, policy.max_retries), (1.0, f64::INFINITY, 0));
    assert!(policy.resend_when_unknown);
    for (index, bad) in [(0, 0.0), (1, -1.0), (2, 1.5), (2, -1.0), (3, -1.0), (4, -0.5), (6, 0.1), (7, -1.0)]
    {
        let mut figures = none;
        figures[index] = bad;
        assert!(Policy::default().with_figures(&figures).is_err(), "{index}");
    }
}

#[test]
fn does_not_take_a_slow_answer_for_a_slow_clock() {
    let slow = Hints { took_ms: 80_000.0, ..dated(0.0) };
    assert!(!sends(call().after(answer(107), slow, 80_000.0, 0.0, 0.0)));
    assert!(!sends(call().after(answer(107), slow, 0.0, 0.0, 0.0)));
    assert_eq!(
        call().after(answer(107), slow, 110_000.0, 0.0, 0.0),
        Next::SendAfter { wait_ms: 0.0, reason: Reason::Skew(-70_000) }
    );
}

#[test]
fn gives_an_attempt_no_more_than_what_is_left() {
    let mut call = call();
    assert_eq!(call.begin(0.0), Some(30_000.0));
    assert_eq!(call.begin(100_000.0), Some(20_000.0));
    assert_eq!(call.begin(120_000.0), None);
    assert_eq!(call.attempts(), 3);
}
