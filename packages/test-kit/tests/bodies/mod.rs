//! Tests that hold on every chain: each runs on cw-multi-test (`lifecycle.rs`) and on a real node (`wasmd.rs`).
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use mesg_api::market::{ExecuteMsg, MarketEvent};
use mesg_test_kit::{Chain, Suite, Work};

pub fn an_execution_is_paid_to_the_last_unit<C: Chain>(mut suite: Suite<C>) {
    suite.check_invariants();
    let execution = suite.request("alice");
    suite.check_invariants();
    let seats = suite.seat(execution);
    assert_eq!(seats.len(), 4);
    suite.check_invariants();
    suite.work(execution, &Work::honest());
    assert_eq!(suite.execution(execution).phase, "provisional");
    suite.expire(execution);
    let events = suite.settle(execution).unwrap();
    suite.check_invariants();
    let Some(MarketEvent::Ended { escrow, pot, user, seats, developer, producers, burn, tips, outcome, .. }) =
        events.last().cloned()
    else {
        panic!("{events:?}")
    };
    assert_eq!(outcome, "finalized");
    assert_eq!(escrow + pot, user + seats + developer + producers + burn + tips);
    assert_eq!(tips, 10_000, "tick, beacon, seat and settle");
    assert!(user > 0, "usage below the maximum comes back");
    let entered: Vec<_> = suite.execution(execution).history.into_iter().map(|item| item.phase).collect();
    assert_eq!(entered, ["working", "opening", "publishing", "provisional", "ended"]);
}

pub fn silence_before_the_seal_is_slashed_and_refilled<C: Chain>(mut suite: Suite<C>) {
    let execution = suite.request("alice");
    let seats = suite.seat(execution);
    for runner in &seats[1..] {
        suite.seal(execution, *runner, &Work::honest()).unwrap();
    }
    suite.expire(execution);
    let events = suite.poke(execution).unwrap();
    assert!(events.iter().any(|event| matches!(event, MarketEvent::Refilled { .. })), "{events:?}");
    suite.check_invariants();
    let refilled = suite.seats(execution);
    assert_eq!(refilled[..3], seats[1..], "the next in draw order is the primary now");
    assert!(!seats.contains(&refilled[3]));
    suite.seal(execution, refilled[3], &Work::honest()).unwrap();
    for runner in &refilled {
        suite.open(execution, *runner, &Work::honest()).unwrap();
    }
    suite.publish(execution, &Work::honest()).unwrap();
    suite.expire(execution);
    suite.settle(execution).unwrap();
    suite.check_invariants();
    assert_eq!(suite.execution(execution).phase, "finalized");
}

pub fn without_the_beacon_everything_but_the_tips_comes_back<C: Chain>(mut suite: Suite<C>) {
    suite.deposit("alice", 100_000_000).unwrap();
    let before = suite.purse(&suite.account("alice")).balance.u128();
    let item = suite.item();
    suite.market("alice", &ExecuteMsg::Request { sub: 0, items: vec![item] }).unwrap();
    suite.expire(1);
    suite.poke(1).unwrap();
    suite.check_invariants();
    let ended = suite.execution(1);
    assert_eq!((ended.phase.as_str(), ended.reason.as_deref()), ("refunded", Some("NoBeacon")));
    assert_eq!(suite.purse(&suite.account("alice")).balance.u128(), before - 4_000, "the settle tip");
}

pub fn a_lie_is_outvoted_and_slashed<C: Chain>(mut suite: Suite<C>) {
    let execution = suite.request("alice");
    let seats = suite.seat(execution);
    let work = |index| if index == 2 { Work::wrong() } else { Work::honest() };
    for (index, runner) in seats.iter().enumerate() {
        suite.seal(execution, *runner, &work(index)).unwrap();
    }
    for (index, runner) in seats.iter().enumerate() {
        suite.open(execution, *runner, &work(index)).unwrap();
    }
    assert_eq!(suite.execution(execution).escalation, 2);
    assert_eq!(suite.seat(execution).len(), 5);
    let events = suite.certify(execution, &Work::honest()).unwrap();
    let slashed = events.iter().find_map(|event| match event {
        MarketEvent::Slashed { runner, amount, .. } => Some((*runner, *amount)),
        _ => None,
    });
    assert_eq!(slashed, Some((seats[2].0, 15_000_000)), "B/2");
    assert_eq!(suite.execution(execution).phase, "finalized");
    suite.check_invariants();
}

pub fn what_a_contract_refuses_says_why<C: Chain>(mut suite: Suite<C>) {
    let missing = suite.settle(77).unwrap();
    assert!(matches!(&missing[..], [MarketEvent::ItemRefused { .. }]), "{missing:?}");
    let no_money = ExecuteMsg::Request { sub: 9, items: vec![suite.item()] };
    let refused = suite.market("mallory", &no_money).unwrap_err();
    assert!(refused.contains("purse has 0, the escrow is"), "{refused}");
    let market = suite.market.clone();
    let unknown = serde_json::json!({ "tick": { "colour": "red" } });
    let refused = suite.execute("mallory", &market, &unknown).unwrap_err();
    assert!(refused.contains("nknown field `colour`"), "{refused}");
    suite.deposit("mallory", 1_000).unwrap();
    let nowhere = ExecuteMsg::Withdraw { sub: 0, amount: None, to: Some("Nowhere".to_owned()) };
    let refused = suite.market("mallory", &nowhere).unwrap_err();
    assert!(refused.contains("bech32"), "{refused}");
    suite.check_invariants();
}
