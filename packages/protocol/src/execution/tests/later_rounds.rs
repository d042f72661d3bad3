//! Rounds 2 and 3: every number of each act among their seats; of small ones every combination in every order.

use std::collections::{BTreeMap, BTreeSet};

use super::round_1::{combinations, money, permutations};
use super::script::*;
use crate::execution::*;
use crate::ids::RunnerId;
use crate::offence::Offence;

/// Every way to give `seats` seats one of the acts, regardless of their order.
fn counts(seats: usize, kinds: usize) -> Vec<Vec<usize>> {
    if kinds == 1 {
        return vec![vec![seats]];
    }
    let first =
        (0..=seats).flat_map(|count| counts(seats - count, kinds - 1).into_iter().map(move |rest| (count, rest)));
    first.map(|(count, rest)| [vec![count], rest].concat()).collect()
}

fn spread(counts: &[usize]) -> Vec<Act> {
    ACTS.iter().zip(counts).flat_map(|(act, count)| vec![*act; *count]).collect()
}

/// What a later round comes to; spares agree.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Value(u8),
    Nothing,
    Unavailable,
}

fn found(rows: &Rows, round: u8, acts: &[Act], challenged: bool) -> Found {
    let rules = rows.rules();
    let count = |act: Act| acts.iter().filter(|it| **it == act).count();
    let declined = count(Act::Decline) + count(Act::Starved);
    let joined = declined.min(rules.spares(round).into());
    if declined > joined && 3 * count(Act::Starved) >= 2 * (acts.len() + joined) && !challenged {
        return Found::Unavailable;
    }
    let honest = count(Act::Agree) + count(Act::Equivocate) + joined;
    let quorum = usize::from(rules.quorum(round));
    match (honest >= quorum, count(Act::Dissent) >= quorum) {
        (true, _) => Found::Value(0),
        (_, true) => Found::Value(1),
        _ => Found::Nothing,
    }
}

fn script<'s>(round_1: &'s [Act], acts: &'s [Act], of: u8, other: &'s [Act]) -> impl Fn(u8, RunnerId) -> Act + 's {
    move |round, runner: RunnerId| {
        let acts = match round {
            ROUND_1 => round_1,
            now if now == of => acts,
            _ => other,
        };
        acts.get((runner.0 - before(round)) as usize - 1).copied().unwrap_or(Act::Agree)
    }
}

/// A dissent of the primary, or of a validator, brings round 2 about.
const DISPUTES: [[Act; 2]; 2] = [[Act::Dissent, Act::Agree], [Act::Agree, Act::Dissent]];

fn outcome_of(found: &Found, primary: u8) -> Outcome {
    match found {
        Found::Value(value) if *value == primary => Outcome::Finalized,
        Found::Value(_) => Outcome::Corrected,
        Found::Nothing => Outcome::Refunded(Refund::Inconclusive),
        Found::Unavailable => Outcome::Unavailable,
    }
}

fn check_misses(play: &Play<'_>, acts: &[Act], round: u8) {
    let silent = acts.iter().filter(|act| **act == Act::Silent).count();
    let misses = play.faults.iter().filter(|it| it.offence == Offence::Missed);
    let cost = play.rows.rules().max_fees(100).unwrap().validator * play.rows.rules().committee.later_miss();
    let costs: Vec<_> = misses.map(|it| it.amount).collect();
    assert_eq!(costs, vec![cost; silent], "round {round}: {acts:?}");
}

#[test]
fn every_round_2_that_is_the_last() {
    for k2 in 3..=5 {
        let rows = Rows::with(1, k2, None);
        for counts in counts(k2.into(), ACTS.len()) {
            let acts = spread(&counts);
            let backwards: Vec<_> = acts.iter().rev().copied().collect();
            for dispute in &DISPUTES {
                let wanted = found(&rows, ROUND_2, &acts, false);
                let mut burned = Vec::new();
                for acts in [&acts, &backwards] {
                    let mut play = Play::new(&rows, 2);
                    play.run(&script(dispute, acts, ROUND_2, &[]), &[]);
                    let primary = dispute[0].opened().unwrap();
                    assert_eq!(play.execution.outcome(), Some(outcome_of(&wanted, primary)), "{acts:?}");
                    assert!(play.execution.panel(ROUND_3).is_none());
                    check_misses(&play, acts, ROUND_2);
                    burned.push((play.settled().burn, play.execution.pot));
                }
                assert_eq!(burned[0], burned[1], "places of a later round are equal");
            }
        }
    }
}

/// What must come out of a round 2, by a reasoning of its own.
struct Expected {
    outcome: Outcome,
    slashed: BTreeMap<u32, u128>,
    /// The rounds that a certificate decides if it may.
    certified: Vec<u8>,
}

/// `quorum`: seats that decide; `miss`: what a silent one pays, in fees of a validator. A round 3 agrees.
fn expected(rows: &Rows, dispute: &[Act], acts: &[Act], (quorum, miss): (usize, u128)) -> Expected {
    let (bond, b) = (rows.terms.seat_bond, rows.rules().max_fees(100).unwrap().validator);
    let count = |wanted: &[Act]| acts.iter().filter(|act| wanted.contains(act)).count();
    let declined = count(&[Act::Decline, Act::Starved]);
    // A third of the seats, rounded up, are spares.
    let joined = declined.min(if acts.len() > 3 { 2 } else { 1 });
    let starved = declined > joined && 3 * count(&[Act::Starved]) >= 2 * (acts.len() + joined);
    let (honest, other) = (count(&[Act::Agree, Act::Equivocate]) + joined, count(&[Act::Dissent]));
    let last = rows.terms.committee.k3.is_none();
    let verdict = match () {
        () if starved => None,
        () if honest >= quorum || (!last && other < quorum) => Some(0),
        () => (other >= quorum).then_some(1),
    };
    let with_spares: Vec<_> = acts.iter().copied().chain(vec![Act::Agree; joined]).collect();
    let mut slashed = slashed_jurors(ROUND_2, &with_spares, (verdict, starved), (bond, miss * b));
    for (place, act) in dispute.iter().enumerate() {
        if verdict.is_some() && act.opened() != verdict {
            slashed.insert(place as u32 + 1, if place == 0 { bond } else { bond / 2 });
        }
    }
    let outcome = match verdict {
        _ if starved => Outcome::Unavailable,
        None => Outcome::Refunded(Refund::Inconclusive),
        Some(_) if verdict == dispute[0].opened() => Outcome::Finalized,
        Some(_) => Outcome::Corrected,
    };
    let certified = match honest.max(other) {
        all if all == acts.len() => vec![ROUND_2],
        most if most < quorum && !last && !starved => vec![ROUND_3],
        _ => Vec::new(),
    };
    Expected { outcome, slashed, certified }
}

/// What the seats of a round lose that came to `verdict`, or to none because it was `starved` or divided.
fn slashed_jurors(
    round: u8,
    acts: &[Act],
    (verdict, starved): (Option<u8>, bool),
    (bond, miss): (u128, u128),
) -> BTreeMap<u32, u128> {
    let wrong = |act: Act| act.opened().is_some() && verdict.is_some() && act.opened() != verdict;
    let amount = |act: Act| match act {
        Act::Equivocate => bond,
        Act::Silent => miss,
        Act::Shut if !starved => bond / 2,
        _ if wrong(act) => bond / 2,
        _ => 0,
    };
    let seats = (before(round) + 1..).zip(acts.iter().map(|act| amount(*act)));
    seats.filter(|(_, amount)| *amount > 0).collect()
}

/// Orders of arrival that differ in the acts: places of a later round are equal.
fn distinct_orders(acts: &[Act]) -> Vec<Vec<usize>> {
    let mut seen = BTreeSet::new();
    let new = |order: &Vec<usize>| seen.insert(order.iter().map(|place| acts[*place]).collect::<Vec<_>>());
    permutations(acts.len()).into_iter().filter(new).collect()
}

/// Every combination of acts of a round 2, in every distinct order of arrival and on every path. Which seat of round 1
/// brought it about matters to no order.
fn every_combination_of_round_2(rows: &Rows, quorum: usize, miss: u128) {
    let mut certified = BTreeSet::new();
    for acts in combinations(rows.terms.committee.k2.into()) {
        for (dispute, orders) in DISPUTES.iter().zip([usize::MAX, 1]) {
            let wanted = expected(rows, dispute, &acts, (quorum, miss));
            let orders = distinct_orders(&acts).into_iter().take(orders).map(|order| (order, Path::OnChain));
            let paths = [Path::Certificate, Path::Late].map(|path| (Vec::new(), path));
            let mut seen = None;
            for (order, path) in orders.chain(paths) {
                let mut play = Play::new(rows, 2);
                play.path = path;
                play.run(&script(dispute, &acts, ROUND_2, &[]), &order);
                let parts = play.settled();
                let found = money(&play, &parts);
                assert_eq!(found.0, wanted.outcome, "{acts:?} {order:?} {path:?}");
                assert_eq!(found.1, wanted.slashed, "{acts:?} {order:?} {path:?}");
                assert_eq!(*seen.get_or_insert_with(|| found.clone()), found, "invariant 14, {acts:?} {path:?}");
                if path != Path::OnChain {
                    assert_eq!(play.certified, wanted.certified, "{acts:?} {path:?}");
                    certified.extend(wanted.certified.iter().flat_map(|round| acts.iter().map(|act| (*round, *act))));
                }
            }
        }
    }
    let by_round = |round| certified.iter().filter(|(of, _)| *of == round).map(|(_, act)| *act).collect::<Vec<_>>();
    let of_all = [Act::Agree, Act::Dissent, Act::Equivocate, Act::Decline, Act::Starved];
    assert_eq!(by_round(ROUND_2), of_all, "by a certificate");
    assert_eq!(by_round(ROUND_3).len(), if rows.terms.committee.k3.is_some() { ACTS.len() } else { 0 });
}

#[test]
fn every_combination_of_3_seats_of_round_2_in_every_order() {
    every_combination_of_round_2(&Rows::with(1, 3, None), 2, 2);
    every_combination_of_round_2(&Rows::with(1, 3, Some(6)), 2, 5);
}

#[test]
fn every_combination_of_4_seats_of_the_last_round_2_in_every_order() {
    every_combination_of_round_2(&Rows::with(1, 4, None), 3, 2);
}

#[test]
fn every_combination_of_4_seats_of_round_2_before_a_round_3_in_every_order() {
    every_combination_of_round_2(&Rows::with(1, 4, Some(8)), 3, 7);
}

#[test]
fn every_round_3_after_an_undecided_round_2() {
    let rows = Rows::with(1, 3, Some(6));
    let undecided = [Act::Agree, Act::Dissent, Act::Shut];
    for counts in counts(6, ACTS.len()) {
        let acts = spread(&counts);
        let wanted = found(&rows, ROUND_3, &acts, false);
        let verdict = if let Found::Value(value) = wanted { Some(value) } else { None };
        let joined = acts.iter().filter(|act| act.declines()).count().min(2);
        let with_spares: Vec<_> = acts.iter().copied().chain(vec![Act::Agree; joined]).collect();
        let (bond, miss) = (rows.terms.seat_bond, 5 * rows.rules().max_fees(100).unwrap().validator);
        let mut slashed = slashed_jurors(ROUND_2, &undecided, (verdict, false), (bond, miss));
        slashed.extend(slashed_jurors(ROUND_3, &with_spares, (verdict, wanted == Found::Unavailable), (bond, miss)));
        // The primary dissents, its validator does not.
        slashed.extend(verdict.map(|value| if value == 0 { (1, bond) } else { (2, bond / 2) }));
        let mut ends = Vec::new();
        for (order, path) in [(&[][..], Path::Certificate), (&[], Path::Late), (&[5, 4, 3, 2, 1, 0], Path::OnChain)] {
            let mut play = Play { path, ..Play::new(&rows, 2) };
            play.run(&script(&DISPUTES[0], &acts, ROUND_3, &undecided), order);
            let parts = play.settled();
            ends.push(money(&play, &parts));
        }
        let mut play = Play::new(&rows, 2);
        play.run(&script(&DISPUTES[0], &acts, ROUND_3, &undecided), &[]);
        assert_eq!(play.execution.outcome(), Some(outcome_of(&wanted, 1)), "{acts:?}");
        check_misses(&play, &acts, ROUND_3);
        let parts = play.settled();
        assert_eq!(play.slashed(), slashed, "{acts:?}");
        assert!(ends.iter().all(|end| *end == money(&play, &parts)), "invariant 14, {acts:?}");
        let starved = acts.iter().filter(|act| act.declines()).count() > 2 && acts.contains(&Act::Starved);
        if wanted == Found::Nothing && parts.from_service_bond > 0 {
            assert!(!starved, "attack 27: {acts:?}");
        }
    }
}

#[test]
fn every_round_3_after_a_challenge() {
    let rows = Rows::with(1, 3, Some(6));
    for counts in counts(6, ACTS.len()) {
        let acts = spread(&counts);
        let wanted = found(&rows, ROUND_3, &acts, true);
        let mut play = Play::new(&rows, 2);
        play.challenges = 1;
        play.run(&script(&[], &acts, ROUND_3, &[]), &[]);
        let right = play.execution.challenge.clone().unwrap().right;
        let (outcome, verdict) = match wanted {
            Found::Value(0) => (Outcome::Finalized, Some(false)),
            Found::Value(_) => (Outcome::Corrected, Some(true)),
            // Attack 20: without a verdict the standing value is final.
            Found::Nothing | Found::Unavailable => (Outcome::Finalized, None),
        };
        assert_eq!((play.execution.outcome(), right), (Some(outcome), verdict), "{acts:?}");
        let parts = play.settled();
        let bond = play.execution.challenge.clone().unwrap().bond;
        let jurors = play.execution.seats(ROUND_3).len() as u128 * rows.rules().max_fees(100).unwrap().validator;
        match verdict {
            Some(false) => assert_eq!(parts.challenger, 0, "{acts:?}"),
            _ => assert!(parts.challenger + jurors >= bond, "what the jurors do not take comes back: {acts:?}"),
        }
    }
}

#[test]
fn every_round_2_before_a_round_3_that_agrees() {
    let rows = Rows::with(1, 4, Some(8));
    for counts in counts(4, ACTS.len()) {
        let acts = spread(&counts);
        for dispute in &DISPUTES {
            let wanted = found(&rows, ROUND_2, &acts, false);
            let mut play = Play::new(&rows, 2);
            play.run(&script(dispute, &acts, ROUND_2, &[]), &[]);
            let primary = dispute[0].opened().unwrap();
            let outcome = match &wanted {
                Found::Nothing => outcome_of(&Found::Value(0), primary),
                other => outcome_of(other, primary),
            };
            assert_eq!(play.execution.outcome(), Some(outcome), "{acts:?}");
            assert_eq!(play.execution.panel(ROUND_3).is_some(), wanted == Found::Nothing, "{acts:?}");
            play.settled();
        }
    }
}

/// Only round 1 goes on with its draw when its spares are used up.
#[test]
fn a_later_round_asks_for_nobody_behind_its_spares() {
    let rows = Rows::with(1, 3, None);
    let mut play = Play::new(&rows, 2);
    play.bench.behind = (1..=9).map(|place| candidate(before(ROUND_2) + 10 + place)).collect();
    play.run(&script(&DISPUTES[0], &[Act::Decline; 2], ROUND_2, &[]), &[]);
    let panel = play.execution.panel(ROUND_2).unwrap();
    let seats: Vec<_> = panel.seats.iter().map(|seat| (seat.runner.0, seat.progress == Progress::Declined)).collect();
    assert_eq!(seats, [(203, false), (204, false), (202, true)], "one spare, and a vacant seat");
    assert!(!panel.extended && play.bench.asked.is_empty());
}

/// A certificate and the on-chain path, in every round.
#[test]
fn invariant_14_both_paths_of_a_later_round_are_equal() {
    let rows = Rows::with(1, 3, Some(6));
    for round_2 in [[Act::Agree; 3], [Act::Dissent; 3], [Act::Agree, Act::Dissent, Act::Shut]] {
        for round_3 in [[Act::Agree; 6], [Act::Dissent; 6]] {
            for challenges in [0, 1] {
                let ends: Vec<_> = [Path::OnChain, Path::Certificate, Path::Late]
                    .map(|path| {
                        let mut play = Play::new(&rows, 2);
                        (play.path, play.challenges) = (path, challenges);
                        play.run(&script(&DISPUTES[0], &round_2, ROUND_2, &round_3), &[]);
                        (play.execution.outcome(), play.settled(), play.slashed())
                    })
                    .into();
                for fast in &ends[1..] {
                    assert_eq!(&ends[0], fast, "{round_2:?} {round_3:?} {challenges}");
                }
            }
        }
    }
}

#[test]
fn two_thirds_of_the_drawn_seats_decide_or_half_where_it_is_the_last() {
    let quorums = |committee: (u8, u8, Option<u8>)| {
        let rows = Rows::with(committee.0, committee.1, committee.2);
        [ROUND_1, ROUND_2, ROUND_3].map(|round| rows.rules().quorum(round))
    };
    assert_eq!(quorums((3, 9, Some(21))), [4, 6, 14]);
    assert_eq!(quorums((3, 5, Some(11))), [4, 4, 8]);
    assert_eq!(quorums((3, 5, None))[..2], [4, 3]);
    assert_eq!(quorums((1, 4, None))[..2], [2, 3], "more than half");
}
