//! `UpdateRunner`.
#![allow(clippy::unwrap_used)]

mod suite;

use mesg_api::staking::{ExecuteMsg, Permission, QueryMsg, RunnersResponse};
use mesg_protocol::ids::RunnerId;
use mesg_staking::ContractError;
use suite::Suite;

fn update(runner: RunnerId, operator: Option<String>, endpoint: Option<&str>) -> ExecuteMsg {
    ExecuteMsg::UpdateRunner { runner, operator, endpoint: endpoint.map(str::to_owned) }
}

#[test]
fn the_owner_changes_both() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    let new = suite.account("new-op");
    suite.exec("alice", &update(runner, Some(new.to_string()), Some("http://new"))).unwrap();
    let found = suite.get(runner);
    assert_eq!((found.operator, found.endpoint.as_str()), (new.clone(), "http://new"));

    let of = |operator: String| -> usize {
        let msg = QueryMsg::RunnersByOperator { operator, start_after: None, limit: None };
        suite.query::<RunnersResponse>(&msg).runners.len()
    };
    assert_eq!((of(new.to_string()), of(suite.account("alice-op").to_string())), (1, 0));
}

#[test]
fn the_operator_changes_the_endpoint_only() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    suite.exec("alice-op", &update(runner, None, Some("http://new"))).unwrap();
    assert_eq!(suite.get(runner).endpoint, "http://new");
    let thief = suite.account("mallory").to_string();
    let refused = suite.refused("alice-op", &update(runner, Some(thief), None));
    assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Owner }));
}

#[test]
fn a_replaced_operator_has_no_right_left() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    let new = suite.account("new-op").to_string();
    suite.exec("alice", &update(runner, Some(new), None)).unwrap();
    let refused = suite.refused("alice-op", &update(runner, None, Some("http://x")));
    assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::OwnerOrOperator }));
    suite.exec("new-op", &update(runner, None, Some("http://x"))).unwrap();
}

#[test]
fn something_must_change_and_be_sound() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    assert!(matches!(suite.refused("alice", &update(runner, None, None)), ContractError::NothingToUpdate));
    let refused = suite.refused("alice", &update(runner, None, Some("a b")));
    assert!(matches!(refused, ContractError::Endpoint { got: 3, max: 256 }));
    let refused = suite.refused("alice", &update(RunnerId(7), None, Some("ab")));
    assert!(matches!(refused, ContractError::UnknownRunner { runner: RunnerId(7) }));
}
