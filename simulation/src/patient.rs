//! The patient coalition of 2.1: it cheats only on committees that are all its own, and fears nothing but somebody who
//! runs the task again.

use std::ops::Range;

use mesg_protocol::execution::ROUND_1;
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::terms::Committee;
use serde::{Deserialize, Serialize};

use crate::coalition::{Accepted, AlwaysCheats, Blocks, Coalition, Patient, Seats, accepted};
use crate::court::{Behaviour, Court, in_a};
use crate::error::SimError;
use crate::formula::{Population, full_house};
use crate::interval::{Measured, float};
use crate::jobs::Jobs;
use crate::pool::{Pool, Randomness};
use crate::rows::{DEFAULT, Rows, named};
use crate::wrong_results::RUNNERS;

/// Seats of each runner.
const LEAF: u32 = 2;
/// Committees of its own that a chunk plays at most.
const OWN: u64 = 250;

/// How often it has a committee of its own.
#[derive(Clone, Debug, Serialize)]
pub struct OpportunityRow {
    /// The committee's sizes.
    pub committee: String,
    /// Its share of the pool.
    pub p: f64,
    /// Honest runners that it can keep from sealing.
    pub offline: u32,
    /// p^(k1 + 1) where nobody is kept, else the same sum over the spares.
    pub formula: f64,
    /// Wrong results accepted, by importance sampling.
    #[serde(flatten)]
    pub rate: Measured,
    /// Executions played.
    pub executions: u64,
}

/// What becomes of a committee of its own that cheats and is challenged.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ChallengedRow {
    /// Its share of the pool.
    pub p: f64,
    /// Whether its jurors of round 3 stand by the wrong value.
    pub defends: bool,
    /// The wrong value stands all the same.
    #[serde(flatten)]
    pub stands: Measured,
    /// Slashed, in units of a: a mean.
    pub slashed: f64,
    /// (k1 + 2) · B/2, in units of a.
    pub formula: f64,
    /// Slashed, and fees that honest seats would have earned, in units of a: a mean.
    pub loss: f64,
    /// Committees played.
    pub executions: u64,
}

/// Value of one opportunity, relative to honest work, when somebody challenges with chance w.
#[derive(Clone, Debug, Serialize)]
pub struct ValueRow {
    /// The coalition's share of the pool.
    pub p: f64,
    /// Chance that somebody runs the task again and challenges.
    pub w: f64,
    /// Below this value of a wrong result it loses, by 2.1: w/(1 − w) · (k1 + 2) · B/2, in units of a.
    pub break_even_formula: f64,
    /// The same, from the slashes and fees that were measured.
    pub break_even: f64,
    /// The same, if its jurors of round 3 stand by the wrong value.
    pub break_even_defending: f64,
    /// Expected gain of an opportunity, in units of a, by the value of a wrong result, in units of a.
    pub gain_by_value: Vec<(f64, f64)>,
    /// Expected gain of a request, whoever is drawn: the gain of an opportunity times its rate.
    pub gain_by_value_per_request: Vec<(f64, f64)>,
}

/// What a coalition loses that cheats or blocks with whatever seats it is drawn for.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AlwaysRow {
    /// What it does.
    pub strategy: &'static str,
    /// Its share of the pool.
    pub p: f64,
    /// Loss for each request, relative to honest work and without the value of wrong results, in units of a.
    #[serde(flatten)]
    pub loss: Measured,
    /// Wrong results for each request, honest primaries' included.
    pub wrong: f64,
    /// Executions without any result.
    pub undecided: f64,
    /// Below this value of a wrong result it loses, in units of a; nothing where there are no wrong results.
    pub break_even: Option<f64>,
    /// Executions played.
    pub executions: u64,
}

/// All of it.
#[derive(Clone, Debug, Serialize)]
pub struct PatientResults {
    /// How often it has a committee of its own.
    pub opportunities: Vec<OpportunityRow>,
    /// What a challenge costs it.
    pub challenged: Vec<ChallengedRow>,
    /// Its expected gain.
    pub value: Vec<ValueRow>,
    /// The impatient one, for comparison.
    pub always: Vec<AlwaysRow>,
}

/// Values of a wrong result, in units of a.
pub const VALUES: [f64; 8] = [0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 1_000.0];
/// Chances of a challenge.
pub const WATCHED: [f64; 3] = [0.001, 0.01, 0.1];

/// Numbers of executions.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// For each row of opportunities.
    pub opportunities: u64,
    /// Committees of its own.
    pub own: u64,
    /// For each row of the one that always cheats.
    pub always: u64,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Sums {
    count: u64,
    sum: f64,
    squares: f64,
    wrong: u64,
    undecided: u64,
    slashed: f64,
}

impl Sums {
    fn add(&mut self, value: f64) {
        self.count = self.count.saturating_add(1);
        self.sum += value;
        self.squares += value * value;
    }

    fn merge(self, other: &Self) -> Self {
        Self {
            count: self.count.saturating_add(other.count),
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
            wrong: self.wrong.saturating_add(other.wrong),
            undecided: self.undecided.saturating_add(other.undecided),
            slashed: self.slashed + other.slashed,
        }
    }

    fn mean(&self) -> Measured {
        Measured::mean(self.sum, self.squares, self.count)
    }
}

/// Measures the shares `p`.
///
/// # Errors
/// Those of the draw, the rules and the journal.
pub fn run(jobs: &Jobs, sizes: Sizes, shares: &[f64]) -> Result<PatientResults, SimError> {
    let pool = Pool::of((0..RUNNERS).map(|_| LEAF))?;
    let mut results =
        PatientResults { opportunities: Vec::new(), challenged: Vec::new(), value: Vec::new(), always: Vec::new() };
    for p in shares {
        let study = Study { jobs, pool: &pool, p: *p, coalition: Coalition::share_of(*p, RUNNERS) };
        for offline in 0..=2 {
            results.opportunities.push(study.opportunities(sizes.opportunities, offline)?);
        }
        let quiet = study.challenged(sizes.own, false)?;
        let defending = study.challenged(sizes.own, true)?;
        results.value.extend(WATCHED.map(|w| study.value(w, &quiet, &defending)));
        results.challenged.extend([quiet, defending]);
        results.always.push(study.always(sizes.always, "cheats", AlwaysCheats)?);
        results.always.push(study.always(sizes.always, "blocks", Blocks::new)?);
    }
    Ok(results)
}

/// One share of the pool, with the default committee.
struct Study<'a> {
    jobs: &'a Jobs,
    pool: &'a Pool,
    p: f64,
    coalition: Coalition,
}

impl Study<'_> {
    fn opportunities(&self, executions: u64, offline: u32) -> Result<OpportunityRow, SimError> {
        let name = format!("patient p {} offline {offline}", self.p);
        let (rows, randomness) = (Rows::of(DEFAULT)?, Randomness::of(&name, 0));
        let sampled = Coalition { runners: RUNNERS / 2 };
        let asked = DEFAULT.wanted();
        let sums = self.sums(&name, executions, |ids, sums| {
            let mut court = Court::new(self.pool, &rows, randomness);
            for id in ids.map(ExecutionId) {
                let case = court.play(id, &mut Patient::new(sampled, offline))?;
                let wrong = accepted(&case) == Accepted::Wrong;
                // All that decides: the seats of round 1 and the spares, whoever sat in the end.
                let order = court.order(id, ROUND_1, asked)?;
                let own = order.iter().filter(|candidate| sampled.has(candidate.runner)).count();
                let own = u32::try_from(own).unwrap_or_default();
                let seats = Seats { coalition: own, others: u32::from(asked).saturating_sub(own), primary: false };
                sums.add(if wrong { seats.likelier(RUNNERS, self.coalition, sampled) } else { 0.0 });
            }
            Ok(())
        })?;
        Ok(OpportunityRow {
            committee: named(DEFAULT),
            p: self.p,
            offline,
            formula: full_house(DEFAULT, Population::Independent(self.p), offline),
            rate: sums.mean(),
            executions: sums.count,
        })
    }

    /// Plays committees of its own that cheat and are challenged.
    fn challenged(&self, committees: u64, defends: bool) -> Result<ChallengedRow, SimError> {
        let name = format!("challenged p {} defends {defends}", self.p);
        let (rows, randomness) = (Rows::of(DEFAULT)?, Randomness::of(&name, 0));
        let seats = DEFAULT.seats();
        let size = committees.clamp(1, OWN);
        let chunks = self.jobs.run(&name, committees.div_ceil(size), |chunk| {
            let mut court = Court::new(self.pool, &rows, randomness);
            let mut sums = Sums::default();
            let mut number = chunk << 40;
            while sums.count < size {
                number = number.saturating_add(1);
                let id = ExecutionId(number);
                let order = court.order(id, ROUND_1, seats)?;
                if !order.iter().all(|candidate| self.coalition.has(candidate.runner)) {
                    continue;
                }
                let mut patient = Patient { defends, watched: true, ..Patient::new(self.coalition, 0) };
                let case = court.play(id, &mut patient)?;
                sums.add(case.net(|runner| self.coalition.has(runner)));
                sums.slashed += case.slashed(|runner| self.coalition.has(runner));
                sums.wrong = sums.wrong.saturating_add((accepted(&case) == Accepted::Wrong).into());
            }
            Ok(sums)
        })?;
        let sums = chunks.iter().fold(Sums::default(), Sums::merge);
        let count = float(sums.count);
        Ok(ChallengedRow {
            p: self.p,
            defends,
            stands: Measured::rate(sums.wrong, sums.count),
            slashed: sums.slashed / count,
            formula: f64::from(DEFAULT.k1.saturating_add(2)) * in_a(rows.terms.seat_bond) / 2.0,
            loss: honest_fees(&rows, DEFAULT) - sums.sum / count,
            executions: sums.count,
        })
    }

    /// Expected gain of cheating, by value, from what challenges cost.
    fn value(&self, w: f64, quiet: &ChallengedRow, defending: &ChallengedRow) -> ValueRow {
        let stands = |row: &ChallengedRow| 1.0 - w * (1.0 - row.stands.measured);
        let break_even = |row: &ChallengedRow| w * row.loss / stands(row);
        let better = if break_even(quiet) <= break_even(defending) { quiet } else { defending };
        let gain = |value: f64| stands(better) * value - w * better.loss;
        let rate = full_house(DEFAULT, Population::Independent(self.p), 0);
        ValueRow {
            p: self.p,
            w,
            break_even_formula: w / (1.0 - w) * quiet.formula,
            break_even: break_even(quiet),
            break_even_defending: break_even(defending),
            gain_by_value: VALUES.map(|value| (value, gain(value))).to_vec(),
            gain_by_value_per_request: VALUES.map(|value| (value, rate * gain(value))).to_vec(),
        }
    }

    /// What a strategy costs for each request, against honest work on the same seats.
    fn always<B: Behaviour>(
        &self,
        executions: u64,
        strategy: &'static str,
        behaviour: impl Fn(Coalition) -> B + Sync,
    ) -> Result<AlwaysRow, SimError> {
        let name = format!("always {strategy} p {}", self.p);
        let (rows, randomness) = (Rows::of(DEFAULT)?, Randomness::of(&name, 0));
        let nobody = Coalition { runners: 0 };
        let sums = self.sums(&name, executions, |ids, sums| {
            let mut court = Court::new(self.pool, &rows, randomness);
            for id in ids.map(ExecutionId) {
                let case = court.play(id, &mut behaviour(self.coalition))?;
                let honest = court.play(id, &mut AlwaysCheats(nobody))?;
                let own = |runner| self.coalition.has(runner);
                sums.add(honest.net(own) - case.net(own));
                let accepted = accepted(&case);
                sums.wrong = sums.wrong.saturating_add((accepted == Accepted::Wrong).into());
                sums.undecided = sums.undecided.saturating_add((accepted == Accepted::Nothing).into());
            }
            Ok(())
        })?;
        let (loss, count) = (sums.mean(), float(sums.count));
        let wrong = float(sums.wrong) / count;
        let undecided = float(sums.undecided) / count;
        let break_even = (sums.wrong > 0).then(|| loss.measured / wrong);
        Ok(AlwaysRow { strategy, p: self.p, loss, wrong, undecided, break_even, executions: sums.count })
    }

    fn sums(
        &self,
        name: &str,
        executions: u64,
        work: impl Fn(Range<u64>, &mut Sums) -> Result<(), SimError> + Sync,
    ) -> Result<Sums, SimError> {
        let chunks = self.jobs.run_executions(name, executions, |ids| {
            let mut sums = Sums::default();
            work(ids, &mut sums)?;
            Ok(sums)
        })?;
        Ok(chunks.iter().fold(Sums::default(), Sums::merge))
    }
}

/// What round 1 earns for honest work, in units of a.
fn honest_fees(rows: &Rows, committee: Committee) -> f64 {
    1.0 + f64::from(committee.k1) * f64::from(rows.terms.validator.get()) / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_19_a_patient_coalition_is_as_rare_and_as_liable_as_the_mechanism_says() {
        let sizes = Sizes { opportunities: 5_000, own: 100, always: 3_000 };
        let results = run(&Jobs::new(2), sizes, &[0.2]).unwrap();
        for row in &results.opportunities {
            assert!(row.rate.contains(row.formula), "{row:?}");
        }
        let quiet = results.challenged.first().unwrap();
        assert!((quiet.slashed - quiet.formula).abs() < 1e-9 && (quiet.formula - 54.0).abs() < 1e-9, "{quiet:?}");
        assert_eq!(quiet.stands.measured, 0.0, "the truth wins a challenge that nobody contests");
        let one_percent = results.value.iter().find(|row| row.w > 0.005 && row.w < 0.05).unwrap();
        assert!((one_percent.break_even_formula - 0.55).abs() < 0.01, "{one_percent:?}");
        // Fees are lost too, but the coalition's jurors of round 3 earn about as much.
        assert!((one_percent.break_even / one_percent.break_even_formula - 1.0).abs() < 0.05, "{one_percent:?}");
        for row in &results.always {
            assert!(row.loss.ci_low > 0.0, "{row:?}");
            assert!(row.break_even.is_none_or(|value| value > 100.0), "{row:?}");
        }
    }
}
