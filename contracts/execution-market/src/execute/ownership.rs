//! `SetPauser`, `OfferOwnership`, `AcceptOwnership`: roles pass on (6).

use cosmwasm_std::{Addr, StdResult};
use mesg_api::market::MarketEvent;
use mesg_protocol::timelock::OPEN_FOR;

use crate::error::ContractError;
use crate::governance::Roles;
use crate::session::Session;

/// Names who may pause from now on, or nobody. A pause that is on stays on.
pub fn set_pauser(session: &mut Session<'_>, pauser: Option<&str>) -> Result<(), ContractError> {
    let pauser = somebody(session, pauser)?;
    let name = name_of(pauser.as_ref());
    change(session, |roles| roles.pauser = pauser)?;
    session.emit(MarketEvent::PauserSet { pauser: name });
    Ok(())
}

/// Offers the owner's role; it changes hands only when the offer is taken, so that no typing error loses it.
pub fn offer_ownership(session: &mut Session<'_>, to: Option<&str>) -> Result<(), ContractError> {
    let to = somebody(session, to)?;
    let until = session.now.time.saturating_add(OPEN_FOR);
    let name = name_of(to.as_ref());
    change(session, |roles| roles.offer = to.map(|to| (to, until)))?;
    session.emit(MarketEvent::OwnershipOffered { to: name, until });
    Ok(())
}

/// Takes the role; the dispatch has checked that it is offered to the sender.
pub fn accept_ownership(session: &mut Session<'_>) -> Result<(), ContractError> {
    let owner = session.sender.clone();
    let name = owner.to_string();
    change(session, |roles| {
        roles.owner = Some(owner);
        roles.offer = None;
    })?;
    session.emit(MarketEvent::OwnerSet { owner: name });
    Ok(())
}

fn somebody(session: &Session<'_>, address: Option<&str>) -> StdResult<Option<Addr>> {
    address.map(|address| session.api.addr_validate(address)).transpose()
}

fn name_of(somebody: Option<&Addr>) -> String {
    somebody.map(ToString::to_string).unwrap_or_default()
}

fn change(session: &mut Session<'_>, work: impl FnOnce(&mut Roles)) -> StdResult<()> {
    let mut roles = Roles::load(session.storage)?;
    work(&mut roles);
    roles.save(session.storage);
    Ok(())
}
