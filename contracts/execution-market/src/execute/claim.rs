//! `Claim`: earnings go to the purses of those they belong to, whoever asks.

use cosmwasm_std::CanonicalAddr;
use mesg_api::market::{MAX_ITEMS, MarketEvent};
use mesg_api::registry::RegistryRows;
use mesg_api::staking::RUNNERS as STAKES;
use mesg_protocol::ids::{RunnerId, VersionId};

use crate::error::ContractError;
use crate::ledger::Bucket;
use crate::offer::within;
use crate::session::Session;
use crate::state::PurseKey;

/// Moves what runners and versions have earned into their owners' purses.
pub fn claim(session: &mut Session<'_>, runners: &[RunnerId], versions: &[VersionId]) -> Result<(), ContractError> {
    let max = u32::try_from(MAX_ITEMS).unwrap_or(u32::MAX);
    within("runners", runners.len(), 0, max)?;
    within("versions", versions.len(), 0, max)?;
    let mut moved = 0u128;
    for runner in runners {
        moved = moved.saturating_add(claim_runner(session, *runner)?);
    }
    for version in versions {
        moved = moved.saturating_add(claim_version(session, *version)?);
    }
    if moved == 0 { Err(ContractError::Nothing) } else { Ok(()) }
}

fn claim_runner(session: &mut Session<'_>, runner: RunnerId) -> Result<u128, ContractError> {
    // Looked at before it is taken to be changed: a claim for nothing writes no record.
    let amount = session.runner(runner)?.earned;
    if amount == 0 {
        return Ok(0);
    }
    session.runner_mut(runner)?.earned = 0;
    let row = STAKES.query(&session.querier, &session.config.staking, runner)?.ok_or(ContractError::Nothing)?;
    let owner = pay(session, &row.owner, Bucket::Runners, amount)?;
    session.emit(MarketEvent::RunnerClaimed { runner: runner.0, owner, amount });
    Ok(amount)
}

fn claim_version(session: &mut Session<'_>, version: VersionId) -> Result<u128, ContractError> {
    let amount = session.version(version)?.earned;
    if amount == 0 {
        return Ok(0);
    }
    session.version_mut(version)?.earned = 0;
    let rows = RegistryRows { registry: &session.config.registry };
    let row = rows.version(&session.querier, version)?.ok_or(ContractError::Nothing)?;
    let owner = session.service_owner(row.service)?;
    let owner = pay(session, &owner, Bucket::Developers, amount)?;
    session.emit(MarketEvent::DeveloperClaimed { version: version.0, owner, amount });
    Ok(amount)
}

fn pay(session: &mut Session<'_>, owner: &CanonicalAddr, from: Bucket, amount: u128) -> Result<String, ContractError> {
    session.credit_purse(&PurseKey::main(owner), from, amount)?;
    Ok(session.api.addr_humanize(owner)?.into_string())
}
