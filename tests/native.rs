//! The crate as a Rust program uses it without WebAssembly: names are planned, each call is signed and asked, its answer
//! read, and the relations found are all there are. The vendor is emulated; a program of one's own sends `url` instead.
#![cfg(feature = "sandbox")]

use qcc_pro::api::endpoint::{self, Endpoint, Payload};
use qcc_pro::auth::Credentials;
use qcc_pro::client::request::url;
use qcc_pro::graph::RelationGraph;
use qcc_pro::plan::{CallPlan, MAX_CALL_SIZE, PlanInput};
use qcc_pro::sandbox::{Options, Request, SANDBOX_KEY, SANDBOX_SECRET_KEY, Sandbox, sample_companies};

/// Any time does that is the sandbox's too.
const NOW: u64 = 1_700_000_000;

/// The body of the answer to one call, sent as HTTP would send it.
fn ask(sandbox: &mut Sandbox, credentials: &Credentials, endpoint: &Endpoint, names: &[&str]) -> String {
    let query = (endpoint.query)(names).expect("names that can be sent");
    let params = query.params.iter().map(|(name, value)| (*name, value.as_str()));
    let address = url("", endpoint.path, Some(credentials.key()), params);
    let (path, query) = address.split_once('?').expect("the key is in the query");
    let signature = credentials.sign(NOW);
    let timespan = signature.timespan().to_string();
    let request =
        Request { method: "GET", path, query, token: Some(signature.token()), timespan: Some(&timespan) };
    sandbox.handle(&request, NOW * 1000).body
}

#[test]
fn plans_signs_asks_and_reads_natively() {
    let mut sandbox = Sandbox::new(Options { density: Some(0.1), ..Options::default() }).unwrap();
    let credentials = Credentials::new(SANDBOX_KEY, SANDBOX_SECRET_KEY).unwrap();
    let names = sample_companies(60, 3);
    let list: Vec<&str> = names.iter().map(String::as_str).collect();
    let plan = CallPlan::new(&PlanInput::Among(&list), &[], MAX_CALL_SIZE).unwrap();
    let relation = endpoint::by_name("findPartnershipRelation").unwrap();

    let mut pairs = Vec::new();
    let mut graph = RelationGraph::default();
    for call in plan.iter() {
        let members: Vec<&str> = call.iter().map(|place| list[*place as usize]).collect();
        let body = ask(&mut sandbox, &credentials, relation, &members);
        let answer = (relation.read)(body.as_bytes()).unwrap();
        assert!(matches!(answer.status, 200 | 201), "{body}");
        let Ok(Some(Payload::Relations(found))) = answer.payload else { panic!("{body}") };
        for row in found.table.iter() {
            pairs.push((row.company_name.to_owned(), row.related_company_name.to_owned()));
            graph.add(row);
        }
    }
    assert_eq!(sandbox.stats().billed, plan.calls());
    assert_eq!(graph.relation_count() == 0, pairs.is_empty());

    // Whatever calls it was asked in: the market has these pairs and no others.
    pairs.sort();
    pairs.dedup();
    let market: serde_json::Value =
        serde_json::from_str(&sandbox.relations_among(list.iter().copied())).unwrap();
    let mut expected: Vec<(String, String)> = market
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let name = |field: &str| row[field].as_str().unwrap().to_owned();
            (name("companyName"), name("relatedCompanyName"))
        })
        .collect();
    expected.sort();
    expected.dedup();
    assert!(expected.len() > 10);
    assert_eq!(pairs, expected);
}

#[test]
fn a_signature_of_another_secret_is_refused_unbilled() {
    let mut sandbox = Sandbox::new(Options::default()).unwrap();
    let credentials = Credentials::new(SANDBOX_KEY, "another").unwrap();
    let quota = endpoint::by_name("getQuota").unwrap();
    let body = ask(&mut sandbox, &credentials, quota, &[]);
    let answer = (quota.read)(body.as_bytes()).unwrap();
    assert_eq!(answer.status, 107);
    assert_eq!(qcc_pro::api::status::billed(answer.status, &answer.message), Some(false));
    assert_eq!(sandbox.stats().billed, 0);
}
