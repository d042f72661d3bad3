//! `Withdraw`: out of the sender's own purse, and only that.

use cosmwasm_std::Uint128;
use mesg_api::market::{ExecuteMsg, MarketEvent, ReceiveMsg};

use crate::phases::suite;
use crate::snapshot::{moved, refused};

fn withdraw(sub: u32, amount: Option<u128>, to: Option<&str>) -> ExecuteMsg {
    ExecuteMsg::Withdraw { sub, amount: amount.map(Uint128::new), to: to.map(str::to_owned) }
}

#[test]
fn a_part_then_all_to_whom_the_sender_names() {
    let mut suite = suite();
    suite.deposit("alice", 1_000).unwrap();
    let (before, alice, bob) = (suite.ledger(), suite.account("alice"), suite.account("bob"));
    let (had, bob_had) = (suite.balance(&alice), suite.balance(&bob));
    let events = suite.market("alice", &withdraw(0, Some(300), None)).unwrap();
    let account = alice.to_string();
    let withdrawn = MarketEvent::Withdrawn { account: account.clone(), sub: 0, amount: 300, to: account };
    assert_eq!(events, [withdrawn]);
    assert_eq!(suite.balance(&alice), had + 300);
    suite.market("alice", &withdraw(0, None, Some(bob.as_str()))).unwrap();
    assert_eq!(suite.balance(&bob), bob_had + 700);
    assert_eq!(moved(&suite, &before), [-1_000, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(suite.purse(&alice).balance.u128(), 0);
    suite.check_invariants();
}

#[test]
fn not_more_than_there_is_nor_nothing() {
    let mut suite = suite();
    refused(&mut suite, "alice", &withdraw(0, None, None), "nothing to do");
    suite.deposit("alice", 1_000).unwrap();
    refused(&mut suite, "alice", &withdraw(0, Some(0), None), "nothing to do");
    refused(&mut suite, "alice", &withdraw(0, Some(1_001), None), "amount 1001 is more than the 1000 there is");
    refused(&mut suite, "alice", &withdraw(0, Some(u128::MAX), None), "is more than the 1000 there is");
    refused(&mut suite, "alice", &withdraw(1, None, None), "nothing to do");
    suite.market("alice", &withdraw(0, Some(1_000), None)).unwrap();
}

#[test]
fn not_to_the_market_where_it_would_belong_to_nobody() {
    let mut suite = suite();
    suite.deposit("alice", 1_000).unwrap();
    let market = suite.market.to_string();
    refused(&mut suite, "alice", &withdraw(0, None, Some(market.as_str())), "to is the market itself");
}

#[test]
fn nobody_elses() {
    let mut suite = suite();
    suite.deposit("alice", 1_000).unwrap();
    for thief in ["mallory", "developer", "operator0", "owner0"] {
        refused(&mut suite, thief, &withdraw(0, None, None), "nothing to do");
        refused(&mut suite, thief, &withdraw(0, Some(1), None), "amount 1 is more than the 0 there is");
    }
    assert_eq!(suite.purse(&suite.account("alice")).balance.u128(), 1_000);
}

#[test]
fn sub_accounts_are_apart() {
    let mut suite = suite();
    let market = suite.market.clone();
    for (sub, amount) in [(0, 5), (u32::MAX, 7)] {
        suite.send_token("alice", &market, amount, &ReceiveMsg::Deposit { account: None, sub }).unwrap();
    }
    refused(&mut suite, "alice", &withdraw(0, Some(6), None), "amount 6 is more than the 5 there is");
    let had = suite.balance(&suite.account("alice"));
    suite.market("alice", &withdraw(u32::MAX, None, None)).unwrap();
    assert_eq!(suite.balance(&suite.account("alice")), had + 7);
    suite.check_invariants();
}

#[test]
fn attack_39_the_receiver_is_an_address_in_its_one_form() {
    let mut suite = suite();
    suite.deposit("alice", 1_000).unwrap();
    let bob = suite.account("bob").to_string();
    let mixed = format!("{}{}", &bob[..20], bob[20..].to_uppercase());
    for bad in [bob.to_uppercase(), mixed, format!("{bob}x"), String::new(), " ".to_owned()] {
        refused(&mut suite, "alice", &withdraw(0, None, Some(&bad)), "");
    }
}
