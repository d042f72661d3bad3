//! Leaves and draws over time: what a leaf follows and what not, and that seats go to who weighed something (6, 7).

use std::collections::BTreeMap;

use mesg_api::staking::RunnerRow;
use mesg_protocol::bps::Bps;
use mesg_protocol::capacity;
use mesg_protocol::execution::Execution;
use mesg_protocol::ids::RunnerId;
use mesg_protocol::score::Exclusion;
use mesg_test_kit::{Leaves, Suite};

use crate::disputes::B_BOND;

/// Capacity of the suite's staking.
const CAPACITY: Bps = Bps::saturating(4_000);

/// Where a runner sits in the version's pool and what it weighs from the next epoch on.
type Seated = (u32, u64);

/// The pool of the suite's version, as far as it was seen.
#[derive(Default)]
pub struct Pool {
    /// Who served the version after the last step.
    served: BTreeMap<RunnerId, Seated>,
    /// Weights of runners from an epoch on, the latest last.
    weights: Vec<(u64, BTreeMap<RunnerId, u64>)>,
    /// Leaves from an epoch on, the latest last.
    leaves: Vec<(u64, Leaves)>,
    /// Runners of this step whose own change, or whose `Sync`, was taken, and whether they are to serve the version then.
    changed: BTreeMap<RunnerId, bool>,
    /// Panels that were checked, by execution: how many.
    drawn: BTreeMap<u64, usize>,
}

impl Pool {
    /// Of a new suite, in which all leaves follow stake.
    pub fn new(suite: &Suite) -> Self {
        let changed = suite.runners.iter().map(|runner| (runner.id, true)).collect();
        let mut pool = Self { changed, ..Self::default() };
        pool.follow(suite, &suite.runner_rows(), suite.pool().leaves(suite.epoch()), suite.epoch());
        pool
    }

    /// A change of the runner was taken, after which its leaf follows its stake; by opting in or out, if it did.
    pub fn changed(&mut self, runner: RunnerId, opts: Option<bool>) {
        let serves = opts.unwrap_or_else(|| self.served.contains_key(&runner));
        self.changed.insert(runner, serves);
    }

    /// 6, 7: after each step, beside what the test-kit checks of the tree.
    pub fn check(&mut self, suite: &Suite, rows: &[(RunnerId, RunnerRow)], executions: &[(u64, Execution)]) {
        let (pool, now) = (suite.pool(), suite.epoch());
        self.follow(suite, rows, pool.leaves(now + 1), now + 1);
        for epoch in [now - 1, now] {
            let known = at(&self.leaves, epoch).cloned().unwrap_or_default();
            assert_eq!(pool.leaves(epoch), known, "invariant 7: leaves of epoch {epoch} have changed");
        }
        for (id, execution) in executions {
            self.check_draws(*id, execution);
        }
    }

    /// A leaf changes with a change of its runner and then is what stake, versions and exclusion give. Anything else, a
    /// slash above all, leaves it as it was. What changes counts `from` the next epoch on.
    fn follow(&mut self, suite: &Suite, rows: &[(RunnerId, RunnerRow)], leaves: Leaves, from: u64) {
        let mut served = BTreeMap::new();
        for (runner, row) in rows {
            let slot = row.versions.iter().find(|(version, _)| *version == suite.version).map(|(_, slot)| *slot);
            let seated = slot.map(|slot| (slot, leaves.get(&slot).copied().unwrap_or(0)));
            match self.changed.get(runner) {
                Some(serves) => {
                    let leaf = serves.then(|| leaf_of(row)).flatten();
                    assert_eq!(seated.map(|(_, leaf)| leaf), leaf, "invariant 6: the leaf of {runner} follows {row:?}");
                }
                None => assert_eq!(seated, self.served.get(runner).copied(), "invariant 6: {runner} did nothing"),
            }
            served.extend(seated.map(|seated| (*runner, seated)));
        }
        self.changed.clear();
        if self.served != served {
            remember(&mut self.weights, from, served.iter().map(|(runner, (_, leaf))| (*runner, *leaf)).collect());
            remember(&mut self.leaves, from, leaves);
            self.served = served;
        }
    }

    /// Whoever has a seat, or was left as a spare, weighed something in the epoch of the draw.
    fn check_draws(&mut self, id: u64, execution: &Execution) {
        let panels = &execution.panels;
        let checked = self.drawn.insert(id, panels.len()).unwrap_or(0);
        for panel in panels.iter().skip(checked) {
            let weights = at(&self.weights, panel.epoch).expect("weights of that epoch");
            let weight = |runner: &RunnerId| weights.get(runner).copied().unwrap_or(0);
            for seat in &panel.seats {
                assert!(weight(&seat.runner) > 0, "{} was not in the pool that drew {id}", seat.runner);
            }
            for spare in &panel.spares {
                let (seats, runner) = (u64::from(spare.seats), spare.runner);
                assert_eq!(seats, weight(&runner), "seats of {runner} in the draw of {id}");
            }
        }
    }
}

/// What its stake is good for in its only version: nothing in jail. It leaves the version where that gives no seat, and
/// under a tombstone.
fn leaf_of(row: &RunnerRow) -> Option<u64> {
    let seats = capacity::seats(CAPACITY, row.stake.active_value(), 1, B_BOND);
    match row.exclusion {
        Some(Exclusion::Tombstone) => None,
        _ if seats == 0 => None,
        Some(Exclusion::Jail { .. }) => Some(0),
        None => Some(seats.into()),
    }
}

fn remember<T>(history: &mut Vec<(u64, T)>, from: u64, value: T) {
    history.retain(|(known, _)| *known < from);
    history.push((from, value));
}

/// As of an epoch.
fn at<T>(history: &[(u64, T)], epoch: u64) -> Option<&T> {
    history.iter().rev().find(|(from, _)| *from <= epoch).map(|(_, value)| value)
}
