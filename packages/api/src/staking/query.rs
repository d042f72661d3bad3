//! What can be asked of the staking contract. Lists give 10 entries by default and 50 at most.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Binary, Uint64, Uint128};
use mesg_protocol::bps::Bps;
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{KeyNo, RunnerId, ServiceId, VersionId};

/// Draws of one `DrawMany`.
pub const MAX_DRAWS: usize = 8;
/// Positions of a draw, and `offset + count` at most: the candidates of round 3 with its spares, 31 + 11, twice and
/// more. A multiple of four: a draw makes four attempts for each one wanted.
pub const MAX_DRAW_POSITIONS: u16 = 96;
/// Runners of a pool that `PoolSecurity` looks at: with three records for each, half of what nodes let a query read.
pub const MAX_SECURITY_RUNNERS: usize = 500;

/// Queries.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The fixed configuration, the market and the current epoch.
    #[returns(ConfigResponse)]
    Config {},
    /// One runner.
    #[returns(RunnerResponse)]
    Runner {
        /// The runner.
        runner: RunnerId,
    },
    /// Runners in ascending id, all or those of one service.
    #[returns(RunnersResponse)]
    Runners {
        /// Only runners of this service.
        service: Option<ServiceId>,
        /// Only ids above this one.
        start_after: Option<RunnerId>,
        /// How many: default 10, at most 50.
        limit: Option<u32>,
    },
    /// Runners of one owner in ascending id.
    #[returns(RunnersResponse)]
    RunnersByOwner {
        /// The owner's address.
        owner: String,
        /// Only ids above this one.
        start_after: Option<RunnerId>,
        /// How many: default 10, at most 50.
        limit: Option<u32>,
    },
    /// Runners of one operator in ascending id.
    #[returns(RunnersResponse)]
    RunnersByOperator {
        /// The operator's address.
        operator: String,
        /// Only ids above this one.
        start_after: Option<RunnerId>,
        /// How many: default 10, at most 50.
        limit: Option<u32>,
    },
    /// Totals of the pool of one version, in an epoch and the one after it.
    #[returns(PoolResponse)]
    Pool {
        /// The version.
        version: VersionId,
        /// The epoch, not before the last one; the current epoch if absent.
        epoch: Option<Uint64>,
    },
    /// Runners that serve a version, by slot. A page holds the occupied ones of `limit` slots.
    #[returns(PoolRunnersResponse)]
    PoolRunners {
        /// The version.
        version: VersionId,
        /// Only slots above this one.
        start_after: Option<u32>,
        /// How many slots: default 10, at most 50.
        limit: Option<u32>,
    },
    /// What share of a pool the largest owners hold and how likely one of them alone fills a committee (2.1).
    #[returns(PoolSecurityResponse)]
    PoolSecurity {
        /// The version.
        version: VersionId,
        /// Validators of round 1: 1 to 7.
        k1: u8,
    },
    /// Draws candidates for committees: a pure function of seed, epoch, pool and who is excluded (1.4).
    #[returns(DrawManyResponse)]
    DrawMany {
        /// 1 to 8 draws; draws from one version in one epoch share what they read.
        draws: Vec<Draw>,
    },
    /// What is held for block producers, and the epochs.
    #[returns(ProducersResponse)]
    Producers {},
    /// The pot of one epoch. Refused if it has none.
    #[returns(ProducerPotResponse)]
    ProducerPot {
        /// The epoch: one of the last 60 closed ones.
        epoch: Uint64,
    },
    /// Who shares the pot of one epoch, in the order of the 20 bytes of their addresses. Refused if it has none.
    #[returns(ProducerMembersResponse)]
    ProducerMembers {
        /// The epoch.
        epoch: Uint64,
        /// Only members with a number above this one.
        start_after: Option<u16>,
        /// How many: default 10, at most 50.
        limit: Option<u32>,
    },
    /// What an account may claim as a block producer now.
    #[returns(ProducerClaimsResponse)]
    ProducerClaims {
        /// The account of a validator.
        account: String,
    },
}

/// The fixed configuration, the market and the current epoch.
#[cw_serde]
pub struct ConfigResponse {
    /// The staked CW20 token.
    pub token: Addr,
    /// The registry.
    pub registry: Addr,
    /// The market, once set.
    pub market: Option<Addr>,
    /// Who may set the market.
    pub instantiator: Addr,
    /// Length of an epoch, in seconds.
    pub epoch_secs: u32,
    /// How long unbonding stake stays slashable, in seconds.
    pub unbonding_secs: u32,
    /// Longest average block time assumed, in seconds.
    pub block_max_avg: u32,
    /// Least value of active stake after a bond, in base units.
    pub min_stake: Uint128,
    /// Share of active stake that stands behind seats.
    pub capacity_bps: Bps,
    /// The epoch of the block that answers.
    pub epoch: Uint64,
    /// Length of an epoch of the block producers, in seconds.
    pub producer_epoch_secs: u32,
}

/// One runner.
#[cw_serde]
pub struct RunnerResponse {
    /// Its id.
    pub runner: RunnerId,
    /// The service it is registered for.
    pub service: ServiceId,
    /// Cold key: bonds, unbonds, withdraws.
    pub owner: Addr,
    /// Hot key: sends the runner's transactions.
    pub operator: Addr,
    /// Number of its current attestation key.
    pub key_no: KeyNo,
    /// That key: compressed secp256k1, 33 bytes.
    pub attestation_key: Binary,
    /// Where it is reached; empty for nowhere.
    pub endpoint: String,
    /// Tokens behind all its shares, unbonding ones included, in base units.
    pub tokens: Uint128,
    /// Value of its active shares, rounded down, in base units.
    pub active: Uint128,
    /// Its active shares.
    pub active_shares: Uint128,
    /// Everything was slashed while shares were left: it can never be bonded again.
    pub dead: bool,
    /// In jail until it asks to be let out, which it may from this time on, in unix seconds.
    pub jailed_until: Option<Uint64>,
    /// Excluded for ever: it can only unbond and withdraw.
    pub tombstoned: bool,
    /// Its unbonding entries, oldest first; at most 7.
    pub unbonding: Vec<UnbondingEntry>,
    /// The versions it serves; at most 2.
    pub versions: Vec<ServedVersion>,
}

/// Stake on its way out.
#[cw_serde]
pub struct UnbondingEntry {
    /// Shares of the runner's tokens.
    pub shares: Uint128,
    /// What they are worth now, rounded down, in base units; less after a slash.
    pub value: Uint128,
    /// Released from this time on, in unix seconds, and ...
    pub release_time: Uint64,
    /// ... from this height on.
    pub release_height: Uint64,
}

/// A version that a runner serves.
#[cw_serde]
pub struct ServedVersion {
    /// The version.
    pub version: VersionId,
    /// The runner's slot in its pool.
    pub slot: u32,
    /// Seats in the current epoch.
    pub seats_now: u32,
    /// Seats from the next epoch on.
    pub seats_next: u32,
}

/// A page of runners.
#[cw_serde]
pub struct RunnersResponse {
    /// The runners, in ascending id.
    pub runners: Vec<RunnerResponse>,
}

/// Totals of a pool in one epoch.
#[cw_serde]
pub struct PoolAt {
    /// The epoch.
    pub epoch: Uint64,
    /// Runners with at least one seat.
    pub runners: u32,
    /// Seats of all of them.
    pub seats: Uint64,
}

/// Totals of a pool.
#[cw_serde]
pub struct PoolResponse {
    /// The version.
    pub version: VersionId,
    /// Its seat bond B, in base units; 0 while nobody has ever opted in.
    pub seat_bond: Uint128,
    /// In the epoch asked for.
    pub now: PoolAt,
    /// In the epoch after it, as it stands now.
    pub next: PoolAt,
}

/// A runner in a pool.
#[cw_serde]
pub struct PoolRunner {
    /// Its slot.
    pub slot: u32,
    /// The runner.
    pub runner: RunnerId,
    /// Number of its attestation key.
    pub key_no: KeyNo,
    /// Seats in the current epoch.
    pub seats_now: u32,
    /// Seats from the next epoch on.
    pub seats_next: u32,
    /// Jailed, tombstoned or without tokens: draws skip it.
    pub excluded: bool,
}

/// A page of a pool.
#[cw_serde]
pub struct PoolRunnersResponse {
    /// Occupied slots, ascending.
    pub runners: Vec<PoolRunner>,
    /// `start_after` of the next page; absent on the last one.
    pub next: Option<u32>,
}

/// Share of the largest owners of a pool, in the current epoch.
#[cw_serde]
pub struct PoolSecurityResponse {
    /// For the largest 1, 2 and 3 owners together; shorter where there are fewer.
    pub largest: Vec<OwnerShare>,
    /// Owners that were found.
    pub owners: u32,
    /// Whether all runners with seats were looked at: at most 500 are, from the heaviest parts of the pool, and shares
    /// refer to all its seats, so an incomplete answer is a lower bound.
    pub complete: bool,
}

/// What some owners hold together.
#[cw_serde]
pub struct OwnerShare {
    /// How many owners: 1, 2 or 3.
    pub owners: u8,
    /// p: their share of all seats, in parts per billion, rounded up.
    pub share_ppb: u32,
    /// p^(k1+1): the chance that they hold a whole committee of round 1, in parts per billion, rounded up.
    pub committee_ppb: u32,
}

/// One draw.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// The version whose pool is drawn from.
    pub version: VersionId,
    /// Seed of the execution's round.
    pub seed: Digest32,
    /// Epoch that the execution is bound in: the current one or the one before.
    pub epoch: Uint64,
    /// First position wanted, from 0. To go on with a draw: the position after that of the last candidate taken.
    pub offset: u16,
    /// How many candidates are wanted: above 0; `offset + count` at most 96.
    pub count: u16,
}

/// The draws' outcomes, in the order asked.
#[cw_serde]
pub struct DrawManyResponse {
    /// One outcome for each draw.
    pub draws: Vec<DrawOutcome>,
}

/// Outcome of one draw.
#[cw_serde]
pub enum DrawOutcome {
    /// The first `count` candidates from position `offset` on that are neither jailed nor tombstoned now, in order;
    /// fewer where there are no more of them, none from an unknown version.
    Candidates(Vec<Candidate>),
    /// Nothing can be drawn.
    Refused(DrawRefusal),
}

/// Why nothing can be drawn.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum DrawRefusal {
    /// The epoch is neither the current one nor the one before.
    Epoch,
    /// `count` is 0 or `offset + count` is above 96.
    Positions,
}

/// What is held for block producers, and the epochs.
#[cw_serde]
pub struct ProducersResponse {
    /// Length of their epochs, in seconds.
    pub epoch_secs: u32,
    /// The epoch of the block that answers.
    pub epoch: Uint64,
    /// The first epoch that is not closed: it can be from its end on.
    pub next: Uint64,
    /// Tokens in pots, in base units.
    pub pots: Uint128,
    /// Tokens that come into a later pot, in base units.
    pub carried: Uint128,
    /// Epochs whose pots can be claimed now, ascending; at most 60.
    pub claimable: Vec<Uint64>,
}

/// The pot of one epoch.
#[cw_serde]
pub struct ProducerPotResponse {
    /// The epoch.
    pub epoch: Uint64,
    /// What each member gets, in base units.
    pub share: Uint128,
    /// How many share it.
    pub members: u16,
    /// How many have claimed.
    pub claims: u16,
    /// What is left, in base units.
    pub left: Uint128,
    /// From this time on it cannot be claimed, in unix seconds.
    pub until: Uint64,
}

/// A page of the members of a pot.
#[cw_serde]
pub struct ProducerMembersResponse {
    /// They.
    pub members: Vec<ProducerMember>,
}

/// One member of a pot.
#[cw_serde]
pub struct ProducerMember {
    /// Its number in the pot, from 0.
    pub number: u16,
    /// The validator's account.
    pub account: Addr,
    /// Whether it has claimed.
    pub claimed: bool,
}

/// What an account may claim as a block producer.
#[cw_serde]
pub struct ProducerClaimsResponse {
    /// One for each epoch, ascending; at most 60.
    pub claims: Vec<ProducerClaim>,
    /// Their sum, in base units.
    pub total: Uint128,
}

/// What may be claimed of one pot.
#[cw_serde]
pub struct ProducerClaim {
    /// The epoch.
    pub epoch: Uint64,
    /// How much, in base units.
    pub amount: Uint128,
    /// From this time on it cannot be claimed, in unix seconds.
    pub until: Uint64,
}

/// A drawn runner.
#[cw_serde]
pub struct Candidate {
    /// The runner.
    pub runner: RunnerId,
    /// Number of the attestation key that it has now: the seat is to keep it.
    pub key_no: KeyNo,
    /// Its seats in that epoch: how many it may hold at once.
    pub seats: u32,
    /// Its place in the draw, from 0. Positions of those that are excluded now are left out; what happens to anybody
    /// never moves the others.
    pub position: u16,
}
