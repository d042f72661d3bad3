//! `Services`, `ServicesByOwner` and `ServicesByTag`.

use cosmwasm_std::{Deps, Order};
use cw_storage_plus::Bound;
use mesg_api::registry::ServicesResponse;
use mesg_protocol::ids::ServiceId;

use super::page::entries;
use super::service::service;
use crate::ContractError;
use crate::state::{BY_OWNER, BY_TAG, Counters};

/// All services; their numbers have no gaps, so there is nothing to iterate over.
pub(crate) fn services(
    deps: Deps,
    start_after: Option<ServiceId>,
    limit: Option<u32>,
) -> Result<ServicesResponse, ContractError> {
    let last = Counters::load(deps.storage)?.services;
    let after = start_after.unwrap_or_default().0;
    let page = (1..=last).skip(usize::try_from(after).unwrap_or(usize::MAX)).take(entries(limit));
    let services = page.map(|id| service(deps, ServiceId(id))).collect::<Result<_, _>>()?;
    Ok(ServicesResponse { services })
}

/// The services of one owner.
pub(crate) fn services_by_owner(
    deps: Deps,
    owner: &str,
    start_after: Option<ServiceId>,
    limit: Option<u32>,
) -> Result<ServicesResponse, ContractError> {
    let owner = deps.api.addr_validate(owner)?;
    let canonical = deps.api.addr_canonicalize(owner.as_str())?;
    let after = start_after.map(|id| Bound::exclusive(id.0));
    let of_owner = BY_OWNER.prefix(canonical.as_slice());
    let page = of_owner.keys(deps.storage, after, None, Order::Ascending).take(entries(limit));
    let services = page.map(|id| service(deps, ServiceId(id?))).collect::<Result<_, ContractError>>()?;
    Ok(ServicesResponse { services })
}

/// The services with a tag.
pub(crate) fn services_by_tag(
    deps: Deps,
    tag: &str,
    start_after: Option<ServiceId>,
    limit: Option<u32>,
) -> Result<ServicesResponse, ContractError> {
    let after = start_after.map(|id| Bound::exclusive(id.0));
    let tagged = BY_TAG.prefix(tag);
    let page = tagged.keys(deps.storage, after, None, Order::Ascending).take(entries(limit));
    let services = page.map(|id| service(deps, ServiceId(id?))).collect::<Result<_, ContractError>>()?;
    Ok(ServicesResponse { services })
}
