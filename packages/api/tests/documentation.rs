//! docs/contracts names every message and every query of each contract.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use cosmwasm_schema::schemars::JsonSchema;
use cosmwasm_schema::{QueryResponses, schema_for};
use mesg_api::{market, registry, staking, token};
use serde_json::Value;

const TOKEN: &str = include_str!("../../../docs/contracts/token.md");
const REGISTRY: &str = include_str!("../../../docs/contracts/registry.md");
const STAKING: &str = include_str!("../../../docs/contracts/staking.md");
const MARKET: &str = include_str!("../../../docs/contracts/execution-market.md");

/// Names of an enum's variants as they are on the wire.
fn messages<T: JsonSchema>() -> Vec<String> {
    let schema = serde_json::to_value(schema_for!(T)).unwrap();
    let variants = schema.get("oneOf").and_then(Value::as_array).unwrap();
    let name = |variant: &Value| variant.pointer("/required/0").and_then(Value::as_str).unwrap().to_owned();
    variants.iter().map(name).collect()
}

fn queries<T: QueryResponses>() -> Vec<String> {
    let responses: BTreeMap<String, _> = T::response_schemas().unwrap();
    responses.into_keys().collect()
}

fn missing(page: &str, names: Vec<String>) -> Vec<String> {
    names.into_iter().filter(|name| !page.contains(&format!("`{name}"))).collect()
}

#[test]
fn every_message_and_query_is_documented() {
    let none: [String; 0] = [];
    assert_eq!(missing(TOKEN, messages::<token::ExecuteMsg>()), none);
    assert_eq!(missing(REGISTRY, messages::<registry::ExecuteMsg>()), none);
    assert_eq!(missing(REGISTRY, queries::<registry::QueryMsg>()), none);
    assert_eq!(missing(STAKING, messages::<staking::ExecuteMsg>()), none);
    assert_eq!(missing(STAKING, queries::<staking::QueryMsg>()), none);
    assert_eq!(missing(MARKET, messages::<market::ExecuteMsg>()), none);
    assert_eq!(missing(MARKET, messages::<market::ReceiveMsg>()), none);
    assert_eq!(missing(MARKET, queries::<market::QueryMsg>()), none);
}
