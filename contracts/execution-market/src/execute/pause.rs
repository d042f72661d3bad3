//! `Pause`, `Unpause`: the switch that stops what comes in, and nothing of what goes out (6).

use mesg_api::market::MarketEvent;
use mesg_api::pause::{PAUSE, Pause};

use crate::error::ContractError;
use crate::session::Session;

/// Stops new requests, registrations and bonds.
pub fn pause(session: &mut Session<'_>) -> Result<(), ContractError> {
    if PAUSE.has(session.storage, ()) {
        return Err(ContractError::Nothing);
    }
    PAUSE.save(session.storage, (), &Pause { since: session.now.time });
    session.emit(MarketEvent::Paused { by: session.sender.to_string() });
    Ok(())
}

/// Lets them go on.
pub fn unpause(session: &mut Session<'_>) -> Result<(), ContractError> {
    if !PAUSE.has(session.storage, ()) {
        return Err(ContractError::Nothing);
    }
    PAUSE.remove(session.storage, ());
    session.emit(MarketEvent::Unpaused { by: session.sender.to_string() });
    Ok(())
}
