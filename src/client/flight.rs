//! Equal questions in flight share one call, and a call that nobody waits for any longer is given up.

use std::cell::{Cell, OnceCell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// The first of two futures to be ready; the other is dropped, which cancels it.
#[derive(Debug)]
pub enum Either<A, B> {
    /// The first one's result.
    Left(A),
    /// The second one's result.
    Right(B),
}

/// Runs both until one is ready; where both are, the first wins.
pub async fn race<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) -> Either<A, B> {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|context| {
        if let Poll::Ready(value) = first.as_mut().poll(context) {
            return Poll::Ready(Either::Left(value));
        }
        second.as_mut().poll(context).map(Either::Right)
    })
    .await
}

/// The calls on their way, by question.
#[derive(Debug)]
pub struct Flights<T> {
    list: RefCell<Vec<(String, Rc<Flight<T>>)>>,
}

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self { list: RefCell::new(Vec::new()) }
    }
}

impl<T> Flights<T> {
    /// Joins the flight for `question`, or opens one; the flag says whether it was opened, and is then to be flown.
    pub fn join(&self, question: &str) -> (Passenger<T>, bool) {
        let mut list = self.list.borrow_mut();
        if let Some((_, flight)) = list.iter().find(|(known, _)| known == question) {
            return (Passenger::board(flight), false);
        }
        let flight = Rc::new(Flight {
            outcome: OnceCell::new(),
            passengers: Cell::new(0),
            wakers: RefCell::default(),
        });
        list.push((question.to_owned(), Rc::clone(&flight)));
        (Passenger::board(&flight), true)
    }

    /// Ends a flight: its passengers get the outcome, the next one to ask opens a new one.
    pub fn land(&self, flight: &Rc<Flight<T>>, outcome: Option<T>) {
        self.list.borrow_mut().retain(|(_, known)| !Rc::ptr_eq(known, flight));
        if let Some(outcome) = outcome {
            // A flight lands once: it has left the list.
            let _ = flight.outcome.set(outcome);
        }
        flight.wake();
    }

    /// How many are on their way.
    pub fn len(&self) -> usize {
        self.list.borrow().len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One call on its way, whoever waits for it.
#[derive(Debug)]
pub struct Flight<T> {
    outcome: OnceCell<T>,
    passengers: Cell<u32>,
    wakers: RefCell<Vec<Waker>>,
}

impl<T> Flight<T> {
    /// Ready once nobody waits any longer.
    pub async fn abandoned(&self) {
        poll_fn(|context| if self.passengers.get() == 0 { Poll::Ready(()) } else { self.park(context) })
            .await;
    }

    /// What came out of it, once it has landed.
    pub fn outcome(&self) -> Option<&T> {
        self.outcome.get()
    }

    fn park<R>(&self, context: &Context<'_>) -> Poll<R> {
        let mut wakers = self.wakers.borrow_mut();
        if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            wakers.push(context.waker().clone());
        }
        Poll::Pending
    }

    fn wake(&self) {
        for waker in self.wakers.take() {
            waker.wake();
        }
    }
}

/// Somebody who waits for a flight; dropping it is leaving.
#[derive(Debug)]
pub struct Passenger<T> {
    flight: Rc<Flight<T>>,
}

impl<T> Passenger<T> {
    fn board(flight: &Rc<Flight<T>>) -> Self {
        flight.passengers.set(flight.passengers.get() + 1);
        Self { flight: Rc::clone(flight) }
    }

    /// The flight itself.
    pub fn flight(&self) -> &Rc<Flight<T>> {
        &self.flight
    }
}

impl<T> Future for Passenger<T> {
    type Output = Rc<Flight<T>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.flight.outcome.get().is_some() {
            Poll::Ready(Rc::clone(&self.flight))
        } else {
            self.flight.park(context)
        }
    }
}

impl<T> Drop for Passenger<T> {
    fn drop(&mut self) {
        let left = self.flight.passengers.get() - 1;
        self.flight.passengers.set(left);
        if left == 0 {
            self.flight.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
        Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn shares_one_flight_among_equal_questions() {
        let flights = Flights::default();
        let (mut one, opened) = flights.join("q");
        let (mut two, again) = flights.join("q");
        assert!(opened && !again && flights.join("other").1);
        assert!(poll(&mut one).is_pending());
        flights.land(&Rc::clone(one.flight()), Some(7));
        assert!(matches!(poll(&mut one), Poll::Ready(flight) if flight.outcome() == Some(&7)));
        assert!(matches!(poll(&mut two), Poll::Ready(flight) if flight.outcome() == Some(&7)));
        assert!(flights.join("q").1);
    }

    #[test]
    fn is_abandoned_when_the_last_passenger_leaves() {
        let flights: Flights<()> = Flights::default();
        let (one, _) = flights.join("q");
        let (two, _) = flights.join("q");
        let flight = Rc::clone(one.flight());
        let mut abandoned = Box::pin(flight.abandoned());
        drop(one);
        assert!(poll(&mut abandoned).is_pending());
        drop(two);
        assert!(poll(&mut abandoned).is_ready());
    }

    #[test]
    fn races_to_the_first() {
        let ready = |n| std::future::ready(n);
        assert!(matches!(poll(&mut Box::pin(race(ready(1), ready(2)))), Poll::Ready(Either::Left(1))));
        let never = std::future::pending::<u8>();
        assert!(matches!(poll(&mut Box::pin(race(never, ready(2)))), Poll::Ready(Either::Right(2))));
    }
}
