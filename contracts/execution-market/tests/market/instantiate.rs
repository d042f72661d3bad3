//! Instantiation and migration: peers, beacon, parameters.

use cosmwasm_std::testing::{mock_dependencies, mock_env};
use cosmwasm_std::{Addr, to_json_binary};
use cw_multi_test::{ContractWrapper, Executor};
use mesg_api::market::{GovernanceResponse, InstantiateMsg, MigrateMsg, QueryMsg};
use mesg_api::message::Message;
use mesg_api::{registry, staking};
use mesg_execution_market::contract::{self, CONTRACT_NAME};
use mesg_protocol::bps::Bps;
use mesg_test_kit::Suite;
use serde_json::json;

use crate::phases::{queued, suite};

const UNBONDING: u32 = 14 * 86_400;

/// A message like the one that made the suite's market, with stakes that have no market yet.
fn message(suite: &mut Suite) -> InstantiateMsg {
    let config: mesg_api::market::ConfigResponse = suite.ask(&QueryMsg::Config {});
    let registry = suite.registry.clone();
    InstantiateMsg {
        staking: another_staking(suite, &registry, UNBONDING),
        registry: registry.to_string(),
        beacon: config.beacon,
        params: suite.params.clone(),
        owner: None,
        pauser: None,
    }
}

fn instantiate(suite: &mut Suite, msg: &impl serde::Serialize) -> Result<Addr, String> {
    let code = suite.app.contract_data(&suite.market).unwrap().code_id;
    let sender = suite.account("developer");
    let msg: serde_json::Value = serde_json::from_slice(&to_json_binary(msg).unwrap()).unwrap();
    suite.app.instantiate_contract(code, sender, &msg, &[], "market", None).map_err(|error| format!("{error:#}"))
}

#[track_caller]
fn refused(suite: &mut Suite, change: impl FnOnce(&mut InstantiateMsg), why: &str) {
    let mut msg = message(suite);
    change(&mut msg);
    let error = instantiate(suite, &msg).unwrap_err();
    assert!(error.contains(why), "{error:?} does not say {why:?}");
}

/// Another staking contract beside the suite's.
fn another_staking(suite: &mut Suite, registry: &Addr, unbonding_secs: u32) -> String {
    let code = suite.app.contract_data(&suite.staking).unwrap().code_id;
    let msg = staking::InstantiateMsg {
        token: suite.token.to_string(),
        registry: registry.to_string(),
        epoch_secs: 1_200,
        unbonding_secs,
        block_max_avg: 10,
        min_stake: 1u128.into(),
        capacity_bps: Bps::saturating(4_000),
        producer_epoch_secs: staking::msg::producer_epoch_secs(),
    };
    let sender = suite.account("developer");
    suite.app.instantiate_contract(code, sender, &msg, &[], "staking", None).unwrap().into_string()
}

#[test]
fn a_second_market_has_another_domain() {
    let mut suite = suite();
    let msg = message(&mut suite);
    let other = instantiate(&mut suite, &msg).unwrap();
    let config: mesg_api::market::ConfigResponse = suite.query(&other, &QueryMsg::Config {}).unwrap();
    assert_ne!(config.domain, suite.domain());
    assert_eq!((config.executions.u64(), config.seq.u64()), (0, 0));
}

/// It would take requests, draw runners and keep the escrow for ever: staking refuses its slashes.
#[test]
fn a_second_market_of_one_staking_is_refused() {
    let mut suite = suite();
    let (taken, market) = (suite.staking.to_string(), suite.market.clone());
    refused(&mut suite, |msg| msg.staking = taken, &format!("peers disagree about market: {market}"));
}

#[test]
fn peers_are_what_they_are_called() {
    let mut suite = suite();
    let (token, registry, staking) = (suite.token.to_string(), suite.registry.to_string(), suite.staking.to_string());
    refused(&mut suite, |msg| msg.registry = token, "registry is contract mesg-token, must be mesg-registry");
    refused(&mut suite, |msg| msg.staking = registry, "staking is contract mesg-registry, must be mesg-staking");
    refused(&mut suite, |msg| msg.registry = staking.to_uppercase(), "not normalized");
    let nobody = suite.account("nobody").to_string();
    refused(&mut suite, |msg| msg.registry = nobody, "");
}

#[test]
fn peers_agree_on_registry_and_token() {
    let mut suite = suite();
    let code = suite.app.contract_data(&suite.registry).unwrap().code_id;
    let token_code = suite.app.contract_data(&suite.token).unwrap().code_id;
    let developer = suite.account("developer");
    let token = mesg_api::token::InstantiateMsg {
        name: "Other".to_owned(),
        symbol: "OTHER".to_owned(),
        decimals: 6,
        initial_balances: vec![cw20::Cw20Coin { address: developer.to_string(), amount: 1u128.into() }],
    };
    let token = suite.app.instantiate_contract(token_code, developer.clone(), &token, &[], "token", None).unwrap();
    for (token, field) in [(suite.token.clone(), "registry"), (token, "token")] {
        let msg = registry::InstantiateMsg {
            owner: developer.to_string(),
            token: token.to_string(),
            registration_fee: 1u128.into(),
        };
        let other = suite.app.instantiate_contract(code, developer.clone(), &msg, &[], "registry", None).unwrap();
        refused(&mut suite, |msg| msg.registry = other.to_string(), &format!("peers disagree about {field}"));
    }
}

#[test]
fn unbonding_outlives_the_longest_execution_twice() {
    let mut suite = suite();
    // `Verify` of 4 hours: windows of work of 28,860 s, stays of 900 s, openings of 300 s, publishing of 360 s, challenge windows
    // of a day. 9 windows, 1 + 4 + 4 + 3 stays, 3 openings, 2 publishings and 3 challenge windows, twice.
    let registry = suite.registry.clone();
    let short = another_staking(&mut suite, &registry, 1_062_719);
    refused(&mut suite, |msg| msg.staking = short, "unbonding takes 1062719 s, must take at least 1062720 s");
    let staking = another_staking(&mut suite, &registry, 1_062_720);
    let msg = InstantiateMsg { staking, ..message(&mut suite) };
    instantiate(&mut suite, &msg).unwrap();
}

#[test]
fn the_beacon_key_is_a_point_of_g2() {
    let mut suite = suite();
    let good = message(&mut suite).beacon.public_key;
    let mut infinity = vec![0; 96];
    infinity[0] = 0xc0;
    for bad in [vec![], good[..95].to_vec(), vec![0x80; 96], infinity, [good.as_slice(), &good].concat()] {
        refused(&mut suite, |msg| msg.beacon.public_key = bad.into(), "beacon public_key is not a point of G2");
    }
    refused(&mut suite, |msg| msg.beacon.period = 0u64.into(), "period is 0, must be 1 to 60");
    refused(&mut suite, |msg| msg.beacon.period = 61u64.into(), "period is 61, must be 1 to 60");
}

/// Milliseconds where seconds are meant; and rounds that are later than the longest stay in the queue, which would refund
/// every request.
#[test]
fn attack_08_the_beacon_has_a_round_for_every_request() {
    let mut suite = suite();
    let now = suite.now();
    let (latest, late) = (now + 86_400, format!("genesis is {}, must be 0 to {}", now + 86_401, now + 86_400));
    refused(&mut suite, |msg| msg.beacon.genesis = (latest + 1).into(), &late);
    refused(&mut suite, |msg| msg.beacon.genesis = (now * 1_000).into(), "genesis is 1");
    let mut msg = message(&mut suite);
    msg.beacon.genesis = latest.into();
    instantiate(&mut suite, &msg).unwrap();
    let by_minute = |t_queue: u32| {
        move |msg: &mut InstantiateMsg| {
            msg.beacon.period = 60u64.into();
            (msg.params.margin, msg.params.t_queue) = (9, t_queue);
        }
    };
    refused(&mut suite, by_minute(18), "parameter t_queue is 18, must be 75 to 1191");
    let mut msg = message(&mut suite);
    by_minute(75)(&mut msg);
    instantiate(&mut suite, &msg).unwrap();
}

#[test]
fn parameters_stay_in_their_bounds() {
    let mut suite = suite();
    refused(&mut suite, |msg| msg.params.block_max_avg = 9, "block_max_avg is 9, must be 10 to 60");
    refused(&mut suite, |msg| msg.params.margin = 8, "parameter margin is 8, must be 9 to 120");
    refused(&mut suite, |msg| msg.params.t_queue = 1_177, "parameter t_queue is 1177, must be 33 to 1176");
    refused(&mut suite, |msg| msg.params.gate_bps = Bps::saturating(7_001), "parameter gate is 7001");
}

#[test]
fn a_chain_name_must_fit_the_domain() {
    let mut suite = suite();
    suite.app.update_block(|block| block.chain_id = "c".repeat(256));
    refused(&mut suite, |_| {}, "256");
}

#[test]
fn roles_are_named_or_nobodys() {
    let mut suite = suite();
    let governance = |suite: &mut Suite, msg: &InstantiateMsg| {
        let market = instantiate(suite, msg).unwrap();
        suite.query::<GovernanceResponse>(&market, &QueryMsg::Governance {}).unwrap()
    };
    let msg = message(&mut suite);
    let found = governance(&mut suite, &msg);
    assert_eq!((found.owner, found.pauser, found.paused), (None, None, None));
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let msg = InstantiateMsg { owner: Some(alice.to_string()), pauser: Some(bob.to_string()), ..msg };
    let found = governance(&mut suite, &msg);
    assert_eq!((found.owner, found.pauser, found.paused), (Some(alice), Some(bob), None));
    refused(&mut suite, |msg| msg.owner = Some("me".to_owned()), "");
    refused(&mut suite, |msg| msg.pauser = Some(String::new()), "");
}

#[test]
fn no_coins_and_no_unknown_fields() {
    let mut suite = suite();
    let mut msg = serde_json::to_value(message(&mut suite)).unwrap();
    msg["admin"] = json!("me");
    let error = instantiate(&mut suite, &msg).unwrap_err();
    assert!(error.contains("admin"), "{error}");
    let deps = &mut mock_dependencies();
    let info = cosmwasm_std::testing::message_info(&Addr::unchecked("x"), &cosmwasm_std::coins(1, "stake"));
    let error = contract::instantiate(deps.as_mut(), mock_env(), info, Message(message(&mut suite))).unwrap_err();
    assert_eq!(error.to_string(), "This message does no accept funds");
}

#[test]
fn attack_41_migration_is_from_an_older_version_of_the_same_contract() {
    let mut deps = mock_dependencies();
    let mut migrate_from = |name: &str, version: &str| {
        cw2::set_contract_version(&mut deps.storage, name, version).unwrap();
        contract::migrate(deps.as_mut(), mock_env(), Message(MigrateMsg::default())).map_err(|error| error.to_string())
    };
    migrate_from(CONTRACT_NAME, "0.0.9").unwrap();
    assert!(migrate_from("mesg-staking", "0.0.9").unwrap_err().contains("mesg-staking"));
    assert!(migrate_from(CONTRACT_NAME, "99.0.0").unwrap_err().contains("99.0.0"));
}

#[test]
fn attack_41_nobody_migrates_a_market_without_admin() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    let code = suite.app.store_code(Box::new(
        ContractWrapper::new_with_empty(contract::execute, contract::instantiate, contract::query)
            .with_migrate_empty(contract::migrate),
    ));
    let market = suite.market.clone();
    for name in ["developer", "mallory"] {
        let sender = suite.account(name);
        suite.app.migrate_contract(sender, market.clone(), &MigrateMsg::default(), code).unwrap_err();
    }
    suite.run_to_end(execution);
}
