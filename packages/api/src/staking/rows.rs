//! Binary records of the staking contract that others read raw. Keys and bytes are public API, frozen by tests.

use cosmwasm_std::CanonicalAddr;
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};
use mesg_protocol::ids::{KeyNo, RunnerId, ServiceId, VersionId};
use mesg_protocol::score::Exclusion;
use mesg_protocol::stake::Stake;
use mesg_protocol::versioned::Versioned;

use super::msg::MAX_VERSIONS;
use crate::record_map::RecordMap;

/// Runners: "r/" runner.
pub const RUNNERS: RecordMap<RunnerId, RunnerRow> = RecordMap::new("r/");
/// Attestation keys, kept for ever: "k/" runner, number.
pub const KEYS: RecordMap<(RunnerId, KeyNo), AttestationKey> = RecordMap::new("k/");
/// Pools: "p/" version.
pub const POOLS: RecordMap<VersionId, PoolHeader> = RecordMap::new("p/");

const LAYOUT: u8 = 1;

/// A runner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunnerRow {
    /// The service it is registered for.
    pub service: ServiceId,
    /// Cold key: bonds, unbonds, withdraws.
    pub owner: CanonicalAddr,
    /// Hot key: sends the runner's transactions.
    pub operator: CanonicalAddr,
    /// Number of its current attestation key.
    pub key_no: KeyNo,
    /// Its tokens and the shares in them. What a slash can take is `stake.tokens`.
    pub stake: Stake,
    /// Versions that it serves and its slot in each pool; at most 2, in the order of opting in.
    pub versions: Vec<(VersionId, u32)>,
    /// Jail or tombstone, if it is under one. A jail lasts until it asks to be let out.
    pub exclusion: Option<Exclusion>,
}

impl RunnerRow {
    /// Whether it gets no seat, whatever its leaves say: in jail, under a tombstone, or with nothing left to lose.
    pub const fn is_excluded(&self) -> bool {
        self.exclusion.is_some() || self.stake.tokens == 0
    }
}

impl Record for RunnerRow {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(self.service.0);
        out.bytes(self.owner.as_slice());
        out.bytes(self.operator.as_slice());
        out.int(self.key_no);
        self.stake.write(out);
        out.int(u8::try_from(self.versions.len()).unwrap_or(u8::MAX));
        for (version, slot) in &self.versions {
            out.int(version.0);
            out.int(*slot);
        }
        write_exclusion(self.exclusion, out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self {
            service: ServiceId(input.int()?),
            owner: input.bytes()?.into(),
            operator: input.bytes()?.into(),
            key_no: input.int()?,
            stake: Stake::read(input)?,
            versions: versions(input)?,
            exclusion: read_exclusion(input)?,
        })
    }
}

/// Kinds of exclusion; 0.1.0 wrote no other byte than that of none.
const NOT_EXCLUDED: u8 = 0;
const JAILED: u8 = 1;
const TOMBSTONED: u8 = 2;

fn write_exclusion(exclusion: Option<Exclusion>, out: &mut Writer) {
    match exclusion {
        None => out.byte(NOT_EXCLUDED),
        Some(Exclusion::Jail { until }) => {
            out.byte(JAILED);
            out.int(until);
        }
        Some(Exclusion::Tombstone) => out.byte(TOMBSTONED),
    }
}

fn read_exclusion(input: &mut Reader<'_>) -> Result<Option<Exclusion>, CodecError> {
    match input.byte()? {
        NOT_EXCLUDED => Ok(None),
        JAILED => Ok(Some(Exclusion::Jail { until: input.int()? })),
        TOMBSTONED => Ok(Some(Exclusion::Tombstone)),
        got => Err(CodecError::Tag { got }),
    }
}

fn versions(input: &mut Reader<'_>) -> Result<Vec<(VersionId, u32)>, CodecError> {
    let count: usize = input.int()?;
    if count > MAX_VERSIONS {
        return Err(CodecError::Integer);
    }
    (0..count).map(|_| Ok((VersionId(input.int()?), input.int()?))).collect()
}

/// A compressed secp256k1 public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttestationKey(pub [u8; 33]);

impl Record for AttestationKey {
    fn write(&self, out: &mut Writer) {
        out.fixed(&self.0);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.fixed(33)?.try_into().map(Self).map_err(|_| CodecError::Truncated)
    }
}

/// Totals of a pool in one epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolTotals {
    /// Runners with at least one seat.
    pub runners: u32,
    /// Σ leaves: seats of all of them.
    pub seats: u64,
}

impl Record for PoolTotals {
    fn write(&self, out: &mut Writer) {
        out.int(self.runners);
        out.int(self.seats);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self { runners: input.int()?, seats: input.int()? })
    }
}

/// The pool of one version. Exists from the first time that a runner opts in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoolHeader {
    /// The version's seat bond B, in base units, as the registry had it.
    pub seat_bond: u128,
    /// Slots ever allocated, numbered from 0.
    pub slots: u32,
    /// Slots ever freed: length of the queue of free slots, reused ones included.
    pub freed: u32,
    /// Slots ever reused: how many of that queue are taken.
    pub reused: u32,
    /// Totals by epoch.
    pub totals: Versioned<PoolTotals>,
}

impl PoolHeader {
    /// The totals that draws of `epoch` are made from; none where `epoch` is too old to be known.
    pub fn at(&self, epoch: u64) -> Option<PoolTotals> {
        self.totals.at(epoch).copied()
    }
}

impl Record for PoolHeader {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(self.seat_bond);
        out.int(self.slots);
        out.int(self.freed);
        out.int(self.reused);
        self.totals.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self {
            seat_bond: input.int()?,
            slots: input.int()?,
            freed: input.int()?,
            reused: input.int()?,
            totals: Versioned::read(input)?,
        })
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    fn row() -> RunnerRow {
        RunnerRow {
            service: ServiceId(1),
            owner: vec![0xaa; 20].into(),
            operator: vec![0xbb; 32].into(),
            key_no: 2,
            stake: Stake { tokens: 300, active: 200, unbonding: 128 },
            versions: vec![(VersionId(7), 0), (VersionId(300), 16)],
            exclusion: None,
        }
    }

    #[test]
    fn golden_keys() {
        assert_eq!(RUNNERS.key(RunnerId(258)), b"r/\x00\x00\x01\x02");
        assert_eq!(KEYS.key((RunnerId(1), 3)), b"k/\x00\x00\x00\x01\x00\x03");
        assert_eq!(POOLS.key(VersionId(7)), b"p/\x00\x00\x00\x07");
    }

    #[test]
    fn golden_runner() {
        let mut expected = vec![1, 1, 20];
        expected.extend([0xaa; 20]);
        expected.push(32);
        expected.extend([0xbb; 32]);
        expected.extend([2, 0xac, 2, 0xc8, 1, 0x80, 1, 2, 7, 0, 0xac, 2, 16, 0]);
        assert_eq!(row().encode(), expected);
        assert_eq!(RunnerRow::decode(&expected), Ok(row()));
    }

    #[test]
    fn golden_exclusions() {
        let free = row().encode();
        for (exclusion, tail) in [(Exclusion::Jail { until: 300 }, vec![1, 0xac, 2]), (Exclusion::Tombstone, vec![2])] {
            let expected = [&free[..free.len() - 1], &tail].concat();
            let row = RunnerRow { exclusion: Some(exclusion), ..row() };
            assert_eq!(row.encode(), expected);
            assert_eq!(RunnerRow::decode(&expected), Ok(row));
        }
        let unknown = [&free[..free.len() - 1], &[3]].concat();
        assert_eq!(RunnerRow::decode(&unknown), Err(CodecError::Tag { got: 3 }));
    }

    #[test]
    fn golden_key() {
        let key = AttestationKey([3; 33]);
        assert_eq!(key.encode(), [3; 33]);
        assert_eq!(AttestationKey::decode(&[3; 33]), Ok(key));
        assert_eq!(AttestationKey::decode(&[3; 32]), Err(CodecError::Truncated));
    }

    #[test]
    fn golden_pool() {
        let mut totals = Versioned::<PoolTotals>::default();
        *totals.next_mut(1_000) = PoolTotals { runners: 2, seats: 300 };
        let pool = PoolHeader { seat_bond: 100, slots: 3, freed: 1, reused: 0, totals };
        let expected = [1, 100, 3, 1, 0, 0xe8, 7, 0, 0, 0, 0, 2, 0xac, 2];
        assert_eq!(pool.encode(), expected);
        assert_eq!(PoolHeader::decode(&expected), Ok(pool.clone()));
        assert_eq!(pool.at(1_000), Some(PoolTotals::default()));
        assert_eq!(pool.at(1_001), Some(PoolTotals { runners: 2, seats: 300 }));
        assert_eq!(pool.at(998), None);
    }

    #[test]
    fn a_third_version_is_no_row() {
        let mut bytes = RunnerRow { versions: vec![], ..row() }.encode();
        let count = bytes.len() - 2;
        bytes[count] = 3;
        assert_eq!(RunnerRow::decode(&bytes), Err(CodecError::Integer));
    }
}
