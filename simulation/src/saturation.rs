//! Attack 56: flood a pool until the honest runners have no free seat, then be drawn from one's own free seats.
//!
//! A request reserves k1 + 1 seats and is refused while the pool would have more than half of its whole seats open or
//! reserved; a runner without a free seat is skipped by the draw (1.5). The attacker pays for as many requests as the
//! gate lets through. What it may do beside that: pause while it floods, so that all flooded seats fall on the others
//! (the gate then counts without it, and its pause ends with the next epoch), decline its own flooded seats, and keep
//! the flood going while executions end.

use mesg_protocol::bps::Bps;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::sum_tree::{CachedTree, TreeError};
use mesg_protocol::terms::SPARES;
use serde::Serialize;

use crate::error::SimError;
use crate::interval::{Measured, float};
use crate::jobs::Jobs;
use crate::pool::{Pool, Randomness, candidates};

/// Share of a pool's whole seats that may be open or reserved (1.5).
pub const GATE: Bps = Bps::saturating(5_000);
/// Validators of the committee.
const K1: u32 = 3;
/// Its seats.
const SEATS: u32 = K1 + 1;
/// Candidates asked for a seat at most, beside the first of each seat: the spares and k1 + 3 more (2.3).
const REFILLS: u32 = SPARES as u32 + K1 + 3;
/// Whole seats of a runner.
const LEAF: u32 = 2;
/// Honest runners.
const HONEST: u32 = 800;
/// Runners of the attacker: a fifth of the pool.
const ATTACKERS: u32 = 200;
/// Requests of others that are drawn from each flooded pool.
const VICTIMS: u64 = 64;

/// What the attacker does beside flooding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Flood {
    /// Its runners are paused until the gate closes, and back for the rest.
    pub pauses: bool,
    /// Its runners decline their seats of flooding executions.
    pub declines: bool,
    /// Executions end one after the other and are replaced, three times over.
    pub goes_on: bool,
}

impl Flood {
    /// All ways to flood.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let both = [false, true];
        let of = |pauses| both.map(|declines| both.map(|goes_on| Self { pauses, declines, goes_on }));
        both.map(of).into_iter().flatten().flatten().collect()
    }
}

/// Share of the seats that the attacker got in requests of others.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SaturationRow {
    /// What it did.
    #[serde(flatten)]
    pub flood: Flood,
    /// Its share of the pool's whole seats.
    pub p: f64,
    /// Its share of the seats of others' committees.
    #[serde(flatten)]
    pub share: Measured,
    /// The measured share as a multiple of p.
    pub multiple: f64,
    /// Pools flooded.
    pub pools: u64,
}

/// Floods `pools` pools in each way.
///
/// # Errors
/// Those of the draw and of the journal.
pub fn run(jobs: &Jobs, pools: u64) -> Result<Vec<SaturationRow>, SimError> {
    Flood::all().into_iter().map(|flood| row(jobs, pools, flood, GATE)).collect()
}

/// Floods `pools` pools whose gate is `gate` in one way.
fn row(jobs: &Jobs, pools: u64, flood: Flood, gate: Bps) -> Result<SaturationRow, SimError> {
    let shares =
        jobs.run(&format!("saturation {flood:?}"), pools, |number| Ok(Market::flooded(flood, gate, number)?.share()?))?;
    let (sum, squares) = shares.iter().fold((0.0, 0.0), |(sum, squares), share| (sum + share, squares + share * share));
    let share = Measured::mean(sum, squares, pools);
    let p = f64::from(ATTACKERS) / f64::from(ATTACKERS.saturating_add(HONEST));
    Ok(SaturationRow { flood, p, share, multiple: share.measured / p, pools })
}

/// The weights of an epoch.
struct Weights {
    pool: Pool,
    total: u32,
}

impl Weights {
    fn of(attackers: u32) -> Result<Self, TreeError> {
        let leaf = |runner: u32| if runner < ATTACKERS { attackers } else { LEAF };
        let total = ATTACKERS.saturating_mul(attackers).saturating_add(HONEST.saturating_mul(LEAF));
        Ok(Self { pool: Pool::of((0..ATTACKERS.saturating_add(HONEST)).map(leaf))?, total })
    }
}

/// Open seats, and the executions that hold them.
struct Market {
    gate: Bps,
    randomness: Randomness,
    weights: Weights,
    open: Vec<u32>,
    executions: Vec<Vec<RunnerId>>,
    requests: u64,
}

impl Market {
    fn flooded(flood: Flood, gate: Bps, number: u64) -> Result<Self, TreeError> {
        let mut market = Self {
            gate,
            randomness: Randomness::of(&format!("saturation {flood:?}"), number),
            weights: Weights::of(if flood.pauses { 0 } else { LEAF })?,
            open: vec![0; usize::try_from(ATTACKERS.saturating_add(HONEST)).unwrap_or_default()],
            executions: Vec::new(),
            requests: 0,
        };
        market.flood(flood)?;
        if flood.pauses {
            market.weights = Weights::of(LEAF)?;
            market.flood(flood)?;
        }
        Ok(market)
    }

    /// Requests until the gate leaves room for one more, of another user.
    fn flood(&mut self, flood: Flood) -> Result<(), TreeError> {
        let weights = std::mem::replace(&mut self.weights, Weights { pool: Pool::of([])?, total: 0 });
        let mut tree = weights.pool.tree();
        while self.taken().saturating_add(SEATS.saturating_mul(2)) <= self.lets_in(weights.total) {
            self.request(&mut tree, flood)?;
        }
        if flood.goes_on {
            for turn in 0..self.executions.len().saturating_mul(3) {
                self.end_one(u64::try_from(turn).unwrap_or_default());
                self.request(&mut tree, flood)?;
            }
        }
        drop(tree);
        self.weights = weights;
        Ok(())
    }

    fn request(&mut self, tree: &mut CachedTree<'_, Pool>, flood: Flood) -> Result<(), TreeError> {
        self.requests = self.requests.saturating_add(1);
        let seed = self.randomness.seed(ExecutionId(self.requests), 1);
        let mut order = candidates(tree, seed, SEATS.saturating_add(REFILLS), |runner| self.is_free(runner))?;
        if flood.declines {
            order.retain(|candidate| !is_attacker(candidate.runner));
        }
        order.truncate(usize::try_from(SEATS).unwrap_or_default());
        let seats: Vec<_> = order.iter().map(|candidate| candidate.runner).collect();
        for seat in &seats {
            self.count(*seat, |open| open.saturating_add(1));
        }
        self.executions.push(seats);
        Ok(())
    }

    /// Ends one execution, any.
    fn end_one(&mut self, turn: u64) {
        let place = self.randomness.unit("ends", turn.saturating_add(self.requests)) * float_len(&self.executions);
        // The nearest execution by count: a float to an index without a cast.
        let Some(index) = (0..self.executions.len()).zip(1_u32..).find(|(_, next)| f64::from(*next) > place) else {
            return;
        };
        for seat in self.executions.swap_remove(index.0) {
            self.count(seat, |open| open.saturating_sub(1));
        }
    }

    /// The attacker's share of seats in requests of others, none of which is let in for good.
    fn share(&self) -> Result<f64, TreeError> {
        let mut tree = self.weights.pool.tree();
        let (mut mine, mut all) = (0.0, 0.0);
        for victim in 0..VICTIMS {
            let seed = self.randomness.seed(ExecutionId(u64::MAX.saturating_sub(victim)), 1);
            for seat in candidates(&mut tree, seed, SEATS, |runner| self.is_free(runner))? {
                all += 1.0;
                mine += f64::from(u8::from(is_attacker(seat.runner)));
            }
        }
        Ok(mine / all)
    }

    /// Seats open or reserved: a vacant seat stays reserved until its execution ends.
    fn taken(&self) -> u32 {
        u32::try_from(self.executions.len()).unwrap_or(u32::MAX).saturating_mul(SEATS)
    }

    /// Seats that may be open or reserved of `total`.
    fn lets_in(&self, total: u32) -> u32 {
        u32::try_from(self.gate.of(total.into())).unwrap_or(u32::MAX)
    }

    fn is_free(&self, runner: RunnerId) -> bool {
        self.open.get(place(runner)).is_some_and(|open| *open < LEAF)
    }

    fn count(&mut self, runner: RunnerId, change: impl Fn(u32) -> u32) {
        if let Some(open) = self.open.get_mut(place(runner)) {
            *open = change(*open);
        }
    }
}

fn place(runner: RunnerId) -> usize {
    usize::try_from(runner.0).unwrap_or(usize::MAX)
}

const fn is_attacker(runner: RunnerId) -> bool {
    runner.0 < ATTACKERS
}

fn float_len<T>(list: &[T]) -> f64 {
    float(u64::try_from(list.len()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORST: Flood = Flood { pauses: false, declines: true, goes_on: false };

    /// The share that a fluid model gives: with seats taken in proportion to who is free, e^−s (2 + s) of 2 seats are left.
    const FLUID: f64 = 1.58;

    #[test]
    fn attack_56_a_flooded_pool_gives_at_most_eight_fifths_of_the_share() {
        let worst = row(&Jobs::new(2), 60, WORST, GATE).unwrap();
        assert!(worst.multiple <= 1.6, "{worst:?}");
        assert!(worst.share.contains(FLUID * worst.p), "{worst:?}");
        let open = row(&Jobs::new(2), 10, WORST, Bps::saturating(7_000)).unwrap();
        assert!(open.multiple > 2.0, "without the gate's half: {open:?}");
    }

    #[test]
    fn attack_56_flooding_without_declining_gains_less() {
        for flood in Flood::all() {
            let other = row(&Jobs::new(2), 8, flood, GATE).unwrap();
            assert!(other.share.ci_low / other.p <= FLUID, "{other:?}");
        }
        let paid = row(&Jobs::new(2), 20, Flood::default(), GATE).unwrap();
        assert!(paid.share.contains(paid.p), "its own seats are as busy as the others': {paid:?}");
    }
}
