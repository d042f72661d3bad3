//! The execution and its state machine: both policies, three rounds, both paths (2.2 to 2.5).
//!
//! An action takes the execution, its [`Rules`] and the block's [`Clock`], and changes the execution or refuses with
//! a [`StepError`] and changes nothing. What the market must do beside it (count seats, slash, pay) comes back as
//! plain data.
//!
//! ```text
//! Queued(j) ─seat─▶ Working(j) ─all sealed─▶ Opening(j) ─all opened─▶ decide(j)
//!                      └──── certify: one value, every seat ────────────▲ │
//!            unequal, or undecided: Queued(j + 1), else Inconclusive ◀────┤
//!            Publishing(j) ─publish─▶ Provisional ─settle─▶ Ended  ◀──────┘
//!                                         └─ challenge ─▶ Queued(3)
//! ```
//!
//! `Verify` begins with round 0, the executor alone, whose result the committee of round 1 judges. An own run begins
//! with the requester's runner and falls back to the queue.

mod certificate;
mod challenge;
mod decline;
mod equivocation;
mod error;
mod fault;
mod life;
mod opening;
mod owe;
mod own_run;
mod panel;
mod phase;
mod publishing;
mod queue;
mod record;
mod result;
mod rules;
mod settlement;
mod verdict;
mod waterfall;
mod weight;
mod working;

use crate::clock::{Clock, Deadline};
use crate::digest::Digest32;
use crate::ids::{ParamsId, RunnerId, ServiceId, TermsId, VersionId};
use crate::money::MoneyError;
use crate::seal::Value;

pub use certificate::Certificate;
pub use challenge::Challenge;
pub use decline::{DeclineCode, Declined};
pub use error::StepError;
pub use fault::Fault;
pub use life::{ATTEMPTS, longest_life};
pub use opening::Opening;
pub use owe::{Duty, DutyKind};
pub use panel::{Candidate, Panel, Progress, Seat};
pub use phase::{Mark, Outcome, Phase, Refund};
pub use publishing::PUBLISHING_SLOTS;
pub use queue::{Binding, QueueAction};
pub use rules::{Market, ROUND_0, ROUND_1, ROUND_2, ROUND_3, Rules, rates};
pub use settlement::Settlement;
pub use verdict::INVALID;
pub use weight::{HEAVIEST, weight};

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
    /// Validators of round 1 beyond the task's own, asked and paid for by the requester.
    pub more_validators: u8,
    /// The requester's own runner, which executes directly; a fallen-back execution keeps it.
    pub own_runner: Option<RunnerId>,
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
    /// The drawn seats of each round so far, in the order of the rounds.
    pub panels: Vec<Panel>,
    /// What the executor of `Verify` or the own runner posted.
    pub result: Option<Value>,
    /// The preimage of the standing verdict, once it is known.
    pub value: Option<Value>,
    /// The round whose verdict stands; 0 before any.
    pub decided: u8,
    /// The challenge under way or decided.
    pub challenge: Option<Challenge>,
    /// Challenges that could not be seated.
    pub unseated_challenges: u8,
    /// Entries into later phases.
    pub history: Vec<Mark>,
}

/// What a `Poke` or a `Decline` did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Poked {
    /// Who is slashed for missing.
    pub faults: Vec<Fault>,
    /// Who left a seat without a slash.
    pub left: Vec<RunnerId>,
    /// Who took a vacant seat.
    pub joined: Vec<RunnerId>,
    /// Bond that goes back to the challenger, because round 3 could not be seated.
    pub bond_back: Option<Challenge>,
}

/// Where runners for vacant seats come from.
pub trait Bench {
    /// Whether a candidate has a free seat for `round`: fewer open seats than its leaf, twice as many in rounds 2 and 3.
    fn is_free(&mut self, round: u8, candidate: &Candidate) -> bool;

    /// The next `count` candidates of the panel's own draw, as long as its weights exist; fewer or none else.
    fn more(&mut self, panel: &Panel, count: u8) -> Vec<Candidate>;
}

impl Execution {
    /// How it ended, if it has.
    pub const fn outcome(&self) -> Option<Outcome> {
        match self.phase {
            Phase::Ended { outcome } => Some(outcome),
            _ => None,
        }
    }

    /// Whether no committee could agree.
    pub fn is_unsettled(&self) -> bool {
        self.outcome() == Some(Outcome::Refunded(Refund::Inconclusive))
    }

    /// The drawn seats of `round`, if it was drawn.
    pub fn panel(&self, round: u8) -> Option<&Panel> {
        self.panels.iter().find(|panel| panel.round == round)
    }

    /// The seats of `round`; none before its draw.
    pub fn seats(&self, round: u8) -> &[Seat] {
        self.panel(round).map_or(&[], |panel| &panel.seats)
    }

    /// Every seat with its round.
    pub fn all_seats(&self) -> impl Iterator<Item = (u8, &Seat)> {
        self.panels.iter().flat_map(|panel| panel.seats.iter().map(|seat| (panel.round, seat)))
    }

    /// Whether `runner` has or had a seat, declined one, or is the requester's own: it is not drawn (again) (1.3).
    pub fn has_sat(&self, runner: RunnerId) -> bool {
        self.own_runner == Some(runner) || self.panels.iter().any(|panel| panel.has_asked(runner))
    }

    /// The round and seat of `runner`.
    pub fn seat(&self, runner: RunnerId) -> Result<(u8, &Seat), StepError> {
        self.all_seats().find(|(_, seat)| seat.runner == runner).ok_or(StepError::NoSeat { runner })
    }

    fn panel_mut(&mut self, round: u8) -> Result<&mut Panel, StepError> {
        let wrong = self.wrong_phase();
        self.panels.iter_mut().find(|panel| panel.round == round).ok_or(wrong)
    }

    fn seat_mut(&mut self, round: u8, runner: RunnerId) -> Result<&mut Seat, StepError> {
        let seats = &mut self.panel_mut(round)?.seats;
        seats.iter_mut().find(|seat| seat.runner == runner).ok_or(StepError::NoSeat { runner })
    }

    fn enter(&mut self, phase: Phase, now: Clock) {
        self.history.push(Mark { phase: phase.code(), round: phase.round().unwrap_or(0), at: now });
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

    /// Enforces the deadline of the present phase: anyone, as soon as it has passed. `has_rand` tells whether the bound
    /// round's signature is known.
    pub fn poke(
        &mut self,
        rules: Rules<'_>,
        now: Clock,
        bench: &mut impl Bench,
        has_rand: bool,
    ) -> Result<Poked, StepError> {
        match self.phase {
            Phase::OwnRun { until } => {
                expired(until, now)?;
                self.fall_back(rules, now);
                Ok(Poked::default())
            }
            Phase::Queued { since, .. } => self.poke_queued(rules, since, now, has_rand),
            Phase::Working { round, attempt, until } => {
                expired(until, now)?;
                self.poke_working(rules, round, attempt, now, bench)
            }
            Phase::Opening { round, until } => {
                expired(until, now)?;
                self.close_openings(rules, round, now)?;
                Ok(Poked::default())
            }
            Phase::Publishing { round, slot, until } => {
                expired(until, now)?;
                self.poke_publishing(rules, round, slot, now)
            }
            Phase::Provisional { until } => {
                expired(until, now)?;
                self.conclude(rules, now)?;
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
