//! Queued: bound to a future beacon round, confirmed, drawn (1.2, 1.4).

use super::{Candidate, Execution, Outcome, Phase, Poked, Progress, Refund, Rules, Seat, StepError};
use crate::beacon::{BeaconParams, Round, Slot, confirmed};
use crate::clock::{Clock, Deadline};
use crate::terms::SPARES;

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

    /// Binds again from `now`, to the `beacon` in force now. T_QUEUE goes on counting from the entry into the phase.
    pub fn rebind(&mut self, beacon: &BeaconParams, margin: u32, now: Clock) -> Result<(), StepError> {
        let Phase::Queued { since, .. } = self.phase else { return Err(self.wrong_phase()) };
        self.phase = Phase::Queued { since, binding: Binding::new(beacon, margin, now) };
        Ok(())
    }

    /// Seats the first k1 + 1 of `candidates`, which have a free seat each, in draw order; the next two are spares.
    ///
    /// # Errors
    /// `TooFew` candidates: bind again.
    pub fn seat_committee(&mut self, rules: Rules<'_>, candidates: &[Candidate], now: Clock) -> Result<(), StepError> {
        let Phase::Queued { binding, .. } = self.phase else { return Err(self.wrong_phase()) };
        let needed = usize::from(rules.terms.committee.seats());
        let (seats, spares) =
            candidates.split_at_checked(needed).ok_or(StepError::TooFew { got: candidates.len(), needed })?;
        self.seats = seats.iter().map(Seat::new).collect();
        self.spares = spares.iter().take(SPARES.into()).copied().collect();
        self.drawn_by = binding.round;
        self.enter(Phase::Working { attempt: 0, until: rules.work_deadline(now) }, now);
        Ok(())
    }

    pub(super) fn poke_queued(
        &mut self,
        rules: Rules<'_>,
        since: Clock,
        now: Clock,
        has_rand: bool,
    ) -> Result<Poked, StepError> {
        super::expired(Deadline::after(since, rules.params.t_queue, rules.params.block_max_avg), now)?;
        let why = if has_rand { Refund::NoRunners } else { Refund::NoBeacon };
        self.end(Outcome::Refunded(why), now);
        Ok(Poked::default())
    }
}

impl Seat {
    pub(super) const fn new(candidate: &Candidate) -> Self {
        Self { runner: candidate.runner, key_no: candidate.key_no, progress: Progress::Seated, passed_slot: false }
    }
}
