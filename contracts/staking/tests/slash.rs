//! `Slash`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use cosmwasm_std::{Addr, Uint128};
use cw_multi_test::AppResponse;
use mesg_api::named_market::MarketError;
use mesg_api::staking::{ExecuteMsg, Permission, SlashItem};
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_protocol::score::Exclusion;
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

/// What is named stays the only slasher for ever, so it must be one: with any other address stake came in that nobody
/// could slash.
#[test]
fn attack_71_only_a_market_of_these_stakes_is_named() {
    let mut suite = Suite::without_market();
    let set = |market: &Addr| ExecuteMsg::SetMarket { market: market.to_string() };
    let refused = suite.refused("deployer", &set(&suite.token.clone()));
    assert!(matches!(refused, ContractError::Market(MarketError::NoMarket { got }) if got == "mesg-token"));
    let refused = suite.refused("deployer", &set(&suite.account("alice")));
    assert!(matches!(refused, ContractError::Market(MarketError::Std(_))), "an account");
    let other = suite.token.clone();
    let theirs = suite.market_of(&other);
    let refused = suite.refused("deployer", &set(&theirs));
    let expected = MarketError::OfAnother { peer: "staking", got: other.into_string() };
    assert_eq!(refused.to_string(), expected.to_string());
    suite.exec("deployer", &set(&suite.market.clone())).unwrap();
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
    let early = suite.refused("alice", &ExecuteMsg::Withdraw { runner, to: None });
    assert!(matches!(early, ContractError::NothingReleased { .. }), "{early:?}");
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

/// Names of the contract's events of a response.
fn told(response: &AppResponse) -> Vec<&str> {
    response.events.iter().filter_map(|event| event.ty.strip_prefix("wasm-staking_")).collect()
}

#[test]
fn a_jail_comes_with_a_slash_or_alone() {
    let mut suite = Suite::new();
    let (one, two) = (suite.runner("alice", 1_000, &[]), suite.runner("bob", 1_000, &[]));
    let jail = |until| Some(Exclusion::Jail { until });
    let items = vec![SlashItem::new(one, 10, jail(7)), SlashItem::new(two, 0, jail(9)), SlashItem::new(one, 20, None)];
    let response = suite.exec("market", &ExecuteMsg::Slash { items }).unwrap();
    assert_eq!(told(&response), ["slashed", "jailed", "jailed", "slashed"]);
    assert_eq!(suite.balance(&suite.market), 30);
    assert_eq!([one, two].map(|runner| suite.get(runner).jailed_until.unwrap().u64()), [7, 9]);
    assert_eq!([one, two].map(|runner| suite.row(runner).exclusion), [jail(7), jail(9)], "readable raw");
}

#[test]
fn of_several_exclusions_the_longest_holds() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    let jail = |until| Exclusion::Jail { until };
    for (excluded, holds, events) in [
        (jail(9), jail(9), vec!["jailed"]),
        (jail(7), jail(9), vec![]),
        (jail(11), jail(11), vec!["jailed"]),
        (Exclusion::Tombstone, Exclusion::Tombstone, vec!["tombstoned"]),
        (jail(u64::MAX), Exclusion::Tombstone, vec![]),
        (Exclusion::Tombstone, Exclusion::Tombstone, vec![]),
    ] {
        let items = vec![SlashItem::new(runner, 0, Some(excluded))];
        let response = suite.exec("market", &ExecuteMsg::Slash { items }).unwrap();
        assert_eq!(told(&response), events);
        assert_eq!(suite.row(runner).exclusion, Some(holds));
    }
    let found = suite.get(runner);
    assert_eq!((found.jailed_until, found.tombstoned), (None, true));
}

#[test]
fn an_exclusion_takes_the_seats_with_the_next_sync() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let (jailed, dead) = (suite.runner("alice", 1_000, &[version]), suite.runner("bob", 500, &[version]));
    suite.next_epoch();
    suite.jail(jailed, 600);
    suite.exclude(dead, Exclusion::Tombstone);
    assert_eq!(suite.pool(version), [(2, 6), (2, 6)], "records only");
    for runner in [jailed, dead] {
        suite.exec("mallory", &ExecuteMsg::Sync { runner }).unwrap();
    }
    assert_eq!(suite.pool(version), [(2, 6), (0, 0)]);
    assert_eq!(suite.row(jailed).versions.len(), 1, "in jail a runner keeps its slot");
    assert_eq!(suite.row(dead).versions, [], "a tombstone takes it");
    suite.bond("alice", jailed, 500).unwrap();
    assert_eq!(suite.seats(jailed), (4, 0), "more stake gives no seat in jail");
    let quiet = suite.exec("mallory", &ExecuteMsg::Sync { runner: jailed }).unwrap();
    assert_eq!(told(&quiet), [""; 0]);
}

#[test]
fn a_tombstoned_runner_can_only_leave() {
    let mut suite = Suite::new();
    let versions = [suite.publish(100), suite.publish(100)];
    let runner = suite.runner("alice", 1_000, &versions[..1]);
    suite.exclude(runner, Exclusion::Tombstone);
    assert!(matches!(suite.bond_refused("alice", runner, 1_000), ContractError::Tombstoned));
    let opt_in = ExecuteMsg::OptIn { runner, version: versions[1] };
    assert!(matches!(suite.refused("alice-op", &opt_in), ContractError::Tombstoned));
    assert!(matches!(suite.refused("alice", &ExecuteMsg::Unjail { runner }), ContractError::Tombstoned));
    suite.slash(&[(runner, 100)]).unwrap();
    suite.exec("alice", &ExecuteMsg::Unbond { runner, amount: Uint128::new(900) }).unwrap();
    assert_eq!(suite.row(runner).versions, [], "its own change takes the slots too");
    suite.advance(u64::from(UNBONDING), u64::from(UNBONDING / BLOCK));
    suite.exec("alice", &ExecuteMsg::Withdraw { runner, to: None }).unwrap();
    assert_eq!(suite.balance(&suite.account("alice")), RICH - 100);
}

#[test]
fn attack_71_nobody_but_the_market_jails() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    for exclusion in [Exclusion::Jail { until: 1 }, Exclusion::Tombstone] {
        let msg = ExecuteMsg::Slash { items: vec![SlashItem::new(runner, 0, Some(exclusion))] };
        for sender in ["deployer", "mallory", "developer", "alice", "alice-op"] {
            let refused = suite.refused(sender, &msg);
            assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Market }), "{sender}");
        }
    }
    assert_eq!(suite.row(runner).exclusion, None);
}

#[test]
fn attack_32_a_tombstone_stays_with_the_runner_and_its_stake() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let old = suite.runner("alice", 1_000, &[version]);
    suite.exec("alice", &ExecuteMsg::Unbond { runner: old, amount: Uint128::new(600) }).unwrap();
    suite.exclude(old, Exclusion::Tombstone);
    // A new identity starts with nothing: what the old one has left is out of reach for 14 days, and slashed there.
    let new = suite.register("alice");
    let refused = suite.refused("alice", &ExecuteMsg::OptIn { runner: new, version });
    assert!(matches!(refused, ContractError::TooFewSeats { got: 0, .. }));
    suite.slash(&[(old, 1_000)]).unwrap();
    assert_eq!(suite.get(old).unbonding[0].value.u128(), 0);
    assert!(suite.get(old).tombstoned && !suite.get(new).tombstoned);
}

/// The seats of a runner in the draw of the present epoch, if it is drawn.
fn drawn(suite: &Suite, version: VersionId, runner: RunnerId) -> Option<u32> {
    let drawn = suite.draw(version, suite.epoch(), "any", 10);
    drawn.iter().find(|candidate| candidate.runner == runner).map(|candidate| candidate.seats)
}

/// Nobody has to send `Sync` for it: what was slashed to nothing is left out at once, though its leaf still has forty seats.
#[test]
fn attack_31_seats_without_any_stake_behind_them_are_not_drawn() {
    let mut suite = Suite::new();
    let versions = [suite.publish(100), suite.publish(100)];
    let dead = suite.runner("alice", 10_000, &versions);
    let other = suite.runner("bob", 1_000, &versions);
    suite.next_epoch();
    suite.slash(&[(dead, 9_999)]).unwrap();
    assert!(versions.iter().all(|version| drawn(&suite, *version, dead) == Some(20)), "one unit is left");
    suite.slash(&[(dead, 1)]).unwrap();
    for _ in 0..3 {
        for version in versions {
            assert_eq!((drawn(&suite, version, dead), drawn(&suite, version, other)), (None, Some(2)));
            assert_eq!(suite.pool(version)[0], (2, 22), "its leaf is there");
        }
        suite.next_epoch();
    }
    suite.exec("mallory", &ExecuteMsg::Sync { runner: dead }).unwrap();
    assert_eq!(suite.pool(versions[0])[1], (1, 2));
}

#[test]
fn attack_31_nothing_left_counts_also_in_slots_that_were_left_and_with_a_jail_in_the_same_slash() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let [left, jailed] = ["alice", "bob"].map(|owner| suite.runner(owner, 1_000, &[version]));
    suite.next_epoch();
    suite.exec("alice", &ExecuteMsg::OptOut { runner: left, version }).unwrap();
    assert_eq!(drawn(&suite, version, left), Some(4), "drawn in this epoch still");
    suite.slash(&[(left, 1_000)]).unwrap();
    let until = suite.app.block_info().time.seconds();
    let item = SlashItem::new(jailed, 1_000, Some(Exclusion::Jail { until }));
    suite.exec("market", &ExecuteMsg::Slash { items: vec![item] }).unwrap();
    assert_eq!([left, jailed].map(|runner| drawn(&suite, version, runner)), [None, None]);
    suite.exec("bob", &ExecuteMsg::Unjail { runner: jailed }).unwrap();
    assert_eq!(drawn(&suite, version, jailed), None);
}
