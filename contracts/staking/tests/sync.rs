//! `Sync`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use mesg_api::staking::ExecuteMsg;
use mesg_protocol::ids::RunnerId;
use mesg_staking::ContractError;
use suite::Suite;

#[test]
fn seats_follow_a_slash_when_anyone_asks() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[version]);
    suite.next_epoch();
    suite.slash(&[(runner, 400)]).unwrap();
    assert_eq!(suite.pool(version), [(1, 4), (1, 4)], "a slash changes the record only");
    suite.exec("mallory", &ExecuteMsg::Sync { runner }).unwrap();
    assert_eq!(suite.pool(version), [(1, 4), (1, 2)]);
    let quiet = suite.exec("mallory", &ExecuteMsg::Sync { runner }).unwrap();
    assert!(quiet.events.iter().all(|event| !event.ty.starts_with("wasm-")), "nothing changes twice");
}

#[test]
fn the_runners_next_change_does_so_too() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[version]);
    suite.slash(&[(runner, 500)]).unwrap();
    suite.bond("alice", runner, 250).unwrap();
    assert_eq!(suite.pool(version)[1], (1, 3), "⌊.4 · 750 / 100⌋");
}

#[test]
fn a_runner_without_seats_leaves_the_pool() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[version]);
    suite.next_epoch();
    suite.slash(&[(runner, 1_000)]).unwrap();
    suite.exec("mallory", &ExecuteMsg::Sync { runner }).unwrap();
    assert_eq!(suite.pool(version), [(1, 4), (0, 0)]);
    assert_eq!(suite.row(runner).versions, []);
    assert_eq!(suite.header(version).freed, 1);
}

#[test]
fn the_runner_must_exist() {
    let mut suite = Suite::new();
    let refused = suite.refused("mallory", &ExecuteMsg::Sync { runner: RunnerId(1) });
    assert!(matches!(refused, ContractError::UnknownRunner { runner: RunnerId(1) }));
}
