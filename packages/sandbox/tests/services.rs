//! The example services as runners run them: the committed components, by their declared digest and limits.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

#[allow(dead_code)]
mod guest;

use std::path::PathBuf;
use std::time::Duration;

use mesg_protocol::seal::ErrorCode;
use mesg_sandbox::{Component, Ending, Envelope, Limits, Outcome, PROFILE, Verdict};
use serde_json::{Value, json};

const SERVICES: [&str; 3] = ["assignment", "csv-report", "markdown"];

/// One service as its `service.yaml` declares it.
struct Service {
    directory: PathBuf,
    manifest: Value,
    component: Component,
}

impl Service {
    fn open(name: &str) -> Self {
        let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../services").join(name);
        let manifest: Value =
            serde_yaml_ng::from_str(&std::fs::read_to_string(directory.join("service.yaml")).unwrap()).unwrap();
        let bytes = std::fs::read(directory.join(manifest["component"]["file"].as_str().unwrap())).unwrap();
        let digest: [u8; 32] =
            hex::decode(manifest["component"]["sha256"].as_str().unwrap()).unwrap().try_into().unwrap();
        let component = guest::sandbox().load(&bytes, &digest).unwrap();
        Self { directory, manifest, component }
    }

    fn tasks(&self) -> &[Value] {
        self.manifest["tasks"].as_array().unwrap()
    }

    fn run(&self, task: &Value, input: &Value) -> Outcome {
        guest::sandbox().run(&self.component, &envelope(task, input), &limits(task)).unwrap()
    }

    fn verify(&self, task: &Value, input: &Value, output: &str) -> Verdict {
        let (envelope, output) = (envelope(task, input), output.as_bytes());
        guest::sandbox().verify(&self.component, &envelope, output, &limits(task)).unwrap()
    }

    fn answer(&self, task: usize, input: &Value) -> Value {
        serde_json::from_str(guest::output(&self.run(&self.tasks()[task], input))).unwrap()
    }

    fn file(&self, path: &str) -> String {
        std::fs::read_to_string(self.directory.join(path)).unwrap()
    }
}

fn limits(task: &Value) -> Limits {
    Limits {
        max_fuel: task["max_fuel"].as_str().unwrap().parse().unwrap(),
        max_output_bytes: task["max_output"].as_u64().unwrap() as usize,
        wall_clock: Duration::from_secs(600),
    }
}

fn envelope(task: &Value, input: &Value) -> String {
    let (name, input) = (task["name"].as_str().unwrap(), input.to_string());
    assert!(input.len() as u64 <= task["max_input"].as_u64().unwrap());
    Envelope { execution: 1, time_seconds: 2, seed: &[3; 32], task: name, input: &input }.to_json().unwrap()
}

#[test]
fn declarations_hold() {
    for name in SERVICES {
        let service = Service::open(name);
        assert_eq!(service.component.has_checker(), service.manifest["policy"].get("verify").is_some(), "{name}");
        assert_eq!(service.manifest["profile"], PROFILE);
        for task in service.tasks() {
            let t_run = task["t_run"].as_u64().unwrap();
            assert!(task["max_fuel"].as_str().unwrap().parse::<u64>().unwrap() <= t_run * 200_000_000);
            for example in task["examples"].as_array().unwrap() {
                let outcome = service.run(task, &example["input"]);
                assert!(matches!(outcome.ending, Ending::Ok { .. }), "{name} {}: {outcome:?}", task["name"]);
                assert_eq!(outcome, service.run(task, &example["input"]));
                let verdict = service.verify(task, &example["input"], guest::output(&outcome));
                assert_eq!(matches!(verdict, Verdict::Valid { .. }), service.component.has_checker(), "{verdict:?}");
            }
        }
    }
}

#[test]
fn readme_examples_are_answered_as_shown() {
    for name in SERVICES {
        let service = Service::open(name);
        let readme = service.file("README.md");
        let blocks: Vec<Value> = readme
            .split("```json\n")
            .skip(1)
            .map(|b| serde_json::from_str(b.split("```").next().unwrap()).unwrap())
            .collect();
        assert_eq!(blocks.len(), service.tasks().len() * 2);
        for (task, example) in blocks.chunks(2).enumerate() {
            assert_eq!(service.answer(task, &example[0]), example[1]);
        }
    }
}

#[test]
fn the_public_data_set_is_reported() {
    let service = Service::open("csv-report");
    let outcome = service.run(&service.tasks()[0], &json!({"csv": service.file("data/penguins.csv"), "empty": ["NA"]}));
    let report: Value = serde_json::from_str(guest::output(&outcome)).unwrap();
    assert_eq!((&report["rows"], &report["columns"][5]["mean"]), (&json!(344), &json!("4201.754386")));
    println!("penguins: {} fuel, {} mfuel", outcome.fuel, outcome.mfuel);
}

#[test]
fn the_largest_inputs_stay_within_the_declared_fuel() {
    let service = Service::open("csv-report");
    let row = |n: u64| format!("{},{}.{:03},name {},true\n", n * 7919 % 100_003, n * 31 % 997, n * 17 % 1000, n % 300);
    let mut csv = String::from("a,b,c,d\n");
    for n in 0.. {
        if csv.len() > 950_000 {
            break;
        }
        csv += &row(n);
    }
    let outcomes = [
        service.run(&service.tasks()[0], &json!({"csv": csv})),
        service.run(
            &service.tasks()[1],
            &json!({"csv": csv, "by": ["c"], "aggregates": [{"function": "quantile", "column": "b", "q": "0.9"}]}),
        ),
    ];
    let service = Service::open("markdown");
    let text = "# Title *x*\n\nSome `code`, a [link](https://a.example/b) and **more** text with <b>html</b>.\n\n- [x] a\n- b\n\n|a|b|\n|-|-|\n|1|2|\n\n";
    let markdown = text.repeat(300_000 / (text.len() + 20));
    let rendered = service.run(&service.tasks()[0], &json!({"markdown": markdown}));
    for outcome in outcomes.iter().chain([&rendered]) {
        println!("large: {} fuel, {} mfuel", outcome.fuel, outcome.mfuel);
        assert!(matches!(outcome.ending, Ending::Ok { .. }), "{:?}", outcome.ending);
    }
}

#[test]
fn a_wrong_input_is_the_task_s_error_with_its_words() {
    let service = Service::open("csv-report");
    let outcome = service.run(&service.tasks()[0], &json!({"csv": "a,b\n1\n"}));
    let Ending::Err { code, detail } = outcome.ending else { panic!("{outcome:?}") };
    assert_eq!((code, detail.as_str()), (ErrorCode::TaskError, "csv, line 2: 1 cells, expected 2"));
}

#[test]
fn a_large_answer_is_checked_for_a_small_part_of_its_fuel() {
    let service = Service::open("assignment");
    let task = &service.tasks()[0];
    // Products are hard: each new row makes all others look again.
    let costs: Vec<Vec<i64>> = (0..256).map(|row| (0..256).map(|column| row * column * 15_000).collect()).collect();
    let input = json!({"costs": costs});
    let outcome = service.run(task, &input);
    let Verdict::Valid { fuel, witness } = service.verify(task, &input, guest::output(&outcome)) else { panic!() };
    println!("assignment of 256: {} fuel, checked for {fuel}, witness {witness}", outcome.fuel);
    assert!(fuel * 3 < outcome.fuel);
    let mut worse: Value = serde_json::from_str(guest::output(&outcome)).unwrap();
    worse["assignment"].as_array_mut().unwrap().swap(0, 1);
    let verdict = service.verify(task, &input, &worse.to_string());
    assert!(matches!(verdict, Verdict::Invalid { reason } if reason.contains("do not fit it")));
}
