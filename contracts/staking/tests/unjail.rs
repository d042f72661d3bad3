//! `Unjail`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use mesg_api::staking::{ExecuteMsg, Permission};
use mesg_protocol::ids::RunnerId;
use mesg_staking::ContractError;
use suite::{EPOCH, Suite};

#[test]
fn the_seats_come_back_with_the_next_epoch() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[version]);
    suite.next_epoch();
    suite.jail(runner, 600);
    suite.exec("mallory", &ExecuteMsg::Sync { runner }).unwrap();
    suite.next_epoch();
    assert_eq!(suite.seats(runner), (0, 0));
    suite.exec("alice-op", &ExecuteMsg::Unjail { runner }).unwrap();
    assert_eq!((suite.seats(runner), suite.row(runner).exclusion), ((0, 4), None));
    suite.next_epoch();
    assert_eq!(suite.draw(version, suite.epoch(), "seed", 6).len(), 1);
}

#[test]
fn before_a_sync_they_never_left() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[version]);
    suite.next_epoch();
    suite.jail(runner, 1);
    assert_eq!(suite.draw(version, suite.epoch(), "seed", 6), []);
    suite.advance(1, 1);
    suite.exec("alice", &ExecuteMsg::Unjail { runner }).unwrap();
    assert_eq!(suite.draw(version, suite.epoch(), "seed", 6).len(), 1);
    assert_eq!(suite.seats(runner), (4, 4));
}

#[test]
fn not_a_second_before_the_end() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    assert!(matches!(suite.refused("alice", &ExecuteMsg::Unjail { runner }), ContractError::NotJailed));
    let end = suite.jail(runner, 600);
    suite.advance(599, 10_000);
    let refused = suite.refused("alice", &ExecuteMsg::Unjail { runner });
    assert!(matches!(refused, ContractError::Jailed { until } if until == end));
    suite.advance(1, 0);
    suite.exec("alice", &ExecuteMsg::Unjail { runner }).unwrap();
    assert!(matches!(suite.refused("alice", &ExecuteMsg::Unjail { runner }), ContractError::NotJailed));
}

#[test]
fn only_owner_and_operator_ask() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    suite.jail(runner, 0);
    for sender in ["mallory", "bob-op", "market", "deployer"] {
        let refused = suite.refused(sender, &ExecuteMsg::Unjail { runner });
        assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::OwnerOrOperator }), "{sender}");
    }
    let unknown = suite.refused("alice", &ExecuteMsg::Unjail { runner: RunnerId(9) });
    assert!(matches!(unknown, ContractError::UnknownRunner { runner: RunnerId(9) }));
}

#[test]
fn a_runner_in_jail_opts_into_nothing_and_may_opt_out() {
    let mut suite = Suite::new();
    let versions = [suite.publish(100), suite.publish(100)];
    let runner = suite.runner("alice", 1_000, &versions[..1]);
    let end = suite.jail(runner, u64::from(EPOCH));
    let refused = suite.refused("alice", &ExecuteMsg::OptIn { runner, version: versions[1] });
    assert!(matches!(refused, ContractError::Jailed { until } if until == end));
    suite.exec("alice", &ExecuteMsg::OptOut { runner, version: versions[0] }).unwrap();
    suite.next_epoch();
    suite.exec("alice", &ExecuteMsg::Unjail { runner }).unwrap();
    suite.exec("alice", &ExecuteMsg::OptIn { runner, version: versions[1] }).unwrap();
    assert_eq!(suite.seats(runner), (0, 4));
}

#[test]
fn who_was_slashed_in_jail_comes_back_with_fewer_seats_or_none() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let (some, none) = (suite.runner("alice", 1_000, &[version]), suite.runner("alice", 1_000, &[version]));
    for runner in [some, none] {
        suite.jail(runner, 0);
    }
    suite.slash(&[(some, 500), (none, 800)]).unwrap();
    for runner in [some, none] {
        suite.exec("alice", &ExecuteMsg::Unjail { runner }).unwrap();
    }
    assert_eq!((suite.seats(some), suite.seats(none)), ((0, 2), (0, 0)));
    assert_eq!(suite.row(none).versions, []);
}

/// Without stake it does not even serve the rest of the epoch in which it is let out, in which its leaf still counts.
#[test]
fn attack_31_who_comes_out_of_jail_without_stake_is_not_drawn() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 10_000, &[version]);
    suite.next_epoch();
    suite.slash(&[(runner, 10_000)]).unwrap();
    suite.jail(runner, 0);
    suite.exec("alice", &ExecuteMsg::Unjail { runner }).unwrap();
    assert_eq!((suite.pool(version), suite.row(runner).exclusion), ([(1, 40), (0, 0)], None));
    assert_eq!(suite.draw(version, suite.epoch(), "any", 10), []);
}
