//! `Service` and `ServiceBySid`.

use cosmwasm_std::Deps;
use mesg_api::registry::{ProposedOwner, ServiceResponse, ServiceRow};
use mesg_protocol::ids::ServiceId;

use super::at;
use crate::ContractError;
use crate::state::{self, Number, PROFILES, PROPOSALS, Profile, SIDS};

/// One service by number.
pub(crate) fn service(deps: Deps, service: ServiceId) -> Result<ServiceResponse, ContractError> {
    let ServiceRow { owner, status, latest } = state::service(deps.storage, service)?;
    let Profile { sid, name, description, url, tags } = PROFILES.load(deps.storage, service.0)?;
    let owner = deps.api.addr_humanize(&owner)?;
    let proposal = PROPOSALS.may_load(deps.storage, service)?.map(|proposal| {
        let owner = deps.api.addr_humanize(&proposal.owner)?;
        Ok::<_, ContractError>(ProposedOwner { owner, until: at(proposal.until) })
    });
    let proposed_owner = proposal.transpose()?;
    Ok(ServiceResponse { service, sid, owner, status, latest, name, description, url, tags, proposed_owner })
}

/// One service by name.
pub(crate) fn service_by_sid(deps: Deps, sid: String) -> Result<ServiceResponse, ContractError> {
    match SIDS.may_load(deps.storage, sid.as_bytes())? {
        Some(Number(found)) => service(deps, ServiceId(found)),
        None => Err(ContractError::UnknownSid { sid }),
    }
}
