//! `PublishVersion`: an immutable version with one row of terms for each task.

use cosmwasm_std::{DepsMut, Response, Storage};
use mesg_api::registry::{INPUTS, Manifest, RegistryEvent, SERVICES, ServiceRow, Status, TERMS, VERSIONS, VersionRow};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ServiceId, VersionId};

use crate::ContractError;
use crate::state::{self, BY_SERVICE, Counters, DIGESTS, Json, MANIFESTS, Number};

/// Publishes a version and makes it the service's latest.
pub(crate) fn publish_version(
    deps: DepsMut,
    service: ServiceId,
    manifest: &Manifest,
) -> Result<Response, ContractError> {
    let row = state::service(deps.storage, service)?;
    if row.status == Status::Retired {
        return Err(ContractError::Retired { service });
    }
    let (json, digest) = manifest.check()?;
    check_new(deps.storage, service, digest)?;

    let mut counters = Counters::load(deps.storage)?;
    let version = counters.next_version()?;
    let tasks = u8::try_from(manifest.tasks.len()).unwrap_or(u8::MAX); // at most 16 by the check
    let first_terms = counters.next_terms(tasks)?;
    let published = VersionRow { service, seat_bond: manifest.seat_bond.u128(), first_terms, tasks, digest };
    save_terms(deps.storage, &published, version, manifest)?;
    VERSIONS.save(deps.storage, version, &published);
    SERVICES.save(deps.storage, service, &ServiceRow { latest: Some(version), ..row });
    BY_SERVICE.save(deps.storage, (service.0, version.0), &())?;
    DIGESTS.save(deps.storage, (service, digest.as_bytes()), &Number(version.0));
    MANIFESTS.save(deps.storage, version, &Json(json.into_bytes()));
    let event = counters.event(RegistryEvent::VersionPublished {
        service: service.0,
        version: version.0,
        digest,
        first_terms: first_terms.0,
        tasks,
    });
    counters.save(deps.storage);
    Ok(Response::new().add_event(event))
}

fn check_new(storage: &dyn Storage, service: ServiceId, digest: Digest32) -> Result<(), ContractError> {
    match DIGESTS.may_load(storage, (service, digest.as_bytes()))? {
        None => Ok(()),
        Some(Number(version)) => Err(ContractError::Published { service, digest, version: VersionId(version) }),
    }
}

fn save_terms(
    storage: &mut dyn Storage,
    published: &VersionRow,
    version: VersionId,
    manifest: &Manifest,
) -> Result<(), ContractError> {
    let rows = manifest.terms(published.service, version).zip(&manifest.tasks);
    for (id, (terms, task)) in published.terms().zip(rows) {
        TERMS.save(storage, id, &terms);
        INPUTS.save(storage, id, &task.inputs)?;
    }
    Ok(())
}
