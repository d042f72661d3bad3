//! `Open`: openings prove themselves, and cannot change what was sealed.

use mesg_api::market::{ExecuteMsg, Executions, MarketEvent, OpenItem};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::RunnerId;
use mesg_protocol::seal::ErrorCode;
use mesg_test_kit::{Suite, Work};

use crate::phases::{at_the_deadline, open_all, opening, provisional, queued, suite, working};
use crate::snapshot::{items_refused, refusals, refused};

fn item(suite: &Suite, execution: u64, runner: RunnerId, work: &Work) -> OpenItem {
    suite.runner(runner).open(&suite.place(execution), work)
}

fn open(items: Vec<OpenItem>) -> ExecuteMsg {
    ExecuteMsg::Open { items }
}

#[test]
fn the_last_opening_decides() {
    let mut suite = suite();
    let execution = opening(&mut suite);
    let before = suite.ledger();
    let items: Vec<_> =
        suite.seats(execution).iter().map(|runner| item(&suite, execution, *runner, &Work::honest())).collect();
    let events = suite.market("mallory", &open(items.clone())).unwrap();
    let opened = MarketEvent::Opened { execution, runner: items[0].runner.0, value: items[0].value };
    assert_eq!(events[0], opened);
    let entered =
        MarketEvent::Entered { execution, phase: "publishing".to_owned(), escalation: 1, until: suite.now() + 120 };
    assert_eq!(events[4..], [entered]);
    assert_eq!(suite.ledger(), before);
    let seat = &suite.execution(execution).panels[0].seats[0];
    assert_eq!((seat.progress.as_str(), seat.seal, seat.value), ("opened", None, Some(items[0].value)));
    suite.check_invariants();
}

#[test]
fn one_to_32_items() {
    let mut suite = suite();
    let execution = opening(&mut suite);
    let one = item(&suite, execution, suite.seats(execution)[0], &Work::honest());
    refused(&mut suite, "relay", &open(vec![]), "items is 0, must be 1 to 32");
    refused(&mut suite, "relay", &open(vec![one.clone(); 33]), "items is 33, must be 1 to 32");
    let events = suite.market("relay", &open(vec![one; 32])).unwrap();
    assert_eq!(refusals(&events), ["duplicate"; 31]);
}

#[test]
fn an_opening_is_of_the_seats_own_seal() {
    let mut suite = suite();
    let execution = opening(&mut suite);
    let seats = suite.seats(execution);
    let good = item(&suite, execution, seats[0], &Work::honest());
    let wrong = item(&suite, execution, seats[0], &Work::wrong());
    items_refused(&mut suite, &open(vec![wrong.clone()]), &["mismatch"]);
    let salt = OpenItem { salt: Digest32::ZERO, ..good.clone() };
    items_refused(&mut suite, &open(vec![salt]), &["mismatch"]);
    let stranger = suite.runners.iter().map(|runner| runner.id).find(|id| !seats.contains(id)).unwrap();
    items_refused(&mut suite, &open(vec![OpenItem { runner: stranger, ..good.clone() }]), &["no_seat"]);
    suite.market("mallory", &open(vec![good.clone()])).unwrap();
    items_refused(&mut suite, &open(vec![good]), &["already"]);
    items_refused(&mut suite, &open(vec![wrong]), &["bound"]);
}

#[test]
fn only_while_all_have_sealed_and_not_all_have_opened() {
    let mut suite = suite();
    let waiting = queued(&mut suite);
    let open_one = |suite: &Suite, execution: u64| open(vec![item(suite, execution, RunnerId(1), &Work::honest())]);
    let msg = open_one(&suite, waiting);
    items_refused(&mut suite, &msg, &["wrong_phase"]);
    let foreign = item(&suite, waiting, RunnerId(1), &Work::honest());
    let msg = open(vec![OpenItem { execution: 99u64.into(), ..foreign }]);
    items_refused(&mut suite, &msg, &["unknown"]);
    for execution in [working(&mut suite), provisional(&mut suite)] {
        let msg = open_one(&suite, execution);
        items_refused(&mut suite, &msg, &["wrong_phase"]);
    }
}

#[test]
fn no_opening_while_anybody_may_still_seal() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    for runner in &seats[..3] {
        suite.seal(execution, *runner, &Work::honest()).unwrap();
    }
    let early = item(&suite, execution, seats[0], &Work::honest());
    items_refused(&mut suite, &open(vec![early]), &["wrong_phase"]);
}

#[test]
fn attack_11_a_copied_seal_cannot_be_opened() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    let place = suite.place(execution);
    let (honest, thief) = (suite.runner(seats[0]), suite.runner(seats[1]));
    let seen = honest.seal(&place, &Work::honest());
    // The thief signs the seal that it has seen, as its own: nothing forbids it, but it cannot open it.
    let stolen = thief.sign(&place, seen.seal);
    let others = seats[2..].iter().map(|id| suite.runner(*id).seal(&place, &Work::honest()));
    let items: Vec<_> = [seen, stolen].into_iter().chain(others).collect();
    let events = suite.market("relay", &ExecuteMsg::Seal { items }).unwrap();
    assert!(refusals(&events).is_empty(), "{events:?}");
    let opened = honest.open(&place, &Work::honest());
    let copied = OpenItem { runner: thief.id, ..opened.clone() };
    items_refused(&mut suite, &open(vec![copied]), &["mismatch"]);
    let guessed = thief.open(&place, &Work::honest());
    items_refused(&mut suite, &open(vec![guessed]), &["mismatch"]);
}

#[test]
fn attack_13_the_salt_hides_a_result_of_one_bit() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let runner = suite.seats(execution)[0];
    let bit = |bit: &str| Work::Ok(format!(r#"{{"sum":"{bit}"}}"#), 1);
    suite.seal(execution, runner, &bit("1")).unwrap();
    let bound = suite.execution(execution).panels[0].seats[0].seal.unwrap();
    let place = suite.place(execution);
    let id = mesg_protocol::ids::ExecutionId(execution);
    for guess in ["0", "1"] {
        let value = place.value(&bit(guess));
        let tried = mesg_protocol::seal::seal(&place.domain, id, 1, runner, &value, &Digest32::ZERO);
        assert_ne!(tried, bound, "without the salt no guess is confirmed");
    }
}

#[test]
fn attack_14_the_order_of_opening_decides_nothing() {
    for dissent in [false, true] {
        let mut ends = Vec::new();
        for first in 0..4 {
            let mut suite = suite();
            let execution = working(&mut suite);
            let seats = suite.seats(execution);
            let work = |index: usize| if dissent && index == 1 { Work::wrong() } else { Work::honest() };
            for (index, runner) in seats.iter().enumerate() {
                suite.seal(execution, *runner, &work(index)).unwrap();
            }
            for turn in 0..4 {
                let index = (first + turn * 3) % 4;
                suite.open(execution, seats[index], &work(index)).unwrap();
            }
            let view = suite.execution(execution);
            ends.push((view.phase, view.reason, view.panels[0].seats.clone()));
        }
        assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
        assert_eq!(ends[0].0, if dissent { "queued" } else { "publishing" });
    }
}

#[test]
fn attack_65_another_fuel_or_size_is_another_value() {
    for other in [Work::Ok(r#"{"sum":"42"}"#.to_owned(), 8), Work::Err(ErrorCode::TaskError, 7)] {
        let mut suite = suite();
        let execution = working(&mut suite);
        let seats = suite.seats(execution);
        let work = |index: usize| if index == 3 { other.clone() } else { Work::honest() };
        for (index, runner) in seats.iter().enumerate() {
            suite.seal(execution, *runner, &work(index)).unwrap();
        }
        for (index, runner) in seats.iter().enumerate() {
            suite.open(execution, *runner, &work(index)).unwrap();
        }
        let view = suite.execution(execution);
        assert_eq!((view.phase.as_str(), view.escalation), ("queued", 2));
        suite.check_invariants();
    }
}

#[test]
fn an_unopened_seal_escalates_at_the_deadline() {
    let mut suite = suite();
    let execution = opening(&mut suite);
    let seats = suite.seats(execution);
    for runner in &seats[..3] {
        suite.open(execution, *runner, &Work::honest()).unwrap();
    }
    let poke = ExecuteMsg::Poke(Executions { executions: vec![execution.into()] });
    at_the_deadline(
        &mut suite,
        execution,
        |suite| items_refused(suite, &poke, &["too_early"]),
        |suite| drop(suite.poke(execution).unwrap()),
    );
    let view = suite.execution(execution);
    assert_eq!((view.phase.as_str(), view.escalation), ("queued", 2));
    assert_eq!(view.panels[0].seats[3].progress, "unopened");
    suite.check_invariants();
}

#[test]
fn a_late_opening_is_valid_until_the_poke_lands() {
    let mut suite = suite();
    let execution = opening(&mut suite);
    suite.expire(execution);
    suite.advance(5_000);
    open_all(&mut suite, execution);
    assert_eq!(suite.execution(execution).phase, "publishing");
}
