//! Random messages with time jumps; after each one the invariants that staking is answerable for (1, 2, 6, 7, 20, 22).
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::panic, clippy::indexing_slicing)]

mod suite;

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::Uint128;
use mesg_api::staking::{Candidate, ExecuteMsg, KEYS, PoolRunnersResponse, QueryMsg, SlashItem};
use mesg_protocol::bps::Bps;
use mesg_protocol::capacity::seats;
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_protocol::score::Exclusion;
use proptest::prelude::*;
use suite::{KEY, OTHER_KEY, Suite};

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
    /// Jail for so many seconds; a tombstone for none.
    Exclude(Option<u64>),
    Unjail,
    RotateKey(bool),
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
        2 => prop_oneof![9 => (0..3_000u64).prop_map(Some), 1 => Just(None)].prop_map(Step::Exclude),
        3 => Just(Step::Unjail),
        1 => any::<bool>().prop_map(Step::RotateKey),
        3 => prop_oneof![1..2_000u64, 1_209_600..2_000_000u64].prop_map(Step::Advance),
    ];
    (1..7u32, step)
}

struct World {
    suite: Suite,
    versions: [VersionId; 2],
    runners: u32,
    /// Draws that requests are bound to: who was ever seen at a position, with its seats.
    bound: BTreeMap<(VersionId, u64), BTreeMap<u16, (RunnerId, u32)>>,
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
            Step::Exclude(seconds) => {
                let now = suite.app.block_info().time.seconds();
                let jail = |seconds| Exclusion::Jail { until: now + seconds };
                let exclusion = seconds.map_or(Exclusion::Tombstone, jail);
                suite.exec("market", &ExecuteMsg::Slash { items: vec![SlashItem::new(runner, 0, Some(exclusion))] })
            }
            Step::Unjail => suite.exec(&format!("{owner}-op"), &ExecuteMsg::Unjail { runner }),
            Step::RotateKey(other) => {
                let attestation_key = if *other { OTHER_KEY } else { KEY }.into();
                suite.exec(owner, &ExecuteMsg::RotateKey { runner, attestation_key })
            }
        };
        result.is_ok() && !matches!(step, Step::Slash(_) | Step::Withdraw | Step::Exclude(_) | Step::RotateKey(_))
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

    /// Invariant 6: after any change by the runner its next leaf is what its stake is good for, nothing while excluded.
    fn check_target(&self, runner: RunnerId) {
        let row = self.suite.row(runner);
        let count = u8::try_from(row.versions.len()).unwrap();
        for served in self.suite.get(runner).versions {
            let bond = BONDS[usize::from(served.version != self.versions[0])];
            let target = seats(Bps::saturating(4_000), row.stake.active_value(), count, bond);
            assert_eq!(served.seats_next, if row.exclusion.is_some() { 0 } else { target });
            assert!(target > 0 && row.exclusion != Some(Exclusion::Tombstone));
        }
    }

    /// Invariants 7 and 22: a draw of an epoch has the same order at every later height at which it can be made, and
    /// leaves out exactly those who are excluded or without tokens then. It hands out the newest keys, and all keys can be read.
    fn check_draws(&mut self) {
        let now = self.suite.epoch();
        self.bound.retain(|(_, epoch), _| epoch + 1 >= now);
        for version in self.versions {
            self.bound.entry((version, now)).or_default();
        }
        for ((version, epoch), known) in &mut self.bound {
            let mut last = None;
            let mut met = BTreeSet::new();
            for Candidate { runner, key_no, seats, position } in self.suite.draw(*version, *epoch, "seed", 6) {
                assert!(last < Some(position) && met.insert(runner));
                last = Some(position);
                assert_eq!(*known.entry(position).or_insert((runner, seats)), (runner, seats));
                let row = self.suite.row(runner);
                assert_eq!((row.exclusion, row.stake.tokens > 0, row.key_no), (None, true, key_no));
                let keys = (0..=key_no).map(|number| (runner, number));
                for key in keys {
                    assert!(KEYS.query(&self.suite.app.wrap(), &self.suite.staking, key).unwrap().is_some());
                }
            }
            for (runner, _) in known.values() {
                assert_eq!(met.contains(runner), !self.suite.row(*runner).is_excluded());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

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
