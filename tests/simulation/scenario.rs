//! One history from a seed: who asks what and when, who gives up, and how it went.

use crate::history::{Asked, End, History};
use crate::host::{SimHost, SimStore, Value};
use crate::model::{ClientDraw, Draw, KEY, Model, Plant, SECRET, StoreDraw, Temper, WRONG_SECRET};
use crate::world::{Rng, World};
use qcc_pro::api::partnership;
use qcc_pro::auth::Credentials;
use qcc_pro::client::call::{Ask, Body, Client, Question};
use qcc_pro::client::policy::Policy;
use std::cell::Cell;
use std::rc::Rc;

/// When somebody gives up.
#[derive(Debug, Clone, Copy)]
enum Patience {
    Endless,
    /// After this many milliseconds.
    Ms(f64),
    /// After anything has moved this many times.
    Polls(u32),
}

struct Plan {
    at: f64,
    patience: Patience,
    /// What the client is told; what it ought to be told stands in the history.
    told: Policy,
    task: Option<usize>,
}

/// Plays the history of `seed`.
pub fn simulate(seed: u64, plant: Plant) -> History {
    let world = Rc::new(World::new(seed));
    let draw = draw(&world.rng);
    let model = Rc::new(Model::new(Rc::clone(&world), draw, plant));
    let mut plans = plans(&model);
    let clients: Vec<_> = (0..model.draw.clients.len()).map(|client| open(&model, client)).collect();
    loop {
        settle(&model, &mut plans);
        if !anybody_waits(&model) {
            model.note_quiet();
        }
        let next = plans.iter().filter_map(due).chain(world.next_timer()).min_by(f64::total_cmp);
        let Some(time) = next else { break };
        world.advance(time.max(world.time()));
        if world.rng.chance(0.5) {
            settle(&model, &mut plans);
        }
        for ask in 0..plans.len() {
            if due(&plans[ask]).is_none_or(|at| at > world.time()) {
                continue;
            }
            if plans[ask].task.is_some() {
                give_up(&model, &mut plans, ask);
            } else {
                let client = &clients[model.history.borrow().asks[ask].client];
                begin(&model, client, &mut plans, ask);
            }
        }
    }
    for client in &clients {
        model.note_text(format!("{client:?}"));
    }
    drop(clients);
    model.history.take()
}

/// When something is to be done about an ask: it begins, or it is given up.
fn due(plan: &Plan) -> Option<f64> {
    match (plan.task, plan.patience) {
        (None, _) => Some(plan.at),
        (Some(_), Patience::Ms(ms)) => Some(plan.at + ms),
        _ => None,
    }
}

fn anybody_waits(model: &Model) -> bool {
    model.history.borrow().asks.iter().any(|ask| ask.asked.is_some() && ask.ended.is_none())
}

/// Lets everything run that can, at this moment.
fn settle(model: &Rc<Model>, plans: &mut [Plan]) {
    while model.world.poll_one() {
        for ask in 0..plans.len() {
            if let (Some(_), Patience::Polls(left)) = (plans[ask].task, plans[ask].patience) {
                plans[ask].patience = Patience::Polls(left.saturating_sub(1));
                if left == 0 {
                    give_up(model, plans, ask);
                }
            }
        }
    }
}

fn give_up(model: &Rc<Model>, plans: &mut [Plan], ask: usize) {
    plans[ask].patience = Patience::Endless;
    let Some(task) = plans[ask].task else { return };
    {
        let at = model.at();
        let asked = &mut model.history.borrow_mut().asks[ask];
        if asked.ended.is_some() {
            return;
        }
        asked.ended = Some((at, End::Aborted));
    }
    if model.plant != Plant::IgnoresAbort {
        model.world.drop_task(task);
    }
}

fn open(model: &Rc<Model>, client: usize) -> Rc<Client<SimHost>> {
    let credentials = Credentials::new(KEY, model.draw.clients[client].secret).unwrap();
    let host = SimHost { model: Rc::clone(model), client };
    Rc::new(Client::new(host, Some(credentials), "https://pro.qcc.com"))
}

fn begin(model: &Rc<Model>, client: &Rc<Client<SimHost>>, plans: &mut [Plan], ask: usize) {
    let (number, store, ttl_ms, stored) = {
        let asked = &model.history.borrow().asks[ask];
        (asked.question, asked.store, asked.ttl_ms, asked.stored)
    };
    let client = if model.plant == Plant::ForgetsClock {
        open(model, client.host().client)
    } else {
        Rc::clone(client)
    };
    let told = if model.plant == Plant::TellsKey { KEY } else { "" };
    let canonical = match model.plant {
        Plant::ForgetsQuestions => format!("甲公司,乙公司{number},{ask}"),
        _ => format!("甲公司,乙公司{number}"),
    };
    let question = Question {
        endpoint: format!("{number}/{told}"),
        url: format!("https://pro.qcc.com/api?key={KEY}&q={number}&ask={ask}").into(),
        canonical,
        stored,
        read: partnership::ENDPOINT.read,
    };
    let unkept: Rc<Cell<bool>> = Rc::default();
    let asking = Ask {
        question,
        policy: plans[ask].told,
        store: store.map(|store| SimStore { model: Rc::clone(model), store, ask }),
        ttl_ms,
        deliver: Rc::new(|answer, meta, body| {
            let said = answer.request_id.as_deref().and_then(|id| id.strip_prefix('r')?.parse().ok());
            let send = said.unwrap();
            if let Body::Raw(raw) = body {
                assert_eq!(*raw, send, "the platform's body is another answer's");
            }
            Value { send, meta: *meta }
        }),
        unkept: Rc::clone(&unkept),
    };
    let noted = Rc::clone(model);
    let task = model.world.spawn(async move {
        let at = noted.at();
        noted.history.borrow_mut().asks[ask].asked = Some(at);
        let end = match client.ask(asking).await {
            Ok(_) if noted.plant == Plant::DropsAnswers => End::Error {
                kind: qcc_pro::api::status::Kind::Network,
                billed: qcc_pro::client::policy::Billed::Unknown,
                billed_calls: 0,
                from_store: false,
            },
            Ok(value) => End::Answer { send: value.send, meta: value.meta, unkept: unkept.get() },
            Err(failure) => {
                let error = &failure.error;
                noted.note_text(format!("{error:?} {}", serde_json::to_string(error).unwrap()));
                End::Error {
                    kind: error.kind,
                    billed: error.billed,
                    billed_calls: error.billed_calls,
                    from_store: error.from_store,
                }
            }
        };
        let at = noted.at();
        let mut history = noted.history.borrow_mut();
        history.asks[ask].ended.get_or_insert((at, end));
    });
    plans[ask].task = Some(task);
}

fn draw(rng: &Rng) -> Draw {
    let clock_ms = |rng: &Rng| {
        let off = rng.pick(&[2_000.0, 20_000.0, 45_000.0, 600_000.0, 86_400_000.0]);
        if rng.chance(0.6) { 0.0 } else { rng.pick(&[-1.0, 1.0]) * off }
    };
    let client = |rng: &Rng| ClientDraw {
        clock_ms: clock_ms(rng),
        secret: if rng.chance(0.06) { WRONG_SECRET } else { SECRET },
    };
    let store = |rng: &Rng| StoreDraw {
        temper: match rng.below(10) {
            0 => Temper::FailsToRead,
            1 => Temper::FailsToWrite,
            2 => Temper::HangsReading,
            3 => Temper::HangsWriting,
            4 => Temper::HoldsGarbage,
            _ => Temper::Sound,
        },
        latency_ms: rng.pick(&[0, 0, 5, 40, 800]),
    };
    Draw {
        fault: rng.pick(&[0.0, 0.1, 0.4, 0.9]),
        tolerance_ms: rng.pick(&[60_000.0, 300_000.0]),
        clients: (0..rng.pick(&[1, 1, 2])).map(|_| client(rng)).collect(),
        stores: (0..rng.pick(&[0, 1, 1, 2])).map(|_| store(rng)).collect(),
    }
}

/// Draws the asks: what stands in the history is what the caller wants, what stands in the plan what the client is told.
fn plans(model: &Model) -> Vec<Plan> {
    let rng = &model.world.rng;
    let questions = rng.pick(&[1, 1, 2, 3]);
    let mut at = 0.0;
    let mut history = model.history.borrow_mut();
    (0..1 + rng.below(6))
        .map(|_| {
            at += match rng.below(4) {
                0 => 0.0,
                1 => rng.below(10) as f64,
                2 => rng.below(500) as f64,
                _ => rng.below(200_000) as f64,
            };
            let question = rng.below(questions);
            let policy = policy(rng);
            let stores = model.draw.stores.len();
            history.asks.push(Asked {
                client: rng.below(model.draw.clients.len()),
                question,
                stored: question < 2,
                policy,
                store: (stores > 0 && rng.chance(0.8)).then(|| rng.below(stores)),
                ttl_ms: rng.chance(0.3).then(|| rng.pick(&[1_000.0, 60_000.0, 3_600_000.0])),
                asked: None,
                ended: None,
            });
            let patience = match rng.below(10) {
                0 => Patience::Polls(rng.below(40) as u32),
                1 => Patience::Ms(rng.below(400) as f64),
                2 => Patience::Ms(rng.below(40_000) as f64),
                _ => Patience::Endless,
            };
            let told = match model.plant {
                Plant::ResendsUnknown => Policy { resend_when_unknown: true, ..policy },
                Plant::RetriesMore => Policy { max_retries: policy.max_retries + 5, ..policy },
                Plant::TakesItsTime => Policy {
                    timeout_ms: policy.timeout_ms * 10.0,
                    deadline_ms: policy.deadline_ms * 10.0,
                    ..policy
                },
                _ => policy,
            };
            Plan { at, patience, told, task: None }
        })
        .collect()
}

fn policy(rng: &Rng) -> Policy {
    let standard = Policy::default();
    if rng.chance(0.3) {
        return Policy { resend_when_unknown: rng.chance(0.2), ..standard };
    }
    Policy {
        relayed: false,
        timeout_ms: rng.pick(&[100.0, 1_000.0, 5_000.0, 30_000.0, 30_000.0, 120_000.0]),
        deadline_ms: match rng.below(12) {
            0 => rng.below(60) as f64,
            1 => rng.below(1_000) as f64,
            _ => rng.pick(&[1_000.0, 10_000.0, 120_000.0, 600_000.0]),
        },
        max_retries: rng.below(5) as u32,
        base_delay_ms: rng.pick(&[0.0, 1.0, 500.0]),
        max_delay_ms: rng.pick(&[0.0, 700.0, 8_000.0]),
        resend_when_unknown: rng.chance(0.25),
        max_polls: rng.below(5) as u32,
        poll_delay_ms: rng.pick(&[0.0, 100.0, 2_000.0]),
    }
}
