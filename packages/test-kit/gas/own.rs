//! Own runs, which need no committee, and the block producers' epochs that their fees fill.

use mesg_api::market::{ExecuteMsg, MAX_REQUESTS, MAX_RESULTS, ReceiveMsg, RequestItem};
use mesg_api::staking::msg::MAX_CLAIM_EPOCHS;
use mesg_api::staking::{self, ProducersResponse};
use mesg_protocol::digest::Digest32;
use mesg_test_kit::{Chain, Node, Place, Suite, Work};

use crate::acts::{MONEY, item, largest_work, market, poke, request_from, seat, text, work};
use crate::state::Gas;

/// Length of the block producers' epochs here, in seconds.
pub const EPOCH_SECS: u32 = 10;
const OWNER: &str = "owner0";

/// Measures them.
pub fn measure(suite: &mut Suite<Node>, table: &mut Gas) {
    let file = std::env::var("MESG_TEST_VALIDATORS").expect("MESG_TEST_VALIDATORS: a file with a mnemonic");
    suite.app.adopt("validator", &std::fs::read_to_string(file).expect("a mnemonic").into(), 0);
    let (contract, owner) = (suite.market.clone(), suite.account(OWNER));
    assert_eq!(suite.runners[0].owner, owner);
    let fill = ReceiveMsg::Deposit { account: Some(owner.into_string()), sub: 0 };
    suite.send_token("alice", &contract, MONEY, &fill).expect("deposited");

    let executions = run(suite, 1);
    table.note("request_own_run", suite.gas);
    table.note("post_result_own_run", post(suite, &executions, &work()));
    let executions = run(suite, MAX_RESULTS);
    table.note("post_result_max", post(suite, &executions, &largest_work()));
    close(suite);
    table.note("claim_producer", claim(suite, 1));
    for _ in 0..MAX_CLAIM_EPOCHS {
        let executions = run(suite, 1);
        post(suite, &executions, &work());
        let gas = close(suite);
        table.note("close_epoch", gas);
    }
    table.note("claim_producer_max", claim(suite, MAX_CLAIM_EPOCHS));
    fall_back(suite, table);
}

/// The runner lets its time pass, and the network takes over.
fn fall_back(suite: &mut Suite<Node>, table: &mut Gas) {
    let executions = run(suite, 1);
    table.note("poke_own_run", poke(suite, &executions));
    let (_, gas) = seat(suite, &executions);
    table.note("beacon_seat_own_run", gas);
}

/// Requests own runs of the first runner by its owner.
fn run(suite: &mut Suite<Node>, count: usize) -> Vec<u64> {
    let own_runner = Some(suite.runners[0].id);
    let mut executions = Vec::new();
    while executions.len() < count {
        let items = (count - executions.len()).min(MAX_REQUESTS);
        let items = (0..items).map(|_| RequestItem { own_runner, ..item(suite, text()) }).collect();
        executions.extend(request_from(suite, OWNER, items));
    }
    executions
}

fn post(suite: &mut Suite<Node>, executions: &[u64], work: &Work) -> u64 {
    let domain = suite.domain();
    let runner = suite.runners[0].clone();
    let place = |execution| Place { domain, seed: Digest32::ZERO, execution, round: 0 };
    let items = executions.iter().map(|execution| runner.result(&place(*execution), work)).collect();
    market(suite, "relay", &ExecuteMsg::PostResult { items })
}

/// Closes an epoch once it has ended.
fn close(suite: &mut Suite<Node>) -> u64 {
    let next = producers(suite).next.u64();
    suite.app.wait((next + 1) * u64::from(EPOCH_SECS) + 1, 0);
    market(suite, "crank", &ExecuteMsg::CloseEpoch {})
}

fn producers(suite: &Suite<Node>) -> ProducersResponse {
    suite.query(&suite.staking, &staking::QueryMsg::Producers {}).expect("an answer")
}

/// The validator claims its shares of so many epochs, the last ones.
fn claim(suite: &mut Suite<Node>, count: usize) -> u64 {
    let staking = suite.staking.clone();
    let mut epochs = producers(suite).claimable;
    let epochs = epochs.split_off(epochs.len() - count);
    let claim = staking::ExecuteMsg::ClaimProducer { epochs, to: None };
    suite.execute("validator", &staking, &claim).expect("claimed");
    suite.gas
}
