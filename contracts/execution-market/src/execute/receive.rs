//! `Receive`: CW20 came in by `Send`.

use cosmwasm_std::from_json;
use cw20::Cw20ReceiveMsg;
use mesg_api::market::{MarketEvent, Permission, ReceiveMsg, RequestItem};
use mesg_api::message::Message;
use mesg_protocol::ids::ServiceId;
use mesg_protocol::money::add;

use crate::error::ContractError;
use crate::governance::check_running;
use crate::ledger::Bucket;
use crate::session::Session;
use crate::state::{BONDS, PurseKey};

/// Takes what the token says was sent; the dispatch has checked that it is the token.
pub fn receive(session: &mut Session<'_>, wrapped: &Cw20ReceiveMsg) -> Result<(), ContractError> {
    let amount = wrapped.amount.u128();
    if amount == 0 {
        return Err(ContractError::OutOfBounds { field: "amount", got: 0, min: 1, max: u128::MAX });
    }
    session.sender = session.api.addr_validate(&wrapped.sender)?;
    let Message(message) = from_json(&wrapped.msg)?;
    match message {
        ReceiveMsg::Request { items } => request(session, items, amount),
        ReceiveMsg::Deposit { account, sub } => deposit(session, account, sub, amount),
        ReceiveMsg::Challenge { execution } => {
            let purse = session.sender_purse(0)?;
            session.deposit(&purse, amount)?;
            super::challenge(session, execution)
        }
        ReceiveMsg::BondService { service } => bond_service(session, service, amount),
    }
}

/// The amount goes to purse 0 and must by itself cover the escrows; the rest stays there.
fn request(session: &mut Session<'_>, items: Vec<RequestItem>, amount: u128) -> Result<(), ContractError> {
    let purse = session.sender_purse(0)?;
    session.deposit(&purse, amount)?;
    let needed = super::request(session, 0, items)?;
    if needed > amount { Err(ContractError::Underpaid { got: amount, needed }) } else { Ok(()) }
}

fn deposit(session: &mut Session<'_>, account: Option<String>, sub: u32, amount: u128) -> Result<(), ContractError> {
    let account = match account {
        Some(account) => session.api.addr_validate(&account)?,
        None => session.sender.clone(),
    };
    let key = PurseKey { account: session.canonical(&account)?.to_vec(), sub };
    session.deposit(&key, amount)?;
    session.emit(MarketEvent::Deposited { account: account.into_string(), sub, amount });
    Ok(())
}

fn bond_service(session: &mut Session<'_>, service: ServiceId, amount: u128) -> Result<(), ContractError> {
    check_running(session.storage)?;
    // A stranger's coin must not end the owner's notice, nor be lost to the owner by mistake.
    if session.canonical(&session.sender)? != session.service_owner(service)? {
        return Err(ContractError::Unauthorized { needed: Permission::ServiceOwner });
    }
    let mut bond = BONDS.may_load(session.storage, service)?.unwrap_or_default();
    bond.amount = add(bond.amount, amount)?;
    bond.release = None;
    session.book.ledger.receive(Bucket::Bonds, amount)?;
    BONDS.save(session.storage, service, &bond);
    session.emit(MarketEvent::ServiceBonded { service: service.0, amount, bond: bond.amount });
    Ok(())
}
