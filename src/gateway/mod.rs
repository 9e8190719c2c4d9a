//! The gateway: a page's request, checked and passed on by a server that signs.
//!
//! What is decided here is pure: a request is [checked](check) down to the endpoint and the company names it asks for,
//! its caller is [limited](limit), the company's key is [taken out](redact) of the answer. Nothing of a request but the
//! endpoint and the names ever leaves this module, so nothing else can go upstream: the call itself is made by the same
//! [`client`](crate::client) as any other, with a URL and headers of its own.

pub mod check;
#[cfg(all(target_arch = "wasm32", feature = "gateway"))]
mod js;
pub mod limit;
pub mod redact;
