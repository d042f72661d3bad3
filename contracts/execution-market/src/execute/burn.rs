//! `Burn`: what the rules have set aside for burning leaves the supply.

use cw20::Cw20ExecuteMsg;
use mesg_api::market::MarketEvent;

use super::withdraw::token_message;
use crate::error::ContractError;
use crate::ledger::Bucket;
use crate::session::Session;

/// Burns the whole bucket.
pub fn burn(session: &mut Session<'_>) -> Result<(), ContractError> {
    let amount = session.book.ledger.of(Bucket::Burn);
    if amount == 0 {
        return Err(ContractError::Nothing);
    }
    session.book.ledger.pay_out(Bucket::Burn, amount)?;
    session.send(token_message(session, &Cw20ExecuteMsg::Burn { amount: amount.into() })?);
    session.emit(MarketEvent::Burned { amount });
    Ok(())
}
