//! A contract requests, is called with the end, and cannot harm the market by how it takes the call.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests: a panic is how they report"
)]

use cosmwasm_std::{Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, WasmMsg};
use cosmwasm_std::{Uint128, to_json_binary};
use cw_multi_test::{Contract, ContractWrapper, Executor};
use mesg_api::market::{self, Input, MarketEvent, ReceiveMsg, RequestItem, RequesterMsg};
use mesg_example_requester::contract::{execute, instantiate, query};
use mesg_example_requester::msg::{End, ExecuteMsg, InstantiateMsg, QueryMsg};
use mesg_test_kit::Suite;

const INPUT: &str = r#"{"numbers":[40,2]}"#;
const OUTPUT: &str = r#"{"sum":"42"}"#;

fn deploy(suite: &mut Suite, contract: Box<dyn Contract<Empty>>) -> Addr {
    let code = suite.app.store_code(contract);
    let msg = InstantiateMsg { market: suite.market.to_string(), terms: suite.terms };
    let developer = suite.account("developer");
    let address = suite.app.instantiate_contract(code, developer, &msg, &[], "requester", None).unwrap();
    let market = suite.market.clone();
    let deposit = ReceiveMsg::Deposit { account: Some(address.to_string()), sub: 0 };
    suite.send_token("alice", &market, 100_000_000, &deposit).unwrap();
    address
}

/// An execution that `requester` paid, to its end.
fn finalized(suite: &mut Suite, requester: &Addr) -> u64 {
    let ask = ExecuteMsg::Ask { json: INPUT.to_owned(), max_fee: Uint128::new(100_000_000) };
    suite.execute("bob", requester, &ask).unwrap();
    suite.run_to_end(1);
    1
}

fn deliver(suite: &mut Suite, execution: u64) -> Vec<MarketEvent> {
    let msg = market::ExecuteMsg::Deliver { execution: execution.into(), output: Some(OUTPUT.to_owned()) };
    suite.market("bob", &msg).unwrap()
}

fn statuses(events: &[MarketEvent]) -> Vec<&str> {
    fn status(event: &MarketEvent) -> Option<&str> {
        match event {
            MarketEvent::Delivered { status, .. } => Some(status),
            _ => None,
        }
    }
    events.iter().filter_map(status).collect()
}

#[test]
fn the_requester_learns_how_its_execution_ended() {
    let mut suite = Suite::builder().build();
    let requester = deploy(&mut suite, Box::new(ContractWrapper::new(execute, instantiate, query)));
    let execution = finalized(&mut suite, &requester);
    assert_eq!(statuses(&deliver(&mut suite, execution)), ["sent"]);
    let end: Option<End> = suite.query(&requester, &QueryMsg::End { execution: execution.into() }).unwrap();
    let expected = End { outcome: "finalized".to_owned(), reason: String::new(), output: Some(OUTPUT.to_owned()) };
    assert_eq!(end, Some(expected));
    let again = market::ExecuteMsg::Deliver { execution: execution.into(), output: None };
    assert!(suite.market("bob", &again).unwrap_err().contains("refused: already"));
    suite.check_invariants();
}

#[test]
fn nobody_else_tells_an_end() {
    let mut suite = Suite::builder().build();
    let requester = deploy(&mut suite, Box::new(ContractWrapper::new(execute, instantiate, query)));
    let lie = RequesterMsg::ReceiveExecution {
        execution: 1u64.into(),
        sub: 0,
        outcome: "finalized".to_owned(),
        reason: String::new(),
        output: None,
    };
    assert!(suite.execute("mallory", &requester, &lie).unwrap_err().contains("sender must be the market"));
}

/// Takes every call by failing.
fn refuse(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        ExecuteMsg::Ask { .. } => {
            execute(deps, env, info, msg).map_err(|error| StdError::generic_err(error.to_string()))
        }
        ExecuteMsg::ReceiveExecution { .. } => Err(StdError::generic_err("no")),
    }
}

/// Takes the call by requesting anew, from the purse that the end has just filled.
fn reenter(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let market = info.sender.clone();
    match msg {
        ExecuteMsg::Ask { .. } => {
            execute(deps, env, info, msg).map_err(|error| StdError::generic_err(error.to_string()))
        }
        ExecuteMsg::ReceiveExecution { execution, .. } => {
            let call = |msg: &market::ExecuteMsg| -> StdResult<WasmMsg> {
                let msg = to_json_binary(msg)?;
                Ok(WasmMsg::Execute { contract_addr: market.to_string(), msg, funds: vec![] })
            };
            let input = Input::Inline { json: INPUT.to_owned() };
            let max_fee = Uint128::new(100_000_000);
            let item = RequestItem { terms: 1u32.into(), input, max_fee, validators: None, own_runner: None };
            let request = call(&market::ExecuteMsg::Request { sub: 0, items: vec![item] })?;
            let settle = call(&market::ExecuteMsg::Settle(market::Executions { executions: vec![execution] }))?;
            let withdraw = call(&market::ExecuteMsg::Withdraw { sub: 0, amount: None, to: None })?;
            Ok(Response::new().add_messages([request, settle, withdraw]))
        }
    }
}

fn quiet(_: Deps, _: Env, _: QueryMsg) -> StdResult<Binary> {
    to_json_binary(&())
}

#[test]
fn attack_66_a_callback_that_fails_changes_nothing_and_can_be_made_again() {
    let mut suite = Suite::builder().build();
    let requester = deploy(&mut suite, Box::new(ContractWrapper::new(refuse, instantiate, quiet)));
    let execution = finalized(&mut suite, &requester);
    let before = suite.ledger();
    for _ in 0..2 {
        assert_eq!(statuses(&deliver(&mut suite, execution)), ["sent", "failed"]);
        assert_eq!(suite.ledger(), before);
        suite.check_invariants();
    }
}

#[test]
fn attack_66_a_callback_that_calls_back_finds_everything_settled() {
    let mut suite = Suite::builder().build();
    let requester = deploy(&mut suite, Box::new(ContractWrapper::new(reenter, instantiate, quiet)));
    let execution = finalized(&mut suite, &requester);
    assert_eq!(statuses(&deliver(&mut suite, execution)), ["sent"]);
    assert_eq!(suite.execution(2).phase, "queued", "its own money, its own request");
    assert_eq!(suite.execution(execution).phase, "finalized", "settled once");
    assert_eq!(suite.purse(&requester).balance.u128(), 0);
    suite.check_invariants();
}

#[test]
fn attack_66_a_stranger_cannot_keep_the_output_from_the_requester() {
    let mut suite = Suite::builder().build();
    let requester = deploy(&mut suite, Box::new(ContractWrapper::new(execute, instantiate, query)));
    let execution = finalized(&mut suite, &requester);
    let empty = market::ExecuteMsg::Deliver { execution: execution.into(), output: None };
    assert!(suite.market("mallory", &empty).unwrap_err().contains("refused: mismatch"));
    assert_eq!(statuses(&deliver(&mut suite, execution)), ["sent"]);
    let end: Option<End> = suite.query(&requester, &QueryMsg::End { execution: execution.into() }).unwrap();
    assert_eq!(end.unwrap().output.as_deref(), Some(OUTPUT));
}
