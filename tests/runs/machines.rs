//! Several machines on one list, each with its shard, and with nothing in common but the store.

use super::server::{Plant, SimHost, SimStore, Truth};
use super::world::{Rng, World};
use qcc_pro::client::policy::Policy;
use qcc_pro::scan::drive::{Drive, Settings};
use qcc_pro::scan::input::{ScanInput, Shape};
use qcc_pro::scan::run::Limits;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

const MACHINES: usize = 3;
const CONCURRENCY: u32 = 4;

/// Runs a list on three machines at once; gives how many calls were refused for a company at fault.
fn refusals(truth: &Rc<Truth>) -> usize {
    let world = Rc::new(World::new(truth.rng.next()));
    let ended = Rc::new(Cell::new(0));
    let mut clients = Vec::new();
    for machine in 0..MACHINES {
        let client = SimHost::client(truth, &world, machine);
        clients.push(Rc::clone(&client));
        let settings = Settings {
            base_url: "https://pro.qcc.com".to_owned(),
            policy: Policy::default(),
            store: Some(SimStore { truth: Rc::clone(truth), world: Rc::clone(&world) }),
            ttl_ms: None,
            call_size: 20,
            shard: Some((machine as u64, MACHINES as u64)),
            limits: Limits {
                concurrency: CONCURRENCY,
                calls_per_second: f64::INFINITY,
                max_calls: u64::MAX,
                bills_per_call: 1,
                has_store: false,
            },
        };
        let input = ScanInput::new(Shape::Among, truth.names.iter().map(String::as_str), []).unwrap();
        let end = Rc::clone(&ended);
        world.spawn(async move {
            let run = Drive::begin(client, input, settings).await.unwrap();
            run.go(|| (), || {}).await;
            let run = run.run().borrow();
            assert!(run.stopped().is_none() && run.failed().is_empty());
            end.set(end.get() + 1);
        });
    }
    while ended.get() < MACHINES {
        if !world.poll_one() {
            world.advance(world.next_timer().expect("the machines wait for nothing"));
        }
    }
    // Whatever waits in a world holds the world.
    for task in 0..=world.spawn(async {}) {
        world.drop_task(task);
    }
    for client in clients {
        client.host().client.replace(None);
    }
    truth.asked.borrow().iter().filter(|call| call.status == 208).count()
}

#[test]
fn machines_look_for_a_company_at_fault_once() {
    let mut most = 0;
    for seed in 0..300 {
        let rng = Rng::new(seed);
        let unserved: BTreeSet<usize> = (0..1 + seed as usize % 3).map(|_| rng.below(90)).collect();
        let faulty = unserved.len();
        let truth = Rc::new(Truth::new(rng, Plant::Nothing, 90, unserved, 20));
        let refused = refusals(&truth);
        most = most.max(refused);
        // What is under way when the first is refused may be refused too; one search halves twenty suspects five times.
        let under_way = MACHINES * CONCURRENCY as usize;
        assert!(refused <= under_way + 5 * faulty, "seed {seed}: {refused} refused for {faulty} at fault");
        let asked = truth.asked.borrow();
        let mut questions: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        for call in asked.iter() {
            let mut companies = call.companies.clone();
            companies.sort_unstable();
            *questions.entry(companies).or_default() += 1;
        }
        let again: Vec<_> = questions.iter().filter(|(_, times)| **times > 1).collect();
        assert!(again.is_empty(), "seed {seed} paid twice: {again:?}");
        let covered = |one: usize, other: usize| {
            let served = !truth.unserved.contains(&one) && !truth.unserved.contains(&other);
            !served
                || asked.iter().any(|call| {
                    call.status == 200 && call.companies.contains(&one) && call.companies.contains(&other)
                })
        };
        assert!(truth.pairs().all(|(one, other)| covered(one, other)), "seed {seed} lost a pair");
    }
    println!("{most} refused at the most");
}
