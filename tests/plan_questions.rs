//! Questions over names, drawn at random: every pair that is asked for is in a call, whatever the order of the names,
//! in every shard, and again when the plan is rebuilt from its record.

use proptest::prelude::*;
use qcc_pro::plan::{CallPlan, PlanError, PlanInput};
use std::collections::BTreeSet;

type Pair = (String, String);

fn name(number: u32) -> String {
    // Not in numerical order as text, and Chinese, as the real ones are.
    format!("公司{}号", number.wrapping_mul(7919) % 100_003)
}

fn names(numbers: &[u32]) -> Vec<String> {
    numbers.iter().map(|&number| name(number)).collect()
}

fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn pair_texts(pairs: &[Pair]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()
}

fn sorted(a: &str, b: &str) -> Pair {
    if a < b { (a.to_owned(), b.to_owned()) } else { (b.to_owned(), a.to_owned()) }
}

/// The calls as names; every call is checked for its size and for names that stand twice.
fn calls(plan: &CallPlan, positions: &[&str], call_size: u32) -> Vec<Vec<String>> {
    let calls: Vec<Vec<String>> = plan
        .iter()
        .map(|call| call.iter().map(|&position| positions[position as usize].to_owned()).collect())
        .collect();
    assert_eq!(calls.len() as u64, plan.calls());
    for call in &calls {
        assert!((2..=call_size as usize).contains(&call.len()), "{call:?}");
        assert_eq!(call.iter().collect::<BTreeSet<_>>().len(), call.len(), "{call:?}");
    }
    calls
}

fn pairs_in(calls: &[Vec<String>]) -> BTreeSet<Pair> {
    let pairs = |call: &Vec<String>| {
        let call = call.clone();
        let count = call.len();
        (0..count).flat_map(move |i| (0..i).map(|j| sorted(&call[i], &call[j])).collect::<Vec<_>>())
    };
    calls.iter().flat_map(pairs).collect()
}

/// Plans, and checks all that holds for every plan. `asked` are the pairs of the question without the known ones.
fn check(
    input: &PlanInput<'_>,
    positions: &[&str],
    known: &[Pair],
    asked: &BTreeSet<Pair>,
    k: u32,
) -> CallPlan {
    let known = pair_texts(known);
    let plan = CallPlan::new(input, &known, k).expect("a question with two names");
    let listed = calls(&plan, positions, k);
    let covered = pairs_in(&listed);
    let missing: Vec<_> = asked.difference(&covered).collect();
    assert!(missing.is_empty(), "{} of {} pairs missing: {:?}", missing.len(), asked.len(), missing.first());
    assert_eq!(plan.pairs(), asked.len() as u64);
    assert!(plan.lower_bound() <= plan.calls(), "{} > {}", plan.lower_bound(), plan.calls());
    assert!(plan.calls() <= plan.naive_calls(), "{} > {} by hand", plan.calls(), plan.naive_calls());
    assert_eq!(plan.calls() == 0, asked.is_empty());
    assert!(matches!(plan.call(plan.calls()), Err(PlanError::Call { .. })));

    let rebuilt = CallPlan::from_record(&plan.record(), input, &known)
        .unwrap_or_else(|error| panic!("{error:?}: {}", plan.record()));
    assert_eq!(calls(&rebuilt, positions, k), listed, "{}", plan.record());
    assert_eq!(rebuilt.record(), plan.record());

    for count in [1, 2, 3, 7] {
        let mut together = Vec::new();
        for index in 0..count {
            let shard = plan.shard(index, count).expect("a shard of so many");
            let again = CallPlan::from_record(&shard.record(), input, &known).expect("a shard's record");
            assert_eq!(calls(&again, positions, k), calls(&shard, positions, k));
            together.extend(calls(&shard, positions, k));
        }
        let (mut together, mut whole) = (together, listed.clone());
        together.sort();
        whole.sort();
        assert_eq!(together, whole, "{count} shards");
    }
    plan
}

/// The same calls of the same names, in the same order.
fn assert_same(a: &CallPlan, of_a: &[&str], b: &CallPlan, of_b: &[&str]) {
    assert_eq!(calls(a, of_a, 20), calls(b, of_b, 20));
}

fn all_pairs(list: &[String]) -> BTreeSet<Pair> {
    let pairs = list.iter().flat_map(|a| list.iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a != b).map(|(a, b)| sorted(a, b)).collect()
}

fn across(first: &[String], second: &[String]) -> BTreeSet<Pair> {
    let pairs = first.iter().flat_map(|a| second.iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a != b).map(|(a, b)| sorted(a, b)).collect()
}

fn without(pairs: BTreeSet<Pair>, known: &[Pair]) -> BTreeSet<Pair> {
    let known: BTreeSet<Pair> = known.iter().map(|(a, b)| sorted(a, b)).collect();
    pairs.difference(&known).cloned().collect()
}

fn pairs_of(numbers: Vec<(u32, u32)>) -> Vec<Pair> {
    numbers.into_iter().map(|(a, b)| (name(a), name(b))).collect()
}

/// A plan knows how many calls a walk ends at and is spared its last attempt; a record does not.
#[test]
fn a_record_gives_the_covers_of_walks_again() {
    let mut walked = 0;
    // The last is made of a cover that its record alone describes.
    for count in (100..640).step_by(45).chain([402]) {
        let list = names(&(0..count).collect::<Vec<_>>());
        let positions = texts(&list);
        let input = PlanInput::Among(&positions);
        let plan = CallPlan::new(&input, &[], 20).expect("names");
        walked += u32::from(plan.record().contains("=^"));
        let rebuilt = CallPlan::from_record(&plan.record(), &input, &[]).expect("its own record");
        assert_eq!(calls(&rebuilt, &positions, 20), calls(&plan, &positions, 20));
    }
    assert!(walked >= 3, "{walked} of the plans have a walk in them");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn among(numbers in prop::collection::vec(0u32..150, 2..200), k in 2u32..=20) {
        let list = names(&numbers);
        let asked = all_pairs(&list);
        prop_assume!(!asked.is_empty());
        let positions = texts(&list);
        let plan = check(&PlanInput::Among(&positions), &positions, &[], &asked, k);
        let backwards: Vec<&str> = positions.iter().rev().copied().collect();
        let other = CallPlan::new(&PlanInput::Among(&backwards), &[], k).expect("the same names");
        prop_assert_eq!(plan.record(), other.record());
        assert_same(&plan, &positions, &other, &backwards);
    }

    #[test]
    fn between(
        first in prop::collection::vec(0u32..120, 1..90),
        second in prop::collection::vec(60u32..300, 1..90),
        k in 2u32..=20,
    ) {
        let (first, second) = (names(&first), names(&second));
        let asked = across(&first, &second);
        prop_assume!(!asked.is_empty());
        let (a, b) = (texts(&first), texts(&second));
        let positions = [&a[..], &b].concat();
        let plan = check(&PlanInput::Between(&a, &b), &positions, &[], &asked, k);
        let turned = CallPlan::new(&PlanInput::Between(&b, &a), &[], k).expect("the same names");
        assert_same(&plan, &positions, &turned, &[&b[..], &a].concat());
    }

    #[test]
    fn hub(others in prop::collection::vec(0u32..400, 1..300), k in 2u32..=20) {
        let (hub, others) = (name(5), names(&others));
        let asked = across(std::slice::from_ref(&hub), &others);
        prop_assume!(!asked.is_empty());
        let texts = texts(&others);
        let positions = [&[hub.as_str()][..], &texts].concat();
        let plan = check(&PlanInput::Hub(&hub, &texts), &positions, &[], &asked, k);
        prop_assert_eq!(plan.calls(), (asked.len() as u64).div_ceil(u64::from(k) - 1));
        prop_assert_eq!(plan.calls(), plan.lower_bound());
    }

    #[test]
    fn pairs(numbers in prop::collection::vec((0u32..80, 0u32..80), 1..400), k in 2u32..=20) {
        let list = pairs_of(numbers);
        let asked: BTreeSet<Pair> = list.iter().filter(|(a, b)| a != b).map(|(a, b)| sorted(a, b)).collect();
        prop_assume!(!asked.is_empty());
        let texts = pair_texts(&list);
        let positions: Vec<&str> = texts.iter().flat_map(|&(a, b)| [a, b]).collect();
        let plan = check(&PlanInput::Pairs(&texts), &positions, &[], &asked, k);
        prop_assert!(plan.calls() <= (asked.len() as u64).div_ceil(u64::from(k / 2)));
        let backwards: Vec<(&str, &str)> = texts.iter().rev().map(|&(a, b)| (b, a)).collect();
        let other = CallPlan::new(&PlanInput::Pairs(&backwards), &[], k).expect("the same pairs");
        let positions_backwards: Vec<&str> = backwards.iter().flat_map(|&(a, b)| [a, b]).collect();
        assert_same(&plan, &positions, &other, &positions_backwards);
    }

    #[test]
    fn known_pairs_are_left_out(
        numbers in prop::collection::vec(0u32..90, 2..120),
        known in prop::collection::vec((0u32..100, 0u32..100), 0..600),
        k in 2u32..=20,
    ) {
        let (list, known) = (names(&numbers), pairs_of(known));
        prop_assume!(!all_pairs(&list).is_empty());
        let asked = without(all_pairs(&list), &known);
        let positions = texts(&list);
        let plan = check(&PlanInput::Among(&positions), &positions, &known, &asked, k);
        let full = CallPlan::new(&PlanInput::Among(&positions), &[], k).expect("the same names");
        prop_assert!(plan.calls() <= full.calls());
        let swapped: Vec<Pair> = known.iter().rev().map(|(a, b)| (b.clone(), a.clone())).collect();
        let other = CallPlan::new(&PlanInput::Among(&positions), &pair_texts(&swapped), k).expect("the same");
        prop_assert_eq!(plan.record(), other.record());
    }

    #[test]
    fn known_pairs_are_left_out_between_lists_too(
        first in prop::collection::vec(0u32..60, 1..50),
        second in prop::collection::vec(40u32..120, 1..50),
        known in prop::collection::vec((0u32..60, 40u32..120), 0..400),
    ) {
        let (first, second, known) = (names(&first), names(&second), pairs_of(known));
        prop_assume!(!across(&first, &second).is_empty());
        let asked = without(across(&first, &second), &known);
        let (a, b) = (texts(&first), texts(&second));
        let positions = [&a[..], &b].concat();
        check(&PlanInput::Between(&a, &b), &positions, &known, &asked, 20);
        let hub = CallPlan::new(&PlanInput::Hub(a[0], &b), &pair_texts(&known), 20);
        let left = without(across(&first[..1], &second), &known).len() as u64;
        if let Ok(hub) = hub {
            prop_assert_eq!(hub.calls(), left.div_ceil(19));
        }
    }

    #[test]
    fn a_damaged_record_is_refused_or_still_covers(
        count in 2u32..200,
        at in 0usize..400,
        byte in prop::sample::select(b"0123456789;:,=/+-xTJGAERCt@~".to_vec()),
    ) {
        let list: Vec<String> = (0..count).map(name).collect();
        let positions = texts(&list);
        let input = PlanInput::Among(&positions);
        let mut record = CallPlan::new(&input, &[], 20).expect("two names").record().into_bytes();
        let at = at % record.len();
        record[at] = byte;
        let record = String::from_utf8(record).expect("ASCII");
        if let Ok(plan) = CallPlan::from_record(&record, &input, &[]) {
            // A call size or a shard may have been changed, honestly; nothing may be missing from a whole plan.
            prop_assert_eq!(pairs_in(&calls(&plan, &positions, 20)), all_pairs(&list), "{}", record);
        }
    }
}

#[test]
fn ten_new_companies_beside_two_hundred_pay_only_for_the_new_pairs() {
    let list: Vec<String> = (0..210).map(name).collect();
    let positions = texts(&list);
    let known: Vec<Pair> = all_pairs(&list[..200]).into_iter().collect();
    let asked = without(all_pairs(&list), &known);
    let plan = check(&PlanInput::Among(&positions), &positions, &known, &asked, 20);
    assert_eq!(plan.calls(), 20);
}

fn check_record(plan: &CallPlan, input: &PlanInput<'_>, known: &[(&str, &str)]) {
    let again = CallPlan::from_record(&plan.record(), input, known).expect("its own record");
    assert!(again.iter().eq(plan.iter()), "{}", plan.record());
}

/// So many pairs that they are not listed: what is known is left out call by call.
#[test]
fn a_large_plan_skips_the_calls_of_which_all_is_known() {
    let list: Vec<String> = (0..3200).map(name).collect();
    let positions = texts(&list);
    let input = PlanInput::Among(&positions);
    let whole = CallPlan::new(&input, &[], 20).expect("names");
    let answered: Vec<Vec<u32>> = whole.iter().step_by(40).collect();
    let mut seen = vec![false; 3200 * 3200];
    let mut mark = |call: &[u32]| {
        for (i, &a) in call.iter().enumerate() {
            for &b in &call[i + 1..] {
                seen[a.min(b) as usize * 3200 + a.max(b) as usize] = true;
            }
        }
    };
    let mut known = Vec::new();
    for call in &answered {
        mark(call);
        for (i, &a) in call.iter().enumerate() {
            known.extend(call[i + 1..].iter().map(|&b| (positions[b as usize], positions[a as usize])));
        }
    }
    let plan = CallPlan::new(&input, &known, 20).expect("names");
    assert!(plan.calls() <= whole.calls() - answered.len() as u64, "{} of {}", plan.calls(), whole.calls());
    plan.iter().for_each(|call| mark(&call));
    let covered = seen.iter().filter(|&&pair| pair).count();
    assert_eq!(covered, 3200 * 3199 / 2);
    check_record(&plan, &input, &known);
    assert!(plan.method().ends_with("without what is known"), "{}", plan.method());
    // Two hundred old companies among them, of which all is known, and the others new.
    let old = &positions[..200];
    let known: Vec<_> = (0..200).flat_map(|i| (0..i).map(move |j| (old[i], old[j]))).collect();
    let new = CallPlan::new(&input, &known, 20).expect("names");
    check_record(&new, &input, &known);
    assert!(new.calls() + 30 < whole.calls(), "{} of {}", new.calls(), whole.calls());
}

#[test]
fn wrong_input_is_told_apart() {
    let error = |result: Result<CallPlan, PlanError>| result.map(|plan| plan.calls()).unwrap_err();
    let two = ["甲公司", "乙公司"];
    assert_eq!(error(CallPlan::new(&PlanInput::Among(&[]), &[], 20)), PlanError::TooFewNames);
    assert_eq!(
        error(CallPlan::new(&PlanInput::Among(&["甲公司", "甲公司"]), &[], 20)),
        PlanError::TooFewNames
    );
    assert_eq!(error(CallPlan::new(&PlanInput::Between(&two, &[]), &[], 20)), PlanError::TooFewNames);
    assert_eq!(error(CallPlan::new(&PlanInput::Hub("甲公司", &["甲公司"]), &[], 20)), PlanError::TooFewNames);
    assert_eq!(error(CallPlan::new(&PlanInput::Pairs(&[]), &[], 20)), PlanError::TooFewNames);
    for size in [0, 1, 21] {
        assert_eq!(error(CallPlan::new(&PlanInput::Among(&two), &[], size)), PlanError::CallSize(size));
    }
    let plan = CallPlan::new(&PlanInput::Among(&two), &[], 20).expect("two names");
    assert_eq!(plan.call(0), Ok(vec![1, 0]));
    assert_eq!(plan.call(1), Err(PlanError::Call { index: 1, calls: 1 }));
    assert_eq!(error(plan.shard(2, 2)), PlanError::Shard { index: 2, count: 2 });
    assert_eq!(error(plan.shard(0, 0)), PlanError::Shard { index: 0, count: 0 });
    for record in ["", "qcc-plan1;", "qcc-plan2;20;C;2;2=A;R", "qcc-plan1;20;C;3;3=A;R"] {
        assert_eq!(error(CallPlan::from_record(record, &PlanInput::Among(&two), &[])), PlanError::Record);
    }
}

#[test]
fn a_hundred_thousand_companies_are_planned_without_their_calls() {
    let list: Vec<String> = (0..100_000).map(name).collect();
    let positions = texts(&list);
    let plan = CallPlan::new(&PlanInput::Among(&positions), &[], 20).expect("names");
    let bound = qcc_pro::plan::bound::schoenheim(100_000, 20);
    assert!(plan.calls() as f64 <= bound as f64 * 1.02, "{} over {bound}", plan.calls());
    // Any pair can be asked for; a few hundred calls from all over hold different pairs of names that exist.
    let step = plan.calls() / 300;
    let some: Vec<Vec<u32>> = (0..300).map(|i| plan.call(i * step).expect("a call")).collect();
    assert!(some.iter().flatten().all(|&position| position < 100_000));
    let shard = plan.shard(999, 1000).expect("a shard");
    assert_eq!(shard.call(shard.calls() - 1), plan.call(999 + (shard.calls() - 1) * 1000));
}
