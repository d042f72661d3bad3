//! One execution from request to payment on a real node (tools/test-wasmd).

mod bodies;

use std::sync::{Arc, OnceLock};

use cosmwasm_std::{ContractResult, Empty, Response, WasmMsg, to_json_binary};
use mesg_api::market::{DELIVER_GAS, ExecuteMsg, MarketEvent, ReceiveMsg};
use mesg_test_kit::{Network, Node, Suite};

static NETWORK: OnceLock<Arc<Network>> = OnceLock::new();

fn suite(label: &str) -> Suite<Node> {
    let node = NETWORK.get_or_init(Network::from_env).node(label);
    Suite::builder().owners(1).short().build_on(node)
}

macro_rules! on_wasmd {
    ($($body:ident),*) => {$(
        #[test]
        fn $body() {
            bodies::$body(suite(stringify!($body)));
        }
    )*};
}

on_wasmd!(
    an_execution_is_paid_to_the_last_unit,
    silence_before_the_seal_is_slashed_and_refilled,
    without_the_beacon_everything_but_the_tips_comes_back,
    a_lie_is_outvoted_and_slashed,
    what_a_contract_refuses_says_why
);

/// Gas of a `Deliver` beside the callback, at most.
const REST: u64 = 400_000;

/// The requester's callback never ends: it costs whoever delivers the callback's gas and no more, and nothing but a mark
/// that it failed.
#[test]
fn attack_66_a_callback_without_end_costs_its_limit_of_gas() {
    let mut suite = suite("endless");
    let wasm = wat::parse_str(include_str!("endless.wat")).unwrap();
    let requester = suite.app.deploy_wasm(wasm, "mallory", "endless", b"{}");
    let market = suite.market.clone();
    let deposit = ReceiveMsg::Deposit { account: Some(requester.to_string()), sub: 0 };
    suite.send_token("alice", &market, 100_000_000, &deposit).unwrap();
    let request = ExecuteMsg::Request { sub: 0, items: vec![suite.item()] };
    let msg = to_json_binary(&request).unwrap();
    let request = WasmMsg::Execute { contract_addr: market.into_string(), msg, funds: Vec::new() };
    let answer = ContractResult::Ok(Response::<Empty>::new().add_message(request));
    suite.execute("mallory", &requester, &answer).unwrap();
    suite.run_to_end(1);
    let (before, ended) = (suite.ledger(), suite.execution(1));
    assert_eq!((ended.phase.as_str(), &ended.requester), ("finalized", &requester));
    for _ in 0..2 {
        let deliver = ExecuteMsg::Deliver { execution: 1u64.into(), output: Some(r#"{"sum":"42"}"#.to_owned()) };
        let events = suite.market("bob", &deliver).unwrap();
        let statuses = events.iter().map(|event| match event {
            MarketEvent::Delivered { status, .. } => status.as_str(),
            other => panic!("{other:?}"),
        });
        assert_eq!(statuses.collect::<Vec<_>>(), ["sent", "failed"]);
        assert!((DELIVER_GAS..DELIVER_GAS + REST).contains(&suite.gas), "{} gas", suite.gas);
        assert_eq!((suite.ledger(), suite.execution(1)), (before.clone(), ended.clone()));
    }
    suite.check_invariants();
}
