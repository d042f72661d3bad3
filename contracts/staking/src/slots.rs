//! Who sits in a slot: sixteen slots to a record, so that a draw reads few of them.

use cosmwasm_std::Storage;
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};
use mesg_protocol::ids::{KeyNo, RunnerId, VersionId};

use crate::error::ContractError;
use crate::state::SLOTS;

/// Slots in a block.
const WIDTH: usize = 16;
const LAYOUT: u8 = 1;

/// The runner in a slot, also after it left: draws of older epochs may still reach it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The runner.
    pub runner: RunnerId,
    /// Number of its attestation key.
    pub key_no: KeyNo,
    /// Whether a draw has to look at the runner's row before it hands it out: set while the runner is excluded
    /// ([`RunnerRow::is_excluded`](mesg_api::staking::RunnerRow::is_excluded)), and for good once it has left the slot, because
    /// what becomes of it later is not written here any more.
    pub look: bool,
}

/// Sixteen slots in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlotBlock([Option<Slot>; WIDTH]);

impl SlotBlock {
    /// The slot at `place`, 0 to 15.
    pub fn get(&self, place: usize) -> Option<Slot> {
        self.0.get(place).copied().flatten()
    }
}

/// Block of a slot and its place there. None above slot 2^20 − 1, which no pool has.
pub fn place_of(slot: u32) -> Option<(u16, usize)> {
    Some((u16::try_from(slot / 16).ok()?, usize::try_from(slot % 16).ok()?))
}

/// Seats `who` in `slot`.
pub fn put(storage: &mut dyn Storage, version: VersionId, slot: u32, who: Slot) -> Result<(), ContractError> {
    write(storage, version, slot, |place| *place = Some(who))
}

/// Changes what is known of the runner in `slot`.
pub fn change(
    storage: &mut dyn Storage,
    version: VersionId,
    slot: u32,
    change: impl FnOnce(&mut Slot),
) -> Result<(), ContractError> {
    write(storage, version, slot, |place| {
        if let Some(who) = place {
            change(who);
        }
    })
}

fn write(
    storage: &mut dyn Storage,
    version: VersionId,
    slot: u32,
    change: impl FnOnce(&mut Option<Slot>),
) -> Result<(), ContractError> {
    let broken = || ContractError::Broken { what: "slot" };
    let (number, place) = place_of(slot).ok_or_else(broken)?;
    let mut block = SLOTS.may_load(storage, (version, number))?.unwrap_or_default();
    change(block.0.get_mut(place).ok_or_else(broken)?);
    SLOTS.save(storage, (version, number), &block);
    Ok(())
}

fn look(input: &mut Reader<'_>) -> Result<bool, CodecError> {
    match input.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        got => Err(CodecError::Tag { got }),
    }
}

impl Record for SlotBlock {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        let mask = self.0.iter().rev().fold(0u16, |mask, slot| (mask << 1) | u16::from(slot.is_some()));
        out.fixed(&mask.to_be_bytes());
        for slot in self.0.iter().flatten() {
            out.int(slot.runner.0);
            out.int(slot.key_no);
            out.byte(u8::from(slot.look));
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        let mut mask = u16::from_be_bytes([input.byte()?, input.byte()?]);
        let mut block = Self::default();
        for slot in &mut block.0 {
            if mask & 1 == 1 {
                *slot = Some(Slot { runner: RunnerId(input.int()?), key_no: input.int()?, look: look(input)? });
            }
            mask >>= 1;
        }
        Ok(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_comes_back_from_its_bytes() {
        let mut block = SlotBlock::default();
        assert_eq!(block.encode(), [1, 0, 0]);
        block.0[0] = Some(Slot { runner: RunnerId(1), key_no: 0, look: false });
        block.0[15] = Some(Slot { runner: RunnerId(300), key_no: 2, look: true });
        assert_eq!(block.encode(), [1, 0x80, 0x01, 1, 0, 0, 0xac, 2, 2, 1]);
        assert_eq!(SlotBlock::decode(&block.encode()), Ok(block));
        assert_eq!(SlotBlock::decode(&[2]), Err(CodecError::Version { expected: 1, got: 2 }));
        assert_eq!(SlotBlock::decode(&[1, 0, 1, 1, 0, 2]), Err(CodecError::Tag { got: 2 }));
    }

    #[test]
    fn sixteen_slots_share_a_block() {
        assert_eq!([0, 15, 16, 65_535].map(place_of), [Some((0, 0)), Some((0, 15)), Some((1, 0)), Some((4_095, 15))]);
        assert_eq!(place_of(1 << 20), None);
    }
}
