//! Attacks of the list in docs/attacks-and-invariants.md that the machine alone withstands.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::round_1::{combinations, permutations};
use super::script::*;
use crate::execution::*;
use crate::ids::{ExecutionId, RunnerId};
use crate::offence::Offence;
use crate::seal::Value;

fn agree(_: u8, _: RunnerId) -> Act {
    Act::Agree
}

/// Acts of round 1 by the order of its draw; all others agree.
fn round_1(acts: &[Act]) -> impl Fn(u8, RunnerId) -> Act {
    let acts = acts.to_vec();
    move |round, runner: RunnerId| match round {
        ROUND_1 => acts.get(runner.0 as usize - 1).copied().unwrap_or(Act::Agree),
        _ => Act::Agree,
    }
}

/// The first seats of a later round act so.
fn later(round: u8, count: u32, act: Act) -> impl Fn(u8, RunnerId) -> Act {
    move |now, runner: RunnerId| match now {
        ROUND_1 if runner.0 == 1 => Act::Dissent,
        _ if now == round && runner.0 - before(round) <= count => act,
        _ => Act::Agree,
    }
}

fn ended<'a>(rows: &'a Rows, spares: u32, script: &impl Fn(u8, RunnerId) -> Act) -> (Play<'a>, Settlement) {
    let mut play = Play::new(rows, spares);
    play.run(script, &[]);
    let parts = play.settled();
    (play, parts)
}

#[test]
fn attack_07_dropping_out_removes_no_honest_seat() {
    let rows = Rows::new(3);
    // Every subset of a committee of 4 drops out, by silence or by a decline: who stays keeps its seat.
    for gone in 0..16u32 {
        for act in [Act::Silent, Act::Decline] {
            let acts: Vec<_> = (0..4).map(|seat| if gone >> seat & 1 == 1 { act } else { Act::Agree }).collect();
            let mut play = Play::new(&rows, 2);
            play.bench.behind = (7..=12).map(candidate).collect();
            play.run(&round_1(&acts), &[]);
            let seats: Vec<_> = play.execution.seats(ROUND_1).iter().map(|seat| seat.runner.0).collect();
            let stayed: Vec<_> = (1..=4).filter(|runner| gone >> (runner - 1) & 1 == 0).collect();
            assert_eq!(seats[..stayed.len()], stayed, "in the order of the draw");
            assert_eq!(seats[stayed.len()..], (5..=8).collect::<Vec<_>>()[..4 - stayed.len()], "then spares, in order");
        }
    }
}

#[test]
fn attack_11_a_copied_seal_cannot_be_opened() {
    let rows = Rows::new(1);
    let (one, two) = (RunnerId(1), RunnerId(2));
    let mut execution = seated(&rows, 0);
    let copied = rows.sealing(ROUND_1, two, 0);
    execution.seal(rows.rules(), two, copied, at(31)).unwrap();
    execution.seal(rows.rules(), one, copied, at(31)).unwrap();
    execution.open(rows.rules(), two, rows.opening(ROUND_1, two, 0), at(32)).unwrap();
    let mut open = |opening| execution.open(rows.rules(), one, opening, at(32));
    assert_eq!(open(rows.opening(ROUND_1, two, 0)), Err(StepError::Mismatch), "the runner is in the seal");
    assert_eq!(open(rows.opening(ROUND_1, one, 0)), Err(StepError::Mismatch));
    // The copier ends as one that never opened: it loses its bond.
    let mut play = Play { execution, ..Play::new(&rows, 0) };
    play.run(&round_1(&[Act::Shut]), &[]);
    play.settled();
    assert_eq!(play.slashed(), [(1, rows.terms.seat_bond)].into());
}

#[test]
fn attack_12_a_seal_of_another_place_never_opens() {
    let rows = Rows::new(1);
    let (runner, salt) = (RunnerId(1), salt(ROUND_1, RunnerId(1)));
    let h = rows.rules().round_value(ROUND_1, &value(0));
    let other_domain = crate::digest::Digest32([6; 32]);
    let seal = crate::seal::seal;
    let foreign = [
        seal(&other_domain, ID, ROUND_1, runner, &h, &salt),
        seal(&DOMAIN, ExecutionId(10), ROUND_1, runner, &h, &salt),
        seal(&DOMAIN, ID, ROUND_2, runner, &h, &salt),
        seal(&DOMAIN, ID, ROUND_1, RunnerId(2), &h, &salt),
        seal(&DOMAIN, ID, ROUND_1, runner, &rows.rules().round_value(ROUND_2, &value(0)), &salt),
        seal(&DOMAIN, ID, ROUND_1, runner, &h, &super::script::salt(ROUND_2, runner)),
    ];
    for foreign in foreign {
        let mut execution = seated(&rows, 0);
        execution.seal(rows.rules(), runner, foreign, at(31)).unwrap();
        execution.seal(rows.rules(), RunnerId(2), rows.sealing(ROUND_1, RunnerId(2), 0), at(31)).unwrap();
        let opening = rows.opening(ROUND_1, runner, 0);
        assert_eq!(execution.open(rows.rules(), runner, opening, at(32)), Err(StepError::Mismatch));
    }
}

#[test]
fn attack_13_equal_results_give_different_seals() {
    let rows = Rows::new(3);
    let mut seals: Vec<_> = (1..=4).map(|runner| rows.sealing(ROUND_1, RunnerId(runner), 0)).collect();
    seals.dedup();
    assert_eq!(seals.len(), 4);
    // A guess of the result does not open without the salt.
    let mut execution = seated(&Rows::new(1), 0);
    for runner in [1, 2].map(RunnerId) {
        execution.seal(Rows::new(1).rules(), runner, rows.sealing(ROUND_1, runner, 0), at(31)).unwrap();
    }
    let guess = Opening { salt: crate::digest::Digest32::ZERO, ..rows.opening(ROUND_1, RunnerId(1), 0) };
    assert_eq!(execution.open(Rows::new(1).rules(), RunnerId(1), guess, at(32)), Err(StepError::Mismatch));
}

#[test]
fn attack_14_the_last_to_open_changes_nothing() {
    let rows = Rows::new(3);
    for acts in [[Act::Agree; 4], [Act::Agree, Act::Agree, Act::Agree, Act::Dissent]] {
        let mut verdicts = Vec::new();
        for order in permutations(4) {
            let mut play = Play::new(&rows, 2);
            play.run_to("opening", &round_1(&acts));
            let last = order[3];
            for seat in &order[..3] {
                open(&mut play, *seat, acts[*seat]);
            }
            // Having seen the others, the last one can open what it sealed, and nothing else.
            let runner = RunnerId(last as u32 + 1);
            let other = if acts[last] == Act::Dissent { 0 } else { 1 };
            let changed = rows.opening(ROUND_1, runner, other);
            assert_eq!(play.execution.open(rows.rules(), runner, changed, play.now), Err(StepError::Mismatch));
            open(&mut play, last, acts[last]);
            play.run(&agree, &[]);
            verdicts.push((play.execution.outcome(), play.settled(), play.slashed()));
        }
        assert!(verdicts.windows(2).all(|pair| pair[0] == pair[1]), "all orders of opening give the same");
    }
}

fn open(play: &mut Play<'_>, seat: usize, act: Act) {
    let runner = RunnerId(seat as u32 + 1);
    let opening = play.rows.opening(ROUND_1, runner, act.opened().unwrap());
    play.execution.open(play.rows.rules(), runner, opening, play.now).unwrap();
}

/// What one seat's act costs its author, and what it makes others do: the jurors of the rounds that it forces.
fn griefing(rows: &Rows, act: Act, seat: usize) -> (u128, u128) {
    let mut acts = vec![Act::Agree; usize::from(rows.terms.committee.k1) + 1];
    acts[seat] = act;
    let (play, _) = ended(rows, 2, &round_1(&acts));
    let later = play.execution.all_seats().filter(|(round, _)| *round >= ROUND_2).count() as u128;
    let forced = later * rows.rules().max_fees(100).unwrap().validator;
    (play.slashed().get(&(seat as u32 + 1)).copied().unwrap_or(0), forced)
}

#[test]
fn attack_15_an_opening_that_is_withheld_costs_more_than_it_forces() {
    for rows in [Rows::new(1), Rows::with(3, 9, Some(21)), Rows::with(7, 15, Some(31))] {
        for seat in [0, 1] {
            let (lost, forced) = griefing(&rows, Act::Shut, seat);
            assert!(lost >= forced && forced > 0, "{lost} against {forced}");
        }
    }
}

#[test]
fn attack_16_a_malicious_dissent_costs_more_than_it_forces() {
    for rows in [Rows::new(1), Rows::with(3, 9, Some(21)), Rows::with(7, 15, Some(31))] {
        for seat in [0, 1] {
            let (lost, forced) = griefing(&rows, Act::Dissent, seat);
            assert!(lost >= forced && forced > 0, "{lost} against {forced}");
        }
        // Nobody else pays for it: every other seat of round 1 gets its fee, and every juror b.
        let mut acts = vec![Act::Agree; usize::from(rows.terms.committee.k1) + 1];
        acts[1] = Act::Dissent;
        let (play, parts) = ended(&rows, 2, &round_1(&acts));
        let honest = play.execution.all_seats().map(|(_, seat)| seat.runner.0).filter(|runner| *runner != 2);
        for runner in honest {
            assert!(paid(&parts).contains_key(&runner), "{runner} is paid");
        }
    }
}

#[test]
fn attack_18b_a_value_of_round_1_is_none_of_round_2() {
    let rows = Rows::with(1, 3, Some(6));
    let h_1 = rows.rules().round_value(ROUND_1, &value(0));
    let h_2 = rows.rules().round_value(ROUND_2, &value(0));
    assert_ne!(h_1, h_2);
    // All jurors copy what round 1 opened: no value has that digest in round 2, so nobody can publish it.
    let mut play = Play::new(&rows, 0);
    play.run_to("opening", &round_1(&[Act::Dissent]));
    play.step(&round_1(&[Act::Dissent]), &[]);
    seat(&mut play.execution, &rows, 0, play.now);
    let runners: Vec<_> = play.execution.seats(ROUND_2).iter().map(|seat| seat.runner).collect();
    for runner in &runners {
        let copied = crate::seal::seal(&DOMAIN, ID, ROUND_2, *runner, &h_1, &salt(ROUND_2, *runner));
        play.execution.seal(rows.rules(), *runner, copied, play.now).unwrap();
    }
    for runner in &runners {
        let opening = Opening { value: h_1, salt: salt(ROUND_2, *runner) };
        play.execution.open(rows.rules(), *runner, opening, play.now).unwrap();
    }
    assert_eq!(play.execution.publish(rows.rules(), value(0), play.now), Err(StepError::NotAgreed));
    play.publish = false;
    play.run(&agree, &[]);
    assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::NoResult)));
    play.settled();
}

fn challenged<'a>(rows: &'a Rows, script: &impl Fn(u8, RunnerId) -> Act, unseatable: u8) -> (Play<'a>, Settlement) {
    let mut play = Play::new(rows, 2);
    (play.challenges, play.unseatable) = (1, unseatable);
    play.run(script, &[]);
    let parts = play.settled();
    (play, parts)
}

#[test]
fn attack_20_a_false_challenge_pays_the_jurors_and_the_executor() {
    let rows = Rows::with(1, 3, Some(6));
    let (play, parts) = challenged(&rows, &agree, 0);
    assert_eq!(play.execution.outcome(), Some(Outcome::Finalized));
    let bond = play.execution.challenge.clone().unwrap().bond;
    let at_use = Escrow::of(&rows);
    assert_eq!(parts.challenger, 0);
    assert_eq!(paid(&parts)[&1], 2 * at_use.executor, "its fee, and as much again from the bond");
    let published = play.execution.history.iter().filter(|mark| Phase::name_of(mark.phase) == "publishing").count();
    assert_eq!(published, 1, "a value that stands already is not published again");
    assert_eq!(paid(&parts).iter().filter(|(runner, b)| **runner > 300 && **b == at_use.validator).count(), 6);
    let (calm, alone) = ended(&rows, 2, &agree);
    assert_eq!(parts.burn - alone.burn, bond - 6 * at_use.validator - at_use.executor, "the rest is burned");
    assert_eq!((parts.user, calm.execution.outcome()), (alone.user, play.execution.outcome()), "the user is as before");
}

/// Fees at what the script uses: 100 bytes of input, 200 of output, 3 million fuel.
struct Escrow {
    executor: u128,
    validator: u128,
}

impl Escrow {
    fn of(rows: &Rows) -> Self {
        let price = rows.terms.price;
        let executor = price.per_call + price.per_kb + 3 * price.per_mfuel;
        Self { executor, validator: rows.terms.validator.of(executor) }
    }
}

#[test]
fn attack_20_a_challenge_that_nobody_decides_frees_nothing() {
    let rows = Rows::with(1, 3, Some(6));
    // Silent, starved or divided: the standing value is final, the escrow is paid.
    for act in [Act::Silent, Act::Starved, Act::Decline, Act::Shut] {
        let (play, parts) = challenged(&rows, &move |round, _| if round == ROUND_3 { act } else { Act::Agree }, 0);
        assert_eq!(play.execution.outcome(), Some(Outcome::Finalized), "{act:?}");
        assert_eq!(play.execution.challenge.clone().unwrap().right, None);
        let bond = play.execution.challenge.clone().unwrap().bond;
        // Spares that joined for decliners stood for the value, and are paid.
        let jurors = paid(&parts).iter().filter(|(runner, _)| **runner > 300).map(|(_, amount)| amount).sum::<u128>();
        assert_eq!(parts.challenger + jurors, bond, "{act:?}");
    }
}

#[test]
fn attack_20_an_outage_after_a_challenge_gives_the_bond_back_and_frees_nothing() {
    let rows = Rows::with(1, 3, Some(6));
    for unseatable in 1..=3 {
        let mut play = Play::new(&rows, 2);
        (play.challenges, play.unseatable) = (3, unseatable);
        let bond = rows.rules().challenge_bond(100).unwrap();
        let mut back = 0;
        while play.execution.outcome().is_none() {
            let before = play.execution.challenge.is_some();
            play.step(&agree, &[]);
            let given_up = before && play.execution.challenge.is_none();
            back += if given_up { bond } else { 0 };
        }
        assert_eq!(back, u128::from(unseatable) * bond, "each bond comes back");
        assert_eq!(play.execution.outcome(), Some(Outcome::Finalized));
        assert_eq!(play.execution.unseated_challenges, unseatable);
        assert_eq!(play.execution.panel(ROUND_3).is_some(), unseatable < 3, "after the third the value is final");
        let marks = play.execution.history.iter();
        let stood = marks.filter(|mark| Phase::name_of(mark.phase) == "provisional").count();
        assert_eq!(stood, 1 + usize::from(unseatable.min(2)), "it stands again after the first and the second");
        play.settled();
    }
    let mut play = Play::new(&rows, 2);
    play.challenges = 1;
    play.run_to("provisional", &agree);
    play.step(&agree, &[]);
    let challenge = play.execution.challenge.clone().unwrap();
    assert_eq!(play.poke().bond_back, Some(challenge), "to who gave it");
}

#[test]
fn attack_21_challenging_oneself_loses() {
    let rows = Rows::with(1, 3, Some(6));
    // Executor, validator and challenger are one: round 1 is wrong on purpose, the challenge is right.
    let (play, parts) = challenged(&rows, &round_1(&[Act::Dissent, Act::Dissent]), 0);
    assert_eq!(play.execution.challenge.clone().unwrap().right, Some(true));
    assert_eq!(play.execution.outcome(), Some(Outcome::Corrected));
    let slashed: u128 = play.slashed().values().sum();
    let gained = parts.challenger + paid(&parts).get(&1).unwrap_or(&0) + paid(&parts).get(&2).unwrap_or(&0);
    let bond = play.execution.challenge.clone().unwrap().bond;
    assert!(parts.challenger > bond, "the bounty is paid");
    assert!(parts.challenger - bond <= slashed / 5, "20 % of the pot at most");
    // Even with the user's compensation, the coalition is out of pocket.
    assert!(gained + parts.user + play.execution.tips_paid < bond + slashed + play.execution.escrow);
    assert!(parts.burn >= slashed / 5);
}

/// A task whose result is random: every seat finds another value.
fn random(rows: &Rows) -> (Play<'_>, Settlement) {
    let mut play = Play::new(rows, 2);
    let number = |runner: RunnerId| if runner.0.is_multiple_of(2) { Act::Agree } else { Act::Dissent };
    play.run(&move |_, runner| number(runner), &[]);
    let parts = play.settled();
    (play, parts)
}

#[test]
fn attack_22_the_service_bond_pays_the_jurors_who_could_not_agree() {
    let rows = Rows::with(1, 4, Some(8));
    let (play, parts) = random(&rows);
    assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::Inconclusive)));
    let b = rows.rules().max_fees(100).unwrap().validator;
    assert_eq!(parts.from_service_bond, 12 * b);
    assert_eq!(paid(&parts).values().copied().collect::<Vec<_>>(), vec![b; 12]);
    // A bond that is short pays pro rata, and what does not divide is burned.
    let short = play.execution.settlement(rows.rules(), 100).unwrap();
    assert_eq!((short.from_service_bond, short.burn), (100, 100 % 12));
    assert!(short.seats.iter().all(|(_, amount)| *amount == 8));
}

#[test]
fn attack_23_a_random_task_slashes_nobody_for_content() {
    for rows in [Rows::with(1, 4, None), Rows::with(3, 6, Some(12))] {
        let (play, parts) = random(&rows);
        assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::Inconclusive)));
        assert!(play.faults.is_empty());
        assert_eq!(parts.user, play.execution.escrow - play.execution.tips_paid);
    }
}

#[test]
fn attack_27_every_subset_that_is_starved_costs_nobody_anything() {
    let rows = Rows::new(3);
    for starved in 0..256u32 {
        let script = |round, runner: RunnerId| {
            if round == ROUND_1 && starved >> (runner.0 - 1) & 1 == 1 { Act::Starved } else { Act::Agree }
        };
        let mut play = Play::new(&rows, 2);
        play.bench.behind = (7..=8).map(candidate).collect();
        play.run(&script, &[]);
        let parts = play.settled();
        assert!(play.faults.is_empty(), "{starved:b}: nobody is slashed nor scored");
        assert_eq!(parts.from_service_bond, 0);
        // Four of the eight make a full house; 5 of 8 asked are less than two thirds.
        let outcome = match starved.count_ones() {
            0..=4 => Outcome::Finalized,
            5 => Outcome::Refunded(Refund::NoResult),
            _ => Outcome::Unavailable,
        };
        assert_eq!(play.execution.outcome(), Some(outcome), "{starved:b}");
        if outcome == Outcome::Unavailable {
            let fees = rows.rules().max_fees(100).unwrap();
            let sealed = play.execution.seats(ROUND_1).iter().filter(|seat| seat.sealed()).count();
            assert_eq!(paid(&parts).len(), sealed, "half a fee to each that sealed");
            assert!(paid(&parts).values().all(|half| [fees.executor / 2, fees.validator / 2].contains(half)));
            assert_eq!(parts.producers, rows.escrow().producers);
        }
    }
}

#[test]
fn attack_27_starved_jurors_do_not_reach_for_the_service_bond() {
    let rows = Rows::with(1, 4, None);
    for starved in 1..=4 {
        let (play, parts) = ended(&rows, 2, &later(ROUND_2, starved, Act::Starved));
        assert_eq!(parts.from_service_bond, 0, "{starved}");
        assert!(play.faults.iter().all(|fault| fault.runner == RunnerId(1)));
        let vacant = play.execution.seats(ROUND_2).iter().any(|seat| seat.progress == Progress::Declined);
        assert_eq!(play.execution.is_starved(), vacant);
    }
    // More jurors gave up than there are spares, the others divided: if starved, nothing is the service's fault.
    let b = rows.rules().max_fees(100).unwrap().validator;
    for (act, pays) in [(Act::Starved, 0), (Act::Decline, 3 * b)] {
        let script = |round, runner: RunnerId| match (round, runner.0) {
            (ROUND_1, 1) | (ROUND_2, 201) => Act::Dissent,
            (ROUND_2, 202..=204) => act,
            _ => Act::Agree,
        };
        let (play, parts) = ended(&rows, 2, &script);
        assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::Inconclusive)));
        assert_eq!((play.execution.is_starved(), parts.from_service_bond), (pays == 0, pays));
    }
}

#[test]
fn attack_57_three_of_four_never_make_a_result() {
    let rows = Rows::new(3);
    for gone in 1..=4 {
        for act in [Act::Silent, Act::Decline, Act::Starved, Act::Shut] {
            let script = move |round, runner: RunnerId| {
                if round == ROUND_1 && runner.0 >= gone && (runner.0 == gone || runner.0 > 4) {
                    act
                } else {
                    Act::Agree
                }
            };
            let mut play = Play::new(&rows, 2);
            while play.execution.outcome().is_none() && play.execution.panel(ROUND_2).is_none() {
                play.step(&script, &[]);
                assert_ne!(play.execution.phase.name(), "provisional", "{act:?}");
            }
        }
    }
}

#[test]
fn attack_61_an_equivocation_costs_the_bond_once() {
    let rows = Rows::new(1);
    let bond = rows.terms.seat_bond;
    for when in ["working", "opening", "publishing", "provisional", "finalized"] {
        let mut play = Play::new(&rows, 2);
        play.run_to(when, &agree);
        let course = play.execution.phase;
        play.report(RunnerId(1));
        play.report(RunnerId(1));
        let again = play.execution.equivocate(rows.rules(), RunnerId(1));
        assert_eq!(again, Err(StepError::Already));
        assert_eq!(
            play.execution.equivocate(rows.rules(), RunnerId(9)),
            Err(StepError::NoSeat { runner: RunnerId(9) })
        );
        assert_eq!(play.execution.phase, course, "the course is the same");
        assert_eq!(play.slashed(), [(1, bond)].into());
        assert_eq!(play.reporters, bond / 5);
        play.run(&agree, &[]);
        play.settled();
        assert_eq!(play.slashed(), [(1, bond)].into());
    }
}

/// Whatever else a seat is slashed for, before or after the report, is within its bond.
#[test]
fn attack_61_nothing_is_slashed_beyond_the_bond() {
    let rows = Rows::with(1, 3, Some(6));
    for acts in combinations(2) {
        for early in [true, false] {
            for publish in [true, false] {
                let mut play = Play::new(&rows, 1);
                play.publish = publish;
                if early {
                    play.run_to("working", &agree);
                    (1..=2).for_each(|runner| play.report(RunnerId(runner)));
                }
                play.run(&round_1(&acts), &[]);
                play.settled();
                (1..=2).for_each(|runner| play.report(RunnerId(runner)));
                for (runner, amount) in play.slashed().into_iter().filter(|(runner, _)| *runner <= 2) {
                    let whole = amount == rows.terms.seat_bond;
                    let gone = play.execution.signer(RunnerId(runner)).is_err();
                    assert!(amount <= rows.terms.seat_bond && (whole || gone), "{acts:?}: {runner} lost {amount}");
                }
            }
        }
    }
}

#[test]
fn attack_62_silent_peers_end_as_the_on_chain_path_would() {
    let rows = Rows::new(2);
    // Any subset withholds its opening from the certificate; then everything is posted on chain, in any order.
    for withheld in 1..8usize {
        for order in permutations(3) {
            let mut fast = Play::new(&rows, 2);
            fast.path = Path::Certificate;
            fast.run(&agree, &[]);
            let mut play = Play::new(&rows, 2);
            play.run_to("working", &agree);
            for seat in order.iter().filter(|seat| withheld >> **seat & 1 == 1) {
                let runner = RunnerId(*seat as u32 + 1);
                let seal = rows.sealing(ROUND_1, runner, 0);
                play.execution.seal(rows.rules(), runner, seal, play.now).unwrap();
            }
            play.run(&agree, &order);
            assert_eq!(play.settled(), fast.settled());
        }
    }
}

/// Any subset of the peers never seals, or never opens, whatever the others show each other: both paths end alike, and
/// it costs those and nobody else.
#[test]
fn attack_62_peers_that_never_act_pay_for_it_on_every_path() {
    let rows = Rows::new(2);
    let (fees, bond) = (rows.rules().max_fees(100).unwrap(), rows.terms.seat_bond);
    for (act, costs) in [(Act::Silent, [2 * fees.executor, 2 * fees.validator]), (Act::Shut, [bond, bond / 2])] {
        for withheld in 1..8u32 {
            let acts: Vec<_> = (0..3).map(|seat| if withheld >> seat & 1 == 1 { act } else { Act::Agree }).collect();
            let cost = |runner: &u32| costs[usize::from(*runner > 1)];
            let silent = (1..=3).filter(|runner| withheld >> (runner - 1) & 1 == 1);
            let wanted: BTreeMap<_, _> = silent.map(|runner| (runner, cost(&runner))).collect();
            // There are two spares for those that never sealed.
            let replaced = act == Act::Shut || withheld.count_ones() < 3;
            let outcome = if replaced { Outcome::Finalized } else { Outcome::Refunded(Refund::NoResult) };
            for order in permutations(3) {
                let ends = [Path::OnChain, Path::Certificate, Path::Late].map(|path| {
                    let mut play = Play { path, ..Play::new(&rows, 2) };
                    play.run(&round_1(&acts), &order);
                    let parts = play.settled();
                    assert_eq!(
                        (play.execution.outcome(), &play.slashed()),
                        (Some(outcome), &wanted),
                        "{acts:?} {path:?}"
                    );
                    let acted = (1..=3).filter(|runner| withheld >> (runner - 1) & 1 == 0);
                    assert!(acted.into_iter().all(|runner| paid(&parts).contains_key(&runner)), "{acts:?} {path:?}");
                    parts
                });
                assert!(ends.iter().all(|end| *end == ends[0]), "{acts:?} {order:?}");
            }
        }
    }
}

fn certify(execution: &mut Execution, rows: &Rows, certificate: &Certificate) -> Result<(), StepError> {
    execution.certify(rows.rules(), certificate, at(31), |seat, shown| {
        // Every seat has signed the seal of the honest value, and nothing else.
        if shown == rows.sealing(ROUND_1, seat.runner, 0) { Ok(()) } else { Err(StepError::Mismatch) }
    })
}

proptest! {
    #[test]
    fn attack_63_none_but_the_true_certificate_is_accepted(
        number in 0u8..3,
        salts in prop::collection::vec((1u32..6, 0u8..4), 0..6),
    ) {
        let rows = Rows::new(3);
        let before = seated(&rows, 0);
        let mut execution = before.clone();
        let forged = Certificate {
            value: rows.value(number),
            salts: salts.iter().map(|(runner, round)| salt(*round, RunnerId(*runner))).collect(),
        };
        let genuine = forged == certificate(&rows, &before, ROUND_1, 0);
        prop_assert_eq!(certify(&mut execution, &rows, &forged).is_ok(), genuine);
        prop_assert!(genuine || execution == before, "refused without effect");
    }
}

#[test]
fn attack_63_a_certificate_has_one_entry_for_each_seat_in_order() {
    let rows = Rows::new(3);
    let genuine = certificate(&rows, &seated(&rows, 0), ROUND_1, 0);
    let refused = |change: &dyn Fn(&mut Certificate)| {
        let (mut execution, mut forged) = (seated(&rows, 0), genuine.clone());
        change(&mut forged);
        certify(&mut execution, &rows, &forged).unwrap_err()
    };
    assert_eq!(refused(&|it| it.salts.swap(0, 1)), StepError::Mismatch);
    assert_eq!(refused(&|it| it.salts[1] = it.salts[0]), StepError::Mismatch, "a seat twice");
    assert_eq!(refused(&|it| it.salts.truncate(3)), StepError::Incomplete { got: 3, needed: 4 });
    assert_eq!(refused(&|it| it.salts.push(it.salts[0])), StepError::Incomplete { got: 5, needed: 4 });
    assert_eq!(refused(&|it| it.value = value(1)), StepError::Mismatch);
    assert_eq!(refused(&|it| it.value = verdict_invalid()), StepError::NotAgreed, "of the other policy");
    // A seat that sealed or opened otherwise on chain is bound to that.
    let mut execution = seated(&rows, 0);
    execution.seal(rows.rules(), RunnerId(2), rows.sealing(ROUND_1, RunnerId(2), 1), at(31)).unwrap();
    assert_eq!(certify(&mut execution, &rows, &genuine), Err(StepError::Bound));
    let mut execution = seated(&rows, 0);
    execution.seal(rows.rules(), RunnerId(2), rows.sealing(ROUND_1, RunnerId(2), 0), at(31)).unwrap();
    assert_eq!(certify(&mut execution, &rows, &genuine), Ok(()));
    for (act, bound) in [(Act::Agree, Ok(())), (Act::Dissent, Err(StepError::Bound))] {
        let mut play = Play::new(&rows, 0);
        play.run_to("opening", &round_1(&[Act::Agree, act]));
        open(&mut play, 1, act);
        assert_eq!(certify(&mut play.execution, &rows, &genuine), bound, "the opening of {act:?}");
    }
    // Without its full house a later round has no certificate.
    let rows = Rows::with(1, 3, None);
    let mut play = Play::new(&rows, 0);
    let script = later(ROUND_2, 2, Act::Decline);
    play.run_to("opening", &script);
    play.step(&script, &[]);
    play.run_to("opening", &script);
    let short = certificate(&rows, &play.execution, ROUND_2, 0);
    let refused = play.execution.certify(rows.rules(), &short, play.now, |_, _| Ok::<_, StepError>(()));
    assert_eq!(refused, Err(StepError::Incomplete { got: 3, needed: 3 }));
}

#[test]
fn attack_65_overstated_usage_escalates_and_loses() {
    let rows = Rows::new(1);
    for other in [Value { mfuel: 4, ..value(0) }, Value { output_len: 4_000, ..value(0) }] {
        let mut play = Play::new(&rows, 2);
        play.run_to("working", &agree);
        let rules = rows.rules();
        let (one, two) = (RunnerId(1), RunnerId(2));
        let h = rules.round_value(ROUND_1, &other);
        let seal = crate::seal::seal(&DOMAIN, ID, ROUND_1, one, &h, &salt(ROUND_1, one));
        play.execution.seal(rules, one, seal, play.now).unwrap();
        play.execution.seal(rules, two, rows.sealing(ROUND_1, two, 0), play.now).unwrap();
        play.execution.open(rules, one, Opening { value: h, salt: salt(ROUND_1, one) }, play.now).unwrap();
        play.execution.open(rules, two, rows.opening(ROUND_1, two, 0), play.now).unwrap();
        assert!(matches!(play.execution.phase, Phase::Queued { round: ROUND_2, .. }));
        play.run(&agree, &[]);
        play.settled();
        assert_eq!(play.execution.outcome(), Some(Outcome::Corrected));
        assert_eq!(play.slashed(), [(1, rows.terms.seat_bond)].into());
    }
    // What all seats attest is still charged at the task's maximum at most.
    let mut execution = seated(&rows, 0);
    let greedy = Value { mfuel: u64::MAX, output_len: u64::MAX, ..value(0) };
    let salts = [1, 2].map(|runner| salt(ROUND_1, RunnerId(runner))).into();
    execution
        .certify(rows.rules(), &Certificate { value: greedy, salts }, at(31), |_, _| Ok::<_, StepError>(()))
        .unwrap();
    execution.settle(rows.rules(), at(700)).unwrap();
    let parts = execution.settlement(rows.rules(), 0).unwrap();
    assert_eq!(parts.seats[0].1, rows.rules().max_fees(100).unwrap().executor);
    assert_eq!(parts.user, rows.params.tips.kappa(), "the whole quote, and no more");
}

#[test]
fn attack_67_every_way_out_after_seeing_the_others_costs_half_a_bond() {
    let rows = Rows::new(3);
    let half = rows.terms.seat_bond / 2;
    // Seat 4 has sealed, so the others open; it learns that it is wrong.
    let mut play = Play::new(&rows, 2);
    play.run_to("opening", &round_1(&[Act::Agree, Act::Agree, Act::Agree, Act::Dissent]));
    for seat in 0..3 {
        open(&mut play, seat, Act::Agree);
    }
    let four = RunnerId(4);
    let refused = play.execution.decline(rows.rules(), four, DeclineCode::Machine, play.now, &mut Pool::default());
    assert_eq!(refused, Err(StepError::WrongPhase { phase: "opening" }));
    let reseal = play.execution.seal(rows.rules(), four, rows.sealing(ROUND_1, four, 0), play.now);
    assert_eq!(reseal, Err(StepError::WrongPhase { phase: "opening" }));
    for last in [Act::Dissent, Act::Shut] {
        let mut play = play.clone();
        play.run(&round_1(&[Act::Agree, Act::Agree, Act::Agree, last]), &[]);
        play.settled();
        assert_eq!(play.slashed(), [(4, half)].into(), "{last:?}");
    }
}

#[test]
fn attack_67_a_seal_shown_to_peers_and_a_decline_are_an_equivocation() {
    for spares in [0, 2] {
        let rows = Rows::new(1);
        let mut play = Play::new(&rows, spares);
        play.run(&round_1(&[Act::Agree, Act::Decline]), &[]);
        play.settled();
        let signer = play.execution.signer(RunnerId(2)).unwrap();
        assert_eq!(signer, (ROUND_1, 0), "the key of the seat it gave up is known");
        play.report(RunnerId(2));
        assert_eq!(play.slashed(), [(2, rows.terms.seat_bond)].into());
        assert_eq!(play.execution.equivocate(rows.rules(), RunnerId(2)), Err(StepError::Already));
    }
}

#[test]
fn attack_69_nobody_is_slashed_on_a_verdict_that_is_reversed() {
    let rows = Rows::with(1, 3, Some(6));
    // Round 2 is captured; the challenge finds the honest value.
    let script = |round, runner: RunnerId| match (round, runner.0) {
        (ROUND_1, 1) => Act::Dissent,
        (ROUND_2, _) => Act::Dissent,
        _ => Act::Agree,
    };
    let mut play = Play::new(&rows, 2);
    play.challenges = 1;
    play.run_to("provisional", &script);
    assert_eq!(play.execution.value, Some(value(1)));
    assert!(play.faults.is_empty(), "nothing is slashed before the end");
    play.run(&script, &[]);
    play.settled();
    let bond = rows.terms.seat_bond;
    let wrong = [(1, bond), (201, bond / 2), (202, bond / 2), (203, bond / 2)];
    assert_eq!(play.slashed(), wrong.into());
    assert_eq!(play.execution.outcome(), Some(Outcome::Corrected));
}

#[test]
fn attack_72_an_undecided_round_slashes_none_of_its_seats() {
    let rows = Rows::with(3, 9, Some(21));
    // 13 : 8 in a challenged round 3 is no verdict.
    let script = |round, runner: RunnerId| if round == ROUND_3 && runner.0 <= 308 { Act::Dissent } else { Act::Agree };
    let (play, _) = challenged(&rows, &script, 0);
    assert_eq!(play.execution.outcome(), Some(Outcome::Finalized));
    assert_eq!(play.execution.challenge.clone().unwrap().right, None);
    assert!(play.faults.is_empty());
    // 14 : 7 is one.
    let script = |round, runner: RunnerId| if round == ROUND_3 && runner.0 <= 307 { Act::Dissent } else { Act::Agree };
    let (play, parts) = challenged(&rows, &script, 0);
    assert_eq!(play.at_fault(Offence::WrongOrUnopened), (301..=307).collect::<Vec<_>>());
    let jurors: Vec<_> = paid(&parts).into_keys().filter(|runner| *runner > before(ROUND_3)).collect();
    assert_eq!(jurors, (308..=321).collect::<Vec<_>>(), "who was wrong is not paid");
    assert_eq!(parts.from_service_bond, 0, "there is a verdict");
}

#[test]
fn attack_73_a_decline_comes_early_or_never() {
    let rows = Rows::new(1);
    let mut pool = Pool::default();
    let mut decline_at = |execution: &mut Execution, now| {
        execution.decline(rows.rules(), RunnerId(1), DeclineCode::Machine, now, &mut pool).map(drop)
    };
    // T_work is 80 s and 8 blocks from second 30 and block 3 on: the last moment is second 56 or block 6.
    let after = |time, height| Clock { time: START.time + time, height: START.height + height };
    let late = Err(StepError::TooLate { time: START.time + 56 });
    assert_eq!(decline_at(&mut seated(&rows, 0), after(57, 7)), late);
    assert_eq!(decline_at(&mut seated(&rows, 0), after(56, 7)), Ok(()));
    // A halt takes nobody's decline away, and gives nobody a seat that has too little time left.
    assert_eq!(decline_at(&mut seated(&rows, 0), after(1_057, 6)), Ok(()));
    for (time, joined) in [(56, vec![RunnerId(3)]), (1_057, Vec::new())] {
        let mut execution = seated(&rows, 1);
        let mut pool = Pool::default();
        let code = DeclineCode::Machine;
        assert_eq!(
            execution.decline(rows.rules(), RunnerId(1), code, after(time, 6), &mut pool).unwrap().joined,
            joined
        );
    }
    let mut decline = |execution: &mut Execution, later| decline_at(execution, at(later));
    let mut sealed = seated(&rows, 0);
    sealed.seal(rows.rules(), RunnerId(1), rows.sealing(ROUND_1, RunnerId(1), 0), at(31)).unwrap();
    assert_eq!(decline(&mut sealed, 32), Err(StepError::Bound), "never after the own seal");
    let mut vacant = seated(&rows, 0);
    assert_eq!([decline(&mut vacant, 31), decline(&mut vacant, 31)], [Ok(()), Err(StepError::Already)]);
    let mut replaced = seated(&rows, 1);
    let gone = StepError::NoSeat { runner: RunnerId(1) };
    assert_eq!([decline(&mut replaced, 31), decline(&mut replaced, 31)], [Ok(()), Err(gone)]);
    let (mut execution, one) = (seated(&rows, 1), RunnerId(1));
    let poked = execution.decline(rows.rules(), one, DeclineCode::Machine, at(31), &mut Pool::default()).unwrap();
    assert_eq!(poked, Poked { left: vec![one], joined: vec![RunnerId(3)], ..Poked::default() });
    // Half a point, unless half of those asked gave the same code.
    let rows = Rows::new(3);
    let (play, _) = ended(&rows, 2, &round_1(&[Act::Decline]));
    assert_eq!(play.at_fault(Offence::Declined), [1]);
    let (play, _) = ended(&rows, 2, &round_1(&[Act::Decline, Act::Decline]));
    assert_eq!(play.at_fault(Offence::Declined), [1, 2], "2 of 6");
    let (play, _) = ended(&rows, 2, &round_1(&[Act::Decline; 4]));
    assert_eq!(play.at_fault(Offence::Declined), [] as [u32; 0], "4 of 6");
}

#[test]
fn attack_73_a_third_that_always_declines_leaves_few_without_result() {
    // Runner n is malicious where a hash says so, for a third of all; 4 seats, 2 spares, 6 more of the same draw.
    let rows = Rows::new(3);
    let (mut without, total) = (0, 4_000u32);
    for execution in 0..total {
        let bad = |runner: RunnerId| {
            let hash = crate::digest::sha256(&[&execution.to_be_bytes(), &runner.to_be_bytes()]);
            u16::from_be_bytes([hash.0[0], hash.0[1]]) < 21_627
        };
        let script = |_, runner: RunnerId| if bad(runner) { Act::Decline } else { Act::Agree };
        let mut play = Play::new(&rows, 2);
        play.bench.behind = (7..=12).map(candidate).collect();
        play.run(&script, &[]);
        without += u32::from(!play.execution.outcome().unwrap().has_result());
    }
    assert!(without * 100 < total, "{without} of {total}");
}

/// Net of a coalition that holds the user, the developer, the challenger and the given seats.
fn net(play: &Play<'_>, parts: &Settlement, holds: &dyn Fn(u32) -> bool) -> i128 {
    let seats: u128 = paid(parts).iter().filter(|(runner, _)| holds(**runner)).map(|(_, amount)| amount).sum();
    let slashed: u128 = play.slashed().iter().filter(|(runner, _)| holds(**runner)).map(|(_, amount)| amount).sum();
    let bond = play.execution.challenge.as_ref().map_or(0, |challenge| challenge.bond);
    let got = parts.user + parts.developer + parts.challenger + seats + play.execution.tips_paid + play.reporters;
    got as i128 - (play.execution.escrow + bond + slashed) as i128
}

/// What the rivals of an honest runner do. In rounds 2 and 3 they are too few to decide.
struct Rivals {
    /// Its place, by round.
    honest: (u8, u32),
    acts: Vec<Vec<Act>>,
}

impl Rivals {
    fn act(&self, rows: &Rows, round: u8, runner: RunnerId) -> Act {
        let place = runner.0 - before(round);
        let others: Vec<_> = (1..).filter(|place| (round, *place) != self.honest).take(20).collect();
        let many = if round < ROUND_2 { 20 } else { usize::from(rows.rules().quorum(round)) - 1 };
        let number = others.iter().take(many).position(|other| *other == place);
        let acts = &self.acts[usize::from(round)];
        number.and_then(|number| acts.get(number)).copied().unwrap_or(Act::Agree)
    }

    /// Nobody but the honest runner publishes, and it only when it must.
    fn play(&self, play: &mut Play<'_>, order: &[usize]) {
        let honest = RunnerId(before(self.honest.0) + self.honest.1);
        let rows = play.rows;
        while play.execution.outcome().is_none() {
            let duty = play.execution.duty(rows.rules(), honest);
            play.publish = duty.is_some_and(|duty| duty.kind == DutyKind::Publish);
            play.step(&|round, runner| self.act(rows, round, runner), order);
        }
        play.settled();
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop::sample::select(ACTS.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Invariant 27 and attack 68: dealing with oneself loses at least the protocol's parts; with jurors that are
    /// honest, or its own as well, a coalition never gains.
    #[test]
    fn attack_68_no_coalition_gains_by_its_own_executions(
        first in prop::collection::vec(act(), 3),
        later in prop::collection::vec(act(), 12),
        verify: bool,
        own_jurors: bool,
        with_k3: bool,
        publish: bool,
        challenges in 0u8..3,
        unseatable in 0u8..3,
    ) {
        let rows = Rows::with(2, 4, with_k3.then_some(8));
        let rows = if verify { rows.verify() } else { rows };
        let script = |round: u8, runner: RunnerId| {
            let place = (runner.0 - before(round)) as usize - 1;
            match round {
                ROUND_0 | ROUND_1 => first.get(place).copied().unwrap_or(Act::Agree),
                _ if own_jurors => later.get(place).copied().unwrap_or(Act::Agree),
                _ => Act::Agree,
            }
        };
        let mut play = Play::new(&rows, 2);
        // Honest jurors publish.
        (play.publish, play.challenges, play.unseatable) = (publish || !own_jurors, challenges, unseatable);
        play.run(&script, &[]);
        let parts = play.settled();
        let holds = |runner: u32| own_jurors || runner < 200;
        let net = net(&play, &parts, &holds) - parts.from_service_bond as i128;
        let protocol = if play.execution.outcome().unwrap().has_result() {
            let used = crate::terms::Usage::of(100, 200, if verify { 0 } else { 3 });
            let at = crate::money::Escrow::of(&rows.rules().rates(), used).unwrap();
            at.producers + at.burn
        } else {
            0
        };
        // Whoever is honest is never slashed, so the pot is the coalition's: a fifth of it is gone.
        let lost = (protocol + play.execution.pot / 5) as i128;
        prop_assert!(net <= -lost, "{:?} gained {net}", play.execution.outcome());
    }

    /// Attack 59: whatever all others do, who acts rightly and in time is at fault for nothing, so its score stays clean.
    #[test]
    fn attack_59_no_act_of_others_puts_an_honest_seat_at_fault(
        acts in prop::collection::vec(prop::collection::vec(act(), 12), 4),
        (round, place) in (0u8..4, 0u32..12),
        (verify, wrong) in any::<(bool, bool)>(),
        order in Just((0..8).collect::<Vec<usize>>()).prop_shuffle(),
        path in prop::sample::select(vec![Path::OnChain, Path::Certificate, Path::Late]),
        behind in 0u32..5,
        (challenges, unseatable) in (0u8..4, 0u8..4),
    ) {
        let rows = Rows::with(2, 4, Some(8));
        let rows = if verify { rows.verify() } else { rows };
        let round = round.max(rows.rules().first_round());
        let rivals = Rivals { honest: (round, 1 + place % u32::from(rows.rules().seats(round))), acts };
        let honest = before(round) + rivals.honest.1;
        let mut play = Play { path, challenges, unseatable, ..Play::new(&rows, 2) };
        // Who executes honestly posts a right result.
        play.wrong = verify && wrong && round > ROUND_0;
        play.bench.behind = (1..=behind).map(|place| candidate(before(ROUND_0) + 20 + place)).collect();
        rivals.play(&mut play, &order);
        let of_honest: Vec<_> = play.faults.iter().filter(|fault| fault.runner.0 == honest).collect();
        prop_assert!(of_honest.is_empty(), "{:?} of {:?}", of_honest, play.execution);
    }

    /// Invariants 3, 4, 8, 12 to 18 of random executions: the driver checks them at every end.
    #[test]
    fn every_end_keeps_the_invariants(
        acts in prop::collection::vec(prop::collection::vec(act(), 0..14), 4),
        spares in 0u32..4,
        k1 in 1u8..4,
        k3 in prop::option::of(Just(())),
        verify: bool,
        more in 0u8..3,
        path in prop::sample::select(vec![Path::OnChain, Path::Certificate, Path::Late]),
        publish: bool,
        (challenges, unseatable) in (0u8..4, 0u8..4),
    ) {
        let k2 = k1 + 2;
        let mut rows = Rows::with(k1, k2, k3.map(|()| 2 * k2));
        rows.more = more;
        let rows = if verify { rows.verify() } else { rows };
        let script = |round: u8, runner: RunnerId| {
            let place = (runner.0 - before(round)) as usize - 1;
            acts[usize::from(round)].get(place).copied().unwrap_or(Act::Agree)
        };
        let mut play = Play::new(&rows, spares);
        (play.path, play.publish, play.challenges, play.unseatable) = (path, publish, challenges, unseatable);
        play.run(&script, &[]);
        play.settled();
        prop_assert!(play.now.time - START.time <= longest_life(&rows.terms, &rows.params) + 30);
    }
}
