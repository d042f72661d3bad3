//! A page of a pool, by slot.

use std::collections::BTreeMap;

use cosmwasm_std::{Binary, to_json_binary};
use mesg_api::staking::{POOLS, PoolRunner, PoolRunnersResponse};
use mesg_protocol::ids::{KeyNo, RunnerId, VersionId};
use mesg_protocol::sum_tree::CachedTree;

use super::{View, page, seats};
use crate::error::ContractError;
use crate::pool::Tree;
use crate::slots::{Slot, SlotBlock, place_of};
use crate::state::{self, SLOTS};

pub fn pool_runners(
    view: &View<'_>,
    version: VersionId,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> Result<Binary, ContractError> {
    let slots = POOLS.may_load(view.deps.storage, version)?.unwrap_or_default().slots;
    let first = start_after.map_or(0, |slot| slot.saturating_add(1));
    let end = first.saturating_add(page(limit)).min(slots);
    let tree = Tree { storage: view.deps.storage, version };
    let mut now = CachedTree::new(&tree, view.epoch);
    let mut next = CachedTree::new(&tree, view.epoch.saturating_add(1));
    let mut seated = Seated::new(view);
    let mut runners = vec![];
    for slot in first..end {
        let (seats_now, seats_next) = (seats(now.weight(slot)?), seats(next.weight(slot)?));
        if seats_now > 0 || seats_next > 0 {
            let Occupant { runner, key_no, excluded } = seated.now(version, slot)?;
            runners.push(PoolRunner { slot, runner, key_no, seats_now, seats_next, excluded });
        }
    }
    let next = (end < slots).then(|| end.saturating_sub(1));
    Ok(to_json_binary(&PoolRunnersResponse { runners, next })?)
}

/// Who sits in a slot, as it is now.
#[derive(Clone, Copy)]
pub struct Occupant {
    pub runner: RunnerId,
    /// Number of its present attestation key.
    pub key_no: KeyNo,
    /// Whether draws skip it.
    pub excluded: bool,
}

/// Who sits in the slots of pools; each block and each row is read at most once.
pub struct Seated<'a> {
    view: &'a View<'a>,
    blocks: BTreeMap<(VersionId, u16), SlotBlock>,
    looked_at: BTreeMap<RunnerId, Occupant>,
}

impl<'a> Seated<'a> {
    /// Reads nothing yet.
    pub const fn new(view: &'a View<'a>) -> Self {
        Self { view, blocks: BTreeMap::new(), looked_at: BTreeMap::new() }
    }

    /// Who sits in `slot` as it is now: its row is read only where the slot says so.
    pub fn now(&mut self, version: VersionId, slot: u32) -> Result<Occupant, ContractError> {
        let Slot { runner, key_no, look } = self.get(version, slot)?;
        if !look {
            return Ok(Occupant { runner, key_no, excluded: false });
        }
        if let Some(known) = self.looked_at.get(&runner) {
            return Ok(*known);
        }
        let row = state::runner(self.view.deps.storage, runner)?;
        let found = Occupant { runner, key_no: row.key_no, excluded: row.is_excluded() };
        self.looked_at.insert(runner, found);
        Ok(found)
    }

    /// Who was given `slot`, which must have been given to somebody.
    pub fn get(&mut self, version: VersionId, slot: u32) -> Result<Slot, ContractError> {
        let broken = || ContractError::Broken { what: "slot" };
        let (number, place) = place_of(slot).ok_or_else(broken)?;
        if let Some(block) = self.blocks.get(&(version, number)) {
            return block.get(place).ok_or_else(broken);
        }
        let block = SLOTS.may_load(self.view.deps.storage, (version, number))?.ok_or_else(broken)?;
        let found = block.get(place).ok_or_else(broken);
        self.blocks.insert((version, number), block);
        found
    }
}
