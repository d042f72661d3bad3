//! `Unbond`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use cosmwasm_std::Uint128;
use mesg_api::staking::{ExecuteMsg, Permission};
use mesg_protocol::ids::RunnerId;
use mesg_protocol::stake::StakeError;
use mesg_staking::ContractError;
use suite::{BLOCK, Suite, UNBONDING};

fn unbond(runner: RunnerId, amount: u128) -> ExecuteMsg {
    ExecuteMsg::Unbond { runner, amount: Uint128::new(amount) }
}

#[test]
fn stake_starts_its_way_out() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 2_000, &[version]);
    suite.next_epoch();
    suite.exec("alice", &unbond(runner, 1_000)).unwrap();
    let found = suite.get(runner);
    assert_eq!((found.tokens.u128(), found.active.u128()), (2_000, 1_000));
    let [entry] = &found.unbonding[..] else { panic!("one entry") };
    let block = suite.app.block_info();
    assert_eq!((entry.shares.u128(), entry.value.u128()), (1_000, 1_000));
    assert_eq!(entry.release_time.u64(), block.time.seconds() + u64::from(UNBONDING));
    assert_eq!(entry.release_height.u64(), block.height + u64::from(UNBONDING / BLOCK));
    assert_eq!(suite.seats(runner), (8, 4), "fewer seats from the next epoch on");
}

#[test]
fn only_the_owner_unbonds() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    for sender in ["alice-op", "bob", "market", "deployer"] {
        let refused = suite.refused(sender, &unbond(runner, 1));
        assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Owner }), "{sender}");
    }
}

#[test]
fn no_more_than_the_active_stake() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    let refused = suite.refused("alice", &unbond(runner, 1_001));
    assert!(matches!(refused, ContractError::Stake(StakeError::Short { amount: 1_001, available: 1_000 })));
    let refused = suite.refused("alice", &unbond(runner, 0));
    assert!(matches!(refused, ContractError::Stake(StakeError::Worthless { amount: 0 })));
}

#[test]
fn seven_entries_at_most() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    for _ in 0..7 {
        suite.exec("alice", &unbond(runner, 1)).unwrap();
    }
    assert!(matches!(suite.refused("alice", &unbond(runner, 1)), ContractError::TooManyEntries { max: 7 }));
}

#[test]
fn a_version_without_seats_is_left() {
    let mut suite = Suite::new();
    let (dear, cheap) = (suite.publish(100), suite.publish(20));
    let runner = suite.runner("alice", 1_000, &[dear, cheap]);
    suite.exec("alice", &unbond(runner, 600)).unwrap();
    assert_eq!(suite.row(runner).versions, [(cheap, 0)], "⌊.4 · 400 / (2 · 100)⌋ = 0");
    assert_eq!(suite.pool(cheap)[1], (1, 8), "⌊.4 · 400 / 20⌋: nothing is shared any more");
    assert_eq!(suite.pool(dear)[1], (0, 0));
    suite.exec("alice", &unbond(runner, 400)).unwrap();
    assert_eq!(suite.row(runner).versions, []);
}
