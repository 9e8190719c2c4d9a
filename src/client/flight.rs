//! Equal questions in flight share one call, and a call that nobody waits for any longer is given up.

use crate::api::words::hash;
use std::cell::{Cell, OnceCell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
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

/// Runs both until one is ready; where both are, the first wins. Whoever awaits this has pinned them, and drops the other:
/// were they moved here, whatever they hold would be copied and kept twice, for each two types anew.
pub fn race<'f, A, B>(
    first: Pin<&'f mut dyn Future<Output = A>>,
    second: Pin<&'f mut dyn Future<Output = B>>,
) -> Race<'f, A, B> {
    Race { first, second }
}

/// Two futures, the first of which to be ready counts.
#[expect(missing_debug_implementations, reason = "futures need not be printable")]
pub struct Race<'f, A, B> {
    first: Pin<&'f mut dyn Future<Output = A>>,
    second: Pin<&'f mut dyn Future<Output = B>>,
}

impl<A, B> Future for Race<'_, A, B> {
    type Output = Either<A, B>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Either<A, B>> {
        if let Poll::Ready(value) = self.first.as_mut().poll(context) {
            return Poll::Ready(Either::Left(value));
        }
        self.second.as_mut().poll(context).map(Either::Right)
    }
}

/// Each with the hash of its question: equal ones are far between, and questions long.
type List<T, W> = RefCell<Vec<(u32, Rc<str>, Rc<Flight<T, W>>)>>;

/// The calls on their way, by question. `W` is what its passengers wish to be done with the outcome.
#[derive(Debug)]
pub struct Flights<T, W> {
    list: Rc<List<T, W>>,
}

impl<T, W> Default for Flights<T, W> {
    fn default() -> Self {
        Self { list: Rc::default() }
    }
}

impl<T, W> Flights<T, W> {
    /// Boards the flight for `question`. Whoever boards it shares its outcome, even one who first looks into a store and
    /// finds, when that is done, that it has landed.
    pub fn board(&self, question: &Rc<str>) -> Passenger<T, W> {
        let mut list = self.list.borrow_mut();
        let hash = hash(question.as_bytes());
        let mut same = list.iter().filter(|(known, ..)| *known == hash);
        let known = same.find(|(_, known, _)| known == question).map(|(.., flight)| Rc::clone(flight));
        let flight = known.unwrap_or_else(|| {
            let flight = Rc::new(Flight {
                outcome: OnceCell::new(),
                flown: Cell::new(false),
                landed: Cell::new(false),
                passengers: Cell::new(0),
                wakers: RefCell::default(),
                wishes: RefCell::default(),
            });
            list.push((hash, Rc::clone(question), Rc::clone(&flight)));
            flight
        });
        flight.passengers.set(flight.passengers.get() + 1);
        Passenger { flight, list: Rc::clone(&self.list) }
    }

    /// Ends a flight: its passengers may leave with the outcome, the next one to ask opens a new one.
    pub fn land(&self, flight: &Rc<Flight<T, W>>) {
        take_off_list(&self.list, flight);
        flight.landed.set(true);
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

fn take_off_list<T, W>(list: &List<T, W>, flight: &Rc<Flight<T, W>>) {
    list.borrow_mut().retain(|(.., known)| !Rc::ptr_eq(known, flight));
}

/// One call on its way, whoever waits for it.
#[derive(Debug)]
pub struct Flight<T, W> {
    outcome: OnceCell<T>,
    flown: Cell<bool>,
    landed: Cell<bool>,
    passengers: Cell<u32>,
    wakers: RefCell<Vec<Waker>>,
    wishes: RefCell<Vec<W>>,
}

impl<T, W> Flight<T, W> {
    /// Takes off, if it has not yet: true for the one passenger who is to fly it.
    pub fn take_off(&self) -> bool {
        !self.flown.replace(true)
    }

    /// Whether nobody waits any longer.
    pub fn is_abandoned(&self) -> bool {
        self.passengers.get() == 0
    }

    /// Ready once nobody waits any longer.
    pub async fn abandoned(&self) {
        poll_fn(|context| if self.is_abandoned() { Poll::Ready(()) } else { self.park(context) }).await;
    }

    /// What came of it, as soon as that is known; it lands when the wishes are done.
    pub fn outcome(&self) -> Option<&T> {
        self.outcome.get()
    }

    /// Tells what came of it; the first word counts.
    pub fn settle(&self, outcome: T) {
        // A flight is flown once.
        let _ = self.outcome.set(outcome);
    }

    /// Adds a wish, unless one that is `alike` was made before, and gives the one that counts; `None` where it comes too late.
    pub fn wish(&self, wish: W, alike: impl Fn(&W) -> bool) -> Option<W>
    where
        W: Clone,
    {
        let mut wishes = self.wishes.borrow_mut();
        let known = wishes.iter().find(|known| alike(known)).cloned();
        if known.is_some() || self.landed.get() {
            return known;
        }
        wishes.push(wish.clone());
        Some(wish)
    }

    /// The wish with this number, in the order they were made.
    pub fn nth_wish(&self, number: usize) -> Option<W>
    where
        W: Clone,
    {
        self.wishes.borrow().get(number).cloned()
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

/// Somebody who waits for a flight to land; dropping it is leaving.
#[derive(Debug)]
pub struct Passenger<T, W> {
    flight: Rc<Flight<T, W>>,
    list: Rc<List<T, W>>,
}

impl<T, W> Passenger<T, W> {
    /// The flight itself.
    pub fn flight(&self) -> &Rc<Flight<T, W>> {
        &self.flight
    }
}

impl<T, W> Future for Passenger<T, W> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.flight.landed.get() { Poll::Ready(()) } else { self.flight.park(context) }
    }
}

impl<T, W> Drop for Passenger<T, W> {
    fn drop(&mut self) {
        let left = self.flight.passengers.get() - 1;
        self.flight.passengers.set(left);
        if left > 0 {
            return;
        }
        if self.flight.flown.get() {
            self.flight.wake();
        } else {
            // Nobody will fly it, so nobody would land it.
            take_off_list(&self.list, &self.flight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;

    fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
        Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn shares_one_flight_among_equal_questions() {
        let flights: Flights<u8, ()> = Flights::default();
        let (mut one, mut two) = (flights.board(&"q".into()), flights.board(&"q".into()));
        let flight = Rc::clone(one.flight());
        assert!(
            flight.take_off()
                && !two.flight().take_off()
                && flights.board(&"other".into()).flight().take_off()
        );
        flight.settle(7);
        assert!(poll(&mut one).is_pending() && poll(&mut two).is_pending());
        flights.land(&flight);
        assert!(poll(&mut one).is_ready() && poll(&mut two).is_ready());
        assert_eq!(two.flight().outcome(), Some(&7));
        assert!(flights.board(&"q".into()).flight().take_off());
    }

    #[test]
    fn is_abandoned_when_the_last_passenger_leaves() {
        let flights: Flights<(), ()> = Flights::default();
        let (one, two) = (flights.board(&"q".into()), flights.board(&"q".into()));
        let flight = Rc::clone(one.flight());
        assert!(flight.take_off());
        let mut abandoned = Box::pin(flight.abandoned());
        drop(one);
        assert!(poll(&mut abandoned).is_pending() && flights.len() == 1);
        drop(two);
        assert!(poll(&mut abandoned).is_ready() && flight.is_abandoned());
    }

    #[test]
    fn keeps_no_flight_that_nobody_will_fly() {
        let flights: Flights<(), ()> = Flights::default();
        let (one, two) = (flights.board(&"q".into()), flights.board(&"q".into()));
        drop(one);
        assert_eq!(flights.len(), 1);
        drop(two);
        assert!(flights.is_empty());
    }

    #[test]
    fn takes_each_wish_once_and_none_after_landing() {
        let flights: Flights<(), u8> = Flights::default();
        let passenger = flights.board(&"q".into());
        let flight = passenger.flight();
        let wish = |number| flight.wish(number, |known| *known == number);
        assert_eq!([wish(1), wish(2), wish(1)], [Some(1), Some(2), Some(1)]);
        flights.land(flight);
        assert_eq!([wish(2), wish(3)], [Some(2), None]);
        assert_eq!([0, 1, 2].map(|number| flight.nth_wish(number)), [Some(1), Some(2), None]);
    }

    #[test]
    fn races_to_the_first() {
        let ready = |n| std::future::ready(n);
        assert!(matches!(poll(&mut race(pin!(ready(1)), pin!(ready(2)))), Poll::Ready(Either::Left(1))));
        let never = pin!(std::future::pending::<u8>());
        assert!(matches!(poll(&mut race(never, pin!(ready(2)))), Poll::Ready(Either::Right(2))));
    }
}
