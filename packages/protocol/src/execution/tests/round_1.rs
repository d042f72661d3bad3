//! Round 1: every combination of acts of committees of 2 to 4 seats, every order of arrival, all paths. Spares and
//! later rounds agree.

use std::collections::{BTreeMap, BTreeSet};

use super::script::*;
use crate::execution::*;
use crate::ids::RunnerId;
use crate::offence::Offence;
use crate::seal::Kind;

pub fn combinations(seats: usize) -> impl Iterator<Item = Vec<Act>> {
    let count = ACTS.len();
    (0..count.pow(seats as u32))
        .map(move |code| (0..seats).map(|seat| ACTS[code / count.pow(seat as u32) % count]).collect())
}

pub fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let insert = |rest: &Vec<usize>, place: usize| {
        let mut order = rest.clone();
        order.insert(place, count - 1);
        order
    };
    permutations(count - 1).iter().flat_map(|rest| (0..count).map(move |place| insert(rest, place))).collect()
}

/// What must come out of acts of round 1, by a reasoning of its own.
struct Expected {
    outcome: Outcome,
    /// Round 1 did not decide.
    disputed: bool,
    slashed: BTreeMap<u32, u128>,
}

/// Seats that are left for the queue of work: who declined is replaced as long as there are spares.
fn expected(rows: &Rows, acts: &[Act], spares: usize) -> Expected {
    let (fees, bond) = (rows.rules().max_fees(100).unwrap(), rows.terms.seat_bond);
    let seats: Vec<_> = (1..).zip(acts.iter().copied()).collect();
    let declined = acts.iter().filter(|act| act.declines()).count();
    let refilled = declined.min(spares);
    let mut staying: Vec<(u32, Act)> = seats.iter().filter(|(_, act)| !act.declines()).copied().collect();
    let vacant = declined - refilled;
    let missing = staying.iter().filter(|(_, act)| *act == Act::Silent).count();
    let mut slashed: BTreeMap<u32, u128> =
        seats.iter().filter(|(_, act)| *act == Act::Equivocate).map(|(runner, _)| (*runner, bond)).collect();
    // Spares that joined for decliners come behind whoever stayed, so the primary is the first of these, if any.
    for (place, (runner, _)) in staying.iter().enumerate().filter(|(_, (_, act))| *act == Act::Silent) {
        slashed.insert(*runner, 2 * if place == 0 { fees.executor } else { fees.validator });
    }
    if vacant > 0 || missing > spares - refilled {
        let starved = acts.iter().filter(|act| **act == Act::Starved).count();
        let unavailable = vacant > 0 && 3 * starved >= 2 * (acts.len() + refilled);
        let outcome = if unavailable { Outcome::Unavailable } else { Outcome::Refunded(Refund::NoResult) };
        return Expected { outcome, disputed: false, slashed };
    }
    staying.retain(|(_, act)| *act != Act::Silent);
    staying.extend((0..refilled + missing).map(|spare| ((acts.len() + spare + 1) as u32, Act::Agree)));
    let agreed = staying.iter().all(|(_, act)| act.opened() == staying[0].1.opened() && act.opened().is_some());
    if agreed {
        return Expected { outcome: Outcome::Finalized, disputed: false, slashed };
    }
    for (place, (runner, act)) in staying.iter().enumerate() {
        if act.opened() != Some(0) {
            slashed.insert(*runner, if place == 0 { bond } else { bond / 2 });
        }
    }
    let overturned = staying[0].1 == Act::Dissent;
    let outcome = if overturned { Outcome::Corrected } else { Outcome::Finalized };
    Expected { outcome, disputed: true, slashed }
}

fn play<'a>(rows: &'a Rows, acts: &[Act], spares: u32, order: &[usize], path: Path) -> (Play<'a>, Settlement) {
    let script = |round, runner: RunnerId| match round {
        ROUND_1 => acts.get(runner.0 as usize - 1).copied().unwrap_or(Act::Agree),
        _ => Act::Agree,
    };
    let mut play = Play::new(rows, spares);
    play.path = path;
    play.run(&script, order);
    let parts = play.settled();
    (play, parts)
}

/// Everything about an end that may not depend on the order of arrival or the path, except times.
pub fn money(play: &Play<'_>, parts: &Settlement) -> (Outcome, BTreeMap<u32, u128>, BTreeMap<u32, u128>, [u128; 5]) {
    let sums = [parts.developer, parts.producers, parts.burn, parts.user, parts.from_service_bond];
    (play.execution.outcome().unwrap(), play.slashed(), paid(parts), sums)
}

fn every_combination(k1: u8, spares: u32, orders: &[Vec<usize>]) {
    let rows = Rows::new(k1);
    let mut certified = BTreeSet::new();
    for acts in combinations(usize::from(k1) + 1) {
        let wanted = expected(&rows, &acts, spares as usize);
        let mut seen = None;
        for (number, order) in orders.iter().enumerate() {
            let (play, parts) = play(&rows, &acts, spares, order, Path::OnChain);
            let found = money(&play, &parts);
            assert_eq!(found.0, wanted.outcome, "{acts:?}, {spares} spares, order {order:?}");
            assert_eq!(found.1, wanted.slashed, "{acts:?}, {spares} spares, order {order:?}");
            assert_eq!(play.execution.panel(ROUND_2).is_some(), wanted.disputed, "{acts:?}");
            let counted = play.at_fault(Offence::Declined).len();
            let declined = |act: Act| acts.iter().filter(|it| **it == act).count();
            let asked = acts.len() + (spares as usize).min(declined(Act::Decline) + declined(Act::Starved));
            let asked = asked.max(usize::from(play.execution.panel(ROUND_1).unwrap().asked));
            let half = |act| declined(act) > 1 && 2 * declined(act) >= asked;
            let excused = half(Act::Decline) || half(Act::Starved);
            assert_eq!(counted, if excused { 0 } else { declined(Act::Decline) }, "{acts:?}");
            if let Some(first) = &seen {
                assert_eq!(first, &found, "invariant 14: the order of arrival pays nobody, {acts:?}, {order:?}");
            }
            if number == 0 {
                for path in [Path::Certificate, Path::Late] {
                    let (fast, parts) = self::play(&rows, &acts, spares, order, path);
                    assert_eq!(money(&fast, &parts), found, "invariant 14: all paths are equal, {path:?} {acts:?}");
                    check_certified(&fast, &wanted, &acts);
                    let by_certificate = fast.certified.contains(&ROUND_1);
                    certified.extend(acts.iter().filter(|_| by_certificate).map(|act| (path, *act)));
                }
            }
            seen = Some(found);
        }
    }
    check_classes(&certified, spares);
}

/// What can be certified was: a round 1 that agrees, or the round 2 that follows.
fn check_certified(fast: &Play<'_>, wanted: &Expected, acts: &[Act]) {
    let rounds: &[u8] = match wanted.outcome {
        _ if wanted.disputed => &[ROUND_2],
        Outcome::Finalized => &[ROUND_1],
        _ => &[],
    };
    assert_eq!(fast.certified, rounds, "{:?} {acts:?}", fast.path);
}

/// Acts of which some committee was decided by a certificate, all the same: all but a seal that stays shut, and those
/// that need a spare.
fn check_classes(certified: &BTreeSet<(Path, Act)>, spares: u32) {
    let stays = |act: &Act| !matches!(act, Act::Silent) && !act.declines();
    let classes = ACTS.into_iter().filter(|act| *act != Act::Shut && (spares > 0 || stays(act)));
    let both = |act| [(Path::Certificate, act), (Path::Late, act)];
    assert_eq!(*certified, classes.flat_map(both).collect());
}

#[test]
fn every_combination_of_2_seats_in_every_order() {
    for spares in 0..=2 {
        every_combination(1, spares, &permutations(2));
    }
}

#[test]
fn every_combination_of_3_seats_in_every_order() {
    for spares in 0..=2 {
        every_combination(2, spares, &permutations(3));
    }
}

// Three tests, because they are the longest ones.
#[test]
fn every_combination_of_4_seats_in_every_order_without_spares() {
    every_combination(3, 0, &permutations(4));
}

#[test]
fn every_combination_of_4_seats_in_every_order_with_one_spare() {
    every_combination(3, 1, &permutations(4));
}

#[test]
fn every_combination_of_4_seats_in_every_order_with_two_spares() {
    every_combination(3, 2, &permutations(4));
}

/// The executor's place in round 0: who is drawn first, and who replaces it.
const EXECUTOR: u32 = before(ROUND_0) + 1;

/// What must come out of a checking committee with two spares, whose executor was `wrong` or not and did `first`
/// before somebody else took its place.
fn expected_check(rows: &Rows, acts: &[Act], first: Act, wrong: bool) -> Expected {
    let (fees, bond) = (rows.rules().max_fees(100).unwrap(), rows.terms.seat_bond);
    let count = |wanted: fn(&Act) -> bool| acts.iter().filter(|act| wanted(act)).count();
    let (declined, missing) = (count(|act| act.declines()), count(|act| *act == Act::Silent));
    let filled = declined + missing <= 2;
    let mut shown: Vec<_> = acts.iter().filter(|act| act.sealed().is_some()).map(|act| act.opened()).collect();
    shown.resize(acts.len(), Some(0));
    let agreed = filled && shown.iter().all(|value| *value == shown[0] && value.is_some());
    // All find it valid: that stands, right or not. Invalid is for a larger committee, which is honest.
    let stands = agreed && (shown[0] == Some(1)) == wrong;
    let rejected = wrong && !stands;
    let mut slashed = BTreeMap::new();
    if first == Act::Silent {
        slashed.insert(EXECUTOR, 2 * fees.executor);
    }
    if rejected {
        slashed.insert(if first == Act::Agree { EXECUTOR } else { EXECUTOR + 1 }, bond);
    }
    for (runner, act) in (1..).zip(acts) {
        let judged = filled && !stands && act.sealed().is_some() && act.opened() != Some(0);
        let amount = match act {
            Act::Equivocate => bond,
            Act::Silent => 2 * fees.validator,
            _ if judged => bond / 2,
            _ => continue,
        };
        slashed.insert(runner, amount);
    }
    let outcome = if rejected { Outcome::Refunded(Refund::Rejected) } else { Outcome::Finalized };
    Expected { outcome, disputed: !stands, slashed }
}

fn play_check<'a>(
    rows: &'a Rows,
    acts: &[Act],
    (first, wrong): (Act, bool),
    order: &[usize],
    path: Path,
) -> (Play<'a>, Settlement) {
    let script = |round, runner: RunnerId| match round {
        ROUND_0 if runner.0 == EXECUTOR => first,
        ROUND_1 => acts.get(runner.0 as usize - 1).copied().unwrap_or(Act::Agree),
        _ => Act::Agree,
    };
    let mut play = Play::new(rows, 2);
    (play.path, play.wrong) = (path, wrong);
    play.run(&script, order);
    let parts = play.settled();
    (play, parts)
}

/// The committee of `Verify`: no executor among its seats, and Invalid is never taken from round 1 alone.
fn every_check(first: Act, wrong: bool, orders: &[Vec<usize>]) {
    let rows = Rows::with(3, 5, None).verify();
    let mut ends = BTreeMap::new();
    for acts in combinations(3) {
        let wanted = expected_check(&rows, &acts, first, wrong);
        let (slow, parts) = play_check(&rows, &acts, (first, wrong), &[], Path::OnChain);
        let found = money(&slow, &parts);
        assert_eq!((found.0, &found.1), (wanted.outcome, &wanted.slashed), "{first:?} {wrong} {acts:?}");
        assert_eq!(slow.execution.panel(ROUND_2).is_some(), wanted.disputed, "{wrong} {acts:?}");
        *ends.entry((found.0.has_result(), wanted.disputed)).or_insert(0) += 1;
        let others = orders.iter().map(|order| (order.as_slice(), Path::OnChain));
        for (order, path) in others.chain([(&[][..], Path::Certificate), (&[], Path::Late)]) {
            let (other, parts) = play_check(&rows, &acts, (first, wrong), order, path);
            assert_eq!(money(&other, &parts), found, "invariant 14, {wrong} {acts:?} {order:?} {path:?}");
        }
    }
    // Of 343, only three that dissent pass a wrong result; nothing refuses a right one for good.
    let passed_and_refused = if wrong { [1, 0, 342] } else { [98, 245, 0] };
    let seen = [(true, false), (true, true), (false, true)].map(|end| ends.get(&end).copied().unwrap_or(0));
    assert_eq!(seen, passed_and_refused, "at once, by round 2, refused by round 2");
}

#[test]
fn every_combination_of_a_committee_that_checks_a_right_result() {
    every_check(Act::Agree, false, &permutations(3));
}

#[test]
fn every_combination_of_a_committee_that_checks_a_wrong_result() {
    every_check(Act::Agree, true, &permutations(3));
}

#[test]
fn every_combination_of_a_committee_that_checks_a_second_executor() {
    for first in [Act::Silent, Act::Decline, Act::Starved] {
        for wrong in [false, true] {
            every_check(first, wrong, &[]);
        }
    }
}

#[test]
fn a_dissent_of_all_is_the_value_of_all() {
    let rows = Rows::new(3);
    let (play, _) = play(&rows, &[Act::Dissent; 4], 2, &[], Path::OnChain);
    assert_eq!(play.execution.value, Some(value(1)));
    assert!(play.faults.is_empty());
    assert_eq!(play.execution.output().map(|value| value.kind), Some(Kind::Ok));
}

#[test]
fn a_missing_primary_is_replaced_by_the_next_in_draw_order() {
    let rows = Rows::new(3);
    let fees = rows.rules().max_fees(100).unwrap();
    let (play, parts) = play(&rows, &[Act::Silent], 2, &[], Path::OnChain);
    let seats: Vec<_> = play.execution.seats(ROUND_1).iter().map(|seat| seat.runner.0).collect();
    assert_eq!(seats, [2, 3, 4, 5]);
    assert_eq!(play.execution.panel(ROUND_1).unwrap().missed, [RunnerId(1)]);
    assert!(play.execution.has_sat(RunnerId(1)), "invariant 8: it is not drawn again");
    assert!(!play.execution.has_sat(RunnerId(6)), "a spare that was not needed is");
    assert_eq!(parts.seats[0].0, RunnerId(2), "the new primary is paid as executor");
    assert_eq!(play.execution.pot, 2 * fees.executor);
}

#[test]
fn refills_end_after_two() {
    let rows = Rows::new(1);
    let mut play = Play::new(&rows, 2);
    // 2 misses, its refill 3 misses, its refill 4 misses: no fourth window.
    play.run(&|_, runner: RunnerId| if runner.0 == 1 { Act::Agree } else { Act::Silent }, &[]);
    assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::NoResult)));
    assert_eq!(play.at_fault(Offence::Missed), [2, 3, 4]);
    assert!(play.bench.asked.is_empty(), "the spares sufficed");
    play.settled();
}

#[test]
fn a_refill_names_who_joined() {
    let rows = Rows::new(1);
    let mut play = Play::new(&rows, 2);
    play.run_to("working", &|_, _| Act::Silent);
    let poked = play.poke();
    assert_eq!(poked.joined, [3, 4].map(RunnerId));
    assert!(poked.left.is_empty(), "who missed is slashed");
}

#[test]
fn behind_the_spares_the_draw_is_asked_once_for_k1_and_3_more() {
    let rows = Rows::new(3);
    let mut play = Play::new(&rows, 2);
    play.bench.behind = (7..=20).map(candidate).collect();
    // Five decline: two spares, then three of the six that the draw gives.
    play.run(&|_, runner: RunnerId| if (1..=5).contains(&runner.0) { Act::Decline } else { Act::Agree }, &[]);
    assert_eq!(play.bench.asked, [(6, 6)], "from the position behind those drawn");
    let seats: Vec<_> = play.execution.seats(ROUND_1).iter().map(|seat| seat.runner.0).collect();
    assert_eq!(seats, [6, 7, 8, 9]);
    assert_eq!(play.execution.outcome(), Some(Outcome::Finalized));
    play.settled();
    assert_eq!(play.at_fault(Offence::Declined), [] as [u32; 0], "5 of 9 that were asked");
}

#[test]
fn a_spare_without_a_free_seat_is_passed_over() {
    let rows = Rows::new(1);
    let mut play = Play::new(&rows, 2);
    play.bench.full = vec![RunnerId(3)];
    play.run(&|_, runner: RunnerId| if runner.0 == 2 { Act::Silent } else { Act::Agree }, &[]);
    let seats: Vec<_> = play.execution.seats(ROUND_1).iter().map(|seat| seat.runner.0).collect();
    assert_eq!(seats, [1, 4]);
}

#[test]
fn a_slot_that_passes_costs_its_seat_twice_the_executors_fee() {
    let rows = Rows::new(3);
    let mut play = Play::new(&rows, 2);
    play.publish = false;
    play.run(&|_, _| Act::Agree, &[]);
    assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::NoResult)));
    assert_eq!(play.at_fault(Offence::PublishingSlot), [1, 2], "the third slot is nobody's own");
    let fee = rows.rules().max_fees(play.execution.input.len).unwrap().executor;
    assert!(fee > 0);
    assert_eq!(play.slashed(), BTreeMap::from([(1, 2 * fee), (2, 2 * fee)]));
    let b = rows.rules().max_fees(play.execution.input.len).unwrap().validator;
    assert_eq!(paid(&play.settled()), BTreeMap::from([(3, b), (4, b)]), "who held its slot worked");
}

/// 20 % of the pot is burned, the user is compensated with a, and then who worked is paid.
#[test]
fn who_worked_for_nothing_is_paid_by_who_missed_and_half_by_the_escrow() {
    let rows = Rows::new(3);
    let crate::money::Fees { executor: a, validator: b } = rows.rules().max_fees(100).unwrap();
    // A validator misses: 2b do not reach far.
    let (play, parts) = self::play(&rows, &[Act::Agree, Act::Agree, Act::Silent], 0, &[], Path::OnChain);
    assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::NoResult)));
    assert_eq!(paid(&parts), BTreeMap::from([(1, a / 2), (2, b / 2), (4, b / 2)]));
    let from_pot = 2 * b - 2 * b / 5 - a;
    let halves = a / 2 - from_pot + b / 2 + b / 2;
    assert_eq!((parts.burn, parts.user), (2 * b / 5, play.execution.escrow - play.execution.tips_paid + a - halves));
    // The primary misses, too: enough for all.
    let (play, parts) = self::play(&rows, &[Act::Silent, Act::Silent], 0, &[], Path::OnChain);
    assert_eq!(paid(&parts), BTreeMap::from([(3, b), (4, b)]));
    assert_eq!(parts.user, play.execution.escrow - play.execution.tips_paid + a);
    assert_eq!(parts.burn, 2 * (a + b) - a - 2 * b);
}
