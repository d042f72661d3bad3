//! `Certify`: one message in the place of seals, openings and publication.

use mesg_api::market::{CertifyItem, ExecuteMsg, MarketEvent};
use mesg_test_kit::{Suite, Work};

use crate::disputes::end_of;
use crate::phases::{ids, provisional, queued, suite, working};
use crate::snapshot::{items_refused, refusals, refused};

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

fn certify(items: Vec<CertifyItem>, settle: &[u64]) -> ExecuteMsg {
    ExecuteMsg::Certify { items, settle: ids(settle) }
}

#[test]
fn one_to_eight_certificates_and_at_most_24_settlements() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let good = suite.certificate(execution, &Work::honest());
    refused(&mut suite, "relay", &certify(Vec::new(), &[]), "items is 0, must be 1 to 8");
    refused(&mut suite, "relay", &certify(Vec::new(), &[execution]), "items is 0, must be 1 to 8");
    refused(&mut suite, "relay", &certify(vec![good.clone(); 9], &[]), "items is 9, must be 1 to 8");
    refused(&mut suite, "relay", &certify(vec![good.clone()], &[77; 25]), "items is 25, must be 1 to 24");
    let events = suite.market("relay", &certify(vec![good; 8], &[77; 24])).unwrap();
    let (certificates, settlements) = (vec!["duplicate"; 7], vec!["duplicate"; 23]);
    assert_eq!(refusals(&events), [certificates, vec!["unknown"], settlements].concat());
    assert_eq!(suite.execution(execution).phase, "provisional");
    suite.check_invariants();
}

#[test]
fn attack_75_a_bad_certificate_holds_up_nobody() {
    let mut suite = suite();
    let (waiting, done) = (queued(&mut suite), provisional(&mut suite));
    suite.expire(done);
    let (first, second, third) = (working(&mut suite), working(&mut suite), working(&mut suite));
    let [one, two, three] = [first, second, third].map(|execution| suite.certificate(execution, &Work::honest()));
    let of = |execution: u64| CertifyItem { execution: execution.into(), ..one.clone() };
    let forged = CertifyItem { seats: one.seats.clone(), ..two };
    let items = vec![of(99), of(waiting), of(done), one.clone(), one.clone(), forged, three];
    let before = suite.execution(second);
    let events = suite.market("relay", &certify(items, &[99, second, done, done, third])).unwrap();
    let told = |event: &MarketEvent| match event {
        MarketEvent::ItemRefused { index, execution, code } => Some((*index, *execution, code.clone())),
        _ => None,
    };
    let told: Vec<_> = events.iter().filter_map(told).collect();
    let expected = [
        (0, 99, "unknown"),
        (1, waiting, "wrong_phase"),
        (2, done, "wrong_phase"),
        (4, first, "duplicate"),
        (5, second, "signature"),
        (0, 99, "unknown"),
        (1, second, "wrong_phase"),
        (3, done, "duplicate"),
        (4, third, "too_early"),
    ];
    assert_eq!(told, expected.map(|(index, execution, code)| (index, execution, code.to_owned())));
    assert_eq!(end_of(&events).0, "finalized");
    let phases = [waiting, first, second, third, done].map(|execution| suite.execution(execution).phase);
    assert_eq!(phases, ["queued", "provisional", "working", "provisional", "finalized"]);
    assert_eq!(suite.execution(second), before, "a refused certificate leaves its execution as it was");
    suite.check_invariants();
}

#[test]
fn without_a_challenge_window_one_message_certifies_and_settles() {
    let mut suite = Suite::builder().task(|task| task.t_challenge = 0).build();
    let execution = working(&mut suite);
    let items = vec![suite.certificate(execution, &Work::honest())];
    let events = suite.market("relay", &certify(items, &[execution, execution])).unwrap();
    assert_eq!(refusals(&events), ["duplicate"]);
    assert_eq!(end_of(&events).0, "finalized");
    assert_eq!(suite.execution(execution).phase, "finalized");
    suite.check_invariants();
}
