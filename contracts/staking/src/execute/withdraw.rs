//! Released stake leaves (docs/mechanism.md 3, invariant 20).

use mesg_api::staking::{RUNNERS, StakingEvent};
use mesg_protocol::ids::RunnerId;
use mesg_protocol::stake::StakeError;

use crate::call::Call;
use crate::error::ContractError;
use crate::state::{self, UNBONDING, UnbondingEntries, UnbondingEntry};

pub fn withdraw(call: &mut Call<'_>, runner: RunnerId, to: Option<&str>) -> Result<(), ContractError> {
    let to = match to {
        Some(to) => call.deps.api.addr_validate(to)?,
        None => call.sender.clone(),
    };
    if to == call.env.contract.address {
        return Err(ContractError::ToStaking);
    }
    let mut row = state::runner(call.deps.storage, runner)?;
    let (released, kept) = split(call, UnbondingEntries::load(call.deps.storage, runner)?);
    if released.is_empty() {
        let (time, height) = kept.0.first().map_or((0, 0), |entry| (entry.release_time, entry.release_height));
        return Err(ContractError::NothingReleased { time, height });
    }
    let shares = released.iter().try_fold(0u128, |sum, entry| sum.checked_add(entry.shares));
    let amount = row.stake.withdraw(shares.ok_or(StakeError::Overflow)?)?;
    if kept.0.is_empty() {
        UNBONDING.remove(call.deps.storage, runner);
    } else {
        UNBONDING.save(call.deps.storage, runner, &kept);
    }
    RUNNERS.save(call.deps.storage, runner, &row);
    call.pay(&to, amount)?;
    call.emit(StakingEvent::Withdrawn { runner: runner.0, to: to.into_string(), amount, tokens: row.stake.tokens });
    Ok(())
}

/// The released entries and the others. Released in time and blocks: a chain that jumps releases nothing early.
fn split(call: &Call<'_>, entries: UnbondingEntries) -> (Vec<UnbondingEntry>, UnbondingEntries) {
    let (time, height) = (call.env.block.time.seconds(), call.env.block.height);
    let (released, kept) =
        entries.0.into_iter().partition(|entry| time >= entry.release_time && height >= entry.release_height);
    (released, UnbondingEntries(kept))
}
