//! `Version`.

use cosmwasm_std::{Deps, from_json};
use mesg_api::registry::{VERSIONS, VersionResponse};
use mesg_protocol::ids::VersionId;

use crate::ContractError;
use crate::state::{Json, MANIFESTS};

/// One version with its manifest.
pub(crate) fn version(deps: Deps, version: VersionId) -> Result<VersionResponse, ContractError> {
    let unknown = || ContractError::UnknownVersion { version };
    let row = VERSIONS.may_load(deps.storage, version)?.ok_or_else(unknown)?;
    let Json(manifest) = MANIFESTS.may_load(deps.storage, version)?.ok_or_else(unknown)?;
    let manifest = from_json(manifest)?;
    let terms = row.terms().collect();
    Ok(VersionResponse { version, service: row.service, digest: row.digest, terms, manifest })
}
