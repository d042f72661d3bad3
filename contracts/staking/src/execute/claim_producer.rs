//! A block producer takes its shares (docs/mechanism.md 4, invariant 23, attack 54).

use cosmwasm_std::{StdError, Uint64};
use mesg_api::staking::StakingEvent;
use mesg_api::staking::msg::MAX_CLAIM_EPOCHS;
use mesg_protocol::producers::{Account, ProducersError, place_of};
use mesg_protocol::stake::StakeError;

use super::slash::check_count;
use crate::call::Call;
use crate::error::ContractError;
use crate::state::{MEMBERS, POTS, PRODUCERS};

pub fn claim_producer(call: &mut Call<'_>, epochs: &[Uint64], to: Option<&str>) -> Result<(), ContractError> {
    check_count("epochs", epochs.len(), MAX_CLAIM_EPOCHS)?;
    let to = match to {
        Some(to) => call.deps.api.addr_validate(to)?,
        None => call.sender.clone(),
    };
    if to == call.env.contract.address {
        return Err(ContractError::ToStaking);
    }
    let account = Account::try_from(call.deps.api.addr_canonicalize(call.sender.as_str())?.as_slice()).ok();
    let now = call.producer_epoch();
    let mut book = PRODUCERS.may_load(call.deps.storage, ())?.unwrap_or_default();
    let mut sum: u128 = 0;
    for epoch in epochs.iter().map(|epoch| epoch.u64()) {
        book.check_claim(epoch, now)?;
        let share = take(call, epoch, account.as_ref())?;
        book.pay(share)?;
        sum = sum.checked_add(share).ok_or(StakeError::Overflow)?;
        let (account, to) = (call.sender.to_string(), to.to_string());
        call.emit(StakingEvent::ProducerPaid { epoch, account, to, amount: share });
    }
    PRODUCERS.save(call.deps.storage, (), &book);
    call.pay(&to, sum)?;
    Ok(())
}

/// Marks the account's share of one pot as paid. Only accounts of 20 bytes are members.
fn take(call: &mut Call<'_>, epoch: u64, account: Option<&Account>) -> Result<u128, ContractError> {
    let place = place_of(epoch);
    let members = MEMBERS.may_load(call.deps.storage, place)?.ok_or_else(|| StdError::not_found("members"))?;
    let number = account.and_then(|account| members.number(account)).ok_or(ProducersError::NotMember { epoch })?;
    let mut pot = POTS.may_load(call.deps.storage, place)?.ok_or_else(|| StdError::not_found("pot"))?;
    let share = pot.claim(epoch, number)?;
    POTS.save(call.deps.storage, place, &pot);
    Ok(share)
}
