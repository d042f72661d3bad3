//! The market takes exact amounts (docs/mechanism.md 3). Only the runners' rows change; seats follow with `Sync`.

use std::collections::BTreeMap;

use mesg_api::staking::msg::MAX_SLASH_ITEMS;
use mesg_api::staking::{RUNNERS, RunnerRow, SlashItem, StakingEvent};
use mesg_protocol::ids::RunnerId;
use mesg_protocol::stake::StakeError;

use crate::call::Call;
use crate::error::ContractError;
use crate::state;

pub fn slash(call: &mut Call<'_>, items: &[SlashItem]) -> Result<(), ContractError> {
    check_count(items.len())?;
    let mut rows: BTreeMap<RunnerId, RunnerRow> = BTreeMap::new();
    let mut sum: u128 = 0;
    for SlashItem { runner, amount } in items {
        let (runner, amount) = (*runner, amount.u128());
        let mut row = match rows.remove(&runner) {
            Some(row) => row,
            None => state::runner(call.deps.storage, runner)?,
        };
        row.stake.slash(amount).map_err(|reason| ContractError::Slash { runner, reason })?;
        sum = sum.checked_add(amount).ok_or(StakeError::Overflow)?;
        call.emit(StakingEvent::Slashed { runner: runner.0, amount, tokens: row.stake.tokens });
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

fn check_count(got: usize) -> Result<(), ContractError> {
    let bound = |count: usize| u128::try_from(count).unwrap_or(u128::MAX);
    if got == 0 || got > MAX_SLASH_ITEMS {
        return Err(ContractError::OutOfBounds {
            field: "items",
            got: bound(got),
            min: 1,
            max: bound(MAX_SLASH_ITEMS),
        });
    }
    Ok(())
}
