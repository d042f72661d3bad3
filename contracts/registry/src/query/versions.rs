//! `Versions`.

use cosmwasm_std::{Deps, Order};
use cw_storage_plus::Bound;
use mesg_api::registry::{VERSIONS, VersionSummary, VersionsResponse};
use mesg_protocol::ids::{ServiceId, VersionId};

use super::page::entries;
use crate::ContractError;
use crate::state::{self, BY_SERVICE};

/// The versions of one service.
pub(crate) fn versions(
    deps: Deps,
    service: ServiceId,
    start_after: Option<VersionId>,
    limit: Option<u32>,
) -> Result<VersionsResponse, ContractError> {
    state::service(deps.storage, service)?;
    let after = start_after.map(|id| Bound::exclusive(id.0));
    let of_service = BY_SERVICE.prefix(service.0);
    let page = of_service.keys(deps.storage, after, None, Order::Ascending).take(entries(limit));
    let versions = page.map(|id| summary(deps, VersionId(id?))).collect::<Result<_, ContractError>>()?;
    Ok(VersionsResponse { versions })
}

fn summary(deps: Deps, version: VersionId) -> Result<VersionSummary, ContractError> {
    let row = VERSIONS.may_load(deps.storage, version)?.ok_or(ContractError::UnknownVersion { version })?;
    let terms = row.terms().collect();
    Ok(VersionSummary { version, digest: row.digest, seat_bond: row.seat_bond.into(), terms })
}
