//! `OptOut`, and slots that are reused.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use mesg_api::staking::ExecuteMsg;
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_staking::ContractError;
use suite::Suite;

fn opt_in(runner: RunnerId, version: VersionId) -> ExecuteMsg {
    ExecuteMsg::OptIn { runner, version }
}

fn opt_out(runner: RunnerId, version: VersionId) -> ExecuteMsg {
    ExecuteMsg::OptOut { runner, version }
}

#[test]
fn seats_last_until_the_epoch_ends() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[version]);
    suite.next_epoch();
    suite.exec("alice-op", &opt_out(runner, version)).unwrap();
    assert_eq!(suite.pool(version), [(1, 4), (0, 0)]);
    assert_eq!(suite.get(runner).versions, []);
    let bound = suite.epoch();
    assert_eq!(suite.draw(version, bound, "seed", 1)[0].runner, runner, "requests of this epoch still reach it");
    suite.next_epoch();
    assert_eq!(suite.draw(version, bound, "seed", 1)[0].runner, runner);
    assert_eq!(suite.draw(version, bound + 1, "seed", 1), []);
}

#[test]
fn the_other_version_gets_the_shared_seats() {
    let mut suite = Suite::new();
    let (one, two) = (suite.publish(100), suite.publish(100));
    let runner = suite.runner("alice", 1_000, &[one, two]);
    suite.exec("alice", &opt_out(runner, one)).unwrap();
    assert_eq!(suite.pool(one)[1], (0, 0));
    assert_eq!(suite.pool(two)[1], (1, 4));
}

#[test]
fn only_a_served_version_is_left() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[]);
    assert!(matches!(suite.refused("alice", &opt_out(runner, version)), ContractError::NotServed { .. }));
}

#[test]
fn a_slot_is_reused_when_no_draw_can_reach_it_any_more() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let old = suite.runner("alice", 1_000, &[version]);
    suite.next_epoch();
    suite.exec("alice", &opt_out(old, version)).unwrap();
    let new = suite.runner("bob", 1_000, &[version]);
    assert_eq!(suite.row(new).versions, [(version, 1)], "same epoch: a new slot");
    suite.next_epoch();
    suite.exec("alice", &opt_in(old, version)).unwrap();
    assert_eq!(suite.row(old).versions, [(version, 2)], "one epoch later: still drawn from");
    suite.next_epoch();
    let late = suite.runner("carol", 1_000, &[version]);
    assert_eq!(suite.row(late).versions, [(version, 0)], "two epochs later: reused");
    let header = suite.header(version);
    assert_eq!((header.slots, header.freed, header.reused), (3, 1, 1));
    suite.next_epoch();
    assert_eq!(suite.draw(version, suite.epoch(), "seed", 9).len(), 3);
}

#[test]
fn coming_and_going_within_an_epoch_takes_no_slot() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[]);
    for _ in 0..5 {
        suite.exec("alice", &opt_in(runner, version)).unwrap();
        suite.exec("alice", &opt_out(runner, version)).unwrap();
    }
    assert_eq!(suite.header(version).slots, 1);
}
