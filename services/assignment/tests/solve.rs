//! The solver against trying everything, the checker against wrong answers.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use proptest::prelude::*;
use serde_json::{Value, json};

fn envelope(input: &Value) -> String {
    json!({"ctx": {}, "task": "solve", "input": input}).to_string()
}

fn solve(input: &Value) -> Value {
    serde_json::from_str(&assignment::run(&envelope(input)).unwrap()).unwrap()
}

fn check(input: &Value, output: &Value) -> Result<String, String> {
    assignment::verify(&envelope(input), &output.to_string())
}

fn mistake(input: &Value) -> String {
    assignment::run(&envelope(input)).unwrap_err()
}

/// The least total, by trying every assignment.
fn least(costs: &[Vec<i64>], free: &mut Vec<bool>) -> i64 {
    let Some((row, rest)) = costs.split_first() else { return 0 };
    let mut best = i64::MAX;
    for (column, cost) in row.iter().enumerate() {
        if !std::mem::replace(&mut free[column], false) {
            continue;
        }
        best = best.min(cost + least(rest, free));
        free[column] = true;
    }
    best
}

#[test]
fn wrong_inputs_are_named() {
    assert!(mistake(&json!({"costs": []})).starts_with("costs: 0 rows and 0 columns"));
    assert!(mistake(&json!({"costs": [[1], [2]]})).starts_with("costs: 2 rows and 1 columns"));
    assert!(mistake(&json!({"costs": [vec![0; 257]]})).starts_with("costs: 1 rows and 257 columns"));
    assert_eq!(mistake(&json!({"costs": [[1, 2], [3]]})), "costs, row 2: 1 columns, expected 2");
    assert_eq!(mistake(&json!({"costs": [[-1_000_000_001]]})), "costs, row 1: -1000000001 is outside ±1000000000");
    for input in [json!({}), json!({"costs": [["1"]]}), json!({"costs": [[1]], "minimum": true})] {
        assert!(mistake(&input).starts_with("input: "), "{input}");
    }
    let other = json!({"task": "other", "input": {"costs": [[1]]}}).to_string();
    assert_eq!(assignment::run(&other).unwrap_err(), "no task \"other\"; there is \"solve\"");
    assert_eq!(assignment::verify(&other, "{}").unwrap_err(), "no task \"other\"; there is \"solve\"");
}

#[test]
fn wrong_answers_are_refused() {
    let input = json!({"costs": [[4, 1, 3, 9], [2, 0, 5, 9], [3, 2, 2, 9]]});
    let right = solve(&input);
    assert!(check(&input, &right).is_ok());
    let wrong = |member: &str, value: Value| {
        let mut output = right.clone();
        output[member] = value;
        check(&input, &output).unwrap_err()
    };
    assert_eq!(wrong("assignment", json!([1, 0])), "2 columns for 3 rows");
    assert_eq!(wrong("assignment", json!([1, 1, 2])), "column 1 is assigned twice");
    assert_eq!(wrong("assignment", json!([1, 4, 2])), "no column 4");
    assert_eq!(wrong("total", json!(6)), "total is 6, the costs assigned are 5");
    assert!(wrong("assignment", json!([0, 1, 2])).ends_with("do not fit it"));
    assert_eq!(wrong("row_prices", json!([0, 0])), "2 prices, expected 3");
    assert_eq!(wrong("row_prices", json!([0, 0, i64::MIN])), format!("price {} is too large", i64::MIN));
    assert!(wrong("column_prices", json!([0, 0, 0, -1])).starts_with("column 3 is on the wrong side"));
    assert!(wrong("column_prices", json!([1, 0, 0, 0])).starts_with("column 0 is on the wrong side"));
    assert!(wrong("more", json!("padding is paid by the byte")).starts_with("output: unknown field"));
    assert!(assignment::verify(&envelope(&input), "[]").unwrap_err().starts_with("output: "));
}

/// Costs that a table of random digits gives: many equal ones, so that several assignments are optimal.
fn table(most: usize) -> impl Strategy<Value = Vec<Vec<i64>>> {
    (1..=most).prop_flat_map(move |columns| {
        let row = proptest::collection::vec(prop_oneof![-9..9i64, -1_000_000_000..=1_000_000_000i64], columns);
        proptest::collection::vec(row, 1..=columns)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn totals_are_optimal_and_proven(costs in table(6), maximum in any::<bool>()) {
        let input = json!({"costs": costs, "maximum": maximum});
        let output = solve(&input);
        let sign = if maximum { -1 } else { 1 };
        let positive: Vec<Vec<i64>> = costs.iter().map(|row| row.iter().map(|cost| cost * sign).collect()).collect();
        let best = least(&positive, &mut vec![true; costs[0].len()]);
        prop_assert_eq!(&output["total"], &json!(best * sign));
        prop_assert!(check(&input, &output).is_ok());
    }

    #[test]
    fn large_tables_are_proven(costs in table(40), maximum in any::<bool>()) {
        let input = json!({"costs": costs, "maximum": maximum});
        prop_assert!(check(&input, &solve(&input)).is_ok());
    }

    /// Whatever is changed, what is accepted has the optimal total.
    #[test]
    fn nothing_worse_is_ever_accepted(costs in table(4), member in 0..4usize, place in 0..4usize, by in -3..=3i64) {
        let input = json!({"costs": costs});
        let mut output = solve(&input);
        let best = output["total"].clone();
        let changed = &mut output[["assignment", "row_prices", "column_prices", "total"][member]];
        match changed.as_array_mut() {
            Some(values) => {
                let at = place % values.len();
                values[at] = json!(values[at].as_i64().unwrap() + by);
            }
            None => *changed = json!(changed.as_i64().unwrap() + by),
        }
        if check(&input, &output).is_ok() {
            prop_assert_eq!(&output["total"], &best);
        }
    }
}
