//! Which versions of a service are yanked, and which one is therefore its latest.
//!
//! Kept as *runs*: yanked versions of one service with none between them that is offered. A run is stored under its last
//! version, so that the one around a version is the next entry. Yanking joins two runs at most and offering again splits
//! one, so both read and write the same few entries however many versions there are; and where nothing is stored nothing
//! is yanked, which is what the state of 0.1.0 says.

use cosmwasm_std::{Order, StdResult, Storage};
use cw_storage_plus::{Bound, Map};
use mesg_protocol::ids::{ServiceId, VersionId};

use crate::state::BY_SERVICE;

/// The first version of each run, by service and last version.
const RUNS: Map<(u32, u32), u32> = Map::new("yanked");

/// Yanked versions of one service, first and last among them.
#[derive(Clone, Copy)]
struct Run {
    first: u32,
    last: u32,
}

/// The highest version of a service that is not yanked.
///
/// # Errors
/// Damaged storage.
pub fn latest(storage: &dyn Storage, ServiceId(service): ServiceId) -> StdResult<Option<VersionId>> {
    let newest = BY_SERVICE.prefix(service).keys(storage, None, None, Order::Descending).next().transpose()?;
    let Some(newest) = newest else { return Ok(None) };
    let latest = match RUNS.may_load(storage, (service, newest))? {
        Some(first) => below(storage, service, first)?,
        None => Some(newest),
    };
    Ok(latest.map(VersionId))
}

/// Enters a version that was offered as yanked.
///
/// # Errors
/// Damaged storage.
pub fn yank(storage: &mut dyn Storage, ServiceId(service): ServiceId, VersionId(version): VersionId) -> StdResult<()> {
    let mut run = Run { first: version, last: version };
    if let Some(below) = below(storage, service, version)?
        && let Some(first) = RUNS.may_load(storage, (service, below))?
    {
        RUNS.remove(storage, (service, below));
        run.first = first;
    }
    if let Some(above) = above(storage, service, version)?
        && let Some(joined) = around(storage, service, above)?
    {
        run.last = joined.last;
    }
    RUNS.save(storage, (service, run.last), &run.first)
}

/// Enters a version that was yanked as offered.
///
/// # Errors
/// Damaged storage.
pub fn offer(storage: &mut dyn Storage, ServiceId(service): ServiceId, VersionId(version): VersionId) -> StdResult<()> {
    let Some(run) = around(storage, service, version)? else { return Ok(()) };
    let (below, above) = (below(storage, service, version)?, above(storage, service, version)?);
    if let Some(last) = below.filter(|last| *last >= run.first) {
        RUNS.save(storage, (service, last), &run.first)?;
    }
    match above.filter(|first| *first <= run.last) {
        Some(first) => RUNS.save(storage, (service, run.last), &first),
        None => {
            RUNS.remove(storage, (service, run.last));
            Ok(())
        }
    }
}

/// The run that a version is in.
fn around(storage: &dyn Storage, service: u32, version: u32) -> StdResult<Option<Run>> {
    let from = Some(Bound::inclusive(version));
    let next = RUNS.prefix(service).range(storage, from, None, Order::Ascending).next().transpose()?;
    Ok(next.map(|(last, first)| Run { first, last }).filter(|run| run.first <= version))
}

/// The service's version before a version.
fn below(storage: &dyn Storage, service: u32, version: u32) -> StdResult<Option<u32>> {
    let end = Some(Bound::exclusive(version));
    BY_SERVICE.prefix(service).keys(storage, None, end, Order::Descending).next().transpose()
}

/// The service's version after a version.
fn above(storage: &dyn Storage, service: u32, version: u32) -> StdResult<Option<u32>> {
    let from = Some(Bound::exclusive(version));
    BY_SERVICE.prefix(service).keys(storage, from, None, Order::Ascending).next().transpose()
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
mod tests {
    use std::collections::BTreeSet;

    use cosmwasm_std::testing::MockStorage;
    use proptest::prelude::*;

    use super::*;

    const SERVICE: ServiceId = ServiceId(7);

    /// Every third number is a version of the service, the others are of its neighbours.
    fn versions(count: u32) -> (MockStorage, Vec<u32>) {
        let mut storage = MockStorage::new();
        let own: Vec<u32> = (1..=count).map(|number| number * 3).collect();
        for version in &own {
            for (service, version) in [(6, version - 1), (7, *version), (8, version + 1)] {
                BY_SERVICE.save(&mut storage, (service, version), &()).unwrap();
            }
        }
        (storage, own)
    }

    #[test]
    fn a_state_without_runs_yanks_nothing() {
        let (storage, own) = versions(4);
        assert_eq!(latest(&storage, SERVICE).unwrap(), own.last().copied().map(VersionId));
        assert_eq!(latest(&storage, ServiceId(9)).unwrap(), None);
    }

    proptest! {
        #[test]
        fn the_latest_is_the_highest_that_is_not_yanked(turns in prop::collection::vec(0..12_usize, 0..60)) {
            let (mut storage, own) = versions(12);
            let mut yanked = BTreeSet::new();
            for turn in turns {
                let version = own[turn];
                if yanked.remove(&version) {
                    offer(&mut storage, SERVICE, VersionId(version)).unwrap();
                } else {
                    yanked.insert(version);
                    yank(&mut storage, SERVICE, VersionId(version)).unwrap();
                }
                let highest = own.iter().rev().find(|version| !yanked.contains(version));
                prop_assert_eq!(latest(&storage, SERVICE).unwrap(), highest.copied().map(VersionId));
                let runs: Vec<(u32, u32)> = RUNS
                    .prefix(SERVICE.0)
                    .range(&storage, None, None, Order::Ascending)
                    .map(|run| run.map(|(last, first)| (first, last)).unwrap())
                    .collect();
                let covered: BTreeSet<u32> =
                    own.iter().copied().filter(|v| runs.iter().any(|(first, last)| first <= v && v <= last)).collect();
                prop_assert_eq!(&covered, &yanked);
                let apart = runs.windows(2).all(|two| own.iter().any(|v| two[0].1 < *v && *v < two[1].0));
                prop_assert!(apart, "two runs without an offered version between them: {:?}", runs);
            }
        }
    }
}
