//! What staking and the registry check of a market that they are told, because they are told once: that it is a market,
//! and theirs. A market that works with other contracts could neither slash nor pause them, and they would have no other.

use cosmwasm_std::{Addr, QuerierWrapper, StdError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a market is called by cw2.
const MARKET_NAME: &str = "mesg-execution-market";

/// Why a market is not taken.
#[derive(Debug, Error)]
pub enum MarketError {
    /// The address has no contract, or it answers something else.
    #[error(transparent)]
    Std(#[from] StdError),
    /// What was named is another contract.
    #[error("market is contract {got}, must be {MARKET_NAME}")]
    NoMarket {
        /// Its cw2 name.
        got: String,
    },
    /// The market works with another contract in the place of this one.
    #[error("the market's {peer} is {got}, must be this contract")]
    OfAnother {
        /// The place.
        peer: &'static str,
        /// Address of the contract that has it.
        got: String,
    },
}

/// A contract that a market works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// The registry.
    Registry,
    /// The staking contract.
    Staking,
}

/// The market's query for its configuration alone: all its queries would be kilobytes of wasm.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    Config {},
}

/// What of its configuration counts.
#[derive(Deserialize)]
struct Peers {
    registry: String,
    staking: String,
}

/// Checks that `market` is a market whose `peer` is `own`.
///
/// # Errors
/// No contract, another contract, a market of others.
pub fn check_market(querier: &QuerierWrapper, market: &Addr, peer: Peer, own: &Addr) -> Result<(), MarketError> {
    let got = cw2::query_contract_info(querier, market.as_str())?.contract;
    if got != MARKET_NAME {
        return Err(MarketError::NoMarket { got });
    }
    let Peers { registry, staking } = querier.query_wasm_smart(market, &Asked::Config {})?;
    let (peer, got) = match peer {
        Peer::Registry => ("registry", registry),
        Peer::Staking => ("staking", staking),
    };
    if got == own.as_str() { Ok(()) } else { Err(MarketError::OfAnother { peer, got }) }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockQuerier;
    use cosmwasm_std::{ContractResult, Empty, SystemResult, WasmQuery, from_json, to_json_binary};

    use super::*;
    use crate::market::QueryMsg;

    /// Asks about a contract of that cw2 name which says that it works with `registry` and `staking`.
    fn check(name: &'static str, peer: Peer, own: &str) -> Result<(), MarketError> {
        let mut querier = MockQuerier::<Empty>::new(&[]);
        querier.update_wasm(move |query| {
            let answer = match query {
                WasmQuery::Raw { key, .. } => {
                    assert_eq!(key.as_slice(), b"contract_info");
                    to_json_binary(&serde_json::json!({ "contract": name, "version": "0.2.0" }))
                }
                WasmQuery::Smart { msg, .. } => {
                    assert_eq!(from_json::<QueryMsg>(msg).unwrap(), QueryMsg::Config {});
                    let more = serde_json::json!({ "deep": [{ "er": 1 }] });
                    let config = serde_json::json!({ "registry": "registry", "staking": "staking", "beacon": more });
                    to_json_binary(&config)
                }
                other => panic!("{other:?}"),
            };
            SystemResult::Ok(ContractResult::Ok(answer.unwrap()))
        });
        check_market(&QuerierWrapper::new(&querier), &Addr::unchecked("market"), peer, &Addr::unchecked(own))
    }

    #[test]
    fn a_market_is_taken_by_its_own_peers_only() {
        check(MARKET_NAME, Peer::Staking, "staking").unwrap();
        check(MARKET_NAME, Peer::Registry, "registry").unwrap();
        let refused = check(MARKET_NAME, Peer::Staking, "registry").unwrap_err();
        assert_eq!(refused.to_string(), "the market's staking is staking, must be this contract");
        let refused = check(MARKET_NAME, Peer::Registry, "staking").unwrap_err();
        assert!(matches!(refused, MarketError::OfAnother { peer: "registry", got } if got == "registry"));
    }

    #[test]
    fn other_contracts_and_accounts_are_no_markets() {
        let refused = check("mesg-token", Peer::Staking, "staking").unwrap_err();
        assert_eq!(refused.to_string(), "market is contract mesg-token, must be mesg-execution-market");
        let querier = MockQuerier::<Empty>::new(&[]);
        let account = Addr::unchecked("account");
        let refused = check_market(&QuerierWrapper::new(&querier), &account, Peer::Staking, &account).unwrap_err();
        assert!(matches!(refused, MarketError::Std(_)));
    }
}
