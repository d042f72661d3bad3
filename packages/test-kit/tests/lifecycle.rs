//! One execution from request to payment, on real contracts, seals and BLS.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use mesg_api::market::{MarketEvent, QueryMsg};
use mesg_test_kit::{Suite, Work};

#[test]
fn an_execution_is_paid_to_the_last_unit() {
    let mut suite = Suite::builder().build();
    suite.check_invariants();
    let execution = suite.request("alice");
    suite.check_invariants();
    let seats = suite.seat(execution);
    assert_eq!(seats.len(), 4);
    suite.check_invariants();
    suite.work(execution, &Work::honest());
    assert_eq!(suite.execution(execution).phase, "provisional");
    suite.advance(601);
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
    assert_eq!(suite.execution(execution).history.len(), 5);
    let _: mesg_api::market::VersionResponse = suite.ask(&QueryMsg::Version { version: suite.version });
}

#[test]
fn silence_before_the_seal_is_slashed_and_refilled() {
    let mut suite = Suite::builder().build();
    let execution = suite.request("alice");
    let seats = suite.seat(execution);
    for runner in &seats[1..] {
        suite.seal(execution, *runner, &Work::honest()).unwrap();
    }
    suite.advance(81);
    suite.poke(execution).unwrap();
    suite.check_invariants();
    let refilled = suite.seats(execution);
    assert_eq!(refilled[..3], seats[1..], "the next in draw order is the primary now");
    assert!(!seats.contains(&refilled[3]));
    suite.seal(execution, refilled[3], &Work::honest()).unwrap();
    for runner in &refilled {
        suite.open(execution, *runner, &Work::honest()).unwrap();
    }
    suite.publish(execution, &Work::honest()).unwrap();
    suite.advance(601);
    suite.settle(execution).unwrap();
    suite.check_invariants();
    assert_eq!(suite.execution(execution).phase, "finalized");
}

#[test]
fn without_the_beacon_everything_but_the_tips_comes_back() {
    let mut suite = Suite::builder().build();
    suite.deposit("alice", 100_000_000).unwrap();
    let before = suite.purse(&suite.account("alice")).balance.u128();
    let item = suite.item();
    suite.market("alice", &mesg_api::market::ExecuteMsg::Request { sub: 0, items: vec![item] }).unwrap();
    suite.advance(901);
    suite.poke(1).unwrap();
    suite.check_invariants();
    let ended = suite.execution(1);
    assert_eq!((ended.phase.as_str(), ended.reason.as_deref()), ("refunded", Some("NoBeacon")));
    assert_eq!(suite.purse(&suite.account("alice")).balance.u128(), before - 4_000, "the settle tip");
}

#[test]
fn dissent_is_inconclusive() {
    let mut suite = Suite::builder().build();
    let execution = suite.request("alice");
    let seats = suite.seat(execution);
    for (index, runner) in seats.iter().enumerate() {
        let work = if index == 2 { Work::wrong() } else { Work::honest() };
        suite.seal(execution, *runner, &work).unwrap();
    }
    for (index, runner) in seats.iter().enumerate() {
        let work = if index == 2 { Work::wrong() } else { Work::honest() };
        suite.open(execution, *runner, &work).unwrap();
    }
    assert_eq!(suite.execution(execution).reason.as_deref(), Some("Inconclusive"));
    suite.check_invariants();
}
