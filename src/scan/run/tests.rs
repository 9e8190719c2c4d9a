//! What a run decides, played by hand and with outcomes drawn at random.

use super::*;
use crate::api::status::{Kind, status_info};
use crate::scan::input::Shape;
use proptest::prelude::*;
use std::collections::BTreeSet;

const FREE: Limits = Limits {
    concurrency: 3,
    calls_per_second: f64::INFINITY,
    max_calls: u64::MAX,
    bills_per_call: 1,
    has_store: false,
};

fn run_of(companies: usize, limits: Limits) -> Run {
    let names: Vec<String> = (0..companies).map(|n| format!("公司{n}")).collect();
    let input = ScanInput::new(Shape::Among, names.iter().map(String::as_str), []).unwrap();
    let plan = input.plan(20).unwrap();
    Run::new(input, plan, limits, Vec::new(), 0.0)
}

/// Plays a run against `answer`; gives the questions that were paid for. Ends them in an order drawn from `turns`.
fn play(run: &mut Run, turns: &[u8], mut answer: impl FnMut(&[u32]) -> Outcome) -> Vec<Vec<u32>> {
    let mut paid = Vec::new();
    let mut open: Vec<Job> = Vec::new();
    for turn in turns.iter().cycle() {
        match run.step() {
            Next::Ask(job) => open.push(job),
            Next::Done => break,
            Next::Consult => {
                if run.learn(&[]) {
                    run.search();
                }
            }
            Next::Wait => {
                let job = open.swap_remove(usize::from(*turn) % open.len());
                match run.permit(job.id, 10_000.0) {
                    Permit::Pay(_) => {
                        paid.push(job.companies.clone());
                        let outcome = answer(&job.companies);
                        run.ended(job.id, outcome, Cost { bills: 1, ..Cost::default() });
                    }
                    Permit::No => run.ended(job.id, Outcome::NotAsked, Cost::default()),
                    Permit::Outdated => run.ended(job.id, Outcome::Outdated, Cost::default()),
                    Permit::Later(_) | Permit::WhenOthersEnd => open.push(job),
                }
            }
        }
    }
    paid
}

fn status(code: i64) -> Outcome {
    let info = status_info(code).unwrap();
    Outcome::Failed(Box::new(QccError::of_status(code, "", info.kind, info.retryable)))
}

fn pairs_of(calls: &[Vec<u32>]) -> BTreeSet<(u32, u32)> {
    let mut pairs = BTreeSet::new();
    for call in calls {
        for &one in call {
            pairs.extend(call.iter().filter(|&&other| one < other).map(|&other| (one, other)));
        }
    }
    pairs
}

fn missing(run: &Run) -> BTreeSet<(u32, u32)> {
    let mut missing = BTreeSet::new();
    run.uncovered(true, |one, other| {
        assert!(missing.insert((one.min(other), one.max(other))), "told twice");
        true
    });
    missing
}

fn all(companies: u32) -> BTreeSet<(u32, u32)> {
    (0..companies).flat_map(|one| (one + 1..companies).map(move |other| (one, other))).collect()
}

#[test]
fn asks_the_plan_and_nothing_else_where_nothing_fails() {
    let mut run = run_of(70, FREE);
    let paid = play(&mut run, &[0, 7, 3], |_| Outcome::Answered);
    assert_eq!(paid.len() as u64, run.plan().calls());
    assert!(run.is_complete() && missing(&run).is_empty());
    let progress = run.progress(1.0);
    assert_eq!((progress.done, progress.paid, progress.eta_ms), (progress.calls, progress.calls, Some(0.0)));
}

#[test]
fn finds_the_company_at_fault_once_and_leaves_it_out() {
    let mut run = run_of(65, FREE);
    let calls = run.plan().calls() as usize;
    let paid = play(&mut run, &[1], |call| if call.contains(&7) { status(208) } else { Outcome::Answered });
    assert_eq!(run.unsupported(), [7]);
    assert!(run.failed().is_empty());
    let expected: BTreeSet<_> = all(65).into_iter().filter(|pair| pair.0 == 7 || pair.1 == 7).collect();
    assert_eq!(missing(&run), expected);
    // The refused call, at most two more that were under way with it, five halvings.
    assert!(paid.len() <= calls + 3 + 5, "{} for {calls}", paid.len());
}

#[test]
fn learns_from_others_what_it_would_else_look_for() {
    let mut run = run_of(65, Limits { has_store: true, ..FREE });
    let jobs: Vec<Job> = std::iter::from_fn(|| match run.step() {
        Next::Ask(job) => Some(job),
        _ => None,
    })
    .collect();
    let at_fault = jobs[0].companies[3];
    for job in &jobs[..2] {
        assert_eq!(run.permit(job.id, 0.0), Permit::Pay(1));
    }
    let meets = |call: &[u32]| if call.contains(&at_fault) { status(208) } else { Outcome::Answered };
    for job in &jobs[..2] {
        run.ended(job.id, meets(&job.companies), Cost { bills: 1, ..Cost::default() });
    }
    let refused = jobs[..2].iter().filter(|job| job.companies.contains(&at_fault)).count() as u64;
    // The one that is not paid for yet waits for what will be found; so does everything else.
    assert_eq!(run.permit(jobs[2].id, 0.0), Permit::Outdated);
    run.ended(jobs[2].id, Outcome::Outdated, Cost::default());
    assert_eq!(run.step(), Next::Consult);
    assert_eq!(run.step(), Next::Wait);
    assert!(!run.learn(&[at_fault]) && !run.is_searching());
    let paid = play(&mut run, &[1, 5], |_| Outcome::Answered);
    assert!(paid.iter().all(|call| !call.contains(&at_fault)));
    assert_eq!(run.unsupported(), [at_fault]);
    // What was refused is asked without it, and no test is.
    assert_eq!(run.progress(0.0).paid, run.plan().calls() + refused);
}

#[test]
fn splits_what_has_too_many_rows() {
    let mut run = run_of(20, FREE);
    let paid = play(&mut run, &[0], |call| if call.len() > 14 { status(207) } else { Outcome::Answered });
    assert_eq!(paid.iter().map(Vec::len).collect::<Vec<_>>(), [20, 14, 13, 13]);
    assert!(run.is_complete());
    let mut run = run_of(4, FREE);
    let paid = play(&mut run, &[0], |call| if call.len() > 2 { status(207) } else { Outcome::Answered });
    assert!(run.is_complete() && paid.len() <= 9, "{paid:?}");
}

#[test]
fn never_oversteps_its_budget_and_says_what_is_missing() {
    for max_calls in 0..8 {
        let mut run = run_of(65, Limits { max_calls, ..FREE });
        let paid = play(&mut run, &[2, 1], |_| Outcome::Answered);
        assert_eq!(paid.len() as u64, max_calls);
        assert_eq!(run.stopped(), Some(Stopped::Budget));
        let covered = pairs_of(&paid);
        assert_eq!(missing(&run), all(65).difference(&covered).copied().collect());
    }
}

#[test]
fn stops_at_once_for_the_account() {
    for code in [102, 103, 106, 108, 109, 112, 116, 117, 119] {
        let mut run = run_of(200, FREE);
        let mut answered = 0;
        let paid = play(&mut run, &[0], |_| {
            answered += 1;
            if answered > 5 { status(code) } else { Outcome::Answered }
        });
        assert_eq!(run.stopped(), Some(Stopped::Account), "{code}");
        assert!(paid.len() <= 5 + FREE.concurrency as usize);
    }
}

#[test]
fn keeps_its_pace() {
    let mut run = run_of(65, Limits { calls_per_second: 4.0, ..FREE });
    let Next::Ask(one) = run.step() else { panic!() };
    let Next::Ask(two) = run.step() else { panic!() };
    assert_eq!(run.permit(one.id, 0.0), Permit::Pay(1));
    assert_eq!(run.permit(two.id, 100.0), Permit::Later(150.0));
    assert_eq!(run.permit(two.id, 250.0), Permit::Pay(1));
}

#[test]
fn keeps_still_for_as_long_as_the_server_wants_and_counts_no_bill() {
    let mut run = run_of(65, FREE);
    let (Next::Ask(one), Next::Ask(two)) = (run.step(), run.step()) else { panic!() };
    assert_eq!([run.permit(one.id, 0.0), run.permit(two.id, 0.0)], [Permit::Pay(1); 2]);
    for job in [&one, &two] {
        run.ended(job.id, Outcome::HeldBack { at: 10.0, wait_ms: 1500.0 }, Cost::default());
    }
    let Next::Ask(again) = run.step() else { panic!() };
    assert_eq!(again.companies, two.companies);
    assert_eq!(run.permit(again.id, 100.0), Permit::Later(1410.0));
    assert_eq!(run.permit(again.id, 1510.0), Permit::Pay(1));
    run.ended(again.id, Outcome::Answered, Cost { bills: 1, ..Cost::default() });
    assert_eq!(run.progress(1510.0).paid, 1);
    play(&mut run, &[3, 1], |_| Outcome::Answered);
    assert!(run.is_complete() && run.failed().is_empty() && run.stopped().is_none());
}

#[test]
fn gives_up_where_it_is_sent_away_for_ever() {
    let mut run = run_of(65, FREE);
    let mut now = 0.0;
    let mut rounds = 0;
    loop {
        let jobs: Vec<Job> = std::iter::from_fn(|| match run.step() {
            Next::Ask(job) => Some(job),
            Next::Consult | Next::Wait | Next::Done => None,
        })
        .collect();
        if jobs.is_empty() {
            break;
        }
        rounds += 1;
        for job in &jobs {
            assert_eq!(run.permit(job.id, now), Permit::Pay(1));
        }
        for job in jobs {
            run.ended(job.id, Outcome::HeldBack { at: now, wait_ms: f64::INFINITY }, Cost::default());
        }
        now += 3_600_000.0;
    }
    assert_eq!((rounds, run.stopped()), (MAX_FAILURES_IN_A_ROW, Some(Stopped::Failing)));
    assert_eq!((missing(&run), run.progress(now).paid), (all(65), 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever fails: a pair is covered by an answer or told, never both, never twice; nothing is paid for twice.
    #[test]
    fn accounts_for_every_pair(
        companies in 2u32..90,
        turns in prop::collection::vec(any::<u8>(), 1..20),
        faulty in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        too_many in 3usize..30,
        faults in prop::collection::vec(prop::option::weighted(0.1, prop::sample::select(vec![102, 199, 202, 207, 208, 7777])), 1..60),
        max_calls in prop::option::of(0u64..60),
        stop_at in prop::option::of(0usize..60),
        has_store: bool,
    ) {
        let faulty: Vec<u32> = faulty.iter().map(|index| index.index(companies as usize) as u32).collect();
        let mut run = run_of(companies as usize, Limits { max_calls: max_calls.unwrap_or(u64::MAX), has_store, ..FREE });
        let mut answered = Vec::new();
        let mut asked = 0;
        let paid = play(&mut run, &turns, |call| {
            asked += 1;
            let drawn = faults[asked % faults.len()];
            let outcome = if Some(asked) == stop_at {
                status(112)
            } else if call.iter().any(|company| faulty.contains(company)) {
                status(208)
            } else if call.len() >= too_many {
                status(207)
            } else if let Some(code) = drawn {
                status_info(code).map_or_else(|| Outcome::Failed(Box::new(QccError::of_status(code, "", Kind::UnknownStatus, false))), |_| status(code))
            } else {
                Outcome::Answered
            };
            if outcome == Outcome::Answered {
                answered.push(call.to_vec());
            }
            outcome
        });
        if let Some(max_calls) = max_calls {
            prop_assert!(paid.len() as u64 <= max_calls);
        }
        let mut different = paid.clone();
        different.sort();
        different.dedup();
        prop_assert_eq!(different.len(), paid.len(), "paid for twice");
        let covered = pairs_of(&answered);
        let missing = missing(&run);
        prop_assert_eq!(&missing, &all(companies).difference(&covered).copied().collect());
    }
}
