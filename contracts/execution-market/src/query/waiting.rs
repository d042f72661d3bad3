//! `Waiting`: queued executions by round, for relay and tick.

use cosmwasm_std::{Deps, StdError};
use mesg_api::market::{EXECUTIONS, PARAMS, WaitingItem, WaitingKey, WaitingResponse};
use mesg_protocol::beacon::{Round, confirmed, confirming_windows};
use mesg_protocol::clock::Deadline;
use mesg_protocol::execution::{Binding, Phase};
use mesg_protocol::ids::ExecutionId;

use super::{at, deadline, load_config, page_size};
use crate::error::ContractError;
use crate::execute::ring_key;
use crate::state::{BEACONS, Config, RANDS, RING, WAITING};

pub fn waiting(deps: Deps, after: Option<WaitingKey>, limit: Option<u32>) -> Result<WaitingResponse, ContractError> {
    let config = load_config(deps)?;
    let after = after.map(|key| (Round::new(key.beacon, key.round.u64()).to_u64(), ExecutionId(key.execution.u64())));
    let mut waiting = Vec::new();
    for (_, id) in WAITING.page_by_u64(deps.storage, after, page_size(limit)) {
        let Some(execution) = EXECUTIONS.may_load(deps.storage, id)? else { continue };
        let Phase::Queued { since, binding, .. } = execution.phase else { continue };
        let Some(params) = PARAMS.may_load(deps.storage, execution.params)? else { continue };
        let round_time = round_time(deps, &config, binding.round)?;
        waiting.push(WaitingItem {
            execution: id.0.into(),
            beacon: binding.round.beacon(),
            round: binding.round.number().into(),
            round_time: round_time.into(),
            bound: at(binding.at),
            confirmed: is_confirmed(deps, round_time, &binding)?,
            has_rand: RANDS.has(deps.storage, binding.round.to_u64()),
            until: deadline(Deadline::after(since, params.t_queue, params.block_max_avg)),
        });
    }
    Ok(WaitingResponse { waiting })
}

/// When a round is published, by the schedule of its own beacon.
fn round_time(deps: Deps, config: &Config, round: Round) -> Result<u64, ContractError> {
    if round.beacon() == config.beacon.no {
        return Ok(config.beacon.time_of(round.number()));
    }
    let beacon = BEACONS.may_load(deps.storage, round.beacon())?.ok_or_else(|| StdError::not_found("beacon"))?;
    Ok(beacon.schedule.time_of(round.number()))
}

fn is_confirmed(deps: Deps, round_time: u64, binding: &Binding) -> Result<bool, ContractError> {
    for window in confirming_windows(binding.at.time, round_time) {
        let slot = RING.may_load(deps.storage, ring_key(window))?;
        let slots: Vec<_> = slot.iter().map(|slot| slot.slot).collect();
        if confirmed(binding.at.height, binding.at.time, round_time, &slots) {
            return Ok(true);
        }
    }
    Ok(false)
}
