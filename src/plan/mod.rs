//! Which calls cover which pairs, in as few calls as can be found: every call is paid for.
//!
//! Pure combinatorics: no network, no clock, no JavaScript, and the same answer on every machine. From the bottom:
//!
//! | module | what it has |
//! | --- | --- |
//! | `field` | finite fields |
//! | `bound` | how few calls a plan could have |
//! | `grid` | two lists |
//! | `cover` | covers as trees of constructions, entered at any call |
//! | `plane` | weighted planes, cyclic covers |
//! | `tidy`, `graph` | small lists of calls made smaller; calls for any pairs |
//! | `recipe`, `table`, `choose`, `build` | recipes of a few characters; those listed; which one wins; its calls |
//! | `question`, `layout` | a question over numbers; its calls |
//! | `names` | a question over names: [`CallPlan`] |
//! | `record` | a plan in a line of text, from which every later version rebuilds the same calls |
//!
//! Sources: D. M. Gordon, G. Kuperberg, O. Patashnik, "New constructions for covering designs", J. Combin. Designs 3
//! (1995); the La Jolla Covering Repository. `TABLE.md` beside this file sets sizes against both.

pub mod bound;
mod build;
mod choose;
mod cover;
mod field;
mod graph;
mod grid;
mod layout;
mod names;
mod plane;
mod question;
mod recipe;
mod record;
mod sort;
mod table;
mod text;
mod tidy;
mod walk;

pub use layout::Layout;
pub use names::{CallPlan, PlanInput};
pub use question::{Question, Side};

#[doc(hidden)]
pub mod workshop;

/// The most names a call takes, and the call size when none is given.
pub const MAX_CALL_SIZE: u32 = 20;

/// Why there is no such plan or call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// Fewer than two different names (or, for two lists, no pair across them).
    TooFewNames,
    /// More names than can be numbered: over 2²⁴.
    TooManyNames,
    /// A call size outside 2 … 20.
    CallSize(u32),
    /// A call that is not in the plan.
    Call {
        /// What was asked for.
        index: u64,
        /// How many there are.
        calls: u64,
    },
    /// A shard that is not among so many.
    Shard {
        /// What was asked for.
        index: u64,
        /// Out of how many.
        count: u64,
    },
    /// A record that no version wrote, or that is of a plan for other names.
    Record,
}
