//! Escalation, challenge, certificates, declines, equivocation, `Verify` and own runs, to the last coin.

use mesg_api::market::{
    ExecuteMsg, Executions, MarketEvent, QueryMsg, QuoteResponse, ReceiveMsg, RequestItem, RunnerAccountResponse,
    ServiceBondResponse, SignedAct, VersionResponse,
};
use mesg_api::staking::RUNNERS;
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::seal as sealed;
use mesg_protocol::terms::Committee;
use mesg_test_kit::{Outcome, Place, Suite, Work};

use crate::phases::{open_all, opening, provisional, queued, seal_all, working};
use crate::snapshot::{items_refused, paid_in_full, refused};

const B_BOND: u128 = 30_000_000;
const THREE_ROUNDS: Committee = Committee { k1: 3, k2: 5, k3: Some(11) };

fn suite() -> Suite {
    Suite::builder().build()
}

fn long_suite() -> Suite {
    Suite::builder().runners(24).owners(12).committee(THREE_ROUNDS).build()
}

fn stake(suite: &Suite, runner: RunnerId) -> u128 {
    suite.record(&suite.staking, &RUNNERS, runner).unwrap().stake.tokens
}

/// All seats of the present round seal and open what `work` says by index.
fn play(suite: &mut Suite, execution: u64, work: impl Fn(usize) -> Work) {
    let seats = suite.seats(execution);
    for (index, runner) in seats.iter().enumerate() {
        suite.seal(execution, *runner, &work(index)).unwrap();
    }
    for (index, runner) in seats.iter().enumerate() {
        suite.open(execution, *runner, &work(index)).unwrap();
    }
}

/// Round 1 with a wrong value of the seat at `liar`, and round 2 seated.
fn disputed(suite: &mut Suite, liar: usize) -> u64 {
    let execution = working(suite);
    play(suite, execution, |index| if index == liar { Work::wrong() } else { Work::honest() });
    assert_eq!(suite.execution(execution).phase, "queued");
    assert_eq!(suite.seat(execution).len(), 5);
    execution
}

fn end_of(events: &[MarketEvent]) -> (String, String) {
    paid_in_full(events);
    let ended = events.iter().find_map(|event| match event {
        MarketEvent::Ended { outcome, reason, .. } => Some((outcome.clone(), reason.clone())),
        _ => None,
    });
    ended.expect("an end")
}

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
fn a_certificate_takes_the_place_of_seals_openings_and_publication() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let events = suite.certify(execution, &Work::honest()).unwrap();
    assert!(events.iter().any(|event| matches!(event, MarketEvent::Certified { escalation: 1, .. })), "{events:?}");
    assert_eq!(suite.execution(execution).phase, "provisional");
    suite.expire(execution);
    let other = working(&mut suite);
    let items = vec![suite.certificate(other, &Work::honest())];
    let msg = ExecuteMsg::Certify { items, settle: vec![execution.into()] };
    let events = suite.market("relay", &msg).unwrap();
    assert_eq!(end_of(&events).0, "finalized");
    suite.check_invariants();
}

#[test]
fn a_certificate_after_some_seals_and_openings_must_agree_with_them() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    suite.seal(execution, seats[0], &Work::wrong()).unwrap();
    let items = vec![suite.certificate(execution, &Work::honest())];
    let certify = ExecuteMsg::Certify { items, settle: Vec::new() };
    items_refused(&mut suite, &certify, &["bound"]);
    for runner in &seats[1..] {
        suite.seal(execution, *runner, &Work::wrong()).unwrap();
    }
    suite.open(execution, seats[0], &Work::wrong()).unwrap();
    suite.certify(execution, &Work::wrong()).unwrap();
    assert_eq!(suite.execution(execution).phase, "provisional");
    suite.check_invariants();
}

#[test]
fn attack_63_a_forged_certificate_is_refused() {
    let mut suite = suite();
    let (execution, other) = (working(&mut suite), working(&mut suite));
    let good = suite.certificate(execution, &Work::honest());
    let foreign = suite.certificate(other, &Work::honest());
    let change = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut seats = good.seats.to_vec();
        change(&mut seats);
        let mut item = good.clone();
        item.seats = seats.into();
        item
    };
    let forged = [
        (change(&|seats| seats.truncate(3 * 96)), "incomplete"),
        (change(&|seats| seats.extend_from_within(..96)), "incomplete"),
        (change(&|seats| seats.truncate(200)), "result"),
        (change(&|seats| seats[0] ^= 1), "signature"),
        (change(&|seats| seats[40] ^= 1), "signature"),
        (change(&|seats| seats.copy_within(96..192, 0)), "signature"),
        (change(&|seats| *seats = foreign.seats.to_vec()), "signature"),
    ];
    for (item, code) in forged {
        items_refused(&mut suite, &ExecuteMsg::Certify { items: vec![item], settle: Vec::new() }, &[code]);
    }
    let mut value = good.clone();
    value.mfuel = 8u64.into();
    items_refused(&mut suite, &ExecuteMsg::Certify { items: vec![value], settle: Vec::new() }, &["signature"]);
    suite.market("mallory", &ExecuteMsg::Certify { items: vec![good], settle: Vec::new() }).unwrap();
    suite.check_invariants();
}

fn bonded(suite: &Suite, execution: u64) -> u128 {
    let len = suite.execution(execution).input.len;
    let quote: QuoteResponse =
        suite.ask(&QueryMsg::Quote { terms: suite.terms, input_len: Some(len), validators: None });
    quote.challenge_bond.expect("round 3").u128()
}

fn challenged(suite: &mut Suite, execution: u64) -> u128 {
    let bond = bonded(suite, execution);
    let market = suite.market.clone();
    let msg = ReceiveMsg::Challenge { execution: execution.into() };
    suite.send_token("bob", &market, bond, &msg).unwrap();
    assert_eq!(suite.ledger().challenges.u128(), bond);
    suite.check_invariants();
    bond
}

#[test]
fn a_right_challenge_corrects_the_value_and_is_rewarded() {
    let mut suite = long_suite();
    let execution = working(&mut suite);
    suite.certify(execution, &Work::wrong()).unwrap();
    let liars = suite.seats(execution);
    let bond = challenged(&mut suite, execution);
    assert_eq!(suite.seat(execution).len(), 11);
    play(&mut suite, execution, |_| Work::honest());
    let events = suite.publish(execution, &Work::honest()).unwrap();
    assert_eq!(end_of(&events).0, "corrected");
    assert_eq!(stake(&suite, liars[0]), 1_000_000_000 - B_BOND);
    let back = suite.purse(&suite.account("bob")).balance.u128();
    assert!(back > bond, "{back} against {bond}");
    suite.check_invariants();
}

#[test]
fn attack_20_a_false_challenge_pays_the_jurors_and_the_executor() {
    let mut suite = long_suite();
    let execution = provisional(&mut suite);
    let executor = suite.seats(execution)[0];
    challenged(&mut suite, execution);
    suite.seat(execution);
    play(&mut suite, execution, |_| Work::honest());
    assert_eq!(suite.execution(execution).phase, "finalized", "the value is known: nothing to publish");
    assert_eq!(suite.purse(&suite.account("bob")).balance.u128(), 0);
    let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner: executor });
    assert_eq!(account.earned.u128(), 2 * 1_001_070, "its fee, and a out of the bond");
    suite.check_invariants();
}

#[test]
fn attack_20_a_beacon_outage_after_a_challenge_frees_nothing() {
    let mut suite = long_suite();
    let execution = provisional(&mut suite);
    for turn in 1..=3 {
        let bond = challenged(&mut suite, execution);
        suite.expire(execution);
        suite.poke(execution).unwrap();
        assert_eq!(suite.purse(&suite.account("bob")).balance.u128(), turn * bond, "the bond is back");
        suite.check_invariants();
    }
    assert_eq!(suite.execution(execution).phase, "finalized");
}

#[test]
fn a_challenge_needs_its_window_its_bond_and_a_round() {
    let mut suite = suite();
    let execution = provisional(&mut suite);
    let challenge = |execution: u64| ExecuteMsg::Challenge { execution: execution.into() };
    refused(&mut suite, "bob", &challenge(execution), "refused: no_challenge");
    let mut suite = long_suite();
    refused(&mut suite, "bob", &challenge(77), "refused: unknown");
    let waiting = queued(&mut suite);
    refused(&mut suite, "bob", &challenge(waiting), "refused: wrong_phase");
    let execution = provisional(&mut suite);
    refused(&mut suite, "bob", &challenge(execution), "amount 12300000 is more than the 0 there is");
    suite.expire(execution);
    refused(&mut suite, "bob", &challenge(execution), "refused: too_late");
}

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

fn act(suite: &Suite, execution: u64, runner: RunnerId, work: &Work) -> SignedAct {
    let item = suite.runner(runner).seal(&suite.place(execution), work);
    SignedAct::Seal { seal: item.seal, signature: item.signature }
}

#[test]
fn attack_61_two_seals_of_one_seat_cost_its_bond_once() {
    let mut suite = suite();
    let (execution, other) = (working(&mut suite), working(&mut suite));
    let runner = suite.seats(execution)[1];
    let (first, second) =
        (act(&suite, execution, runner, &Work::honest()), act(&suite, execution, runner, &Work::wrong()));
    let report = |first: &SignedAct, second: &SignedAct| ExecuteMsg::ReportEquivocation {
        execution: execution.into(),
        runner,
        first: first.clone(),
        second: second.clone(),
    };
    refused(&mut suite, "bob", &report(&first, &first), "refused: no_equivocation");
    // A seal of another execution is no evidence, whatever it says.
    let foreign = Place { execution: other, ..suite.place(execution) };
    let item = suite.runner(runner).seal(&foreign, &Work::wrong());
    let elsewhere = SignedAct::Seal { seal: item.seal, signature: item.signature };
    refused(&mut suite, "bob", &report(&first, &elsewhere), "refused: signature");
    suite.market("bob", &report(&first, &second)).unwrap();
    assert_eq!(stake(&suite, runner), 1_000_000_000 - B_BOND);
    assert_eq!(suite.purse(&suite.account("bob")).balance.u128(), B_BOND / 5);
    refused(&mut suite, "bob", &report(&second, &first), "refused: already");
    suite.check_invariants();
    // The course of the execution stays as it is.
    suite.certify(execution, &Work::honest()).unwrap();
    suite.expire(execution);
    suite.settle(execution).unwrap();
    assert_eq!(stake(&suite, runner), 1_000_000_000 - B_BOND, "all slashes of one seat together are at most B");
    suite.check_invariants();
}

#[test]
fn attack_67_a_seal_and_a_decline_contradict_each_other() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let runner = suite.seats(execution)[2];
    let seal = act(&suite, execution, runner, &Work::honest());
    let declined = suite.runner(runner).decline(&suite.place(execution), 1);
    let decline = SignedAct::Decline { code: declined.code, signature: declined.signature };
    let msg = ExecuteMsg::ReportEquivocation { execution: execution.into(), runner, first: seal, second: decline };
    suite.market("bob", &msg).unwrap();
    let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner });
    assert!(account.jailed_until.is_some(), "ten points");
    let row = suite.record(&suite.staking, &RUNNERS, runner).unwrap();
    assert!(row.exclusion.is_some() && row.stake.tokens == 1_000_000_000 - B_BOND);
    suite.check_invariants();
}

fn verify_suite() -> Suite {
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

/// An own run by the first runner, paid from its owner's purse.
fn own_run(suite: &mut Suite) -> (u64, RunnerId) {
    let runner = suite.runners[0].clone();
    let (market, owner) = (suite.market.clone(), "owner0");
    assert_eq!(suite.account(owner), runner.owner);
    let deposit = ReceiveMsg::Deposit { account: Some(runner.owner.to_string()), sub: 0 };
    suite.send_token("alice", &market, 100_000_000, &deposit).unwrap();
    let item = RequestItem { own_runner: Some(runner.id), ..suite.item() };
    suite.market(owner, &ExecuteMsg::Request { sub: 0, items: vec![item] }).unwrap();
    (1, runner.id)
}

#[test]
fn an_own_run_pays_developer_and_protocol_only() {
    let mut suite = suite();
    let (execution, runner) = own_run(&mut suite);
    assert_eq!(suite.execution(execution).phase, "own_run");
    let place = Place { domain: suite.domain(), seed: Digest32::ZERO, execution, round: 0 };
    let item = suite.runner(runner).result(&place, &Work::honest());
    let events = suite.market("relay", &ExecuteMsg::PostResult { items: vec![item] }).unwrap();
    assert_eq!(end_of(&events).0, "finalized");
    let view = suite.execution(execution);
    assert!(view.unattested && view.result.is_some());
    let version: VersionResponse = suite.ask(&QueryMsg::Version { version: suite.version });
    assert_eq!(version.taken, 0, "an own run holds no seats");
    suite.check_invariants();
}

#[test]
fn a_late_own_run_falls_back_to_the_network() {
    let mut suite = suite();
    let (execution, _) = own_run(&mut suite);
    suite.expire(execution);
    suite.poke(execution).unwrap();
    assert_eq!(suite.execution(execution).phase, "queued");
    suite.check_invariants();
    assert!(!suite.seat(execution).contains(&suite.runners[0].id), "its own runner is not drawn");
    suite.work_on(execution);
    assert_eq!(suite.execution(execution).phase, "finalized");
    suite.check_invariants();
}

#[test]
fn somebody_elses_runner_is_no_own_runner() {
    let mut suite = suite();
    let item = RequestItem { own_runner: Some(suite.runners[0].id), ..suite.item() };
    let market = suite.market.clone();
    let sent = suite.send_token("alice", &market, 100_000_000, &ReceiveMsg::Request { items: vec![item] });
    assert!(sent.unwrap_err().to_string().contains("own runner"));
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
    let opening = mesg_api::market::OpenItem { execution: execution.into(), runner: juror, value: h, salt };
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
fn a_delivery_goes_to_contracts_only() {
    let mut suite = suite();
    let execution = crate::phases::finalized(&mut suite);
    let deliver = |execution: u64, output: Option<&str>| ExecuteMsg::Deliver {
        execution: execution.into(),
        output: output.map(ToOwned::to_owned),
    };
    refused(&mut suite, "bob", &deliver(execution, Some("{}")), "refused: mismatch");
    refused(&mut suite, "bob", &deliver(execution, Some(r#"{"sum":"42"}"#)), "requester is no contract");
    let open = queued(&mut suite);
    refused(&mut suite, "bob", &deliver(open, None), "refused: wrong_phase");
    refused(&mut suite, "bob", &deliver(99, None), "execution 99");
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
