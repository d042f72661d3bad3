//! Totals of a pool.

use cosmwasm_std::{Binary, Uint64, Uint128, to_json_binary};
use mesg_api::staking::{POOLS, PoolAt, PoolHeader, PoolResponse};
use mesg_protocol::ids::VersionId;

use super::View;
use crate::error::ContractError;

pub fn pool(view: &View<'_>, version: VersionId, epoch: Option<Uint64>) -> Result<Binary, ContractError> {
    let header = POOLS.may_load(view.deps.storage, version)?.unwrap_or_default();
    let epoch = epoch.map_or(view.epoch, |epoch| epoch.u64());
    Ok(to_json_binary(&PoolResponse {
        version,
        seat_bond: Uint128::new(header.seat_bond),
        now: at(view, &header, epoch)?,
        next: at(view, &header, epoch.saturating_add(1))?,
    })?)
}

fn at(view: &View<'_>, header: &PoolHeader, epoch: u64) -> Result<PoolAt, ContractError> {
    let gone = || ContractError::OutOfBounds {
        field: "epoch",
        got: epoch.into(),
        min: view.epoch.saturating_sub(1).into(),
        max: u64::MAX.into(),
    };
    let totals = header.at(epoch).ok_or_else(gone)?;
    Ok(PoolAt { epoch: Uint64::new(epoch), runners: totals.runners, seats: Uint64::new(totals.seats) })
}
