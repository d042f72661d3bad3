//! `Receive`: bonds.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use cosmwasm_std::{Uint128, to_json_binary};
use cw20::Cw20ReceiveMsg;
use mesg_api::staking::{ExecuteMsg, Permission, ReceiveMsg};
use mesg_protocol::ids::RunnerId;
use mesg_protocol::stake::StakeError;
use mesg_staking::ContractError;
use suite::{MIN_STAKE, Suite};

#[test]
fn a_bond_is_the_runners_stake() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    suite.bond("alice", runner, 500).unwrap();
    suite.bond("alice", runner, 50).unwrap();
    let found = suite.get(runner);
    assert_eq!([found.tokens, found.active, found.active_shares], [Uint128::new(550); 3]);
    assert_eq!(suite.balance(&suite.staking), 550);
}

#[test]
fn only_the_owner_bonds() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    let refused = suite.bond_refused("bob", runner, 500);
    assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Owner }));
    let refused = suite.bond_refused("alice", RunnerId(9), 500);
    assert!(matches!(refused, ContractError::UnknownRunner { runner: RunnerId(9) }));
}

#[test]
fn no_stake_is_taken_that_nobody_could_slash() {
    let mut suite = Suite::without_market();
    let runner = suite.register("alice");
    assert!(matches!(suite.bond_refused("alice", runner, 500), ContractError::MarketNotSet));
}

#[test]
fn the_resulting_stake_reaches_the_least() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    let refused = suite.bond_refused("alice", runner, MIN_STAKE - 1);
    assert!(matches!(refused, ContractError::BelowMinStake { got, min } if got.u128() == 99 && min.u128() == 100));
    suite.bond("alice", runner, MIN_STAKE).unwrap();
    suite.bond("alice", runner, 1).unwrap();
}

#[test]
fn more_stake_is_more_seats_from_the_next_epoch_on() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[version]);
    suite.next_epoch();
    suite.bond("alice", runner, 1_000).unwrap();
    assert_eq!(suite.seats(runner), (4, 8));
    assert_eq!(suite.pool(version), [(1, 4), (1, 8)]);
}

#[test]
fn attack_33_a_dead_runner_takes_no_stake_and_donations_count_for_nobody() {
    let mut suite = Suite::new();
    let dead = suite.runner("alice", 1_000, &[]);
    suite.slash(&[(dead, 1_000)]).unwrap();
    let refused = suite.bond_refused("alice", dead, 1_000);
    assert!(matches!(refused, ContractError::Stake(StakeError::Dead { shares: 1_000 })));
    assert!(suite.get(dead).dead);

    let runner = suite.runner("bob", 100, &[]);
    let donation =
        cw20::Cw20ExecuteMsg::Transfer { recipient: suite.staking.to_string(), amount: Uint128::new(77_777) };
    let (mallory, token) = (suite.account("mallory"), suite.token.clone());
    cw_multi_test::Executor::execute_contract(&mut suite.app, mallory, token, &donation, &[]).unwrap();
    suite.bond("bob", runner, 100).unwrap();
    assert_eq!(suite.get(runner).active_shares.u128(), 200, "shares stay 1:1");
    assert_eq!(suite.balance(&suite.staking), 77_777 + 200);
}

#[test]
fn attack_35_only_the_token_calls_the_hook() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    let hook = |sender: String| {
        let msg = to_json_binary(&ReceiveMsg::Bond { runner }).unwrap();
        ExecuteMsg::Receive(Cw20ReceiveMsg { sender, amount: Uint128::new(500), msg })
    };
    let alice = suite.account("alice").to_string();
    for sender in ["alice", "mallory", "market"] {
        let refused = suite.refused(sender, &hook(alice.clone()));
        assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Token }));
    }
    assert_eq!(suite.get(runner).tokens, Uint128::zero());
}

#[test]
fn what_the_hook_carries_is_read_strictly() {
    let mut suite = Suite::new();
    suite.register("alice");
    let staking = suite.staking.clone();
    for carried in [r#"{"bond":{"runner":1,"more":2}}"#, r#"{"donate":{}}"#, "{}"] {
        let msg: serde_json::Value = serde_json::from_str(carried).unwrap();
        let refused = suite.send_to(&staking, "alice", 500, &msg).unwrap_err().downcast().unwrap();
        assert!(matches!(refused, ContractError::Std(_)), "{carried}");
    }
}
