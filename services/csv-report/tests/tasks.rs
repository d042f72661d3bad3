//! Options, errors and properties of both tasks.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use proptest::prelude::*;
use serde_json::{Value, json};

fn run(task: &str, input: Value) -> Result<Value, String> {
    let output = csv_report::run(&json!({"ctx": {}, "task": task, "input": input}).to_string())?;
    Ok(serde_json::from_str(&output).unwrap())
}

fn report(input: Value) -> Value {
    run("report", input).unwrap()
}

fn mistake(task: &str, input: Value) -> String {
    run(task, input).unwrap_err()
}

#[test]
fn columns_are_typed() {
    let csv = "id,ok,day,code,none,mixed,\"a, b\"\n1,true,2024-02-29,007,,1,x\n2,FALSE,1999-12-31,010,,1.50,\"y\n\"\n";
    let columns = &report(json!({"csv": csv}))["columns"];
    let kinds: Vec<&Value> = columns.as_array().unwrap().iter().map(|c| &c["type"]).collect();
    assert_eq!(kinds, ["integer", "boolean", "date", "text", "empty", "decimal", "text"]);
    assert_eq!(columns[1], json!({"name": "ok", "type": "boolean", "count": 2, "empty": 0, "distinct": 2, "true": 1}));
    assert_eq!(
        columns[2],
        json!({"name": "day", "type": "date", "count": 2, "empty": 0, "distinct": 2, "min": "1999-12-31", "max": "2024-02-29"})
    );
    assert_eq!(columns[4], json!({"name": "none", "type": "empty", "count": 0, "empty": 2, "distinct": 0}));
    assert_eq!(columns[5]["sum"], "2.5");
    assert_eq!(columns[6]["name"], "a, b");
}

#[test]
fn options_of_a_report() {
    let column = &report(
        json!({"csv": "1;5\n2;6\n2.0;x", "delimiter": ";", "header": false, "columns": ["c1"], "quantiles": ["0.1", 1],
        "quantile_method": "nearest_rank", "digits": 0, "rounding": "half_up", "top": 0}),
    )["columns"];
    assert_eq!(
        column,
        &json!([{"name": "c1", "type": "decimal", "count": 3, "empty": 0, "distinct": 2, "min": "1", "max": "2", "sum": "5",
        "mean": "2", "quantiles": [{"q": "0.1", "value": "1"}, {"q": "1", "value": "2"}]}])
    );
}

#[test]
fn numbers_are_exact_at_any_size() {
    let csv = format!("n\n0.1\n0.2\n{}\n-{}\n", "9".repeat(50), "9".repeat(50));
    let column = &report(json!({"csv": csv, "digits": 30}))["columns"][0];
    assert_eq!(column["sum"], "0.3");
    assert_eq!(column["mean"], format!("0.075{}", "0".repeat(27)));
}

#[test]
fn long_values_are_cut() {
    let top = &report(json!({"csv": format!("a\n{}\n", "ü".repeat(200))}))["columns"][0]["top"][0]["value"];
    assert_eq!(top.as_str().unwrap(), format!("{}…", "ü".repeat(80)));
}

#[test]
fn empty_groups_are_null() {
    let grouped = run(
        "group",
        json!({"csv": "k,v\nb,\na,1\n", "by": ["k"], "aggregates": [
        {"function": "sum", "column": "v"}, {"function": "count", "column": "v"}, {"function": "max", "column": "v"},
        {"function": "min", "column": "v"}, {"function": "mean", "column": "v"}]}),
    );
    assert_eq!(
        grouped.unwrap()["groups"],
        json!([
        {"key": ["a"], "rows": 1, "values": ["1", 1, "1", "1", "1.000000"]}, {"key": ["b"], "rows": 1, "values": [null, 0, null, null, null]}])
    );
}

#[test]
fn mistakes_name_the_place() {
    let ok = "a,b\n1,x\n";
    let group = |by: Value, aggregates: Value| {
        mistake("group", json!({"csv": "a,b\n1,x\n2,\"y\nz\"\n3,1\n", "by": by, "aggregates": aggregates}))
    };
    for (message, expected) in [
        (mistake("sum", json!({})), "no task \"sum\"; there are \"report\" and \"group\""),
        (mistake("report", json!({})), "input: missing field `csv`"),
        (mistake("report", json!({"csv": ok, "colums": []})), "input: unknown field `colums`"),
        (mistake("report", json!({"csv": ""})), "csv: no line"),
        (mistake("report", json!({"csv": "a,b\n1,2\n3\n"})), "csv, line 3: 1 cells, expected 2"),
        (mistake("report", json!({"csv": "a,a\n"})), "csv: two columns are named \"a\""),
        (mistake("report", json!({"csv": ",".repeat(256)})), "csv: 257 columns, at most 256"),
        (mistake("report", json!({"csv": ok, "delimiter": "ab"})), "delimiter: \"ab\" is not one ASCII character"),
        (mistake("report", json!({"csv": ok, "columns": ["c"]})), "columns: no column \"c\"; there are a, b"),
        (mistake("report", json!({"csv": ok, "digits": 31})), "digits: 31 is not a whole number from 0 to 30"),
        (mistake("report", json!({"csv": ok, "digits": "1.5"})), "digits: 1.5 is not a whole number from 0 to 30"),
        (mistake("report", json!({"csv": ok, "digits": "x"})), "input: \"x\" is not a decimal number"),
        (mistake("report", json!({"csv": ok, "top": 51})), "top: 51 is not a whole number from 0 to 50"),
        (mistake("report", json!({"csv": ok, "quantiles": ["1.1"]})), "quantiles: 1.1 is not from 0 to 1"),
        (mistake("report", json!({"csv": ok, "quantiles": vec![0; 21]})), "quantiles: 21 given, at most 20"),
        (mistake("report", json!({"csv": ok, "rounding": "up"})), "input: unknown variant `up`"),
        (group(json!(["a"]), json!([])), "aggregates: 0 given, 1 to 16 wanted"),
        (group(json!([]), json!([])), "by: 0 given, 1 to 16 wanted"),
        (group(json!(["c"]), json!([{"function": "sum", "column": "a"}])), "by: no column \"c\"; there are a, b"),
        (
            group(json!(["a"]), json!([{"function": "sum", "column": "b"}])),
            "csv, line 2, column \"b\": \"x\" is not a number",
        ),
        (
            group(json!(["b"]), json!([{"function": "mean", "column": "b"}])),
            "csv, line 2, column \"b\": \"x\" is not a number",
        ),
        (
            group(json!(["a"]), json!([{"function": "quantile", "column": "a"}])),
            "aggregates: quantile of \"a\" needs q",
        ),
        (
            group(json!(["a"]), json!([{"function": "sum", "column": "a", "q": 1}])),
            "aggregates: q of \"a\" is for quantile only",
        ),
        (csv_report::run("[]").unwrap_err(), "envelope"),
    ] {
        assert!(message.contains(expected), "{message:?} does not say {expected:?}");
    }
}

#[test]
fn groups_are_bounded() {
    let rows: String = (0..1_001).map(|n| format!("{n}\n")).collect();
    let message = mistake(
        "group",
        json!({"csv": format!("a\n{rows}"), "by": ["a"], "aggregates": [{"function": "count", "column": "a"}]}),
    );
    assert_eq!(message, "by: more than 1000 groups, reached at line 1002");
}

proptest! {
    #[test]
    fn the_order_of_rows_does_not_matter(mut rows in prop::collection::vec("-?[1-9][0-9]{0,8}(\\.[0-9]{1,4})?,[a-c]?", 1..40)) {
        let both = |rows: &[String]| {
            let csv = format!("n,k\n{}\n", rows.join("\n"));
            (report(json!({"csv": csv})), run("group", json!({"csv": csv, "by": ["k"], "aggregates": [
                {"function": "sum", "column": "n"}, {"function": "quantile", "column": "n", "q": "0.37"}]})).unwrap())
        };
        let forward = both(&rows);
        rows.reverse();
        prop_assert_eq!(forward, both(&rows));
    }

    #[test]
    fn sums_and_means_are_those_of_scaled_integers(cells in prop::collection::vec(-1_000_000_000i64..1_000_000_000, 1..60)) {
        let text = |n: i64| format!("{}{}.{:03}", if n < 0 { "-" } else { "" }, n.abs() / 1000, n.abs() % 1000);
        let csv: String = cells.iter().map(|n| text(*n) + "\n").collect();
        let column = report(json!({"csv": format!("n\n{csv}"), "digits": 3, "rounding": "down"}))["columns"][0].clone();
        let (sum, count) = (cells.iter().sum::<i64>(), i64::try_from(cells.len()).unwrap());
        let mean = text(sum / count);
        prop_assert_eq!(column["mean"].as_str().unwrap(), mean);
        let shown = column["sum"].as_str().unwrap();
        let whole = text(sum);
        let trimmed = whole.trim_end_matches('0').trim_end_matches('.');
        prop_assert_eq!(shown, if trimmed == "-0" { "0" } else { trimmed });
    }

    #[test]
    fn any_text_is_answered(csv in "[a,\"\n\r;1. \u{e9}-]{0,60}") {
        let _ = run("report", json!({"csv": csv}));
    }
}
