//! `Version`.

use cosmwasm_std::{Deps, from_json};
use mesg_api::registry::{AnnouncedPrice, Prices, VersionResponse, VersionRow};
use mesg_protocol::clock::Clock;
use mesg_protocol::ids::{TermsId, VersionId};

use super::at;
use super::terms::load;
use crate::ContractError;
use crate::state::{self, Json, MANIFESTS, WARNINGS};

/// One version with its manifest, and the prices of its tasks now and to come.
pub(crate) fn version(deps: Deps, version: VersionId, now: Clock) -> Result<VersionResponse, ContractError> {
    let row = state::version(deps.storage, version)?;
    let manifest = MANIFESTS.may_load(deps.storage, version)?;
    let Json(manifest) = manifest.ok_or(ContractError::UnknownVersion { version })?;
    let price = |terms: TermsId| Ok(load(deps.storage, terms)?.price.into());
    let terms: Vec<TermsId> = row.terms(now).collect();
    Ok(VersionResponse {
        version,
        service: row.service,
        digest: row.digest,
        prices: terms.iter().map(|terms| price(*terms)).collect::<Result<_, ContractError>>()?,
        terms,
        announced: announced(&row, now, price)?,
        yanked: row.yanked,
        deprecated: WARNINGS.may_load(deps.storage, version.0)?,
        manifest: from_json(manifest)?,
    })
}

fn announced(
    row: &VersionRow,
    now: Clock,
    price: impl Fn(TermsId) -> Result<Prices, ContractError>,
) -> Result<Vec<AnnouncedPrice>, ContractError> {
    let coming = (0_u8..).zip(row.all()).filter_map(|(task, terms)| Some((task, terms.announced(now)?)));
    let described = coming.map(|(task, next)| {
        Ok(AnnouncedPrice { task, terms: next.terms, price: price(next.terms)?, from: at(next.from) })
    });
    described.collect()
}
