//! Instantiation, `SetMarket`, migration, and what every message has in common.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cosmwasm_std::{Uint128, coins};
use cw_multi_test::Executor;
use mesg_api::staking::{CONTRACT_NAME, ConfigResponse, ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use mesg_protocol::bps::Bps;
use mesg_protocol::ids::RunnerId;
use mesg_staking::{ContractError, contract};
use suite::{EPOCH, PRODUCER_EPOCH, Suite, instantiate_msg};

fn refused(change: impl FnOnce(&mut InstantiateMsg)) -> ContractError {
    let mut deps = mock_dependencies();
    let [token, registry, sender] = ["token", "registry", "deployer"].map(|name| deps.api.addr_make(name));
    let mut msg = instantiate_msg(&token, &registry);
    change(&mut msg);
    contract::instantiate(deps.as_mut(), mock_env(), message_info(&sender, &[]), msg).unwrap_err()
}

#[test]
fn each_parameter_keeps_its_bounds() {
    let field = |change: fn(&mut InstantiateMsg)| match refused(change) {
        ContractError::OutOfBounds { field, .. } => field,
        other => panic!("{other}"),
    };
    assert_eq!(field(|msg| msg.epoch_secs = 0), "epoch_secs");
    assert_eq!(field(|msg| msg.epoch_secs = 21_601), "epoch_secs");
    assert_eq!(field(|msg| msg.unbonding_secs = 0), "unbonding_secs");
    assert_eq!(field(|msg| msg.unbonding_secs = 2_592_001), "unbonding_secs");
    assert_eq!(field(|msg| msg.block_max_avg = 0), "block_max_avg");
    assert_eq!(field(|msg| msg.block_max_avg = 61), "block_max_avg");
    assert_eq!(field(|msg| msg.min_stake = Uint128::zero()), "min_stake");
    assert_eq!(field(|msg| msg.capacity_bps = Bps::saturating(999)), "capacity_bps");
    assert_eq!(field(|msg| msg.capacity_bps = Bps::saturating(5_001)), "capacity_bps");
    assert_eq!(field(|msg| msg.producer_epoch_secs = 9), "producer_epoch_secs");
    assert_eq!(field(|msg| msg.producer_epoch_secs = 604_801), "producer_epoch_secs");
}

#[test]
fn attack_39_peers_are_named_in_one_spelling() {
    assert!(matches!(refused(|msg| msg.token = msg.token.to_uppercase()), ContractError::Std(_)));
    assert!(matches!(refused(|msg| msg.registry = "registry".to_owned()), ContractError::Std(_)));
    let mut suite = Suite::without_market();
    let market = suite.market.to_string().to_uppercase();
    assert!(matches!(suite.refused("deployer", &ExecuteMsg::SetMarket { market }), ContractError::Std(_)));
}

#[test]
fn the_configuration_is_shown() {
    let suite = Suite::new();
    let config: ConfigResponse = suite.query(&QueryMsg::Config {});
    assert_eq!((config.token, config.registry), (suite.token.clone(), suite.registry.clone()));
    assert_eq!((config.market, config.instantiator), (Some(suite.market.clone()), suite.account("deployer")));
    assert_eq!((config.epoch_secs, config.epoch.u64()), (EPOCH, suite.epoch()));
    assert_eq!(config.producer_epoch_secs, PRODUCER_EPOCH);
}

#[test]
fn a_configuration_of_0_1_0_has_producers_epochs_of_a_day() {
    let mut suite = Suite::new();
    let staking = suite.staking.clone();
    let mut storage = suite.app.contract_storage_mut(&staking);
    let stored = String::from_utf8(storage.get(b"config").unwrap()).unwrap();
    let old = stored.replace(",\"producer_epoch_secs\":86400", "");
    assert_ne!(old, stored);
    storage.set(b"config", old.as_bytes());
    drop(storage);
    assert_eq!(suite.query::<ConfigResponse>(&QueryMsg::Config {}).producer_epoch_secs, 86_400);
}

#[test]
fn native_coins_are_refused_by_every_message() {
    let mut deps = mock_dependencies();
    let [token, registry, sender] = ["token", "registry", "deployer"].map(|name| deps.api.addr_make(name));
    let msg = instantiate_msg(&token, &registry);
    let funded = message_info(&sender, &coins(1, "stake"));
    let refused = contract::instantiate(deps.as_mut(), mock_env(), funded.clone(), msg.clone()).unwrap_err();
    assert!(matches!(refused, ContractError::Payment(_)));
    contract::instantiate(deps.as_mut(), mock_env(), message_info(&sender, &[]), msg).unwrap();
    for msg in [ExecuteMsg::SetMarket { market: token.to_string() }, ExecuteMsg::Sync { runner: RunnerId(1) }] {
        let refused = contract::execute(deps.as_mut(), mock_env(), funded.clone(), msg).unwrap_err();
        assert!(matches!(refused, ContractError::Payment(_)));
    }
}

#[test]
fn migration_is_from_older_versions_of_this_contract_only() {
    let mut suite = Suite::new();
    let runner = suite.runner("alice", 1_000, &[]);
    let (staking, before) = (suite.staking.clone(), suite.get(runner));
    let code = suite.app.contract_data(&staking).unwrap().code_id;
    let admin = suite.account("deployer");
    let mut migrate = |name: &str, version: &str| {
        cw2::set_contract_version(&mut *suite.app.contract_storage_mut(&staking), name, version).unwrap();
        let refused = suite.app.migrate_contract(admin.clone(), staking.clone(), &MigrateMsg {}, code);
        refused.map_err(|error| error.downcast::<ContractError>().unwrap())
    };
    migrate(CONTRACT_NAME, "0.0.9").unwrap();
    assert!(matches!(migrate("mesg-token", "0.0.9"), Err(ContractError::Migration(_))));
    assert!(matches!(migrate(CONTRACT_NAME, "9.0.0"), Err(ContractError::Migration(_))));
    assert_eq!(suite.get(runner), before, "what was there stays");
}
