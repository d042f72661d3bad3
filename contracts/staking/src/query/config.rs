//! Configuration and current epoch.

use cosmwasm_std::{Binary, Uint64, Uint128, to_json_binary};
use mesg_api::staking::ConfigResponse;

use super::View;
use crate::error::ContractError;
use crate::state::MARKET;

pub fn config(view: &View<'_>) -> Result<Binary, ContractError> {
    let config = view.config.clone();
    Ok(to_json_binary(&ConfigResponse {
        token: config.token,
        registry: config.registry,
        market: MARKET.may_load(view.deps.storage)?,
        instantiator: config.instantiator,
        epoch_secs: config.epoch_secs,
        unbonding_secs: config.unbonding_secs,
        block_max_avg: config.block_max_avg,
        min_stake: Uint128::new(config.min_stake),
        capacity_bps: config.capacity,
        epoch: Uint64::new(view.epoch),
        producer_epoch_secs: config.producer_epoch_secs,
    })?)
}
