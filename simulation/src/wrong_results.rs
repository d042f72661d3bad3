//! How often a coalition that always cheats gets its value accepted, measured against the formula of 2.1.
//!
//! Where the formula expects fewer than ten events, a second measurement samples the rare committees more often: the coalition
//! is made half of the pool, and every execution counts as much less as its committees are less likely with the true
//! coalition. The weight is exact: the draw takes runners of equal stake without replacement, so it is a quotient of
//! falling factorials.

use mesg_protocol::ids::ExecutionId;
use mesg_protocol::terms::Committee;
use serde::{Deserialize, Serialize};

use crate::coalition::{Accepted, AlwaysCheats, Coalition, Seats, accepted};
use crate::court::Court;
use crate::error::SimError;
use crate::formula::{Population, Rates, rates};
use crate::interval::{Measured, float};
use crate::jobs::Jobs;
use crate::pool::{Pool, Randomness};
use crate::rows::{DEFAULT, Rows, named};

/// Runners of the pool: the whole tree, two seats each.
pub const RUNNERS: u32 = 65_536;
/// Seats of each.
const LEAF: u32 = 2;
/// Below so many expected events a rate is also measured by importance sampling.
const RARE: f64 = 10.0;

/// Shares of the coalition.
pub const SHARES: [f64; 4] = [0.05, 0.1, 0.2, 0.33];

/// Committees measured: k1 → k2 → k3.
pub const COMMITTEES: [Committee; 4] = [
    Committee { k1: 3, k2: 5, k3: None },
    Committee { k1: 3, k2: 5, k3: Some(11) },
    DEFAULT,
    Committee { k1: 5, k2: 15, k3: Some(31) },
];

/// How a rate was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Events counted.
    Direct,
    /// Half of the pool cheats, and executions are weighed by how likely they really are.
    Importance,
}

/// One measured rate beside its formula.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its sizes, `k1→k2→k3`.
    pub committee: String,
    /// The coalition's share of the pool.
    pub p: f64,
    /// The rate by the formula of 2.1, of independent seats.
    pub formula: f64,
    /// The rate by the same formula in the pool that was drawn from, without replacement.
    pub formula_in_pool: f64,
    /// What was measured.
    #[serde(flatten)]
    pub rate: Measured,
    /// Executions played.
    pub executions: u64,
    /// Events among them, not weighed.
    pub events: u64,
    /// How.
    pub method: Method,
    /// 3 / executions where no event was seen: the rate lies below it with 95 % confidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_of_three: Option<f64>,
}

/// What was measured, and how much work the rounds were.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WrongResults {
    /// The primary cheats and its value is accepted. One row for each committee and share, by the better method.
    pub rows: Vec<Row>,
    /// An honest primary's value is replaced by the coalition's; of the executions with an honest primary.
    pub overturned: Vec<Row>,
    /// Rates whose row above is by importance sampling, counted directly.
    pub rare_counted: Vec<Row>,
    /// No value is accepted: the user is refunded.
    pub undecided: Vec<Row>,
    /// Seats beside the primary's, in all rounds: a mean.
    pub validators: Vec<Row>,
}

/// Sums over executions.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Sums {
    executions: u64,
    honest_primary: u64,
    wrong: u64,
    overturned: u64,
    undecided: u64,
    validators: u64,
    validators_squared: u64,
    wrong_weight: f64,
    wrong_weight_squared: f64,
    overturned_weight: f64,
    overturned_weight_squared: f64,
}

/// Measures `committees` and `shares`, `executions` of each.
///
/// # Errors
/// Those of the draw, the rules and the journal.
pub fn run(jobs: &Jobs, executions: u64, committees: &[Committee], shares: &[f64]) -> Result<WrongResults, SimError> {
    let pool = Pool::of((0..RUNNERS).map(|_| LEAF))?;
    let mut results = WrongResults::default();
    for committee in committees {
        for share in shares {
            Cell { pool: &pool, committee: *committee, p: *share }.measure(jobs, executions, &mut results)?;
        }
    }
    Ok(results)
}

/// One committee, one share.
struct Cell<'a> {
    pool: &'a Pool,
    committee: Committee,
    p: f64,
}

impl Cell<'_> {
    fn measure(&self, jobs: &Jobs, executions: u64, results: &mut WrongResults) -> Result<(), SimError> {
        let coalition = Coalition::share_of(self.p, RUNNERS);
        let formula = rates(self.committee, Population::Independent(self.p));
        let in_pool = rates(self.committee, Population::Pool { coalition: coalition.runners, size: RUNNERS });
        let row = |rate: Measured, events, executions, method, of: fn(&Rates) -> f64| Row {
            committee: named(self.committee),
            p: self.p,
            formula: of(&formula),
            formula_in_pool: of(&in_pool),
            rate,
            executions,
            events,
            method,
            rule_of_three: (events == 0).then(|| 3.0 / float(executions)),
        };
        let direct = self.sums(jobs, executions, coalition, coalition)?;
        let n = direct.executions;
        let wrong = row(Measured::rate(direct.wrong, n), direct.wrong, n, Method::Direct, |rates| rates.wrong);
        let overturned = Measured::rate(direct.overturned, direct.honest_primary);
        let overturned = row(overturned, direct.overturned, n, Method::Direct, |rates| rates.overturned);
        let undecided = Measured::rate(direct.undecided, n);
        results.undecided.push(row(undecided, direct.undecided, n, Method::Direct, |rates| rates.undecided));
        let seats = Measured::mean(float(direct.validators), float(direct.validators_squared), n);
        results.validators.push(row(seats, direct.validators, n, Method::Direct, |rates| rates.validators));
        let rare = |row: &Row| row.formula * float(executions) < RARE;
        if !rare(&wrong) && !rare(&overturned) {
            results.rows.push(wrong);
            results.overturned.push(overturned);
            return Ok(());
        }
        let half = Coalition { runners: RUNNERS / 2 };
        let sums = self.sums(jobs, executions, coalition, half)?;
        let n = sums.executions;
        let weighed = Measured::mean(sums.wrong_weight, sums.wrong_weight_squared, n);
        let wrong_weighed = row(weighed, sums.wrong, n, Method::Importance, |rates| rates.wrong);
        // Of the executions with an honest primary, whose share is known.
        let honest = 1.0 - f64::from(coalition.runners) / f64::from(RUNNERS);
        let weighed =
            Measured::mean(sums.overturned_weight / honest, sums.overturned_weight_squared / (honest * honest), n);
        let overturned_weighed = row(weighed, sums.overturned, n, Method::Importance, |rates| rates.overturned);
        for (counted, weighed, list) in
            [(wrong, wrong_weighed, &mut results.rows), (overturned, overturned_weighed, &mut results.overturned)]
        {
            if rare(&counted) {
                list.push(weighed);
                results.rare_counted.push(counted);
            } else {
                list.push(counted);
            }
        }
        Ok(())
    }

    /// Plays executions with the coalition `sampled`, weighed as if it were `real`.
    fn sums(&self, jobs: &Jobs, executions: u64, real: Coalition, sampled: Coalition) -> Result<Sums, SimError> {
        let name = format!("wrong {} p {} sampled {}", named(self.committee), self.p, sampled.runners);
        let rows = Rows::of(self.committee)?;
        let randomness = Randomness::of(&name, 0);
        let chunks = jobs.run_executions(&name, executions, |ids| {
            let mut court = Court::new(self.pool, &rows, randomness);
            let mut sums = Sums::default();
            for id in ids.map(ExecutionId) {
                let case = court.play(id, &mut AlwaysCheats(sampled))?;
                let seats = Seats::of(&case.execution, sampled);
                sums.add(seats, accepted(&case), seats.likelier(RUNNERS, real, sampled));
            }
            Ok(sums)
        })?;
        Ok(chunks.iter().fold(Sums::default(), Sums::merge))
    }
}

impl Sums {
    fn add(&mut self, seats: Seats, accepted: Accepted, weight: f64) {
        let add = |sum: &mut u64, is: bool| *sum = sum.saturating_add(is.into());
        self.executions = self.executions.saturating_add(1);
        add(&mut self.honest_primary, !seats.primary);
        let cheated = accepted == Accepted::Wrong;
        let wrong = cheated && seats.primary;
        let overturned = cheated && !seats.primary;
        add(&mut self.wrong, wrong);
        add(&mut self.overturned, overturned);
        add(&mut self.undecided, accepted == Accepted::Nothing);
        let validators = u64::from(seats.coalition).saturating_add(seats.others.into()).saturating_sub(1);
        self.validators = self.validators.saturating_add(validators);
        self.validators_squared = self.validators_squared.saturating_add(validators.saturating_mul(validators));
        if wrong {
            self.wrong_weight += weight;
            self.wrong_weight_squared += weight * weight;
        }
        if overturned {
            self.overturned_weight += weight;
            self.overturned_weight_squared += weight * weight;
        }
    }

    fn merge(self, other: &Self) -> Self {
        Self {
            executions: self.executions.saturating_add(other.executions),
            honest_primary: self.honest_primary.saturating_add(other.honest_primary),
            wrong: self.wrong.saturating_add(other.wrong),
            overturned: self.overturned.saturating_add(other.overturned),
            undecided: self.undecided.saturating_add(other.undecided),
            validators: self.validators.saturating_add(other.validators),
            validators_squared: self.validators_squared.saturating_add(other.validators_squared),
            wrong_weight: self.wrong_weight + other.wrong_weight,
            wrong_weight_squared: self.wrong_weight_squared + other.wrong_weight_squared,
            overturned_weight: self.overturned_weight + other.overturned_weight,
            overturned_weight_squared: self.overturned_weight_squared + other.overturned_weight_squared,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXECUTIONS: u64 = 5_000;

    #[test]
    fn attack_19_a_cheating_coalition_wins_as_often_as_the_formula_says() {
        let results = run(&Jobs::new(2), EXECUTIONS, &[DEFAULT], &[0.33]).unwrap();
        let lists = [&results.rows, &results.overturned, &results.undecided, &results.validators];
        for row in lists.into_iter().flatten() {
            assert!(row.rate.contains(row.formula), "{row:?}");
            assert_eq!((row.method, row.executions), (Method::Direct, EXECUTIONS));
        }
        assert!(results.rare_counted.is_empty());
    }

    #[test]
    fn attack_19_rare_captures_are_weighed() {
        let largest = Committee { k1: 5, k2: 15, k3: Some(31) };
        let results = run(&Jobs::new(2), EXECUTIONS, &[largest], &[0.1]).unwrap();
        for row in results.rows.iter().chain(&results.overturned) {
            assert_eq!(row.method, Method::Importance);
            assert!(row.rate.contains(row.formula), "{row:?}");
            assert!(row.rate.ci_low > 0.0 && row.events > 10, "{row:?}");
        }
        for row in &results.rare_counted {
            assert_eq!((row.events, row.rule_of_three), (0, Some(3.0 / float(EXECUTIONS))));
            assert!(row.rate.contains(row.formula), "{row:?}");
        }
    }
}
