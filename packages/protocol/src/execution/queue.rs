//! Queued: bound to a future beacon round, confirmed, drawn (1.2, 1.4).

use super::{Candidate, Execution, Outcome, Panel, Phase, Poked, Refund, Rules, Seat, StepError};
use crate::beacon::{BeaconParams, Round, Slot, confirmed};
use crate::clock::{Clock, Deadline};

/// Further stays of T_QUEUE of a committee after the first: work was done already, so it waits longer.
pub(super) const LATER_TURNS: u8 = 3;

/// The beacon round that will draw an execution's committee, and the block it was bound in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// First round whose time is at least MARGIN after `at`, of the beacon in force at `at`.
    pub round: Round,
    /// The block of the binding; weights are those of its epoch.
    pub at: Clock,
}

impl Binding {
    /// Binds at `now` to the `beacon` in force: nothing that `now`'s block can know decides the draw.
    pub fn new(beacon: &BeaconParams, margin: u32, now: Clock) -> Self {
        let number = beacon.round_at_or_after(now.time.saturating_add(margin.into()));
        Self { round: Round::new(beacon.no, number), at: now }
    }

    /// Epoch whose weights the draw uses.
    pub const fn epoch(&self, epoch_secs: u32) -> u64 {
        epoch_of(self.at.time, epoch_secs)
    }
}

const fn epoch_of(time: u64, epoch_secs: u32) -> u64 {
    match time.checked_div(epoch_secs as u64) {
        Some(epoch) => epoch,
        None => 0,
    }
}

/// What can be done with a queued execution now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueAction {
    /// Draw its committee.
    Draw(Binding),
    /// Its binding can no longer be used: bind it again.
    Rebind,
}

impl Execution {
    /// What can be done with the queued execution, given the `beacon` that it is bound to, the ring `slots` that may
    /// confirm its binding and whether its round's signature is known.
    ///
    /// # Errors
    /// `Unconfirmed` or `NoBeacon` while it must wait.
    pub fn queue_action(
        &self,
        beacon: &BeaconParams,
        epoch_secs: u32,
        slots: &[Slot],
        has_rand: bool,
        now: Clock,
    ) -> Result<QueueAction, StepError> {
        let Phase::Queued { binding, .. } = self.phase else { return Err(self.wrong_phase()) };
        let round_time = beacon.time_of(binding.round.number());
        if epoch_of(now.time, epoch_secs) > binding.epoch(epoch_secs).saturating_add(1) {
            return Ok(QueueAction::Rebind);
        }
        if !confirmed(binding.at.height, binding.at.time, round_time, slots) {
            return if now.time >= round_time { Ok(QueueAction::Rebind) } else { Err(StepError::Unconfirmed) };
        }
        if has_rand {
            Ok(QueueAction::Draw(binding))
        } else {
            Err(StepError::NoBeacon { round: binding.round.number() })
        }
    }

    /// Binds again from `now`. T_QUEUE goes on counting from the entry into the phase.
    pub fn rebind(&mut self, rules: Rules<'_>, now: Clock) -> Result<(), StepError> {
        let Phase::Queued { round, since, turns, .. } = self.phase else { return Err(self.wrong_phase()) };
        let binding = Binding::new(rules.beacon, rules.params.margin, now);
        self.phase = Phase::Queued { round, since, turns, binding };
        Ok(())
    }

    /// Seats the first of `candidates`, which have a free seat each and never sat in this execution, in draw order;
    /// the next are spares. `drawn` candidates were asked from the draw for them.
    ///
    /// # Errors
    /// `TooFew` candidates: bind again.
    pub fn seat_committee(
        &mut self,
        rules: Rules<'_>,
        candidates: &[Candidate],
        drawn: u16,
        epoch_secs: u32,
        now: Clock,
    ) -> Result<(), StepError> {
        let Phase::Queued { round, binding, .. } = self.phase else { return Err(self.wrong_phase()) };
        let needed = usize::from(rules.seats(round));
        let (seats, spares) =
            candidates.split_at_checked(needed).ok_or(StepError::TooFew { got: candidates.len(), needed })?;
        self.panels.push(Panel {
            round,
            drawn_by: binding.round,
            epoch: binding.epoch(epoch_secs),
            drawn,
            extended: false,
            asked: rules.seats(round),
            seats: seats.iter().map(Seat::new).collect(),
            spares: spares.iter().take(rules.spares(round).into()).copied().collect(),
            declined: Vec::new(),
            missed: Vec::new(),
        });
        self.enter(Phase::Working { round, attempt: 0, until: rules.work_deadline(now) }, now);
        Ok(())
    }

    /// Enters the queue for `round`, bound now.
    pub(super) fn queue(&mut self, rules: Rules<'_>, round: u8, now: Clock) {
        let binding = Binding::new(rules.beacon, rules.params.margin, now);
        self.enter(Phase::Queued { round, since: now, turns: 0, binding }, now);
    }

    pub(super) fn poke_queued(
        &mut self,
        rules: Rules<'_>,
        since: Clock,
        now: Clock,
        has_rand: bool,
    ) -> Result<Poked, StepError> {
        let Phase::Queued { round, turns, binding, .. } = self.phase else { return Err(self.wrong_phase()) };
        super::expired(Deadline::after(since, rules.params.t_queue, rules.params.block_max_avg), now)?;
        if self.challenge.is_some() {
            return self.give_challenge_up(rules, now);
        }
        if round != rules.first_round() && turns < LATER_TURNS {
            self.phase = Phase::Queued { round, since: now, turns: turns.saturating_add(1), binding };
            return Ok(Poked::default());
        }
        let why = if has_rand { Refund::NoRunners } else { Refund::NoBeacon };
        self.end(Outcome::Refunded(why), now);
        Ok(Poked::default())
    }
}
