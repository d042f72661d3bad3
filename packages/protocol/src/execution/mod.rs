//! The execution and its state machine, policy `Replicate` on the on-chain path (2.4).
//!
//! An action takes the execution, what it needs to know and the block's [`Clock`], and changes the execution or
//! refuses with a [`StepError`] and changes nothing. What the market must do beside it (count seats, slash,
//! pay) comes back as plain data.
//!
//! ```text
//! Queued ─seat─▶ Working ─all sealed─▶ Opening ─all opened, equal─▶ Publishing ─publish─▶ Provisional ─settle─▶ Ended
//!    │ poke        │ poke: refill ≤ 2        │ poke, or unequal           │ poke: next slot
//!    ▼             ▼ else NoResult           ▼ Inconclusive               ▼ after the last NoResult
//! ```

mod opening;
mod owe;
mod publishing;
mod queue;
mod record;
mod settlement;
mod working;

use thiserror::Error;

use crate::beacon::Round;
use crate::clock::{Clock, Deadline};
use crate::digest::Digest32;
use crate::ids::{KeyNo, ParamsId, RunnerId, ServiceId, TermsId, VersionId};
use crate::money::MoneyError;
use crate::params::Params;
use crate::seal::{ErrorCode, Value};
use crate::terms::Terms;

pub use opening::Opening;
pub use owe::{Duty, DutyKind};
pub use publishing::PUBLISHING_SLOTS;
pub use queue::{Binding, QueueAction};
pub use settlement::Settlement;
pub use working::{ATTEMPTS, longest_life};

/// Round number of the first committee in seeds, seals and values (2.6).
pub const ROUND_1: u8 = 1;

/// The input: its digest, its length, and whether its bytes lie on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputRef {
    /// SHA-256 of the canonical input.
    pub digest: Digest32,
    /// Length in bytes.
    pub len: u32,
    /// On chain under the execution's id until the execution ends; else behind a locator.
    pub inline: bool,
}

/// A drawn runner: who, which attestation key, and how many seats its stake carries in the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The runner.
    pub runner: RunnerId,
    /// Its attestation key at the draw.
    pub key_no: KeyNo,
    /// Whole seats of its leaf.
    pub seats: u32,
}

/// How far a seat has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing sealed yet.
    Seated,
    /// The seal C.
    Sealed(Digest32),
    /// The opened round value h.
    Opened(Digest32),
}

/// A seat of the committee; the first is the primary executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Who holds it.
    pub runner: RunnerId,
    /// The attestation key that signs for it.
    pub key_no: KeyNo,
    /// How far it has come.
    pub progress: Progress,
    /// It let its publishing slot pass.
    pub passed_slot: bool,
}

/// Where an execution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waits for its committee.
    Queued {
        /// Entry into the phase; T_QUEUE counts from here.
        since: Clock,
        /// The beacon round it is bound to.
        binding: Binding,
    },
    /// The committee works and seals.
    Working {
        /// 0 at first, one more with each refill.
        attempt: u8,
        /// When missing seals may be enforced.
        until: Deadline,
    },
    /// All seats sealed; they open.
    Opening {
        /// When missing openings may be enforced.
        until: Deadline,
    },
    /// All opened the same value; its preimage is to be published.
    Publishing {
        /// 0: the primary's, 1: the next seat's, 2: any holder's.
        slot: u8,
        /// End of the slot.
        until: Deadline,
    },
    /// Published; may be settled after the challenge window.
    Provisional {
        /// End of the window.
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
    /// An agreed result.
    Finalized,
    /// An agreed error value.
    Failed(ErrorCode),
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
    /// The committee did not agree.
    Inconclusive,
}

/// Entry into a phase, for the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Code of the phase entered, see [`Phase::code`].
    pub phase: u8,
    /// When.
    pub at: Clock,
}

/// One execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// Canonical address of the purse that paid.
    pub requester: Vec<u8>,
    /// Its sub-account.
    pub sub: u32,
    /// The service, version and terms of the task.
    pub service: ServiceId,
    /// See `service`.
    pub version: VersionId,
    /// See `service`.
    pub terms: TermsId,
    /// The parameters in force at the request.
    pub params: ParamsId,
    /// When it was requested: the first mark of the timeline.
    pub requested: Clock,
    /// Its input.
    pub input: InputRef,
    /// E in base units, at the maxima.
    pub escrow: u128,
    /// Tips already paid from κ.
    pub tips_paid: u128,
    /// Penalty pot W: what was slashed and is not yet distributed.
    pub pot: u128,
    /// Where it stands.
    pub phase: Phase,
    /// Beacon round that drew the committee; round 0 before.
    pub drawn_by: Round,
    /// Committee of round 1 in draw order.
    pub seats: Vec<Seat>,
    /// Candidates that may still take a vacant seat, in draw order.
    pub spares: Vec<Candidate>,
    /// The agreed value, once published.
    pub value: Option<Value>,
    /// Entries into later phases.
    pub history: Vec<Mark>,
}

/// The rows an execution was requested under.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Its terms.
    pub terms: &'a Terms,
    /// Its parameters.
    pub params: &'a Params,
}

/// A slash for an act that did not come; `amount` is nominal, the stake may hold less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoShow {
    /// Who missed.
    pub runner: RunnerId,
    /// 2a or 2b in base units.
    pub amount: u128,
    /// The runner also lost its seat.
    pub unseated: bool,
}

/// What a `Poke` did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Poked {
    /// Who is slashed for missing.
    pub no_shows: Vec<NoShow>,
    /// Who took a vacant seat.
    pub joined: Vec<RunnerId>,
}

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
    /// The published value is not the agreed one.
    #[error("value is not the agreed one")]
    NotAgreed,
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
            Self::NoSeat { .. } => "no_seat",
            Self::Already => "already",
            Self::Bound => "bound",
            Self::Mismatch => "mismatch",
            Self::NotAgreed => "not_agreed",
            Self::Unconfirmed => "unconfirmed",
            Self::NoBeacon { .. } => "no_beacon",
            Self::TooFew { .. } => "too_few",
            Self::Money(_) => "money",
        }
    }
}

impl Phase {
    /// Name of the phase, as carried by events and queries.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::Working { .. } => "working",
            Self::Opening { .. } => "opening",
            Self::Publishing { .. } => "publishing",
            Self::Provisional { .. } => "provisional",
            Self::Ended { outcome: Outcome::Finalized } => "finalized",
            Self::Ended { outcome: Outcome::Failed(_) } => "failed",
            Self::Ended { outcome: Outcome::Refunded(_) } => "refunded",
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
            _ => "ended",
        }
    }

    /// Number of the phase in records, in the order of the machine.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Queued { .. } => 0,
            Self::Working { .. } => 1,
            Self::Opening { .. } => 2,
            Self::Publishing { .. } => 3,
            Self::Provisional { .. } => 4,
            Self::Ended { .. } => 5,
        }
    }
}

impl Execution {
    /// How it ended, if it has.
    pub const fn outcome(&self) -> Option<Outcome> {
        match self.phase {
            Phase::Ended { outcome } => Some(outcome),
            _ => None,
        }
    }

    /// The seat of `runner`.
    pub fn seat(&self, runner: RunnerId) -> Result<&Seat, StepError> {
        self.seats.iter().find(|seat| seat.runner == runner).ok_or(StepError::NoSeat { runner })
    }

    fn seat_mut(&mut self, runner: RunnerId) -> Result<&mut Seat, StepError> {
        self.seats.iter_mut().find(|seat| seat.runner == runner).ok_or(StepError::NoSeat { runner })
    }

    fn enter(&mut self, phase: Phase, now: Clock) {
        self.history.push(Mark { phase: phase.code(), at: now });
        self.phase = phase;
    }

    fn end(&mut self, outcome: Outcome, now: Clock) {
        self.enter(Phase::Ended { outcome }, now);
    }

    const fn wrong_phase(&self) -> StepError {
        StepError::WrongPhase { phase: self.phase.name() }
    }

    /// Adds what a slash really took to the penalty pot.
    pub fn add_penalty(&mut self, amount: u128) -> Result<(), MoneyError> {
        self.pot = crate::money::add(self.pot, amount)?;
        Ok(())
    }

    /// Enforces the deadline of the present phase: anyone, as soon as it has passed. `free` tells whether a spare has
    /// a free seat; `has_rand` whether the bound round's signature is known.
    pub fn poke(
        &mut self,
        rules: Rules<'_>,
        now: Clock,
        free: impl Fn(&Candidate) -> bool,
        has_rand: bool,
    ) -> Result<Poked, StepError> {
        match self.phase {
            Phase::Queued { since, .. } => self.poke_queued(rules, since, now, has_rand),
            Phase::Working { attempt, until } => {
                expired(until, now)?;
                self.poke_working(rules, attempt, now, free)
            }
            Phase::Opening { until } => {
                expired(until, now)?;
                self.end(Outcome::Refunded(Refund::Inconclusive), now);
                Ok(Poked::default())
            }
            Phase::Publishing { slot, until } => {
                expired(until, now)?;
                self.poke_publishing(rules, slot, now)
            }
            Phase::Provisional { until } => {
                expired(until, now)?;
                self.conclude(now)?;
                Ok(Poked::default())
            }
            Phase::Ended { .. } => Err(self.wrong_phase()),
        }
    }
}

fn expired(until: Deadline, now: Clock) -> Result<(), StepError> {
    if until.expired(now) { Ok(()) } else { Err(StepError::TooEarly { time: until.time, height: until.height }) }
}

#[cfg(test)]
mod tests;
