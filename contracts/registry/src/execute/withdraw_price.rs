//! `WithdrawPrice`: an announced price never comes into force.

use cosmwasm_std::{DepsMut, Response};
use mesg_api::registry::{RegistryEvent, VERSIONS};
use mesg_protocol::clock::Clock;
use mesg_protocol::ids::VersionId;

use crate::ContractError;
use crate::state::{self, Counters};

/// Takes an announced price back; its row of terms stays, so that its number never stands for anything else.
pub(crate) fn withdraw_price(
    deps: DepsMut,
    version: VersionId,
    task: u8,
    now: Clock,
) -> Result<Response, ContractError> {
    let mut row = state::version(deps.storage, version)?;
    let mut of_task = row.task(task).ok_or(ContractError::UnknownTask { version, task })?;
    let withdrawn = of_task.withdraw(now)?;
    row.set_task(task, of_task);
    VERSIONS.save(deps.storage, version, &row);
    let mut counters = Counters::load(deps.storage)?;
    let event = counters.event(RegistryEvent::PriceWithdrawn {
        service: row.service.0,
        version: version.0,
        task,
        terms: withdrawn.0,
    });
    counters.save(deps.storage);
    Ok(Response::new().add_event(event))
}
