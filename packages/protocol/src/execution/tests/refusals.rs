//! What each phase refuses, and why.

use super::script::*;
use crate::execution::*;
use crate::ids::RunnerId;

fn in_phase(name: &str, rows: &Rows) -> Execution {
    let mut execution = queued(rows);
    if name == "queued" {
        return execution;
    }
    execution.seat_committee(rows.rules(), &candidates(4), at(30)).unwrap();
    if name == "working" {
        return execution;
    }
    for runner in [RunnerId(1), RunnerId(2)] {
        execution.seal(rows.rules(), runner, sealing(runner, &value(0)), at(31)).unwrap();
    }
    if name == "opening" {
        return execution;
    }
    for runner in [RunnerId(1), RunnerId(2)] {
        execution.open(&DOMAIN, ID, rows.rules(), runner, opening(runner, &value(0)), at(32)).unwrap();
    }
    if name == "publishing" {
        return execution;
    }
    execution.publish(&DOMAIN, ID, rows.rules(), value(0), at(33)).unwrap();
    if name == "provisional" {
        return execution;
    }
    execution.settle(at(700)).unwrap();
    execution
}

const PHASES: [&str; 6] = ["queued", "working", "opening", "publishing", "provisional", "finalized"];

/// Every action in every phase: allowed where the table says so, else refused with the phase's name and without effect.
#[test]
fn illegal_transitions_are_refused_and_change_nothing() {
    type Action = fn(&mut Execution, &Rows) -> Result<(), StepError>;
    let actions: [(&str, Action); 7] = [
        ("queued", |e, r| e.seat_committee(r.rules(), &candidates(4), at(40))),
        ("queued", |e, r| e.rebind(&BEACON, r.params.margin, at(40))),
        ("working", |e, r| e.seal(r.rules(), RunnerId(1), sealing(RunnerId(1), &value(0)), at(40))),
        ("opening", |e, r| e.open(&DOMAIN, ID, r.rules(), RunnerId(1), opening(RunnerId(1), &value(0)), at(40))),
        ("publishing", |e, r| e.publish(&DOMAIN, ID, r.rules(), value(0), at(40))),
        ("provisional", |e, _| e.settle(at(700))),
        ("finalized", |e, r| e.settlement(r.rules()).map(drop)),
    ];
    let rows = Rows::new(1);
    for phase in PHASES {
        for (legal, action) in &actions {
            let mut execution = in_phase(phase, &rows);
            let before = execution.clone();
            let result = action(&mut execution, &rows);
            if phase == *legal {
                assert_eq!(result, Ok(()), "{phase}");
            } else {
                assert_eq!(result, Err(StepError::WrongPhase { phase: before.phase.name() }), "{phase}");
                assert_eq!(execution, before);
            }
        }
    }
    let mut ended = in_phase("finalized", &rows);
    let refused = ended.poke(rows.rules(), at(10_000), |_| true, true).unwrap_err();
    assert_eq!(refused, StepError::WrongPhase { phase: "finalized" });
}

#[test]
fn a_seat_is_bound_by_its_first_seal() {
    let rows = Rows::new(1);
    let mut execution = seated(&rows, 0);
    let (one, first) = (RunnerId(1), sealing(RunnerId(1), &value(0)));
    execution.seal(rows.rules(), one, first, at(31)).unwrap();
    assert_eq!(execution.seal(rows.rules(), one, first, at(31)), Err(StepError::Already));
    let other = sealing(one, &value(1));
    assert_eq!(execution.seal(rows.rules(), one, other, at(31)), Err(StepError::Bound));
    let stranger = RunnerId(99);
    assert_eq!(execution.seal(rows.rules(), stranger, first, at(31)), Err(StepError::NoSeat { runner: stranger }));
}

#[test]
fn attack_11_an_opening_of_another_runner_or_value_does_not_match() {
    let rows = Rows::new(1);
    let mut execution = in_phase("opening", &rows);
    let mut open = |runner, opening| execution.open(&DOMAIN, ID, rows.rules(), runner, opening, at(33));
    let (one, two) = (RunnerId(1), RunnerId(2));
    assert_eq!(open(one, opening(one, &value(1))), Err(StepError::Mismatch), "attack 14: content cannot change");
    assert_eq!(open(one, opening(two, &value(0))), Err(StepError::Mismatch), "another runner's salt");
    assert_eq!(open(one, opening(one, &value(0))), Ok(()));
    assert_eq!(open(one, opening(one, &value(0))), Err(StepError::Already));
    assert_eq!(open(one, opening(one, &value(1))), Err(StepError::Bound));
}

#[test]
fn only_the_agreed_value_is_published() {
    let rows = Rows::new(1);
    let mut execution = in_phase("publishing", &rows);
    let mut publish = |value| execution.publish(&DOMAIN, ID, rows.rules(), value, at(40));
    assert_eq!(publish(value(1)), Err(StepError::NotAgreed));
    let other_fuel = crate::seal::Value { mfuel: 4, ..value(0) };
    assert_eq!(publish(other_fuel), Err(StepError::NotAgreed), "attack 65: usage is attested");
    assert_eq!(publish(value(0)), Ok(()));
}

#[test]
fn a_committee_needs_enough_candidates() {
    let rows = Rows::new(3);
    let mut execution = queued(&rows);
    let refused = execution.seat_committee(rows.rules(), &candidates(3), at(30));
    assert_eq!(refused, Err(StepError::TooFew { got: 3, needed: 4 }));
    execution.seat_committee(rows.rules(), &candidates(9), at(30)).unwrap();
    assert_eq!((execution.seats.len(), execution.spares.len()), (4, 2));
}

#[test]
fn tips_never_exceed_kappa_or_the_pot() {
    let rows = Rows::new(1);
    let mut execution = seated(&rows, 0);
    assert_eq!(execution.take_tip(rows.rules(), 7), 7);
    assert_eq!(execution.take_tip(rows.rules(), 7), 3, "kappa is 10");
    assert_eq!(execution.take_tip(rows.rules(), 7), 0);
    execution.add_penalty(5).unwrap();
    assert_eq!((execution.take_pot_tip(4), execution.take_pot_tip(4), execution.pot), (4, 1, 0));
    execution.add_penalty(1).unwrap();
    assert!(execution.add_penalty(u128::MAX).is_err());
}

#[test]
fn duties_follow_the_phase() {
    let rows = Rows::new(3);
    let mut execution = seated(&rows, 2);
    let kind = |execution: &Execution, runner| execution.duty(RunnerId(runner)).map(|duty| duty.kind);
    assert_eq!(kind(&queued(&rows), 1), None);
    assert_eq!(kind(&execution, 1), Some(DutyKind::Seal));
    assert_eq!(kind(&execution, 5), None, "a spare owes nothing");
    execution.seal(rows.rules(), RunnerId(1), sealing(RunnerId(1), &value(0)), at(31)).unwrap();
    assert_eq!(kind(&execution, 1), Some(DutyKind::Poke));
    for runner in (2..=4).map(RunnerId) {
        execution.seal(rows.rules(), runner, sealing(runner, &value(0)), at(31)).unwrap();
    }
    assert_eq!(kind(&execution, 1), Some(DutyKind::Open));
    for runner in (1..=4).map(RunnerId) {
        execution.open(&DOMAIN, ID, rows.rules(), runner, opening(runner, &value(0)), at(32)).unwrap();
    }
    assert_eq!(kind(&execution, 1), Some(DutyKind::Publish));
    assert_eq!(kind(&execution, 2), Some(DutyKind::Poke));
    for _ in 0..2 {
        let until = until(&execution, &rows).unwrap();
        let now = crate::clock::Clock { time: until.time, height: until.height };
        execution.poke(rows.rules(), now, |_| true, true).unwrap();
    }
    assert_eq!(kind(&execution, 4), Some(DutyKind::Publish), "any holder in the last slot");
    execution.publish(&DOMAIN, ID, rows.rules(), value(0), at(900)).unwrap();
    assert_eq!(kind(&execution, 4), Some(DutyKind::Settle));
    execution.settle(at(2_000)).unwrap();
    assert_eq!(kind(&execution, 4), None);
}

#[test]
fn codes_are_stable() {
    let errors = [
        StepError::WrongPhase { phase: "queued" },
        StepError::TooEarly { time: 1, height: 2 },
        StepError::NoSeat { runner: RunnerId(1) },
        StepError::Already,
        StepError::Bound,
        StepError::Mismatch,
        StepError::NotAgreed,
        StepError::Unconfirmed,
        StepError::NoBeacon { round: 3 },
        StepError::TooFew { got: 1, needed: 4 },
        StepError::Money(crate::money::MoneyError::Overflow),
    ];
    let codes: Vec<_> = errors.iter().map(StepError::code).collect();
    let frozen = "wrong_phase too_early no_seat already bound mismatch not_agreed unconfirmed no_beacon too_few money";
    assert_eq!(codes.join(" "), frozen);
}
