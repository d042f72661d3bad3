//! Why an action is refused.

use thiserror::Error;

use crate::ids::RunnerId;
use crate::money::MoneyError;

/// Why an action is refused. [`StepError::code`] is the stable name on the wire.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum StepError {
    /// The action does not belong to the phase.
    #[error("execution is {phase}")]
    WrongPhase {
        /// Name of the present phase.
        phase: &'static str,
    },
    /// The deadline that the action enforces has not passed.
    #[error("not before time {time} and height {height}")]
    TooEarly {
        /// Unix seconds.
        time: u64,
        /// Block height.
        height: u64,
    },
    /// The time for the action is over.
    #[error("only until time {time}")]
    TooLate {
        /// Unix seconds.
        time: u64,
    },
    /// The runner has no seat in the committee.
    #[error("runner {runner} has no seat")]
    NoSeat {
        /// The runner.
        runner: RunnerId,
    },
    /// The same act was accepted before.
    #[error("already accepted")]
    Already,
    /// The seat is bound to another seal or value.
    #[error("seat is bound to another value")]
    Bound,
    /// The opening does not match the seal.
    #[error("opening does not match the seal")]
    Mismatch,
    /// The published value is not the agreed one, or none that the policy knows.
    #[error("value is not the agreed one")]
    NotAgreed,
    /// A certificate must carry exactly one entry for each seat, in the order of the seats.
    #[error("certificate has {got} entries for {needed} seats")]
    Incomplete {
        /// Entries.
        got: usize,
        /// Seats that can sign.
        needed: usize,
    },
    /// The binding is not confirmed by a later block yet.
    #[error("binding is not confirmed yet")]
    Unconfirmed,
    /// The bound round's signature is not there yet.
    #[error("beacon round {round} is not there yet")]
    NoBeacon {
        /// The round.
        round: u64,
    },
    /// Fewer candidates with a free seat than the committee has seats.
    #[error("{got} of {needed} candidates have a free seat")]
    TooFew {
        /// Candidates.
        got: usize,
        /// Seats.
        needed: usize,
    },
    /// There is no round 3, or it was used.
    #[error("no round is left to challenge before")]
    NoChallenge,
    /// The bond of a challenge is not what it must be.
    #[error("challenge needs a bond of {needed}, got {got}")]
    ChallengeBond {
        /// The bond offered.
        got: u128,
        /// 1.25·k3·b + a.
        needed: u128,
    },
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl StepError {
    /// Stable name of the refusal, as carried by `item_refused` events.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongPhase { .. } => "wrong_phase",
            Self::TooEarly { .. } => "too_early",
            Self::TooLate { .. } => "too_late",
            Self::NoSeat { .. } => "no_seat",
            Self::Already => "already",
            Self::Bound => "bound",
            Self::Mismatch => "mismatch",
            Self::NotAgreed => "not_agreed",
            Self::Incomplete { .. } => "incomplete",
            Self::Unconfirmed => "unconfirmed",
            Self::NoBeacon { .. } => "no_beacon",
            Self::TooFew { .. } => "too_few",
            Self::NoChallenge => "no_challenge",
            Self::ChallengeBond { .. } => "challenge_bond",
            Self::Money(_) => "money",
        }
    }
}
