//! The requester's own runner executes directly; after its deadline the network does (2.2).

use super::{Execution, Outcome, Phase, Refund, Rules, StepError};
use crate::clock::Clock;

/// [`Phase::code`] of `Queued`.
const QUEUED: u8 = 0;

impl Phase {
    /// The phase that an execution with an own runner begins in.
    pub fn own_run(rules: Rules<'_>, now: Clock) -> Self {
        Self::OwnRun { until: rules.work_deadline(now) }
    }
}

impl Execution {
    pub(super) fn fall_back(&mut self, rules: Rules<'_>, now: Clock) {
        self.queue(rules, rules.first_round(), now);
    }

    /// Whether it came to the queue, from which on it reserves its seats of round 1: an own run only by falling back.
    pub fn was_queued(&self) -> bool {
        self.own_runner.is_none() || self.history.iter().any(|mark| mark.phase == QUEUED)
    }

    /// An own run that has just fallen back finds a pool without room: over, with everything refunded.
    pub fn refuse_fall_back(&mut self, now: Clock) -> Result<(), StepError> {
        match self.phase {
            Phase::Queued { .. } if self.own_runner.is_some() && self.panels.is_empty() => {
                self.end(Outcome::Refunded(Refund::NoRunners), now);
                Ok(())
            }
            _ => Err(self.wrong_phase()),
        }
    }
}
