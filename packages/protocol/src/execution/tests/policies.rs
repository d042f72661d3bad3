//! `Verify`, the requester's own runner, and more validators (2.2).

use super::script::*;
use crate::digest::Digest32;
use crate::execution::*;
use crate::ids::RunnerId;
use crate::money::Escrow;
use crate::offence::Offence;
use crate::seal::{ErrorCode, Kind, Value};
use crate::terms::Price;

const OWN: RunnerId = RunnerId(5_000);
const EXECUTOR: u32 = before(ROUND_0) + 1;

fn agree(_: u8, _: RunnerId) -> Act {
    Act::Agree
}

fn own_run(rows: &Rows) -> Play<'_> {
    let mut play = Play::new(rows, 2);
    play.execution.own_runner = Some(OWN);
    play.execution.phase = Phase::own_run(rows.rules(), START);
    play
}

#[test]
fn an_own_run_pays_developer_and_protocol_as_for_the_maximum() {
    for rows in [Rows::new(3), Rows::new(3).verify()] {
        let mut play = own_run(&rows);
        let stranger = play.execution.post_result(rows.rules(), RunnerId(1), result(), at(30));
        assert_eq!(stranger, Err(StepError::NoSeat { runner: RunnerId(1) }));
        play.execution.post_result(rows.rules(), OWN, result(), at(30)).unwrap();
        assert_eq!(play.execution.outcome(), Some(Outcome::Finalized));
        assert!(play.execution.is_unattested());
        assert_eq!(play.execution.output(), Some(result()));
        let parts = play.settled();
        let Escrow { developer, producers, burn, fees, .. } = rows.escrow();
        assert_eq!((parts.developer, parts.producers, parts.burn), (developer, producers, burn));
        let work = fees.executor + 3 * fees.validator;
        let tips = rows.params.tips;
        assert_eq!(parts.user, work + tips.kappa() - tips.settle);
        assert!(parts.seats.is_empty());
    }
}

#[test]
fn an_own_run_that_misses_its_deadline_falls_back_to_the_network() {
    for rows in [Rows::new(1), Rows::with(2, 4, None).verify()] {
        let mut play = own_run(&rows);
        assert_eq!(play.execution.phase.until(), Some(rows.rules().work_deadline(START)));
        play.poke();
        let round = rows.rules().first_round();
        assert!(
            matches!(play.execution.phase, Phase::Queued { round: now, since, .. } if now == round && since == play.now)
        );
        assert!(play.faults.is_empty(), "the own runner has no seat and no bond");
        play.run(&agree, &[]);
        assert_eq!(play.execution.outcome(), Some(Outcome::Finalized));
        assert!(!play.execution.is_unattested());
        play.settled();
    }
}

#[test]
fn a_fall_back_to_a_full_pool_is_refunded() {
    let rows = Rows::new(1);
    let mut play = own_run(&rows);
    assert_eq!(play.execution.refuse_fall_back(at(1)), Err(StepError::WrongPhase { phase: "own_run" }));
    play.poke();
    play.execution.refuse_fall_back(play.now).unwrap();
    assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::NoRunners)));
    let parts = play.settled();
    assert_eq!(parts.user, play.execution.escrow - rows.params.tips.settle);
    let mut other = queued(&rows);
    assert_eq!(other.refuse_fall_back(at(1)), Err(StepError::WrongPhase { phase: "queued" }), "no own run");
    let mut late = own_run(&rows);
    let disputed = |round, _| if round == ROUND_1 { Act::Shut } else { Act::Agree };
    late.run_to("opening", &disputed);
    late.run_to("queued", &disputed);
    assert_eq!(late.execution.refuse_fall_back(late.now), Err(StepError::WrongPhase { phase: "queued" }), "round 2");
}

#[test]
fn an_own_run_reserves_no_seats_before_it_falls_back() {
    let rows = Rows::new(1);
    assert!(queued(&rows).was_queued());
    let mut play = own_run(&rows);
    assert!(!play.execution.was_queued());
    play.poke();
    assert!(play.execution.was_queued());
}

#[test]
fn a_fee_below_one_unit_is_no_credit() {
    let mut rows = Rows::new(1);
    rows.terms.price = Price { per_call: 1, per_kb: 0, per_mfuel: 0 };
    let mut execution = seated(&rows, 0);
    let error = Value { kind: Kind::Err(ErrorCode::BadInput), ..verdict_invalid() };
    let salts = [1, 2].map(|runner| salt(ROUND_1, RunnerId(runner))).into();
    let certificate = Certificate { value: error, salts };
    execution.certify(rows.rules(), &certificate, at(31), |_, _| Ok::<_, StepError>(())).unwrap();
    execution.settle(rows.rules(), at(700)).unwrap();
    let parts = execution.settlement(rows.rules(), 0).unwrap();
    assert_eq!(parts, Settlement { user: execution.escrow, ..Settlement::default() });
}

#[test]
fn a_checked_result_pays_its_executor_and_its_committee() {
    let rows = Rows::with(3, 5, None).verify();
    let fees = rows.rules().max_fees(100).unwrap();
    let mut play = Play::new(&rows, 2);
    play.run(&agree, &[]);
    assert_eq!((play.execution.outcome(), play.execution.output()), (Some(Outcome::Finalized), Some(result())));
    let parts = play.settled();
    // 100 bytes of input and 200 of output are one kB; the maximum is five.
    let a = fees.executor - 4 * rows.terms.price.per_kb;
    let b = rows.terms.validator.of(a);
    assert_eq!(paid(&parts), [(1, b), (2, b), (3, b), (EXECUTOR, a)].into());
    assert_eq!(play.execution.history.iter().filter(|mark| mark.phase == 0).count(), 1, "the committee is drawn later");
}

#[test]
fn a_result_that_all_refuse_goes_before_a_larger_committee_and_is_rejected() {
    for k3 in [None, Some(8)] {
        let rows = Rows::with(2, 4, k3).verify();
        let (fees, bond) = (rows.rules().max_fees(100).unwrap(), rows.terms.seat_bond);
        let mut play = Play::new(&rows, 2);
        play.run(&|_, _| Act::Dissent, &[]);
        assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::Rejected)));
        assert_eq!(play.execution.decided, ROUND_2);
        assert!(
            play.execution.history.iter().all(|mark| Phase::name_of(mark.phase) != "publishing"),
            "all know Invalid"
        );
        assert_eq!(play.execution.output(), None, "what was rejected is no output");
        let parts = play.settled();
        assert_eq!(play.slashed(), [(EXECUTOR, bond)].into(), "the executor was wrong, nobody else");
        let b = fees.validator;
        let jurors = (1..=4).map(|place| (before(ROUND_2) + place, b));
        assert_eq!(paid(&parts), [(1, b), (2, b)].into_iter().chain(jurors).collect());
        assert_eq!(parts.user, play.execution.escrow - play.execution.tips_paid + fees.executor);
        assert_eq!(parts.burn, bond - fees.executor - 6 * b);
    }
}

#[test]
fn a_committee_that_refuses_alone_is_wrong_itself() {
    let rows = Rows::with(2, 4, None).verify();
    let bond = rows.terms.seat_bond;
    let mut play = Play::new(&rows, 2);
    play.run(&|round, _| if round == ROUND_1 { Act::Dissent } else { Act::Agree }, &[]);
    assert_eq!(play.execution.outcome(), Some(Outcome::Finalized));
    let parts = play.settled();
    assert_eq!(play.slashed(), [(1, bond / 2), (2, bond / 2)].into());
    let a = rows.terms.price.per_call + rows.terms.price.per_kb;
    let jurors = (1..=4).map(|place| (before(ROUND_2) + place, rows.terms.validator.of(a)));
    assert_eq!(paid(&parts), [(EXECUTOR, a)].into_iter().chain(jurors).collect(), "and not paid");
}

/// The executor's result is an output as long as it stands.
#[test]
fn a_result_is_no_output_before_it_is_judged_nor_once_it_is_refused() {
    let rows = Rows::with(2, 4, Some(8)).verify();
    for (act, output) in [(Act::Agree, Some(result())), (Act::Dissent, None)] {
        let mut play = Play::new(&rows, 2);
        let script = |round, _| if round == ROUND_0 { Act::Agree } else { act };
        while play.execution.result.is_none() {
            assert_eq!(play.execution.output(), None);
            play.step(&script, &[]);
        }
        assert_eq!(play.execution.output(), None, "not judged");
        play.run_to("provisional", &script);
        assert_eq!(play.execution.output(), output, "{act:?}");
    }
}

#[test]
fn another_witness_is_a_dissent() {
    let rows = Rows::with(1, 3, None).verify();
    let mut play = Play::new(&rows, 0);
    play.run_to("opening", &agree);
    let other = rows.opening(ROUND_1, RunnerId(1), 2);
    assert_eq!(play.execution.open(rows.rules(), RunnerId(1), other, play.now), Err(StepError::Mismatch));
    let values = [rows.value(0), rows.value(2)].map(|value| rows.rules().round_value(ROUND_1, &value));
    assert_ne!(values[0], values[1], "attack 17: equal witnesses are needed");
}

#[test]
fn an_executor_that_is_late_is_replaced_twice() {
    let rows = Rows::with(2, 4, None).verify();
    let fees = rows.rules().max_fees(100).unwrap();
    for silent in 1..=3 {
        let mut play = Play::new(&rows, 2);
        let late = |round, runner: RunnerId| {
            if round == ROUND_0 && runner.0 < EXECUTOR + silent { Act::Silent } else { Act::Agree }
        };
        play.run(&late, &[]);
        let outcome = if silent < 3 { Outcome::Finalized } else { Outcome::Refunded(Refund::NoResult) };
        assert_eq!(play.execution.outcome(), Some(outcome));
        play.settled();
        let slashed: Vec<_> = (0..silent).map(|place| (EXECUTOR + place, 2 * fees.executor)).collect();
        assert_eq!(play.slashed(), slashed.into_iter().collect());
    }
}

#[test]
fn a_checking_committee_that_cannot_be_filled_gives_way_to_a_larger_one() {
    let rows = Rows::with(2, 4, None).verify();
    let mut play = Play::new(&rows, 0);
    play.run(&|round, runner: RunnerId| if (round, runner.0) == (ROUND_1, 1) { Act::Silent } else { Act::Agree }, &[]);
    assert_eq!((play.execution.outcome(), play.execution.decided), (Some(Outcome::Finalized), ROUND_2));
    play.settled();
    assert_eq!(play.at_fault(Offence::Missed), [1]);
    assert_eq!(play.at_fault(Offence::WrongOrUnopened), [] as [u32; 0], "who sealed in vain pays nothing");
}

/// Nobody of the committee can get the payload: nobody's fault where somebody else may have withheld it.
#[test]
fn attack_27_who_withholds_the_input_does_not_have_the_executor_slashed() {
    let rows = Rows::with(2, 4, None).verify();
    for (inline, output_len) in [(true, 4_096), (false, 4_096), (false, 4_097)] {
        let mut play = Play::new(&rows, 2);
        play.execution.input.inline = inline;
        play.output_len = output_len;
        play.run(&|round, _| if round == ROUND_0 { Act::Agree } else { Act::Starved }, &[]);
        assert_eq!(play.execution.outcome(), Some(Outcome::Unavailable));
        assert!(play.slashed().is_empty());
        play.settled();
    }
}

/// Nobody of the committee can get a large result, whose input is on chain: its executor's fault, once.
#[test]
fn a_result_that_nobody_can_get_is_its_executors_fault() {
    let rows = Rows::with(2, 4, None).verify();
    let fees = rows.rules().max_fees(100).unwrap();
    let mut play = Play::new(&rows, 2);
    play.output_len = 4_097;
    play.run(&|round, _| if round == ROUND_0 { Act::Agree } else { Act::Starved }, &[]);
    assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::NoResult)));
    assert_eq!(play.slashed(), [(EXECUTOR, 2 * fees.executor)].into());
    let parts = play.settled();
    assert_eq!(parts.user, play.execution.escrow - play.execution.tips_paid + fees.executor);
    play.report(RunnerId(EXECUTOR));
    assert_eq!(play.slashed()[&EXECUTOR], rows.terms.seat_bond, "all slashes of a seat stay within its bond");
}

#[test]
fn more_validators_are_paid_for_and_the_later_rounds_grow() {
    let mut rows = Rows::with(1, 3, Some(6));
    rows.more = 4;
    let rules = rows.rules();
    assert_eq!([1, 2, 3].map(|round| rules.seats(round)), [6, 7, 14]);
    assert_eq!([1, 2, 3].map(|round| rules.wanted(round)), [8, 10, 19]);
    let mut play = Play::new(&rows, 2);
    play.run(&agree, &[]);
    let parts = play.settled();
    assert_eq!(parts.seats.len(), 6);
    assert_eq!(
        play.execution.rules(&rows.terms, &rows.params, Market { domain: &DOMAIN, beacon: &BEACON }, ID).committee,
        rules.committee
    );
}

#[test]
fn an_error_value_is_agreed_on_like_any_other() {
    for (code, whole) in [(ErrorCode::BadInput, false), (ErrorCode::Trap, true)] {
        for certify in [false, true] {
            let rows = Rows::new(1);
            let error = Value { kind: Kind::Err(code), output: Digest32::ZERO, output_len: 0, mfuel: 0 };
            let mut execution = seated(&rows, 0);
            let rules = rows.rules();
            let h = rules.round_value(ROUND_1, &error);
            let runners = [RunnerId(1), RunnerId(2)];
            if certify {
                let salts = runners.map(|runner| salt(ROUND_1, runner)).into();
                execution
                    .certify(rules, &Certificate { value: error, salts }, at(31), |_, _| Ok::<_, StepError>(()))
                    .unwrap();
            } else {
                for runner in runners {
                    let seal = crate::seal::seal(&DOMAIN, ID, ROUND_1, runner, &h, &salt(ROUND_1, runner));
                    execution.seal(rules, runner, seal, at(31)).unwrap();
                }
                for runner in runners {
                    let opening = Opening { value: h, salt: salt(ROUND_1, runner) };
                    execution.open(rules, runner, opening, at(32)).unwrap();
                }
                execution.publish(rules, error, at(33)).unwrap();
            }
            execution.settle(rules, at(700)).unwrap();
            assert_eq!(execution.outcome(), Some(Outcome::Failed(code)));
            assert_eq!(execution.output(), None);
            let parts = execution.settlement(rules, 0).unwrap();
            let fee = 1_001_000;
            assert_eq!(parts.seats[0].1, if whole { fee } else { fee / 2 });
            assert_eq!(parts.developer, 0);
        }
    }
}
