//! Gas of every message on a real node, with scripted runners that make real seals (tools/gas runs it).
//!
//! | command | does |
//! |---|---|
//! | `measure STATE` | deploys pools, measures them side by side, keeps numbers and the first pool's addresses in STATE |
//! | `grow STATE` | genesis on stdin → with the first pool's market grown to 10,000 executions, and aged, on stdout |
//! | `measure-grown STATE` | measures that market again, and what only its age makes possible |
//! | `pin` | genesis on stdin → with all codes pinned on stdout |
//! | `measure-pinned STATE` | measures the first pool again |
//! | `table STATE JSON MD` | writes the numbers for machines and for people |
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a measurement: a panic is how it reports"
)]

mod acts;
mod aged;
mod disputes;
mod genesis;
mod governance;
mod largest;
mod money;
mod own;
mod path;
mod rows;
mod services;
mod stake;
mod state;
mod table;

use std::sync::Arc;
use std::thread;

use mesg_protocol::terms::Committee;
use mesg_test_kit::{Network, Node, Suite, SuiteBuilder};

use state::{Gas, State};

/// The pool that everything is measured in: its accounts.
const BASE: &str = "gas-100";
const TWELVE: &str = "_12_runners";
const THOUSAND: &str = "_1000_runners";
const SERVICES: &str = "_1000_services";
const GROWN: &str = "_10000_executions";
const PINNED: &str = "_pinned";

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["measure", state] => measure(state),
        ["grow", state] => genesis::grow(&State::load(state)),
        ["measure-grown", state] => measure_grown(state),
        ["pin"] => genesis::pin(),
        ["measure-pinned", state] => measure_pinned(state),
        ["table", state, json, markdown] => table::write(&State::load(state).gas, json, markdown),
        _ => panic!(
            "mesg-gas measure STATE | grow STATE | measure-grown STATE | pin | measure-pinned STATE | table STATE JSON MD"
        ),
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

fn base() -> SuiteBuilder {
    builder(100).max_validators(4)
}

/// Where disputes are measured: openings and publications may be late soon, challenges need time.
fn disputed() -> SuiteBuilder {
    let committee = Committee { k1: 3, k2: 5, k3: Some(11) };
    let short = builder(100).committee(committee).params(|params| {
        params.t_open = 12;
        params.t_publish = 12;
    });
    short.task(|task| task.t_challenge = 30)
}

/// So many runners with so many free seats that few of them sit twice in the executions of one message. The bond of a seat
/// must cover three times the fees of 15 jurors, so the task is cheaper. Many messages lie between a seating and the last
/// seal, and some between a certificate and its challenge.
fn largest() -> SuiteBuilder {
    let many = builder(1_000).committee(largest::COMMITTEE).params(|params| params.work_slack = 120);
    many.task(|task| {
        task.price.per_call = 500_000u128.into();
        task.t_challenge = 30;
    })
}

/// Measures a pool of its own.
type Measurement = fn(&mut Suite<Node>, &mut Gas);

fn measure(path: &str) {
    let network = Network::from_env();
    let others: [(&str, SuiteBuilder, Measurement); 7] = [
        ("gas-largest", largest(), largest::measure),
        ("gas-own", builder(12).producer_epoch_secs(own::EPOCH_SECS), own::measure),
        ("gas-1000", builder(1_000), |suite, table| path::path(suite, table, THOUSAND)),
        ("gas-services", builder(100), |suite, table| {
            services::fill(suite, 1_000);
            path::path(suite, table, SERVICES);
        }),
        ("gas-12", builder(12), |suite, table| path::path(suite, table, TWELVE)),
        ("gas-disputes", disputed(), disputes::rounds),
        ("gas-verify", builder(24).verify(), disputes::verify),
    ];
    let state = thread::scope(|scope| {
        let network = &network;
        let others = others.map(|(label, builder, measure)| {
            scope.spawn(move || {
                let mut table = Gas::default();
                measure(&mut build(network, label, builder), &mut table);
                table
            })
        });
        let mut state = measure_base(network);
        for other in others {
            state.gas.0.extend(other.join().expect("measured").0);
        }
        state
    });
    state.save(path);
}

fn build(network: &Arc<Network>, label: &str, builder: SuiteBuilder) -> Suite<Node> {
    let suite = builder.build_on(network.node(label));
    eprintln!("gas: {label} is there");
    suite
}

fn measure_base(network: &Arc<Network>) -> State {
    let mut suite = build(network, BASE, base());
    let no_op = wat::parse_str(include_str!("no_op.wat")).expect("wasm");
    let no_op = suite.app.deploy_wasm(no_op, "developer", "no-op", b"{}");
    let mut state = State::new(&suite, no_op);
    let (suite, table) = (&mut suite, &mut state.gas);
    services::fill(suite, 10);
    do_nothing(suite, &state.no_op, table, "");
    path::path(suite, table, "");
    path::one_validator_more(suite, table);
    money::measure(suite, table);
    disputes::seats(suite, table);
    services::measure(suite, table);
    services::fill(suite, *genesis::CLAIMED_VERSIONS.end());
    stake::measure(suite, table);
    services::largest(suite, table);
    governance::measure(suite, table);
    state
}

/// The floor of every message, from an account that has sent one before.
fn do_nothing(suite: &mut Suite<Node>, no_op: &cosmwasm_std::Addr, table: &mut Gas, suffix: &str) {
    for _ in 0..2 {
        suite.execute("bob", no_op, &serde_json::json!({})).expect("done");
    }
    table.note(&format!("no_op{suffix}"), suite.gas);
}

fn measure_grown(path: &str) {
    let mut state = State::load(path);
    let mut suite = base().find_on(Network::from_env().node(BASE), state.contracts.clone());
    genesis::check(&suite);
    path::path(&mut suite, &mut state.gas, GROWN);
    aged::measure(&mut suite, &mut state.gas);
    state.save(path);
}

fn measure_pinned(path: &str) {
    let mut state = State::load(path);
    let mut suite = base().find_on(Network::from_env().node(BASE), state.contracts.clone());
    do_nothing(&mut suite, &state.no_op, &mut state.gas, PINNED);
    path::path(&mut suite, &mut state.gas, PINNED);
    path::request_by_send(&mut suite, &mut state.gas, PINNED);
    state.save(path);
}
