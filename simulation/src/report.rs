//! Everything that is measured, as one report: docs/simulation.json.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use mesg_protocol::digest::sha256;
use mesg_protocol::ids::ExecutionId;
use serde::Serialize;
use serde_json::Value;

use crate::coalition::{AlwaysCheats, AlwaysDeclines, Coalition, Patient, accepted};
use crate::court::Court;
use crate::declines::{self, DeclineRow, InheritanceRow};
use crate::error::SimError;
use crate::griefing::{self, GriefRow};
use crate::jobs::Jobs;
use crate::lazy::{self, LazyResults};
use crate::patient::{self, PatientResults, Sizes};
use crate::pool::{Pool, Randomness};
use crate::rows::{DEFAULT, Rows};
use crate::saturation::{self, SaturationRow};
use crate::sybil::{self, SybilRow};
use crate::wrong_results::{self, COMMITTEES, RUNNERS, SHARES, WrongResults};

/// How much is played.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Executions of each committee and share of the wrong results.
    pub executions: u64,
    /// Executions of each other rate.
    pub others: u64,
    /// Committees of a patient coalition's own that are challenged.
    pub own: u64,
    /// Pools flooded in each way.
    pub pools: u64,
    /// Executions of each share of lazy runners, and of each generation.
    pub lazy: u64,
    /// Generations.
    pub generations: usize,
}

impl Scale {
    /// What docs/simulation.json is made from.
    pub const FULL: Self =
        Self { executions: 1_000_000, others: 200_000, own: 2_000, pools: 2_000, lazy: 20_000, generations: 20 };
    /// The same in seconds: to see that everything works.
    pub const QUICK: Self = Self { executions: 500, others: 500, own: 5, pools: 2, lazy: 100, generations: 2 };
}

/// What makes kept results usable by another build: its rules decide and pay alike. A digest of verdicts, slashes and
/// payments of fixed executions with every committee.
///
/// # Errors
/// Those of the draw and the rules.
pub fn fingerprint() -> Result<Vec<u8>, SimError> {
    let pool = Pool::of((0..1_000).map(|_| 2))?;
    let coalition = Coalition { runners: 330 };
    let mut text = String::new();
    for committee in COMMITTEES {
        let rows = Rows::of(committee)?;
        let mut court = Court::new(&pool, &rows, Randomness::of("fingerprint", 0));
        for id in (0..300).map(ExecutionId) {
            for case in [
                court.play(id, &mut AlwaysCheats(coalition))?,
                court.play(id, &mut AlwaysDeclines(coalition))?,
                court.play(id, &mut Patient { watched: true, ..Patient::new(coalition, 2) })?,
            ] {
                let paid = &case.settlement;
                let slashed: Vec<_> = case.faults.iter().map(|fault| (fault.runner.0, fault.amount)).collect();
                let seats: Vec<_> = paid.seats.iter().map(|(runner, amount)| (runner.0, *amount)).collect();
                let others = [paid.user, paid.burn, paid.developer, paid.producers, paid.challenger];
                let phase = case.execution.phase.name();
                // Writing into a string does not fail.
                let _ = write!(text, "{phase} {:?} {slashed:?} {seats:?} {others:?}", accepted(&case));
            }
        }
    }
    Ok(text.into_bytes())
}

/// All results.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// SHA-256 of the [`fingerprint`]: which rules were played.
    pub rules: String,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Runners of equal stake in the pool that is drawn from.
    pub runners: u32,
    /// Wrong results, the rows of docs/mechanism.md 2.1.
    #[serde(flatten)]
    pub wrong_results: WrongResults,
    /// The patient coalition, and what strategies bring by value and watchfulness.
    pub patient: PatientResults,
    /// Griefing.
    pub griefing: Vec<GriefRow>,
    /// Attack 56.
    pub saturation: Vec<SaturationRow>,
    /// Attack 73.
    pub declines: Vec<DeclineRow>,
    /// Attack 50.
    pub inheritance: InheritanceRow,
    /// Attacks 17 and 18.
    pub lazy: LazyResults,
    /// Attack 1.
    pub sybil: Vec<SybilRow>,
}

/// Plays everything. `tell` hears what begins.
///
/// # Errors
/// Those of the draw, the rules and the journal.
pub fn run(jobs: &Jobs, scale: Scale, tell: impl Fn(&str)) -> Result<Report, SimError> {
    tell("griefing");
    let griefing = griefing::run(DEFAULT)?;
    tell("wrong results");
    let wrong_results = wrong_results::run(jobs, scale.executions, &COMMITTEES, &SHARES)?;
    tell("patient coalitions");
    let sizes = Sizes { opportunities: scale.others, own: scale.own, always: scale.others };
    let patient = patient::run(jobs, sizes, &[0.1, 0.2, 0.33])?;
    tell("declining");
    let declines = declines::run(jobs, scale.others, &SHARES)?;
    let inheritance = declines::inherit(jobs, scale.others, 0.2)?;
    tell("saturation");
    let saturation = saturation::run(jobs, scale.pools)?;
    tell("lazy runners");
    let shares = [0.01, 0.05, 0.1, 0.2, 0.33, 0.5];
    let lazy = lazy::run(jobs, scale.lazy, &shares, scale.generations)?;
    tell("sybils");
    let sybil = sybil::run(jobs, scale.executions, &[1, 10, 100])?;
    Ok(Report {
        rules: sha256(&[&fingerprint()?]).to_string(),
        confidence: 0.999,
        runners: RUNNERS,
        wrong_results,
        patient,
        griefing,
        saturation,
        declines,
        inheritance,
        lazy,
        sybil,
    })
}

impl Report {
    /// Rates whose formula lies outside of the measured interval.
    #[must_use]
    pub fn contradictions(&self) -> Vec<String> {
        let results = &self.wrong_results;
        let lists =
            [&results.rows, &results.overturned, &results.rare_counted, &results.undecided, &results.validators];
        let rows = lists.into_iter().flatten().filter(|row| !row.rate.contains(row.formula));
        let opportunities = self.patient.opportunities.iter().filter(|row| !row.rate.contains(row.formula));
        rows.map(|row| format!("{row:?}")).chain(opportunities.map(|row| format!("{row:?}"))).collect()
    }

    /// Writes the report as JSON with six significant digits.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), SimError> {
        let mut json = serde_json::to_value(self)?;
        round(&mut json);
        let mut text = serde_json::to_string_pretty(&json)?;
        text.push('\n');
        Ok(fs::write(path, text)?)
    }
}

/// Floats to six significant digits.
fn round(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().and_then(|float| format!("{float:.5e}").parse::<f64>().ok());
            *value = rounded.map_or(Value::Null, Value::from);
        }
        Value::Array(items) => items.iter_mut().for_each(round),
        Value::Object(fields) => fields.values_mut().for_each(round),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;

    #[test]
    fn a_quick_run_gives_every_table_and_plot() {
        let dir = tempfile::tempdir().unwrap();
        let report = run(&Jobs::new(2), Scale::QUICK, |_| {}).unwrap();
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        fs::copy(docs.join("security.md"), dir.path().join("security.md")).unwrap();
        document::write(&report, dir.path()).unwrap();
        let json: Value =
            serde_json::from_str(&fs::read_to_string(dir.path().join("simulation.json")).unwrap()).unwrap();
        let rows = json.get("rows").and_then(Value::as_array).unwrap();
        assert_eq!(rows.len(), COMMITTEES.len().saturating_mul(SHARES.len()));
        for field in ["committee", "p", "formula", "measured", "ci_low", "ci_high", "executions"] {
            assert!(rows.iter().all(|row| row.get(field).is_some()), "{field}");
        }
        let page = fs::read_to_string(dir.path().join("simulation.md")).unwrap();
        for plot in ["wrong-results", "gains", "lazy"] {
            let path = format!("simulation/{plot}.svg");
            assert!(page.contains(&path) && dir.path().join(&path).is_file(), "{path}");
        }
        let security = fs::read_to_string(dir.path().join("security.md")).unwrap();
        assert_eq!(security.matches("| 3→9→21 |").count(), SHARES.len(), "{security}");
    }

    /// What stands in docs/: the rules as they are, a million executions of each row, every formula inside of its interval.
    #[test]
    fn the_report_in_docs_agrees_with_the_formula() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/simulation.json");
        let json: Value = serde_json::from_str(&fs::read_to_string(docs).unwrap()).unwrap();
        let rules = sha256(&[&fingerprint().unwrap()]).to_string();
        assert_eq!(json.get("rules").and_then(Value::as_str), Some(rules.as_str()), "the rules changed: make sim");
        for list in ["rows", "overturned", "rare_counted"] {
            for row in json.get(list).and_then(Value::as_array).unwrap() {
                let number = |field: &str| row.get(field).and_then(Value::as_f64).unwrap();
                assert!(number("executions") >= 1e6, "{row}");
                assert!(number("ci_low") <= number("formula") && number("formula") <= number("ci_high"), "{row}");
            }
        }
    }
}
