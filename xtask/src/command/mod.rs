//! One file per command.

pub mod bench;
pub mod build;
pub mod check;
pub mod demo;
pub mod docs;
pub mod pack;
pub mod test;
