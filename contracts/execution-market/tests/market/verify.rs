//! `PostResult` under `Verify`: an executor, and a committee that judges.

use mesg_api::market::{ExecuteMsg, QueryMsg, RunnerAccountResponse};
use mesg_test_kit::{Suite, Work};

use crate::disputes::{B_BOND, end_of, play, stake};
use crate::phases::queued;

pub fn verify_suite() -> Suite {
    Suite::builder().runners(16).owners(8).verify().build()
}

/// The executor has posted `work`, and its committee is seated.
fn posted(suite: &mut Suite, work: &Work) -> u64 {
    let execution = queued(suite);
    assert_eq!(suite.seat(execution).len(), 1, "the executor alone");
    let executor = suite.seats(execution)[0];
    let item = suite.runner(executor).result(&suite.place(execution), work);
    suite.market("relay", &ExecuteMsg::PostResult { items: vec![item] }).unwrap();
    let committee = suite.seat(execution);
    assert!(committee.len() == 3 && !committee.contains(&executor));
    execution
}

fn result() -> Work {
    Work::Ok(r#"{"sum":"42"}"#.to_owned(), 0)
}

#[test]
fn a_result_that_the_checker_accepts_is_paid() {
    let mut suite = verify_suite();
    let execution = posted(&mut suite, &result());
    let witness = Work::Valid("proof".to_owned());
    play(&mut suite, execution, |_| witness.clone());
    suite.publish(execution, &witness).unwrap();
    suite.expire(execution);
    let events = suite.settle(execution).unwrap();
    assert_eq!(end_of(&events).0, "finalized");
    let executor = suite.execution(execution).panels[0].seats[0].runner;
    let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner: executor });
    assert_eq!(account.earned.u128(), 1_001_000);
    suite.check_invariants();
}

#[test]
fn a_result_that_two_committees_refuse_costs_its_executor_the_bond() {
    let mut suite = verify_suite();
    let execution = posted(&mut suite, &result());
    play(&mut suite, execution, |_| Work::Invalid);
    assert_eq!((suite.execution(execution).phase.as_str(), suite.execution(execution).escalation), ("queued", 2));
    suite.seat(execution);
    let executor = suite.execution(execution).panels[0].seats[0].runner;
    let seats = suite.seats(execution);
    for runner in &seats {
        suite.seal(execution, *runner, &Work::Invalid).unwrap();
    }
    let mut events = Vec::new();
    for runner in &seats {
        events = suite.open(execution, *runner, &Work::Invalid).unwrap();
    }
    assert_eq!(end_of(&events), ("refunded".to_owned(), "Rejected".to_owned()));
    assert_eq!(stake(&suite, executor), 1_000_000_000 - B_BOND);
    suite.check_invariants();
}

#[test]
fn a_certificate_judges_a_result_too() {
    let mut suite = verify_suite();
    let execution = posted(&mut suite, &result());
    suite.certify(execution, &Work::Valid("proof".to_owned())).unwrap();
    assert_eq!(suite.execution(execution).phase, "provisional");
    suite.check_invariants();
}
