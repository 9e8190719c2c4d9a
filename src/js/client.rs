//! The client, as the face holds it.

use super::answer::{self, Build, Names};
use super::host::{Face, JsHost, JsStore};
use super::task;
use super::{error_to_js, names_of, relay, text_of, texts_of};
use crate::api::endpoint::{self, Endpoint, Query};
use crate::api::partnership;
use crate::api::status::Kind;
use crate::auth::Credentials;
use crate::client::call::{Ask, Client, Deliver, Question};
use crate::client::error::QccError;
use crate::client::policy::Policy;
use crate::client::request;
use crate::text::concat;
use js_sys::{Array, Float64Array, Function};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A client of one account at one host, or of one gateway.
#[wasm_bindgen]
#[derive(Debug)]
pub struct CoreClient {
    client: Rc<Client<JsHost>>,
    base_url: String,
    policy: Policy,
}

#[wasm_bindgen]
impl CoreClient {
    /// `secret_key` is missing behind a gateway, and `key` too. `figures` are those of the policy, NaN where not given, in
    /// the order of [`Policy::with_figures`].
    ///
    /// # Errors
    /// The fields of a `QccError`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        face: Face,
        key: JsValue,
        secret_key: JsValue,
        base_url: JsValue,
        figures: Float64Array,
    ) -> Result<Self, JsValue> {
        let credentials = match (key.as_string(), secret_key.as_string()) {
            (Some(key), Some(secret_key)) => {
                Some(Credentials::new(&key, &secret_key).map_err(|error| error_to_js(&error.into()))?)
            }
            _ => None,
        };
        let policy = if credentials.is_some() { Policy::default() } else { Policy::behind_gateway() };
        let policy = policy
            .with_figures(&figures.to_vec())
            .map_err(|name| error_to_js(&QccError::bad_figure(name)))?;
        let base_url = text_of(&base_url);
        let client = Rc::new(Client::new(JsHost::new(face), credentials, &base_url));
        Ok(Self { client, base_url, policy })
    }

    /// Asks an endpoint of the table; `names` come as [`super::names_of`] reads them. Gives the number of the task, which [`super::task::cancel`] takes; `resolve` gets what
    /// `build` made, `reject` the fields of a `QccError` and what the platform threw. Without `build` it is a gateway that asks,
    /// and both get what [`relay`] makes.
    ///
    /// # Errors
    /// The fields of a `QccError` where nothing can be sent.
    #[expect(clippy::too_many_arguments, reason = "an object would have to be read field by field")]
    pub fn ask(
        &self,
        name: JsValue,
        names: JsValue,
        figures: Float64Array,
        store: Option<JsStore>,
        ttl_ms: Option<f64>,
        build: Option<Build>,
        resolve: Function,
        reject: Function,
    ) -> Result<u32, JsValue> {
        let name = text_of(&name);
        let endpoint = endpoint::by_name(&name).ok_or_else(|| no_endpoint(&name))?;
        let query =
            (endpoint.query)(&names_of(&text_of(&names))).map_err(|error| error_to_js(&error.into()))?;
        let question = self.question(endpoint, &query);
        let sent = query.names.map(Names::from).unwrap_or_default();
        self.start(question, sent, figures, store, ttl_ms, build, resolve, reject)
    }

    /// Asks any other GET endpoint; `params` are names and values by turns.
    ///
    /// # Errors
    /// The fields of a `QccError` where nothing can be sent.
    #[expect(clippy::too_many_arguments, reason = "an object would have to be read field by field")]
    pub fn request(
        &self,
        path: JsValue,
        params: &Array,
        figures: Float64Array,
        store: Option<JsStore>,
        ttl_ms: Option<f64>,
        build: Build,
        resolve: Function,
        reject: Function,
    ) -> Result<u32, JsValue> {
        let path = &*text_of(&path);
        let params = texts_of(params, 0);
        let pairs = || params.as_chunks::<2>().0.iter().map(|[name, value]| (name.as_str(), value.as_str()));
        let fault = request::path_fault(path).or_else(|| request::params_fault(pairs()));
        if let Some(fault) = fault {
            let message = concat(&["参数错误 (request: ", path, " ", fault, ")"]);
            return Err(error_to_js(&QccError::unsent(Kind::InvalidArgument, &message, "Nothing was sent.")));
        }
        let question = Question {
            endpoint: path.to_owned(),
            url: request::url(&self.base_url, path, self.key(), pairs()).into(),
            canonical: request::canonical(pairs()),
            stored: endpoint::by_path(path).is_none_or(|known| known.stored),
            read: endpoint::read_any,
        };
        self.start(question, Names::default(), figures, store, ttl_ms, Some(build), resolve, reject)
    }

    /// The key under which a store keeps the answer to findPartnershipRelation about these companies.
    ///
    /// # Errors
    /// The fields of a `QccError` naming the first name that cannot be sent.
    #[wasm_bindgen(js_name = storeKey)]
    pub fn store_key(&self, names: JsValue) -> Result<JsValue, JsValue> {
        let query = (partnership::ENDPOINT.query)(&names_of(&text_of(&names)))
            .map_err(|error| error_to_js(&error.into()))?;
        Ok(JsValue::from_str(&self.client.store_key(&self.question(&partnership::ENDPOINT, &query))))
    }

    fn key(&self) -> Option<&str> {
        self.client.credentials().map(Credentials::key)
    }

    fn question(&self, endpoint: &Endpoint, query: &Query) -> Question {
        let params = query.params.iter().map(|(name, value)| (*name, value.as_str()));
        Question {
            endpoint: endpoint.name.to_owned(),
            url: request::url(&self.base_url, endpoint.path, self.key(), params).into(),
            canonical: query.canonical.clone(),
            stored: endpoint.stored,
            read: endpoint.read,
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the two callers' own")]
    fn start(
        &self,
        question: Question,
        names: Names,
        figures: Float64Array,
        store: Option<JsStore>,
        ttl_ms: Option<f64>,
        build: Option<Build>,
        resolve: Function,
        reject: Function,
    ) -> Result<u32, JsValue> {
        let policy = self
            .policy
            .with_figures(&figures.to_vec())
            .map_err(|name| error_to_js(&QccError::bad_figure(name)))?;
        let relays = build.is_none();
        let deliver: Deliver<JsHost> = Rc::new(move |answer, meta, body| match &build {
            Some(build) => answer::deliver(build, &names, answer, meta, body),
            None => relay::answer(meta, body),
        });
        let client = Rc::clone(&self.client);
        let ask = Ask { question, policy, store, ttl_ms, deliver, unkept: Rc::default() };
        Ok(task::spawn(Box::pin(async move {
            // Both are the face's and do not throw.
            let _ = match client.ask(ask).await {
                Ok(value) => resolve.call1(&JsValue::UNDEFINED, &value),
                Err(failure) if relays => reject.call1(&JsValue::UNDEFINED, &relay::failure(failure)),
                Err(failure) => {
                    let cause = failure.cause.unwrap_or(JsValue::UNDEFINED);
                    reject.call2(&JsValue::UNDEFINED, &error_to_js(&failure.error), &cause)
                }
            };
        })))
    }
}

impl CoreClient {
    /// The client itself.
    pub fn client(&self) -> Rc<Client<JsHost>> {
        Rc::clone(&self.client)
    }

    /// Where it asks.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Its times and counts.
    pub fn policy(&self) -> Policy {
        self.policy
    }
}

fn no_endpoint(name: &str) -> JsValue {
    let message = concat(&["no endpoint is called ", name]);
    error_to_js(&QccError::unsent(Kind::InvalidArgument, &message, "Use request() for other endpoints."))
}
