//! Every combination of acts of committees of 2 to 4 seats, every order of arrival.

use super::script::*;
use crate::execution::*;
use crate::ids::RunnerId;

fn combinations(seats: u32) -> impl Iterator<Item = Vec<Act>> {
    (0..4u32.pow(seats)).map(move |code| (0..seats).map(|seat| ACTS[(code >> (2 * seat)) as usize & 3]).collect())
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(count - 1);
    shorter
        .iter()
        .flat_map(|rest| {
            (0..count).map(|place| {
                let mut order = rest.clone();
                order.insert(place, count - 1);
                order
            })
        })
        .collect()
}

/// What must come out: spares always agree.
fn expected(acts: &[Act], spares: usize) -> Outcome {
    let silent = acts.iter().filter(|act| **act == Act::Silent).count();
    if silent > spares {
        return Outcome::Refunded(Refund::NoResult);
    }
    let mut seats: Vec<_> = acts.iter().filter(|act| **act != Act::Silent).copied().collect();
    seats.extend(vec![Act::Agree; silent]);
    let equal = seats.iter().all(|act| *act == Act::Agree) || seats.iter().all(|act| *act == Act::Dissent);
    if equal { Outcome::Finalized } else { Outcome::Refunded(Refund::Inconclusive) }
}

#[test]
fn every_combination_ends_as_the_rules_say_whatever_the_order() {
    for k1 in 1..=3u8 {
        let rows = Rows::new(k1);
        let orders = permutations(usize::from(k1) + 1);
        for spares in 0..=2 {
            for acts in combinations(u32::from(k1) + 1) {
                let act = |runner: RunnerId| acts.get(runner.0 as usize - 1).copied().unwrap_or(Act::Agree);
                let wanted = expected(&acts, spares as usize);
                let mut splits = Vec::new();
                for order in &orders {
                    let mut play = Play::new(&rows, spares);
                    play.run(act, order, true);
                    assert_eq!(play.execution.outcome(), Some(wanted), "{acts:?}, {spares} spares, order {order:?}");
                    check_no_shows(&play, &acts);
                    splits.push(play.settled());
                }
                assert!(splits.windows(2).all(|pair| pair[0] == pair[1]), "invariant 14: order pays nobody");
            }
        }
    }
}

/// Exactly the silent are slashed, once: 2a the primary, 2b the others; nobody is slashed for content.
fn check_no_shows(play: &Play<'_>, acts: &[Act]) {
    let fees = play.rows.rules().max_fees(100).unwrap();
    let mut slashed: Vec<_> = play.no_shows.iter().map(|no_show| (no_show.runner.0, no_show.amount)).collect();
    slashed.sort_unstable();
    let silent = (1u32..).zip(acts).filter(|(_, act)| **act == Act::Silent);
    let due: Vec<_> =
        silent.map(|(runner, _)| (runner, if runner == 1 { 2 * fees.executor } else { 2 * fees.validator })).collect();
    assert_eq!(slashed, due);
}

#[test]
fn a_full_house_is_paid_a_and_b_at_the_attested_usage() {
    let rows = Rows::new(3);
    let mut play = Play::new(&rows, 2);
    play.run(|_| Act::Agree, &[0, 1, 2, 3], true);
    let parts = play.settled();
    // a = 1,000,000 + 1,000·⌈300/1000⌉ + 10·3; b = 80 %; d = 10 %, producers 5 %, burn 3 % of a + 3b
    let (a, b) = (1_001_030, 800_824);
    let pay: Vec<_> = parts.seats.iter().map(|(runner, amount)| (runner.0, *amount)).collect();
    assert_eq!(pay, [(1, a), (2, b), (3, b), (4, b)]);
    let work = a + 3 * b;
    assert_eq!((parts.developer, parts.producers, parts.burn), (work / 10, work / 20, work * 3 / 100));
}

#[test]
fn a_missing_primary_is_replaced_by_the_next_in_draw_order() {
    let rows = Rows::new(3);
    let mut play = Play::new(&rows, 2);
    play.run(|runner| if runner.0 == 1 { Act::Silent } else { Act::Agree }, &[0, 1, 2, 3], true);
    let seats: Vec<_> = play.execution.seats.iter().map(|seat| seat.runner.0).collect();
    assert_eq!(seats, [2, 3, 4, 5]);
    let parts = play.settled();
    assert_eq!(parts.seats[0].0, RunnerId(2), "the new primary is paid as executor");
    assert_eq!(play.execution.pot, 2 * rows.rules().max_fees(100).unwrap().executor);
}

#[test]
fn refills_end_after_two() {
    let rows = Rows::new(1);
    let mut play = Play::new(&rows, 2);
    // 2 misses, its refill 3 misses, its refill 4 misses: no fourth window.
    play.run(|runner| if runner.0 == 1 { Act::Agree } else { Act::Silent }, &[0, 1], true);
    assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::NoResult)));
    assert_eq!(play.no_shows.len(), usize::from(ATTEMPTS));
}

#[test]
fn without_a_result_the_pot_compensates_the_user_then_pays_who_sealed() {
    let rows = Rows::new(1);
    let fees = rows.rules().max_fees(100).unwrap();
    let mut play = Play::new(&rows, 0);
    play.run(|runner| if runner.0 == 1 { Act::Agree } else { Act::Silent }, &[0, 1], true);
    let parts = play.settled();
    let pot = 2 * fees.validator;
    let left = pot - pot / 5 - fees.executor;
    let from_escrow = (fees.executor / 2).saturating_sub(left);
    assert_eq!(parts.seats, [(RunnerId(1), left.max(fees.executor / 2))], "at least half its fee");
    let tips = rows.params.tips.settle;
    assert_eq!(parts.user, play.execution.escrow - tips + fees.executor - from_escrow);
    assert_eq!(parts.burn, pot / 5);
}

#[test]
fn who_lets_its_slot_pass_loses_the_executor_fee_to_the_next() {
    let rows = Rows::new(3);
    let fees = rows.rules().max_fees(100).unwrap();
    let mut play = Play::new(&rows, 2);
    while !matches!(play.execution.phase, Phase::Publishing { slot: 1, .. }) {
        match play.execution.phase {
            Phase::Publishing { .. } => play.poke(),
            _ => step(&mut play),
        }
    }
    play.execution.publish(&DOMAIN, ID, rows.rules(), value(0), play.now).unwrap();
    play.poke();
    let parts = play.settled();
    assert!(parts.seats[1].1 > parts.seats[0].1, "seat 1 is paid as executor, seat 0 as validator");
    assert_eq!(play.no_shows, [NoShow { runner: RunnerId(1), amount: 2 * fees.executor, unseated: false }]);
}

/// All agree, one phase on.
fn step(play: &mut Play<'_>) {
    let seats: Vec<_> = play.execution.seats.iter().map(|seat| seat.runner).collect();
    for runner in seats {
        let rules = play.rows.rules();
        match play.execution.phase {
            Phase::Working { .. } if !play.execution.seat(runner).unwrap().sealed() => {
                play.execution.seal(rules, runner, sealing(runner, &value(0)), play.now).unwrap();
            }
            Phase::Opening { .. } => {
                play.execution.open(&DOMAIN, ID, rules, runner, opening(runner, &value(0)), play.now).unwrap();
            }
            _ => {}
        }
    }
}

#[test]
fn an_error_value_is_agreed_on_like_any_other() {
    use crate::digest::Digest32;
    use crate::seal::{ErrorCode, Kind, Value};
    let rows = Rows::new(1);
    for (code, whole) in [(ErrorCode::BadInput, false), (ErrorCode::Trap, true)] {
        let error = Value { kind: Kind::Err(code), output: Digest32::ZERO, output_len: 0, mfuel: 0 };
        let mut execution = seated(&rows, 0);
        for runner in [RunnerId(1), RunnerId(2)] {
            execution.seal(rows.rules(), runner, sealing(runner, &error), at(31)).unwrap();
        }
        for runner in [RunnerId(1), RunnerId(2)] {
            execution.open(&DOMAIN, ID, rows.rules(), runner, opening(runner, &error), at(32)).unwrap();
        }
        execution.publish(&DOMAIN, ID, rows.rules(), error, at(33)).unwrap();
        execution.settle(at(700)).unwrap();
        assert_eq!(execution.outcome(), Some(Outcome::Failed(code)));
        let parts = execution.settlement(rows.rules()).unwrap();
        let fee = 1_001_000;
        assert_eq!(parts.seats[0].1, if whole { fee } else { fee / 2 });
        assert_eq!(parts.developer, 0);
    }
}
