//! Whatever is oversized, malformed, of the wrong type or attached is refused by name, and nothing moves.

use cosmwasm_std::{BankMsg, coins};
use cw_multi_test::{Executor, SudoMsg};
use mesg_api::market::{Change, ChangeKind, ChangeRef, ExecuteMsg, Input, QueryMsg, ReceiveMsg, RequestItem, TipsMsg};
use mesg_api::token;
use mesg_protocol::digest::sha256;
use mesg_test_kit::Suite;
use serde_json::{Value, json};

use crate::disputes::long_suite;
use crate::messages::{messages, name, queries, received};
use crate::phases::{provisional, queued, request_by_send, suite};
use crate::request::{request, rich};
use crate::snapshot::{json, refused, refused_send, send_json, snapshot};

fn inline(suite: &Suite, json: &str) -> RequestItem {
    RequestItem { input: Input::Inline { json: json.to_owned() }, ..suite.item() }
}

/// An input of exactly `len` bytes.
fn of_len(len: usize) -> String {
    let numbers = vec!["1"; (len - 14) / 2].join(",");
    let json = format!(r#"{{"numbers":[{numbers}]}}"#);
    let missing = len - json.len();
    json.replacen('1', &"1".repeat(missing + 1), 1)
}

#[test]
fn attack_25_inputs_have_bounds() {
    let mut suite = rich();
    for (len, why) in [(4_097, "input is 4097, must be 2 to 4096"), (60_000, "input is 60000, must be 2 to 4096")] {
        let item = inline(&suite, &of_len(len));
        refused(&mut suite, "alice", &request(vec![item]), why);
    }
    let item = inline(&suite, "1");
    refused(&mut suite, "alice", &request(vec![item]), "input is 1, must be 2 to 4096");
    let item = inline(&suite, &of_len(4_096));
    suite.market("alice", &request(vec![item])).unwrap();
    let digest = |len: u32, locator: usize| {
        let input = Input::Digest { sha256: sha256(&[b"x"]), len, locator: "l".repeat(locator) };
        RequestItem {
            terms: mesg_protocol::ids::TermsId(1),
            input,
            max_fee: 100_000_000u128.into(),
            validators: None,
            own_runner: None,
        }
    };
    for (len, locator, why) in [
        (1, 5, "input is 1, must be 2 to 100000"),
        (100_001, 5, "input is 100001, must be 2 to 100000"),
        (u32::MAX, 5, "input is 4294967295, must be 2 to 100000"),
        (2, 0, "locator is 0, must be 1 to 256"),
        (2, 257, "locator is 257, must be 1 to 256"),
    ] {
        refused(&mut suite, "alice", &request(vec![digest(len, locator)]), why);
    }
    suite.market("alice", &request(vec![digest(2, 1), digest(100_000, 256)])).unwrap();
}

#[test]
fn the_tasks_own_limit_counts_too() {
    let mut suite = Suite::builder().task(|task| task.max_input = 17).build();
    suite.deposit("alice", 10_000_000).unwrap();
    let item = suite.item();
    refused(&mut suite, "alice", &request(vec![item]), "input is 18, must be 2 to 17");
}

#[test]
fn inputs_are_canonical_json() {
    let mut suite = rich();
    let deep = format!("{}1{}", "[".repeat(33), "]".repeat(33));
    for (json, why) in [
        ("", "input is 0, must be 2 to 4096"),
        ("{}x", "input: "),
        ("hello", "input: unexpected character at byte 0"),
        (r#"{"numbers":[1,2]"#, "input: the JSON text ends too early, at byte 16"),
        (r#"{"numbers": [1]}"#, "input: not in canonical form from byte 11"),
        (r#"{"numbers":[1.5]}"#, "input: the number at byte 12 is not written as an integer"),
        (r#"{"numbers":[1e3]}"#, "input: the number at byte 12 is not written as an integer"),
        (r#"{"numbers":[9007199254740992]}"#, "input: the integer at byte 12 is outside"),
        (r#"{"numbers":[01]}"#, "input: "),
        (r#"{"numbers":[-0]}"#, "input: "),
        (r#"{"numbers":[],"numbers":[]}"#, "input: the key at byte 14 is a duplicate"),
        (r#"{"z":1,"numbers":[1]}"#, "input: not in canonical form"),
        (r#"{"n\u0075mbers":[1]}"#, "input: not in canonical form"),
        (deep.as_str(), "input: nested deeper than 32"),
        ("{\"numbers\":[\"\u{1}\"]}", "input: unescaped control character at byte 13"),
        (r#"{"numbers":["\ud800"]}"#, "input: lone surrogate"),
    ] {
        let item = inline(&suite, json);
        refused(&mut suite, "alice", &request(vec![item]), why);
    }
}

#[test]
fn inputs_are_of_the_tasks_types() {
    let mut suite = rich();
    for (json, why) in [
        ("{}", "numbers is missing"),
        ("[]", "input: "),
        (r#"{"numbers":1}"#, "numbers: expected an array, got"),
        (r#"{"numbers":[true]}"#, "expected"),
        (r#"{"numbers":["1x"]}"#, "is not a decimal number"),
        (r#"{"numbers":[null]}"#, "expected"),
        (r#"{"more":1,"numbers":[1]}"#, "more is not declared"),
    ] {
        let item = inline(&suite, json);
        refused(&mut suite, "alice", &request(vec![item]), why);
    }
}

#[test]
fn attack_35_another_tokens_send_pays_for_nothing() {
    let mut suite = long_suite();
    provisional(&mut suite);
    let code = suite.app.contract_data(&suite.token).unwrap().code_id;
    let mallory = suite.account("mallory");
    let msg = token::InstantiateMsg {
        name: "Fake".to_owned(),
        symbol: "MESG".to_owned(),
        decimals: 6,
        initial_balances: vec![cw20::Cw20Coin { address: mallory.to_string(), amount: u128::MAX.into() }],
    };
    let fake = suite.app.instantiate_contract(code, mallory, &msg, &[], "fake", None).unwrap();
    let real = std::mem::replace(&mut suite.token, fake);
    let before = suite.app.dump_wasm_raw(&suite.market);
    for msg in received(&suite) {
        let market = suite.market.clone();
        let error = suite.send_token("mallory", &market, 100_000_000, &msg).unwrap_err();
        assert!(error.contains("sender must be Token"), "{error}");
    }
    assert_eq!(suite.app.dump_wasm_raw(&suite.market), before);
    suite.token = real;
    suite.check_invariants();
}

#[test]
fn no_message_takes_native_coins() {
    let mut suite = suite();
    queued(&mut suite);
    let alice = suite.account("alice");
    let funds = coins(7, "stake");
    suite
        .app
        .sudo(SudoMsg::Bank(cw_multi_test::BankSudo::Mint { to_address: alice.to_string(), amount: funds.clone() }))
        .unwrap();
    for msg in messages(&suite) {
        let (before, market) = (snapshot(&suite), suite.market.clone());
        let error = send_json(&mut suite, &alice, &market, &json(&msg), &funds).unwrap_err();
        assert!(error.contains("does no accept funds"), "{}: {error}", name(&msg));
        assert_eq!(snapshot(&suite), before);
        assert_eq!(suite.app.wrap().query_balance(&alice, "stake").unwrap().amount.u128(), 7);
    }
    let burn = BankMsg::Burn { amount: funds };
    suite.app.execute(alice, burn.into()).unwrap();
}

/// Objects inside a message, each with a field that nobody knows.
fn with_unknown_fields(msg: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match msg {
        Value::Object(fields) => {
            let mut more = fields.clone();
            more.insert("unknown_field".to_owned(), json!(1));
            all.push(Value::Object(more));
            for (key, value) in fields {
                for changed in with_unknown_fields(value) {
                    let mut fields = fields.clone();
                    fields.insert(key.clone(), changed);
                    all.push(Value::Object(fields));
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for changed in with_unknown_fields(item) {
                    let mut items = items.clone();
                    items[index] = changed;
                    all.push(Value::Array(items));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn unknown_fields_are_refused_at_every_depth() {
    let mut suite = suite();
    queued(&mut suite);
    let (alice, market) = (suite.account("alice"), suite.market.clone());
    let mut tried = 0;
    for msg in messages(&suite).iter().map(json) {
        for bad in with_unknown_fields(&msg) {
            if bad["receive"]["unknown_field"] == json!(1) {
                continue; // the hook's own fields are cw20's, and only the token sends them
            }
            let before = snapshot(&suite);
            let error = send_json(&mut suite, &alice, &market, &bad, &[]).unwrap_err();
            assert!(error.contains("unknown_field") || error.contains("Expected"), "{bad}: {error}");
            assert_eq!(snapshot(&suite), before, "{bad}");
            tried += 1;
        }
    }
    assert!(tried > 35, "{tried}");
}

#[test]
fn unknown_fields_of_what_is_sent_along_are_refused() {
    let mut suite = long_suite();
    provisional(&mut suite);
    for msg in received(&suite) {
        for bad in with_unknown_fields(&json(&msg)) {
            refused_send(&mut suite, "developer", 50_000_000, &bad, "");
        }
        let market = suite.market.clone();
        suite.send_token("developer", &market, 50_000_000, &msg).expect("taken as it is");
    }
}

#[test]
fn unknown_messages_and_queries_are_refused() {
    let mut suite = suite();
    let (alice, market) = (suite.account("alice"), suite.market.clone());
    for bad in
        [json!({}), json!({"cancel": {}}), json!("tick"), json!([]), json!(null), json!({"tick": {}, "burn": {}})]
    {
        send_json(&mut suite, &alice, &market, &bad, &[]).unwrap_err();
    }
    for query in queries() {
        let bad = json!({ query: { "unknown_field": 1 } });
        suite.query::<Value>(&market, &bad).unwrap_err();
    }
    suite.query::<Value>(&market, &json!({"nothing": {}})).unwrap_err();
}

#[test]
fn numbers_beyond_their_type_are_refused() {
    let mut suite = suite();
    let (alice, market) = (suite.account("alice"), suite.market.clone());
    for bad in [
        json!({"seat": {"executions": ["18446744073709551616"]}}),
        json!({"seat": {"executions": ["-1"]}}),
        json!({"seat": {"executions": [1]}}),
        json!({"withdraw": {"sub": 4_294_967_296u64}}),
        json!({"withdraw": {"sub": -1}}),
        json!({"withdraw": {"amount": "340282366920938463463374607431768211456"}}),
        json!({"withdraw": {"amount": 5}}),
        json!({"withdraw": {"amount": "5.0"}}),
        json!({"claim": {"runners": ["1"]}}),
        json!({"open": {"items": [{"execution": "1", "runner": 1, "value": "00", "salt": "00"}]}}),
        json!({"submit_beacon": {"round": "1", "signature": "not base64!", "executions": ["1"]}}),
        json!({"submit_beacon": {"round": "18446744073709551616", "signature": "", "executions": ["1"]}}),
        json!({"decline": {"items": [{"execution": "1", "runner": 1, "code": 65_536, "signature": ""}]}}),
        json!({"decline": {"items": [{"execution": "1", "runner": 4_294_967_296u64, "code": 1, "signature": ""}]}}),
        json!({"post_result": {"items": [{"execution": "1", "runner": 1, "mfuel": "-1", "result": {"invalid": {}}, "signature": ""}]}}),
        json!({"publish": {"items": [{"execution": "1", "mfuel": "0", "result": {"valid": {"witness": "ab", "len": 1}}}]}}),
        json!({"certify": {"items": [{"execution": "1", "mfuel": "0", "result": {"invalid": {}}, "seats": "!"}]}}),
        json!({"challenge": {"execution": "1e3"}}),
    ] {
        let before = snapshot(&suite);
        send_json(&mut suite, &alice, &market, &bad, &[]).unwrap_err();
        assert_eq!(snapshot(&suite), before, "{bad}");
    }
}

#[test]
fn attack_39_addresses_have_one_form() {
    let mut suite = suite();
    let bob = suite.account("bob").to_string();
    let mixed = format!("{}{}", &bob[..20], bob[20..].to_uppercase());
    let upper = bob.to_uppercase();
    for bad in [&upper, &mixed, &"osmo1x".to_owned(), &String::new()] {
        let deposit = ReceiveMsg::Deposit { account: Some(bad.clone()), sub: 0 };
        refused_send(&mut suite, "alice", 5, &deposit, "");
        let queries = [
            QueryMsg::Purse { account: bad.clone(), sub: 0 },
            QueryMsg::ExecutionsByRequester { requester: bad.clone(), start_after: None, limit: None },
        ];
        for query in queries {
            suite.query::<Value>(&suite.market, &query).unwrap_err();
        }
    }
}

#[test]
fn attack_38_amounts_at_the_end_of_128_bits() {
    let mut suite = rich();
    let mut item = suite.item();
    item.max_fee = u128::MAX.into();
    suite.market("alice", &request(vec![item])).unwrap();
    let withdraw = |amount: u128| ExecuteMsg::Withdraw { sub: 0, amount: Some(amount.into()), to: None };
    refused(&mut suite, "alice", &withdraw(u128::MAX), "amount 340282366920938463463374607431768211455 is more than");
    let items = vec![suite.item()];
    request_by_send(&mut suite, "mallory", u128::MAX, items).unwrap_err();
    suite.check_invariants();
}

#[test]
fn attack_38_a_row_of_parameters_at_the_end_of_128_bits_stops_requests_and_nothing_else() {
    let mut suite = rich();
    let execution = queued(&mut suite);
    let mut params = suite.params.clone();
    let tip = cosmwasm_std::Uint128::MAX;
    params.tips = TipsMsg { tick: tip, beacon: tip, seat: tip, certify: tip, settle: tip };
    let change = ChangeRef { change: ChangeKind::Params };
    suite.market("governor", &ExecuteMsg::Propose(Change::Params(params.clone()))).unwrap();
    suite.advance(7 * 86_400);
    suite.market("governor", &ExecuteMsg::Apply(change.clone())).unwrap();
    let item = RequestItem { max_fee: tip, ..suite.item() };
    refused(&mut suite, "alice", &request(vec![item.clone()]), "amount does not fit 128 bits");
    params.tips = suite.params.tips.clone();
    params.gas_floor = tip;
    suite.market("governor", &ExecuteMsg::Propose(Change::Params(params))).unwrap();
    suite.advance(7 * 86_400);
    suite.market("governor", &ExecuteMsg::Apply(change)).unwrap();
    refused(
        &mut suite,
        "alice",
        &request(vec![item]),
        "per_call is 1000000, must be 340282366920938463463374607431768211455",
    );
    // What was requested before ends by its own row.
    suite.poke(execution).unwrap();
    assert_eq!(suite.execution(execution).phase, "refunded");
    suite.check_invariants();
}

#[test]
fn attack_38_prices_and_stakes_at_the_end_of_128_bits() {
    let mut suite = rich();
    let (registry, staking, version) = (suite.registry.clone(), suite.staking.clone(), suite.version);
    let most = cosmwasm_std::Uint128::MAX;
    for (per_call, per_kb, per_mfuel) in
        [(most, most, most), (most, 0u128.into(), 0u128.into()), (1u128.into(), most, most)]
    {
        let price = mesg_api::registry::Prices { per_call, per_kb, per_mfuel };
        let announce = mesg_api::registry::ExecuteMsg::AnnouncePrice { version, task: 0, price };
        suite.execute("developer", &registry, &announce).unwrap_err();
        let mut manifest = suite.manifest.clone();
        manifest.tasks[0].price = price;
        manifest.seat_bond = most;
        let publish = mesg_api::registry::ExecuteMsg::PublishVersion { service: suite.service, manifest };
        assert!(suite.execute("developer", &registry, &publish).is_err(), "{price:?}");
    }
    let runner = mesg_protocol::ids::RunnerId(1);
    let unbond = mesg_api::staking::ExecuteMsg::Unbond { runner, amount: most };
    suite.execute("owner0", &staking, &unbond).unwrap_err();
    suite.send_token("owner0", &staking, u128::MAX, &mesg_api::staking::ReceiveMsg::Bond { runner }).unwrap_err();
    let items = vec![suite.item()];
    suite.market("alice", &request(items)).unwrap();
    suite.check_invariants();
}
