//! The core of qcc-pro: the client for 企查查专业版 (QCC Pro, `pro.qcc.com`).
//!
//! Compiled to WebAssembly it is the npm package of the same name. Natively it is a library for whoever has an HTTP client
//! already and wants to sign requests, read answers and plan calls: none of that does any I/O, and it builds on stable Rust.
//!
//! # Signing
//!
//! A call carries two headers, `Token` and `Timespan`, made of the same second. [`auth::Credentials`] cannot be printed and
//! is wiped from memory when it is dropped.
//!
//! ```
//! use qcc_pro::auth::Credentials;
//!
//! let credentials = Credentials::new("k", "s").expect("two texts that can sign");
//! let signature = credentials.sign(0); // Unix time in whole seconds: now, in a real call
//! assert_eq!(signature.token(), "50B0AF0C6779996E33FF803976C5F207");
//! assert_eq!(signature.timespan(), 0);
//! assert!(!format!("{credentials:?}").contains("\"s\""));
//! ```
//!
//! # Asking
//!
//! An [endpoint](api::endpoint::Endpoint) is data. It makes its parameters from names, which it checks first, as
//! every mistake in them would be paid for:
//!
//! ```
//! use qcc_pro::api::endpoint;
//! use qcc_pro::client::request::{DEFAULT_BASE_URL, url};
//!
//! let relation = endpoint::by_name("findPartnershipRelation").expect("it is in the table");
//! assert!((relation.query)(&["Foo Co., Ltd."]).is_err()); // the comma would make two names of it
//!
//! let query = (relation.query)(&["企查查科技股份有限公司", "大连银行股份有限公司"]).expect("two names");
//! let params = query.params.iter().map(|(name, value)| (*name, value.as_str()));
//! let address = url(DEFAULT_BASE_URL, relation.path, Some("the company's key"), params);
//! assert!(address.starts_with("https://pro.qcc.com/api/corp/correlation/findPartnershipRelation?key="));
//! ```
//!
//! # Reading
//!
//! The bytes of an answer, however the vendor spells them; texts are borrowed from the bytes where that can be.
//! [`api::status::status_info`] tells of every code what it means and whether it was billed.
//!
//! ```
//! use qcc_pro::api::endpoint::{self, Payload};
//! use qcc_pro::api::{decimal::Decimal, status::status_info};
//!
//! let body = r#"{"status":"200","msg":"【有效请求】查询成功","result":{"partnershipRelationList":[
//!     {"companyName":"甲公司","relatedCompanyName":"乙公司","amount":"34.8","publicDate":"2021-11","source":"招投标"}]}}"#;
//! let relation = endpoint::by_name("findPartnershipRelation").expect("it is in the table");
//! let answer = (relation.read)(body.as_bytes()).expect("an envelope");
//! assert!(status_info(answer.status).is_some_and(|info| info.billed));
//!
//! let Ok(Some(Payload::Relations(found))) = answer.payload else { panic!("no relations") };
//! let row = found.table.iter().next().expect("one row");
//! assert_eq!((row.company_name, row.related_company_name), ("甲公司", "乙公司"));
//! assert_eq!(row.amount.and_then(Decimal::parse).map(|wan| wan.to_f64()), Some(34.8));
//! ```
//!
//! # Planning
//!
//! A call takes at most 20 names and sees only the pairs among them; [`plan::CallPlan`] covers every pair of a longer list
//! in as few calls as can be found.
//!
//! ```
//! use qcc_pro::plan::{CallPlan, MAX_CALL_SIZE, PlanInput};
//!
//! let names: Vec<String> = (0..40).map(|number| format!("第{number}公司")).collect();
//! let list: Vec<&str> = names.iter().map(String::as_str).collect();
//! let plan = CallPlan::new(&PlanInput::Among(&list), &[], MAX_CALL_SIZE).expect("two names or more");
//! assert_eq!((plan.pairs(), plan.calls(), plan.lower_bound()), (780, 6, 6));
//!
//! let first = plan.call(0).expect("there is a first call"); // places in the list
//! assert!(first.len() <= 20 && first.iter().all(|place| (*place as usize) < list.len()));
//! ```
//!
//! # The house, from the bottom up
//!
//! | module | what it has |
//! | --- | --- |
//! | [`auth`] | key and secret to the two headers |
//! | [`api`] | what the vendor says: names, parameters, answers, codes |
//! | [`plan`] | which calls cover which pairs |
//! | [`graph`] | relations merged, counted, exported |
//! | [`client`] | when a call is sent, sent again or given up; sees network and clock through two small traits |
//! | [`scan`] | a plan run to its end |
//! | [`gateway`] | a page's request, checked and passed on |
//! | `sandbox` | the vendor emulated (feature `sandbox`) |
//! | `js` | the client's `#[wasm_bindgen]`, for WebAssembly alone; those of the other modules stand in their folders |
//! | `sign` | signing alone, as a module of its own (feature `sign`, for WebAssembly alone) |
#![warn(missing_docs, missing_debug_implementations)]
// The modules are built for size (see xtask/src/wasm.rs), but for the functions that bytes and rows go through.
#![cfg_attr(wasm_module, feature(optimize_attribute))]
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
#[cfg(all(target_arch = "wasm32", feature = "sign"))]
mod sign;
mod sort;
mod text;
