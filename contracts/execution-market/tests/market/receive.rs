//! `Receive`: what comes with a CW20 `Send`.

use mesg_api::market::{ExecuteMsg, MarketEvent, PurseResponse, QueryMsg, ReceiveMsg};
use mesg_protocol::ids::ServiceId;
use serde_json::json;

use crate::phases::{escrow, request_by_send, suite};
use crate::snapshot::{moved, refused, refused_send, send_json, snapshot};

#[test]
fn what_is_sent_beyond_the_escrow_goes_to_the_purse() {
    let mut suite = suite();
    let (before, e) = (suite.ledger(), escrow(&suite));
    let items = vec![suite.item(); 2];
    request_by_send(&mut suite, "alice", 10_000_000, items).unwrap();
    let alice = suite.account("alice");
    assert_eq!(moved(&suite, &before)[..2], [10_000_000 - 2 * e as i128, 2 * e as i128]);
    assert_eq!(suite.purse(&alice).balance.u128(), 10_000_000 - 2 * e);
    assert_eq!(suite.purse(&alice).open, 2);
    suite.check_invariants();
}

#[test]
fn exactly_the_escrow_is_enough() {
    let mut suite = suite();
    let e = escrow(&suite);
    let items = vec![suite.item()];
    refused_send(&mut suite, "alice", e - 1, &ReceiveMsg::Request { items: items.clone() }, "4122299");
    request_by_send(&mut suite, "alice", e, items).unwrap();
    assert_eq!(suite.purse(&suite.account("alice")).balance.u128(), 0);
}

#[test]
fn a_full_purse_does_not_pay_for_a_short_send() {
    let mut suite = suite();
    suite.deposit("alice", 100_000_000).unwrap();
    let request = ReceiveMsg::Request { items: vec![suite.item(); 2] };
    refused_send(&mut suite, "alice", 8_244_599, &request, "amount sent is 8244599, the requests cost 8244600");
}

#[test]
fn a_deposit_fills_the_purse_it_names() {
    let mut suite = suite();
    let (market, bob) = (suite.market.clone(), suite.account("bob"));
    let before = suite.ledger();
    let deposit = ReceiveMsg::Deposit { account: Some(bob.to_string()), sub: 3 };
    let events = suite.send_token("alice", &market, 500, &deposit).unwrap();
    assert_eq!(events, [MarketEvent::Deposited { account: bob.to_string(), sub: 3, amount: 500 }]);
    let purse: PurseResponse = suite.ask(&QueryMsg::Purse { account: bob.to_string(), sub: 3 });
    assert_eq!(purse, PurseResponse { balance: 500u128.into(), open: 0 });
    assert_eq!(moved(&suite, &before), [500, 0, 0, 0, 0, 0, 0, 0]);
    suite.check_invariants();
}

#[test]
fn a_service_bond_grows_by_its_owner_only() {
    let mut suite = suite();
    let (market, before) = (suite.market.clone(), suite.ledger());
    let bond = ReceiveMsg::BondService { service: suite.service };
    refused_send(&mut suite, "bob", 5, &bond, "sender must be ServiceOwner");
    let events = suite.send_token("developer", &market, 5, &bond).unwrap();
    assert_eq!(events, [MarketEvent::ServiceBonded { service: 1, amount: 5, bond: 1_000_000_005 }]);
    assert_eq!(moved(&suite, &before), [0, 0, 0, 0, 0, 5, 0, 0]);
    let unknown = ReceiveMsg::BondService { service: ServiceId(9) };
    refused_send(&mut suite, "bob", 5, &unknown, "service 9 does not exist");
    suite.check_invariants();
}

#[test]
fn nothing_is_no_amount() {
    let mut suite = suite();
    // cw20-base refuses to send nothing; the market does not rely on it.
    let hook = json!({"receive": {"sender": suite.account("alice"), "amount": "0", "msg": "e30="}});
    let (token, market) = (suite.token.clone(), suite.market.clone());
    let before = snapshot(&suite);
    let error = send_json(&mut suite, &token, &market, &hook, &[]).unwrap_err();
    assert!(error.contains("amount is 0, must be 1 to"), "{error}");
    assert_eq!(snapshot(&suite), before);
}

#[test]
fn what_it_carries_must_be_a_message() {
    let mut suite = suite();
    for (msg, why) in [
        (json!({"deposit": {"unknown": 1}}), "unknown"),
        (json!({"stake": {}}), "stake"),
        (json!({"request": {"items": []}}), "items is 0, must be 1 to 8"),
        (json!({"bond_service": {}}), "service"),
        (json!("deposit"), "deposit"),
        (json!({"deposit": {"account": "not an address"}}), "addr"),
    ] {
        refused_send(&mut suite, "alice", 5, &msg, "");
        let market = suite.market.clone();
        let error = suite.send_token("alice", &market, 5, &msg).unwrap_err().to_lowercase();
        let why = if why == "addr" { "bech32" } else { why };
        assert!(error.contains(why) || error.contains("invalid"), "{error} does not say {why}");
    }
}

#[test]
fn attack_35_only_the_token_calls_the_hook() {
    let mut suite = suite();
    let alice = suite.account("alice").to_string();
    let msg = cosmwasm_std::to_json_binary(&ReceiveMsg::Deposit { account: None, sub: 0 }).unwrap();
    let hook = cw20::Cw20ReceiveMsg { sender: alice, amount: 1_000u128.into(), msg };
    for sender in ["alice", "mallory", "developer", "operator0"] {
        refused(&mut suite, sender, &ExecuteMsg::Receive(hook.clone()), "sender must be Token");
    }
}

#[test]
fn a_transfer_without_a_message_is_nobodys() {
    let mut suite = suite();
    let (token, market, before) = (suite.token.clone(), suite.market.clone(), suite.ledger());
    let gift = cw20::Cw20ExecuteMsg::Transfer { recipient: market.to_string(), amount: 77u128.into() };
    suite.execute("alice", &token, &gift).unwrap();
    assert_eq!(suite.ledger(), before, "the ledger counts what the hook says, not the balance");
    let sum: u128 = crate::snapshot::buckets(&before).iter().sum();
    assert_eq!(suite.balance(&market), sum + 77, "invariant 1: balance ≥ ledger");
}
