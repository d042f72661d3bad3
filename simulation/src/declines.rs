//! The coalition that declines every seat (2.3): at no cost, to end executions without a result. And the first validator
//! that knocks out the primary to take its fee (attack 50).

use mesg_protocol::execution::{Execution, ROUND_1};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use serde::{Deserialize, Serialize};

use crate::coalition::{Accepted, AlwaysDeclines, Coalition, accepted};
use crate::court::{Act, Behaviour, Court, RIGHT};
use crate::error::SimError;
use crate::interval::Measured;
use crate::jobs::Jobs;
use crate::pool::{Pool, Randomness};
use crate::rows::{DEFAULT, Rows, named};
use crate::wrong_results::RUNNERS;

/// Executions without a result when a coalition declines whatever it can.
#[derive(Clone, Debug, Serialize)]
pub struct DeclineRow {
    /// The committee's sizes.
    pub committee: String,
    /// The coalition's share of the pool.
    pub p: f64,
    /// Executions that end without a result.
    #[serde(flatten)]
    pub without_result: Measured,
    /// Executions played.
    pub executions: u64,
}

/// Measures the shares `p`.
///
/// # Errors
/// Those of the draw, the rules and the journal.
pub fn run(jobs: &Jobs, executions: u64, shares: &[f64]) -> Result<Vec<DeclineRow>, SimError> {
    let pool = Pool::of((0..RUNNERS).map(|_| 2))?;
    let rows = Rows::of(DEFAULT)?;
    let row = |p: &f64| {
        let name = format!("declines p {p}");
        let (coalition, randomness) = (Coalition::share_of(*p, RUNNERS), Randomness::of(&name, 0));
        let counts = jobs.run_executions(&name, executions, |ids| {
            let mut court = Court::new(&pool, &rows, randomness);
            let (mut without, mut all) = (0_u64, 0_u64);
            for id in ids.map(ExecutionId) {
                let case = court.play(id, &mut AlwaysDeclines(coalition))?;
                without = without.saturating_add((accepted(&case) != Accepted::Right).into());
                all = all.saturating_add(1);
            }
            Ok((without, all))
        })?;
        let add = |sums: (u64, u64), one: (u64, u64)| (sums.0.saturating_add(one.0), sums.1.saturating_add(one.1));
        let (without, executions) = counts.into_iter().fold((0, 0), add);
        let without_result = Measured::rate(without, executions);
        Ok(DeclineRow { committee: named(DEFAULT), p: *p, without_result, executions })
    };
    shares.iter().map(row).collect()
}

/// What it brings to keep the primary from sealing when one's own seat is the next.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct InheritanceRow {
    /// The coalition's share of the pool.
    pub p: f64,
    /// Gain of the runner that becomes primary, in units of a: a − b.
    pub heir: f64,
    /// Gain of its coalition, which may hold the spare that joins: a mean, in units of a.
    #[serde(flatten)]
    pub coalition: Measured,
    /// What the primary loses, in units of a: its fee and 2a.
    pub primary_loses: f64,
    /// Executions in which the coalition had the first validator and not the primary.
    pub executions: u64,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Sums {
    count: u64,
    heir: f64,
    gain: f64,
    squares: f64,
    lost: f64,
}

/// Plays about `executions` and counts those in which the coalition could inherit.
///
/// # Errors
/// Those of the draw, the rules and the journal.
pub fn inherit(jobs: &Jobs, executions: u64, p: f64) -> Result<InheritanceRow, SimError> {
    let pool = Pool::of((0..RUNNERS).map(|_| 2))?;
    let rows = Rows::of(DEFAULT)?;
    let name = format!("inheritance p {p}");
    let (coalition, randomness) = (Coalition::share_of(p, RUNNERS), Randomness::of(&name, 0));
    let chunks = jobs.run_executions(&name, executions, |ids| {
        let mut court = Court::new(&pool, &rows, randomness);
        let mut sums = Sums::default();
        for id in ids.map(ExecutionId) {
            let mut knocks = Knocks { coalition, victim: None, heir: None };
            let case = court.play(id, &mut knocks)?;
            let (Some(victim), Some(heir)) = (knocks.victim, knocks.heir) else { continue };
            let honest =
                court.play(id, &mut Knocks { coalition: Coalition { runners: 0 }, victim: None, heir: None })?;
            let gain = |are: &dyn Fn(RunnerId) -> bool| case.net(are) - honest.net(are);
            let all = gain(&|runner| coalition.has(runner));
            sums.count = sums.count.saturating_add(1);
            sums.heir += gain(&|runner| runner == heir);
            sums.gain += all;
            sums.squares += all * all;
            sums.lost -= gain(&|runner| runner == victim);
        }
        Ok(sums)
    })?;
    let sums = chunks.iter().fold(Sums::default(), |all, one| Sums {
        count: all.count.saturating_add(one.count),
        heir: all.heir + one.heir,
        gain: all.gain + one.gain,
        squares: all.squares + one.squares,
        lost: all.lost + one.lost,
    });
    let count = crate::interval::float(sums.count);
    Ok(InheritanceRow {
        p,
        heir: sums.heir / count,
        coalition: Measured::mean(sums.gain, sums.squares, sums.count),
        primary_loses: sums.lost / count,
        executions: sums.count,
    })
}

/// Keeps an honest primary from sealing when the first validator is its own.
struct Knocks {
    coalition: Coalition,
    victim: Option<RunnerId>,
    heir: Option<RunnerId>,
}

impl Behaviour for Knocks {
    fn seated(&mut self, execution: &Execution, round: u8) {
        if let (ROUND_1, [primary, first, ..]) = (round, execution.seats(round))
            && !self.coalition.has(primary.runner)
            && self.coalition.has(first.runner)
        {
            (self.victim, self.heir) = (Some(primary.runner), Some(first.runner));
        }
    }

    fn act(&mut self, _: &Execution, _: u8, runner: RunnerId) -> Act {
        if self.victim == Some(runner) { Act::Silent } else { Act::Give(RIGHT) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_73_declining_everything_hardly_ever_ends_an_execution() {
        let rows = run(&Jobs::new(2), 10_000, &[0.33]).unwrap();
        let row = rows.first().unwrap();
        assert!(row.without_result.ci_high < 0.01, "{row:?}");
        assert!(row.without_result.measured > 0.0, "it does happen: {row:?}");
    }

    #[test]
    fn attack_50_the_heir_gains_the_difference_of_two_fees() {
        let row = inherit(&Jobs::new(2), 2_000, 0.2).unwrap();
        assert!((row.heir - 0.2).abs() < 1e-9, "a − b: {row:?}");
        assert!(row.coalition.ci_high < 0.5, "{row:?}");
        assert!((row.primary_loses - 3.0).abs() < 1e-9, "{row:?}");
    }
}
