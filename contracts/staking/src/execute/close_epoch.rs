//! The block producers' pot arrives: who is bonded now shares it (docs/mechanism.md 4, invariant 23).

use cosmwasm_std::StdError;
use cw20::Cw20ReceiveMsg;
use mesg_api::staking::{Permission, StakingEvent};
use mesg_protocol::producers::{Closed, Pot, place_of};

use crate::bonded;
use crate::call::Call;
use crate::error::ContractError;
use crate::state::{MARKET, MEMBERS, POTS, PRODUCERS};

pub fn close_epoch(call: &mut Call<'_>, hook: &Cw20ReceiveMsg) -> Result<(), ContractError> {
    if MARKET.may_load(call.deps.storage)?.is_none_or(|market| market.as_str() != hook.sender) {
        return Err(ContractError::Unauthorized { needed: Permission::Market });
    }
    let (now, received) = (call.producer_epoch(), hook.amount.u128());
    let members = bonded::members(&call.deps.querier, &call.env.contract.address)?;
    let mut book = PRODUCERS.may_load(call.deps.storage, ())?.unwrap_or_default();
    let storage = &*call.deps.storage;
    let pot = |epoch| POTS.may_load(storage, place_of(epoch))?.ok_or_else(|| StdError::not_found("pot").into());
    let Closed { epoch, pot, rolled } = book.close::<ContractError>(now, received, members.accounts().len(), pot)?;
    call.emit(StakingEvent::EpochClosed {
        epoch,
        received,
        rolled,
        members: pot.as_ref().map_or(0, Pot::members),
        share: pot.as_ref().map_or(0, Pot::share),
        carried: book.carried,
    });
    if let Some(pot) = pot {
        POTS.save(call.deps.storage, place_of(epoch), &pot);
        MEMBERS.save(call.deps.storage, place_of(epoch), &members);
    }
    PRODUCERS.save(call.deps.storage, (), &book);
    Ok(())
}
