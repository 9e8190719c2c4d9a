//! Runs under simulated time: a process that is killed at any moment, a store that loses what was being written or fails,
//! a server that answers with codes drawn at random. However often it dies, a run pays for nothing that is in the store,
//! loses nothing that it was told, and reports exactly what is missing.
//!
//! `QCC_SIM_SEED` sets the first seed, `QCC_SIM_RUNS` how many histories follow it: a failure names its seed, and
//! `QCC_SIM_SEED=that QCC_SIM_RUNS=1` plays it again.

mod machines;
mod server;
#[path = "../simulation/world.rs"]
#[allow(dead_code, reason = "the client's simulation uses the rest")]
mod world;

use qcc_pro::api::status::{Kind, status_info};
use qcc_pro::client::policy::Policy;
use qcc_pro::scan::drive::{Drive, Settings};
use qcc_pro::scan::input::{ScanInput, Shape};
use qcc_pro::scan::run::{Limits, Stopped};
use server::{Plant, SimHost, SimStore, Truth};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use world::{Rng, World};

/// What the histories have come across.
type Sights = BTreeMap<&'static str, u64>;

/// Plays the history of `seed`: lives that are killed or end, then one that nothing disturbs.
fn play(seed: u64, plant: Plant, sights: &mut Sights) -> Result<(), String> {
    let rng = Rng::new(seed);
    let count = rng.pick(&[2, 3, 7, 14, 20, 21, 22, 28]);
    let unserved = (0..rng.pick(&[0, 0, 1, 1, 2, 3])).map(|_| rng.below(count)).collect();
    let most = rng.pick(&[20, 20, 20, 9, 3, 2]);
    let truth = Rc::new(Truth::new(rng, plant, count, unserved, most));
    let lives = truth.rng.below(5);
    for life in 0..lives {
        truth.fault.set(truth.rng.pick(&[0.0, 0.02, 0.2, 0.6]));
        truth.store_faults.set(truth.rng.pick(&[0.0, 0.0, 0.0, 0.02, 0.3]));
        truth.per_minute.set(truth.rng.pick(&[
            usize::MAX,
            usize::MAX,
            usize::MAX,
            usize::MAX,
            usize::MAX,
            2,
            10,
        ]));
        let kill_after =
            truth.rng.chance(0.8).then(|| truth.rng.pick(&[30, 100, 300])).map(|most| truth.rng.below(most));
        live(&truth, life, kill_after, false, sights)?;
    }
    truth.fault.set(0.0);
    truth.store_faults.set(0.0);
    truth.per_minute.set(truth.rng.pick(&[usize::MAX, usize::MAX, usize::MAX, usize::MAX, 3, 10]));
    live(&truth, lives, None, true, sights)?;
    let before = truth.asked.borrow().len();
    live(&truth, lives + 1, None, true, sights)?;
    match truth.asked.borrow().get(before) {
        Some(again) => Err(format!("begun again when all was done, it asked {:?}", again.companies)),
        None => Ok(()),
    }
}

/// One life of the run: killed once so many things have moved, or to its end.
fn live(
    truth: &Rc<Truth>,
    life: usize,
    kill_after: Option<usize>,
    last: bool,
    sights: &mut Sights,
) -> Result<(), String> {
    let rng = &truth.rng;
    truth.taken_on.borrow_mut().clear();
    let world = Rc::new(World::new(rng.next()));
    let client = SimHost::client(truth, &world, life);
    let policy = Policy {
        timeout_ms: 5_000.0,
        deadline_ms: 20_000.0,
        base_delay_ms: 10.0,
        poll_delay_ms: 10.0,
        resend_when_unknown: rng.chance(0.3),
        // A gateway's client makes one attempt of each call.
        relayed: rng.chance(0.3),
        ..Policy::default()
    };
    let max_calls = if last || rng.chance(0.6) { u64::MAX } else { rng.below(12) as u64 };
    let concurrency = 1 + rng.below(5) as u32;
    let settings = Settings {
        base_url: "https://pro.qcc.com".to_owned(),
        policy,
        store: Some(SimStore { truth: Rc::clone(truth), world: Rc::clone(&world) }),
        ttl_ms: None,
        call_size: 20,
        shard: None,
        limits: Limits {
            concurrency,
            calls_per_second: if rng.chance(0.3) { 20.0 } else { f64::INFINITY },
            max_calls: if truth.plant == Plant::RaisesBudget {
                max_calls.saturating_add(1)
            } else {
                max_calls
            },
            bills_per_call: 1,
            has_store: false,
        },
    };
    // The same list, in whatever order it is read this time.
    let mut order: Vec<usize> = (0..truth.names.len()).collect();
    for index in (1..order.len()).rev() {
        order.swap(index, rng.below(index + 1));
    }
    let names = order.iter().map(|&company| &*truth.names[company]);
    let input = ScanInput::new(Shape::Among, names, []).unwrap();
    let drive: Rc<RefCell<Option<Rc<Drive<SimHost>>>>> = Rc::default();
    let (asking, begun, ended) = (Rc::clone(&client), Rc::clone(&drive), Rc::new(Cell::new(false)));
    let end = Rc::clone(&ended);
    world.spawn(async move {
        let run = Drive::begin(asking, input, settings).await.unwrap();
        begun.replace(Some(Rc::clone(&run)));
        run.go(|| (), || {}).await;
        end.set(true);
    });
    let abort_after = rng.chance(0.1).then(|| rng.below(300));
    let mut moved = 0;
    let killed = loop {
        if ended.get() {
            break false;
        }
        if Some(moved) == kill_after {
            break true;
        }
        moved += 1;
        if !last
            && Some(moved) == abort_after
            && let Some(run) = &*drive.borrow()
        {
            run.stop(Stopped::Aborted);
        }
        if !world.poll_one() {
            let Some(next) = world.next_timer() else {
                return Err(format!("life {life} hangs after {moved} steps"));
            };
            world.advance(next);
        }
    };
    *sights.entry(if killed { "killed" } else { "ended" }).or_default() += 1;
    let result = if killed { Ok(()) } else { judge(truth, life, &drive, max_calls, &order, last, sights) };
    *sights.entry("held back").or_default() += truth.held_back.take();
    // Whatever waits in a world holds the world.
    drive.replace(None);
    for task in 0..=world.spawn(async {}) {
        world.drop_task(task);
    }
    let sound = truth.store_faults.get() == 0.0;
    let asked = truth.asked.borrow();
    let missing = asked.iter().find(|call| {
        let told = call.life == life && call.heard.is_some() && call.lasting;
        told && !truth.kept.borrow().contains_key(&client.host().key(&call.companies))
    });
    let lost = match missing {
        Some(call) if sound && !killed => {
            Err(format!("life {life} lost the answer about {:?}", call.companies))
        }
        _ => Ok(()),
    };
    drop(asked);
    let paid = judge_payments(truth, life, concurrency as usize, sights);
    client.host().client.replace(None);
    result.and(lost).and(paid)
}

/// Nothing that the store has is paid for, nothing that was heard is asked again.
fn judge_payments(truth: &Truth, life: usize, concurrency: usize, sights: &mut Sights) -> Result<(), String> {
    let asked = truth.asked.borrow();
    let mine = || asked.iter().filter(|asked| asked.life == life);
    if let Some(again) = mine().find(|asked| asked.in_store) {
        return Err(format!("life {life} paid for {:?}, which the store has", again.companies));
    }
    let mut lasting = BTreeMap::new();
    for call in mine().filter(|call| call.heard.is_some() && call.lasting) {
        let mut companies = call.companies.clone();
        companies.sort_unstable();
        if lasting.insert(companies, call.step).is_some() {
            return Err(format!("life {life} asked {:?} again after an answer", call.companies));
        }
    }
    let account = mine().filter_map(|call| {
        let kind = status_info(call.status)?.kind;
        call.heard.filter(|_| matches!(kind, Kind::Account | Kind::Quota | Kind::Blocked))
    });
    if let Some(heard) = account.min() {
        *sights.entry("stopped for the account").or_default() += 1;
        // What was under way goes on to its end, retries and polls included; nothing is begun.
        let later: BTreeSet<_> =
            mine().filter(|call| call.step > heard).map(|call| &call.companies).collect();
        if later.len() >= concurrency {
            return Err(format!("life {life} began calls after the account was refused: {later:?}"));
        }
    }
    let mut questions: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
    for call in asked.iter().filter(|call| call.billed && call.lasting) {
        let mut companies = call.companies.clone();
        companies.sort_unstable();
        *questions.entry(companies).or_default() += 1;
    }
    *sights.entry("in flight at a kill, or lost, and paid for again").or_default() +=
        questions.values().map(|times| times - 1).sum::<u64>();
    Ok(())
}

/// The report of a life that ended.
fn judge(
    truth: &Truth,
    life: usize,
    drive: &RefCell<Option<Rc<Drive<SimHost>>>>,
    max_calls: u64,
    order: &[usize],
    last: bool,
    sights: &mut Sights,
) -> Result<(), String> {
    let drive = drive.borrow();
    let run = drive.as_ref().ok_or("no run")?.run().borrow();
    let asked = truth.asked.borrow();
    let billed = asked.iter().filter(|call| call.life == life && call.billed).count() as u64;
    let progress = run.progress(0.0);
    if billed > max_calls || progress.paid < billed {
        return Err(format!("life {life}: {billed} billed, {} told, {max_calls} allowed", progress.paid));
    }
    if let Some(why) = run.stopped() {
        *sights.entry(why.name()).or_default() += 1;
    }
    let mut missing = BTreeSet::new();
    let mut twice = false;
    run.uncovered(true, |one, other| {
        let (one, other) = (order[one as usize], order[other as usize]);
        twice |= !missing.insert((one.min(other), one.max(other)));
        true
    });
    let number = |name: &str| truth.names.iter().position(|known| known == name);
    let found: BTreeSet<_> = run
        .graph()
        .relations()
        .filter_map(|row| {
            let (one, other) = (number(row.company_name)?, number(row.related_company_name)?);
            Some((one.min(other), one.max(other)))
        })
        .collect();
    let covered: BTreeSet<_> = truth.pairs().filter(|pair| !missing.contains(pair)).collect();
    let expected: BTreeSet<_> =
        covered.iter().copied().filter(|&(one, other)| truth.related(one, other)).collect();
    if twice || found != expected {
        return Err(format!("life {life}: found {found:?}, not {expected:?}; told twice: {twice}"));
    }
    // Whatever was heard in this life covers its pairs.
    for call in asked.iter().filter(|call| call.life == life && call.heard.is_some() && call.status == 200) {
        if let Some(pair) = truth.pairs().find(|pair| {
            missing.contains(pair) && call.companies.contains(&pair.0) && call.companies.contains(&pair.1)
        }) {
            return Err(format!("life {life}: {pair:?} was answered and is told to be missing"));
        }
    }
    let unsupported: BTreeSet<_> = run.unsupported().iter().map(|&at| order[at as usize]).collect();
    if !unsupported.is_subset(&truth.unserved) {
        return Err(format!(
            "life {life}: {unsupported:?} of {:?} are said not to be served",
            truth.unserved
        ));
    }
    *sights.entry("companies not served").or_default() += unsupported.len() as u64;
    if last {
        let unserved =
            |pair: &(usize, usize)| truth.unserved.contains(&pair.0) || truth.unserved.contains(&pair.1);
        let expected: BTreeSet<_> = truth.pairs().filter(|pair| unserved(pair) && truth.most >= 2).collect();
        if missing != expected || run.stopped().is_some() || !run.failed().is_empty() {
            return Err(format!("the last life misses {missing:?}, not {expected:?}: {:?}", run.stopped()));
        }
    }
    Ok(())
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
}

#[test]
fn pays_nothing_twice_and_loses_nothing_however_often_it_dies() {
    let seed = from_environment("QCC_SIM_SEED", 1);
    let count = from_environment("QCC_SIM_RUNS", 20_000);
    println!("QCC_SIM_SEED={seed} QCC_SIM_RUNS={count}");
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let parts: Vec<(Sights, Vec<String>)> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    let mut sights = Sights::new();
                    let mine = (thread..count).step_by(threads as usize);
                    let broken = mine.filter_map(|index| {
                        let seed = seed.wrapping_add(index);
                        let said = play(seed, Plant::Nothing, &mut sights).err()?;
                        Some(format!("QCC_SIM_SEED={seed} QCC_SIM_RUNS=1: {said}"))
                    });
                    let broken = broken.collect();
                    (sights, broken)
                })
            })
            .collect();
        parts.into_iter().map(|part| part.join().unwrap()).collect()
    });
    let broken: Vec<&String> = parts.iter().flat_map(|(_, broken)| broken).collect();
    let shortest = broken.iter().min_by_key(|said| said.len());
    assert!(shortest.is_none(), "{} histories are wrong, one is {}", broken.len(), shortest.unwrap());
    let mut sights = Sights::new();
    for (sight, times) in parts.iter().flat_map(|(sights, _)| sights) {
        *sights.entry(sight).or_default() += times;
    }
    println!("{sights:#?}");
    if count < 1_000 {
        return;
    }
    for sight in [
        "killed",
        "ended",
        "budget",
        "aborted",
        "account",
        "store",
        "stopped for the account",
        "companies not served",
        "held back",
        "in flight at a kill, or lost, and paid for again",
    ] {
        assert!(sights.get(sight).is_some_and(|&times| times > 10), "{sight}: {sights:#?}");
    }
}

#[test]
fn finds_each_planted_mistake() {
    for plant in [Plant::ForgetsSets, Plant::RaisesBudget, Plant::LosesRows] {
        let found = (1..2_000).find(|&seed| play(seed, plant, &mut Sights::new()).is_err());
        let seed = found.unwrap_or_else(|| panic!("nothing finds {plant:?}"));
        println!("{plant:?} is found at seed {seed}");
        assert_eq!(play(seed, Plant::Nothing, &mut Sights::new()), Ok(()), "at seed {seed}");
    }
}
