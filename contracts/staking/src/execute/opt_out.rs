//! A runner stops serving a version from the next epoch on.

use mesg_api::staking::RUNNERS;
use mesg_protocol::ids::{RunnerId, VersionId};

use crate::call::Call;
use crate::error::ContractError;
use crate::{seats, state};

pub fn opt_out(call: &mut Call<'_>, runner: RunnerId, version: VersionId) -> Result<(), ContractError> {
    let mut row = state::runner(call.deps.storage, runner)?;
    seats::opt_out(call, runner, &mut row, version)?;
    // The other version gets the seats that this one shared.
    seats::refresh(call, runner, &mut row)?;
    RUNNERS.save(call.deps.storage, runner, &row);
    Ok(())
}
