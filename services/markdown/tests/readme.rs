//! The examples in README.md are what the tasks answer.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};

const README: &str = include_str!("../README.md");
const TASKS: &[&str] = &["render"];

#[test]
fn examples_are_answered_as_shown() {
    let blocks: Vec<Value> = README
        .split("```json\n")
        .skip(1)
        .map(|b| serde_json::from_str(b.split("```").next().unwrap()).unwrap())
        .collect();
    assert_eq!(blocks.len(), TASKS.len() * 2);
    for (task, example) in TASKS.iter().zip(blocks.chunks(2)) {
        let output = markdown::run(&json!({"ctx": {}, "task": task, "input": example[0]}).to_string()).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&output).unwrap(), example[1], "{task}");
    }
}
