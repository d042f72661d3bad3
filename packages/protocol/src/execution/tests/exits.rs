//! Every failure has an exit that anyone may take (invariants 17 and 19), and D_max is the longest way there.

use std::collections::BTreeSet;

use super::script::*;
use super::search::{passed, searched};
use crate::clock::Clock;
use crate::execution::*;
use crate::ids::RunnerId;

/// D_max is what an exhaustive search finds, and from every state found, whoever keeps silent, pokes end it.
fn check_every_path(rows: &Rows, states: usize) {
    let (search, ahead) = searched(rows);
    assert_eq!(ahead.life, longest_life(&rows.terms, &rows.params), "{:?}", rows.terms);
    assert!(search.most_pokes <= 7, "{} pokes", search.most_pokes);
    assert!(search.states() >= states, "{} states", search.states());
    assert_eq!(search.outcomes, outcomes(rows.rules().verifies()));
    let last = if rows.terms.committee.k3.is_some() { ROUND_3 } else { ROUND_2 };
    assert_eq!(search.met, everything(rows.rules().first_round(), last));
}

fn outcomes(verifies: bool) -> BTreeSet<String> {
    let always =
        "Finalized Unavailable Refunded(NoRunners) Refunded(NoBeacon) Refunded(NoResult) Refunded(Inconclusive)";
    let of_policy = if verifies { "Refunded(Rejected)" } else { "Corrected Failed(Trap)" };
    always.split(' ').chain(of_policy.split(' ')).map(String::from).collect()
}

/// Every phase of every round, and everything that may become of a seat of it.
fn everything(first: u8, last: u8) -> BTreeSet<(&'static str, u8)> {
    let mut all = BTreeSet::from([("own_run", 0), ("provisional", 0)]);
    for round in first..=last {
        all.extend(["queued", "working", "vacant"].map(|what| (what, round)));
        if round >= ROUND_1 {
            all.extend(["opening", "publishing", "unopened"].map(|what| (what, round)));
        }
        let without_seal = if round < ROUND_2 { ["replaced", "extended"].as_slice() } else { &["missed"] };
        all.extend(without_seal.iter().map(|what| (*what, round)));
    }
    // The committee of `Verify` that cannot be filled gives way to round 2 with its misses.
    if first == ROUND_0 {
        all.insert(("missed", ROUND_1));
    }
    all
}

#[test]
fn invariant_17_the_longest_life_is_the_longest_path() {
    check_every_path(&Rows::with(1, 3, None), 6_000);
    check_every_path(&Rows::with(2, 4, None), 30_000);
    let mut slow = Rows::with(1, 3, None);
    slow.terms.t_challenge = 86_400;
    check_every_path(&slow, 6_000);
}

#[test]
fn invariant_17_the_longest_life_of_three_rounds_is_the_longest_path() {
    check_every_path(&Rows::with(1, 3, Some(6)), 60_000);
}

#[test]
fn invariant_17_the_longest_life_of_verify_is_the_longest_path() {
    check_every_path(&Rows::with(1, 3, None).verify(), 5_000);
    check_every_path(&Rows::with(2, 4, None).verify(), 25_000);
}

#[test]
fn invariant_17_the_longest_life_of_verify_with_three_rounds_is_the_longest_path() {
    check_every_path(&Rows::with(1, 3, Some(6)).verify(), 60_000);
}

#[test]
fn attack_44_a_jump_of_three_days_in_one_block_expires_nobody() {
    let rows = Rows::with(1, 3, Some(6));
    for name in ["queued", "working", "opening", "publishing", "provisional"] {
        let mut play = Play::new(&rows, 2);
        play.run_to(name, &|_, _| Act::Agree);
        let jump = Clock { time: play.now.time + 3 * 86_400, height: play.now.height + 1 };
        let refused = play.execution.poke(rows.rules(), jump, &mut Pool::default(), false).unwrap_err();
        assert_eq!(refused.code(), "too_early", "{name}");
    }
}

#[test]
fn invariant_19_deadlines_hold_to_the_second_and_the_block() {
    let rows = Rows::with(1, 3, Some(6));
    for name in ["queued", "working", "opening", "publishing", "provisional"] {
        let mut play = Play::new(&rows, 2);
        play.run_to(name, &|_, _| Act::Agree);
        let until = passed(&play.execution, &rows);
        for (time, height, passes) in [(0, 0, true), (1, 0, false), (0, 1, false)] {
            let now = Clock { time: until.time - time, height: until.height - height };
            let poked = play.execution.clone().poke(rows.rules(), now, &mut Pool::default(), false);
            assert_eq!(poked.is_ok(), passes, "{name}");
        }
    }
}

#[test]
fn attack_08_the_queue_ends_in_a_refund_that_names_the_cause() {
    let rows = Rows::new(3);
    for (has_rand, why) in [(false, Refund::NoBeacon), (true, Refund::NoRunners)] {
        let mut execution = queued(&rows);
        let mut pool = Pool::default();
        let early = execution.poke(rows.rules(), at(899), &mut pool, has_rand).unwrap_err();
        assert_eq!(early, StepError::TooEarly { time: START.time + 900, height: START.height + 90 });
        execution.poke(rows.rules(), at(900), &mut pool, has_rand).unwrap();
        assert_eq!(execution.outcome(), Some(Outcome::Refunded(why)));
        let parts = execution.settlement(rows.rules(), SERVICE_BOND).unwrap();
        assert_eq!(parts, Settlement { user: execution.escrow, ..Settlement::default() });
    }
}

#[test]
fn a_committee_that_others_wait_for_stays_four_times_as_long_in_the_queue() {
    let rows = Rows::with(1, 3, Some(6));
    let disputed = |_, runner: RunnerId| if runner.0 == 1 { Act::Dissent } else { Act::Agree };
    let mut play = Play::new(&rows, 2);
    play.run_to("opening", &disputed);
    play.step(&disputed, &[]);
    for turn in 1..=3 {
        play.poke();
        assert!(matches!(play.execution.phase, Phase::Queued { round: ROUND_2, turns, .. } if turns == turn));
    }
    play.poke();
    assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::NoBeacon)));
    let parts = play.settled();
    assert_eq!(parts.user, play.execution.escrow - play.execution.tips_paid);
}

#[test]
fn attack_05_the_queue_fails_closed() {
    use crate::beacon::Slot;
    let rows = Rows::new(3);
    let execution = queued(&rows);
    let Phase::Queued { binding, .. } = execution.phase else { panic!() };
    let round_time = BEACON.time_of(binding.round.number());
    let slot = |time: u64, height| [Slot { window: time / 3, height }];
    let ask = |slots: &[Slot], has_rand, now| execution.queue_action(&BEACON, EPOCH, slots, has_rand, now);
    let later = slot(START.time + 6, START.height + 1);
    assert_eq!(ask(&[], true, at(5)), Err(StepError::Unconfirmed));
    assert_eq!(ask(&slot(START.time, START.height), true, at(5)), Err(StepError::Unconfirmed), "its own block");
    assert_eq!(ask(&later, false, at(40)), Err(StepError::NoBeacon { round: binding.round.number() }));
    assert_eq!(ask(&later, true, at(40)), Ok(QueueAction::Draw(binding)));
    assert_eq!(ask(&[], true, at(round_time - START.time)), Ok(QueueAction::Rebind), "never seated unconfirmed");
    assert_eq!(ask(&later, true, at(1_200)), Ok(QueueAction::Draw(binding)), "in the next epoch its weights are there");
    assert_eq!(ask(&later, true, at(2_400)), Ok(QueueAction::Rebind), "weights are gone after the next epoch");
}

#[test]
fn binding_again_does_not_extend_the_stay() {
    let rows = Rows::new(3);
    let mut execution = queued(&rows);
    execution.rebind(rows.rules(), at(500)).unwrap();
    let Phase::Queued { since, turns, binding, round } = execution.phase else { panic!() };
    assert_eq!((since, turns, round), (START, 0, ROUND_1));
    assert!(BEACON.time_of(binding.round.number()) >= START.time + 500 + u64::from(rows.params.margin));
}
