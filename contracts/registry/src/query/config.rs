//! `Config`.

use cosmwasm_std::Deps;
use mesg_api::registry::ConfigResponse;

use crate::ContractError;
use crate::state::{CONFIG, Config, Counters, MARKET};

/// The configuration and the highest numbers.
pub(crate) fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let Config { owner, token, registration_fee } = CONFIG.load(deps.storage)?;
    let market = MARKET.may_load(deps.storage)?;
    let Counters { services, versions, terms, .. } = Counters::load(deps.storage)?;
    Ok(ConfigResponse { owner, token, registration_fee, services, versions, terms, market })
}
