//! The state of a real market of version 0.1.0, dumped from a wasmd node after `make demo` (tools/dump-state): this code
//! reads every record of it and its money adds up. Migrations to later versions start from it.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use cosmwasm_std::testing::{MockQuerier, mock_dependencies, mock_env};
use cosmwasm_std::{Binary, MemoryStorage, Order, OwnedDeps, Storage, Timestamp, from_json};
use mesg_api::market::{ConfigResponse, EXECUTIONS, LedgerResponse, PARAMS, QueryMsg};
use mesg_api::message::Message;
use mesg_api::registry::{SERVICES, TERMS, VERSIONS};
use mesg_api::staking::{KEYS, POOLS, RUNNERS};
use mesg_protocol::codec::Record;
use mesg_protocol::execution::{Outcome, Phase, Refund};
use mesg_protocol::ids::ExecutionId;
use serde_json::Value;

type Deps = OwnedDeps<MemoryStorage, cosmwasm_std::testing::MockApi, MockQuerier>;

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/state-0.1.0.json")).unwrap()
}

/// The storage of one contract.
fn deps(contract: &str) -> Deps {
    let mut deps = mock_dependencies();
    deps.api = deps.api.with_prefix("wasm");
    for model in fixture()["contracts"][contract]["models"].as_array().unwrap() {
        let key = hex(model["key"].as_str().unwrap());
        let value = Binary::from_base64(model["value"].as_str().unwrap()).unwrap();
        deps.storage.set(&key, &value);
    }
    deps
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Decodes every record under `prefix`; with the bytes that it was decoded from.
fn read<V: Record>(storage: &dyn Storage, prefix: &str) -> Vec<(V, Vec<u8>)> {
    let keys = storage.range(Some(prefix.as_bytes()), None, Order::Ascending);
    keys.take_while(|(key, _)| key.starts_with(prefix.as_bytes()))
        .map(|(key, bytes)| (V::decode(&bytes).unwrap_or_else(|error| panic!("{key:?}: {error}")), bytes))
        .collect()
}

/// Decodes every record under `prefix`, whose layout is still the present one, and encodes it to the same bytes; gives
/// how many there are.
fn reads<V: Record>(storage: &dyn Storage, prefix: &str) -> usize {
    let records = read::<V>(storage, prefix);
    records.iter().for_each(|(record, bytes)| assert_eq!(&record.encode(), bytes));
    records.len()
}

/// The market after its migration to this code.
fn migrated_market() -> Deps {
    let mut market = deps("execution-market");
    mesg_execution_market::contract::migrate(
        market.as_mut(),
        mock_env(),
        Message(mesg_api::market::MigrateMsg::default()),
    )
    .unwrap();
    market
}

fn ask<T: serde::de::DeserializeOwned>(deps: &Deps, msg: QueryMsg) -> T {
    let mut env = mock_env();
    env.block.time = Timestamp::from_seconds(2_000_000_000);
    from_json(mesg_execution_market::contract::query(deps.as_ref(), env, Message(msg)).unwrap()).unwrap()
}

#[test]
fn every_readable_record_is_read() {
    let market = deps("execution-market");
    assert_eq!(read::<mesg_protocol::execution::Execution>(&market.storage, EXECUTIONS.prefix()).len(), 3);
    assert_eq!(read::<mesg_protocol::params::Params>(&market.storage, PARAMS.prefix()).len(), 1);
    let registry = deps("registry");
    assert_eq!(read::<mesg_protocol::terms::Terms>(&registry.storage, TERMS.prefix()).len(), 2);
    assert_eq!(reads::<mesg_api::registry::ServiceRow>(&registry.storage, SERVICES.prefix()), 1);
    assert_eq!(reads::<mesg_api::registry::VersionRow>(&registry.storage, VERSIONS.prefix()), 1);
    let staking = deps("staking");
    assert_eq!(reads::<mesg_api::staking::RunnerRow>(&staking.storage, RUNNERS.prefix()), 12);
    assert_eq!(reads::<mesg_api::staking::AttestationKey>(&staking.storage, KEYS.prefix()), 12);
    assert_eq!(reads::<mesg_api::staking::PoolHeader>(&staking.storage, POOLS.prefix()), 1);
}

#[test]
fn the_executions_of_the_demo_are_there() {
    let market = deps("execution-market");
    let phase = |id| EXECUTIONS.may_load(&market.storage, ExecutionId(id)).unwrap().unwrap().phase;
    assert_eq!(phase(1), Phase::Ended { outcome: Outcome::Finalized });
    assert_eq!(phase(2), Phase::Ended { outcome: Outcome::Finalized });
    assert_eq!(phase(3), Phase::Ended { outcome: Outcome::Refunded(Refund::NoBeacon) });
    assert_eq!(ask::<ConfigResponse>(&migrated_market(), QueryMsg::Config {}).executions.u64(), 3);
}

#[test]
fn the_ledger_is_the_tokens_that_the_market_holds() {
    let ledger: LedgerResponse = ask(&deps("execution-market"), QueryMsg::Ledger {});
    let buckets: Vec<u128> = serde_json::to_value(&ledger)
        .unwrap()
        .as_object()
        .unwrap()
        .values()
        .map(|bucket| bucket.as_str().unwrap().parse().unwrap())
        .collect();
    let address = fixture()["contracts"]["execution-market"]["address"].as_str().unwrap().to_owned();
    let token = deps("token");
    let asked = cw20_base::msg::QueryMsg::Balance { address };
    let balance: cw20::BalanceResponse =
        from_json(mesg_token::contract::query(token.as_ref(), mock_env(), asked).unwrap()).unwrap();
    assert_eq!(buckets.iter().sum::<u128>(), balance.balance.u128());
}

#[test]
fn the_same_version_is_not_migrated_over_it() {
    let mut market = migrated_market();
    let refused = mesg_execution_market::contract::migrate(
        market.as_mut(),
        mock_env(),
        Message(mesg_api::market::MigrateMsg::default()),
    );
    assert!(refused.unwrap_err().to_string().contains("is not newer"));
}
