//! Tokens arrive: the hook of the token. A plain `Transfer` to this contract credits nobody.

use cosmwasm_std::{Uint128, from_json};
use cw20::Cw20ReceiveMsg;
use mesg_api::staking::{Permission, RUNNERS, ReceiveMsg, StakingEvent};
use mesg_protocol::ids::RunnerId;
use mesg_protocol::score::Exclusion;

use super::close_epoch::close_epoch;
use crate::call::Call;
use crate::error::ContractError;
use crate::state::{self, MARKET};
use crate::{access, seats};

pub fn receive(call: &mut Call<'_>, hook: &Cw20ReceiveMsg) -> Result<(), ContractError> {
    match from_json(&hook.msg)? {
        ReceiveMsg::Bond { runner } => bond(call, runner, &hook.sender, hook.amount.u128()),
        ReceiveMsg::CloseEpoch {} => close_epoch(call, hook),
    }
}

fn bond(call: &mut Call<'_>, runner: RunnerId, payer: &str, amount: u128) -> Result<(), ContractError> {
    if MARKET.may_load(call.deps.storage)?.is_none() {
        return Err(ContractError::MarketNotSet);
    }
    call.check_running()?;
    let payer = call.deps.api.addr_validate(payer)?;
    let mut row = state::runner(call.deps.storage, runner)?;
    if !access::is_owner(call, &row, &payer)? {
        return Err(ContractError::Unauthorized { needed: Permission::Owner });
    }
    if row.exclusion == Some(Exclusion::Tombstone) {
        return Err(ContractError::Tombstoned);
    }
    row.stake.bond(amount)?;
    let (got, min) = (row.stake.active_value(), call.config.min_stake);
    if got < min {
        return Err(ContractError::BelowMinStake { got: Uint128::new(got), min: Uint128::new(min) });
    }
    call.emit(StakingEvent::Bonded { runner: runner.0, amount, tokens: row.stake.tokens });
    seats::refresh(call, runner, &mut row)?;
    RUNNERS.save(call.deps.storage, runner, &row);
    Ok(())
}
