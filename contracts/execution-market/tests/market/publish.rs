//! `Publish`: the preimage of the agreed value, from anyone.

use mesg_api::market::{ExecuteMsg, MarketEvent, PublishItem, ResultItem};
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::seal::ErrorCode;
use mesg_test_kit::{Suite, Work};

use crate::phases::{opening, provisional, publishing, queued, suite, working};
use crate::snapshot::{items_refused, refusals, refused};

fn publish(items: Vec<PublishItem>) -> ExecuteMsg {
    ExecuteMsg::Publish { items }
}

/// All seats seal and open `work`.
fn agreed(suite: &mut Suite, work: &Work) -> u64 {
    let execution = working(suite);
    for runner in suite.seats(execution) {
        suite.seal(execution, runner, work).unwrap();
    }
    for runner in suite.seats(execution) {
        suite.open(execution, runner, work).unwrap();
    }
    execution
}

#[test]
fn the_output_is_told_and_the_window_begins() {
    let mut suite = suite();
    let execution = publishing(&mut suite);
    let before = suite.ledger();
    let events = suite.market("mallory", &publish(vec![Work::honest().publish(execution)])).unwrap();
    let json = r#"{"sum":"42"}"#;
    let published = MarketEvent::Published {
        execution,
        kind: 0,
        code: 0,
        output: sha256(&[json.as_bytes()]),
        output_len: 12,
        mfuel: 7,
        content: json.to_owned(),
    };
    let entered =
        MarketEvent::Entered { execution, phase: "provisional".to_owned(), escalation: 0, until: suite.now() + 600 };
    assert_eq!(events, [published, entered]);
    assert_eq!(suite.ledger(), before, "nothing is paid before the window is over");
    let value = suite.execution(execution).value.unwrap();
    assert_eq!((value.kind, value.output_len.u64(), value.mfuel.u64()), (0, 12, 7));
    suite.check_invariants();
}

#[test]
fn one_to_16_items() {
    let mut suite = suite();
    let execution = publishing(&mut suite);
    let one = Work::honest().publish(execution);
    refused(&mut suite, "relay", &publish(vec![]), "items is 0, must be 1 to 16");
    refused(&mut suite, "relay", &publish(vec![one.clone(); 17]), "items is 17, must be 1 to 16");
    let events = suite.market("relay", &publish(vec![one; 16])).unwrap();
    assert_eq!(refusals(&events), ["duplicate"; 15]);
}

#[test]
fn only_the_agreed_value() {
    let mut suite = suite();
    let execution = publishing(&mut suite);
    let good = Work::honest().publish(execution);
    let same_digest = ResultItem::Digest { sha256: sha256(&[br#"{"sum":"42"}"#]), len: 4_097, locator: "x".to_owned() };
    for bad in [
        Work::wrong().publish(execution),
        Work::Err(ErrorCode::TaskError, 7).publish(execution),
        PublishItem { mfuel: 8u64.into(), ..good.clone() },
        PublishItem { result: same_digest, ..good.clone() },
    ] {
        items_refused(&mut suite, &publish(vec![bad]), &["not_agreed"]);
    }
    suite.market("mallory", &publish(vec![good.clone()])).unwrap();
    items_refused(&mut suite, &publish(vec![good]), &["wrong_phase"]);
}

#[test]
fn attack_26_results_have_bounds() {
    let mut suite = suite();
    let execution = publishing(&mut suite);
    let digest = |len: usize| ResultItem::Digest { sha256: Digest32::ZERO, len: 4_097, locator: "x".repeat(len) };
    let of = |result| PublishItem { execution: execution.into(), mfuel: 7u64.into(), result };
    for result in [
        ResultItem::Inline { json: "x".repeat(4_097) },
        digest(0),
        digest(257),
        ResultItem::Error { code: 0 },
        ResultItem::Error { code: 7 },
        ResultItem::Error { code: u16::MAX },
    ] {
        items_refused(&mut suite, &publish(vec![of(result)]), &["result"]);
    }
    for result in
        [ResultItem::Inline { json: "x".repeat(4_096) }, digest(1), digest(256), ResultItem::Error { code: 6 }]
    {
        items_refused(&mut suite, &publish(vec![of(result)]), &["not_agreed"]);
    }
}

#[test]
fn only_while_it_is_to_be_published() {
    let mut suite = suite();
    items_refused(&mut suite, &publish(vec![Work::honest().publish(9)]), &["unknown"]);
    let phases = [queued, working, opening, provisional];
    for phase in phases {
        let execution = phase(&mut suite);
        items_refused(&mut suite, &publish(vec![Work::honest().publish(execution)]), &["wrong_phase"]);
    }
}

#[test]
fn a_larger_output_is_named_by_digest_and_locator() {
    let mut suite = suite();
    let work = Work::Ok("x".repeat(5_000), 9);
    let execution = agreed(&mut suite, &work);
    let result = ResultItem::Digest {
        sha256: sha256(&["x".repeat(5_000).as_bytes()]),
        len: 5_000,
        locator: "https://example.org/out".to_owned(),
    };
    let item = PublishItem { execution: execution.into(), mfuel: 9u64.into(), result };
    let events = suite.market("relay", &publish(vec![item])).unwrap();
    let Some(MarketEvent::Published { content, output_len, .. }) = events.first() else { panic!("{events:?}") };
    assert_eq!((content.as_str(), *output_len), ("https://example.org/out", 5_000));
}

#[test]
fn every_error_kind_can_be_agreed_on() {
    use ErrorCode::{BadInput, MemoryLimit, OutOfFuel, OutputTooLarge, TaskError, Trap};
    let mut suite = Suite::builder().stake(2_000_000_000).build();
    for code in [BadInput, OutOfFuel, TaskError, Trap, MemoryLimit, OutputTooLarge] {
        let work = Work::Err(code, if code.has_mfuel() { 3 } else { 0 });
        let execution = agreed(&mut suite, &work);
        suite.publish(execution, &work).unwrap();
        suite.expire(execution);
        suite.settle(execution).unwrap();
        let view = suite.execution(execution);
        assert_eq!((view.phase.as_str(), view.reason), ("failed", Some(format!("{code:?}"))));
        suite.check_invariants();
    }
}

#[test]
fn attack_75_a_bad_preimage_holds_up_nobody() {
    let mut suite = suite();
    let (first, second) = (publishing(&mut suite), publishing(&mut suite));
    let items = vec![Work::wrong().publish(first), Work::honest().publish(second), Work::honest().publish(77)];
    let events = suite.market("relay", &publish(items)).unwrap();
    assert_eq!(refusals(&events), ["not_agreed", "unknown"]);
    assert_eq!(suite.execution(first).phase, "publishing");
    assert_eq!(suite.execution(second).phase, "provisional");
    suite.check_invariants();
}

#[test]
fn attack_29_outputs_take_room_in_a_message() {
    let mut suite = suite();
    let work = Work::Ok(format!(r#"{{"sum":"{}"}}"#, "x".repeat(4_096 - 10)), 7);
    let executions: Vec<_> = (0..13).map(|_| agreed(&mut suite, &work)).collect();
    // Four seats and sixteen times 256 bytes each: twelve fit into 256.
    let items: Vec<_> = executions.iter().map(|execution| work.publish(*execution)).collect();
    let events = suite.market("mallory", &publish(items.clone())).unwrap();
    assert_eq!(refusals(&events), ["full"]);
    assert_eq!(suite.execution(executions[12]).phase, "publishing");
    let events = suite.market("mallory", &publish(items[12..].to_vec())).unwrap();
    assert!(refusals(&events).is_empty());
}
