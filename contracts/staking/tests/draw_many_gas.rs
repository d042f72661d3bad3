//! What a seating transaction pays for its draw: reads of storage, counted with the chain's prices. The loading of the
//! contract (60,000) and the computing (a few percent) come on top.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::panic)]

mod suite;

use std::cell::Cell;

use cosmwasm_std::{Deps, Order, Record, Storage};
use mesg_api::staking::QueryMsg;
use suite::{Suite, draw_of};

/// Counts the gas of reads: 1,000 each and 3 for each byte of the contract's prefix, the key and the value.
struct Metered<'a> {
    inner: &'a dyn Storage,
    gas: Cell<u64>,
}

impl Storage for Metered<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.get(key);
        let bytes = 33 + key.len() + value.as_ref().map_or(0, Vec::len);
        self.gas.set(self.gas.get() + 1_000 + 3 * u64::try_from(bytes).unwrap());
        value
    }

    fn range<'b>(
        &'b self,
        _start: Option<&[u8]>,
        _end: Option<&[u8]>,
        _order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'b> {
        panic!("a draw iterates over nothing")
    }

    fn set(&mut self, _key: &[u8], _value: &[u8]) {
        panic!("a draw writes nothing")
    }

    fn remove(&mut self, _key: &[u8]) {
        panic!("a draw writes nothing")
    }
}

/// Gas of 8 draws of `count` from a pool of `runners` that has seen changes in three epochs and every
/// `jailed`th of which is in jail.
fn gas(runners: u32, count: u16, jailed: Option<usize>) -> u64 {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let ids: Vec<_> =
        (0..runners).map(|turn| suite.runner("alice", 1_000 + u128::from(turn % 40) * 250, &[version])).collect();
    for start in 0..3 {
        suite.next_epoch();
        for runner in ids.iter().skip(start).step_by(5) {
            suite.bond("alice", *runner, 500).unwrap();
        }
    }
    for runner in jailed.into_iter().flat_map(|every| ids.iter().step_by(every)) {
        suite.jail(*runner, 600);
    }
    let draws = (0..8).map(|turn: u32| draw_of(version, suite.epoch(), &turn.to_string(), 0, count)).collect();
    let storage = suite.app.contract_storage(&suite.staking);
    let metered = Metered { inner: &*storage, gas: Cell::new(0) };
    let deps = Deps { storage: &metered, api: suite.app.api(), querier: suite.app.wrap() };
    let env = cosmwasm_std::Env {
        block: suite.app.block_info(),
        transaction: None,
        contract: cosmwasm_std::ContractInfo { address: suite.staking.clone() },
    };
    mesg_staking::contract::query(deps, env, QueryMsg::DrawMany { draws }).unwrap();
    println!("8 draws of {count} from {runners} runners: {} gas of reads", metered.gas.get());
    metered.gas.get()
}

#[test]
fn eight_draws_from_a_hundred_runners_stay_below_65_000() {
    assert!(gas(100, 6, None) <= 65_000);
}

#[test]
fn eight_draws_from_a_thousand_runners_stay_below_100_000() {
    assert!(gas(1_000, 6, None) <= 100_000);
}

/// Each runner in jail that is met costs the reading of its row once in a query, until its seats are gone.
#[test]
fn a_tenth_of_the_pool_in_jail_costs_a_row_for_each_that_is_met() {
    let met = gas(1_000, 6, Some(10)).saturating_sub(gas(1_000, 6, None));
    assert!((1_000..=20_000).contains(&met), "{met}");
}

/// A round 3 of 31 seats with 11 spares, twice over, for eight executions at once.
#[test]
fn eight_draws_of_84_from_a_thousand_runners_stay_below_400_000() {
    assert!(gas(1_000, 84, None) <= 400_000);
}
