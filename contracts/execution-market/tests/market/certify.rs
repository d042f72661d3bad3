//! `Certify`: one message in the place of seals, openings and publication.

use mesg_api::market::{ExecuteMsg, MarketEvent};
use mesg_test_kit::Work;

use crate::disputes::end_of;
use crate::phases::{suite, working};
use crate::snapshot::items_refused;

#[test]
fn a_certificate_takes_the_place_of_seals_openings_and_publication() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let events = suite.certify(execution, &Work::honest()).unwrap();
    assert!(events.iter().any(|event| matches!(event, MarketEvent::Certified { escalation: 1, .. })), "{events:?}");
    assert_eq!(suite.execution(execution).phase, "provisional");
    suite.expire(execution);
    let other = working(&mut suite);
    let items = vec![suite.certificate(other, &Work::honest())];
    let msg = ExecuteMsg::Certify { items, settle: vec![execution.into()] };
    let events = suite.market("relay", &msg).unwrap();
    assert_eq!(end_of(&events).0, "finalized");
    suite.check_invariants();
}

#[test]
fn attack_62_a_certificate_after_some_seals_and_openings_agrees_with_them() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    suite.seal(execution, seats[0], &Work::wrong()).unwrap();
    let items = vec![suite.certificate(execution, &Work::honest())];
    let certify = ExecuteMsg::Certify { items, settle: Vec::new() };
    items_refused(&mut suite, &certify, &["bound"]);
    for runner in &seats[1..] {
        suite.seal(execution, *runner, &Work::wrong()).unwrap();
    }
    suite.open(execution, seats[0], &Work::wrong()).unwrap();
    suite.certify(execution, &Work::wrong()).unwrap();
    assert_eq!(suite.execution(execution).phase, "provisional");
    suite.check_invariants();
}

#[test]
fn attack_63_a_forged_certificate_is_refused() {
    let mut suite = suite();
    let (execution, other) = (working(&mut suite), working(&mut suite));
    let good = suite.certificate(execution, &Work::honest());
    let foreign = suite.certificate(other, &Work::honest());
    let change = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut seats = good.seats.to_vec();
        change(&mut seats);
        let mut item = good.clone();
        item.seats = seats.into();
        item
    };
    let forged = [
        (change(&|seats| seats.truncate(3 * 96)), "incomplete"),
        (change(&|seats| seats.extend_from_within(..96)), "incomplete"),
        (change(&|seats| seats.truncate(200)), "result"),
        (change(&|seats| seats.push(0)), "result"),
        (change(&Vec::clear), "incomplete"),
        (change(&|seats| seats.resize(300 * 96, 7)), "incomplete"),
        (change(&|seats| seats[0] ^= 1), "signature"),
        (change(&|seats| seats[40] ^= 1), "signature"),
        (change(&|seats| seats.copy_within(96..192, 0)), "signature"),
        (change(&|seats| *seats = foreign.seats.to_vec()), "signature"),
    ];
    for (item, code) in forged {
        items_refused(&mut suite, &ExecuteMsg::Certify { items: vec![item], settle: Vec::new() }, &[code]);
    }
    let mut value = good.clone();
    value.mfuel = 8u64.into();
    items_refused(&mut suite, &ExecuteMsg::Certify { items: vec![value], settle: Vec::new() }, &["signature"]);
    suite.market("mallory", &ExecuteMsg::Certify { items: vec![good], settle: Vec::new() }).unwrap();
    suite.check_invariants();
}
