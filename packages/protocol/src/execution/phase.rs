//! Where an execution stands, and how it ended.

use super::Binding;
use crate::clock::{Clock, Deadline};
use crate::seal::ErrorCode;

/// Where an execution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waits for the committee of `round`.
    Queued {
        /// The round to be drawn.
        round: u8,
        /// Entry into the phase; T_QUEUE counts from here.
        since: Clock,
        /// Further stays of T_QUEUE after the first.
        turns: u8,
        /// The beacon round it is bound to.
        binding: Binding,
    },
    /// The panel of `round` works and seals; in round 0, the executor of `Verify` posts its result.
    Working {
        /// The round.
        round: u8,
        /// 0 at first, one more with each refill.
        attempt: u8,
        /// When missing seals may be enforced.
        until: Deadline,
    },
    /// The seals of `round` are in; they open.
    Opening {
        /// The round.
        round: u8,
        /// When missing openings may be enforced.
        until: Deadline,
    },
    /// `round` has a verdict; its preimage is to be published.
    Publishing {
        /// The round.
        round: u8,
        /// 0: the lowest holder's, 1: the next holder's, 2: any holder's.
        slot: u8,
        /// End of the slot.
        until: Deadline,
    },
    /// The value stands; it may be challenged, or settled after the window.
    Provisional {
        /// End of the window.
        until: Deadline,
    },
    /// The requester's own runner executes.
    OwnRun {
        /// When the execution falls back to the network.
        until: Deadline,
    },
    /// Over, and paid.
    Ended {
        /// How.
        outcome: Outcome,
    },
}

/// How an execution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An agreed result, or the own runner's.
    Finalized,
    /// An agreed result other than the primary's.
    Corrected,
    /// An agreed error value.
    Failed(ErrorCode),
    /// Two thirds of all runners asked could not get the input.
    Unavailable,
    /// No agreed value; the user is refunded.
    Refunded(Refund),
}

/// Why an execution was refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refund {
    /// Its round's signature was there, its committee was not.
    NoRunners,
    /// Its round's signature never came.
    NoBeacon,
    /// The committee did not produce or publish a result.
    NoResult,
    /// The committees did not agree.
    Inconclusive,
    /// The committee found the executor's result invalid.
    Rejected,
}

/// Entry into a phase, for the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Code of the phase entered, see [`Phase::code`].
    pub phase: u8,
    /// Its round; 0 where the phase has none.
    pub round: u8,
    /// When.
    pub at: Clock,
}

impl Outcome {
    /// Whether the execution ended with an output for the user.
    pub const fn has_result(&self) -> bool {
        matches!(self, Self::Finalized | Self::Corrected)
    }
}

impl Phase {
    /// Name of the phase, as carried by events and queries.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ended { outcome: Outcome::Finalized } => "finalized",
            Self::Ended { outcome: Outcome::Corrected } => "corrected",
            Self::Ended { outcome: Outcome::Failed(_) | Outcome::Unavailable } => "failed",
            Self::Ended { outcome: Outcome::Refunded(_) } => "refunded",
            _ => Self::name_of(self.code()),
        }
    }

    /// Name of the phase with number `code` in the timeline.
    pub const fn name_of(code: u8) -> &'static str {
        match code {
            0 => "queued",
            1 => "working",
            2 => "opening",
            3 => "publishing",
            4 => "provisional",
            6 => "own_run",
            _ => "ended",
        }
    }

    /// Number of the phase in records.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Queued { .. } => 0,
            Self::Working { .. } => 1,
            Self::Opening { .. } => 2,
            Self::Publishing { .. } => 3,
            Self::Provisional { .. } => 4,
            Self::Ended { .. } => 5,
            Self::OwnRun { .. } => 6,
        }
    }

    /// The round that the phase belongs to.
    pub const fn round(&self) -> Option<u8> {
        match self {
            Self::Queued { round, .. }
            | Self::Working { round, .. }
            | Self::Opening { round, .. }
            | Self::Publishing { round, .. } => Some(*round),
            Self::Provisional { .. } | Self::OwnRun { .. } | Self::Ended { .. } => None,
        }
    }

    /// The deadline that a `Poke` enforces; a queue's follows from its entry and T_QUEUE.
    pub const fn until(&self) -> Option<Deadline> {
        match self {
            Self::Working { until, .. }
            | Self::Opening { until, .. }
            | Self::Publishing { until, .. }
            | Self::Provisional { until }
            | Self::OwnRun { until } => Some(*until),
            Self::Queued { .. } | Self::Ended { .. } => None,
        }
    }
}
