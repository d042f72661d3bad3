//! `Service` and `ServiceBySid`.

use cosmwasm_std::Deps;
use mesg_api::registry::{ServiceResponse, ServiceRow};
use mesg_protocol::ids::ServiceId;

use crate::ContractError;
use crate::state::{self, Number, PROFILES, Profile, SIDS};

/// One service by number.
pub(crate) fn service(deps: Deps, service: ServiceId) -> Result<ServiceResponse, ContractError> {
    let ServiceRow { owner, status, latest } = state::service(deps.storage, service)?;
    let Profile { sid, name, description, url } = PROFILES.load(deps.storage, service.0)?;
    let owner = deps.api.addr_humanize(&owner)?;
    Ok(ServiceResponse { service, sid, owner, status, latest, name, description, url })
}

/// One service by name.
pub(crate) fn service_by_sid(deps: Deps, sid: String) -> Result<ServiceResponse, ContractError> {
    match SIDS.may_load(deps.storage, sid.as_bytes())? {
        Some(Number(found)) => service(deps, ServiceId(found)),
        None => Err(ContractError::UnknownSid { sid }),
    }
}
