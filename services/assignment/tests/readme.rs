//! The example in README.md is what the task answers, and what its checker accepts.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};

const README: &str = include_str!("../README.md");

#[test]
fn examples_are_answered_as_shown() {
    let blocks: Vec<Value> = README
        .split("```json\n")
        .skip(1)
        .map(|b| serde_json::from_str(b.split("```").next().unwrap()).unwrap())
        .collect();
    assert_eq!(blocks.len(), 2);
    let envelope = json!({"ctx": {}, "task": "solve", "input": blocks[0]}).to_string();
    let output = assignment::run(&envelope).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&output).unwrap(), blocks[1]);
    assignment::verify(&envelope, &output).unwrap();
}
