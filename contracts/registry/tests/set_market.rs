//! `SetMarket`: the owner names, once, the market whose pause counts; what a pause does is tried on the whole system in
//! `packages/test-kit/tests/pause.rs`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "tests: a panic is how they report"
)]

mod suite;

use mesg_api::named_market::MarketError;
use mesg_api::registry::{ConfigResponse, ExecuteMsg, QueryMsg, RegistryEvent};
use mesg_registry::ContractError;
use suite::{Suite, refusal};

fn set(market: &str) -> ExecuteMsg {
    ExecuteMsg::SetMarket { market: market.to_owned() }
}

#[test]
fn only_the_owner_names_a_market() {
    let mut suite = Suite::new();
    let market = suite.market_of(&suite.registry.clone());
    for name in ["alice", "bob"] {
        let refused = refusal(suite.execute(name, &set(market.as_str())));
        assert!(matches!(refused, ContractError::NotPermitted { .. }));
    }
    let events = RegistryEvent::MarketSet { market: market.to_string() };
    let response = suite.execute("admin", &set(market.as_str())).unwrap();
    assert_eq!(suite::events(&response), [(1, events)]);
    let config: ConfigResponse = suite.query(&QueryMsg::Config {});
    assert_eq!(config.market, Some(market.clone()));
    let refused = refusal(suite.execute("admin", &set(market.as_str())));
    assert!(matches!(refused, ContractError::MarketIsSet { .. }), "once");
}

#[test]
fn attack_71_only_a_market_of_this_registry_is_named() {
    let mut suite = Suite::new();
    let token = suite.token.to_string();
    let refused = refusal(suite.execute("admin", &set(&token)));
    assert!(matches!(refused, ContractError::Market(MarketError::NoMarket { got }) if got == "mesg-token"));
    let theirs = suite.market_of(&suite.token.clone());
    let refused = refusal(suite.execute("admin", &set(theirs.as_str())));
    assert!(matches!(refused, ContractError::Market(MarketError::OfAnother { peer: "registry", got }) if got == token));
    let nobody = suite.account("nobody").to_string();
    for bad in [nobody.as_str(), "x", ""] {
        suite.execute("admin", &set(bad)).unwrap_err();
    }
    let config: ConfigResponse = suite.query(&QueryMsg::Config {});
    assert_eq!(config.market, None);
}
