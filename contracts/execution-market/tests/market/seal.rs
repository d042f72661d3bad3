//! `Seal`: bound to one seat of one execution, by its signature.

use k256::ecdsa::Signature;
use mesg_api::market::{ExecuteMsg, MarketEvent, SealItem};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::{Place, Suite, Work};

use crate::phases::{block, opening, provisional, publishing, queued, seal_all, suite, until, working};
use crate::snapshot::{items_refused, refusals, refused};

fn item(suite: &Suite, execution: u64, runner: RunnerId, work: &Work) -> SealItem {
    suite.runner(runner).seal(&suite.place(execution), work)
}

fn seal(items: Vec<SealItem>) -> ExecuteMsg {
    ExecuteMsg::Seal { items }
}

#[test]
fn the_last_seal_opens_the_round() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let before = suite.ledger();
    let items: Vec<_> =
        suite.seats(execution).iter().map(|runner| item(&suite, execution, *runner, &Work::honest())).collect();
    let events = suite.market("mallory", &seal(items.clone())).unwrap();
    for (event, item) in events.iter().zip(&items) {
        assert_eq!(*event, MarketEvent::Sealed { execution, runner: item.runner.0, seal: item.seal });
    }
    let entered =
        MarketEvent::Entered { execution, phase: "opening".to_owned(), escalation: 1, until: suite.now() + 300 };
    assert_eq!(events[4..], [entered]);
    let view = suite.execution(execution);
    assert_eq!((view.phase.as_str(), view.panels[0].seats[0].seal), ("opening", Some(items[0].seal)));
    assert_eq!(suite.ledger(), before, "no money moves");
    suite.check_invariants();
}

#[test]
fn one_to_32_items() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let runner = suite.seats(execution)[0];
    let one = item(&suite, execution, runner, &Work::honest());
    refused(&mut suite, "relay", &seal(vec![]), "items is 0, must be 1 to 32");
    refused(&mut suite, "relay", &seal(vec![one.clone(); 33]), "items is 33, must be 1 to 32");
    let events = suite.market("relay", &seal(vec![one; 32])).unwrap();
    assert_eq!(refusals(&events), ["duplicate"; 31]);
}

#[test]
fn a_seat_seals_once() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let runner = suite.seats(execution)[1];
    suite.seal(execution, runner, &Work::honest()).unwrap();
    let again = item(&suite, execution, runner, &Work::honest());
    items_refused(&mut suite, &seal(vec![again]), &["already"]);
    let other = item(&suite, execution, runner, &Work::wrong());
    items_refused(&mut suite, &seal(vec![other]), &["bound"]);
}

#[test]
fn only_seats_of_a_working_execution() {
    let mut suite = suite();
    let runner = suite.runners[0].id;
    let fake = |execution: u64| SealItem {
        execution: execution.into(),
        runner,
        seal: Digest32([1; 32]),
        signature: vec![1; 64].into(),
    };
    items_refused(&mut suite, &seal(vec![fake(9)]), &["unknown"]);
    let waiting = queued(&mut suite);
    items_refused(&mut suite, &seal(vec![fake(waiting)]), &["wrong_phase"]);
    for execution in [opening(&mut suite), publishing(&mut suite), provisional(&mut suite)] {
        items_refused(&mut suite, &seal(vec![fake(execution)]), &["wrong_phase"]);
    }
    let execution = working(&mut suite);
    let view = suite.execution(execution);
    let seats: Vec<_> = view.panels[0].seats.iter().map(|seat| seat.runner).collect();
    let stranger = suite.runners.iter().map(|runner| runner.id).find(|id| !seats.contains(id)).unwrap();
    for outsider in [stranger, view.panels[0].spares[0], RunnerId(999)] {
        let mut item = item(&suite, execution, seats[0], &Work::honest());
        item.runner = outsider;
        items_refused(&mut suite, &seal(vec![item]), &["no_seat"]);
    }
}

#[test]
fn the_signature_is_the_seats_own_in_its_low_form() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    let good = item(&suite, execution, seats[0], &Work::honest());
    let signature = Signature::from_slice(&good.signature).unwrap();
    let high = Signature::from_scalars(*signature.r(), -*signature.s()).unwrap();
    let by_another = item(&suite, execution, seats[1], &Work::honest()).signature;
    for signature in [
        high.to_vec(),
        by_another.to_vec(),
        vec![],
        vec![0; 64],
        good.signature[..63].to_vec(),
        [good.signature.as_slice(), &[0]].concat(),
    ] {
        let bad = SealItem { signature: signature.into(), ..good.clone() };
        items_refused(&mut suite, &seal(vec![bad]), &["signature"]);
    }
    let other_seal = SealItem { seal: Digest32([7; 32]), ..good.clone() };
    items_refused(&mut suite, &seal(vec![other_seal]), &["signature"]);
    suite.market("mallory", &seal(vec![good])).unwrap();
}

#[test]
fn attack_12_no_signature_serves_twice() {
    let mut suite = suite();
    let (first, second) = (working(&mut suite), working(&mut suite));
    let both = suite.seats(first).into_iter().find(|runner| suite.seats(second).contains(runner)).expect("a runner");
    // Another execution's seal, signature and all.
    let replay = SealItem { execution: second.into(), ..item(&suite, first, both, &Work::honest()) };
    items_refused(&mut suite, &seal(vec![replay]), &["signature"]);
    let runner = suite.runner(both);
    let place = suite.place(first);
    // Another market or chain: another domain. Another draw: another seed.
    let (domain, seed) = (Digest32([9; 32]), suite.place(second).seed);
    for foreign in [Place { domain, ..place }, Place { seed, ..place }, Place { round: 2, ..place }] {
        let replay = runner.seal(&foreign, &Work::honest());
        items_refused(&mut suite, &seal(vec![replay]), &["signature"]);
    }
    suite.seal(first, both, &Work::honest()).unwrap();
}

#[test]
fn a_late_seal_is_valid_until_the_poke_lands() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let deadline = until(&suite, execution);
    block(&mut suite, deadline.time.u64() + 1_000, deadline.height.u64() + 1_000);
    seal_all(&mut suite, execution);
    assert_eq!(suite.execution(execution).phase, "opening");
}

#[test]
fn attack_75_a_bad_seal_holds_up_nobody() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    let mut items: Vec<_> = seats.iter().map(|runner| item(&suite, execution, *runner, &Work::honest())).collect();
    items[1].signature = vec![3; 64].into();
    items.push(SealItem { execution: 77u64.into(), ..items[0].clone() });
    items.push(items[0].clone());
    let events = suite.market("relay", &seal(items)).unwrap();
    assert_eq!(refusals(&events), ["signature", "unknown", "duplicate"]);
    let sealed = suite.execution(execution).panels[0].seats.iter().filter(|seat| seat.progress == "sealed").count();
    assert_eq!(sealed, 3);
    suite.check_invariants();
}
