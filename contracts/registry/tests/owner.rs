//! `ProposeOwner`, `WithdrawOwner`, `AcceptOwner`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use mesg_api::market::At;
use mesg_api::registry::{
    ExecuteMsg, Permission, ProposedOwner, QueryMsg, RegistryEvent, ServiceResponse, ServicesResponse, Status,
};
use mesg_protocol::ids::ServiceId;
use mesg_registry::ContractError;
use suite::{Suite, events, manifest, refusal};

const SERVICE: ServiceId = ServiceId(1);
const WEEK: u64 = 7 * 86_400;
const WEEK_BLOCKS: u64 = WEEK / 60;
const ACCEPT: ExecuteMsg = ExecuteMsg::AcceptOwner { service: SERVICE };
const WITHDRAW: ExecuteMsg = ExecuteMsg::WithdrawOwner { service: SERVICE };

fn offer(suite: &Suite, to: &str) -> ExecuteMsg {
    ExecuteMsg::ProposeOwner { service: SERVICE, owner: suite.account(to).to_string() }
}

/// Alice's service, offered to Bob.
fn offered() -> Suite {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    let offer = offer(&suite, "bob");
    suite.execute("alice", &offer).unwrap();
    suite
}

fn found(suite: &Suite) -> ServiceResponse {
    suite.query(&QueryMsg::Service { service: SERVICE })
}

fn services_of(suite: &Suite, name: &str) -> usize {
    let owner = suite.account(name).to_string();
    suite.query::<ServicesResponse>(&QueryMsg::ServicesByOwner { owner, start_after: None, limit: None }).services.len()
}

#[test]
fn a_service_changes_hands_when_the_other_accepts() {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    let [alice, bob] = ["alice", "bob"].map(|name| suite.account(name));
    let block = suite.app.block_info();
    let (time, height) = (block.time.seconds() + WEEK, block.height + WEEK_BLOCKS);
    let offer = offer(&suite, "bob");
    let response = suite.execute("alice", &offer).unwrap();
    let proposed = RegistryEvent::OwnerProposed { service: 1, owner: bob.to_string(), time, height };
    assert_eq!(events(&response), [(2, proposed)]);
    let until = At { time: time.into(), height: height.into() };
    assert_eq!(found(&suite).proposed_owner, Some(ProposedOwner { owner: bob.clone(), until }));
    assert_eq!(found(&suite).owner, alice, "nothing changes before");
    suite.publish("alice", 1, manifest(&["report"])).unwrap();

    let response = suite.execute("bob", &ACCEPT).unwrap();
    let changed = RegistryEvent::OwnerChanged { service: 1, from: alice.to_string(), to: bob.to_string() };
    assert_eq!(events(&response), [(4, changed)]);
    assert_eq!((found(&suite).owner, found(&suite).proposed_owner), (bob, None));
    assert_eq!((services_of(&suite, "alice"), services_of(&suite, "bob")), (0, 1));
    let error = refusal(suite.publish("alice", 1, manifest(&["other"])));
    assert!(matches!(error, ContractError::NotPermitted { .. }), "{error}");
    suite.publish("bob", 1, manifest(&["other"])).unwrap();
    let again = refusal(suite.execute("bob", &ACCEPT));
    assert!(matches!(again, ContractError::NotProposed { service: SERVICE }), "{again}");
}

#[test]
fn an_offer_stands_for_a_week_in_time_and_blocks() {
    for (seconds, blocks, ended) in
        [(WEEK - 1, WEEK_BLOCKS + 9, false), (WEEK * 9, WEEK_BLOCKS - 1, false), (WEEK, WEEK_BLOCKS, true)]
    {
        let mut suite = offered();
        suite.advance(seconds, blocks);
        let result = suite.execute("bob", &ACCEPT);
        if ended {
            let error = refusal(result);
            assert!(matches!(error, ContractError::ProposalEnded { service: SERVICE, .. }), "{error}");
            assert_eq!(found(&suite).owner, suite.account("alice"));
            suite.execute("alice", &WITHDRAW).unwrap();
        } else {
            result.unwrap();
        }
    }
}

#[test]
fn an_offer_is_taken_back_or_replaced() {
    let mut suite = offered();
    let response = suite.execute("alice", &WITHDRAW).unwrap();
    assert_eq!(events(&response), [(3, RegistryEvent::OwnerWithdrawn { service: 1 })]);
    for (who, msg) in [("bob", ACCEPT), ("alice", WITHDRAW)] {
        let error = refusal(suite.execute(who, &msg));
        assert!(matches!(error, ContractError::NotProposed { service: SERVICE }), "{error}");
    }
    let [to_bob, to_carol] = ["bob", "carol"].map(|name| offer(&suite, name));
    suite.execute("alice", &to_bob).unwrap();
    suite.execute("alice", &to_carol).unwrap();
    let error = refusal(suite.execute("bob", &ACCEPT));
    let needed = Permission::ProposedOwner(SERVICE);
    assert!(matches!(error, ContractError::NotPermitted { needed: n, .. } if n == needed), "{error}");
    suite.execute("carol", &ACCEPT).unwrap();
}

#[test]
fn nobody_else_offers_accepts_or_withdraws() {
    let mut suite = offered();
    let (to_mallory, to_alice) = (offer(&suite, "mallory"), offer(&suite, "alice"));
    for (who, msg) in [
        ("bob", &to_mallory),
        ("mallory", &to_mallory),
        ("admin", &to_mallory),
        ("bob", &WITHDRAW),
        ("mallory", &ACCEPT),
        ("alice", &ACCEPT),
    ] {
        let error = refusal(suite.execute(who, msg));
        assert!(matches!(error, ContractError::NotPermitted { .. }), "{who}: {error}");
    }
    let error = refusal(suite.execute("alice", &to_alice));
    assert!(matches!(error, ContractError::SameOwner { service: SERVICE, .. }), "{error}");
    for owner in ["", "x", "BOB"] {
        let error =
            refusal(suite.execute("alice", &ExecuteMsg::ProposeOwner { service: SERVICE, owner: owner.into() }));
        assert!(matches!(error, ContractError::Std(_)), "{error}");
    }
    let error = refusal(suite.execute("alice", &ExecuteMsg::AcceptOwner { service: ServiceId(9) }));
    assert!(matches!(error, ContractError::NotProposed { service: ServiceId(9) }), "{error}");
}

#[test]
fn a_retired_service_changes_hands_too() {
    let mut suite = offered();
    suite.execute("alice", &ExecuteMsg::SetStatus { service: SERVICE, status: Status::Retired }).unwrap();
    suite.execute("bob", &ACCEPT).unwrap();
    assert_eq!((found(&suite).owner, found(&suite).status), (suite.account("bob"), Status::Retired));
}
