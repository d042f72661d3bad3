//! `SetMarket`: names, once, the market whose pause stops registrations and versions.

use cosmwasm_std::{Addr, DepsMut, Response};
use mesg_api::named_market::{Peer, check_market};
use mesg_api::registry::RegistryEvent;

use crate::ContractError;
use crate::state::{Counters, MARKET};

/// Remembers the market, which must be one and work with this registry: its pause could not be read, or would be of others.
pub(crate) fn set_market(deps: DepsMut, own: &Addr, market: &str) -> Result<Response, ContractError> {
    if let Some(market) = MARKET.may_load(deps.storage)? {
        return Err(ContractError::MarketIsSet { market: market.into_string() });
    }
    let market = deps.api.addr_validate(market)?;
    check_market(&deps.querier, &market, Peer::Registry, own)?;
    MARKET.save(deps.storage, &market)?;
    let mut counters = Counters::load(deps.storage)?;
    let event = counters.event(RegistryEvent::MarketSet { market: market.into_string() });
    counters.save(deps.storage);
    Ok(Response::new().add_event(event))
}
