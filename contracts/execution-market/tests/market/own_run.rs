//! `PostResult` of a requester's own runner, and the network where it is late.

use mesg_api::market::{ExecuteMsg, QueryMsg, ReceiveMsg, RequestItem, VersionResponse};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::{Place, Suite, Work};

use crate::disputes::end_of;
use crate::phases::suite;

/// An own run by the first runner, paid from its owner's purse.
fn own_run(suite: &mut Suite) -> (u64, RunnerId) {
    let runner = suite.runners[0].clone();
    let (market, owner) = (suite.market.clone(), "owner0");
    assert_eq!(suite.account(owner), runner.owner);
    let deposit = ReceiveMsg::Deposit { account: Some(runner.owner.to_string()), sub: 0 };
    suite.send_token("alice", &market, 100_000_000, &deposit).unwrap();
    let item = RequestItem { own_runner: Some(runner.id), ..suite.item() };
    suite.market(owner, &ExecuteMsg::Request { sub: 0, items: vec![item] }).unwrap();
    (1, runner.id)
}

#[test]
fn an_own_run_pays_developer_and_protocol_only() {
    let mut suite = suite();
    let (execution, runner) = own_run(&mut suite);
    assert_eq!(suite.execution(execution).phase, "own_run");
    let place = Place { domain: suite.domain(), seed: Digest32::ZERO, execution, round: 0 };
    let item = suite.runner(runner).result(&place, &Work::honest());
    let events = suite.market("relay", &ExecuteMsg::PostResult { items: vec![item] }).unwrap();
    assert_eq!(end_of(&events).0, "finalized");
    let view = suite.execution(execution);
    assert!(view.unattested && view.result.is_some());
    let version: VersionResponse = suite.ask(&QueryMsg::Version { version: suite.version });
    assert_eq!(version.taken, 0, "an own run holds no seats");
    suite.check_invariants();
}

#[test]
fn a_late_own_run_falls_back_to_the_network() {
    let mut suite = suite();
    let (execution, _) = own_run(&mut suite);
    suite.expire(execution);
    suite.poke(execution).unwrap();
    assert_eq!(suite.execution(execution).phase, "queued");
    suite.check_invariants();
    assert!(!suite.seat(execution).contains(&suite.runners[0].id), "its own runner is not drawn");
    suite.work_on(execution);
    assert_eq!(suite.execution(execution).phase, "finalized");
    suite.check_invariants();
}

#[test]
fn somebody_elses_runner_is_no_own_runner() {
    let mut suite = suite();
    let item = RequestItem { own_runner: Some(suite.runners[0].id), ..suite.item() };
    let market = suite.market.clone();
    let sent = suite.send_token("alice", &market, 100_000_000, &ReceiveMsg::Request { items: vec![item] });
    assert!(sent.unwrap_err().to_string().contains("own runner"));
}
