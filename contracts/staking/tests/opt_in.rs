//! `OptIn`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use mesg_api::staking::ExecuteMsg;
use mesg_protocol::ids::{RunnerId, ServiceId, VersionId};
use mesg_staking::ContractError;
use suite::Suite;

fn opt_in(runner: RunnerId, version: VersionId) -> ExecuteMsg {
    ExecuteMsg::OptIn { runner, version }
}

#[test]
fn seats_count_from_the_next_epoch_on() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.register("alice");
    suite.bond("alice", runner, 1_249).unwrap();
    suite.exec("alice-op", &opt_in(runner, version)).unwrap();
    assert_eq!(suite.seats(runner), (0, 4), "⌊.4 · 1,249 / 100⌋");
    assert_eq!(suite.pool(version), [(0, 0), (1, 4)]);
    suite.next_epoch();
    assert_eq!(suite.seats(runner), (4, 4));
    assert_eq!(suite.header(version).seat_bond, 100);
    assert_eq!(suite.row(runner).versions, [(version, 0)]);
}

#[test]
fn two_versions_share_the_stake() {
    let mut suite = Suite::new();
    let (one, two, three) = (suite.publish(100), suite.publish(200), suite.publish(100));
    let runner = suite.runner("alice", 3_000, &[one, two]);
    let seats: Vec<_> = suite.get(runner).versions.iter().map(|served| (served.version, served.seats_next)).collect();
    assert_eq!(seats, [(one, 6), (two, 3)]);
    let refused = suite.refused("alice", &opt_in(runner, three));
    assert!(matches!(refused, ContractError::TooManyVersions { max: 2 }));
}

#[test]
fn every_version_served_gives_at_least_two_seats() {
    let mut suite = Suite::new();
    let (one, two) = (suite.publish(100), suite.publish(20));
    let runner = suite.register("alice");
    suite.bond("alice", runner, 499).unwrap();
    let refused = suite.refused("alice", &opt_in(runner, one));
    assert!(matches!(refused, ContractError::TooFewSeats { version, got: 1, min: 2 } if version == one));
    suite.bond("alice", runner, 1).unwrap();
    suite.exec("alice", &opt_in(runner, one)).unwrap();
    let refused = suite.refused("alice", &opt_in(runner, two));
    assert!(
        matches!(refused, ContractError::TooFewSeats { version, got: 1, min: 2 } if version == one),
        "the first would give one only"
    );
}

#[test]
fn the_version_belongs_to_the_runners_service() {
    let mut suite = Suite::new();
    let other = suite.publish_service("other");
    let version = suite.publish_for(other, 100);
    let runner = suite.runner("alice", 1_000, &[]);
    let refused = suite.refused("alice", &opt_in(runner, version));
    assert!(matches!(refused, ContractError::WrongService { expected: ServiceId(1), got: ServiceId(2) }));
    let refused = suite.refused("alice", &opt_in(runner, VersionId(99)));
    assert!(matches!(refused, ContractError::UnknownVersion { version: VersionId(99) }));
}

#[test]
fn a_version_is_served_once() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[version]);
    let refused = suite.refused("alice", &opt_in(runner, version));
    assert!(matches!(refused, ContractError::AlreadyServed { .. }));
}

#[test]
fn a_full_pool_is_refused() {
    let mut suite = Suite::new();
    let version = suite.publish(20);
    let runner = suite.runner("alice", 1_000, &[]);
    // As if 65,536 runners had come before.
    let full = mesg_api::staking::PoolHeader { seat_bond: 20, slots: 65_536, ..Default::default() };
    let staking = suite.staking.clone();
    mesg_api::staking::POOLS.save(&mut *suite.app.contract_storage_mut(&staking), version, &full);
    assert!(matches!(suite.refused("alice", &opt_in(runner, version)), ContractError::PoolFull { .. }));
}

#[test]
fn a_yanked_version_takes_no_new_runners() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let (served, other) = (suite.runner("alice", 1_000, &[version]), suite.runner("bob", 1_000, &[]));
    suite.yank(version, true);
    let refused = suite.refused("bob", &opt_in(other, version));
    assert!(matches!(refused, ContractError::VersionYanked { version: yanked } if yanked == version));
    assert_eq!(suite.row(served).versions, [(version, 0)], "who serves it already goes on");
    suite.yank(version, false);
    suite.exec("bob", &opt_in(other, version)).unwrap();
}
