//! Stake starts its way out; it is slashed like the rest until it is released (docs/mechanism.md 3).

use mesg_api::staking::msg::MAX_UNBONDING_ENTRIES;
use mesg_api::staking::{RUNNERS, StakingEvent};
use mesg_protocol::ids::RunnerId;

use crate::call::Call;
use crate::error::ContractError;
use crate::seats;
use crate::state::{self, UNBONDING, UnbondingEntries, UnbondingEntry};

pub fn unbond(call: &mut Call<'_>, runner: RunnerId, amount: u128) -> Result<(), ContractError> {
    let mut row = state::runner(call.deps.storage, runner)?;
    let mut entries = UnbondingEntries::load(call.deps.storage, runner)?;
    if entries.0.len() >= MAX_UNBONDING_ENTRIES {
        return Err(ContractError::TooManyEntries { max: MAX_UNBONDING_ENTRIES });
    }
    let shares = row.stake.unbond(amount)?;
    let release_time = call.env.block.time.seconds().saturating_add(call.config.unbonding_secs.into());
    let release_height = call.env.block.height.saturating_add(call.config.unbonding_blocks());
    entries.0.push(UnbondingEntry { shares, release_time, release_height });
    UNBONDING.save(call.deps.storage, runner, &entries);
    call.emit(StakingEvent::Unbonding { runner: runner.0, amount, release_time, release_height });
    seats::refresh(call, runner, &mut row)?;
    RUNNERS.save(call.deps.storage, runner, &row);
    Ok(())
}
