//! What must hold after every step, beside the test-kit's invariants.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::BlockInfo;
use mesg_api::market::MarketEvent;
use mesg_execution_market::state::{Purse, ServiceBond, VersionAccount};
use mesg_protocol::beacon::BeaconParams;
use mesg_protocol::codec::Record;
use mesg_protocol::execution::Execution;
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::Suite;

use super::binding::Bindings;
use super::pool::Pool;
use super::verdicts::Verdicts;
use crate::disputes::B_BOND;
use crate::snapshot::paid_in_full;

/// κ of all rows of parameters that the steps propose.
const KAPPA: u128 = 10_000;

/// What was seen so far, and must not change or come twice.
#[derive(Default)]
pub struct Seen {
    ended: BTreeMap<u64, Execution>,
    delivered: BTreeSet<u64>,
    excluded: BTreeSet<RunnerId>,
    seated: BTreeSet<(u64, RunnerId)>,
    /// By (execution, runner): all slashes of a seat.
    slashed: BTreeMap<(u64, u32), u128>,
    /// Bonds of challenges, by execution: of the last one.
    bonds: BTreeMap<u64, u128>,
    /// Rows that are written once.
    written: BTreeMap<Vec<u8>, Vec<u8>>,
    pub pool: Pool,
    bindings: Bindings,
    verdicts: Verdicts,
}

impl Seen {
    /// Of a new suite.
    pub fn new(suite: &Suite) -> Self {
        Self { pool: Pool::new(suite), verdicts: Verdicts::new(suite), ..Self::default() }
    }

    /// 3: every end pays out escrow and pot to the last unit. 18: a refund leaves the user all but the tips, and at least
    /// half of it where seats had worked for nothing. 66: nobody is called twice with success. A seat never loses more than
    /// its bond.
    pub fn events(&mut self, events: &[MarketEvent], block: &BlockInfo) {
        for event in events {
            if let MarketEvent::Challenged { execution, bond, .. } = event {
                self.bonds.insert(*execution, *bond);
            }
        }
        paid_in_full(events, |execution| self.bonds.get(&execution).copied());
        self.bindings.events(events, block);
        self.verdicts.events(events, block);
        for event in events {
            match event {
                MarketEvent::Ended { outcome, reason, escrow, user, tips, .. } => {
                    assert!(*tips <= KAPPA, "tips come from κ");
                    let least = match (outcome.as_str(), reason.as_str()) {
                        ("refunded", "NoResult") => escrow / 2 - KAPPA,
                        ("refunded", _) => escrow - KAPPA,
                        _ => 0,
                    };
                    assert!(*user >= least, "invariant 18: {user} of {escrow} in {outcome} {reason}");
                }
                MarketEvent::Slashed { execution, runner, amount, .. } => {
                    let seat = self.slashed.entry((*execution, *runner)).or_default();
                    *seat += amount;
                    assert!(*seat <= B_BOND, "a seat is slashed by {seat}, its bond is {B_BOND}");
                }
                MarketEvent::Delivered { execution, status } if status == "sent" => {
                    assert!(self.delivered.insert(*execution), "execution {execution} is delivered twice");
                }
                MarketEvent::Delivered { execution, .. } => assert!(self.delivered.remove(execution)),
                _ => {}
            }
        }
    }

    /// The record of an ended execution may change: pruned, or a seat of it reported.
    pub fn forget(&mut self, execution: u64) {
        self.ended.remove(&execution);
    }

    /// The invariants of the test-kit; each bucket is the sum of its records, each index has what it should and no
    /// more; what has ended stays as it ended (3); no share is worth more than a unit (20); who is excluded gets no seat
    /// (22); what is written once stays (11, 25). `schedules` are those of the beacons.
    pub fn check(&mut self, suite: &Suite, schedules: &[BeaconParams]) {
        suite.check_invariants();
        let (executions, rows) = (suite.executions(), suite.runner_rows());
        let stored = suite.app.dump_wasm_raw(&suite.market);
        check_records(suite, &stored, &executions);
        self.check_written(stored);
        self.pool.check(suite, &rows, &executions);
        self.bindings.check(suite, schedules, &executions);
        self.verdicts.check(suite, &executions);
        let mut seated = BTreeSet::new();
        for (id, execution) in executions {
            if execution.outcome().is_none() {
                seated.extend(execution.all_seats().map(|(_, seat)| (id, seat.runner)));
                continue;
            }
            let ended = self.ended.entry(id).or_insert_with(|| execution.clone());
            assert_eq!(*ended, execution, "invariant 3: an end is final");
        }
        for (execution, runner) in seated.difference(&self.seated) {
            assert!(!self.excluded.contains(runner), "invariant 22: {runner} is jailed and gets a seat in {execution}");
        }
        self.seated = seated;
        self.excluded.clear();
        for (runner, row) in rows {
            assert!(
                row.stake.tokens <= row.stake.shares(),
                "invariant 20: a share of {runner} is worth more than a unit"
            );
            if row.exclusion.is_some() {
                self.excluded.insert(runner);
            }
        }
    }

    /// 11, 25: what was random once stays so; rows of parameters, and beacons, never change.
    fn check_written(&mut self, stored: Vec<(Vec<u8>, Vec<u8>)>) {
        let once = |key: &[u8]| ["m/", "r/", "k/"].iter().any(|prefix| key.starts_with(prefix.as_bytes()));
        let now: BTreeMap<_, _> = stored.into_iter().filter(|(key, _)| once(key)).collect();
        for (key, value) in &self.written {
            assert_eq!(now.get(key), Some(value), "invariants 11, 25: {key:?} was written once");
        }
        self.written = now;
    }
}

fn check_records(suite: &Suite, stored: &[(Vec<u8>, Vec<u8>)], executions: &[(u64, Execution)]) {
    let of = |prefix: &str| -> Vec<&(Vec<u8>, Vec<u8>)> {
        stored.iter().filter(|(key, _)| key.starts_with(prefix.as_bytes())).collect()
    };
    let ledger = suite.ledger();
    let purses: Vec<_> = of("p/").iter().map(|(_, value)| Purse::decode(value).unwrap()).collect();
    assert_eq!(purses.iter().map(|purse| purse.balance).sum::<u128>(), ledger.purses.u128(), "1: purses");
    let developers = of("v/").iter().map(|(_, value)| VersionAccount::decode(value).unwrap().earned).sum::<u128>();
    assert_eq!(developers, ledger.developers.u128(), "1: developers");
    let bonds = of("s/").iter().map(|(_, value)| ServiceBond::decode(value).unwrap().amount).sum::<u128>();
    assert_eq!(bonds, ledger.bonds.u128(), "1: service bonds");
    let open = || executions.iter().map(|(_, execution)| execution).filter(|execution| execution.outcome().is_none());
    assert_eq!(purses.iter().map(|purse| usize::from(purse.open)).sum::<usize>(), open().count());
    let queued = open().filter(|execution| execution.phase.name() == "queued");
    assert_eq!(of("w/").len(), queued.count(), "waiting: the queued ones");
    let seats = open().map(|execution| execution.all_seats().filter(|(_, seat)| seat.held()).count()).sum::<usize>();
    let own = open().filter(|execution| execution.own_runner.is_some()).count();
    assert_eq!(of("o/").len(), seats + own, "open: each seat, and own runners to the end");
    assert_eq!(of("i/").len(), open().count(), "inputs: until the end");
    assert_eq!((of("q/").len(), of("x/").len()), (executions.len(), executions.len()));
}
