//! A runner's seats follow its stake (docs/mechanism.md 1.5).

use cosmwasm_std::{StdError, Storage};
use mesg_api::staking::{POOLS, PoolHeader, RunnerRow, StakingEvent};
use mesg_protocol::capacity;
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_protocol::score::Exclusion;

use crate::call::Call;
use crate::error::ContractError;
use crate::pool::Pool;
use crate::slots::{self, Slot};
use crate::state::Config;

/// A version that a runner serves, with its pool.
struct Served {
    version: VersionId,
    slot: u32,
    pool: PoolHeader,
}

/// Seats of the runner in a pool with this seat bond if it served so many versions.
pub fn seats(config: &Config, row: &RunnerRow, versions: usize, seat_bond: u128) -> u32 {
    let versions = u8::try_from(versions).unwrap_or(u8::MAX);
    capacity::seats(config.capacity, row.stake.active_value(), versions, seat_bond)
}

/// Brings the seats of a runner in line with its stake, the versions it serves and what excludes it, from the next epoch
/// on. A version that would give no seat is left, so that nobody holds slots without stake behind them; more stake needs
/// a new opting in. In jail a runner keeps its slots without seats; a tombstone takes the slots. The caller stores the
/// row.
pub fn refresh(call: &mut Call<'_>, runner: RunnerId, row: &mut RunnerRow) -> Result<(), ContractError> {
    let served = load(call.deps.storage, row)?;
    let all = served.len();
    let tombstoned = row.exclusion == Some(Exclusion::Tombstone);
    let (kept, lost): (Vec<_>, Vec<_>) =
        served.into_iter().partition(|served| !tombstoned && seats(&call.config, row, all, served.pool.seat_bond) > 0);
    for served in lost {
        leave(call, runner, row, served)?;
    }
    let count = kept.len();
    for served in kept {
        let jailed = row.exclusion.is_some();
        set(call, runner, served, |config, bond| if jailed { 0 } else { seats(config, row, count, bond) })?;
    }
    Ok(())
}

/// Leaves one version.
pub fn opt_out(
    call: &mut Call<'_>,
    runner: RunnerId,
    row: &mut RunnerRow,
    version: VersionId,
) -> Result<(), ContractError> {
    let served = load(call.deps.storage, row)?.into_iter().find(|served| served.version == version);
    leave(call, runner, row, served.ok_or(ContractError::NotServed { version })?)
}

/// Changes what draws know of the runner in each slot that it has.
pub fn tell_draws(storage: &mut dyn Storage, row: &RunnerRow, change: impl Fn(&mut Slot)) -> Result<(), ContractError> {
    row.versions.iter().try_for_each(|(version, slot)| slots::change(storage, *version, *slot, &change))
}

fn load(storage: &dyn Storage, row: &RunnerRow) -> Result<Vec<Served>, ContractError> {
    let load = |&(version, slot): &(VersionId, u32)| {
        let pool = POOLS.may_load(storage, version)?.ok_or_else(|| StdError::not_found("pool"))?;
        Ok(Served { version, slot, pool })
    };
    row.versions.iter().map(load).collect()
}

fn leave(call: &mut Call<'_>, runner: RunnerId, row: &mut RunnerRow, mut served: Served) -> Result<(), ContractError> {
    let version = served.version;
    let now = call.epoch();
    Pool { storage: call.deps.storage, version, header: &mut served.pool, now }.leave(served.slot)?;
    POOLS.save(call.deps.storage, version, &served.pool);
    row.versions.retain(|(served, _)| *served != version);
    let epoch = call.next_epoch();
    call.emit(StakingEvent::OptedOut { runner: runner.0, version: version.0, epoch });
    Ok(())
}

fn set(
    call: &mut Call<'_>,
    runner: RunnerId,
    mut served: Served,
    seats: impl FnOnce(&Config, u128) -> u32,
) -> Result<(), ContractError> {
    let Served { version, slot, .. } = served;
    let seats = seats(&call.config, served.pool.seat_bond);
    let now = call.epoch();
    let changed = Pool { storage: call.deps.storage, version, header: &mut served.pool, now }.set_seats(slot, seats)?;
    if changed {
        POOLS.save(call.deps.storage, version, &served.pool);
        let epoch = call.next_epoch();
        call.emit(StakingEvent::SeatsChanged { runner: runner.0, version: version.0, seats, epoch });
    }
    Ok(())
}
