//! Every failure has an exit that anyone may take (invariants 17, 19; attack 44).

use super::script::*;
use crate::clock::Clock;
use crate::execution::*;
use crate::ids::RunnerId;

/// From every state that honest and silent seats can reach, pokes alone end the execution within D_max.
#[test]
fn invariant_17_pokes_alone_end_every_execution() {
    for k1 in 1..=3u8 {
        let rows = Rows::new(k1);
        let seats = u32::from(k1) + 1;
        for sealed in 0..=seats {
            for opened in 0..=seats {
                let mut play = Play::new(&rows, 2);
                let began = play.now.time;
                for runner in (1..=sealed).map(RunnerId) {
                    play.execution.seal(rows.rules(), runner, sealing(runner, &value(0)), play.now).unwrap();
                }
                for runner in (1..=opened).map(RunnerId) {
                    if matches!(play.execution.phase, Phase::Opening { .. }) {
                        let opening = opening(runner, &value(0));
                        play.execution.open(&DOMAIN, ID, rows.rules(), runner, opening, play.now).unwrap();
                    }
                }
                while play.execution.outcome().is_none() {
                    play.poke();
                }
                assert!(play.pokes <= 30, "{} pokes", play.pokes);
                assert!(play.now.time - began <= longest_life(&rows.terms, &rows.params));
                play.settled();
            }
        }
    }
}

/// The computed D_max is the longest path that an exhaustive search over acts at the last moment finds.
#[test]
fn the_longest_life_is_the_longest_path() {
    let rows = Rows::new(1);
    let mut longest = 0;
    for misses in 0..=2u8 {
        for slots in 0..PUBLISHING_SLOTS {
            let mut execution = queued(&rows);
            let mut now = last_moment(&execution, &rows);
            execution.seat_committee(rows.rules(), &candidates(4), now).unwrap();
            let first = execution.seats[0].runner;
            execution.seal(rows.rules(), first, sealing(first, &value(0)), now).unwrap();
            for _ in 0..misses {
                now = last_moment(&execution, &rows);
                execution.poke(rows.rules(), now, |_| true, true).unwrap();
            }
            now = last_moment(&execution, &rows);
            let seats: Vec<_> = execution.seats.iter().map(|seat| seat.runner).collect();
            // Those who sealed before are refused.
            for runner in &seats {
                let _ = execution.seal(rows.rules(), *runner, sealing(*runner, &value(0)), now);
            }
            now = last_moment(&execution, &rows);
            for runner in &seats {
                execution.open(&DOMAIN, ID, rows.rules(), *runner, opening(*runner, &value(0)), now).unwrap();
            }
            for _ in 0..slots {
                now = last_moment(&execution, &rows);
                execution.poke(rows.rules(), now, |_| true, true).unwrap();
            }
            now = last_moment(&execution, &rows);
            execution.publish(&DOMAIN, ID, rows.rules(), value(0), now).unwrap();
            now = last_moment(&execution, &rows);
            execution.settle(now).unwrap();
            longest = longest.max(now.time - START.time);
        }
    }
    assert!(longest <= longest_life(&rows.terms, &rows.params), "{longest}");
    assert_eq!(longest, longest_life(&rows.terms, &rows.params), "D_max is reached");
}

fn last_moment(execution: &Execution, rows: &Rows) -> Clock {
    let until = until(execution, rows).unwrap();
    Clock { time: until.time, height: until.height }
}

#[test]
fn attack_44_a_jump_of_three_days_in_one_block_expires_nobody() {
    let rows = Rows::new(3);
    let jump = Clock { time: START.time + 3 * 86_400, height: START.height + 1 };
    for mut execution in [queued(&rows), seated(&rows, 2)] {
        let refused = execution.poke(rows.rules(), jump, |_| true, false).unwrap_err();
        assert_eq!(refused.code(), "too_early");
    }
}

#[test]
fn deadlines_hold_to_the_second_and_the_block() {
    let rows = Rows::new(3);
    let execution = seated(&rows, 2);
    let until = until(&execution, &rows).unwrap();
    for (time, height, passes) in [(0, 0, true), (1, 0, false), (0, 1, false)] {
        let now = Clock { time: until.time - time, height: until.height - height };
        let mut execution = execution.clone();
        assert_eq!(execution.poke(rows.rules(), now, |_| true, false).is_ok(), passes);
    }
}

#[test]
fn the_queue_ends_in_a_refund_that_names_the_cause() {
    let rows = Rows::new(3);
    for (has_rand, why) in [(false, Refund::NoBeacon), (true, Refund::NoRunners)] {
        let mut execution = queued(&rows);
        let early = execution.poke(rows.rules(), at(899), |_| true, has_rand).unwrap_err();
        assert_eq!(early, StepError::TooEarly { time: START.time + 900, height: START.height + 90 });
        execution.poke(rows.rules(), at(900), |_| true, has_rand).unwrap();
        assert_eq!(execution.outcome(), Some(Outcome::Refunded(why)));
        let parts = execution.settlement(rows.rules()).unwrap();
        assert_eq!(parts.user, execution.escrow);
    }
}

#[test]
fn a_spare_without_a_free_seat_is_passed_over() {
    let rows = Rows::new(1);
    let mut play = Play::new(&rows, 2);
    play.execution.seal(rows.rules(), RunnerId(1), sealing(RunnerId(1), &value(0)), play.now).unwrap();
    let now = last_moment(&play.execution, &rows);
    let poked = play.execution.poke(rows.rules(), now, |spare| spare.runner != RunnerId(3), false).unwrap();
    assert_eq!(poked.joined, [RunnerId(4)]);
}

#[test]
fn attack_05_the_queue_fails_closed() {
    use crate::beacon::Slot;
    let rows = Rows::new(3);
    let execution = queued(&rows);
    let Phase::Queued { binding, .. } = execution.phase else { panic!() };
    let round_time = BEACON.time_of(binding.round.number());
    let slot = |time: u64, height| [Slot { window: time / 3, height }];
    let ask = |slots: &[Slot], has_rand, now| execution.queue_action(&BEACON, 1_200, slots, has_rand, now);
    let later = slot(START.time + 6, START.height + 1);
    assert_eq!(ask(&[], true, at(5)), Err(StepError::Unconfirmed));
    assert_eq!(ask(&slot(START.time, START.height), true, at(5)), Err(StepError::Unconfirmed), "its own block");
    assert_eq!(ask(&later, false, at(40)), Err(StepError::NoBeacon { round: binding.round.number() }));
    assert_eq!(ask(&later, true, at(40)), Ok(QueueAction::Draw(binding)));
    assert_eq!(ask(&[], true, at(round_time - START.time)), Ok(QueueAction::Rebind), "never seated unconfirmed");
    assert_eq!(ask(&later, true, at(2_400)), Ok(QueueAction::Rebind), "weights are gone after the next epoch");
}

#[test]
fn binding_again_does_not_extend_the_stay() {
    let rows = Rows::new(3);
    let mut execution = queued(&rows);
    execution.rebind(&BEACON, rows.params.margin, at(500)).unwrap();
    let Phase::Queued { since, binding } = execution.phase else { panic!() };
    assert_eq!(since, START);
    assert!(BEACON.time_of(binding.round.number()) >= START.time + 500 + u64::from(rows.params.margin));
}
