//! Simulated time: an executor on one thread whose clock moves only when nothing is left to do, and chance from a seed.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Chance from a seed: splitmix64.
#[derive(Debug)]
pub struct Rng(Cell<u64>);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    pub fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15));
        let mut mixed = self.0.get();
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    pub fn below(&self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn unit(&self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn chance(&self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub fn pick<T: Copy>(&self, any: &[T]) -> T {
        any[self.below(any.len())]
    }
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The tasks to be polled next; the one thing a [`Waker`] reaches.
#[derive(Debug, Default)]
struct Ready(Mutex<Vec<usize>>);

struct Wakes {
    task: usize,
    ready: Arc<Ready>,
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        let mut ready = self.ready.0.lock().unwrap();
        if !ready.contains(&self.task) {
            ready.push(self.task);
        }
    }
}

struct Timer {
    id: u64,
    waker: Waker,
}

/// Time, tasks, timers.
pub struct World {
    pub rng: Rng,
    time: Cell<f64>,
    step: Cell<u64>,
    tasks: RefCell<Vec<Option<(Task, Waker)>>>,
    ready: Arc<Ready>,
    due: RefCell<BinaryHeap<Reverse<(u64, u64)>>>,
    timers: RefCell<Vec<Timer>>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        Self {
            rng: Rng::new(seed),
            time: Cell::new(0.0),
            step: Cell::new(0),
            tasks: RefCell::default(),
            ready: Arc::default(),
            due: RefCell::default(),
            timers: RefCell::default(),
        }
    }

    /// Milliseconds since the history's start, in truth: no clock's error is in it.
    pub fn time(&self) -> f64 {
        self.time.get()
    }

    /// The next number in the order of all that happens.
    pub fn step(&self) -> u64 {
        self.step.set(self.step.get() + 1);
        self.step.get()
    }

    pub fn spawn(&self, future: impl Future<Output = ()> + 'static) -> usize {
        let mut tasks = self.tasks.borrow_mut();
        let task = tasks.len();
        let waker = Waker::from(Arc::new(Wakes { task, ready: Arc::clone(&self.ready) }));
        waker.wake_by_ref();
        tasks.push(Some((Box::pin(future), waker)));
        task
    }

    /// Gives a task up where it waits.
    pub fn drop_task(&self, task: usize) {
        let dropped = self.tasks.borrow_mut()[task].take();
        drop(dropped);
    }

    /// Polls one of the tasks that are ready, whichever chance picks; whether there was one.
    pub fn poll_one(&self) -> bool {
        let task = {
            let mut ready = self.ready.0.lock().unwrap();
            if ready.is_empty() {
                return false;
            }
            let index = self.rng.below(ready.len());
            ready.swap_remove(index)
        };
        let taken = self.tasks.borrow_mut()[task].take();
        if let Some((mut future, waker)) = taken
            && future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending()
        {
            self.tasks.borrow_mut()[task] = Some((future, waker));
        }
        true
    }

    /// When the next timer is due.
    pub fn next_timer(&self) -> Option<f64> {
        let mut due = self.due.borrow_mut();
        let timers = self.timers.borrow();
        while let Some(&Reverse((at, id))) = due.peek() {
            if timers.iter().any(|timer| timer.id == id) {
                return Some(f64::from_bits(at));
            }
            due.pop();
        }
        None
    }

    /// Moves the clock and wakes whoever waited for it.
    pub fn advance(&self, to: f64) {
        self.time.set(to);
        while let Some(at) = self.next_timer()
            && at <= to
        {
            let Some(Reverse((_, id))) = self.due.borrow_mut().pop() else { break };
            let fired = {
                let mut timers = self.timers.borrow_mut();
                timers.iter().position(|timer| timer.id == id).map(|index| timers.swap_remove(index))
            };
            if let Some(timer) = fired {
                timer.waker.wake();
            }
        }
    }

    /// How many timers somebody still waits for.
    pub fn live_timers(&self) -> usize {
        self.timers.borrow().len()
    }

    /// How many tasks have not ended.
    pub fn live_tasks(&self) -> usize {
        self.tasks.borrow().iter().flatten().count()
    }

    pub fn sleep(self: &Rc<Self>, ms: f64) -> Sleep {
        Sleep { world: Rc::clone(self), at: self.time() + ms.max(0.0), id: None, leaks: false }
    }
}

/// Waits; dropping it ends its timer.
pub struct Sleep {
    world: Rc<World>,
    at: f64,
    id: Option<u64>,
    /// A planted mistake: the timer outlives whoever waited.
    pub leaks: bool,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.world.time() >= self.at {
            return Poll::Ready(());
        }
        if self.id.is_none() {
            let id = self.world.step();
            self.world.timers.borrow_mut().push(Timer { id, waker: context.waker().clone() });
            if self.at.is_finite() {
                // Times are not negative, so their bits are in the order of the times.
                self.world.due.borrow_mut().push(Reverse((self.at.to_bits(), id)));
            }
            self.id = Some(id);
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(id) = self.id
            && !self.leaks
        {
            self.world.timers.borrow_mut().retain(|timer| timer.id != id);
        }
    }
}
