//! `Deprecate`: a warning of a version that goes on to take requests.

use cosmwasm_std::{DepsMut, Response};
use mesg_api::registry::RegistryEvent;
use mesg_protocol::ids::VersionId;

use super::receive::check_length;
use crate::ContractError;
use crate::state::{self, Counters, WARNINGS};

/// Most bytes of a warning.
const MAX_WARNING: usize = 256;

/// Sets the warning of a version, or takes it back.
pub(crate) fn deprecate(deps: DepsMut, version: VersionId, message: Option<String>) -> Result<Response, ContractError> {
    let service = state::version(deps.storage, version)?.service;
    match &message {
        Some(message) => {
            check_warning(message)?;
            WARNINGS.save(deps.storage, version.0, message)?;
        }
        None if WARNINGS.has(deps.storage, version.0) => WARNINGS.remove(deps.storage, version.0),
        None => return Err(ContractError::NotDeprecated { version }),
    }
    let mut counters = Counters::load(deps.storage)?;
    let deprecated = message.is_some();
    let event = counters.event(RegistryEvent::VersionDeprecated { service: service.0, version: version.0, deprecated });
    counters.save(deps.storage);
    Ok(Response::new().add_event(event))
}

fn check_warning(message: &str) -> Result<(), ContractError> {
    let field = "message";
    check_length(field, message, MAX_WARNING)?;
    if message.chars().any(char::is_control) { Err(ContractError::ControlCharacter { field }) } else { Ok(()) }
}
