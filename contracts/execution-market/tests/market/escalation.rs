//! Rounds 2 and 3: who lied, who was silent, and what nobody could agree on, to the last coin.

use mesg_api::market::{
    ExecuteMsg, Executions, MarketEvent, OpenItem, QueryMsg, QuoteResponse, ReceiveMsg, RequestItem,
    RunnerAccountResponse, ServiceBondResponse, VersionResponse,
};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::seal as sealed;
use mesg_test_kit::{Place, Suite, Work};

use crate::disputes::{B_BOND, disputed, end_of, long_suite, play, stake};
use crate::phases::{opening, suite, working};
use crate::snapshot::refused;

#[test]
fn a_lying_validator_is_outvoted_and_pays_the_jurors() {
    let mut suite = suite();
    let execution = disputed(&mut suite, 2);
    let liar = suite.execution(execution).panels[0].seats[2].runner;
    play(&mut suite, execution, |_| Work::honest());
    let events = suite.publish(execution, &Work::honest()).unwrap();
    assert_eq!(end_of(&events), ("finalized".to_owned(), String::new()), "without round 3 the verdict is terminal");
    assert_eq!(stake(&suite, liar), 1_000_000_000 - B_BOND / 2);
    let jurors = suite.execution(execution).panels[1].seats.clone();
    for juror in &jurors {
        let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner: juror.runner });
        assert_eq!(account.earned.u128(), 800_856, "b from the pot");
    }
    let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner: liar });
    assert_eq!((account.points, account.earned.u128()), (5_000, 0));
    let version: VersionResponse = suite.ask(&QueryMsg::Version { version: suite.version });
    assert_eq!((version.escalated, version.finalized, version.taken), (1, 1, 0));
    suite.check_invariants();
}

#[test]
fn a_lying_executor_is_corrected_and_the_user_compensated() {
    let mut suite = suite();
    let execution = disputed(&mut suite, 0);
    let liar = suite.execution(execution).panels[0].seats[0].runner;
    play(&mut suite, execution, |_| Work::honest());
    let events = suite.publish(execution, &Work::honest()).unwrap();
    assert_eq!(end_of(&events).0, "corrected");
    assert_eq!(stake(&suite, liar), 1_000_000_000 - B_BOND);
    suite.check_invariants();
}

#[test]
fn attack_23_two_rounds_without_agreement_slash_nobody_for_content() {
    let mut suite = suite();
    let execution = disputed(&mut suite, 1);
    let before: u128 = suite.runners.iter().map(|runner| stake(&suite, runner.id)).sum();
    let seats = suite.seats(execution);
    for (index, runner) in seats.iter().enumerate() {
        suite.seal(execution, *runner, &Work::Ok(format!(r#"{{"sum":"{index}"}}"#), 7)).unwrap();
    }
    let mut events = Vec::new();
    for (index, runner) in seats.iter().enumerate() {
        events = suite.open(execution, *runner, &Work::Ok(format!(r#"{{"sum":"{index}"}}"#), 7)).unwrap();
    }
    assert_eq!(end_of(&events), ("refunded".to_owned(), "Inconclusive".to_owned()));
    let after: u128 = suite.runners.iter().map(|runner| stake(&suite, runner.id)).sum();
    assert_eq!(before, after);
    let bond: ServiceBondResponse = suite.ask(&QueryMsg::ServiceBond { service: suite.service });
    assert!(!bond.paused, "once is not too often");
    suite.check_invariants();
}

#[test]
fn attack_22_a_service_that_cannot_be_agreed_on_is_paused_and_its_bond_pays() {
    let mut suite = Suite::builder().runners(24).owners(12).stake(8_000_000_000).build();
    let bond = |suite: &Suite| suite.ask::<ServiceBondResponse>(&QueryMsg::ServiceBond { service: suite.service });
    let before = bond(&suite).bond;
    for round in 0..5 {
        assert!(!bond(&suite).paused, "after {round}");
        let execution = disputed(&mut suite, 1);
        play(&mut suite, execution, |index| Work::Ok(format!(r#"{{"sum":"{index}"}}"#), 7));
    }
    assert!(bond(&suite).paused);
    assert_eq!((before - bond(&suite).bond).u128(), 5 * 5 * 820_000, "five jurors of five executions");
    let quote: QuoteResponse = suite.ask(&QueryMsg::Quote { terms: suite.terms, input_len: None, validators: None });
    assert!(quote.refusals.iter().any(|refusal| refusal.contains("could not be agreed on")), "{:?}", quote.refusals);
    let service = mesg_api::market::ServiceRef { service: suite.service };
    refused(&mut suite, "mallory", &ExecuteMsg::ResumeService(service.clone()), "sender must be ServiceOwner");
    suite.market("developer", &ExecuteMsg::ResumeService(service.clone())).unwrap();
    refused(&mut suite, "developer", &ExecuteMsg::ResumeService(service), "nothing");
    suite.request("alice");
    suite.check_invariants();
}

#[test]
fn silence_after_sealing_costs_what_a_wrong_value_costs() {
    let mut suite = suite();
    let execution = opening(&mut suite);
    let seats = suite.seats(execution);
    for runner in &seats[..3] {
        suite.open(execution, *runner, &Work::honest()).unwrap();
    }
    suite.expire(execution);
    suite.poke(execution).unwrap();
    suite.seat(execution);
    play(&mut suite, execution, |_| Work::honest());
    suite.publish(execution, &Work::honest()).unwrap();
    assert_eq!(stake(&suite, seats[3]), 1_000_000_000 - B_BOND / 2);
    suite.check_invariants();
}

#[test]
fn more_validators_are_paid_for_and_seated() {
    let mut suite =
        Suite::builder().runners(24).owners(12).max_validators(5).task(|task| task.t_challenge = 60).build();
    let item = RequestItem { validators: Some(5), ..suite.item() };
    let market = suite.market.clone();
    suite.send_token("alice", &market, 100_000_000, &ReceiveMsg::Request { items: vec![item] }).unwrap();
    assert_eq!(suite.seat(1).len(), 6);
    suite.check_invariants();
    suite.work_on(1);
    assert_eq!(suite.execution(1).phase, "finalized");
    let item = RequestItem { validators: Some(6), ..suite.item() };
    let sent = suite.send_token("alice", &market, 100_000_000, &ReceiveMsg::Request { items: vec![item] });
    assert!(sent.unwrap_err().to_string().contains("validators is 6, must be 3 to 5"));
    suite.check_invariants();
}

#[test]
fn attack_11_a_seal_of_round_1_opens_nothing_in_round_2() {
    let mut suite = suite();
    let execution = disputed(&mut suite, 1);
    let juror = suite.seats(execution)[0];
    let place = suite.place(execution);
    let first_round = Place { round: 1, ..place };
    let h = first_round.value(&Work::honest());
    let salt = suite.runner(juror).salt(&place);
    let copied = sealed(&place.domain, ExecutionId(execution), 2, juror, &h, &salt);
    let item = suite.runner(juror).sign(&place, copied);
    suite.market("relay", &ExecuteMsg::Seal { items: vec![item] }).unwrap();
    for runner in &suite.seats(execution)[1..] {
        suite.seal(execution, *runner, &Work::honest()).unwrap();
    }
    play_open(&mut suite, execution, &[juror]);
    let opening = OpenItem { execution: execution.into(), runner: juror, value: h, salt };
    suite.market("relay", &ExecuteMsg::Open { items: vec![opening] }).unwrap();
    suite.publish(execution, &Work::honest()).unwrap();
    assert_eq!(stake(&suite, juror), 1_000_000_000 - B_BOND / 2, "attack 18b: a copied h is another value");
    suite.check_invariants();
}

fn play_open(suite: &mut Suite, execution: u64, but: &[RunnerId]) {
    for runner in suite.seats(execution).into_iter().filter(|runner| !but.contains(runner)) {
        suite.open(execution, runner, &Work::honest()).unwrap();
    }
}

#[test]
fn pokes_alone_end_a_disputed_execution() {
    let mut suite = long_suite();
    let execution = working(&mut suite);
    play(&mut suite, execution, |index| if index == 1 { Work::wrong() } else { Work::honest() });
    let poke = ExecuteMsg::Poke(Executions { executions: vec![execution.into()] });
    let mut pokes = 0;
    while suite.execution(execution).until.is_some() {
        suite.expire(execution);
        suite.market("crank", &poke).unwrap();
        suite.check_invariants();
        pokes += 1;
    }
    assert!(pokes <= 30, "{pokes}");
    assert_eq!(suite.execution(execution).reason.as_deref(), Some("NoBeacon"));
}

#[test]
fn the_tip_of_the_end_is_kept_through_two_seatings() {
    let mut suite = suite();
    let execution = disputed(&mut suite, 2);
    play(&mut suite, execution, |_| Work::honest());
    let events = suite.publish(execution, &Work::honest()).unwrap();
    let tip = |event: &MarketEvent| match event {
        MarketEvent::Tipped { act, amount, .. } if act == "settle" => Some(*amount),
        _ => None,
    };
    assert_eq!(events.iter().find_map(tip), Some(suite.params.tips.settle.u128()));
}
