//! A runner whose jail has passed asks to be let out (docs/mechanism.md 3). Its seats come back with the next epoch; without
//! tokens it stays left out of draws and loses its slots.

use mesg_api::staking::{RUNNERS, StakingEvent};
use mesg_protocol::ids::RunnerId;
use mesg_protocol::score::Exclusion;

use crate::call::Call;
use crate::error::ContractError;
use crate::{seats, state};

pub fn unjail(call: &mut Call<'_>, runner: RunnerId) -> Result<(), ContractError> {
    let mut row = state::runner(call.deps.storage, runner)?;
    match row.exclusion {
        None => return Err(ContractError::NotJailed),
        Some(Exclusion::Tombstone) => return Err(ContractError::Tombstoned),
        Some(Exclusion::Jail { until }) if call.env.block.time.seconds() < until => {
            return Err(ContractError::Jailed { until });
        }
        Some(Exclusion::Jail { .. }) => row.exclusion = None,
    }
    let excluded = row.is_excluded();
    seats::tell_draws(call.deps.storage, &row, |slot| slot.look = excluded)?;
    call.emit(StakingEvent::Unjailed { runner: runner.0 });
    seats::refresh(call, runner, &mut row)?;
    RUNNERS.save(call.deps.storage, runner, &row);
    Ok(())
}
