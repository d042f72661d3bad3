//! A runner serves a version from the next epoch on (docs/mechanism.md 1.5, 3).

use mesg_api::registry::{VERSIONS, VersionRow};
use mesg_api::staking::msg::MAX_VERSIONS;
use mesg_api::staking::{POOLS, PoolHeader, RUNNERS, RunnerRow, StakingEvent};
use mesg_protocol::capacity::MIN_SEATS;
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_protocol::score::Exclusion;

use crate::call::Call;
use crate::error::ContractError;
use crate::pool::Pool;
use crate::slots::Slot;
use crate::{seats, state};

pub fn opt_in(call: &mut Call<'_>, runner: RunnerId, version: VersionId) -> Result<(), ContractError> {
    call.check_running()?;
    let mut row = state::runner(call.deps.storage, runner)?;
    check_exclusion(&row)?;
    let offered = VERSIONS.query(&call.deps.querier, &call.config.registry, version)?;
    let offered = offered.ok_or(ContractError::UnknownVersion { version })?;
    check_place(&row, version, &offered)?;
    let known = POOLS.may_load(call.deps.storage, version)?;
    let mut header = known.unwrap_or_else(|| PoolHeader { seat_bond: offered.seat_bond, ..PoolHeader::default() });
    check_seats(call, &row, version, header.seat_bond)?;

    let who = Slot { runner, key_no: row.key_no, look: false };
    let now = call.epoch();
    let slot = Pool { storage: call.deps.storage, version, header: &mut header, now }.join(who)?;
    POOLS.save(call.deps.storage, version, &header);
    row.versions.push((version, slot));
    call.emit(StakingEvent::OptedIn { runner: runner.0, version: version.0, slot });
    seats::refresh(call, runner, &mut row)?;
    RUNNERS.save(call.deps.storage, runner, &row);
    Ok(())
}

/// A runner in jail asks to be let out first; a tombstoned one never serves again.
fn check_exclusion(row: &RunnerRow) -> Result<(), ContractError> {
    match row.exclusion {
        None => Ok(()),
        Some(Exclusion::Jail { until }) => Err(ContractError::Jailed { until }),
        Some(Exclusion::Tombstone) => Err(ContractError::Tombstoned),
    }
}

fn check_place(row: &RunnerRow, version: VersionId, offered: &VersionRow) -> Result<(), ContractError> {
    if offered.yanked {
        return Err(ContractError::VersionYanked { version });
    }
    let (expected, got) = (row.service, offered.service);
    if got != expected {
        return Err(ContractError::WrongService { expected, got });
    }
    if row.versions.iter().any(|(served, _)| *served == version) {
        return Err(ContractError::AlreadyServed { version });
    }
    if row.versions.len() >= MAX_VERSIONS {
        return Err(ContractError::TooManyVersions { max: MAX_VERSIONS });
    }
    Ok(())
}

/// With the new version, every one must give at least two seats.
fn check_seats(call: &Call<'_>, row: &RunnerRow, version: VersionId, seat_bond: u128) -> Result<(), ContractError> {
    let enough = |version: VersionId, bond: u128| {
        let got = seats::seats(&call.config, row, row.versions.len().saturating_add(1), bond);
        if got < MIN_SEATS { Err(ContractError::TooFewSeats { version, got, min: MIN_SEATS }) } else { Ok(()) }
    };
    enough(version, seat_bond)?;
    for (served, _) in &row.versions {
        if let Some(pool) = POOLS.may_load(call.deps.storage, *served)? {
            enough(*served, pool.seat_bond)?;
        }
    }
    Ok(())
}
