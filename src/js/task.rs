//! Futures run from the face: a woken task asks the face to call [`run`], under the face's guard.
//!
//! wasm-bindgen-futures' own queue would do the same, but from a microtask that nobody guards: a trap there leaves promises
//! unsettled for ever and ends a Node process.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use wasm_bindgen::prelude::*;

type Task = Pin<Box<dyn Future<Output = ()>>>;

struct Tasks {
    /// What is to be run again when it is woken, by number. A task that is being run is not here.
    waiting: RefCell<Vec<(u32, Task)>>,
    /// Few, so that to take the first moves little.
    ready: RefCell<Vec<u32>>,
    /// The task that is being run, as long as nobody has cancelled it.
    running: Cell<Option<u32>>,
    scheduled: Cell<bool>,
    next: Cell<u32>,
    schedule: RefCell<Option<js_sys::Function>>,
    /// What the face is to settle, by number.
    awaited: RefCell<Vec<(u32, Awaited)>>,
}

enum Awaited {
    Pending(Option<Waker>),
    Settled(Settled),
}

/// What came of something: three plain arguments instead of a list, whose every element would be asked for.
#[derive(Debug, Default)]
pub struct Settled {
    /// A value; of a request the response, or a list of what went wrong.
    pub value: JsValue,
    /// Of a request that was answered: the status.
    pub http_status: Option<u16>,
    /// And the body's bytes, a `Uint8Array`.
    pub bytes: JsValue,
}

thread_local! {
    static TASKS: Tasks = const {
        Tasks {
            waiting: RefCell::new(Vec::new()),
            ready: RefCell::new(Vec::new()),
            running: Cell::new(None),
            scheduled: Cell::new(false),
            next: Cell::new(0),
            schedule: RefCell::new(None),
            awaited: RefCell::new(Vec::new()),
        }
    };
}

struct TaskWaker(u32);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        TASKS.with(|tasks| {
            tasks.ready.borrow_mut().push(self.0);
            tasks.ask_for_a_run();
        });
    }
}

impl Tasks {
    fn ask_for_a_run(&self) {
        if !self.scheduled.replace(true)
            && let Some(schedule) = &*self.schedule.borrow()
        {
            // The face's function queues a microtask; it does not throw.
            let _ = schedule.call0(&JsValue::UNDEFINED);
        }
    }

    fn next_ready(&self) -> Option<u32> {
        let mut ready = self.ready.borrow_mut();
        (!ready.is_empty()).then(|| ready.remove(0))
    }

    fn take(&self, id: u32) -> Option<Task> {
        let mut waiting = self.waiting.borrow_mut();
        let index = waiting.iter().position(|(known, _)| *known == id)?;
        Some(waiting.swap_remove(index).1)
    }

    fn poll(&self, id: u32, mut task: Task) {
        let outer = self.running.replace(Some(id));
        let waker = Waker::from(Arc::new(TaskWaker(id)));
        let done = task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
        let cancelled = self.running.replace(outer).is_none();
        if !done && !cancelled {
            self.waiting.borrow_mut().push((id, task));
        }
    }
}

/// Something that the face will [`settle`]: a promise without the two closures and the entry in a register of finalisers that
/// a real one costs.
#[derive(Debug)]
pub struct Ticket(u32);

impl Ticket {
    /// A ticket that nobody else has.
    pub fn new() -> Self {
        TASKS.with(|tasks| {
            let number = tasks.next.get();
            tasks.next.set(number.wrapping_add(1));
            tasks.awaited.borrow_mut().push((number, Awaited::Pending(None)));
            Self(number)
        })
    }

    /// What the face is told.
    pub fn number(&self) -> u32 {
        self.0
    }
}

impl Future for Ticket {
    type Output = Settled;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Settled> {
        TASKS.with(|tasks| {
            let mut awaited = tasks.awaited.borrow_mut();
            match awaited.iter_mut().find(|(number, _)| *number == self.0) {
                Some((_, Awaited::Settled(settled))) => Poll::Ready(std::mem::take(settled)),
                Some((_, Awaited::Pending(waker))) => {
                    *waker = Some(context.waker().clone());
                    Poll::Pending
                }
                None => Poll::Pending,
            }
        })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        TASKS.with(|tasks| tasks.awaited.borrow_mut().retain(|(number, _)| *number != self.0));
    }
}

/// Settles what is waited for with a [`Ticket`], if it still is, and runs whoever waits.
#[wasm_bindgen]
pub fn settle(ticket: u32, value: JsValue, http_status: Option<u16>, bytes: JsValue) {
    let settled = Settled { value, http_status, bytes };
    let waker = TASKS.with(|tasks| {
        let mut awaited = tasks.awaited.borrow_mut();
        let (_, state) = awaited.iter_mut().find(|(number, _)| *number == ticket)?;
        match std::mem::replace(state, Awaited::Settled(settled)) {
            Awaited::Pending(waker) => waker,
            Awaited::Settled(_) => None,
        }
    });
    if let Some(waker) = waker {
        // The face is asked for no turn: this is one.
        TASKS.with(|tasks| tasks.scheduled.set(true));
        waker.wake();
        run();
    }
}

/// Starts a task, runs it until it first waits, and gives its number.
pub fn spawn(task: Task) -> u32 {
    TASKS.with(|tasks| {
        let id = tasks.next.get();
        tasks.next.set(id.wrapping_add(1));
        tasks.poll(id, task);
        id
    })
}

/// Tells how the face is asked to call [`run`].
#[wasm_bindgen(js_name = onReady)]
pub fn on_ready(schedule: js_sys::Function) {
    TASKS.with(|tasks| tasks.schedule.replace(Some(schedule)));
}

/// Runs every task that is ready, and what those wake: a turn of its own costs more than most of them.
#[wasm_bindgen]
pub fn run() {
    TASKS.with(|tasks| {
        tasks.scheduled.set(true);
        while let Some(id) = tasks.next_ready() {
            if let Some(task) = tasks.take(id) {
                tasks.poll(id, task);
            }
        }
        tasks.scheduled.set(false);
    });
}

/// Drops a task, and with it whatever it waits for.
#[wasm_bindgen]
pub fn cancel(id: u32) {
    TASKS.with(|tasks| {
        if tasks.running.get() == Some(id) {
            tasks.running.set(None);
        }
        // Dropped after the list is let go of: a drop may wake or cancel others.
        drop(tasks.take(id));
    });
}
