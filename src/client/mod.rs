//! One call from question to answer: built, signed, sent, judged, sent again where that is right, stored.
//!
//! The decisions are pure ([`policy`]); the network, the clock and chance are seen only through [`Host`](host::Host), so the
//! same code runs in a browser, in Node and under simulated time.

pub mod ask;
pub mod call;
pub mod date;
pub mod error;
pub mod event;
pub mod flight;
pub mod host;
pub mod network;
pub mod policy;
pub mod relay;
pub mod request;
pub mod store;
