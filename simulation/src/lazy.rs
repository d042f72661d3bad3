//! Lazy runners: they take seats and do not run the task (attacks 17 and 18). All of them answer the same, so that their
//! answers at least agree with each other.
//!
//! A run costs an honest runner half of a validator's fee. Pay and slashes are the protocol's; jail is left out, which
//! favours the lazy. From generation to generation the share of the lazy grows or shrinks with what their seats earned
//! compared with the honest ones'.

use mesg_protocol::execution::{Execution, ROUND_0, ROUND_1};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use serde::{Deserialize, Serialize};

use crate::coalition::Coalition;
use crate::court::{Act, Behaviour, Court, LAZY_ERROR, LAZY_VALID, RIGHT, VALID, in_a};
use crate::error::SimError;
use crate::interval::float;
use crate::jobs::Jobs;
use crate::pool::{Pool, Randomness};
use crate::rows::{B, DEFAULT, Rows};
use crate::wrong_results::RUNNERS;

/// What a run costs, in units of a: half of b.
const COST: f64 = in_a(B) / 2.0;
/// How strongly earnings of one a change the shares: seats that earned it multiply by e to this power.
const SPEED: f64 = 0.1;

/// How they avoid the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Laziness {
    /// `Verify`: accept without checking, with a witness that is guessed.
    AlwaysValid,
    /// `Replicate`: the same error always.
    FocalError,
    /// Decline every seat.
    AlwaysDecline,
}

impl Laziness {
    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AlwaysValid => "always valid (Verify)",
            Self::FocalError => "always the same error",
            Self::AlwaysDecline => "always declines",
        }
    }
}

/// What seats earn when a share of the pool is lazy.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct LazyRow {
    /// How.
    pub laziness: Laziness,
    /// The share of the lazy.
    pub share: f64,
    /// What a seat of theirs earns, in units of a: a mean over seats that they were asked to take.
    pub lazy_earns: f64,
    /// What a seat of the others earns, less the cost of its run, in units of a.
    pub honest_earns: f64,
    /// Executions played.
    pub executions: u64,
}

/// Shares of the lazy, generation after generation.
#[derive(Clone, Debug, Serialize)]
pub struct Evolution {
    /// How.
    pub laziness: Laziness,
    /// The share in each generation.
    pub shares: Vec<f64>,
}

/// All of it.
#[derive(Clone, Debug, Serialize)]
pub struct LazyResults {
    /// Earnings by share.
    pub earnings: Vec<LazyRow>,
    /// What becomes of a third of lazy runners.
    pub evolution: Vec<Evolution>,
}

/// Every way to be lazy.
pub const ALL: [Laziness; 3] = [Laziness::AlwaysValid, Laziness::FocalError, Laziness::AlwaysDecline];

/// Earnings at the given shares, and so many generations from a third; `executions` of each.
///
/// # Errors
/// Those of the draw, the rules and the journal.
pub fn run(jobs: &Jobs, executions: u64, shares: &[f64], generations: usize) -> Result<LazyResults, SimError> {
    let pool = Pool::of((0..RUNNERS).map(|_| 2))?;
    let mut results = LazyResults { earnings: Vec::new(), evolution: Vec::new() };
    for laziness in ALL {
        for share in shares {
            results.earnings.push(earnings(jobs, &pool, laziness, *share, executions)?);
        }
        let mut evolving = vec![1.0 / 3.0];
        while let Some(share) = evolving.last().copied().filter(|_| evolving.len() <= generations) {
            let row = earnings(jobs, &pool, laziness, share, executions)?;
            let lazy = share * (SPEED * row.lazy_earns).exp();
            let honest = (1.0 - share) * (SPEED * row.honest_earns).exp();
            evolving.push(lazy / (lazy + honest));
        }
        results.evolution.push(Evolution { laziness, shares: evolving });
    }
    Ok(results)
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Sums {
    executions: u64,
    lazy: f64,
    lazy_seats: u64,
    honest: f64,
    honest_seats: u64,
}

fn earnings(jobs: &Jobs, pool: &Pool, laziness: Laziness, share: f64, executions: u64) -> Result<LazyRow, SimError> {
    let name = format!("laziness {laziness:?} share {share}");
    let coalition = Coalition::share_of(share, RUNNERS);
    let rows = if laziness == Laziness::AlwaysValid { Rows::verified(DEFAULT)? } else { Rows::of(DEFAULT)? };
    let randomness = Randomness::of(&name, 0);
    let chunks = jobs.run_executions(&name, executions, |ids| {
        let mut court = Court::new(pool, &rows, randomness);
        let mut sums = Sums::default();
        for id in ids.map(ExecutionId) {
            sums.executions = sums.executions.saturating_add(1);
            let mut pool = Lazy { coalition, laziness, asked: Vec::new() };
            let case = court.play(id, &mut pool)?;
            // Under Verify the executor's seat is left out: its work is not a validator's.
            let executor = case.execution.seats(ROUND_0).first().map(|seat| seat.runner);
            pool.asked.retain(|runner| Some(*runner) != executor);
            let (lazy, honest): (Vec<_>, Vec<_>) = pool.asked.iter().partition(|runner| coalition.has(**runner));
            sums.lazy += case.net(|runner| lazy.contains(&runner));
            sums.honest += case.net(|runner| honest.contains(&runner));
            let add = |sum: &mut u64, seats: usize| {
                *sum = sum.saturating_add(u64::try_from(seats).unwrap_or_default());
            };
            add(&mut sums.lazy_seats, lazy.len());
            add(&mut sums.honest_seats, honest.len());
        }
        Ok(sums)
    })?;
    let sums = chunks.iter().fold(Sums::default(), |all, one| Sums {
        executions: all.executions.saturating_add(one.executions),
        lazy: all.lazy + one.lazy,
        lazy_seats: all.lazy_seats.saturating_add(one.lazy_seats),
        honest: all.honest + one.honest,
        honest_seats: all.honest_seats.saturating_add(one.honest_seats),
    });
    let each = |sum: f64, seats: u64| if seats == 0 { 0.0 } else { sum / float(seats) };
    Ok(LazyRow {
        laziness,
        share,
        lazy_earns: each(sums.lazy, sums.lazy_seats),
        honest_earns: each(sums.honest, sums.honest_seats) - COST,
        executions: sums.executions,
    })
}

/// Some lazy, all others honest.
struct Lazy {
    coalition: Coalition,
    laziness: Laziness,
    /// Every runner that was asked to take a seat.
    asked: Vec<RunnerId>,
}

impl Behaviour for Lazy {
    fn act(&mut self, _: &Execution, round: u8, runner: RunnerId) -> Act {
        if !self.asked.contains(&runner) {
            self.asked.push(runner);
        }
        let lazy = self.coalition.has(runner);
        match self.laziness {
            Laziness::AlwaysValid if round < ROUND_1 => Act::Give(RIGHT),
            Laziness::AlwaysValid => Act::Give(if lazy { LAZY_VALID } else { VALID }),
            Laziness::FocalError => Act::Give(if lazy { LAZY_ERROR } else { RIGHT }),
            Laziness::AlwaysDecline if lazy => Act::Decline,
            Laziness::AlwaysDecline => Act::Give(RIGHT),
        }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    fn dies_out(laziness: Laziness) {
        let pool = Pool::of((0..RUNNERS).map(|_| 2)).unwrap();
        let jobs = Jobs::new(2);
        for share in [0.01, 0.1, 0.33] {
            let row = earnings(&jobs, &pool, laziness, share, 500).unwrap();
            assert!(row.lazy_earns <= 0.0 && row.honest_earns > 0.0, "{row:?}");
        }
    }

    #[test]
    fn attack_17_always_valid_earns_less_than_nothing() {
        dies_out(Laziness::AlwaysValid);
    }

    #[test]
    fn attack_18_a_focal_error_earns_less_than_nothing() {
        dies_out(Laziness::FocalError);
    }

    #[test]
    fn attack_18_declining_everything_earns_nothing() {
        dies_out(Laziness::AlwaysDecline);
    }

    #[test]
    fn attack_17_a_third_of_lazy_runners_shrinks() {
        let results = run(&Jobs::new(2), 500, &[], 3).unwrap();
        for evolution in results.evolution {
            assert!(evolution.shares.windows(2).all(|pair| pair[1] < pair[0]), "{evolution:?}");
        }
    }
}
