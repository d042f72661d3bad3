//! `SetTags`: the words by which a service is found.

use cosmwasm_std::{DepsMut, Response};
use mesg_api::registry::{RegistryEvent, check_tags};
use mesg_protocol::ids::ServiceId;

use crate::ContractError;
use crate::state::{self, BY_TAG, Counters, PROFILES};

/// Replaces the tags of a service.
pub(crate) fn set_tags(deps: DepsMut, service: ServiceId, tags: Vec<String>) -> Result<Response, ContractError> {
    state::unretired(deps.storage, service)?;
    check_tags(&tags)?;
    let mut profile = PROFILES.load(deps.storage, service.0)?;
    for tag in &profile.tags {
        BY_TAG.remove(deps.storage, (tag, service.0));
    }
    for tag in &tags {
        BY_TAG.save(deps.storage, (tag, service.0), &())?;
    }
    let count = u8::try_from(tags.len()).unwrap_or(u8::MAX); // at most 8 by the check
    profile.tags = tags;
    PROFILES.save(deps.storage, service.0, &profile)?;
    let mut counters = Counters::load(deps.storage)?;
    let event = counters.event(RegistryEvent::TagsChanged { service: service.0, tags: count });
    counters.save(deps.storage);
    Ok(Response::new().add_event(event))
}
