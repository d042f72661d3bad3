//! docs/simulation.md and its plots, from a report.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::error::SimError;
use crate::formula::{Population, rates};
use crate::patient::ValueRow;
use crate::plot::{Plot, Series};
use crate::report::Report;
use crate::rows::{DEFAULT, named};
use crate::wrong_results::{COMMITTEES, Method, Row};

/// Words before the tables.
const INTRODUCTION: &str = include_str!("introduction.md");

/// Where the tables begin and end in `security.md`.
const MARKS: [&str; 2] = ["<!-- written by make sim -->\n", "<!-- end of what make sim writes -->"];

/// Writes `simulation.json`, `simulation.md`, `simulation/*.svg` and the tables of `security.md` into `docs`.
///
/// # Errors
/// A file cannot be written.
pub fn write(report: &Report, docs: &Path) -> Result<(), SimError> {
    let plots = docs.join("simulation");
    fs::create_dir_all(&plots)?;
    report.write(&docs.join("simulation.json"))?;
    wrong_results(report).write_logarithmic(&plots.join("wrong-results.svg"))?;
    gains(report).write(&plots.join("gains.svg"))?;
    lazy(report).write(&plots.join("lazy.svg"))?;
    fs::write(docs.join("simulation.md"), page(report))?;
    let security = docs.join("security.md");
    let text = fs::read_to_string(&security)?;
    Ok(fs::write(security, with_rates(&text, report)?)?)
}

/// The page on security with the rates of this report between its marks.
fn with_rates(page: &str, report: &Report) -> Result<String, SimError> {
    let parts = page.split_once(MARKS[0]).and_then(|(before, rest)| Some((before, rest.split_once(MARKS[1])?.1)));
    let (before, after) = parts.ok_or(SimError::NoMarks)?;
    let mut rates = "\n".to_owned();
    let cells = |row| row_cells(row, rate).into_iter().take(5).collect();
    table(&mut rates, &ROW_HEAD[..5], report.wrong_results.rows.iter().map(cells));
    rates += "![Wrong results by the coalition's share](simulation/wrong-results.svg)\n\n";
    rates += "![What strategies gain by the value of a wrong result](simulation/gains.svg)\n\n";
    Ok([before, MARKS[0], &rates, MARKS[1], after].concat())
}

fn page(report: &Report) -> String {
    let mut page = INTRODUCTION.to_owned();
    wrong_tables(report, &mut page);
    patient_tables(report, &mut page);
    griefing_table(report, &mut page);
    pool_tables(report, &mut page);
    lazy_tables(report, &mut page);
    page
}

/// A table: its head and its rows.
fn table(page: &mut String, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let rule = head.iter().map(|_| "---".to_owned()).collect::<Vec<_>>();
    let head = head.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    for row in [head, rule].into_iter().chain(rows) {
        // Writing into a string does not fail.
        let _ = writeln!(page, "| {} |", row.join(" | "));
    }
    page.push('\n');
}

fn heading(page: &mut String, title: &str, words: &str) {
    let _ = write!(page, "## {title}\n\n{words}\n\n");
}

/// A rate with three digits.
fn rate(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:.2e}") }
}

fn amount(value: f64) -> String {
    let text = format!("{value:.2}");
    if text == "-0.00" { "0.00".to_owned() } else { text }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn row_cells(row: &Row, show: fn(f64) -> String) -> Vec<String> {
    vec![
        row.committee.clone(),
        format!("{}", row.p),
        show(row.formula),
        show(row.rate.measured),
        format!("{} – {}", show(row.rate.ci_low), show(row.rate.ci_high)),
        format!("{}", row.executions),
        match row.method {
            Method::Direct => format!("{}", row.events),
            Method::Importance => format!("weighed, {}", row.events),
        },
    ]
}

const ROW_HEAD: [&str; 7] = ["committee", "p", "formula", "measured", "99.9 % interval", "executions", "events"];

fn wrong_tables(report: &Report, page: &mut String) {
    let results = &report.wrong_results;
    heading(page, "Wrong results", include_str!("words/wrong.md").trim());
    table(page, &ROW_HEAD, results.rows.iter().map(|row| row_cells(row, rate)));
    let _ = write!(page, "![Wrong results by the coalition's share](simulation/wrong-results.svg)\n\n");
    heading(page, "Honest primaries overturned", include_str!("words/overturned.md").trim());
    table(page, &ROW_HEAD, results.overturned.iter().map(|row| row_cells(row, rate)));
    if !results.rare_counted.is_empty() {
        let _ = write!(page, "The rare rates of both tables, counted without weights:\n\n");
        table(page, &ROW_HEAD, results.rare_counted.iter().map(|row| row_cells(row, rate)));
    }
    heading(page, "No result, and work", include_str!("words/work.md").trim());
    let both = results.undecided.iter().zip(&results.validators);
    let head = ["committee", "p", "undecided: formula", "measured", "validator seats: formula", "measured"];
    table(
        page,
        &head,
        both.map(|(undecided, seats)| {
            vec![
                undecided.committee.clone(),
                format!("{}", undecided.p),
                rate(undecided.formula),
                rate(undecided.rate.measured),
                amount(seats.formula),
                amount(seats.rate.measured),
            ]
        }),
    );
}

fn patient_tables(report: &Report, page: &mut String) {
    let patient = &report.patient;
    heading(page, "The patient coalition", include_str!("words/patient.md").trim());
    let head = ["committee", "p", "offline", "formula", "measured", "99.9 % interval", "executions"];
    table(
        page,
        &head,
        patient.opportunities.iter().map(|row| {
            vec![
                row.committee.clone(),
                format!("{}", row.p),
                format!("{}", row.offline),
                rate(row.formula),
                rate(row.rate.measured),
                format!("{} – {}", rate(row.rate.ci_low), rate(row.rate.ci_high)),
                format!("{}", row.executions),
            ]
        }),
    );
    heading(page, "Challenged", include_str!("words/challenged.md").trim());
    let head =
        ["p", "jurors of round 3", "stands", "99.9 % interval", "slashed", "(k1 + 2) · B/2", "loss", "committees"];
    table(
        page,
        &head,
        patient.challenged.iter().map(|row| {
            vec![
                format!("{}", row.p),
                if row.defends { "stand by it" } else { "tell the truth" }.to_owned(),
                rate(row.stands.measured),
                format!("{} – {}", rate(row.stands.ci_low), rate(row.stands.ci_high)),
                amount(row.slashed),
                amount(row.formula),
                amount(row.loss),
                format!("{}", row.executions),
            ]
        }),
    );
    heading(page, "What cheating brings", include_str!("words/value.md").trim());
    value_table(&patient.value, page);
    let _ = write!(page, "![Gain by value and chance of a challenge](simulation/gains.svg)\n\n");
    heading(page, "Coalitions that do not wait", include_str!("words/always.md").trim());
    let head = [
        "strategy",
        "p",
        "loss per request",
        "99.9 % interval",
        "wrong",
        "no result",
        "break-even value",
        "executions",
    ];
    table(
        page,
        &head,
        patient.always.iter().map(|row| {
            vec![
                row.strategy.to_owned(),
                format!("{}", row.p),
                amount(row.loss.measured),
                format!("{} – {}", amount(row.loss.ci_low), amount(row.loss.ci_high)),
                rate(row.wrong),
                rate(row.undecided),
                row.break_even.map_or_else(|| "–".to_owned(), |value| format!("{value:.0} a")),
                format!("{}", row.executions),
            ]
        }),
    );
}

fn value_table(rows: &[ValueRow], page: &mut String) {
    let mut head = vec![
        "p".to_owned(),
        "w".to_owned(),
        "break-even, 2.1".to_owned(),
        "measured".to_owned(),
        "defending".to_owned(),
    ];
    if let Some(first) = rows.first() {
        head.extend(first.gain_by_value.iter().map(|(value, _)| format!("V = {value} a")));
    }
    let head: Vec<_> = head.iter().map(String::as_str).collect();
    table(
        page,
        &head,
        rows.iter().map(|row| {
            let first = [
                format!("{}", row.p),
                percent(row.w),
                amount(row.break_even_formula),
                amount(row.break_even),
                amount(row.break_even_defending),
            ];
            first.into_iter().chain(row.gain_by_value.iter().map(|(_, gain)| amount(*gain))).collect()
        }),
    );
}

fn griefing_table(report: &Report, page: &mut String) {
    heading(page, "Griefing", include_str!("words/griefing.md").trim());
    let head = ["what", "griefer loses", "forced work", "others lose", "forced / lost", "griefing factor", "ends"];
    table(
        page,
        &head,
        report.griefing.iter().map(|row| {
            let amounts = [row.griefer_loses, row.forced_work, row.others_lose].map(amount);
            let factors = [row.forced_factor, row.factor].map(|it| it.map_or_else(|| "unbounded".to_owned(), amount));
            let first = std::iter::once(row.grief.to_owned()).chain(amounts);
            first.chain(factors).chain([row.outcome.to_owned()]).collect()
        }),
    );
}

fn pool_tables(report: &Report, page: &mut String) {
    heading(page, "Flooded pools (attack 56)", include_str!("words/saturation.md").trim());
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    table(
        page,
        &["pauses first", "declines its own", "goes on", "share of seats", "99.9 % interval", "times p", "pools"],
        report.saturation.iter().map(|row| {
            vec![
                yes(row.flood.pauses),
                yes(row.flood.declines),
                yes(row.flood.goes_on),
                percent(row.share.measured),
                format!("{} – {}", percent(row.share.ci_low), percent(row.share.ci_high)),
                amount(row.multiple),
                format!("{}", row.pools),
            ]
        }),
    );
    heading(page, "Declining everything (attack 73)", include_str!("words/declines.md").trim());
    table(
        page,
        &["committee", "p", "without result", "99.9 % interval", "executions"],
        report.declines.iter().map(|row| {
            let measured = &row.without_result;
            vec![
                row.committee.clone(),
                format!("{}", row.p),
                rate(measured.measured),
                format!("{} – {}", rate(measured.ci_low), rate(measured.ci_high)),
                format!("{}", row.executions),
            ]
        }),
    );
    heading(page, "Inheriting the primary's fee (attack 50)", include_str!("words/inheritance.md").trim());
    let row = &report.inheritance;
    let cells = vec![
        format!("{}", row.p),
        amount(row.heir),
        amount(row.coalition.measured),
        amount(row.primary_loses),
        format!("{}", row.executions),
    ];
    table(page, &["p", "heir gains", "its coalition gains", "primary loses", "committees"], [cells]);
    heading(page, "Split stakes (attack 1)", include_str!("words/sybil.md").trim());
    table(
        page,
        &[
            "identities",
            "whole seats",
            "share of the pool's seats",
            "share of drawn seats",
            "99.9 % interval",
            "executions",
        ],
        report.sybil.iter().map(|row| {
            vec![
                format!("{}", row.ids),
                format!("{}", row.seats),
                rate(row.stake_share),
                rate(row.share.measured),
                format!("{} – {}", rate(row.share.ci_low), rate(row.share.ci_high)),
                format!("{}", row.executions),
            ]
        }),
    );
}

fn lazy_tables(report: &Report, page: &mut String) {
    heading(page, "Lazy runners (attacks 17, 18)", include_str!("words/lazy.md").trim());
    table(
        page,
        &["how", "share", "a lazy seat earns", "an honest seat earns", "executions"],
        report.lazy.earnings.iter().map(|row| {
            vec![
                row.laziness.name().to_owned(),
                percent(row.share),
                amount(row.lazy_earns),
                amount(row.honest_earns),
                format!("{}", row.executions),
            ]
        }),
    );
    let _ = writeln!(page, "![Share of lazy runners by generation](simulation/lazy.svg)");
}

fn wrong_results(report: &Report) -> Plot {
    let series = COMMITTEES.map(|committee| {
        let name = named(committee);
        let curve = (4..=80).map(|step: u32| {
            let share = f64::from(step) / 200.0;
            (share, rates(committee, Population::Independent(share)).wrong)
        });
        let measured = report.wrong_results.rows.iter().filter(|row| row.committee == name);
        let points = measured.map(|row| (row.p, row.rate.measured, row.rate.ci_low, row.rate.ci_high));
        Series { points: points.collect(), curve: curve.collect(), name }
    });
    Plot {
        title: "Wrong results of a coalition that always cheats".into(),
        x_label: "share p of the pool".into(),
        y_label: "wrong results per request".into(),
        x: 0.0..0.4,
        y: 1e-9..1.0,
        series: series.to_vec(),
        legend_below: true,
    }
}

fn gains(report: &Report) -> Plot {
    let rows = report.patient.value.iter().filter(|row| row.p > 0.15 && row.p < 0.25);
    let series = rows.map(|row| Series {
        name: format!("challenged with chance {}", percent(row.w)),
        curve: row.gain_by_value.iter().copied().filter(|(value, _)| *value <= 10.0).collect(),
        points: row.gain_by_value.iter().filter(|(value, _)| *value <= 10.0).map(|(x, y)| (*x, *y, *y, *y)).collect(),
    });
    Plot {
        title: format!("A committee of its own, {}: expected gain of cheating, in a", named(DEFAULT)),
        x_label: "value V of a wrong result, in a".into(),
        y_label: "gain, in a".into(),
        x: 0.0..10.0,
        y: -6.0..11.0,
        series: series.collect(),
        legend_below: true,
    }
}

fn lazy(report: &Report) -> Plot {
    let series = report.lazy.evolution.iter().map(|evolution| {
        let curve = (0_u32..).map(f64::from).zip(evolution.shares.iter().copied());
        Series { name: evolution.laziness.name().to_owned(), curve: curve.collect(), points: Vec::new() }
    });
    let generations = report.lazy.evolution.iter().map(|evolution| evolution.shares.len()).max().unwrap_or(1);
    Plot {
        title: "Share of lazy runners, a third at first".into(),
        x_label: "generation".into(),
        y_label: "share of the pool".into(),
        x: 0.0..f64::from(u32::try_from(generations.saturating_sub(1).max(1)).unwrap_or(u32::MAX)),
        y: 0.0..0.4,
        series: series.collect(),
        legend_below: false,
    }
}
