//! `SetYanked`: whether a version takes new requests and runners.

use cosmwasm_std::{DepsMut, Response};
use mesg_api::registry::{RegistryEvent, SERVICES, ServiceRow, VERSIONS};
use mesg_protocol::ids::VersionId;

use crate::state::{self, Counters};
use crate::{ContractError, yanked as runs};

/// Yanks a version or offers it again; the service's latest is the highest that is not yanked.
pub(crate) fn set_yanked(deps: DepsMut, version: VersionId, yanked: bool) -> Result<Response, ContractError> {
    let mut row = state::version(deps.storage, version)?;
    if row.yanked == yanked {
        return Err(ContractError::SameYanked { version, yanked });
    }
    row.yanked = yanked;
    VERSIONS.save(deps.storage, version, &row);
    let enter = if yanked { runs::yank } else { runs::offer };
    enter(deps.storage, row.service, version)?;
    let latest = runs::latest(deps.storage, row.service)?;
    let service = state::service(deps.storage, row.service)?;
    SERVICES.save(deps.storage, row.service, &ServiceRow { latest, ..service });
    let mut counters = Counters::load(deps.storage)?;
    let event = counters.event(RegistryEvent::VersionYanked {
        service: row.service.0,
        version: version.0,
        yanked,
        latest: latest.unwrap_or_default().0,
    });
    counters.save(deps.storage);
    Ok(Response::new().add_event(event))
}
