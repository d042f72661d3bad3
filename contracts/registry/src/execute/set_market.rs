//! `SetMarket`: names, once, the market whose pause stops registrations and versions.

use cosmwasm_std::{DepsMut, Response};
use mesg_api::registry::RegistryEvent;

use crate::ContractError;
use crate::state::{Counters, MARKET};

/// What a market is called by cw2.
const MARKET_NAME: &str = "mesg-execution-market";

/// Remembers the market, which must be one: a raw query of an address without contract would fail for ever.
pub(crate) fn set_market(deps: DepsMut, market: &str) -> Result<Response, ContractError> {
    if let Some(market) = MARKET.may_load(deps.storage)? {
        return Err(ContractError::MarketIsSet { market: market.into_string() });
    }
    let market = deps.api.addr_validate(market)?;
    let got = cw2::query_contract_info(&deps.querier, market.as_str())?.contract;
    if got != MARKET_NAME {
        return Err(ContractError::NoMarket { got });
    }
    MARKET.save(deps.storage, &market)?;
    let mut counters = Counters::load(deps.storage)?;
    let event = counters.event(RegistryEvent::MarketSet { market: market.into_string() });
    counters.save(deps.storage);
    Ok(Response::new().add_event(event))
}
