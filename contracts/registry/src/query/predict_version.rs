//! `PredictVersion`: what `PublishVersion` would do with a manifest, without doing it.

use cosmwasm_std::{Deps, Uint128};
use mesg_api::registry::{Manifest, PredictedVersion};
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};
use mesg_protocol::money::MoneyError;
use mesg_protocol::terms::Terms;

use crate::state::{self, Counters};
use crate::{ContractError, execute};

/// Digest, numbers, bonds and refusals of a manifest.
pub(crate) fn predict_version(
    deps: Deps,
    service: Option<ServiceId>,
    manifest: &Manifest,
) -> Result<PredictedVersion, ContractError> {
    let json = manifest.canonical_json();
    let digest = json.as_ref().ok().map(|json| sha256(&[json.as_bytes()]));
    let published = match (service, digest) {
        (Some(service), Some(digest)) => execute::published(deps.storage, service, digest)?,
        _ => None,
    };
    let refusals = refusals(deps, service, manifest, published);
    let (version, terms) = if refusals.is_empty() { next_numbers(deps, manifest)? } else { (None, Vec::new()) };
    let dearest = |needed: fn(&Terms) -> Result<u128, MoneyError>| {
        let tasks = manifest.terms(ServiceId::default(), VersionId::default());
        tasks.map(|terms| needed(&terms).ok()).try_fold(0, |most, needed| Some(needed?.max(most))).map(Uint128::new)
    };
    Ok(PredictedVersion {
        digest,
        bytes: json.map_or(0, |json| u32::try_from(json.len()).unwrap_or(u32::MAX)),
        version,
        terms,
        published,
        seat_bond: manifest.seat_bond,
        seat_bond_needed: dearest(Terms::seat_bond_needed),
        service_bond_needed: dearest(|terms| terms.service_bond_needed()),
        refusals,
    })
}

fn refusals(deps: Deps, service: Option<ServiceId>, manifest: &Manifest, published: Option<VersionId>) -> Vec<String> {
    let paused = state::check_running(deps).err();
    let retired = service.and_then(|service| state::unretired(deps.storage, service).err());
    let (bad, repeated) = match manifest.check() {
        Err(error) => (Some(ContractError::from(error)), None),
        Ok((_, digest)) => {
            let twice = |(service, version)| ContractError::Published { service, digest, version };
            (None, service.zip(published).map(twice))
        }
    };
    [paused, retired, bad, repeated].into_iter().flatten().map(|error| error.to_string()).collect()
}

/// The numbers of the next version and its terms; nothing is written.
fn next_numbers(deps: Deps, manifest: &Manifest) -> Result<(Option<VersionId>, Vec<TermsId>), ContractError> {
    let mut counters = Counters::load(deps.storage)?;
    let version = counters.next_version()?;
    let first = counters.next_terms(u8::try_from(manifest.tasks.len()).unwrap_or(u8::MAX))?;
    let terms = (first.0..=u32::MAX).take(manifest.tasks.len()).map(TermsId).collect();
    Ok((Some(version), terms))
}
