//! Opening: every seal is in, the seats open them; equal values of a full house decide (2.3, 2.4).

use super::{Execution, Outcome, Phase, Progress, ROUND_1, Refund, Rules, StepError};
use crate::clock::Clock;
use crate::digest::Digest32;
use crate::ids::{ExecutionId, RunnerId};
use crate::seal::seal;

/// What a seat shows: the round value it sealed and the salt. Whoever posts it, it proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Round value h.
    pub value: Digest32,
    /// The salt of the seal.
    pub salt: Digest32,
}

impl Execution {
    /// Takes the opening of `runner`. The last one decides: a full house of equal values goes on to Publishing, else
    /// the execution ends without an agreed value.
    ///
    /// # Errors
    /// `Mismatch` if the opening is not of the seat's seal, `Already` if it has opened.
    pub fn open(
        &mut self,
        domain: &Digest32,
        id: ExecutionId,
        rules: Rules<'_>,
        runner: RunnerId,
        opening: Opening,
        now: Clock,
    ) -> Result<(), StepError> {
        let Phase::Opening { .. } = self.phase else { return Err(self.wrong_phase()) };
        let seat = self.seat_mut(runner)?;
        match seat.progress {
            Progress::Sealed(bound) if bound == seal(domain, id, ROUND_1, runner, &opening.value, &opening.salt) => {
                seat.progress = Progress::Opened(opening.value);
            }
            Progress::Opened(value) if value == opening.value => return Err(StepError::Already),
            Progress::Opened(_) => return Err(StepError::Bound),
            _ => return Err(StepError::Mismatch),
        }
        if self.seats.iter().all(|seat| matches!(seat.progress, Progress::Opened(_))) {
            self.decide(rules, now);
        }
        Ok(())
    }

    fn decide(&mut self, rules: Rules<'_>, now: Clock) {
        if self.agreed().is_some() {
            let until = rules.deadline(now, rules.params.t_publish);
            self.enter(Phase::Publishing { slot: 0, until }, now);
        } else {
            self.end(Outcome::Refunded(Refund::Inconclusive), now);
        }
    }

    /// The value that all seats opened, if they opened the same.
    pub fn agreed(&self) -> Option<Digest32> {
        let mut values = self.seats.iter().map(|seat| match seat.progress {
            Progress::Opened(value) => Some(value),
            _ => None,
        });
        let first = values.next()??;
        values.all(|value| value == Some(first)).then_some(first)
    }
}
