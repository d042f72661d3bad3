//! Everything that the contract refuses.

use cosmwasm_std::{StdError, Uint128};
use cw_utils::PaymentError;
use mesg_api::migration::MigrationError;
use mesg_api::named_market::MarketError;
use mesg_api::staking::Permission;
use mesg_protocol::ids::{KeyNo, RunnerId, ServiceId, VersionId};
use mesg_protocol::producers::ProducersError;
use mesg_protocol::stake::StakeError;
use mesg_protocol::sum_tree::TreeError;
use thiserror::Error;

/// Why a message or query is refused.
#[derive(Debug, Error)]
pub enum ContractError {
    /// A fault of storage, an address or an encoding.
    #[error(transparent)]
    Std(#[from] StdError),
    /// Native coins were attached.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// The migration is not from an older version of this contract.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The sender is somebody else.
    #[error("sender must be {needed:?}")]
    Unauthorized {
        /// Who may send this.
        needed: Permission,
    },
    /// A number lies outside its bounds.
    #[error("{field} is {got}, must be {min} to {max}")]
    OutOfBounds {
        /// Its name.
        field: &'static str,
        /// The refused value.
        got: u128,
        /// Smallest value taken.
        min: u128,
        /// Largest value taken.
        max: u128,
    },
    /// The market was set before.
    #[error("market is already {market}")]
    MarketIsSet {
        /// The market.
        market: String,
    },
    /// What was named is no market, or works with another staking contract.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// Stake is taken only once it can be slashed.
    #[error("market is not set yet")]
    MarketNotSet,
    /// No such runner.
    #[error("unknown runner {runner}")]
    UnknownRunner {
        /// The number asked for.
        runner: RunnerId,
    },
    /// No such service in the registry.
    #[error("unknown service {service}")]
    UnknownService {
        /// The number asked for.
        service: ServiceId,
    },
    /// The service takes no new runners.
    #[error("service {service} is retired")]
    ServiceRetired {
        /// The service.
        service: ServiceId,
    },
    /// No such version in the registry.
    #[error("unknown version {version}")]
    UnknownVersion {
        /// The number asked for.
        version: VersionId,
    },
    /// The version takes no new runners.
    #[error("version {version} is yanked")]
    VersionYanked {
        /// The version.
        version: VersionId,
    },
    /// The version belongs to another service.
    #[error("version belongs to service {got}, the runner to {expected}")]
    WrongService {
        /// The runner's service.
        expected: ServiceId,
        /// The version's service.
        got: ServiceId,
    },
    /// The runner serves the version already.
    #[error("runner serves version {version} already")]
    AlreadyServed {
        /// The version.
        version: VersionId,
    },
    /// The runner does not serve the version.
    #[error("runner does not serve version {version}")]
    NotServed {
        /// The version.
        version: VersionId,
    },
    /// The runner serves as many versions as it may.
    #[error("runner serves {max} versions already")]
    TooManyVersions {
        /// The most at once.
        max: usize,
    },
    /// A version would give too few seats.
    #[error("stake gives {got} seats in version {version}, must be at least {min}")]
    TooFewSeats {
        /// The version.
        version: VersionId,
        /// The seats it would give.
        got: u32,
        /// The least.
        min: u32,
    },
    /// No slot is free.
    #[error("pool of version {version} is full")]
    PoolFull {
        /// The version.
        version: VersionId,
    },
    /// Not a compressed secp256k1 point.
    #[error("attestation_key of {got} bytes is not a compressed secp256k1 public key of 33 bytes")]
    AttestationKey {
        /// Its length in bytes.
        got: usize,
    },
    /// The endpoint is too long or holds a byte that is not printable ASCII.
    #[error("endpoint has {got} bytes, must be printable ASCII without spaces of at most {max}")]
    Endpoint {
        /// Its length in bytes.
        got: usize,
        /// The longest.
        max: usize,
    },
    /// Neither operator nor endpoint was given.
    #[error("nothing to update")]
    NothingToUpdate,
    /// Too little stake.
    #[error("active stake would be {got}, must be at least {min}")]
    BelowMinStake {
        /// Its value after the bond.
        got: Uint128,
        /// The least.
        min: Uint128,
    },
    /// Stake cannot be changed so.
    #[error(transparent)]
    Stake(#[from] StakeError),
    /// A slash does not match the runner's stake.
    #[error("slash of runner {runner}: {reason}")]
    Slash {
        /// The runner.
        runner: RunnerId,
        /// Why.
        reason: StakeError,
    },
    /// The runner is in jail, and must ask to be let out after its end.
    #[error("runner is jailed: `unjail` is taken from time {until} on")]
    Jailed {
        /// End of the jail, in unix seconds.
        until: u64,
    },
    /// The runner is not in jail.
    #[error("runner is not jailed")]
    NotJailed,
    /// The runner is excluded for ever: it can only leave.
    #[error("runner is tombstoned: it can only unbond and withdraw")]
    Tombstoned,
    /// The new attestation key is the present one.
    #[error("attestation_key is that of number {key_no} already")]
    SameKey {
        /// Its number.
        key_no: KeyNo,
    },
    /// The runner has had as many attestation keys as it may.
    #[error("runner has had {max} attestation keys")]
    TooManyKeys {
        /// The most.
        max: KeyNo,
    },
    /// Too many unbonding entries at once.
    #[error("runner has {max} unbonding entries already")]
    TooManyEntries {
        /// The most at once.
        max: usize,
    },
    /// No unbonding entry is released yet.
    #[error("no unbonding entry is released; the next one is at time {time}, height {height}")]
    NothingReleased {
        /// Of the oldest entry, in unix seconds; 0 without entries.
        time: u64,
        /// Of the oldest entry; 0 without entries.
        height: u64,
    },
    /// An epoch of the block producers cannot be closed, or a share not be paid.
    #[error(transparent)]
    Producers(#[from] ProducersError),
    /// What is paid to this contract would belong to nobody.
    #[error("cannot pay to the staking contract itself")]
    ToStaking,
    /// The pool cannot be read or written.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// New runners, stakes and opt-ins are stopped.
    #[error("the market is paused")]
    Paused,
    /// A counter is used up or a record contradicts another one.
    #[error("{what} is inconsistent or used up")]
    Broken {
        /// Which.
        what: &'static str,
    },
}
