//! The pool of one version: slots, seats by epoch, totals (docs/mechanism.md 1.3, 1.4).

use cosmwasm_std::{StdError, Storage};
use mesg_api::staking::PoolHeader;
use mesg_protocol::ids::VersionId;
use mesg_protocol::sum_tree::{self, CAPACITY, Node, NodeSource, NodeStore, TreeError};

use crate::error::ContractError;
use crate::slots::{self, Slot};
use crate::state::{FREE_SLOTS, FreeSlot, NODES};

/// The sum tree of a version, to be read.
pub struct Tree<'a> {
    pub storage: &'a dyn Storage,
    pub version: VersionId,
}

impl NodeSource for Tree<'_> {
    type Error = ContractError;

    fn node(&self, number: u16) -> Result<Option<Node>, ContractError> {
        Ok(NODES.may_load(self.storage, (self.version, number))?)
    }
}

/// The sum tree of a version, to be written.
struct TreeMut<'a> {
    storage: &'a mut dyn Storage,
    version: VersionId,
}

impl NodeSource for TreeMut<'_> {
    type Error = ContractError;

    fn node(&self, number: u16) -> Result<Option<Node>, ContractError> {
        Tree { storage: self.storage, version: self.version }.node(number)
    }
}

impl NodeStore for TreeMut<'_> {
    fn set_node(&mut self, number: u16, node: &Node) -> Result<(), ContractError> {
        NODES.save(self.storage, (self.version, number), node);
        Ok(())
    }
}

/// The pool of one version, to be changed; the caller stores the header afterwards.
pub struct Pool<'a> {
    pub storage: &'a mut dyn Storage,
    pub version: VersionId,
    pub header: &'a mut PoolHeader,
    /// The epoch of this block; changes count from the next one on.
    pub now: u64,
}

impl Pool<'_> {
    /// Gives `slot` this many seats; whether that is a change.
    pub fn set_seats(&mut self, slot: u32, seats: u32) -> Result<bool, ContractError> {
        let mut tree = TreeMut { storage: self.storage, version: self.version };
        let before = sum_tree::set_weight(&mut tree, self.now, slot, seats.into())?;
        let after = u64::from(seats);
        if before == after {
            return Ok(false);
        }
        let totals = self.header.totals.next_mut(self.now);
        let sum = totals.seats.checked_sub(before).and_then(|rest| rest.checked_add(after));
        let runners = match (before, after) {
            (0, _) => totals.runners.checked_add(1),
            (_, 0) => totals.runners.checked_sub(1),
            _ => Some(totals.runners),
        };
        (totals.seats, totals.runners) = sum.zip(runners).ok_or(TreeError::Inconsistent)?;
        Ok(true)
    }

    /// A slot for `who`, without seats yet: the one left longest ago if no draw can reach it any more, else a new one.
    pub fn join(&mut self, who: Slot) -> Result<u32, ContractError> {
        let slot = match self.reusable()? {
            Some(slot) => {
                FREE_SLOTS.remove(self.storage, (self.version, self.header.reused));
                self.header.reused = self.header.reused.checked_add(1).ok_or(TreeError::Inconsistent)?;
                slot
            }
            None if self.header.slots < CAPACITY => {
                let slot = self.header.slots;
                self.header.slots = slot.saturating_add(1);
                slot
            }
            None => return Err(ContractError::PoolFull { version: self.version }),
        };
        slots::put(self.storage, self.version, slot, who)?;
        Ok(slot)
    }

    /// Takes the seats of `slot` and queues it for reuse. Its runner stays in it for the draws of this epoch, which look
    /// at its row from now on.
    pub fn leave(&mut self, slot: u32) -> Result<(), ContractError> {
        self.set_seats(slot, 0)?;
        slots::change(self.storage, self.version, slot, |who| who.look = true)?;
        FREE_SLOTS.save(self.storage, (self.version, self.header.freed), &FreeSlot(slot));
        self.header.freed = self.header.freed.checked_add(1).ok_or(ContractError::Broken { what: "queue of slots" })?;
        Ok(())
    }

    /// The slot at the head of the queue, if it weighs nothing in any epoch that can still be drawn from.
    fn reusable(&self) -> Result<Option<u32>, ContractError> {
        if self.header.reused == self.header.freed {
            return Ok(None);
        }
        let entry = FREE_SLOTS.may_load(self.storage, (self.version, self.header.reused))?;
        let FreeSlot(slot) = entry.ok_or_else(|| StdError::not_found("free slot"))?;
        let tree = Tree { storage: self.storage, version: self.version };
        Ok(sum_tree::slot_is_free(&tree, self.now, slot)?.then_some(slot))
    }
}
