//! `Tick` and the ring of recent blocks that confirms bindings (1.2).

use mesg_api::market::MarketEvent;
use mesg_protocol::beacon::{Slot, ring_index, window_of};

use crate::error::ContractError;
use crate::session::Session;
use crate::state::{RING, RingSlot};

/// Records the block; the first ticker of a window is tipped by each execution that the window confirms.
pub fn tick(session: &mut Session<'_>) -> Result<(), ContractError> {
    let ticker = session.canonical(&session.sender)?;
    record_block(session, Some(ticker.to_vec()))?;
    let (window, height) = (window_of(session.now.time), session.now.height);
    session.emit(MarketEvent::Ticked { window, height });
    Ok(())
}

/// Records the block in the slot of its window, and who ticked, if nobody did before in this window.
pub fn record_block(session: &mut Session<'_>, ticker: Option<Vec<u8>>) -> Result<(), ContractError> {
    let slot = Slot { window: window_of(session.now.time), height: session.now.height };
    let index = ring_key(slot.window);
    let before = RING.may_load(session.storage, index)?.filter(|before| before.slot.window == slot.window);
    let first = before.map(|before| before.ticker).filter(|ticker| !ticker.is_empty());
    let ticker = first.or(ticker).unwrap_or_default();
    RING.save(session.storage, index, &RingSlot { slot, ticker });
    Ok(())
}

/// Place of a window in the ring.
pub fn ring_key(window: u64) -> u16 {
    u16::try_from(ring_index(window)).unwrap_or(0)
}
