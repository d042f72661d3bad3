//! Acts of seats that the seat has not signed, has signed elsewhere, or that are no acts: refused by name, and nothing
//! moves. Seals and certificates have theirs in `seal.rs` and `certify.rs`.

use cosmwasm_std::Binary;
use k256::ecdsa::Signature;
use mesg_api::market::{DeclineItem, ExecuteMsg, PostResultItem, RequestItem, ResultItem, SignedAct};
use mesg_api::staking;
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::RunnerId;
use mesg_protocol::seal::ErrorCode;
use mesg_test_kit::{Place, Runner, Suite, Work};

use crate::phases::{finalized, provisional, queued, suite, working};
use crate::snapshot::{items_refused, refusals, refused};
use crate::verify::verify_suite;

/// What is not the seat's signature of this act: cut, stretched, empty, in its high form, by the key of another runner or
/// its own next one, and those for another chain or market, draw, execution or round.
fn forged(suite: &Suite, runner: &Runner, place: &Place, sign: impl Fn(&Runner, &Place) -> Binary) -> Vec<Binary> {
    let good = sign(runner, place);
    let signature = Signature::from_slice(&good).unwrap();
    let high = Signature::from_scalars(*signature.r(), -*signature.s()).unwrap();
    let other = suite.runners.iter().find(|other| other.id != runner.id).unwrap();
    let thief = Runner { attestation: other.attestation.clone(), ..runner.clone() };
    let bytes = [
        Vec::new(),
        vec![0; 64],
        vec![0xff; 64],
        good[..63].to_vec(),
        [good.as_slice(), &[0]].concat(),
        [good.as_slice(), good.as_slice()].concat(),
        high.to_vec(),
    ];
    let (domain, seed) = (Digest32([9; 32]), Digest32([8; 32]));
    let elsewhere = [
        Place { domain, ..*place },
        Place { seed, ..*place },
        Place { execution: place.execution + 1, ..*place },
        Place { round: place.round + 1, ..*place },
    ];
    let mut all: Vec<Binary> = bytes.into_iter().map(Binary::from).collect();
    all.extend([sign(&thief, place), sign(&runner.with_key(1), place)]);
    all.extend(elsewhere.iter().map(|foreign| sign(runner, foreign)));
    all
}

fn post(items: Vec<PostResultItem>) -> ExecuteMsg {
    ExecuteMsg::PostResult { items }
}

fn decline(items: Vec<DeclineItem>) -> ExecuteMsg {
    ExecuteMsg::Decline { items }
}

fn output(mfuel: u64) -> Work {
    Work::Ok(r#"{"sum":"42"}"#.to_owned(), mfuel)
}

#[test]
fn results_are_signed_by_the_executor_for_this_execution() {
    let mut suite = verify_suite();
    let execution = queued(&mut suite);
    let executor = suite.seat(execution)[0];
    let (runner, place) = (suite.runner(executor), suite.place(execution));
    let good = runner.result(&place, &output(0));
    for signature in forged(&suite, &runner, &place, |runner, place| runner.result(place, &output(0)).signature) {
        items_refused(&mut suite, &post(vec![PostResultItem { signature, ..good.clone() }]), &["signature"]);
    }
    // The signature is that of another result.
    let other = PostResultItem { result: ResultItem::Inline { json: r#"{"sum":"43"}"#.to_owned() }, ..good.clone() };
    items_refused(&mut suite, &post(vec![other]), &["signature"]);
    // Signed, but nothing that an executor may post.
    for work in [output(1), Work::Err(ErrorCode::BadInput, 0), Work::Valid("proof".to_owned()), Work::Invalid] {
        let item = runner.result(&place, &work);
        items_refused(&mut suite, &post(vec![item]), &["not_agreed"]);
    }
    let long = ResultItem::Inline { json: "x".repeat(4_097) };
    items_refused(&mut suite, &post(vec![PostResultItem { result: long, ..good.clone() }]), &["result"]);
    for outsider in [RunnerId(999), suite.runners.iter().map(|runner| runner.id).find(|id| *id != executor).unwrap()] {
        items_refused(&mut suite, &post(vec![PostResultItem { runner: outsider, ..good.clone() }]), &["no_seat"]);
    }
    items_refused(&mut suite, &post(vec![PostResultItem { execution: 99u64.into(), ..good.clone() }]), &["unknown"]);
    refused(&mut suite, "relay", &post(vec![]), "items is 0, must be 1 to 16");
    refused(&mut suite, "relay", &post(vec![good.clone(); 17]), "items is 17, must be 1 to 16");
    let events = suite.market("mallory", &post(vec![good.clone(); 16])).unwrap();
    assert_eq!(refusals(&events), ["duplicate"; 15]);
    items_refused(&mut suite, &post(vec![good]), &["wrong_phase"]);
    suite.check_invariants();
}

#[test]
fn results_are_posted_for_executors_only() {
    let mut suite = suite();
    let waiting = queued(&mut suite);
    let result = |suite: &Suite, execution, runner| suite.runner(runner).result(&suite.place(execution), &output(7));
    let item = result(&suite, waiting, RunnerId(1));
    items_refused(&mut suite, &post(vec![item]), &["no_seat"]);
    for execution in [working(&mut suite), provisional(&mut suite), finalized(&mut suite)] {
        let item = result(&suite, execution, suite.seats(execution)[0]);
        items_refused(&mut suite, &post(vec![item]), &["wrong_phase"]);
    }
}

#[test]
fn an_own_run_is_signed_by_the_newest_key_of_its_runner() {
    let mut suite = suite();
    suite.send_token("alice", &suite.market.clone(), 100_000_000, &deposit(&suite, "owner0")).unwrap();
    let item = RequestItem { own_runner: Some(RunnerId(1)), ..suite.item() };
    suite.market("owner0", &ExecuteMsg::Request { sub: 0, items: vec![item] }).unwrap();
    let place = Place { domain: suite.domain(), seed: Digest32::ZERO, execution: 1, round: 0 };
    let (runner, other) = (suite.runner(RunnerId(1)), suite.runner(RunnerId(2)));
    let good = runner.result(&place, &output(7));
    for signature in forged(&suite, &runner, &place, |runner, place| runner.result(place, &output(7)).signature) {
        items_refused(&mut suite, &post(vec![PostResultItem { signature, ..good.clone() }]), &["signature"]);
    }
    for outsider in [RunnerId(999), RunnerId(2)] {
        let item = PostResultItem { runner: outsider, ..other.result(&place, &output(7)) };
        items_refused(&mut suite, &post(vec![item]), &["no_seat"]);
    }
    let next = runner.with_key(1);
    let (staking, attestation_key) = (suite.staking.clone(), Runner::public_key(&next.attestation));
    let rotate = staking::ExecuteMsg::RotateKey { runner: RunnerId(1), attestation_key };
    suite.execute("owner0", &staking, &rotate).unwrap();
    items_refused(&mut suite, &post(vec![good]), &["signature"]);
    let item = next.result(&place, &output(7));
    suite.market("mallory", &post(vec![item])).unwrap();
    assert_eq!(suite.execution(1).phase, "finalized");
    suite.check_invariants();
}

fn deposit(suite: &Suite, owner: &str) -> mesg_api::market::ReceiveMsg {
    mesg_api::market::ReceiveMsg::Deposit { account: Some(suite.account(owner).to_string()), sub: 0 }
}

#[test]
fn attack_51_a_rotated_key_signs_for_seats_that_come_after_it_only() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seat = suite.seats(execution)[0];
    let next = suite.runner(seat).with_key(1);
    let (staking, attestation_key) = (suite.staking.clone(), Runner::public_key(&next.attestation));
    let rotate = staking::ExecuteMsg::RotateKey { runner: seat, attestation_key };
    suite.execute(&format!("owner{}", seat.0 - 1), &staking, &rotate).unwrap();
    let item = next.seal(&suite.place(execution), &Work::honest());
    items_refused(&mut suite, &ExecuteMsg::Seal { items: vec![item] }, &["signature"]);
    suite.seal(execution, seat, &Work::honest()).unwrap();
    // The next seat that it gets is the new key's.
    let again = (0..40).find_map(|_| {
        let execution = working(&mut suite);
        suite.seats(execution).contains(&seat).then_some(execution)
    });
    let again = again.expect("one of twelve runners, four at a time");
    let old = suite.runner(seat).seal(&suite.place(again), &Work::honest());
    items_refused(&mut suite, &ExecuteMsg::Seal { items: vec![old] }, &["signature"]);
    suite.seal(again, seat, &Work::honest()).unwrap();
    assert_eq!(
        suite.execution(again).panels[0].seats.iter().find(|held| held.runner == seat).unwrap().progress,
        "sealed"
    );
}

#[test]
fn declines_are_signed_by_the_seat_for_this_execution() {
    let mut suite = suite();
    let waiting = queued(&mut suite);
    let execution = working(&mut suite);
    let seat = suite.seats(execution)[1];
    let (runner, place) = (suite.runner(seat), suite.place(execution));
    let good = runner.decline(&place, 1);
    for signature in forged(&suite, &runner, &place, |runner, place| runner.decline(place, 1).signature) {
        items_refused(&mut suite, &decline(vec![DeclineItem { signature, ..good.clone() }]), &["signature"]);
    }
    items_refused(&mut suite, &decline(vec![DeclineItem { code: 2, ..good.clone() }]), &["signature"]);
    for code in [0, 4, u16::MAX] {
        let item = runner.decline(&place, code);
        items_refused(&mut suite, &decline(vec![item]), &["result"]);
    }
    items_refused(&mut suite, &decline(vec![DeclineItem { runner: RunnerId(999), ..good.clone() }]), &["no_seat"]);
    items_refused(&mut suite, &decline(vec![DeclineItem { execution: 99u64.into(), ..good.clone() }]), &["unknown"]);
    items_refused(
        &mut suite,
        &decline(vec![DeclineItem { execution: waiting.into(), ..good.clone() }]),
        &["wrong_phase"],
    );
    refused(&mut suite, "relay", &decline(vec![]), "items is 0, must be 1 to 4");
    refused(&mut suite, "relay", &decline(vec![good.clone(); 5]), "items is 5, must be 1 to 4");
    let events = suite.market("mallory", &decline(vec![good.clone(); 4])).unwrap();
    assert_eq!(refusals(&events), ["duplicate"; 3]);
    assert!(!suite.seats(execution).contains(&seat));
    items_refused(&mut suite, &decline(vec![good]), &["no_seat"]);
    suite.check_invariants();
}

#[test]
fn evidence_is_two_signatures_of_one_seat() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seat = suite.seats(execution)[1];
    let (runner, place) = (suite.runner(seat), suite.place(execution));
    let signed = |runner: &Runner, place: &Place, work: &Work| {
        let item = runner.seal(place, work);
        SignedAct::Seal { seal: item.seal, signature: item.signature }
    };
    let (honest, wrong) = (signed(&runner, &place, &Work::honest()), signed(&runner, &place, &Work::wrong()));
    let report = |runner: RunnerId, first: &SignedAct, second: &SignedAct| ExecuteMsg::ReportEquivocation {
        execution: execution.into(),
        runner,
        first: first.clone(),
        second: second.clone(),
    };
    let seal = runner.seal(&place, &Work::wrong()).seal;
    let resign = |runner: &Runner, place: &Place| runner.sign(place, seal).signature;
    for signature in forged(&suite, &runner, &place, resign) {
        let bad = SignedAct::Seal { seal, signature };
        refused(&mut suite, "bob", &report(seat, &honest, &bad), "refused: signature");
        refused(&mut suite, "bob", &report(seat, &bad, &honest), "refused: signature");
    }
    for signature in forged(&suite, &runner, &place, |runner, place| runner.decline(place, 1).signature) {
        let bad = SignedAct::Decline { code: 1, signature };
        refused(&mut suite, "bob", &report(seat, &honest, &bad), "refused: signature");
    }
    // Two declines contradict each other as little as one seal twice.
    let declines = [1, 2].map(|code| {
        let item = runner.decline(&place, code);
        SignedAct::Decline { code, signature: item.signature }
    });
    refused(&mut suite, "bob", &report(seat, &declines[0], &declines[1]), "refused: no_equivocation");
    let other = suite.seats(execution)[2];
    refused(&mut suite, "bob", &report(other, &honest, &wrong), "refused: signature");
    refused(&mut suite, "bob", &report(RunnerId(999), &honest, &wrong), "refused: no_seat");
    let foreign = ExecuteMsg::ReportEquivocation {
        execution: 99u64.into(),
        runner: seat,
        first: honest.clone(),
        second: wrong.clone(),
    };
    refused(&mut suite, "bob", &foreign, "refused: unknown");
    suite.market("bob", &report(seat, &honest, &wrong)).unwrap();
    refused(&mut suite, "bob", &report(seat, &honest, &wrong), "refused: already");
    suite.check_invariants();
}
