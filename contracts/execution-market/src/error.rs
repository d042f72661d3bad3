//! Everything that the contract refuses.

use cosmwasm_std::StdError;
use cw_utils::PaymentError;
use mesg_api::market::{FULL, Permission};
use mesg_api::migration::MigrationError;
use mesg_protocol::canonical_json::CanonicalJsonError;
use mesg_protocol::execution::StepError;
use mesg_protocol::ids::{ExecutionId, RunnerId, ServiceId, TermsId, VersionId};
use mesg_protocol::money::MoneyError;
use mesg_protocol::params::ParamOutOfBounds;
use mesg_protocol::schema::SchemaError;
use mesg_protocol::seal::SealError;
use mesg_protocol::timelock::TimelockError;
use thiserror::Error;

/// Why a message or query is refused as a whole.
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
    /// The one act of the message is refused.
    #[error("refused: {code}")]
    Refused {
        /// Stable name of the refusal, as items of batches have it.
        code: &'static str,
    },
    /// The requester is no contract that could be called.
    #[error("requester is no contract")]
    NoContract,
    /// A reply that nothing asked for.
    #[error("unknown reply {id}")]
    UnknownReply {
        /// Its id.
        id: u64,
    },
    /// The runner for an own run is not the requester's, or serves another service.
    #[error("runner {runner} is not the requester's own runner of the service")]
    NotOwnRunner {
        /// The runner.
        runner: RunnerId,
    },
    /// Executions of the service could not be agreed on: its owner must resume it.
    #[error("service {service} is paused: its executions could not be agreed on")]
    ServiceUnsettled {
        /// The service.
        service: ServiceId,
    },
    /// A peer is another contract than the one expected.
    #[error("{field} is contract {got}, must be {expected}")]
    Peer {
        /// Its field.
        field: &'static str,
        /// Its cw2 name.
        got: String,
        /// The cw2 name needed.
        expected: &'static str,
    },
    /// Registry and staking use different tokens or registries.
    #[error("peers disagree about {field}: {left} and {right}")]
    PeersDisagree {
        /// What.
        field: &'static str,
        /// What one says.
        left: String,
        /// What the other says.
        right: String,
    },
    /// A parameter is outside its coded bounds.
    #[error(transparent)]
    Param(#[from] ParamOutOfBounds),
    /// Unbonding would be over before the longest execution is twice over.
    #[error("unbonding takes {unbonding} s, must take at least {needed} s")]
    UnbondingTooShort {
        /// Staking's period.
        unbonding: u64,
        /// 2·D_max.
        needed: u64,
    },
    /// The beacon's public key is no point of G2, or the point at infinity.
    #[error("beacon public_key is not a point of G2")]
    BeaconKey,
    /// The chain's name or the contract's address is too long for the seal domain.
    #[error(transparent)]
    Seal(#[from] SealError),
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
    /// No such row of terms.
    #[error("terms {terms} do not exist")]
    UnknownTerms {
        /// The number.
        terms: TermsId,
    },
    /// No such execution.
    #[error("execution {execution} does not exist")]
    UnknownExecution {
        /// The number.
        execution: ExecutionId,
    },
    /// No such service.
    #[error("service {service} does not exist")]
    UnknownService {
        /// The number.
        service: ServiceId,
    },
    /// The service takes no requests.
    #[error("service {service} is {status}, must be active")]
    ServiceClosed {
        /// The service.
        service: ServiceId,
        /// Its status.
        status: String,
    },
    /// The version takes no requests any more.
    #[error("version {version} is yanked")]
    VersionYanked {
        /// The version.
        version: VersionId,
    },
    /// The terms are announced and not yet in force.
    #[error("terms {terms} are in force from time {time} and height {height} on")]
    TermsAnnounced {
        /// The number.
        terms: TermsId,
        /// Unix seconds.
        time: u64,
        /// Height; both must be reached.
        height: u64,
    },
    /// Other terms of the task are in force.
    #[error("terms {terms} are not in force, terms {by} are")]
    TermsReplaced {
        /// The number.
        terms: TermsId,
        /// The terms in force.
        by: TermsId,
    },
    /// The service bond is too small or under notice.
    #[error("service {service} has a bond of {got}, requests need {needed}")]
    ServiceBond {
        /// The service.
        service: ServiceId,
        /// What it has; 0 under notice.
        got: u128,
        /// What is needed.
        needed: u128,
    },
    /// The pool has too few runners.
    #[error("pool has {got} runners, needs {needed}")]
    PoolTooSmall {
        /// Runners with a seat.
        got: u32,
        /// Runners needed.
        needed: u32,
    },
    /// The pool's gate is closed: too many of its seats are taken.
    #[error("pool has {taken} seats taken of {gate} that may be; {needed} more are needed")]
    PoolFull {
        /// Reserved or open.
        taken: u32,
        /// What the gate lets through.
        gate: u64,
        /// Seats of the request.
        needed: u8,
    },
    /// The input is not canonical JSON.
    #[error("input: {0}")]
    InputJson(#[from] CanonicalJsonError),
    /// The input is not of the task's types.
    #[error("input: {0}")]
    InputSchema(#[from] SchemaError),
    /// The escrow is above what the requester allows.
    #[error("escrow is {escrow}, max_fee is {max_fee}")]
    FeeTooHigh {
        /// E.
        escrow: u128,
        /// What the request allows.
        max_fee: u128,
    },
    /// The amount sent does not cover the escrow of the requests.
    #[error("amount sent is {got}, the requests cost {needed}")]
    Underpaid {
        /// The amount of the `Send`.
        got: u128,
        /// Σ E.
        needed: u128,
    },
    /// The purse holds less than the escrow.
    #[error("purse has {balance}, the escrow is {escrow}")]
    PurseShort {
        /// What the purse holds.
        balance: u128,
        /// E.
        escrow: u128,
    },
    /// Tokens sent to the market itself would belong to nobody.
    #[error("to is the market itself")]
    ToMarket,
    /// The purse has too many open executions.
    #[error("purse has {open} open executions, at most {max}")]
    TooManyOpen {
        /// Now.
        open: u16,
        /// The limit.
        max: u16,
    },
    /// An amount does not fit or is not there.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A bucket of the ledger is short: a fault of this code, never of a user.
    #[error("ledger: {bucket} has {got}, {needed} would leave it")]
    Ledger {
        /// The bucket.
        bucket: &'static str,
        /// What it holds.
        got: u128,
        /// What would leave it.
        needed: u128,
    },
    /// The signature is not the round's.
    #[error("signature is not of beacon round {round}")]
    BeaconSignature {
        /// The round.
        round: u64,
    },
    /// No named execution waits for the round.
    #[error("none of the executions waits for beacon round {round}")]
    NotAwaited {
        /// The round.
        round: u64,
    },
    /// The notice of a service bond is not over, or was not given.
    #[error("service bond is not released yet")]
    BondHeld,
    /// There is nothing to move, or it is so already.
    #[error("nothing to do")]
    Nothing,
    /// New requests, registrations and bonds are stopped.
    #[error("the market is paused")]
    Paused,
    /// A proposal is not to be applied yet, or not any more.
    #[error(transparent)]
    Timelock(#[from] TimelockError),
    /// Every number of a row or a beacon is taken.
    #[error("no number is left")]
    NoNumberLeft,
}

/// Why one item of a batch is refused; the others go on.
#[derive(Debug, Error)]
pub enum Refusal {
    /// The execution does not take the action.
    #[error(transparent)]
    Step(#[from] StepError),
    /// No such execution.
    #[error("unknown execution")]
    Unknown,
    /// The message names it twice.
    #[error("named twice")]
    Duplicate,
    /// The executions before it leave no room in this message: to be sent again in another one.
    #[error("the message has no room for it")]
    Full,
    /// The signature is not the seat's, or not in its low-s form.
    #[error("bad signature")]
    Signature,
    /// The result is malformed: not canonical JSON, too long, or no known error code.
    #[error("malformed result")]
    Result,
    /// It did not end long enough ago, or was pruned before.
    #[error("not to be pruned")]
    NotPrunable,
    /// The two acts do not contradict each other.
    #[error("acts do not contradict each other")]
    NoEquivocation,
}

impl Refusal {
    /// Stable name on the wire.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Step(error) => error.code(),
            Self::Unknown => "unknown",
            Self::Duplicate => "duplicate",
            Self::Full => FULL,
            Self::Signature => "signature",
            Self::Result => "result",
            Self::NotPrunable => "not_prunable",
            Self::NoEquivocation => "no_equivocation",
        }
    }
}

/// What ends the work on an item: a refusal of the item, or a fault that ends the message.
#[derive(Debug)]
pub enum ItemError {
    /// The item is skipped.
    Refused(Refusal),
    /// The message fails.
    Fault(ContractError),
}

impl From<Refusal> for ItemError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StepError> for ItemError {
    /// Amounts that do not fit are a fault: money may have moved already.
    fn from(error: StepError) -> Self {
        match error {
            StepError::Money(fault) => Self::Fault(fault.into()),
            refusal => Self::Refused(refusal.into()),
        }
    }
}

impl From<ContractError> for ItemError {
    fn from(fault: ContractError) -> Self {
        Self::Fault(fault)
    }
}

impl From<StdError> for ItemError {
    fn from(fault: StdError) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<MoneyError> for ItemError {
    fn from(fault: MoneyError) -> Self {
        Self::Fault(fault.into())
    }
}
