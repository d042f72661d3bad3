//! decide(j): what the opened values of a round mean (2.1, 2.4).

use super::{Execution, Outcome, Phase, Progress, ROUND_1, ROUND_2, ROUND_3, Refund, Rules, StepError};
use crate::clock::Clock;
use crate::digest::Digest32;
use crate::seal::{Kind, Value};

/// Seats of `seats` that must have opened one value for a verdict of round 2 or 3: two thirds, rounded up, or more
/// than half where there is no further round.
pub const fn quorum(seats: u8, last_of_two: bool) -> u8 {
    if last_of_two { (seats / 2).saturating_add(1) } else { seats.saturating_mul(2).div_ceil(3) }
}

/// What the checker answers when it refuses a result: the one value whose preimage everybody knows.
pub const INVALID: Value = Value { kind: Kind::Invalid, output: Digest32::ZERO, output_len: 0, mfuel: 0 };

impl Rules<'_> {
    /// Seats that make a verdict in `round`: all in round 1.
    pub fn quorum(&self, round: u8) -> u8 {
        let seats = self.seats(round);
        if round == ROUND_1 { seats } else { quorum(seats, self.committee.k3.is_none()) }
    }
}

impl Execution {
    /// The round value that `round` decided for, if it did.
    pub fn verdict(&self, rules: Rules<'_>, round: u8) -> Option<Digest32> {
        let (value, count) = self.panel(round)?.leading()?;
        (count >= usize::from(rules.quorum(round))).then_some(value)
    }

    pub(super) fn decide(&mut self, rules: Rules<'_>, round: u8, now: Clock) -> Result<(), StepError> {
        let Some(verdict) = self.verdict(rules, round) else { return self.undecided(rules, round, now) };
        match self.preimage(rules, round, verdict) {
            Some(value) => self.stand(rules, round, value, now),
            None => {
                let until = rules.deadline(now, rules.params.t_publish);
                self.enter(Phase::Publishing { round, slot: 0, until }, now);
                Ok(())
            }
        }
    }

    /// The preimage of a verdict, where it is known already.
    fn preimage(&self, rules: Rules<'_>, round: u8, verdict: Digest32) -> Option<Value> {
        let known = self.value.into_iter().chain(rules.verifies().then_some(INVALID));
        known.into_iter().find(|value| rules.round_value(round, value) == verdict)
    }

    /// `value` is the verdict of `round`.
    pub(super) fn stand(&mut self, rules: Rules<'_>, round: u8, value: Value, now: Clock) -> Result<(), StepError> {
        if round == ROUND_1 && value.kind == Kind::Invalid {
            self.queue(rules, ROUND_2, now);
            return Ok(());
        }
        if let Some(challenge) = &mut self.challenge {
            challenge.right = Some(self.value != Some(value));
        }
        self.value = Some(value);
        self.decided = round;
        if round == ROUND_3 || (round == ROUND_2 && rules.committee.k3.is_none()) {
            return self.conclude(rules, now);
        }
        self.enter(Phase::Provisional { until: rules.deadline(now, rules.terms.t_challenge) }, now);
        Ok(())
    }

    /// `round` has no verdict.
    pub(super) fn undecided(&mut self, rules: Rules<'_>, round: u8, now: Clock) -> Result<(), StepError> {
        match round {
            ROUND_1 => self.queue(rules, ROUND_2, now),
            ROUND_2 if rules.committee.k3.is_some() => self.queue(rules, ROUND_3, now),
            _ if self.challenge.is_some() => return self.conclude(rules, now),
            _ => self.end(Outcome::Refunded(Refund::Inconclusive), now),
        }
        Ok(())
    }

    /// The standing value is final.
    pub(super) fn conclude(&mut self, rules: Rules<'_>, now: Clock) -> Result<(), StepError> {
        let value = self.value.ok_or_else(|| self.wrong_phase())?;
        let outcome = match value.kind {
            Kind::Ok if self.overturned(rules, &value) => Outcome::Corrected,
            Kind::Ok | Kind::Valid => Outcome::Finalized,
            Kind::Err(code) => Outcome::Failed(code),
            Kind::Invalid => Outcome::Refunded(Refund::Rejected),
        };
        self.end(outcome, now);
        Ok(())
    }

    /// Whether the primary stood for another value.
    fn overturned(&self, rules: Rules<'_>, value: &Value) -> bool {
        let primary = self.seats(ROUND_1).first().map(|seat| seat.progress);
        matches!(primary, Some(Progress::Opened(held)) if held != rules.round_value(ROUND_1, value))
    }
}
