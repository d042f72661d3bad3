//! `PublishVersion`: an immutable version with one row of terms for each task.

use cosmwasm_std::{DepsMut, Response, Storage};
use mesg_api::registry::{INPUTS, Manifest, RegistryEvent, SERVICES, ServiceRow, TERMS, VERSIONS, VersionRow};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};

use crate::ContractError;
use crate::state::{self, BY_SERVICE, Counters, DIGESTS, Json, MANIFESTS, Number};

/// Publishes a version and makes it the service's latest.
pub(crate) fn publish_version(
    deps: DepsMut,
    service: ServiceId,
    manifest: &Manifest,
) -> Result<Response, ContractError> {
    state::check_running(deps.as_ref())?;
    let row = state::unretired(deps.storage, service)?;
    let (json, digest) = manifest.check()?;
    if let Some(version) = published(deps.storage, service, digest)? {
        return Err(ContractError::Published { service, digest, version });
    }

    let mut counters = Counters::load(deps.storage)?;
    let version = counters.next_version()?;
    let tasks = u8::try_from(manifest.tasks.len()).unwrap_or(u8::MAX); // at most 16 by the check
    let first_terms = counters.next_terms(tasks)?;
    save_terms(deps.storage, service, version, first_terms, manifest)?;
    let published = VersionRow::published(service, manifest.seat_bond.u128(), first_terms, tasks, digest);
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

/// The version of a service that has this manifest.
pub(crate) fn published(
    storage: &dyn Storage,
    service: ServiceId,
    digest: Digest32,
) -> Result<Option<VersionId>, ContractError> {
    let found = DIGESTS.may_load(storage, (service, digest.as_bytes()))?;
    Ok(found.map(|Number(version)| VersionId(version)))
}

fn save_terms(
    storage: &mut dyn Storage,
    service: ServiceId,
    version: VersionId,
    first: TermsId,
    manifest: &Manifest,
) -> Result<(), ContractError> {
    let rows = manifest.terms(service, version).zip(&manifest.tasks);
    for (id, (terms, task)) in (first.0..=u32::MAX).map(TermsId).zip(rows) {
        TERMS.save(storage, id, &terms);
        INPUTS.save(storage, id, &task.inputs)?;
    }
    Ok(())
}
