//! What the contract stores, and under which keys. One prefix each; `tests/golden.rs` freezes them.

use cosmwasm_std::{Addr, CanonicalAddr};
use mesg_api::market::{EXECUTIONS, PARAMS};
use mesg_api::record_map::{RecordKey, RecordMap};
use mesg_protocol::beacon::{BeaconParams, Slot};
use mesg_protocol::clock::Deadline;
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ExecutionId, ParamsId, RunnerId, ServiceId, VersionId};
use mesg_protocol::score::Score;

use crate::governance;
use crate::index::Index;
use crate::ledger::Ledger;

/// The configuration.
pub const CONFIG: RecordMap<(), Config> = RecordMap::new("c/");
/// Counters and ledger: the one record that nearly every message writes.
pub const BOOK: RecordMap<(), Book> = RecordMap::new("b/");
/// Beacons by number, from 0; the last is the one in force.
pub const BEACONS: RecordMap<u8, Beacon> = RecordMap::new("k/");
/// Inline inputs, or locators of others, until the execution ends.
pub const INPUTS: RecordMap<ExecutionId, Content> = RecordMap::new("i/");
/// Randomness of rounds that executions waited for, by [`mesg_protocol::beacon::Round::to_u64`].
pub const RANDS: RecordMap<u64, Rand> = RecordMap::new("r/");
/// The ring that confirms bindings, by window mod 8,192.
pub const RING: RecordMap<u16, RingSlot> = RecordMap::new("t/");
/// Purses.
pub const PURSES: RecordMap<&PurseKey, Purse> = RecordMap::new("p/");
/// Runners.
pub const RUNNERS: RecordMap<RunnerId, RunnerAccount> = RecordMap::new("u/");
/// Versions.
pub const VERSIONS: RecordMap<VersionId, VersionAccount> = RecordMap::new("v/");
/// Service bonds.
pub const BONDS: RecordMap<ServiceId, ServiceBond> = RecordMap::new("s/");
/// Executions whose requester was called with success.
pub const DELIVERED: RecordMap<ExecutionId, Content> = RecordMap::new("d/");
/// Executions by requester.
pub const BY_REQUESTER: Index = Index::new("q/");
/// Executions by service.
pub const BY_SERVICE: Index = Index::new("x/");
/// Open executions by runner with a seat.
pub const OPEN: Index = Index::new("o/");
/// Queued executions by [`mesg_protocol::beacon::Round::to_u64`].
pub const WAITING: Index = Index::new("w/");

/// Every prefix in use.
pub const PREFIXES: [&str; 21] = [
    CONFIG.prefix(),
    BOOK.prefix(),
    BEACONS.prefix(),
    EXECUTIONS.prefix(),
    PARAMS.prefix(),
    INPUTS.prefix(),
    RANDS.prefix(),
    RING.prefix(),
    PURSES.prefix(),
    RUNNERS.prefix(),
    VERSIONS.prefix(),
    BONDS.prefix(),
    DELIVERED.prefix(),
    "q/",
    "x/",
    "o/",
    "w/",
    governance::PREFIXES[0],
    governance::PREFIXES[1],
    governance::PREFIXES[2],
    governance::PREFIXES[3],
];

/// The configuration: fixed but for the beacon, which governance may replace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The CW20 token.
    pub token: Addr,
    /// The registry.
    pub registry: Addr,
    /// The staking contract.
    pub staking: Addr,
    /// Schedule of the beacon in force.
    pub beacon: BeaconParams,
    /// Length of an epoch in seconds.
    pub epoch_secs: u32,
    /// Staking's unbonding period in seconds: notice of service bonds.
    pub unbonding_secs: u32,
    /// `domain32` of all digests.
    pub domain: Digest32,
}

const LAYOUT: u8 = 1;

/// Layout 1, of version 0.1.0, has no number of the beacon: it is the first.
const CONFIG_LAYOUT: u8 = 2;

pub(crate) fn text(input: &mut Reader<'_>) -> Result<String, CodecError> {
    String::from_utf8(input.bytes()?.to_vec()).map_err(|_| CodecError::Truncated)
}

impl Record for Config {
    fn write(&self, out: &mut Writer) {
        out.byte(CONFIG_LAYOUT);
        for address in [&self.token, &self.registry, &self.staking] {
            out.bytes(address.as_bytes());
        }
        out.int(self.beacon.genesis);
        out.int(self.beacon.period);
        out.int(self.epoch_secs);
        out.int(self.unbonding_secs);
        out.fixed(&self.domain.0);
        out.byte(self.beacon.no);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let layout = input.layout(CONFIG_LAYOUT)?;
        let mut config = Self {
            token: Addr::unchecked(text(input)?),
            registry: Addr::unchecked(text(input)?),
            staking: Addr::unchecked(text(input)?),
            beacon: BeaconParams { no: 0, genesis: input.int()?, period: input.int()? },
            epoch_secs: input.int()?,
            unbonding_secs: input.int()?,
            domain: input.digest()?,
        };
        if layout > 1 {
            config.beacon.no = input.byte()?;
        }
        Ok(config)
    }
}

/// A beacon of the market: what its rounds are verified under, for as long as executions are bound to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beacon {
    /// When its rounds are published.
    pub schedule: BeaconParams,
    /// A compressed point of G2, 96 bytes.
    pub key: Vec<u8>,
}

impl Record for Beacon {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.byte(self.schedule.no);
        out.int(self.schedule.genesis);
        out.int(self.schedule.period);
        out.bytes(&self.key);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        let schedule = BeaconParams { no: input.byte()?, genesis: input.int()?, period: input.int()? };
        Ok(Self { schedule, key: input.bytes()?.to_vec() })
    }
}

/// Counters and ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Executions requested so far: the last id.
    pub executions: u64,
    /// Number of the last event.
    pub seq: u64,
    /// The present row of parameters.
    pub params: ParamsId,
    /// The ledger.
    pub ledger: Ledger,
}

impl Record for Book {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(self.executions);
        out.int(self.seq);
        out.int(self.params.0);
        self.ledger.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self {
            executions: input.int()?,
            seq: input.int()?,
            params: ParamsId(input.int()?),
            ledger: Ledger::read(input)?,
        })
    }
}

/// Bytes as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content(pub Vec<u8>);

impl Record for Content {
    fn write(&self, out: &mut Writer) {
        out.bytes(&self.0);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self(input.bytes()?.to_vec()))
    }
}

/// Randomness of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rand(pub Digest32);

impl Record for Rand {
    fn write(&self, out: &mut Writer) {
        out.fixed(&self.0.0);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self(input.digest()?))
    }
}

/// A slot of the ring: the latest block of its window, and who ticked first in the window, if anyone did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingSlot {
    /// ⌊time / 3⌋ and the latest height in it.
    pub slot: Slot,
    /// Canonical address of the first sender of a `Tick` in the window; empty if none.
    pub ticker: Vec<u8>,
}

impl Record for RingSlot {
    fn write(&self, out: &mut Writer) {
        out.int(self.slot.window);
        out.int(self.slot.height);
        out.bytes(&self.ticker);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self { slot: Slot { window: input.int()?, height: input.int()? }, ticker: input.bytes()?.to_vec() })
    }
}

/// Whose purse, and which.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PurseKey {
    /// Canonical address.
    pub account: Vec<u8>,
    /// Sub-account.
    pub sub: u32,
}

impl PurseKey {
    /// Purse 0 of an account.
    pub fn main(account: &CanonicalAddr) -> Self {
        Self { account: account.as_slice().to_vec(), sub: 0 }
    }
}

impl RecordKey for &PurseKey {
    fn append(self, key: &mut Vec<u8>) {
        self.account.as_slice().append(key);
        self.sub.append(key);
    }
}

/// A purse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purse {
    /// What may be spent or withdrawn.
    pub balance: u128,
    /// Open executions that it paid.
    pub open: u16,
}

impl Record for Purse {
    fn write(&self, out: &mut Writer) {
        out.int(self.balance);
        out.int(self.open);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self { balance: input.int()?, open: input.int()? })
    }
}

/// What the market keeps of a runner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunnerAccount {
    /// Seats in open executions.
    pub open: u32,
    /// Earned, not claimed.
    pub earned: u128,
    /// Seats completed.
    pub completed: u64,
    /// Seats missed.
    pub missed: u64,
    /// Its score, jails and tombstone.
    pub score: Score,
}

impl RunnerAccount {
    /// Whether it may be given a seat: out of jail, and fewer open seats than `leaf`.
    pub fn is_free(&self, leaf: u32, now: u64) -> bool {
        let jailed = self.score.jailed_until().is_some_and(|until| now < until);
        self.open < leaf && !jailed && !self.score.is_tombstoned()
    }
}

impl Record for RunnerAccount {
    fn write(&self, out: &mut Writer) {
        out.int(self.open);
        out.int(self.earned);
        out.int(self.completed);
        out.int(self.missed);
        self.score.write(out);
    }

    /// Records of version 0.1.0 end before the score.
    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self {
            open: input.int()?,
            earned: input.int()?,
            completed: input.int()?,
            missed: input.int()?,
            score: if input.is_empty() { Score::default() } else { Score::read(input)? },
        })
    }
}

/// What the market keeps of a version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionAccount {
    /// Seats reserved or open.
    pub taken: u32,
    /// The developer's earnings, not claimed.
    pub earned: u128,
    /// Executions that ended with a result.
    pub finalized: u64,
    /// Executions that ended with an agreed error.
    pub failed: u64,
    /// Executions that were refunded.
    pub refunded: u64,
    /// Seats missed.
    pub missed: u64,
    /// Executions that went to a larger committee.
    pub escalated: u64,
    /// Which of its executions, counted by their ends, could not be agreed on lately.
    pub unsettled: Vec<u64>,
}

/// Executions over which those without an agreed value are counted (2.4).
const UNSETTLED_WINDOW: u64 = 500;
/// So many of them at least, and more than one in [`UNSETTLED_SHARE`], pause a service.
const UNSETTLED_LEAST: usize = 5;
const UNSETTLED_SHARE: u64 = 50;

impl VersionAccount {
    /// Executions that ended.
    pub const fn ended(&self) -> u64 {
        self.finalized.saturating_add(self.failed).saturating_add(self.refunded)
    }

    /// Notes that the execution that ended last could not be agreed on. Whether there are too many of them now: then
    /// the count begins anew.
    pub fn note_unsettled(&mut self) -> bool {
        let ended = self.ended();
        self.unsettled.push(ended);
        self.unsettled.retain(|at| at.saturating_add(UNSETTLED_WINDOW) > ended);
        let count = self.unsettled.len();
        let share = u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(UNSETTLED_SHARE);
        let too_many = count >= UNSETTLED_LEAST && share > ended.min(UNSETTLED_WINDOW);
        if too_many {
            self.unsettled.clear();
        }
        too_many
    }
}

impl Record for VersionAccount {
    fn write(&self, out: &mut Writer) {
        out.int(self.taken);
        out.int(self.earned);
        for count in [self.finalized, self.failed, self.refunded, self.missed, self.escalated] {
            out.int(count);
        }
        self.unsettled.iter().for_each(|at| out.int(*at));
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self {
            taken: input.int()?,
            earned: input.int()?,
            finalized: input.int()?,
            failed: input.int()?,
            refunded: input.int()?,
            missed: input.int()?,
            escalated: if input.is_empty() { 0 } else { input.int()? },
            unsettled: rest(input)?,
        })
    }
}

/// The integers up to the end of the record.
fn rest(input: &mut Reader<'_>) -> Result<Vec<u64>, CodecError> {
    let mut list = Vec::new();
    while !input.is_empty() {
        list.push(input.int()?);
    }
    Ok(list)
}

/// What answers for a service that cannot be agreed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceBond {
    /// The bond.
    pub amount: u128,
    /// Under notice: withdrawable from then on.
    pub release: Option<Deadline>,
    /// Its executions could not be agreed on: no requests until its owner resumes it.
    pub paused: bool,
}

const PAUSED: u8 = 2;

impl Record for ServiceBond {
    fn write(&self, out: &mut Writer) {
        out.int(self.amount);
        let paused = if self.paused { PAUSED } else { 0 };
        match self.release {
            None => out.byte(paused),
            Some(release) => {
                out.byte(paused | 1);
                release.write(out);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let amount = input.int()?;
        let tag = input.byte()?;
        let release = match tag & !PAUSED {
            0 => None,
            1 => Some(Deadline::read(input)?),
            _ => return Err(CodecError::Tag { got: tag }),
        };
        Ok(Self { amount, release, paused: tag & PAUSED != 0 })
    }
}
