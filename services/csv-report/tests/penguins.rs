//! Both tasks on the public data set in `data/`, held against figures from exact fractions in another language.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};

const PENGUINS: &str = include_str!("../data/penguins.csv");

fn run(task: &str, input: Value) -> Value {
    let output = csv_report::run(&json!({"ctx": {}, "task": task, "input": input}).to_string()).unwrap();
    serde_json::from_str(&output).unwrap()
}

#[test]
fn report_of_all_columns() {
    let report = run("report", json!({"csv": PENGUINS, "empty": ["NA"], "digits": 4}));
    assert_eq!(report["rows"], 344);
    assert_eq!(report["columns"].as_array().unwrap().len(), 8);
    for (column, kind, count, distinct, [min, max, sum, mean], quartiles) in [
        (2, "decimal", 342, 164, ["32.1", "59.6", "15021.3", "43.9219"], ["39.2250", "44.4500", "48.5000"]),
        (3, "decimal", 342, 80, ["13.1", "21.5", "5865.7", "17.1512"], ["15.6000", "17.3000", "18.7000"]),
        (4, "integer", 342, 55, ["172", "231", "68713", "200.9152"], ["190.0000", "197.0000", "213.0000"]),
        (5, "integer", 342, 94, ["2700", "6300", "1437000", "4201.7544"], ["3550.0000", "4050.0000", "4750.0000"]),
        (7, "integer", 344, 3, ["2007", "2009", "690762", "2008.0291"], ["2007.0000", "2008.0000", "2009.0000"]),
    ] {
        let got = &report["columns"][column];
        assert_eq!(
            (&got["type"], &got["count"], &got["distinct"]),
            (&json!(kind), &json!(count), &json!(distinct)),
            "{got}"
        );
        assert_eq!([&got["min"], &got["max"], &got["sum"], &got["mean"]], [min, max, sum, mean]);
        let values: Vec<&Value> = got["quantiles"].as_array().unwrap().iter().map(|q| &q["value"]).collect();
        assert_eq!(values, quartiles);
    }
    assert_eq!(
        report["columns"][6],
        json!({"name": "sex", "type": "text", "count": 333, "empty": 11, "distinct": 2, "min_length": 4, "max_length": 6,
            "top": [{"value": "male", "count": 168}, {"value": "female", "count": 165}]})
    );
}

#[test]
fn groups_of_species_and_sex() {
    let grouped = run(
        "group",
        json!({"csv": PENGUINS, "empty": ["NA"], "digits": "2", "by": ["species", "sex"], "aggregates": [
            {"function": "count", "column": "body_mass_g"}, {"function": "mean", "column": "body_mass_g"},
            {"function": "quantile", "column": "bill_length_mm", "q": "0.9"}, {"function": "distinct", "column": "island"},
        ]}),
    );
    let expected = [
        (["Adelie", ""], 6, 5, "3540.00", "40.32", 2),
        (["Adelie", "female"], 73, 73, "3368.84", "39.68", 3),
        (["Adelie", "male"], 73, 73, "4043.49", "43.06", 3),
        (["Chinstrap", "female"], 34, 34, "3527.21", "50.17", 1),
        (["Chinstrap", "male"], 34, 34, "3938.97", "52.77", 1),
        (["Gentoo", ""], 5, 4, "4587.50", "46.97", 1),
        (["Gentoo", "female"], 58, 58, "4679.74", "48.26", 1),
        (["Gentoo", "male"], 61, 61, "5484.84", "52.20", 1),
    ];
    let groups: Vec<Value> = expected
        .map(|(key, rows, count, mean, quantile, islands)| json!({"key": key, "rows": rows, "values": [count, mean, quantile, islands]}))
        .to_vec();
    assert_eq!(grouped, json!({"rows": 344, "groups": groups}));
}

#[test]
fn the_sample_is_every_fifth_row_and_fits_inline() {
    let sample = include_str!("../data/penguins-sample.csv");
    let mut lines = PENGUINS.lines();
    let expected: Vec<&str> = lines.next().into_iter().chain(lines.step_by(5)).collect();
    assert_eq!(sample.lines().collect::<Vec<_>>(), expected);
    assert!(json!({"csv": sample, "empty": ["NA"]}).to_string().len() < 4096);
}
