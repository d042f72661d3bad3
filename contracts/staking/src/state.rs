//! What the contract stores. Rows that others read raw are in `mesg_api::staking::rows`.
//!
//! Binary: "r/" runners, "k/" keys, "p/" pools (readable); "u/" unbonding entries, "n/" tree nodes, "l/" slots,
//! "f/" queues of free slots, "b/" book of the block producers, "a/" pots, "m/" members of pots (private).

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, StdResult, Storage, Timestamp};
use cw_storage_plus::{Item, Map};
use mesg_api::record_map::RecordMap;
use mesg_api::staking::{RUNNERS, RunnerRow};
use mesg_protocol::bps::Bps;
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_protocol::producers::{Book, Members, Pot};
use mesg_protocol::sum_tree::Node;

use crate::error::ContractError;
use crate::slots::SlotBlock;

/// Fixed at instantiation.
pub const CONFIG: Item<Config> = Item::new("config");
/// The market, once set.
pub const MARKET: Item<Addr> = Item::new("market");
/// Runners registered so far: the last id.
pub const RUNNER_COUNT: Item<u32> = Item::new("runners");
/// Events emitted so far.
pub const SEQ: Item<u64> = Item::new("seq");

/// Endpoint of a runner.
pub const ENDPOINTS: Map<u32, String> = Map::new("e");
/// Runners by service.
pub const BY_SERVICE: Map<(u32, u32), Empty> = Map::new("s");
/// Runners by owner.
pub const BY_OWNER: Map<(&Addr, u32), Empty> = Map::new("o");
/// Runners by operator.
pub const BY_OPERATOR: Map<(&Addr, u32), Empty> = Map::new("h");

/// Unbonding entries of a runner, oldest first.
pub const UNBONDING: RecordMap<RunnerId, UnbondingEntries> = RecordMap::new("u/");
/// Nodes of the sum tree of a version.
pub const NODES: RecordMap<(VersionId, u16), Node> = RecordMap::new("n/");
/// Slots of a version, sixteen to a record: what one leaf node weighs, read together.
pub const SLOTS: RecordMap<(VersionId, u16), SlotBlock> = RecordMap::new("l/");
/// Queue of the slots of a version that runners left, by number.
pub const FREE_SLOTS: RecordMap<(VersionId, u32), FreeSlot> = RecordMap::new("f/");

/// What is held for block producers. Absent until the first epoch is closed.
pub const PRODUCERS: RecordMap<(), Book> = RecordMap::new("b/");
/// Pots by [`mesg_protocol::producers::place_of`] their epochs: those that the book says are there, others are old.
pub const POTS: RecordMap<u8, Pot> = RecordMap::new("a/");
/// Who shares each of these pots: written once, since it is larger than what claims change.
pub const MEMBERS: RecordMap<u8, Members> = RecordMap::new("m/");

/// What never changes.
#[cw_serde]
pub struct Config {
    /// The staked token.
    pub token: Addr,
    /// The registry.
    pub registry: Addr,
    /// Who may set the market.
    pub instantiator: Addr,
    /// Length of an epoch, in seconds; not 0.
    pub epoch_secs: u32,
    /// How long unbonding stake stays slashable, in seconds.
    pub unbonding_secs: u32,
    /// Longest average block time assumed, in seconds; not 0.
    pub block_max_avg: u32,
    /// Least active value after a bond, in base units.
    pub min_stake: u128,
    /// Share of active stake behind seats.
    pub capacity: Bps,
    /// Length of an epoch of the block producers, in seconds; not 0. Contracts of 0.1.0 have the default.
    #[serde(default = "mesg_api::staking::msg::producer_epoch_secs")]
    pub producer_epoch_secs: u32,
}

impl Config {
    /// epoch(t) = ⌊t / epoch_secs⌋ (1.3).
    pub fn epoch(&self, time: Timestamp) -> u64 {
        time.seconds().checked_div(self.epoch_secs.into()).unwrap_or(0)
    }

    /// ⌈unbonding_secs / block_max_avg⌉: the unbonding period in blocks.
    pub fn unbonding_blocks(&self) -> u64 {
        u64::from(self.unbonding_secs.div_ceil(self.block_max_avg.max(1)))
    }
}

/// Loads a runner.
pub fn runner(storage: &dyn Storage, runner: RunnerId) -> Result<RunnerRow, ContractError> {
    RUNNERS.may_load(storage, runner)?.ok_or(ContractError::UnknownRunner { runner })
}

/// The next number of a counter that starts at 1.
pub fn count_up(storage: &mut dyn Storage, counter: &Item<u32>) -> Result<u32, ContractError> {
    let last = counter.may_load(storage)?.unwrap_or(0);
    let next = last.checked_add(1).ok_or(ContractError::Broken { what: "counter" })?;
    counter.save(storage, &next)?;
    Ok(next)
}

/// Unbonding entries of one runner, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnbondingEntries(pub Vec<UnbondingEntry>);

/// Shares on their way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnbondingEntry {
    /// Shares of the runner's tokens.
    pub shares: u128,
    /// Released from this time on, in unix seconds, and ...
    pub release_time: u64,
    /// ... from this height on.
    pub release_height: u64,
}

impl UnbondingEntries {
    /// The entries of `runner`, none if there is no record.
    pub fn load(storage: &dyn Storage, runner: RunnerId) -> StdResult<Self> {
        Ok(UNBONDING.may_load(storage, runner)?.unwrap_or_default())
    }
}

const LAYOUT: u8 = 1;

impl Record for UnbondingEntries {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(u8::try_from(self.0.len()).unwrap_or(u8::MAX));
        for entry in &self.0 {
            out.int(entry.shares);
            out.int(entry.release_time);
            out.int(entry.release_height);
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        let count: u8 = input.int()?;
        let entry = |input: &mut Reader<'_>| {
            Ok(UnbondingEntry { shares: input.int()?, release_time: input.int()?, release_height: input.int()? })
        };
        (0..count).map(|_| entry(input)).collect::<Result<_, _>>().map(Self)
    }
}

/// A slot that a runner left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeSlot(pub u32);

impl Record for FreeSlot {
    fn write(&self, out: &mut Writer) {
        out.int(self.0);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.int().map(Self)
    }
}
