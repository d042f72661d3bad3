//! Queries with a height check, and a real contract.

use cosmos_sdk_proto::cosmwasm::wasm::v1::{MsgInstantiateContract, MsgStoreCode};
use mesg_chain_client::{Class, Error, Lane, Message, Rejection, TxRequest, TxResult};
use serde_json::{Value, json};

use crate::bench::{Bench, DEAD, any};

#[tokio::test]
async fn balances_and_accounts() {
    let Some(bench) = Bench::new("balances_and_accounts", 777).await else {
        return;
    };
    let (address, height) = (bench.address(), bench.status().await.height);
    let balance = bench.chain.balance(&address, &bench.denom, height - 1).await.unwrap();
    assert_eq!(balance.value, 777);
    assert!(balance.height >= height - 1);
    assert_eq!(bench.chain.balance(&address, "none", 0).await.unwrap().value, 0);
    let all = bench.chain.balances(&address, 0).await.unwrap().value;
    assert_eq!(all, [mesg_chain_client::Coin::new(777, &bench.denom)]);
    assert_eq!(bench.account().await.sequence, 0);
}

#[tokio::test]
async fn an_answer_that_is_too_old_is_refused() {
    let Some(bench) = Bench::new("an_answer_that_is_too_old_is_refused", 1).await else {
        return;
    };
    let future = bench.status().await.height + 1_000;
    let old = bench.chain.balance(&bench.address(), &bench.denom, future).await.unwrap_err();
    assert!(matches!(old, Error::Stale { needed, .. } if needed == future), "{old}");
    // A refusal by a node that lags is no answer either.
    let unknown = bench.chain.raw(&bench.address(), b"key", future).await.unwrap_err();
    assert!(matches!(unknown, Error::Stale { .. }), "{unknown}");
    let unknown = bench.chain.raw(&bench.address(), b"key", 0).await.unwrap_err();
    assert!(matches!(unknown, Error::Query { .. }), "{unknown}");
}

#[tokio::test]
async fn another_chain_is_refused() {
    let Some(bench) = Bench::new("another_chain_is_refused", 1).await else {
        return;
    };
    let config = mesg_chain_client::ChainConfig::new("other-1", vec![bench.url.clone()]);
    let chain = mesg_chain_client::Chain::new(&config).unwrap();
    let error = chain.status().await.unwrap_err();
    assert!(matches!(error, Error::WrongChain { .. }) && error.class() == Class::Fatal, "{error}");
}

#[tokio::test]
async fn probe_says_what_each_endpoint_can_do() {
    let Some(bench) = Bench::new("probe_says_what_each_endpoint_can_do", 1).await else {
        return;
    };
    let probes = bench.chain_on(&[DEAD, &bench.url]).probe().await;
    assert!(matches!(probes[0].height, Err(Error::Transport { .. })));
    let node = &probes[1];
    assert!(node.height.is_ok() && node.block_results && node.tx_index && node.simulation);
}

#[tokio::test]
async fn contract_from_upload_to_events() {
    let Some(bench) = Bench::new("contract_from_upload_to_events", 10_000_000).await else {
        return;
    };
    let lane = bench.lane();
    let contract = deploy(&bench, &lane).await;

    let empty = Message::execute(&contract, &json!({})).unwrap();
    let two = TxRequest::new(vec![empty.clone(), empty], vec![]);
    let (hash, result) = lane.send(&two).await.unwrap();
    let block = bench.chain.block(result.height).await.unwrap();
    let events = block.wasm_events(&[&contract]);
    let kinds: Vec<_> = events.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(kinds, ["wasm", "wasm-made", "wasm", "wasm-made"]);
    assert!(events.iter().all(|e| e.tx_hash == hash && e.contract == contract));
    assert!(events[1].attributes.contains(&("seq".into(), "1".into())));

    let answer = bench.chain.smart::<_, Value>(&contract, &json!({"q": {}}), result.height).await.unwrap();
    assert_eq!(answer.value, json!({"answer": "42"}));
    assert!(answer.height >= result.height);
    assert_eq!(bench.chain.raw(&contract, b"nothing", 0).await.unwrap().value, None);

    refused_by_the_contract(&lane, &contract).await;
}

/// In simulation, and (without simulation) in a block.
async fn refused_by_the_contract(lane: &Lane, contract: &str) {
    let no = Message::execute(contract, &json!({"no": {}})).unwrap();
    let mut request = TxRequest::new(vec![no], vec![]);
    let error = lane.send(&request).await.unwrap_err();
    assert!(error.to_string().contains("only an empty message"), "{error}");
    assert!(matches!(error, Error::Rejected { rejection: Rejection::Message { .. }, included: None }));

    request.gas_limit = Some(300_000);
    let error = lane.send(&request).await.unwrap_err();
    assert_eq!(error.class(), Class::Permanent);
    let Error::Rejected { rejection: Rejection::Message { codespace, code, .. }, included: Some((_, height)) } = error
    else {
        panic!("{error}");
    };
    assert_eq!((codespace.as_str(), code), ("wasm", 5));
    let block = lane.chain().block(height).await.unwrap();
    assert!(block.wasm_events(&[contract]).is_empty());
}

async fn deploy(bench: &Bench, lane: &Lane) -> String {
    let wasm_byte_code = wat::parse_str(include_str!("contract.wat")).unwrap();
    let store = MsgStoreCode { sender: bench.address(), wasm_byte_code, instantiate_permission: None };
    let stored = send_any(lane, "/cosmwasm.wasm.v1.MsgStoreCode", &store).await;
    let instantiate = MsgInstantiateContract {
        sender: bench.address(),
        admin: String::new(),
        code_id: attribute(&stored, "store_code", "code_id").parse().unwrap(),
        label: "test".into(),
        msg: b"{}".to_vec(),
        funds: vec![],
    };
    let made = send_any(lane, "/cosmwasm.wasm.v1.MsgInstantiateContract", &instantiate).await;
    attribute(&made, "instantiate", "_contract_address")
}

async fn send_any(lane: &Lane, type_url: &str, message: &impl prost::Message) -> TxResult {
    let any = any(type_url, message);
    let message = Message::Any { type_url: any.type_url, value: any.value };
    lane.send(&TxRequest::new(vec![message], vec![])).await.unwrap().1
}

fn attribute(result: &TxResult, kind: &str, key: &str) -> String {
    let event = result.events.iter().find(|event| event.kind == kind).unwrap();
    event.get(key).unwrap().to_owned()
}
