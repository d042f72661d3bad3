//! `Config`, `Params`.

use cosmwasm_std::{Deps, StdError, StdResult};
use mesg_api::market::{BeaconMsg, ConfigResponse, PARAMS, ParamsResponse};
use mesg_protocol::ids::ParamsId;

use super::{load_book, load_config};
use crate::state::{BEACONS, Beacon};

pub fn config(deps: Deps) -> StdResult<ConfigResponse> {
    let (config, book) = (load_config(deps)?, load_book(deps)?);
    let beacon = BEACONS.may_load(deps.storage, config.beacon.no)?.ok_or_else(|| StdError::not_found("beacon"))?;
    Ok(ConfigResponse {
        token: config.token,
        registry: config.registry,
        staking: config.staking,
        beacon: beacon_view(beacon),
        beacon_no: config.beacon.no,
        epoch_secs: config.epoch_secs,
        domain: config.domain,
        params: book.params,
        executions: book.executions.into(),
        seq: book.seq.into(),
    })
}

pub fn beacon_view(beacon: Beacon) -> BeaconMsg {
    BeaconMsg {
        public_key: beacon.key.into(),
        genesis: beacon.schedule.genesis.into(),
        period: beacon.schedule.period.into(),
    }
}

pub fn params(deps: Deps, id: Option<ParamsId>) -> StdResult<ParamsResponse> {
    let id = id.map_or_else(|| load_book(deps).map(|book| book.params), Ok)?;
    let params = PARAMS.may_load(deps.storage, id)?.ok_or_else(|| StdError::not_found("params"))?;
    Ok(ParamsResponse { id, params: params.into() })
}
