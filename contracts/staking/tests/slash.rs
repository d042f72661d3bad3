//! `Slash`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use cosmwasm_std::Uint128;
use mesg_api::staking::{ExecuteMsg, Permission};
use mesg_protocol::ids::RunnerId;
use mesg_protocol::stake::StakeError;
use mesg_staking::ContractError;
use suite::{BLOCK, RICH, Suite, UNBONDING, slash_msg};

#[test]
fn the_market_gets_the_sum_in_one_transfer() {
    let mut suite = Suite::new();
    let (one, two) = (suite.runner("alice", 1_000, &[]), suite.runner("bob", 500, &[]));
    let response = suite.slash(&[(one, 10), (two, 500), (one, 990)]).unwrap();
    assert_eq!(suite.balance(&suite.market), 1_500);
    assert_eq!([one, two].map(|runner| suite.get(runner).tokens.u128()), [0, 0]);
    let transfers = response.events.iter().flat_map(|event| &event.attributes);
    assert_eq!(transfers.filter(|attribute| attribute.key == "action" && attribute.value == "transfer").count(), 1);
}

#[test]
fn any_mismatch_is_an_error_and_takes_nothing() {
    let mut suite = Suite::new();
    let (one, two) = (suite.runner("alice", 1_000, &[]), suite.runner("bob", 500, &[]));
    let slash = |items: &[(RunnerId, u128)]| slash_msg(items);
    let more = suite.refused("market", &slash(&[(two, 1), (one, 600), (one, 401)]));
    let reason = StakeError::Short { amount: 401, available: 400 };
    assert!(matches!(more, ContractError::Slash { runner, reason: why } if runner == one && why == reason));
    let zero = suite.refused("market", &slash(&[(two, 1), (one, 0)]));
    assert!(matches!(zero, ContractError::Slash { reason: StakeError::Worthless { amount: 0 }, .. }));
    let unknown = suite.refused("market", &slash(&[(two, 1), (RunnerId(9), 1)]));
    assert!(matches!(unknown, ContractError::UnknownRunner { runner: RunnerId(9) }));
    let none = suite.refused("market", &slash(&[]));
    assert!(matches!(none, ContractError::OutOfBounds { field: "items", got: 0, min: 1, max: 50 }));
    let many = suite.refused("market", &slash(&[(two, 1); 51]));
    assert!(matches!(many, ContractError::OutOfBounds { field: "items", got: 51, .. }));
    assert_eq!([one, two].map(|runner| suite.get(runner).tokens.u128()), [1_000, 500]);
    suite.slash(&[(two, 1); 50]).unwrap();
    assert_eq!(suite.get(two).tokens.u128(), 450);
}

#[test]
fn attack_71_nobody_but_the_market_slashes_and_it_is_set_once() {
    let mut suite = Suite::without_market();
    let runner = suite.register("alice");
    for sender in ["deployer", "market", "developer", "alice"] {
        let refused = suite.refused(sender, &slash_msg(&[(runner, 1)]));
        assert!(
            matches!(refused, ContractError::Unauthorized { needed: Permission::Market }),
            "{sender}, no market yet"
        );
    }
    let set = |name: &str, suite: &Suite| ExecuteMsg::SetMarket { market: suite.account(name).to_string() };
    let refused = suite.refused("mallory", &set("mallory", &suite));
    assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Instantiator }));
    suite.exec("deployer", &set("market", &suite)).unwrap();
    let refused = suite.refused("deployer", &set("mallory", &suite));
    assert!(matches!(refused, ContractError::MarketIsSet { market } if market == suite.market.as_str()));
    suite.bond("alice", runner, 1_000).unwrap();
    for sender in ["deployer", "mallory", "developer", "alice", "alice-op"] {
        let refused = suite.refused(sender, &slash_msg(&[(runner, 1)]));
        assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Market }), "{sender}");
    }
    suite.slash(&[(runner, 1)]).unwrap();
}

#[test]
fn attack_30_unbonding_stake_is_slashed_until_its_release() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    suite.exec("alice", &ExecuteMsg::Unbond { runner, amount: Uint128::new(1_000) }).unwrap();
    suite.advance(u64::from(UNBONDING), u64::from(UNBONDING / BLOCK));
    suite.slash(&[(runner, 400)]).unwrap();
    suite.exec("alice", &ExecuteMsg::Withdraw { runner, to: None }).unwrap();
    assert_eq!(suite.balance(&suite.account("alice")), RICH - 400);
    assert_eq!(suite.balance(&suite.market), 400);
}

#[test]
fn attack_32_a_new_runner_does_not_save_the_old_ones_stake() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let old = suite.runner("alice", 1_000, &[version]);
    suite.exec("alice", &ExecuteMsg::Unbond { runner: old, amount: Uint128::new(1_000) }).unwrap();
    let new = suite.runner("alice", 1_000, &[version]);
    suite.slash(&[(old, 1_000)]).unwrap();
    assert_eq!((suite.get(old).tokens.u128(), suite.get(new).tokens.u128()), (0, 1_000));
    assert_eq!(suite.get(old).unbonding[0].value.u128(), 0);
}
