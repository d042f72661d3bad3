//! `Withdraw`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use cosmwasm_std::Uint128;
use mesg_api::staking::{ExecuteMsg, Permission};
use mesg_protocol::ids::RunnerId;
use mesg_staking::ContractError;
use suite::{BLOCK, RICH, Suite, UNBONDING};

const BLOCKS: u64 = (UNBONDING / BLOCK) as u64;

fn unbond(runner: RunnerId, amount: u128) -> ExecuteMsg {
    ExecuteMsg::Unbond { runner, amount: Uint128::new(amount) }
}

fn withdraw(runner: RunnerId) -> ExecuteMsg {
    ExecuteMsg::Withdraw { runner, to: None }
}

#[test]
fn released_stake_leaves_and_the_rest_stays() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    suite.exec("alice", &unbond(runner, 300)).unwrap();
    suite.advance(100, 10);
    suite.exec("alice", &unbond(runner, 200)).unwrap();
    suite.advance(u64::from(UNBONDING) - 100, BLOCKS - 10);
    suite.exec("alice", &withdraw(runner)).unwrap();
    assert_eq!(suite.balance(&suite.account("alice")), RICH - 700);
    assert_eq!(suite.get(runner).unbonding.len(), 1);
    suite.advance(100, 10);
    suite.exec("alice", &ExecuteMsg::Withdraw { runner, to: Some(suite.account("cold").to_string()) }).unwrap();
    assert_eq!(suite.balance(&suite.account("cold")), 200);
    let found = suite.get(runner);
    assert_eq!((found.tokens.u128(), found.active.u128(), found.unbonding.len()), (500, 500, 0));
    assert_eq!(suite.balance(&suite.staking), 500);
}

#[test]
fn release_needs_time_and_blocks() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    assert!(matches!(suite.refused("alice", &withdraw(runner)), ContractError::NothingReleased { time: 0, height: 0 }));
    suite.exec("alice", &unbond(runner, 1_000)).unwrap();
    suite.advance(u64::from(UNBONDING) - 1, BLOCKS);
    assert!(
        matches!(suite.refused("alice", &withdraw(runner)), ContractError::NothingReleased { .. }),
        "a second early"
    );
    suite.advance(1, 0);
    suite.exec("alice", &withdraw(runner)).unwrap();

    let other = suite.runner("bob", 1_000, &[]);
    suite.exec("bob", &unbond(other, 1_000)).unwrap();
    suite.advance(10 * u64::from(UNBONDING), BLOCKS - 1);
    assert!(matches!(suite.refused("bob", &withdraw(other)), ContractError::NothingReleased { .. }), "a block early");
    suite.advance(0, 1);
    suite.exec("bob", &withdraw(other)).unwrap();
}

#[test]
fn only_the_owner_withdraws_to_a_sound_address() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    suite.exec("alice", &unbond(runner, 1_000)).unwrap();
    suite.advance(u64::from(UNBONDING), BLOCKS);
    for sender in ["alice-op", "bob", "market", "deployer"] {
        let refused = suite.refused(sender, &withdraw(runner));
        assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Owner }), "{sender}");
    }
    let to = Some(suite.account("alice").to_string().to_uppercase());
    assert!(matches!(suite.refused("alice", &ExecuteMsg::Withdraw { runner, to }), ContractError::Std(_)));
}

#[test]
fn attack_36_a_second_withdraw_finds_nothing() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    suite.exec("alice", &unbond(runner, 1_000)).unwrap();
    suite.advance(u64::from(UNBONDING), BLOCKS);
    suite.exec("alice", &withdraw(runner)).unwrap();
    assert!(matches!(suite.refused("alice", &withdraw(runner)), ContractError::NothingReleased { .. }));
    assert_eq!(suite.balance(&suite.account("alice")), RICH);
}

#[test]
fn a_dead_runner_leaves_with_nothing() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    suite.exec("alice", &unbond(runner, 400)).unwrap();
    suite.slash(&[(runner, 1_000)]).unwrap();
    suite.advance(u64::from(UNBONDING), BLOCKS);
    suite.exec("alice", &withdraw(runner)).unwrap();
    assert_eq!(suite.balance(&suite.account("alice")), RICH - 1_000);
    assert!(suite.get(runner).unbonding.is_empty());
}

/// It would be in the contract and nobody's.
#[test]
fn stake_is_not_paid_to_the_staking_contract_itself() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    suite.exec("alice", &unbond(runner, 1_000)).unwrap();
    suite.advance(u64::from(UNBONDING), BLOCKS);
    let to = Some(suite.staking.to_string());
    assert!(matches!(suite.refused("alice", &ExecuteMsg::Withdraw { runner, to }), ContractError::ToStaking));
    suite.exec("alice", &withdraw(runner)).unwrap();
    assert_eq!((suite.balance(&suite.account("alice")), suite.balance(&suite.staking)), (RICH, 0));
}
