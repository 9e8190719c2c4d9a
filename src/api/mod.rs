//! What QCC Pro says: names, parameters, answers and codes. Pure: no I/O, no clock, no JavaScript.
//!
//! Source: the vendor's two documents, 《合作关系挖掘查询》 and 《额度查询》 (V 1.0, 2020-04-24).

pub mod company;
mod cursor;
pub mod decimal;
pub mod endpoint;
pub mod envelope;
pub mod flat;
pub mod json;
mod lanes;
pub(crate) mod period;
pub mod room;
pub mod status;
pub mod table;
pub mod words;
pub(crate) mod write;

/// Declares the module of each endpoint and the table of them all, so that an endpoint is its file and its line here.
macro_rules! endpoints {
    ($($name:ident,)*) => {
        $(pub mod $name;)*

        /// Every endpoint of ours.
        pub static ENDPOINTS: &[&endpoint::Endpoint] = &[$(&$name::ENDPOINT,)*];
    };
}

endpoints! {
    partnership,
    quota,
}
