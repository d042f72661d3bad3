//! `PredictVersion`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use cosmwasm_std::Uint128;
use mesg_api::pause::{PAUSE, Pause};
use mesg_api::registry::{ExecuteMsg, Manifest, PredictedVersion, QueryMsg, Status, VersionResponse};
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};
use mesg_protocol::schema::{Param, ParamType, Params};
use suite::{Suite, manifest};

fn predict(suite: &Suite, service: Option<u32>, manifest: &Manifest) -> PredictedVersion {
    suite.query(&QueryMsg::PredictVersion { service: service.map(ServiceId), manifest: manifest.clone() })
}

fn suite_with_version() -> Suite {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    suite.publish("alice", 1, manifest(&["one", "two"])).unwrap();
    suite
}

#[test]
fn what_is_predicted_is_what_is_published() {
    let mut suite = suite_with_version();
    let next = manifest(&["three", "four"]);
    let predicted = predict(&suite, Some(1), &next);
    // a = 1,000 + 50 + 1,000, b = .8a: 27b of k2 = 9; (9 + 21)·b
    let expected = PredictedVersion {
        digest: predicted.digest,
        bytes: u32::try_from(next.canonical_json().unwrap().len()).unwrap(),
        version: Some(VersionId(2)),
        terms: vec![TermsId(3), TermsId(4)],
        published: None,
        seat_bond: Uint128::new(100_000),
        seat_bond_needed: Some(Uint128::new(27 * 1_640)),
        service_bond_needed: Some(Uint128::new(30 * 1_640)),
        refusals: vec![],
    };
    assert_eq!(predicted, expected);
    assert_eq!(predict(&suite, None, &next), expected, "before the service is registered");
    suite.publish("alice", 1, next.clone()).unwrap();
    let found: VersionResponse = suite.query(&QueryMsg::Version { version: VersionId(2) });
    assert_eq!((Some(found.digest), found.terms), (predicted.digest, predicted.terms));
    let again = predict(&suite, Some(1), &next);
    assert_eq!((again.published, again.version, again.terms.len()), (Some(VersionId(2)), None, 0));
    assert!(again.refusals[0].starts_with("service 1 has published manifest"), "{:?}", again.refusals);
}

#[test]
fn every_refusal_is_told() {
    let mut suite = suite_with_version();
    let retire = ExecuteMsg::SetStatus { service: ServiceId(1), status: Status::Retired };
    suite.execute("alice", &retire).unwrap();
    let mut cheap = manifest(&["one"]);
    cheap.seat_bond = 44_279_u128.into();
    let predicted = predict(&suite, Some(1), &cheap);
    let refusals = ["service 1 is retired", "tasks[0]: seat_bond is 44279, must be at least 44280"];
    assert_eq!(predicted.refusals, refusals);
    assert_eq!((predicted.version, predicted.seat_bond_needed), (None, Some(Uint128::new(44_280))));
    assert!(predicted.digest.is_some());
    assert_eq!(predict(&suite, Some(9), &manifest(&["one"])).refusals, ["there is no service 9"]);
}

#[test]
fn manifests_without_bounds_are_predicted_too() {
    let suite = suite_with_version();
    let mut dear = manifest(&["one"]);
    dear.tasks[0].price.per_call = u128::MAX.into();
    let predicted = predict(&suite, Some(1), &dear);
    assert_eq!((predicted.seat_bond_needed, predicted.service_bond_needed), (None, None));
    assert_eq!(predicted.refusals.len(), 1);
    let mut deep = manifest(&["one"]);
    for _ in 0..16 {
        let inner = Param { object: deep.tasks[0].inputs.clone(), ..Param::new(ParamType::Object) };
        deep.tasks[0].inputs = Params::from([("a".to_owned(), inner)]);
    }
    let predicted = predict(&suite, None, &deep);
    assert_eq!((predicted.digest, predicted.bytes, predicted.refusals.len()), (None, 0, 1));
    let mut many = manifest(&["one"]);
    many.tasks = (0..300).map(|n| suite::task(&format!("t{n}"))).collect();
    assert_eq!(predict(&suite, None, &many).refusals, ["tasks is 300 tasks, must be 1 to 16"]);
    let mut none = manifest(&["one"]);
    none.tasks.clear();
    assert_eq!(predict(&suite, None, &none).refusals, ["tasks is 0 tasks, must be 1 to 16"]);
}

#[test]
fn a_pause_of_the_market_is_a_refusal_too() {
    let mut suite = suite_with_version();
    let market = suite.market_of(&suite.registry.clone());
    suite.execute("admin", &ExecuteMsg::SetMarket { market: market.to_string() }).unwrap();
    let next = manifest(&["next"]);
    assert_eq!(predict(&suite, Some(1), &next).refusals, Vec::<String>::new());
    PAUSE.save(&mut *suite.app.contract_storage_mut(&market), (), &Pause { since: 1 });
    assert_eq!(predict(&suite, Some(1), &next).refusals, ["the market is paused"]);
    assert!(suite.publish("alice", 1, next).unwrap_err().root_cause().to_string().contains("the market is paused"));
}
