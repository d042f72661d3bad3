//! `Receive` with `RegisterService`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use cosmwasm_std::{Binary, Uint128, to_json_binary};
use cw_multi_test::Executor;
use cw20::Cw20ReceiveMsg;
use mesg_api::registry::{
    ExecuteMsg, Permission, QueryMsg, ReceiveMsg, RegistryEvent, RegistryRows, ServiceResponse, Status,
};
use mesg_api::token;
use mesg_protocol::ids::ServiceId;
use mesg_registry::ContractError;
use suite::{FEE, Suite, events, refusal, service};

#[test]
fn the_payer_owns_the_service_and_the_fee_is_burned() {
    let mut suite = Suite::new();
    let msg = ReceiveMsg::RegisterService {
        sid: "csv-report".to_owned(),
        name: Some("CSV report".to_owned()),
        description: Some("Statistics of a table".to_owned()),
        url: Some("https://example.org".to_owned()),
        tags: vec!["csv".to_owned(), "report".to_owned()],
    };
    let response = suite.send("alice", FEE, &msg).unwrap();
    let alice = suite.account("alice");
    assert_eq!(
        events(&response),
        [(
            1,
            RegistryEvent::ServiceRegistered {
                service: 1,
                sid: "csv-report".into(),
                owner: alice.to_string(),
                fee: FEE
            }
        )]
    );
    assert_eq!((suite.balance(&alice), suite.balance(&suite.registry), suite.supply()), (9_500, 0, 19_500));

    let found: ServiceResponse = suite.query(&QueryMsg::ServiceBySid { sid: "csv-report".into() });
    let expected = ServiceResponse {
        service: ServiceId(1),
        sid: "csv-report".into(),
        owner: alice.clone(),
        status: Status::Active,
        latest: None,
        name: Some("CSV report".into()),
        description: Some("Statistics of a table".into()),
        url: Some("https://example.org".into()),
        tags: vec!["csv".into(), "report".into()],
        proposed_owner: None,
    };
    assert_eq!(found, expected);
    let rows = RegistryRows { registry: &suite.registry };
    let row = rows.service(&suite.app.wrap(), ServiceId(1)).unwrap().unwrap();
    assert_eq!((row.owner, row.status, row.latest), (canonical(&suite, "alice"), Status::Active, None));
}

fn canonical(suite: &Suite, name: &str) -> cosmwasm_std::CanonicalAddr {
    cosmwasm_std::Api::addr_canonicalize(suite.app.api(), suite.account(name).as_str()).unwrap()
}

#[test]
fn the_amount_must_be_the_fee_exactly() {
    for amount in [FEE - 1, FEE + 1] {
        let mut suite = Suite::new();
        match refusal(suite.send("alice", amount, &service("a"))) {
            ContractError::WrongFee { got, fee } => assert_eq!((got.u128(), fee.u128()), (amount, FEE)),
            other => panic!("{other}"),
        }
        assert_eq!((suite.balance(&suite.account("alice")), suite.supply()), (10_000, 20_000));
    }
}

#[test]
fn only_the_token_may_report_a_payment() {
    let mut suite = Suite::new();
    let alice = suite.account("alice");
    let forged = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: alice.to_string(),
        amount: Uint128::new(FEE),
        msg: to_json_binary(&service("a")).unwrap(),
    });
    let error = refusal(suite.execute("alice", &forged));
    assert!(matches!(error, ContractError::NotPermitted { needed: Permission::Token, .. }), "{error}");

    // a second token of the same code is a stranger too
    let initial_balances = vec![cw20::Cw20Coin { address: alice.to_string(), amount: Uint128::new(FEE) }];
    let other = token::InstantiateMsg { name: "Other".into(), symbol: "OTHER".into(), decimals: 6, initial_balances };
    let admin = suite.admin.clone();
    let other = suite.app.instantiate_contract(1, admin, &other, &[], "other", None).unwrap();
    let send = token::ExecuteMsg::Send {
        contract: suite.registry.to_string(),
        amount: Uint128::new(FEE),
        msg: to_json_binary(&service("a")).unwrap(),
    };
    let error = refusal(suite.app.execute_contract(alice, other, &send, &[]));
    assert!(matches!(error, ContractError::NotPermitted { needed: Permission::Token, .. }), "{error}");
}

#[test]
fn a_name_is_taken_once_and_stays_taken() {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    let retire = ExecuteMsg::SetStatus { service: ServiceId(1), status: Status::Retired };
    suite.execute("alice", &retire).unwrap();
    match refusal(suite.register("bob", "a")) {
        ContractError::SidTaken { sid, service } => assert_eq!((sid.as_str(), service), ("a", ServiceId(1))),
        other => panic!("{other}"),
    }
    suite.register("bob", "b").unwrap();
}

#[test]
fn each_text_is_bounded() {
    let mut suite = Suite::new();
    let text = |len: usize| Some("a".repeat(len));
    let url = |len: usize| Some(format!("https://{}", "a".repeat(len - 8)));
    let with = |sid: &str, name: Option<String>, description: Option<String>, url: Option<String>| {
        ReceiveMsg::RegisterService { sid: sid.to_owned(), name, description, url, tags: vec![] }
    };
    let cases = [
        (with("", None, None, None), "sid", 0, 63),
        (with(&"a".repeat(64), None, None, None), "sid", 64, 63),
        (with("a", text(0), None, None), "name", 0, 64),
        (with("a", text(65), None, None), "name", 65, 64),
        (with("a", None, text(0), None), "description", 0, 1024),
        (with("a", None, text(1025), None), "description", 1025, 1024),
        (with("a", None, None, text(0)), "url", 0, 256),
        (with("a", None, None, url(257)), "url", 257, 256),
    ];
    for (msg, field, got, max) in cases {
        match refusal(suite.send("alice", FEE, &msg)) {
            ContractError::Length { field: f, got: g, min: 1, max: m } => assert_eq!((f, g, m), (field, got, max)),
            other => panic!("{field}: {other}"),
        }
    }
    suite.send("alice", FEE, &with(&"a".repeat(63), text(64), text(1024), url(256))).unwrap();
}

#[test]
fn other_spellings_of_name_and_page_are_refused() {
    let mut suite = Suite::new();
    for sid in ["A", "a_b", "-a", "a-", "a.b", "é"] {
        let error = refusal(suite.register("alice", sid));
        assert!(matches!(error, ContractError::Sid { ref got } if got == sid), "{error}");
    }
    for page in ["ftp://x", "example.org", "https://", "javascript:alert(1)", "https://a b"] {
        let url = Some(page.to_owned());
        let msg = ReceiveMsg::RegisterService { sid: "a".into(), name: None, description: None, url, tags: vec![] };
        let error = refusal(suite.send("alice", FEE, &msg));
        assert!(matches!(error, ContractError::Url { ref got } if got == page), "{error}");
    }
}

#[test]
fn what_is_no_registration_is_refused() {
    let mut suite = Suite::new();
    for json in ["", "{}", r#"{"register_service":{"sid":"a","fee":"1"}}"#, r#"{"deposit":{}}"#] {
        let send = token::ExecuteMsg::Send {
            contract: suite.registry.to_string(),
            amount: Uint128::new(FEE),
            msg: Binary::from(json.as_bytes()),
        };
        let (alice, token) = (suite.account("alice"), suite.token.clone());
        let error = refusal(suite.app.execute_contract(alice, token, &send, &[]));
        assert!(matches!(error, ContractError::Std(_)), "{json}: {error}");
    }
    assert_eq!(suite.supply(), 20_000);
}
