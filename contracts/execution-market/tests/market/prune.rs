//! `Prune`: thirty days after the end the details go, the digest stays.

use mesg_api::market::{ExecuteMsg, Executions, MarketEvent, PRUNE_AFTER, ReceiveMsg, RequestItem};
use mesg_test_kit::Work;

use crate::phases::{finalized, ids, queued, suite};
use crate::snapshot::{items_refused, refusals, refused};
use crate::verify::verify_suite;

fn prune(executions: &[u64]) -> ExecuteMsg {
    ExecuteMsg::Prune(Executions { executions: ids(executions) })
}

#[test]
fn details_go_after_30_days() {
    let mut suite = suite();
    let execution = finalized(&mut suite);
    let (view, ledger) = (suite.execution(execution), suite.ledger());
    suite.advance(PRUNE_AFTER - 1);
    items_refused(&mut suite, &prune(&[execution]), &["not_prunable"]);
    suite.advance(1);
    assert_eq!(suite.market("mallory", &prune(&[execution])).unwrap(), [MarketEvent::Pruned { execution }]);
    let pruned = suite.execution(execution);
    assert!(pruned.panels.is_empty() && pruned.history.is_empty());
    assert_eq!((pruned.value, pruned.phase, pruned.escrow), (view.value, view.phase, view.escrow));
    assert_eq!(suite.ledger(), ledger);
    items_refused(&mut suite, &prune(&[execution]), &["not_prunable"]);
    suite.check_invariants();
}

#[test]
fn what_is_open_stays() {
    let mut suite = suite();
    let ended = finalized(&mut suite);
    let open = queued(&mut suite);
    suite.advance(PRUNE_AFTER * 2);
    let events = suite.market("mallory", &prune(&[open, 99, ended, ended])).unwrap();
    assert_eq!(refusals(&events), ["not_prunable", "unknown", "duplicate"]);
    refused(&mut suite, "mallory", &prune(&[]), "items is 0, must be 1 to 32");
    refused(&mut suite, "mallory", &prune(&[1; 33]), "items is 33, must be 1 to 32");
    suite.check_invariants();
}

#[test]
fn attack_28_an_execution_leaves_a_bounded_trace() {
    let mut suite = suite();
    let bytes = |suite: &mesg_test_kit::Suite| -> usize {
        suite.app.dump_wasm_raw(&suite.market).iter().map(|(key, value)| key.len() + value.len()).sum()
    };
    for _ in 0..5 {
        finalized(&mut suite);
    }
    let before = bytes(&suite);
    for _ in 0..20 {
        finalized(&mut suite);
    }
    let ended = (bytes(&suite) - before) / 20;
    suite.advance(PRUNE_AFTER);
    suite.market("crank", &prune(&(1..=25).collect::<Vec<_>>())).unwrap();
    let pruned = (bytes(&suite).saturating_sub(before)) / 20;
    println!("{ended} bytes an execution, {pruned} after pruning");
    // Record, two index entries, the round's randomness and up to three slots of the ring, which is bounded by itself.
    assert!(ended <= 800, "{ended} bytes");
    assert!(pruned <= 500, "{pruned} bytes");
    assert!(pruned + 200 <= ended, "pruning takes the committee and the timeline: {pruned} of {ended} bytes are left");
}

#[test]
fn what_was_attested_stays_so_after_an_own_run_that_fell_back() {
    let mut suite = verify_suite();
    let runner = suite.runners[0].clone();
    let market = suite.market.clone();
    let deposit = ReceiveMsg::Deposit { account: Some(runner.owner.to_string()), sub: 0 };
    suite.send_token("alice", &market, 100_000_000, &deposit).unwrap();
    let item = RequestItem { own_runner: Some(runner.id), ..suite.item() };
    suite.market("owner0", &ExecuteMsg::Request { sub: 0, items: vec![item] }).unwrap();
    suite.expire(1);
    suite.poke(1).unwrap();
    suite.seat(1);
    let executor = suite.seats(1)[0];
    let item = suite.runner(executor).result(&suite.place(1), &Work::Ok(r#"{"sum":"42"}"#.to_owned(), 0));
    suite.market("relay", &ExecuteMsg::PostResult { items: vec![item] }).unwrap();
    suite.seat(1);
    suite.certify(1, &Work::Valid("proof".to_owned())).unwrap();
    suite.expire(1);
    suite.settle(1).unwrap();
    suite.advance(PRUNE_AFTER);
    suite.market("crank", &prune(&[1])).unwrap();
    assert!(!suite.execution(1).unattested);
}
