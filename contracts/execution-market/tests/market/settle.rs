//! `Settle`: the exact split, row by row, at the second and block at which the window is over.

use mesg_api::market::{ExecuteMsg, Executions, MarketEvent, QueryMsg, RunnerAccountResponse, VersionResponse};
use mesg_protocol::seal::ErrorCode;
use mesg_test_kit::{Suite, Work};

use crate::phases::{at_the_deadline, finalized, ids, provisional, publishing, queued, suite, working};
use crate::snapshot::{items_refused, moved, refusals, refused};

fn settle(executions: &[u64]) -> ExecuteMsg {
    ExecuteMsg::Settle(Executions { executions: ids(executions) })
}

/// All seats agree on `work`, and the window is over.
fn settled(suite: &mut Suite, work: &Work) -> Vec<MarketEvent> {
    let execution = working(suite);
    suite.work(execution, work);
    suite.expire(execution);
    suite.settle(execution).unwrap()
}

#[test]
fn a_result_is_paid_at_the_attested_usage() {
    let mut suite = suite();
    let execution = provisional(&mut suite);
    let (before, seats) = (suite.ledger(), suite.seats(execution));
    let mut events = Vec::new();
    at_the_deadline(
        &mut suite,
        execution,
        |suite| items_refused(suite, &settle(&[execution]), &["too_early"]),
        |suite| events = suite.settle(execution).unwrap(),
    );
    // 1 kB and 7 million fuel: a = 1,001,070, b = 800,856, S0 = 3,403,638.
    let (a, b, d, producers, burn) = (1_001_070, 800_856, 340_363, 170_181, 102_109);
    let user = 4_122_300 - (a + 3 * b + d + producers + burn) - 10_000;
    let crank = suite.account("crank").to_string();
    let paid = |index: usize, amount| MarketEvent::Paid { execution, runner: seats[index].0, amount };
    let ended = MarketEvent::Ended {
        execution,
        outcome: "finalized".to_owned(),
        reason: String::new(),
        escrow: 4_122_300,
        pot: 0,
        user,
        seats: a + 3 * b,
        developer: d,
        producers,
        burn,
        tips: 10_000,
        challenger: 0,
        service_bond: 0,
    };
    let tipped = MarketEvent::Tipped { execution, account: crank, amount: 4_000, act: "settle".to_owned() };
    assert_eq!(events, [tipped, paid(0, a), paid(1, b), paid(2, b), paid(3, b), ended]);
    let escrow = -(4_122_300 - 6_000);
    let fees = (a + 3 * b) as i128;
    let expected = [user as i128 + 4_000, escrow, 0, fees, d as i128, 0, producers as i128, burn as i128];
    assert_eq!(moved(&suite, &before), expected);
    let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner: seats[0] });
    assert_eq!((account.open, account.earned.u128(), account.completed, account.missed), (0, a, 1, 0));
    let version: VersionResponse = suite.ask(&QueryMsg::Version { version: suite.version });
    assert_eq!((version.taken, version.earned.u128(), version.finalized), (0, d, 1));
    suite.check_invariants();
}

#[test]
fn bad_input_pays_half_and_the_developer_nothing() {
    let mut suite = suite();
    let events = settled(&mut suite, &Work::Err(ErrorCode::BadInput, 0));
    let Some(MarketEvent::Ended { outcome, reason, seats, developer, producers, burn, user, .. }) = events.last()
    else {
        panic!("{events:?}")
    };
    assert_eq!((outcome.as_str(), reason.as_str()), ("failed", "BadInput"));
    // a = 1,001,000, b = 800,800, S0 = 3,403,400.
    assert_eq!((*seats, *developer, *producers, *burn), (500_500 + 3 * 400_400, 0, 170_170, 102_102));
    assert_eq!(*user, 4_122_300 - 10_000 - seats - producers - burn);
    suite.check_invariants();
}

#[test]
fn attack_25_an_infinite_loop_is_an_agreed_error_and_paid() {
    let mut suite = suite();
    let events = settled(&mut suite, &Work::Err(ErrorCode::OutOfFuel, 2_000));
    let Some(MarketEvent::Ended { reason, seats, developer, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!((reason.as_str(), *developer), ("OutOfFuel", 0));
    assert_eq!(*seats, 1_021_000 + 3 * 816_800, "at the fuel it burned");
    suite.check_invariants();
}

#[test]
fn attack_65_usage_beyond_the_maximum_is_paid_at_the_maximum() {
    let mut suite = suite();
    let events = settled(&mut suite, &Work::Ok("x".repeat(4_000), u64::MAX));
    let Some(MarketEvent::Ended { seats, user, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!((*seats, *user), (1_025_000 + 3 * 820_000, 0), "the whole escrow, and not more");
    suite.check_invariants();
}

#[test]
fn one_to_32_each_for_itself() {
    let mut suite = suite();
    refused(&mut suite, "crank", &settle(&[]), "items is 0, must be 1 to 24");
    refused(&mut suite, "crank", &settle(&[1; 25]), "items is 25, must be 1 to 24");
    let (waiting, open) = (queued(&mut suite), publishing(&mut suite));
    let (first, second) = (provisional(&mut suite), provisional(&mut suite));
    suite.expire(second);
    let events = suite.market("crank", &settle(&[waiting, open, 99, first, second, second])).unwrap();
    assert_eq!(refusals(&events), ["wrong_phase", "wrong_phase", "unknown", "duplicate"]);
    assert_eq!((suite.execution(first).phase, suite.execution(second).phase), ("finalized".into(), "finalized".into()));
    suite.check_invariants();
}

#[test]
fn an_end_is_final() {
    let mut suite = suite();
    let execution = finalized(&mut suite);
    let (view, ledger) = (suite.execution(execution), suite.ledger());
    for msg in [settle(&[execution]), ExecuteMsg::Poke(Executions { executions: ids(&[execution]) })] {
        items_refused(&mut suite, &msg, &["wrong_phase"]);
    }
    assert_eq!((suite.execution(execution), suite.ledger()), (view, ledger));
}

#[test]
fn attack_55_ends_of_any_usage_are_exact() {
    let mut suite = Suite::builder().task(|task| task.t_challenge = 0).build();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..40 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let work = Work::Ok("y".repeat((random >> 33) as usize % 4_097), (random >> 20) % 2_500);
        let execution = working(&mut suite);
        suite.work(execution, &work);
        let events = suite.settle(execution).unwrap();
        let Some(MarketEvent::Ended { escrow, pot, user, seats, developer, producers, burn, tips, .. }) = events.last()
        else {
            panic!("{events:?}")
        };
        assert_eq!(escrow + pot, user + seats + developer + producers + burn + tips);
        suite.check_invariants();
    }
}

#[test]
fn attack_03_dealing_with_oneself_loses_the_protocols_share() {
    let mut suite = suite();
    let everything = |suite: &Suite| {
        let ledger = suite.ledger();
        ledger.purses.u128() + ledger.escrow.u128() + ledger.runners.u128() + ledger.developers.u128()
    };
    let execution = queued(&mut suite);
    let before = everything(&suite);
    suite.run_to_end(execution);
    assert_eq!(before - everything(&suite), 170_181 + 102_109);
}
