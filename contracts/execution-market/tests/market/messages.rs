//! One message of each variant, held against the schema so that none can be forgotten.

use std::collections::BTreeSet;

use cosmwasm_schema::schema_for;
use cw20::Cw20ReceiveMsg;
use mesg_api::market::{
    CertifyItem, Change, ChangeKind, ChangeRef, DeclineItem, ExecuteMsg, Executions, OpenItem, PostResultItem,
    PublishItem, QueryMsg, ReceiveMsg, ResultItem, SealItem, ServiceRef, SignedAct,
};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::{Suite, Work};
use serde_json::Value;

use crate::phases::ids;

/// A well-formed message of each variant about execution 1.
pub fn messages(suite: &Suite) -> Vec<ExecuteMsg> {
    let deposit = cosmwasm_std::to_json_binary(&ReceiveMsg::Deposit { account: None, sub: 0 }).unwrap();
    let sender = suite.account("alice").to_string();
    let (one, service) = (ids(&[1]), suite.service);
    let seal = SealItem {
        execution: 1u64.into(),
        runner: RunnerId(1),
        seal: Digest32([1; 32]),
        signature: vec![1; 64].into(),
    };
    let open =
        OpenItem { execution: 1u64.into(), runner: RunnerId(1), value: Digest32([1; 32]), salt: Digest32([2; 32]) };
    vec![
        ExecuteMsg::Receive(Cw20ReceiveMsg { sender, amount: 5u128.into(), msg: deposit }),
        ExecuteMsg::Request { sub: 0, items: vec![suite.item()] },
        ExecuteMsg::Tick {},
        crate::phases::beacon(suite, 1, &[1]),
        ExecuteMsg::Seat(Executions { executions: one.clone() }),
        ExecuteMsg::Seal { items: vec![seal] },
        ExecuteMsg::Open { items: vec![open] },
        ExecuteMsg::Publish { items: vec![Work::honest().publish(1)] },
        ExecuteMsg::Certify { items: vec![certificate()], settle: Vec::new() },
        ExecuteMsg::PostResult { items: vec![result()] },
        ExecuteMsg::Decline { items: vec![decline()] },
        ExecuteMsg::ReportEquivocation { execution: 1u64.into(), runner: RunnerId(1), first: act(1), second: act(2) },
        ExecuteMsg::Challenge { execution: 1u64.into() },
        ExecuteMsg::Deliver { execution: 1u64.into(), output: None },
        ExecuteMsg::ResumeService(ServiceRef { service }),
        ExecuteMsg::Poke(Executions { executions: one.clone() }),
        ExecuteMsg::Settle(Executions { executions: one.clone() }),
        ExecuteMsg::Prune(Executions { executions: one }),
        ExecuteMsg::Withdraw { sub: 0, amount: Some(1u128.into()), to: None },
        ExecuteMsg::Claim { runners: vec![RunnerId(1)], versions: vec![suite.version] },
        ExecuteMsg::UnbondService(ServiceRef { service }),
        ExecuteMsg::WithdrawServiceBond(ServiceRef { service }),
        ExecuteMsg::Burn {},
        ExecuteMsg::CloseEpoch {},
        ExecuteMsg::Propose(Change::Params(suite.params.clone())),
        ExecuteMsg::Apply(ChangeRef { change: ChangeKind::Params }),
        ExecuteMsg::Revoke(ChangeRef { change: ChangeKind::Params }),
        ExecuteMsg::SetPauser { pauser: Some(suite.account("pauser").to_string()) },
        ExecuteMsg::OfferOwnership { to: Some(suite.account("heir").to_string()) },
        ExecuteMsg::Pause {},
        ExecuteMsg::Unpause {},
        ExecuteMsg::AcceptOwnership {},
    ]
}

/// What tokens may be sent along with: one of each variant.
pub fn received(suite: &Suite) -> Vec<ReceiveMsg> {
    vec![
        ReceiveMsg::Request { items: vec![suite.item()] },
        ReceiveMsg::Deposit { account: None, sub: 0 },
        ReceiveMsg::Challenge { execution: 1u64.into() },
        ReceiveMsg::BondService { service: suite.service },
    ]
}

fn certificate() -> CertifyItem {
    let PublishItem { execution, mfuel, result } = Work::honest().publish(1);
    CertifyItem { execution, mfuel, result, seats: vec![1; 4 * 96].into() }
}

fn result() -> PostResultItem {
    let PublishItem { execution, mfuel, result } = Work::honest().publish(1);
    PostResultItem { execution, runner: RunnerId(1), mfuel, result, signature: vec![1; 64].into() }
}

fn decline() -> DeclineItem {
    DeclineItem { execution: 1u64.into(), runner: RunnerId(1), code: 1, signature: vec![1; 64].into() }
}

fn act(byte: u8) -> SignedAct {
    SignedAct::Seal { seal: Digest32([byte; 32]), signature: vec![1; 64].into() }
}

/// Name of a message or query on the wire.
pub fn name(msg: &impl serde::Serialize) -> String {
    let json = crate::snapshot::json(msg);
    json.as_object().unwrap().keys().next().unwrap().clone()
}

fn variants(schema: &impl serde::Serialize) -> BTreeSet<String> {
    let schema = serde_json::to_value(schema).unwrap();
    let variant = |one: &Value| one["required"][0].as_str().expect("a variant with fields").to_owned();
    schema["oneOf"].as_array().unwrap().iter().map(variant).collect()
}

/// Names of all queries.
pub fn queries() -> BTreeSet<String> {
    variants(&schema_for!(QueryMsg))
}

#[test]
fn no_variant_is_forgotten() {
    let suite = crate::phases::suite();
    let names: BTreeSet<_> = messages(&suite).iter().map(name).collect();
    assert_eq!(names, variants(&schema_for!(ExecuteMsg)));
    assert_eq!(messages(&suite).len(), names.len());
    let names: BTreeSet<_> = received(&suite).iter().map(name).collect();
    assert_eq!(names, variants(&schema_for!(ReceiveMsg)));
}

#[test]
fn results_have_five_forms() {
    let names: Vec<_> = variants(&schema_for!(ResultItem)).into_iter().collect();
    assert_eq!(names, ["digest", "error", "inline", "invalid", "valid"]);
}
