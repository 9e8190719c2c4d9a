//! A list of any size, run through the API: a plan to its end, every answer stored before it is counted, every fault dealt
//! with in as few paid calls as it takes, and a report that leaves nothing out.
//!
//! [`run`] decides what is asked next and what an outcome means; it is pure, and its memory grows with the companies and the
//! relations found, never with calls or pairs. [`drive`] carries it out with a [`Client`](crate::client::call::Client), and
//! [`coverage`] says afterwards, exactly, which pairs no answer covers.

pub mod coverage;
pub mod drive;
pub mod input;
pub mod isolate;
pub mod run;
mod shelf;
