//! Random messages with time jumps; after each one the invariants that staking is answerable for (1, 2, 6, 7, 20, 22).
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::panic, clippy::indexing_slicing)]

mod suite;

use std::collections::BTreeMap;

use cosmwasm_std::Uint128;
use mesg_api::staking::{Candidate, ExecuteMsg, PoolRunnersResponse, QueryMsg};
use mesg_protocol::bps::Bps;
use mesg_protocol::capacity::seats;
use mesg_protocol::ids::{RunnerId, VersionId};
use proptest::prelude::*;
use suite::Suite;

const OWNERS: [&str; 3] = ["alice", "bob", "carol"];
const BONDS: [u128; 2] = [100, 37];

#[derive(Clone, Debug)]
enum Step {
    Register,
    Bond(u128),
    OptIn(usize),
    OptOut(usize),
    Unbond(u128),
    Withdraw,
    Slash(u128),
    Sync,
    Advance(u64),
}

fn step() -> impl Strategy<Value = (u32, Step)> {
    let step = prop_oneof![
        1 => Just(Step::Register),
        4 => (1..5_000u128).prop_map(Step::Bond),
        4 => (0..2usize).prop_map(Step::OptIn),
        2 => (0..2usize).prop_map(Step::OptOut),
        3 => (1..3_000u128).prop_map(Step::Unbond),
        2 => Just(Step::Withdraw),
        3 => (1..3_000u128).prop_map(Step::Slash),
        2 => Just(Step::Sync),
        3 => prop_oneof![1..2_000u64, 1_209_600..2_000_000u64].prop_map(Step::Advance),
    ];
    (1..7u32, step)
}

struct World {
    suite: Suite,
    versions: [VersionId; 2],
    runners: u32,
    /// Draws that requests of the current epoch are bound to.
    bound: BTreeMap<(VersionId, u64), Vec<Candidate>>,
}

impl World {
    fn new() -> Self {
        let mut suite = Suite::new();
        let versions = BONDS.map(|bond| suite.publish(bond));
        Self { suite, versions, runners: 0, bound: BTreeMap::new() }
    }

    fn owner(runner: u32) -> &'static str {
        OWNERS[usize::try_from(runner).unwrap() % OWNERS.len()]
    }

    /// Applies a step; a refused one changes nothing. Whether the message may have changed the runner's seats.
    fn apply(&mut self, number: u32, step: &Step) -> bool {
        let (suite, owner, runner) = (&mut self.suite, Self::owner(number), RunnerId(number));
        let result = match step {
            Step::Register if self.runners < 6 => {
                self.runners += 1;
                suite.register(Self::owner(self.runners));
                return false;
            }
            Step::Register => return false,
            Step::Advance(seconds) => {
                suite.advance(*seconds, seconds / 10 + 1);
                return false;
            }
            Step::Bond(amount) => suite.bond(owner, runner, *amount),
            Step::OptIn(which) => suite.exec(owner, &ExecuteMsg::OptIn { runner, version: self.versions[*which] }),
            Step::OptOut(which) => suite.exec(owner, &ExecuteMsg::OptOut { runner, version: self.versions[*which] }),
            Step::Unbond(amount) => suite.exec(owner, &ExecuteMsg::Unbond { runner, amount: Uint128::new(*amount) }),
            Step::Withdraw => suite.exec(owner, &ExecuteMsg::Withdraw { runner, to: None }),
            Step::Slash(amount) => suite.slash(&[(runner, *amount)]),
            Step::Sync => suite.exec("mallory", &ExecuteMsg::Sync { runner }),
        };
        result.is_ok() && !matches!(step, Step::Slash(_) | Step::Withdraw)
    }

    /// Invariants 1 and 20: the ledger is the balance, and every runner's values are covered by its tokens.
    fn check_money(&self) {
        let mut ledger = 0;
        for number in 1..=self.runners {
            let found = self.suite.get(RunnerId(number));
            let leaving: u128 = found.unbonding.iter().map(|entry| entry.value.u128()).sum();
            assert!(found.active.u128() + leaving <= found.tokens.u128());
            ledger += found.tokens.u128();
        }
        assert_eq!(ledger, self.suite.balance(&self.suite.staking));
    }

    /// Invariant 6: totals are the sums of the leaves in both epochs, and every runner sits in its own slot.
    fn check_pools(&self) {
        for version in self.versions {
            let listed: PoolRunnersResponse =
                self.suite.query(&QueryMsg::PoolRunners { version, start_after: None, limit: Some(50) });
            assert_eq!(listed.next, None, "six runners need few slots");
            for (place, total) in self.suite.pool(version).into_iter().enumerate() {
                let seats = listed.runners.iter().map(|found| [found.seats_now, found.seats_next][place]);
                let seats: Vec<u64> = seats.filter(|seats| *seats > 0).map(u64::from).collect();
                assert_eq!(total, (u32::try_from(seats.len()).unwrap(), seats.iter().sum()));
            }
        }
    }

    /// Invariant 6: after any change by the runner its next leaf is what its stake is good for.
    fn check_target(&self, runner: RunnerId) {
        let row = self.suite.row(runner);
        let count = u8::try_from(row.versions.len()).unwrap();
        for served in self.suite.get(runner).versions {
            let bond = BONDS[usize::from(served.version != self.versions[0])];
            let target = seats(Bps::saturating(4_000), row.stake.active_value(), count, bond);
            assert_eq!(served.seats_next, target);
            assert!(target > 0);
        }
    }

    /// Invariant 7: a draw of an epoch is the same at every later height at which it can be made.
    fn check_draws(&mut self) {
        let now = self.suite.epoch();
        self.bound.retain(|(_, epoch), _| epoch + 1 >= now);
        for version in self.versions {
            let drawn = self.suite.draw(version, now, "seed", 6);
            let first = self.bound.entry((version, now)).or_insert_with(|| drawn.clone());
            assert_eq!(*first, drawn);
        }
        for ((version, epoch), first) in &self.bound {
            assert_eq!(&self.suite.draw(*version, *epoch, "seed", 6), first);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn invariants_hold_after_every_message(steps in prop::collection::vec(step(), 1..80)) {
        let mut world = World::new();
        for (number, step) in steps {
            let changed = world.apply(number, &step);
            world.check_money();
            world.check_pools();
            world.check_draws();
            if changed {
                world.check_target(RunnerId(number));
            }
        }
    }
}
