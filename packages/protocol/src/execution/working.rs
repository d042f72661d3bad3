//! Working: the committee runs the task blind and seals; missing seats are slashed and refilled (2.3, 2.4).

use super::{
    Candidate, Execution, NoShow, Outcome, PUBLISHING_SLOTS, Phase, Poked, Progress, Refund, Rules, Seat, StepError,
};
use crate::clock::{Clock, Deadline};
use crate::digest::Digest32;
use crate::ids::RunnerId;
use crate::money::{Fees, MoneyError, mul};
use crate::params::Params;
use crate::terms::Terms;

/// Windows of work at most: the first and two after refills.
pub const ATTEMPTS: u8 = 3;

impl Rules<'_> {
    /// T_work = 2·t_run + WORK_SLACK after `now`.
    pub(super) fn work_deadline(&self, now: Clock) -> Deadline {
        self.deadline(now, work_window(self.terms, self.params))
    }

    pub(super) fn deadline(&self, now: Clock, seconds: u32) -> Deadline {
        Deadline::after(now, seconds, self.params.block_max_avg)
    }

    /// Fees at the maxima for an input of `input_len` bytes.
    pub(super) fn max_fees(&self, input_len: u32) -> Result<Fees, MoneyError> {
        Fees::of(&self.terms.price, self.terms.validator, self.terms.max_usage_for(input_len.into()))
    }
}

const fn work_window(terms: &Terms, params: &Params) -> u32 {
    terms.t_run.saturating_mul(2).saturating_add(params.work_slack)
}

/// D_max: the longest life of an execution in seconds, if blocks keep their average: the longest path through the
/// machine. Unbonding must take at least twice as long (6).
pub fn longest_life(terms: &Terms, params: &Params) -> u64 {
    let work = u64::from(work_window(terms, params)).saturating_mul(ATTEMPTS.into());
    let publish = u64::from(params.t_publish).saturating_mul(PUBLISHING_SLOTS.into());
    [params.t_queue, params.t_open, terms.t_challenge]
        .into_iter()
        .fold(work.saturating_add(publish), |sum, seconds| sum.saturating_add(seconds.into()))
}

impl Execution {
    /// Takes the seal of `runner`, whose signature the market has checked. The last one moves on to Opening.
    ///
    /// # Errors
    /// `Already` for the same seal again, `Bound` for another one.
    pub fn seal(&mut self, rules: Rules<'_>, runner: RunnerId, seal: Digest32, now: Clock) -> Result<(), StepError> {
        let Phase::Working { .. } = self.phase else { return Err(self.wrong_phase()) };
        let seat = self.seat_mut(runner)?;
        match seat.progress {
            Progress::Seated => seat.progress = Progress::Sealed(seal),
            Progress::Sealed(bound) if bound == seal => return Err(StepError::Already),
            _ => return Err(StepError::Bound),
        }
        if self.seats.iter().all(Seat::sealed) {
            self.enter(Phase::Opening { until: rules.deadline(now, rules.params.t_open) }, now);
        }
        Ok(())
    }

    pub(super) fn poke_working(
        &mut self,
        rules: Rules<'_>,
        attempt: u8,
        now: Clock,
        free: impl Fn(&Candidate) -> bool,
    ) -> Result<Poked, StepError> {
        let no_shows = self.missing(rules)?;
        let next = attempt.saturating_add(1);
        let refills: Vec<_> = self.spares.iter().filter(|spare| free(spare)).take(no_shows.len()).copied().collect();
        self.seats.retain(Seat::sealed);
        if next >= ATTEMPTS || refills.len() < no_shows.len() {
            self.end(Outcome::Refunded(Refund::NoResult), now);
            return Ok(Poked { no_shows, joined: Vec::new() });
        }
        self.spares.retain(|spare| !refills.contains(spare));
        self.seats.extend(refills.iter().map(Seat::new));
        self.enter(Phase::Working { attempt: next, until: rules.work_deadline(now) }, now);
        Ok(Poked { no_shows, joined: refills.iter().map(|refill| refill.runner).collect() })
    }

    /// Seats without a seal and what each is slashed: 2a for the primary, 2b for the others (3).
    fn missing(&self, rules: Rules<'_>) -> Result<Vec<NoShow>, MoneyError> {
        let fees = rules.max_fees(self.input.len)?;
        let missing = self.seats.iter().enumerate().filter(|(_, seat)| !seat.sealed());
        missing
            .map(|(index, seat)| {
                let fee = if index == 0 { fees.executor } else { fees.validator };
                Ok(NoShow { runner: seat.runner, amount: mul(fee, 2)?, unseated: true })
            })
            .collect()
    }
}

impl Seat {
    /// Whether the seat is bound to a value.
    pub const fn sealed(&self) -> bool {
        !matches!(self.progress, Progress::Seated)
    }
}
