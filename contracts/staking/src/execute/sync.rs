//! Brings a runner's seats in line with its stake, which a slash leaves alone (docs/mechanism.md 1.4).

use mesg_api::staking::RUNNERS;
use mesg_protocol::ids::RunnerId;

use crate::call::Call;
use crate::error::ContractError;
use crate::{seats, state};

pub fn sync(call: &mut Call<'_>, runner: RunnerId) -> Result<(), ContractError> {
    let mut row = state::runner(call.deps.storage, runner)?;
    let before = row.versions.len();
    seats::refresh(call, runner, &mut row)?;
    if row.versions.len() != before {
        RUNNERS.save(call.deps.storage, runner, &row);
    }
    Ok(())
}
