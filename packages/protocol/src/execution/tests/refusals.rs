//! Every action in every phase: taken where the table of 2.4 says so, else refused by name and without effect.

use super::script::*;
use crate::clock::Clock;
use crate::execution::*;
use crate::ids::RunnerId;
use crate::seal::{ErrorCode, Value};

/// An execution in a phase, and its time.
fn in_phase<'a>(name: &str, rows: &'a Rows) -> Play<'a> {
    let mut play = Play::new(rows, 0);
    if name == "own_run" {
        play.execution.own_runner = Some(RunnerId(5_000));
        play.execution.phase = Phase::own_run(rows.rules(), START);
        return play;
    }
    play.run_to(name, &|_, _| Act::Agree);
    play
}

type Script = fn(u8, RunnerId) -> Act;

fn agree(_: u8, _: RunnerId) -> Act {
    Act::Agree
}

/// The primary dissents, so round 2 decides.
fn disputed(round: u8, runner: RunnerId) -> Act {
    if (round, runner.0) == (ROUND_1, 1) { Act::Dissent } else { Act::Agree }
}

/// Round 2 cannot agree either.
fn divided(round: u8, runner: RunnerId) -> Act {
    if round == ROUND_2 && runner.0 > 201 { Act::Shut } else { disputed(round, runner) }
}

/// Every phase of every round: its name, its round, and what leads there.
const PHASES: [(&str, u8, Script); 15] = [
    ("own_run", 0, agree),
    ("queued", ROUND_1, agree),
    ("working", ROUND_1, agree),
    ("opening", ROUND_1, agree),
    ("publishing", ROUND_1, agree),
    ("provisional", ROUND_1, agree),
    ("queued", ROUND_2, disputed),
    ("working", ROUND_2, disputed),
    ("opening", ROUND_2, disputed),
    ("publishing", ROUND_2, disputed),
    ("provisional", ROUND_2, disputed),
    ("queued", ROUND_3, divided),
    ("working", ROUND_3, divided),
    ("opening", ROUND_3, divided),
    ("publishing", ROUND_3, divided),
];

/// Plays until the phase has this name, in the round that came last.
fn in_round<'a>(rows: &'a Rows, (name, round, script): (&str, u8, Script)) -> Play<'a> {
    if name == "own_run" {
        return in_phase(name, rows);
    }
    let mut play = Play::new(rows, 0);
    let last = |play: &Play<'_>| play.execution.phase.round().unwrap_or(play.execution.decided);
    while (play.execution.phase.name(), last(&play)) != (name, round) {
        assert_eq!(play.execution.outcome(), None, "before {name} of round {round}");
        play.step(&script, &[]);
    }
    play
}

/// An execution for each way to end, named as its outcome is.
fn ended(rows: &Rows, outcome: Outcome) -> Play<'_> {
    let mut play = Play::new(rows, 0);
    let script: Script = match outcome {
        Outcome::Corrected => disputed,
        Outcome::Unavailable => |_, _| Act::Starved,
        Outcome::Refunded(Refund::NoResult) => |_, _| Act::Silent,
        Outcome::Refunded(Refund::Rejected) => |_, _| Act::Dissent,
        Outcome::Refunded(Refund::Inconclusive) => |round, _| if round == ROUND_0 { Act::Agree } else { Act::Shut },
        _ => agree,
    };
    match outcome {
        Outcome::Refunded(Refund::NoBeacon | Refund::NoRunners) => {
            let has_rand = outcome == Outcome::Refunded(Refund::NoRunners);
            play.execution.poke(rows.rules(), at(900), &mut Pool::default(), has_rand).unwrap();
        }
        Outcome::Failed(_) => {
            seat(&mut play.execution, rows, 0, at(30));
            let error = certificate(rows, &play.execution, ROUND_1, ERROR);
            play.execution.certify(rows.rules(), &error, at(31), |_, _| Ok::<_, StepError>(())).unwrap();
            play.run(&script, &[]);
        }
        _ => play.run(&script, &[]),
    }
    assert_eq!(play.execution.outcome(), Some(outcome));
    play
}

type Action = fn(&mut Execution, &Rows, Clock) -> Result<(), StepError>;

/// The present round, and its first runner.
fn first(execution: &Execution) -> (u8, RunnerId) {
    let round = execution.phase.round().unwrap_or(ROUND_1);
    (round, RunnerId(before(round) + 1))
}

/// Each action, and where it is legal.
const ACTIONS: [(&[&str], Action); 13] = [
    (&["queued"], |e, r, now| e.seat_committee(r.rules(), &candidates(first(e).0, 6), 6, EPOCH, now)),
    (&["queued"], |e, r, now| e.rebind(r.rules(), now)),
    (&["queued"], |e, _, now| e.queue_action(&BEACON, EPOCH, &[], false, now).map(drop).or_else(ignore_wait)),
    (&["working"], |e, r, now| {
        let (round, runner) = first(e);
        e.seal(r.rules(), runner, r.sealing(round, runner, 0), now)
    }),
    (&["working"], |e, r, now| {
        e.decline(r.rules(), first(e).1, DeclineCode::Stopping, now, &mut Pool::default()).map(drop)
    }),
    (&["working", "opening"], |e, r, now| {
        let certificate = certificate(r, e, first(e).0, 0);
        e.certify(r.rules(), &certificate, now, |_, _| Ok(()))
    }),
    (&["opening"], |e, r, now| {
        let (round, runner) = first(e);
        e.open(r.rules(), runner, r.opening(round, runner, 0), now)
    }),
    (&["publishing"], |e, r, now| e.publish(r.rules(), r.value(0), now)),
    (&["provisional"], |e, r, now| {
        let bond = r.rules().challenge_bond(100)?;
        e.challenge(r.rules(), vec![1], bond, now)
    }),
    (&["provisional"], |e, r, now| e.settle(r.rules(), Clock { time: now.time + 600, height: now.height + 60 })),
    (&["own_run"], |e, r, now| e.post_result(r.rules(), RunnerId(5_000), result(), now)),
    (ENDED, |e, r, _| e.settlement(r.rules(), 0).map(drop)),
    (ENDED, |e, r, _| e.final_faults(r.rules()).map(drop)),
];

/// Names of the phase that has no exit.
const ENDED: &[&str] = &["finalized", "corrected", "failed", "refunded"];

fn ignore_wait(error: StepError) -> Result<(), StepError> {
    if matches!(error, StepError::Unconfirmed | StepError::NoBeacon { .. }) { Ok(()) } else { Err(error) }
}

/// Each action is taken where it is legal, else refused by name, and nothing changes.
fn check_actions(play: &Play<'_>, of: &dyn core::fmt::Debug) {
    let (rows, phase) = (play.rows, play.execution.phase.name());
    for (number, (legal, action)) in ACTIONS.iter().enumerate() {
        let mut execution = play.execution.clone();
        let result = action(&mut execution, rows, play.now);
        if legal.contains(&phase) {
            assert_eq!(result, Ok(()), "{number} in {of:?}");
        } else {
            assert_eq!(result, Err(StepError::WrongPhase { phase }), "{number} in {of:?}");
            assert_eq!(execution, play.execution, "{number} in {of:?}");
        }
    }
    let never = Clock { time: u64::MAX, height: u64::MAX };
    let mut execution = play.execution.clone();
    let poked = execution.poke(rows.rules(), never, &mut Pool::default(), true);
    assert_eq!(poked.is_ok(), !ENDED.contains(&phase), "{of:?}");
    assert!(poked.is_ok() || execution == play.execution, "{of:?}");
}

#[test]
fn illegal_transitions_are_refused_and_change_nothing() {
    let rows = Rows::with(1, 3, Some(6));
    for (name, round, script) in PHASES {
        check_actions(&in_round(&rows, (name, round, script)), &(name, round));
    }
}

#[test]
fn an_ended_execution_takes_nothing_however_it_ended() {
    let refunds = [Refund::NoRunners, Refund::NoBeacon, Refund::NoResult, Refund::Inconclusive];
    let replicate = [Outcome::Finalized, Outcome::Corrected, Outcome::Failed(ErrorCode::Trap), Outcome::Unavailable];
    let rows = Rows::with(1, 3, Some(6));
    for outcome in replicate.into_iter().chain(refunds.map(Outcome::Refunded)) {
        check_actions(&ended(&rows, outcome), &outcome);
    }
    let rows = Rows::with(2, 4, Some(8)).verify();
    for outcome in [Outcome::Finalized, Outcome::Refunded(Refund::Rejected), Outcome::Refunded(Refund::Inconclusive)] {
        check_actions(&ended(&rows, outcome), &outcome);
    }
}

/// The executor's window of `Verify` takes its result and nothing else.
#[test]
fn round_0_takes_a_result_only() {
    let rows = Rows::with(2, 4, None).verify();
    let executor = RunnerId(before(ROUND_0) + 1);
    for (number, (legal, action)) in ACTIONS.iter().enumerate().filter(|(number, _)| *number != 4) {
        let mut play = in_phase("working", &rows);
        let before = play.execution.clone();
        let result = action(&mut play.execution, &rows, play.now);
        if number == 10 {
            assert_eq!(result, Err(StepError::NoSeat { runner: RunnerId(5_000) }), "another runner");
        } else {
            assert_eq!(result, Err(StepError::WrongPhase { phase: "working" }), "{number} {legal:?}");
        }
        assert_eq!(play.execution, before);
    }
    let mut play = in_phase("working", &rows);
    let mut post = |value| play.execution.post_result(rows.rules(), executor, value, play.now);
    assert_eq!(post(verdict_invalid()), Err(StepError::NotAgreed), "only an output");
    assert_eq!(post(Value { mfuel: 1, ..result() }), Err(StepError::NotAgreed), "no fuel is attested");
    assert_eq!(post(result()), Ok(()));
}

#[test]
fn a_seat_is_bound_by_its_first_seal() {
    let rows = Rows::new(1);
    let mut execution = seated(&rows, 0);
    let one = RunnerId(1);
    let mut seal = |runner, digest| execution.seal(rows.rules(), runner, digest, at(31));
    let first = rows.sealing(ROUND_1, one, 0);
    assert_eq!(seal(one, first), Ok(()));
    assert_eq!(seal(one, first), Err(StepError::Already));
    assert_eq!(seal(one, rows.sealing(ROUND_1, one, 1)), Err(StepError::Bound));
    let stranger = RunnerId(99);
    assert_eq!(seal(stranger, first), Err(StepError::NoSeat { runner: stranger }));
}

#[test]
fn an_opening_counts_once() {
    let rows = Rows::new(1);
    let mut play = in_phase("opening", &rows);
    let one = RunnerId(1);
    let mut open = |number| play.execution.open(rows.rules(), one, rows.opening(ROUND_1, one, number), play.now);
    assert_eq!(open(0), Ok(()));
    assert_eq!(open(0), Err(StepError::Already));
    assert_eq!(open(1), Err(StepError::Bound));
}

#[test]
fn only_the_agreed_value_is_published() {
    let rows = Rows::new(1);
    let mut play = in_phase("publishing", &rows);
    let mut publish = |value| play.execution.publish(rows.rules(), value, play.now);
    assert_eq!(publish(value(1)), Err(StepError::NotAgreed));
    assert_eq!(publish(verdict_invalid()), Err(StepError::NotAgreed), "not of this policy");
    assert_eq!(publish(value(0)), Ok(()));
}

#[test]
fn a_committee_needs_enough_candidates() {
    let rows = Rows::new(3);
    let mut execution = queued(&rows);
    let mut seat = |count| execution.seat_committee(rows.rules(), &candidates(ROUND_1, count), 9, EPOCH, at(30));
    assert_eq!(seat(3), Err(StepError::TooFew { got: 3, needed: 4 }));
    assert_eq!(seat(9), Ok(()));
    let panel = execution.panel(ROUND_1).unwrap();
    assert_eq!((panel.seats.len(), panel.spares.len(), panel.asked, panel.drawn), (4, 2, 4, 9));
    assert_eq!(panel.epoch, START.time / u64::from(EPOCH));
}

#[test]
fn a_challenge_needs_its_window_its_round_and_its_exact_bond() {
    let rows = Rows::with(1, 3, Some(6));
    let fees = rows.rules().max_fees(100).unwrap();
    let needed = (6 * fees.validator * 5).div_ceil(4) + fees.executor;
    assert_eq!(rows.rules().challenge_bond(100), Ok(needed));
    let play = in_phase("provisional", &rows);
    let challenge = |rows: &Rows, bond, now| play.execution.clone().challenge(rows.rules(), vec![1], bond, now);
    for got in [needed - 1, needed + 1] {
        assert_eq!(challenge(&rows, got, play.now), Err(StepError::ChallengeBond { got, needed }));
    }
    assert_eq!(challenge(&rows, needed, play.now), Ok(()));
    let until = until(&play.execution, &rows).unwrap();
    let late = Clock { time: until.time, height: until.height };
    assert_eq!(challenge(&rows, needed, late), Err(StepError::TooLate { time: until.time }));
    assert_eq!(challenge(&Rows::new(1), needed, play.now), Err(StepError::NoChallenge), "without a round 3");
    // A round 3 that was used is not used again.
    let mut used = play.execution.clone();
    used.panels.push(Panel { round: ROUND_3, ..used.panels[0].clone() });
    assert_eq!(used.challenge(rows.rules(), vec![1], needed, play.now), Err(StepError::NoChallenge));
}

#[test]
fn tips_never_exceed_kappa_or_the_pot() {
    let rows = Rows::new(1);
    let mut execution = seated(&rows, 0);
    let settle = rows.params.tips.settle;
    assert_eq!(execution.take_tip(rows.rules(), 5), 5);
    assert_eq!(execution.take_tip(rows.rules(), 5), 5 - settle, "kappa is 10, and the end has its own");
    assert_eq!(execution.take_tip(rows.rules(), 5), 0);
    execution.phase = Phase::Ended { outcome: Outcome::Finalized };
    assert_eq!(execution.take_tip(rows.rules(), 7), settle);
    assert_eq!(execution.take_tip(rows.rules(), 7), 0);
    execution.add_penalty(5).unwrap();
    assert_eq!((execution.take_pot_tip(4), execution.take_pot_tip(4), execution.pot), (4, 1, 0));
    execution.add_penalty(1).unwrap();
    assert!(execution.add_penalty(u128::MAX).is_err());
}

#[test]
fn duties_follow_the_phase() {
    let rows = Rows::new(3);
    let kind = |play: &Play<'_>, runner| play.execution.duty(rows.rules(), RunnerId(runner)).map(|duty| duty.kind);
    let mut play = in_phase("own_run", &rows);
    assert_eq!([kind(&play, 5_000), kind(&play, 1)], [Some(DutyKind::Result), None]);
    play = in_phase("queued", &rows);
    assert_eq!(kind(&play, 1), None);
    play = in_phase("working", &rows);
    assert_eq!([kind(&play, 1), kind(&play, 5)], [Some(DutyKind::Seal), None], "a spare owes nothing");
    let one = RunnerId(1);
    play.execution.seal(rows.rules(), one, rows.sealing(ROUND_1, one, 0), play.now).unwrap();
    assert_eq!(kind(&play, 1), Some(DutyKind::Poke));
    play = in_phase("opening", &rows);
    assert_eq!(kind(&play, 1), Some(DutyKind::Open));
    play.execution.open(rows.rules(), one, rows.opening(ROUND_1, one, 0), play.now).unwrap();
    assert_eq!(kind(&play, 1), Some(DutyKind::Poke));
    play = in_phase("publishing", &rows);
    assert_eq!([kind(&play, 1), kind(&play, 2)], [Some(DutyKind::Publish), Some(DutyKind::Poke)]);
    play.poke();
    assert_eq!([kind(&play, 1), kind(&play, 2)], [Some(DutyKind::Poke), Some(DutyKind::Publish)]);
    play.poke();
    assert_eq!(kind(&play, 4), Some(DutyKind::Publish), "any holder in the last slot");
    play = in_phase("provisional", &rows);
    assert_eq!(kind(&play, 4), Some(DutyKind::Settle));
    play = in_phase("finalized", &rows);
    assert_eq!(kind(&play, 4), None);
    let checked = Rows::with(2, 4, None).verify();
    let (mut play, executor) = (in_phase("working", &checked), RunnerId(before(ROUND_0) + 1));
    let kind = |play: &Play<'_>| play.execution.duty(checked.rules(), executor).map(|duty| duty.kind);
    assert_eq!(kind(&play), Some(DutyKind::Result));
    let code = DeclineCode::Machine;
    play.execution.decline(checked.rules(), executor, code, play.now, &mut Pool::default()).unwrap();
    assert_eq!(kind(&play), Some(DutyKind::Poke), "its seat is vacant");
}

#[test]
fn only_holders_of_the_verdict_publish() {
    let rows = Rows::with(3, 9, Some(21));
    let script = |round, runner: RunnerId| match (round, runner.0) {
        (ROUND_1, 1) | (ROUND_2, 201) => Act::Dissent,
        (ROUND_2, 202) => Act::Shut,
        _ => Act::Agree,
    };
    let mut play = Play::new(&rows, 2);
    play.run_to("publishing", &script);
    for owed in
        [[false, false, false, true, false], [false, false, false, false, true], [false, false, false, true, true]]
    {
        let duties =
            [2, 201, 202, 203, 204].map(|runner| play.execution.duty(rows.rules(), RunnerId(runner)).unwrap().kind);
        assert_eq!(duties.map(|kind| kind == DutyKind::Publish), owed);
        play.poke();
    }
}

#[test]
fn codes_are_stable() {
    let errors = [
        StepError::WrongPhase { phase: "queued" },
        StepError::TooEarly { time: 1, height: 2 },
        StepError::TooLate { time: 1 },
        StepError::NoSeat { runner: RunnerId(1) },
        StepError::Already,
        StepError::Bound,
        StepError::Mismatch,
        StepError::NotAgreed,
        StepError::Incomplete { got: 1, needed: 2 },
        StepError::Unconfirmed,
        StepError::NoBeacon { round: 3 },
        StepError::TooFew { got: 1, needed: 4 },
        StepError::NoChallenge,
        StepError::ChallengeBond { got: 1, needed: 2 },
        StepError::Money(crate::money::MoneyError::Overflow),
    ];
    let codes: Vec<_> = errors.iter().map(StepError::code).collect();
    let frozen = "wrong_phase too_early too_late no_seat already bound mismatch not_agreed incomplete unconfirmed \
                  no_beacon too_few no_challenge challenge_bond money";
    assert_eq!(codes.join(" "), frozen);
    assert_eq!(DeclineCode::ALL.map(DeclineCode::to_u16), [1, 2, 3]);
    assert_eq!(DeclineCode::from_u16(4), None);
}

#[test]
fn amounts_that_do_not_fit_are_refused() {
    let mut rows = Rows::with(1, 3, Some(6));
    let mut execution = seated(&rows, 0);
    rows.terms.price.per_call = u128::MAX;
    assert!(matches!(rows.rules().challenge_bond(100), Err(crate::money::MoneyError::Overflow)));
    let late = Clock { time: u64::MAX, height: u64::MAX };
    let before = execution.clone();
    let refused = execution.poke(rows.rules(), late, &mut Pool::default(), false);
    assert!(matches!(refused, Err(StepError::Money(_))));
    assert_eq!(execution, before, "and nothing changes");
}
