//! Gas of every message on a real node, with scripted runners that make real seals (tools/gas runs it).
//!
//! | command | does |
//! |---|---|
//! | `measure STATE` | deploys pools of 100, 12 and 1,000 runners, measures, keeps numbers and addresses in STATE |
//! | `grow STATE` | genesis with the market of the first pool on stdin → with 10,000 finished executions on stdout |
//! | `measure-grown STATE` | measures that market again |
//! | `table STATE JSON MD` | writes the numbers for machines and for people |
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a measurement: a panic is how it reports"
)]

mod genesis;
mod measure;
mod state;
mod table;

use std::sync::Arc;

use mesg_test_kit::{Network, Node, Suite, SuiteBuilder};

use state::State;

/// The pool that everything is measured in: its accounts.
const BASE: &str = "gas-100";
/// Other pools: accounts, runners, suffix of the numbers.
const OTHERS: [(&str, u32, &str); 2] = [("gas-12", 12, "_12_runners"), ("gas-1000", 1_000, "_1000_runners")];
const GROWN: &str = "_10000_executions";

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["measure", state] => measure(state),
        ["grow", state] => genesis::grow(&State::load(state)),
        ["measure-grown", state] => measure_grown(state),
        ["table", state, json, markdown] => table::write(&State::load(state).gas, json, markdown),
        _ => panic!("mesg-gas measure STATE | grow STATE | measure-grown STATE | table STATE JSON MD"),
    }
}

/// Long phases, since an interrupted measurement is worthless; one account owns all runners.
fn builder(runners: u32) -> SuiteBuilder {
    let text = r#"{"text":{"type":"String"}}"#;
    let short = Suite::builder().runners(runners).owners(1).short().epoch_secs(60);
    let long = short.params(|params| {
        params.margin = 15;
        params.t_queue = 45;
        params.t_open = 600;
        params.t_publish = 600;
        params.work_slack = 60;
    });
    long.task(|task| {
        task.inputs = serde_json::from_str(text).expect("a parameter schema");
        task.outputs = task.inputs.clone();
    })
}

fn measure(path: &str) {
    let network = Network::from_env();
    let mut suite = build(&network, BASE, 100);
    let mut state = State::new(&suite);
    measure::path(&mut suite, &mut state.gas, "");
    measure::rest(&mut suite, &mut state.gas);
    state.save(path);
    for (label, runners, suffix) in OTHERS {
        let mut suite = build(&network, label, runners);
        measure::path(&mut suite, &mut state.gas, suffix);
        state.save(path);
    }
}

fn build(network: &Arc<Network>, label: &str, runners: u32) -> Suite<Node> {
    eprintln!("gas: a pool of {runners} runners");
    builder(runners).build_on(network.node(label))
}

fn measure_grown(path: &str) {
    let mut state = State::load(path);
    let node = Network::from_env().node(BASE);
    let mut suite = builder(100).find_on(node, state.contracts.clone());
    genesis::check(&suite);
    measure::path(&mut suite, &mut state.gas, GROWN);
    state.save(path);
}
