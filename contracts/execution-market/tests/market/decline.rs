//! `Decline`: early, for all, and too late.

use mesg_api::market::{ExecuteMsg, MarketEvent, QueryMsg, RunnerAccountResponse};
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::{Outcome, Suite, Work};

use crate::disputes::{end_of, stake};
use crate::phases::{block, open_all, seal_all, suite, working};
use crate::snapshot::{items_refused, refusals};

fn decline(suite: &mut Suite, execution: u64, runner: RunnerId, code: u16) -> Outcome {
    let item = suite.runner(runner).decline(&suite.place(execution), code);
    suite.market("relay", &ExecuteMsg::Decline { items: vec![item] })
}

#[test]
fn a_decline_makes_room_early_and_costs_half_a_point_at_the_end() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    decline(&mut suite, execution, seats[0], 2).unwrap();
    let now = suite.seats(execution);
    assert_eq!((now[0], now.len()), (seats[1], 4), "the next in draw order is the primary");
    seal_all(&mut suite, execution);
    open_all(&mut suite, execution);
    suite.publish(execution, &Work::honest()).unwrap();
    suite.expire(execution);
    suite.settle(execution).unwrap();
    let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner: seats[0] });
    assert_eq!((account.points, account.open), (500, 0));
    assert_eq!(stake(&suite, seats[0]), 1_000_000_000);
    suite.check_invariants();
}

#[test]
fn attack_27_inputs_that_nobody_gets_end_unpaid_and_unslashed() {
    let mut suite = suite();
    let execution = working(&mut suite);
    for _ in 0..12 {
        let view = suite.execution(execution);
        let seated = view.panels[0].seats.iter().find(|seat| seat.progress == "seated").map(|seat| seat.runner);
        let Some(runner) = seated else { break };
        decline(&mut suite, execution, runner, 1).unwrap();
    }
    suite.expire(execution);
    let events = suite.poke(execution).unwrap();
    assert_eq!(end_of(&events), ("failed".to_owned(), "Unavailable".to_owned()));
    assert!(suite.runners.iter().all(|runner| stake(&suite, runner.id) == 1_000_000_000));
    suite.check_invariants();
}

#[test]
fn attack_73_a_decline_is_no_way_out() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    suite.seal(execution, seats[0], &Work::honest()).unwrap();
    let late = suite.runner(seats[0]).decline(&suite.place(execution), 1);
    items_refused(&mut suite, &ExecuteMsg::Decline { items: vec![late] }, &["bound"]);
    suite.advance(40);
    let late = suite.runner(seats[1]).decline(&suite.place(execution), 1);
    items_refused(&mut suite, &ExecuteMsg::Decline { items: vec![late.clone()] }, &["too_late"]);
    let mut forged = late;
    forged.runner = seats[2];
    items_refused(&mut suite, &ExecuteMsg::Decline { items: vec![forged] }, &["signature"]);
}

#[test]
fn attack_73_a_halt_takes_nobodys_decline_away() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    let (now, height) = (suite.now(), suite.app.block_info().height);
    block(&mut suite, now + 3_600, height + 1);
    assert!(refusals(&decline(&mut suite, execution, seats[1], 1).unwrap()).is_empty());
    assert_eq!(suite.seats(execution).last(), Some(&seats[1]), "nobody takes a seat of which so little time is left");
    for runner in [seats[0], seats[2], seats[3]] {
        suite.seal(execution, runner, &Work::honest()).unwrap();
    }
    suite.expire(execution);
    suite.poke(execution).unwrap();
    assert_eq!(stake(&suite, seats[1]), 1_000_000_000);
}

#[test]
fn a_decline_is_not_tipped() {
    let mut suite = suite();
    let execution = working(&mut suite);
    for runner in suite.seats(execution).into_iter().take(3) {
        suite.seal(execution, runner, &Work::honest()).unwrap();
    }
    suite.expire(execution);
    suite.poke(execution).unwrap();
    let view = suite.execution(execution);
    assert!(!view.pot.is_zero(), "there is a penalty to take tips from");
    let runner = view.panels[0].seats.iter().find(|seat| seat.progress == "seated").unwrap().runner;
    let events = decline(&mut suite, execution, runner, 1).unwrap();
    assert!(!events.iter().any(|event| matches!(event, MarketEvent::Tipped { .. })));
    assert!(refusals(&events).is_empty());
}
