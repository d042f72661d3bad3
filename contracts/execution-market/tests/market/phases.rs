//! Executions brought to each phase, and blocks at exact times and heights.

use cosmwasm_std::{Timestamp, Uint64};
use mesg_api::market::{At, ExecuteMsg, ReceiveMsg, RequestItem};
use mesg_test_kit::{Outcome, Suite, Work};

/// E of one execution of the suite's task with its small input: 4,250,460 · 1.18 and the tips, see `request.rs`.
pub fn escrow(suite: &Suite) -> u128 {
    let query = mesg_api::market::QueryMsg::Quote { terms: suite.terms, input_len: Some(18), validators: None };
    suite.ask::<mesg_api::market::QuoteResponse>(&query).escrow.u128()
}

pub fn suite() -> Suite {
    Suite::builder().build()
}

pub fn queued(suite: &mut Suite) -> u64 {
    suite.request("alice")
}

pub fn working(suite: &mut Suite) -> u64 {
    let execution = queued(suite);
    assert_eq!(suite.seat(execution).len(), 4);
    execution
}

pub fn opening(suite: &mut Suite) -> u64 {
    let execution = working(suite);
    seal_all(suite, execution);
    execution
}

pub fn publishing(suite: &mut Suite) -> u64 {
    let execution = opening(suite);
    open_all(suite, execution);
    execution
}

pub fn provisional(suite: &mut Suite) -> u64 {
    let execution = publishing(suite);
    suite.publish(execution, &Work::honest()).unwrap();
    execution
}

pub fn finalized(suite: &mut Suite) -> u64 {
    let execution = provisional(suite);
    suite.expire(execution);
    suite.settle(execution).unwrap();
    execution
}

pub fn seal_all(suite: &mut Suite, execution: u64) {
    for runner in suite.seats(execution) {
        suite.seal(execution, runner, &Work::honest()).unwrap();
    }
}

pub fn open_all(suite: &mut Suite, execution: u64) {
    for runner in suite.seats(execution) {
        suite.open(execution, runner, &Work::honest()).unwrap();
    }
}

/// The present deadline.
pub fn until(suite: &Suite, execution: u64) -> At {
    suite.execution(execution).until.expect("a deadline")
}

/// The next block has this time and height, whatever the present ones are.
pub fn block(suite: &mut Suite, time: u64, height: u64) {
    suite.app.update_block(|block| {
        block.time = Timestamp::from_seconds(time);
        block.height = height;
    });
}

pub fn ids(executions: &[u64]) -> Vec<Uint64> {
    executions.iter().copied().map(Uint64::new).collect()
}

/// `SubmitBeacon` with the true signature of a round.
pub fn beacon(suite: &Suite, round: u64, executions: &[u64]) -> ExecuteMsg {
    let signature = suite.beacon.sign(round);
    ExecuteMsg::SubmitBeacon { round: round.into(), signature, executions: ids(executions) }
}

/// Requests by CW20 `Send`.
pub fn request_by_send(suite: &mut Suite, sender: &str, amount: u128, items: Vec<RequestItem>) -> Outcome {
    let market = suite.market.clone();
    suite.send_token(sender, &market, amount, &ReceiveMsg::Request { items })
}

/// A deadline enforced one second and one block early is refused; at both it is accepted.
pub fn at_the_deadline(
    suite: &mut Suite,
    execution: u64,
    refused: impl Fn(&mut Suite),
    accepted: impl FnOnce(&mut Suite),
) {
    let At { time, height } = until(suite, execution);
    let (time, height) = (time.u64(), height.u64());
    for (time, height) in
        [(time - 1, height), (time - 1, height + 1_000), (time, height - 1), (time + 300_000, height - 1)]
    {
        block(suite, time, height);
        refused(suite);
    }
    block(suite, time, height);
    accepted(suite);
}
