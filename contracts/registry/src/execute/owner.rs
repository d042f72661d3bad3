//! `ProposeOwner`, `WithdrawOwner` and `AcceptOwner`: a service changes hands in two steps.

use cosmwasm_std::{DepsMut, Response};
use mesg_api::registry::{RegistryEvent, SERVICES, ServiceRow};
use mesg_protocol::clock::{Clock, Deadline};
use mesg_protocol::ids::ServiceId;
use mesg_protocol::price_change::SLOWEST_BLOCK;

use crate::ContractError;
use crate::state::{self, BY_OWNER, Counters, PROPOSALS, Proposal};

/// How long an offer stands: 7 days, in seconds.
const OFFER: u32 = 7 * 24 * 3600;

/// Offers a service; a retired one too, since its bond and what its versions earned go with it.
pub(crate) fn propose_owner(
    deps: DepsMut,
    service: ServiceId,
    owner: &str,
    now: Clock,
) -> Result<Response, ContractError> {
    let owner = deps.api.addr_validate(owner)?;
    let canonical = deps.api.addr_canonicalize(owner.as_str())?;
    let owner = owner.into_string();
    if state::service(deps.storage, service)?.owner == canonical {
        return Err(ContractError::SameOwner { service, owner });
    }
    let until = Deadline::after(now, OFFER, SLOWEST_BLOCK);
    PROPOSALS.save(deps.storage, service, &Proposal { owner: canonical, until });
    let Deadline { time, height } = until;
    emit(deps, RegistryEvent::OwnerProposed { service: service.0, owner, time, height })
}

/// Takes an offer back, also one that has ended.
pub(crate) fn withdraw_owner(deps: DepsMut, service: ServiceId) -> Result<Response, ContractError> {
    state::proposal(deps.storage, service)?;
    PROPOSALS.remove(deps.storage, service);
    emit(deps, RegistryEvent::OwnerWithdrawn { service: service.0 })
}

/// Makes the one to whom the service is offered, who was checked to be the sender, its owner.
pub(crate) fn accept_owner(deps: DepsMut, service: ServiceId, now: Clock) -> Result<Response, ContractError> {
    let Proposal { owner, until } = state::proposal(deps.storage, service)?;
    if until.expired(now) {
        return Err(ContractError::ProposalEnded { service, time: until.time, height: until.height });
    }
    let row = state::service(deps.storage, service)?;
    BY_OWNER.remove(deps.storage, (row.owner.as_slice(), service.0));
    BY_OWNER.save(deps.storage, (owner.as_slice(), service.0), &())?;
    PROPOSALS.remove(deps.storage, service);
    let (from, to) = (deps.api.addr_humanize(&row.owner)?.into_string(), deps.api.addr_humanize(&owner)?.into_string());
    SERVICES.save(deps.storage, service, &ServiceRow { owner, ..row });
    emit(deps, RegistryEvent::OwnerChanged { service: service.0, from, to })
}

fn emit(deps: DepsMut, event: RegistryEvent) -> Result<Response, ContractError> {
    let mut counters = Counters::load(deps.storage)?;
    let event = counters.event(event);
    counters.save(deps.storage);
    Ok(Response::new().add_event(event))
}
