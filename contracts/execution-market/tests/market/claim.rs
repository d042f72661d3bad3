//! `Claim`: earnings go to their owners' purses, whoever asks.

use mesg_api::market::{ExecuteMsg, MarketEvent, QueryMsg, RunnerAccountResponse, ServiceRef};
use mesg_api::registry;
use mesg_protocol::ids::{RunnerId, VersionId};

use crate::phases::{finalized, suite};
use crate::snapshot::{moved, refused};

fn claim(runners: &[u32], versions: &[u32]) -> ExecuteMsg {
    let runners = runners.iter().copied().map(RunnerId).collect();
    let versions = versions.iter().copied().map(VersionId).collect();
    ExecuteMsg::Claim { runners, versions }
}

#[test]
fn earnings_go_to_the_owners_purse() {
    let mut suite = suite();
    let execution = finalized(&mut suite);
    let (before, seats) = (suite.ledger(), suite.seats(execution));
    let events = suite.market("mallory", &claim(&[seats[0].0, seats[1].0], &[1])).unwrap();
    let owner = |seat: RunnerId| suite.runner(seat).owner.to_string();
    let claimed = |seat: RunnerId, amount| MarketEvent::RunnerClaimed { runner: seat.0, owner: owner(seat), amount };
    let developer = suite.account("developer").to_string();
    let by_version = MarketEvent::DeveloperClaimed { version: 1, owner: developer, amount: 340_363 };
    assert_eq!(events, [claimed(seats[0], 1_001_070), claimed(seats[1], 800_856), by_version]);
    let runners = 1_001_070 + 800_856;
    assert_eq!(moved(&suite, &before), [runners + 340_363, 0, 0, -runners, -340_363, 0, 0, 0]);
    assert_eq!(suite.purse(&suite.runner(seats[0]).owner).balance.u128(), 1_001_070);
    let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner: seats[0] });
    assert_eq!((account.earned.u128(), account.completed), (0, 1));
    refused(&mut suite, "mallory", &claim(&[seats[0].0], &[1]), "nothing to do");
    suite.check_invariants();
}

#[test]
fn a_new_owner_of_the_service_gets_what_nobody_claimed() {
    let mut suite = suite();
    finalized(&mut suite);
    let (registry, service, alice) = (suite.registry.clone(), suite.service, suite.account("alice"));
    let offer = registry::ExecuteMsg::ProposeOwner { service, owner: alice.to_string() };
    suite.execute("developer", &registry, &offer).unwrap();
    suite.execute("alice", &registry, &registry::ExecuteMsg::AcceptOwner { service }).unwrap();
    let before = suite.purse(&alice).balance.u128();
    let events = suite.market("mallory", &claim(&[], &[1])).unwrap();
    let claimed = MarketEvent::DeveloperClaimed { version: 1, owner: alice.to_string(), amount: 340_363 };
    assert_eq!(events, [claimed]);
    assert_eq!(suite.purse(&alice).balance.u128() - before, 340_363);
    // The bond is the new owner's, too.
    let unbond = ExecuteMsg::UnbondService(ServiceRef { service });
    refused(&mut suite, "developer", &unbond, "sender must be");
    suite.market("alice", &unbond).unwrap();
    suite.check_invariants();
}

#[test]
fn named_twice_is_paid_once() {
    let mut suite = suite();
    let execution = finalized(&mut suite);
    let seat = suite.seats(execution)[0];
    suite.market("mallory", &claim(&[seat.0, seat.0], &[1, 1])).unwrap();
    assert_eq!(suite.purse(&suite.runner(seat).owner).balance.u128(), 1_001_070);
    suite.check_invariants();
}

#[test]
fn up_to_32_of_each() {
    let mut suite = suite();
    finalized(&mut suite);
    let many: Vec<u32> = (1..=33).collect();
    refused(&mut suite, "mallory", &claim(&many, &[]), "runners is 33, must be 0 to 32");
    refused(&mut suite, "mallory", &claim(&[], &many), "versions is 33, must be 0 to 32");
    refused(&mut suite, "mallory", &claim(&[], &[]), "nothing to do");
    suite.market("mallory", &claim(&many[..12], &[1])).unwrap();
    suite.check_invariants();
}

#[test]
fn what_does_not_exist_has_earned_nothing_and_leaves_nothing() {
    let mut suite = suite();
    let execution = finalized(&mut suite);
    let seat = suite.seats(execution)[0].0;
    refused(&mut suite, "mallory", &claim(&[999], &[999]), "nothing to do");
    let records = |suite: &mesg_test_kit::Suite| suite.app.dump_wasm_raw(&suite.market).len();
    let before = records(&suite);
    suite.market("mallory", &claim(&[seat, 900, 901], &[1, 902])).unwrap();
    // Purses of two owners are new, records of runners and versions that do not exist are not.
    assert_eq!(records(&suite) - before, 2, "claims write no records of what does not exist");
}
