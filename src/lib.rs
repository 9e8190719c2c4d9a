//! The core of qcc-pro: the client for 企查查专业版 (QCC Pro, `pro.qcc.com`).
#![warn(missing_docs, missing_debug_implementations)]
#![forbid(unsafe_op_in_unsafe_fn)]

pub mod api;
pub mod auth;
pub mod client;
pub mod gateway;
pub mod graph;
#[cfg(all(target_arch = "wasm32", feature = "client"))]
mod js;
pub mod plan;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod scan;
