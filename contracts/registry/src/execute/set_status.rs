//! `SetStatus`: pause, activate or retire.

use cosmwasm_std::{DepsMut, Response};
use mesg_api::registry::{RegistryEvent, SERVICES, Status};
use mesg_protocol::ids::ServiceId;

use crate::ContractError;
use crate::state::{self, Counters};

/// Gives a service another status.
pub(crate) fn set_status(deps: DepsMut, service: ServiceId, status: Status) -> Result<Response, ContractError> {
    let mut row = state::unretired(deps.storage, service)?;
    if row.status == status {
        return Err(ContractError::SameStatus { service, status });
    }
    row.status = status;
    SERVICES.save(deps.storage, service, &row);
    let mut counters = Counters::load(deps.storage)?;
    let event = counters.event(RegistryEvent::StatusChanged { service: service.0, status });
    counters.save(deps.storage);
    Ok(Response::new().add_event(event))
}
