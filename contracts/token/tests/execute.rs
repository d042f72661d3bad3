//! CW20 messages pass through; what the token must not have does not exist.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use cosmwasm_std::{Uint128, coins};
use cw_multi_test::{BankSudo, Executor};
use cw_utils::PaymentError;
use cw20::Cw20ExecuteMsg;
use mesg_api::token::ExecuteMsg;
use mesg_token::ContractError;
use serde_json::json;
use suite::Suite;

#[test]
fn tokens_move_burn_and_are_lent() {
    let mut suite = Suite::new();
    let token = suite.token_of(&["alice"]);
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| suite.account(name));
    let amount = Uint128::new(100);
    suite.execute(&token, &alice, &ExecuteMsg::Transfer { recipient: bob.to_string(), amount }).unwrap();
    suite.execute(&token, &alice, &ExecuteMsg::Burn { amount }).unwrap();
    let lend = ExecuteMsg::IncreaseAllowance { spender: carol.to_string(), amount, expires: None };
    suite.execute(&token, &alice, &lend).unwrap();
    let forty = Uint128::new(40);
    let take = ExecuteMsg::TransferFrom { owner: alice.to_string(), recipient: carol.to_string(), amount: forty };
    suite.execute(&token, &carol, &take).unwrap();
    suite.execute(&token, &carol, &ExecuteMsg::BurnFrom { owner: alice.to_string(), amount: forty }).unwrap();
    let less = ExecuteMsg::DecreaseAllowance { spender: carol.to_string(), amount: forty, expires: None };
    suite.execute(&token, &alice, &less).unwrap();
    let error = suite.execute(&token, &carol, &take).unwrap_err();
    assert!(matches!(error.downcast().unwrap(), ContractError::Base(cw20_base::ContractError::NoAllowance {})));

    assert_eq!([&alice, &bob, &carol].map(|who| suite.balance(&token, who)), [720, 100, 40]);
    assert_eq!(suite.info(&token).total_supply, Uint128::new(860));
}

#[test]
fn our_messages_are_cw20s_on_the_wire() {
    let amount = Uint128::new(7);
    let ours = ExecuteMsg::Send { contract: "c".into(), amount, msg: b"{}".into() };
    let theirs = Cw20ExecuteMsg::Send { contract: "c".into(), amount, msg: b"{}".into() };
    assert_eq!(serde_json::to_value(ours).unwrap(), serde_json::to_value(theirs).unwrap());
}

#[test]
fn minting_and_marketing_do_not_exist() {
    let mut suite = Suite::new();
    let token = suite.token_of(&["alice"]);
    let alice = suite.account("alice");
    for msg in [
        json!({"mint": {"recipient": alice, "amount": "1"}}),
        json!({"update_minter": {"new_minter": alice}}),
        json!({"update_marketing": {"project": "x"}}),
        json!({"upload_logo": {"url": "x"}}),
        json!({"transfer": {"recipient": alice, "amount": "1", "memo": "x"}}),
    ] {
        let error = suite.app.execute_contract(alice.clone(), token.clone(), &msg, &[]).unwrap_err();
        assert!(format!("{error:?}").contains("unknown"), "{msg}: {error:?}");
    }
    assert_eq!(suite.info(&token).total_supply, Uint128::new(1_000));
}

#[test]
fn native_coins_are_refused() {
    let mut suite = Suite::new();
    let token = suite.token_of(&["alice"]);
    let alice = suite.account("alice");
    let funds = coins(3, "stake");
    let mint = BankSudo::Mint { to_address: alice.to_string(), amount: funds.clone() };
    suite.app.sudo(mint.into()).unwrap();
    let burn = ExecuteMsg::Burn { amount: Uint128::one() };
    let error = suite.app.execute_contract(alice, token, &burn, &funds).unwrap_err();
    assert!(matches!(error.downcast().unwrap(), ContractError::Payment(PaymentError::NonPayable {})));
}
