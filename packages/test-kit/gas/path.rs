//! One execution from request to payment, message by message and in batches, on both paths. Every input and output has
//! 256 bytes; purses and balances exist already, as they do for all but the first message of an account.

use mesg_api::market::ReceiveMsg;
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::{Node, Suite};

use crate::acts::{
    BATCH, Panel, certify, deposit, gas, item, last_ids, open, open_all, publish, request, request_from, seal,
    seal_all, seat, settle, text, work,
};
use crate::state::Gas;

/// Seats of eight executions.
const SEATS_OF_BATCH: usize = 32;

/// What is claimed to be flat: one execution message by message, then eight together.
pub fn path(suite: &mut Suite<Node>, table: &mut Gas, suffix: &str) {
    deposit(suite, "alice");
    alone(suite);
    let mut note = |name: &str, gas| table.note(&format!("{name}{suffix}"), gas);
    let path = alone(suite);
    note("request_deposit", path.request);
    note("tick", path.tick);
    note("beacon_seat_1", path.seat);
    note("seal", largest(&path.seals));
    note("open", largest(&path.opens));
    note("publish", path.publish);
    note("settle_1", path.settle);
    note("onchain_path_4_seats", path.sum());
    let together = together(suite);
    note("request_8_each", together.request / BATCH);
    note("beacon_seat_8", together.seat);
    note("seal_32_each", together.seals[0] / (4 * BATCH));
    note("open_32_each", together.opens[0] / (4 * BATCH));
    note("publish_8_each", together.publish / BATCH);
    note("settle_8_each", together.settle / BATCH);
    let fast = certified(suite, 1, None);
    note("certify_1", fast.certify);
    note("lifecycle_1", fast.sum());
    let fast = certified(suite, BATCH, None);
    note("certify_8_each", fast.certify / BATCH);
    note("lifecycle_8_each", fast.sum() / BATCH);
    if suite.runners.len() >= 2 * SEATS_OF_BATCH {
        let settle = settle_apart(suite);
        table.note(&format!("settle_8_apart_each{suffix}"), settle / BATCH);
    }
}

/// `Request` by `Send`, from an account that has done it before; the second of the two executions.
pub fn request_by_send(suite: &mut Suite<Node>, table: &mut Gas, suffix: &str) -> u64 {
    let market = suite.market.clone();
    let receive = ReceiveMsg::Request { items: vec![item(suite, text())] };
    suite.send_token("bob", &market, 100_000_000, &receive).expect("requested");
    let outcome = suite.send_token("bob", &market, 100_000_000, &receive);
    table.note(&format!("request_send{suffix}"), gas(suite, outcome));
    last_ids(suite, 1)[0]
}

/// What one validator more costs on the fast path, for an execution alone and for each of eight.
pub fn one_validator_more(suite: &mut Suite<Node>, table: &mut Gas) {
    let more = Some(suite.committee.k1 + 1);
    for (count, suffix) in [(1, "_1"), (BATCH, "_8_each")] {
        let fast = certified(suite, count, more);
        for (name, gas) in [("certify", fast.certify), ("lifecycle", fast.sum())] {
            let with = gas / count;
            let without = table.of(&format!("{name}{suffix}"));
            table.note(&format!("{name}{suffix}_5_seats"), with);
            table.note(&format!("{name}{suffix}_plus_1_validator"), with.saturating_sub(without));
        }
    }
}

/// The fast path of some executions, each kind of act in one message.
struct FastPath {
    request: u64,
    tick: u64,
    seat: u64,
    certify: u64,
    settle: u64,
}

impl FastPath {
    fn sum(&self) -> u64 {
        self.request + self.tick + self.seat + self.certify + self.settle
    }
}

fn certified(suite: &mut Suite<Node>, count: u64, validators: Option<u8>) -> FastPath {
    let one = || {
        let mut item = item(suite, text());
        item.validators = validators;
        item
    };
    let items = (0..count).map(|_| one()).collect();
    let executions = request_from(suite, "alice", items);
    let request = suite.gas;
    let (tick, seat) = seat(suite, &executions);
    let certify = certify(suite, &executions, &work(), &[]);
    FastPath { request, tick, seat, certify, settle: settle(suite, &executions) }
}

/// Gas of a `Settle` of eight executions no two of which have a runner in common. Eight at random have, the more often the
/// smaller the pool is; so more are certified, and eight chosen.
fn settle_apart(suite: &mut Suite<Node>) -> u64 {
    let mut certified = Vec::new();
    let apart = loop {
        let executions = request(suite, BATCH);
        seat(suite, &executions);
        certify(suite, &executions, &work(), &[]);
        let seats = |execution: &u64| (*execution, suite.seats(*execution));
        certified.extend(executions.iter().map(seats));
        if let Some(apart) = disjoint(&certified, BATCH) {
            break apart;
        }
    };
    let (apart, others): (Vec<_>, Vec<_>) =
        certified.iter().map(|(execution, _)| *execution).partition(|execution| apart.contains(execution));
    let gas = settle(suite, &apart);
    for others in others.chunks(BATCH as usize) {
        settle(suite, others);
    }
    gas
}

/// So many of them that have no runner in common.
fn disjoint(executions: &[(u64, Vec<RunnerId>)], count: u64) -> Option<Vec<u64>> {
    if count == 0 {
        return Some(Vec::new());
    }
    executions.iter().enumerate().find_map(|(index, (first, seats))| {
        let apart = |other: &&(u64, Vec<RunnerId>)| other.1.iter().all(|runner| !seats.contains(runner));
        let rest: Vec<_> = executions[index + 1..].iter().filter(apart).cloned().collect();
        let mut found = disjoint(&rest, count - 1)?;
        found.push(*first);
        Some(found)
    })
}

struct Path {
    request: u64,
    tick: u64,
    seat: u64,
    seals: Vec<u64>,
    opens: Vec<u64>,
    publish: u64,
    settle: u64,
}

impl Path {
    fn sum(&self) -> u64 {
        let acts: u64 = self.seals.iter().chain(&self.opens).sum();
        self.request + self.tick + self.seat + acts + self.publish + self.settle
    }
}

fn largest(gas: &[u64]) -> u64 {
    gas.iter().copied().max().expect("at least one")
}

/// Each act in a transaction of its own.
fn alone(suite: &mut Suite<Node>) -> Path {
    let executions = request(suite, 1);
    let request = suite.gas;
    let (tick, seat) = seat(suite, &executions);
    let panel = Panel::of(suite, executions[0]);
    let each = 0..panel.seats.len();
    let seals = each.clone().map(|number| seal(suite, vec![panel.seal(number, &work())])).collect();
    let opens = each.map(|number| open(suite, vec![panel.open(number, &work())])).collect();
    let publish = publish(suite, &executions, &work());
    Path { request, tick, seat, seals, opens, publish, settle: settle(suite, &executions) }
}

/// Eight executions, each kind of act in one message.
fn together(suite: &mut Suite<Node>) -> Path {
    let executions = request(suite, BATCH);
    let request = suite.gas;
    let (tick, seat) = seat(suite, &executions);
    let panels = Panel::of_all(suite, &executions);
    let seals = vec![seal_all(suite, &panels, |_| work())];
    let opens = vec![open_all(suite, &panels, |_| work())];
    let publish = publish(suite, &executions, &work());
    Path { request, tick, seat, seals, opens, publish, settle: settle(suite, &executions) }
}
