//! The market takes exact amounts and excludes runners from seats (docs/mechanism.md 3). Only the runners' rows change, and
//! what draws know of one that is excluded or has nothing left; leaves follow with `Sync`.

use std::collections::BTreeMap;

use mesg_api::staking::msg::MAX_SLASH_ITEMS;
use mesg_api::staking::{RUNNERS, RunnerRow, SlashItem, StakingEvent};
use mesg_protocol::ids::RunnerId;
use mesg_protocol::score::Exclusion;
use mesg_protocol::stake::StakeError;

use crate::call::Call;
use crate::error::ContractError;
use crate::{seats, state};

pub fn slash(call: &mut Call<'_>, items: &[SlashItem]) -> Result<(), ContractError> {
    check_count("items", items.len(), MAX_SLASH_ITEMS)?;
    let mut rows: BTreeMap<RunnerId, RunnerRow> = BTreeMap::new();
    let mut sum: u128 = 0;
    for item in items {
        let (runner, amount) = (item.runner, item.amount.u128());
        let mut row = match rows.remove(&runner) {
            Some(row) => row,
            None => state::runner(call.deps.storage, runner)?,
        };
        let (before, excluded) = (row.is_excluded(), item.exclusion());
        // An item says something: without an exclusion it takes an amount.
        if amount > 0 || excluded.is_none() {
            row.stake.slash(amount).map_err(|reason| ContractError::Slash { runner, reason })?;
            sum = sum.checked_add(amount).ok_or(StakeError::Overflow)?;
            call.emit(StakingEvent::Slashed { runner: runner.0, amount, tokens: row.stake.tokens });
        }
        if let Some(excluded) = excluded {
            exclude(call, runner, &mut row, excluded);
        }
        if row.is_excluded() && !before {
            seats::tell_draws(call.deps.storage, &row, |slot| slot.look = true)?;
        }
        rows.insert(runner, row);
    }
    for (runner, row) in &rows {
        RUNNERS.save(call.deps.storage, *runner, row);
    }
    // The sender is the market: that is this message's permission.
    let market = call.sender.clone();
    call.pay(&market, sum)?;
    Ok(())
}

/// Excludes a runner; of several exclusions the longest holds.
fn exclude(call: &mut Call<'_>, runner: RunnerId, row: &mut RunnerRow, excluded: Exclusion) {
    if row.exclusion >= Some(excluded) {
        return;
    }
    row.exclusion = Some(excluded);
    call.emit(match excluded {
        Exclusion::Jail { until } => StakingEvent::Jailed { runner: runner.0, until },
        Exclusion::Tombstone => StakingEvent::Tombstoned { runner: runner.0 },
    });
}

/// Refuses a list of no or more than `max` entries.
pub(super) fn check_count(field: &'static str, got: usize, max: usize) -> Result<(), ContractError> {
    let bound = |count: usize| u128::try_from(count).unwrap_or(u128::MAX);
    if got == 0 || got > max {
        return Err(ContractError::OutOfBounds { field, got: bound(got), min: 1, max: bound(max) });
    }
    Ok(())
}
