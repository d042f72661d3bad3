//! Paged queries and what does not exist.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use cosmwasm_std::Uint128;
use cw_multi_test::Executor;
use mesg_api::registry::{QueryMsg, ServicesResponse, VersionsResponse};
use mesg_api::token;
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};
use suite::{Suite, manifest};

fn numbers(found: &ServicesResponse) -> Vec<u32> {
    found.services.iter().map(|service| service.service.0).collect()
}

#[test]
fn services_are_paged_in_all_and_by_owner() {
    let mut suite = Suite::new();
    // every fifth is Bob's
    for n in 1..=15 {
        suite.register(if n % 5 == 0 { "bob" } else { "alice" }, &format!("s{n}")).unwrap();
    }
    let all = |start_after: Option<u32>, limit| {
        numbers(&suite.query(&QueryMsg::Services { start_after: start_after.map(ServiceId), limit }))
    };
    assert_eq!(all(None, None), (1..=10).collect::<Vec<_>>());
    assert_eq!(all(Some(10), Some(u32::MAX)), (11..=15).collect::<Vec<_>>());
    assert_eq!(all(Some(3), Some(2)), [4, 5]);
    assert_eq!(all(Some(15), None), Vec::<u32>::new());
    assert_eq!(all(Some(u32::MAX), None), Vec::<u32>::new());
    assert_eq!(all(None, Some(0)), Vec::<u32>::new());

    let of = |owner: String, start_after: Option<u32>, limit| {
        numbers(&suite.query(&QueryMsg::ServicesByOwner { owner, start_after: start_after.map(ServiceId), limit }))
    };
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| suite.account(name).to_string());
    assert_eq!(of(alice.clone(), None, None), [1, 2, 3, 4, 6, 7, 8, 9, 11, 12]);
    assert_eq!(of(alice.clone(), Some(12), None), [13, 14]);
    assert_eq!(of(bob.clone(), Some(5), Some(1)), [10]);
    assert_eq!(of(bob, None, None), [5, 10, 15]);
    assert_eq!(of(carol, None, None), Vec::<u32>::new());
    let upper = QueryMsg::ServicesByOwner { owner: alice.to_uppercase(), start_after: None, limit: None };
    suite.query_error(&upper);
}

#[test]
fn no_list_is_longer_than_fifty() {
    let mut suite = Suite::new();
    let (rich, admin) = (suite.account("rich"), suite.admin.clone());
    let initial_balances = vec![cw20::Cw20Coin { address: rich.to_string(), amount: Uint128::new(1) }];
    let free = token::InstantiateMsg { name: "Free".into(), symbol: "FREE".into(), decimals: 0, initial_balances };
    suite.token = suite.app.instantiate_contract(1, admin.clone(), &free, &[], "free", None).unwrap();
    let msg = mesg_api::registry::InstantiateMsg {
        owner: admin.to_string(),
        token: suite.token.to_string(),
        registration_fee: Uint128::zero(),
    };
    suite.registry = suite.app.instantiate_contract(suite.code, admin, &msg, &[], "registry", None).unwrap();
    for n in 1..=51 {
        suite.send("rich", 0, &suite::service(&format!("s{n}"))).unwrap();
        suite.publish("rich", 1, manifest(&[&format!("t{n}")])).unwrap();
    }
    let limit = Some(51);
    let services: ServicesResponse = suite.query(&QueryMsg::Services { start_after: None, limit });
    let owner = rich.to_string();
    let owned: ServicesResponse = suite.query(&QueryMsg::ServicesByOwner { owner, start_after: None, limit });
    let service = ServiceId(1);
    let versions: VersionsResponse = suite.query(&QueryMsg::Versions { service, start_after: None, limit });
    assert_eq!([services.services.len(), owned.services.len(), versions.versions.len()], [50, 50, 50]);
}

#[test]
fn versions_are_paged_by_service() {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    suite.register("bob", "b").unwrap();
    suite.publish("alice", 1, manifest(&["one", "two"])).unwrap();
    suite.publish("bob", 2, manifest(&["one"])).unwrap();
    suite.publish("alice", 1, manifest(&["three"])).unwrap();
    let of = |service, start_after: Option<u32>, limit| {
        let start_after = start_after.map(VersionId);
        let found: VersionsResponse =
            suite.query(&QueryMsg::Versions { service: ServiceId(service), start_after, limit });
        found.versions.into_iter().map(|version| (version.version.0, version.terms)).collect::<Vec<_>>()
    };
    let (first, third) = ((1, vec![TermsId(1), TermsId(2)]), (3, vec![TermsId(4)]));
    assert_eq!(of(1, None, None), [first.clone(), third.clone()]);
    assert_eq!(of(1, Some(1), None), [third]);
    assert_eq!(of(1, None, Some(1)), [first]);
    assert_eq!(of(2, None, None), [(2, vec![TermsId(3)])]);
}

#[test]
fn what_does_not_exist_is_named() {
    let suite = Suite::new();
    let service = ServiceId(4);
    for (query, words) in [
        (QueryMsg::Service { service }, "there is no service 4"),
        (QueryMsg::ServiceBySid { sid: "x".into() }, "there is no service \"x\""),
        (QueryMsg::Version { version: VersionId(5) }, "there is no version 5"),
        (QueryMsg::Versions { service, start_after: None, limit: None }, "there is no service 4"),
        (QueryMsg::Terms { terms: TermsId(6) }, "there are no terms 6"),
    ] {
        let error = suite.query_error(&query);
        assert!(error.contains(words), "{error}");
    }
}
