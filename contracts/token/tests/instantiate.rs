//! What the wrapper asks of the initial balances, and what it stores.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use cosmwasm_std::{Coin, Uint128, coins};
use cw_multi_test::Executor;
use cw20::{Cw20Coin, MinterResponse};
use cw20_base::msg::QueryMsg;
use mesg_api::token::InstantiateMsg;
use mesg_token::ContractError;
use suite::{Suite, coin, token};

fn refusal(balances: impl FnOnce(&Suite) -> Vec<Cw20Coin>) -> ContractError {
    let mut suite = Suite::new();
    let balances = balances(&suite);
    suite.instantiate(&token(balances)).unwrap_err().downcast().unwrap()
}

#[test]
fn the_supply_is_the_sum_and_nobody_can_mint() {
    let mut suite = Suite::new();
    let token = suite.token_of(&["alice", "bob"]);
    assert_eq!(suite.balance(&token, &suite.account("alice")), 1_000);
    assert_eq!(suite.info(&token).total_supply, Uint128::new(2_000));
    let minter: Option<MinterResponse> = suite.app.wrap().query_wasm_smart(&token, &QueryMsg::Minter {}).unwrap();
    assert_eq!(minter, None);
    let stored = suite.cw2(&token).unwrap();
    assert_eq!((stored.contract.as_str(), stored.version.as_str()), ("mesg-token", env!("CARGO_PKG_VERSION")));
}

#[test]
fn one_to_twenty_owners() {
    let owners = |count: usize| {
        move |suite: &Suite| (0..count).map(|n| coin(suite.account(&format!("owner{n}")), 1)).collect::<Vec<_>>()
    };
    assert!(matches!(refusal(owners(0)), ContractError::InitialBalances { got: 0 }));
    assert!(matches!(refusal(owners(21)), ContractError::InitialBalances { got: 21 }));
    let mut suite = Suite::new();
    let balances = owners(20)(&suite);
    suite.instantiate(&token(balances)).unwrap();
}

#[test]
fn zero_repeated_and_overflowing_balances_are_refused() {
    assert!(matches!(
        refusal(|suite| vec![coin(suite.account("a"), 1), coin(suite.account("b"), 0)]),
        ContractError::ZeroBalance { index: 1 }
    ));
    assert!(matches!(
        refusal(|suite| vec![coin(suite.account("a"), 1), coin(suite.account("a"), 2)]),
        ContractError::DuplicateAddress { index: 1, .. }
    ));
    assert!(matches!(
        refusal(|suite| vec![coin(suite.account("a"), u128::MAX), coin(suite.account("b"), 1)]),
        ContractError::SupplyOverflow { index: 1 }
    ));
}

#[test]
fn an_address_in_upper_case_or_of_another_chain_is_refused() {
    let upper = refusal(|suite| vec![coin(suite.account("a").as_str().to_uppercase(), 1)]);
    assert!(matches!(upper, ContractError::Std(_)), "{upper}");
    let foreign = refusal(|_| vec![coin("juno1qyqszqgpqyqszqgpqyqszqgpqyqszqgp8s7e9x", 1)]);
    assert!(matches!(foreign, ContractError::Std(_)), "{foreign}");
}

#[test]
fn cw20_base_checks_name_symbol_and_decimals() {
    for change in [
        |msg: &mut InstantiateMsg| msg.name = "ab".to_owned(),
        |msg: &mut InstantiateMsg| msg.symbol = "M1".to_owned(),
        |msg: &mut InstantiateMsg| msg.decimals = 19,
    ] {
        let mut suite = Suite::new();
        let mut msg = token(vec![coin(suite.account("a"), 1)]);
        change(&mut msg);
        let error: ContractError = suite.instantiate(&msg).unwrap_err().downcast().unwrap();
        assert!(matches!(error, ContractError::Base(_)), "{error}");
    }
}

#[test]
fn native_coins_and_a_minter_are_refused() {
    let mut suite = Suite::new();
    let (admin, code) = (suite.admin.clone(), suite.code);
    let funds = coins(5, "stake");
    let mint = |to: &cosmwasm_std::Addr, amount: Vec<Coin>| cw_multi_test::BankSudo::Mint {
        to_address: to.to_string(),
        amount,
    };
    suite.app.sudo(mint(&admin, funds.clone()).into()).unwrap();
    let msg = token(vec![coin(admin.as_str(), 1)]);
    let error: ContractError = suite
        .app
        .instantiate_contract(code, admin.clone(), &msg, &funds, "token", None)
        .unwrap_err()
        .downcast()
        .unwrap();
    assert!(matches!(error, ContractError::Payment(_)), "{error}");

    let mut with_minter = serde_json::to_value(&msg).unwrap();
    with_minter["mint"] = serde_json::json!({ "minter": admin });
    let error = suite.app.instantiate_contract(code, admin, &with_minter, &[], "token", None).unwrap_err();
    assert!(format!("{error:?}").contains("unknown field `mint`"), "{error:?}");
}
