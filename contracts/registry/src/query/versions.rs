//! `Versions`.

use cosmwasm_std::{Deps, Order};
use cw_storage_plus::Bound;
use mesg_api::registry::{VersionSummary, VersionsResponse};
use mesg_protocol::clock::Clock;
use mesg_protocol::ids::{ServiceId, VersionId};

use super::page::entries;
use crate::ContractError;
use crate::state::{self, BY_SERVICE, WARNINGS};

/// The versions of one service.
pub(crate) fn versions(
    deps: Deps,
    service: ServiceId,
    start_after: Option<VersionId>,
    limit: Option<u32>,
    now: Clock,
) -> Result<VersionsResponse, ContractError> {
    state::service(deps.storage, service)?;
    let after = start_after.map(|id| Bound::exclusive(id.0));
    let of_service = BY_SERVICE.prefix(service.0);
    let page = of_service.keys(deps.storage, after, None, Order::Ascending).take(entries(limit));
    let versions = page.map(|id| summary(deps, VersionId(id?), now)).collect::<Result<_, ContractError>>()?;
    Ok(VersionsResponse { versions })
}

fn summary(deps: Deps, version: VersionId, now: Clock) -> Result<VersionSummary, ContractError> {
    let row = state::version(deps.storage, version)?;
    Ok(VersionSummary {
        version,
        digest: row.digest,
        seat_bond: row.seat_bond.into(),
        terms: row.terms(now).collect(),
        yanked: row.yanked,
        deprecated: WARNINGS.may_load(deps.storage, version.0)?,
    })
}
