//! `Withdraw`: a purse is paid out by CW20 transfer.

use cosmwasm_std::{StdResult, Uint128, WasmMsg, to_json_binary};
use cw20::Cw20ExecuteMsg;
use mesg_api::market::MarketEvent;

use crate::error::ContractError;
use crate::ledger::Bucket;
use crate::session::Session;

/// Pays `amount`, or all, of the sender's purse `sub` to `to`, or to the sender.
pub fn withdraw(
    session: &mut Session<'_>,
    sub: u32,
    amount: Option<Uint128>,
    to: Option<String>,
) -> Result<(), ContractError> {
    let key = session.sender_purse(sub)?;
    let amount = match amount {
        Some(amount) => amount.u128(),
        None => session.purse_mut(&key)?.balance,
    };
    if amount == 0 {
        return Err(ContractError::Nothing);
    }
    let to = to.map_or_else(|| Ok(session.sender.clone()), |to| session.api.addr_validate(&to))?;
    if to == session.contract {
        return Err(ContractError::ToMarket);
    }
    session.debit_purse(&key, amount)?;
    session.book.ledger.pay_out(Bucket::Purses, amount)?;
    let transfer = Cw20ExecuteMsg::Transfer { recipient: to.to_string(), amount: amount.into() };
    session.send(token_message(session, &transfer)?);
    let account = session.sender.to_string();
    session.emit(MarketEvent::Withdrawn { account, sub, amount, to: to.into_string() });
    Ok(())
}

/// A message to the token.
pub fn token_message(session: &Session<'_>, msg: &Cw20ExecuteMsg) -> StdResult<WasmMsg> {
    let contract_addr = session.config.token.to_string();
    Ok(WasmMsg::Execute { contract_addr, msg: to_json_binary(msg)?, funds: Vec::new() })
}
