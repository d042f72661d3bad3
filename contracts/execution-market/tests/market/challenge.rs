//! `Challenge`: right, false, never seated, and refused.

use mesg_api::market::{ExecuteMsg, QueryMsg, QuoteResponse, ReceiveMsg, RunnerAccountResponse};
use mesg_test_kit::{Suite, Work};

use crate::disputes::{B_BOND, end_of, long_suite, play, stake};
use crate::phases::{provisional, queued, suite, working};
use crate::snapshot::{refused, refused_send};

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
    for short in [1, 12_299_999] {
        let sent = ReceiveMsg::Challenge { execution: execution.into() };
        refused_send(&mut suite, "bob", short, &sent, "is more than the");
    }
    suite.expire(execution);
    refused(&mut suite, "bob", &challenge(execution), "refused: too_late");
}
