//! Inputs and results that whoever serves them keeps from those who need them.

use mesg_api::market::{
    ExecuteMsg, Input, PostResultItem, PublishItem, QueryMsg, ReceiveMsg, RequestItem, ResultItem, ServiceBondResponse,
};
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::{Suite, Work};

use crate::disputes::{disputed, end_of, stake};
use crate::phases::{opening, queued, suite, working};
use crate::snapshot::{items_refused, refusals};
use crate::verify::verify_suite;

const OUTPUT: &str = r#"{"sum":"42"}"#;

/// An output above 4 KiB.
fn large() -> Work {
    Work::Ok(format!(r#"{{"text":"{}"}}"#, "x".repeat(5_000)), 0)
}

/// A result by its digest, with a locator that leads nowhere.
fn hidden(text: &str) -> ResultItem {
    let len = u32::try_from(text.len()).unwrap();
    ResultItem::Digest { sha256: sha256(&[text.as_bytes()]), len, locator: "https://nowhere.invalid/".to_owned() }
}

/// Who has a seat of the present round and did nothing yet.
fn seated(suite: &Suite, execution: u64) -> Vec<RunnerId> {
    let view = suite.execution(execution);
    let seats = &view.panels.last().unwrap().seats;
    seats.iter().filter(|seat| seat.progress == "seated").map(|seat| seat.runner).collect()
}

/// One declines its seat, because a payload cannot be had.
fn starves(suite: &mut Suite, execution: u64, runner: RunnerId) {
    let item = suite.signer(execution, runner).decline(&suite.place(execution), 1);
    suite.market("relay", &ExecuteMsg::Decline { items: vec![item] }).unwrap();
}

/// Everybody asked for a seat of the present round declines it.
fn starve(suite: &mut Suite, execution: u64) {
    while let Some(runner) = seated(suite, execution).first() {
        starves(suite, execution, *runner);
    }
}

/// What nobody of another number computes.
fn differing(number: usize) -> Work {
    Work::Ok(format!(r#"{{"sum":"{number}"}}"#), 7)
}

fn service_bond(suite: &Suite) -> ServiceBondResponse {
    suite.ask(&QueryMsg::ServiceBond { service: suite.service })
}

/// Name of the account of a runner's operator.
fn operator_of(suite: &Suite, runner: RunnerId) -> String {
    let index = suite.runners.iter().position(|it| it.id == runner).unwrap();
    format!("operator{index}")
}

fn posted(suite: &mut Suite, execution: u64, sender: &str, work: &Work) -> RunnerId {
    suite.seat(execution);
    let executor = suite.seats(execution)[0];
    let item = suite.runner(executor).result(&suite.place(execution), work);
    assert!(refusals(&suite.market(sender, &ExecuteMsg::PostResult { items: vec![item] }).unwrap()).is_empty());
    suite.seat(execution);
    executor
}

#[test]
fn attack_27_a_user_who_serves_the_executor_only_does_not_have_it_slashed() {
    let mut suite = verify_suite();
    let text = r#"{"numbers":[40,2]}"#;
    let locator = "https://user.example/input".to_owned();
    let input = Input::Digest { sha256: sha256(&[text.as_bytes()]), len: 18, locator };
    let (market, item) = (suite.market.clone(), RequestItem { input, ..suite.item() });
    suite.send_token("alice", &market, 100_000_000, &ReceiveMsg::Request { items: vec![item] }).unwrap();
    let executor = posted(&mut suite, 1, "relay", &Work::Ok(OUTPUT.to_owned(), 0));
    starve(&mut suite, 1);
    suite.expire(1);
    let events = suite.poke(1).unwrap();
    assert_eq!(end_of(&events), ("failed".to_owned(), "Unavailable".to_owned()));
    assert_eq!(stake(&suite, executor), 1_000_000_000);
    assert!(suite.purse(&suite.account("alice")).balance.u128() < 100_000_000, "the tips are gone");
}

#[test]
fn attack_27_an_executor_that_serves_nobody_its_large_result_is_slashed() {
    let mut suite = verify_suite();
    let execution = queued(&mut suite);
    suite.seat(execution);
    let executor = suite.seats(execution)[0];
    let Work::Ok(text, _) = large() else { unreachable!() };
    let item = suite.runner(executor).result(&suite.place(execution), &large());
    let shown = PostResultItem { result: hidden(&text), ..item };
    let operator = operator_of(&suite, executor);
    // The signature does not cover the locator: from somebody else it would be worth nothing.
    items_refused(&mut suite, &ExecuteMsg::PostResult { items: vec![shown.clone()] }, &["signature"]);
    let events = suite.market(&operator, &ExecuteMsg::PostResult { items: vec![shown] }).unwrap();
    assert!(refusals(&events).is_empty());
    suite.seat(execution);
    starve(&mut suite, execution);
    suite.expire(execution);
    let events = suite.poke(execution).unwrap();
    assert_eq!(end_of(&events), ("refunded".to_owned(), "NoResult".to_owned()));
    assert!(stake(&suite, executor) < 1_000_000_000);
}

#[test]
fn attack_27_inputs_that_nobody_could_have_pause_no_service() {
    let mut suite = suite();
    let before = service_bond(&suite);
    for _ in 0..6 {
        let execution = working(&mut suite);
        starve(&mut suite, execution);
        suite.expire(execution);
        let events = suite.poke(execution).unwrap();
        assert_eq!(end_of(&events), ("failed".to_owned(), "Unavailable".to_owned()));
        assert_eq!(service_bond(&suite), before, "after {execution}");
    }
    suite.request("alice");
    suite.check_invariants();
}

#[test]
fn attack_27_jurors_who_could_not_have_an_input_pause_no_service() {
    let mut suite = Suite::builder().runners(24).owners(12).stake(8_000_000_000).build();
    let before = service_bond(&suite);
    for _ in 0..6 {
        let execution = disputed(&mut suite, 1);
        let seats = suite.seats(execution).len();
        while seated(&suite, execution).len() == seats {
            let first = seated(&suite, execution)[0];
            starves(&mut suite, execution, first);
        }
        let others: Vec<_> = seated(&suite, execution).into_iter().zip((0..).map(differing)).collect();
        for (runner, work) in &others {
            suite.seal(execution, *runner, work).unwrap();
        }
        let mut events = Vec::new();
        for (runner, work) in &others {
            events = suite.open(execution, *runner, work).unwrap();
        }
        assert_eq!(end_of(&events), ("refunded".to_owned(), "Inconclusive".to_owned()));
        assert_eq!(service_bond(&suite), before, "after {execution}");
    }
    suite.request("alice");
    suite.check_invariants();
}

#[test]
fn attack_27_a_copied_result_cannot_be_shown_by_a_dead_locator() {
    let mut suite = verify_suite();
    let execution = queued(&mut suite);
    suite.seat(execution);
    let executor = suite.seats(execution)[0];
    let honest = suite.runner(executor).result(&suite.place(execution), &Work::Ok(OUTPUT.to_owned(), 0));
    let copied = PostResultItem { result: hidden(OUTPUT), ..honest.clone() };
    for sender in ["alice", &operator_of(&suite, executor)] {
        let events = suite.market(sender, &ExecuteMsg::PostResult { items: vec![copied.clone()] }).unwrap();
        assert!(["signature", "result"].contains(&refusals(&events)[0]));
    }
    let events = suite.market("alice", &ExecuteMsg::PostResult { items: vec![honest] }).unwrap();
    assert!(refusals(&events).is_empty());
}

#[test]
fn attack_26_a_small_output_is_published_itself() {
    let mut suite = suite();
    let execution = opening(&mut suite);
    for runner in suite.seats(execution) {
        suite.open(execution, runner, &Work::honest()).unwrap();
    }
    let item = PublishItem { execution: execution.into(), mfuel: 7u64.into(), result: hidden(OUTPUT) };
    items_refused(&mut suite, &ExecuteMsg::Publish { items: vec![item] }, &["result"]);
    assert!(refusals(&suite.publish(execution, &Work::honest()).unwrap()).is_empty());
}
